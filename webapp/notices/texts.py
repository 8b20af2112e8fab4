"""What leaves the inbox, in words: mails and texts into groups, in both languages. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.notices.channels.webhooks import MOST_BYTES

MOST = 50  # notices that one mail tells


@dataclass(frozen=True)
class Letter:
    """A mail's subject and text. The subject tells no thing and no person: it is shown on locked screens."""

    subject: str
    text: str


WORDS = {
    "zh": {
        "digest": "投查：{n} 条新通知",
        "grave": "投查：{n} 条紧急通知",
        "hello": "{name}，您好：",
        "new": "您有 {n} 条新通知：",
        "new-grave": "您有 {n} 条紧急通知，请尽快处理：",
        "more": "还有 {n} 条，请打开投查查看。",
        "all": "全部通知：{url}",
        "choices": "修改通知设置：{url}",
        "proof": "投查：邮箱验证码 {code}",
        "proof-text": "验证码：{code}\n\n请在投查的“通知设置”里输入，24 小时内有效。如果不是您本人操作，请忽略此邮件。",
        "group": "投查：{n} 条新通知",
        "group-grave": "投查：{n} 条新通知，其中紧急 {grave} 条",
        "unit": "{name} {n} 条",
        "units": "其他 {units} 个单位 {n} 条",
        "group-all": "请登录投查查看：{url}",
        "group-log-in": "请登录投查查看。",
        "test": "投查：这是一条测试消息，群机器人设置正常。",
    },
    "en": {
        "digest": "Toucha: {n} new notices",
        "grave": "Toucha: {n} grave notices",
        "hello": "{name},",
        "new": "New notices: {n}",
        "new-grave": "Grave notices, to be looked at soon: {n}",
        "more": "And {n} more, in Toucha.",
        "all": "All notices: {url}",
        "choices": "How you are told: {url}",
        "proof": "Toucha: code {code} for this address",
        "proof-text": "Code: {code}\n\nType it in Toucha under “How I am told” within 24 hours. "
        "If you did not ask for it, ignore this mail.",
        "group": "投查 Toucha: {n} new notices",
        "group-grave": "投查 Toucha: {n} new notices, {grave} of them grave",
        "unit": "{name}: {n}",
        "units": "{units} other units: {n}",
        "group-all": "To be seen in Toucha: {url}",
        "group-log-in": "To be seen in Toucha.",
        "test": "投查 Toucha: this is a test. The group robot works.",
    },
}


def _said(language: str, which: str, /, **values: object) -> str:
    return WORDS[language][which].format_map(values)


def notices_letter(
    language: str, name: str, notices: Sequence[tuple[str, str]], grave: bool, site: str
) -> Letter:
    """``notices``: (sentence, path) each; links only where the settings say where this server is reached."""
    n = len(notices)
    lines = [
        _said(language, "hello", name=name),
        "",
        _said(language, "new-grave" if grave else "new", n=n),
        "",
    ]
    for text, path in notices[:MOST]:
        lines.append(f"· {text}")
        if site:
            lines.append(f"  {site}{path}")
    if n > MOST:
        lines += ["", _said(language, "more", n=n - MOST)]
    if site:
        lines += ["", _said(language, "all", url=f"{site}/notices")]
        lines += [_said(language, "choices", url=f"{site}/account/notices")]
    return Letter(_said(language, "grave" if grave else "digest", n=n), "\n".join(lines) + "\n")


def proof_letter(language: str, name: str, code: str) -> Letter:
    """The code that shows that whoever reads this mailbox asked for it."""
    text = _said(language, "hello", name=name) + "\n\n" + _said(language, "proof-text", code=code) + "\n"
    return Letter(_said(language, "proof", code=code), text)


def group_text(language: str, counts: Sequence[tuple[str, int]], grave: int, site: str) -> str:
    """One text for all that waits: ``counts`` are (a unit's name, how many). No person, no place, no thing."""
    total = sum(n for _, n in counts)
    first = (
        _said(language, "group-grave", n=total, grave=grave) if grave else _said(language, "group", n=total)
    )
    last = _said(language, "group-all", url=f"{site}/notices") if site else _said(language, "group-log-in")
    room = MOST_BYTES - len(f"{first}\n{last}\n".encode()) - 60  # for the line of those that are left out
    lines, told = [], 0
    for name, n in counts:
        line = _said(language, "unit", name=name, n=n)
        room -= len(line.encode()) + 1
        if room < 0:
            break
        lines.append(line)
        told += n
    if left := len(counts) - len(lines):
        lines.append(_said(language, "units", units=left, n=total - told))
    return "\n".join([first, *lines, last])


def test_text(language: str) -> str:
    """What a keeper sends to see that the robot works."""
    return _said(language, "test")
