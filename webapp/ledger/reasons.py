"""The sentences of a line's ``why``: each reason is a code with values, said here in both languages. Pure.

:func:`explain` tells a line whole: the article, the period, what counted and what did not, what is missing and until
when, and the Readings.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from webapp.core.clock import LOCAL
from webapp.ledger.lines import RETURNED, status
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty, Rulebook, Text

_SENTENCES: Mapping[str, tuple[str, str]] = {
    # --- why a duty does not bind
    "no-delivery": ("{day} 不是投递日，不适用。", "{day} is not a delivery day: not applicable."),
    "no-delivery-week": ("本期没有投递日，不适用。", "The period has no delivery day: not applicable."),
    "no-delivery-month": ("本月没有投递日，不适用。", "The month has no delivery day: not applicable."),
    "zero-volume": ("{day} 的业务量记录为零，不适用。", "The volume of {day} is recorded as zero: not applicable."),
    "zero-volume-week": ("本周各投递日的业务量都记录为零，不适用。", "Every delivery day of the week is recorded as zero: not applicable."),
    "no-points": ("没有应检查的接转点，不适用。", "There is no relay point to check: not applicable."),
    "nothing-to-balance": ("{day} 的期初与收进都为零，不适用。", "Opening and received of {day} are both 0: not applicable."),
    # --- volume and threshold
    "volume": ("当日业务量（{source}）：{known}。", "The day's volume ({source}): {known}."),
    "volume-missing": ("缺少业务量：{classes}（已知：{known}），要求数无法确定。", "The volume is missing: {classes} (known: {known}); the requirement cannot be told."),
    "share": ("{volume} 件的 {percent}%，进位取整为 {required} 件。", "{percent} % of {volume} items, rounded up: {required}."),
    "least": ("要求 {size} 件，业务量 {volume} 件，取较小者：{required} 件。", "{size} items, never more than the volume of {volume}: {required}."),
    "checked": ("有效检查 {items} 件。", "{items} items were checked and count."),
    "off-list": ("{items} 件不在当日清单上，不计。", "{items} items are not on the day's list: they do not count."),
    "chosen": ("事先选定 {items} 件。", "{items} items were chosen in advance."),
    "not-chosen": ("{items} 件未事先选定，不计。", "{items} items were not chosen beforehand: they do not count."),
    # --- sessions
    "sessions": ("要求 {required} 次，每次不少于 {size} 件（个）。", "{required} sessions are required, each of at least {size}."),
    "few-days": ("本期只有 {days} 个投递日。", "The period has only {days} delivery days."),
    "zero-days": ("规定 {sessions} 次；业务量为零的日子不计，要求 {required} 次。", "{sessions} sessions by the article; days recorded as zero are left out: {required} required."),
    "few-points": ("接转点共 {points} 个，不足 {size} 个，以总数为准。", "There are {points} points, fewer than {size}: all of them."),
    "session-counts": ("{day}：检查 {items}，达到最低数 {minimum}，计一次。", "{day}: {items} checked, at least {minimum}: it counts."),
    "session-short": ("{day}：检查 {items}，未达到最低数 {minimum}，不计次。", "{day}: {items} checked, short of {minimum}: it does not count."),
    "session-zero-day": ("{day}：当日业务量记录为零，不成一次检查。", "{day}: the volume is recorded as zero, so there is no session."),
    "session-off-list": ("{day}：当日进口量不足规定件数，须从当日清单中检查；{items} 件不在清单上，不计。", "{day}: fewer came in than a session asks for, so those of the day's list are to be checked; {items} were not on it and do not count."),
    "stratum-short": ("{day}：{stratum} {items} 件，不足 {minimum} 件。", "{day}: {stratum} {items}, short of {minimum}."),
    "sessions-share": ("两次检查的不同邮件合计不足两次最低数之和，只计一次。", "Two sessions together hold too few different numbers: they count as one."),
    # --- relay points
    "points": ("应查接转点 {points} 个，取 {size} 与总数中较小者：{required} 个。", "{points} points; the lesser of {size} and that: {required}."),
    "points-all": ("应查接转点 {points} 个，须全部完成。", "{points} points, every one of them."),
    "points-visited": ("已检查不同接转点 {points} 个。", "{points} different points were visited."),
    "points-outside": ("另有 {points} 个已撤销、未满规定天数或不属本部门的接转点不计。", "{points} more points were closed, open too short or not of this department: they do not count."),
    "confirmed": ("截至 {day}，{days} 天内确认过的 {points} 个。", "As of {day}, {points} were confirmed within {days} days."),
    # --- records
    "records": ("有效记录 {records} 条。", "{records} records count."),
    "balance": ("期初 {opening}＋收进 {received}；投出 {delivered}＋退回 {returned}＋转出 {forwarded}＋结存 {carried}。", "Opening {opening} + received {received}; delivered {delivered} + returned {returned} + forwarded {forwarded} + carried over {carried}."),
    "balance-expected": ("尚未录入平衡：期初 {opening}，收进 {received}。", "No balance has been entered: opening {opening}, received {received}."),
    "balance-differs": ("不平衡：收方比付方多 {difference} 件，已列为问题。", "It does not balance: {difference} more came in than went out; a problem was opened."),
    "opening-differs": ("录入的期初 {opening} 与前一投递日结存 {carried} 不符。", "The opening entered, {opening}, differs from what the day before carried over, {carried}."),
    "opening-unknown": ("期初不详，无法判断是否平衡。", "The opening is not known, so nothing can be said of the balance."),
    "spaced": ("本月计 {delivery_days} 个投递日，相邻两次检查相差不超过 {days} 个投递日。", "{delivery_days} delivery days count; neighbouring checks are at most {days} of them apart."),
    "check-on": ("{day}（第 {number} 个投递日）已检查。", "Checked on {day} (delivery day {number})."),
    "gap": ("第 {after} 与第 {before} 个投递日之间超过 {days} 天没有检查。", "More than {days} delivery days lie between day {after} and day {before}."),
    "next-check": ("最迟应在 {day} 检查。", "A check was or is due by {day}."),
    # --- beside the figures
    "sole-person": ("部门只有一人，由县局管理员的检查履行。", "The department has one person: the county manager's inspection fulfils it."),
    "not-counted-role": ("{day}：{checks} 次检查不计，检查人的岗位不在规定之列。", "{day}: {checks} inspections do not count: the author's role is not one that the article names."),
    "not-counted-unit": ("{day}：{checks} 次检查不计，由上级单位进行，不代替本部门。", "{day}: {checks} inspections do not count: made by a higher unit, which does not stand in for the department."),
    "not-counted-late": ("{day}：{checks} 次检查不计，在期限之后进行。", "{day}: {checks} inspections do not count: made after the line had closed."),
    "not-counted-early": ("{day}：{checks} 次检查不计，早于清单日。", "{day}: {checks} inspections do not count: made before the day of the list."),
    "not-counted": ("另有 {checks} 次检查不计。", "{checks} more inspections do not count."),
    "withdrawn": ("已撤回 {facts} 条记录。", "{facts} records were withdrawn."),
    "voided": ("抽样中作废 {items} 件。", "{items} drawn items were voided."),
    "holidays-unknown": ("{year} 年的节假日安排尚未录入，投递日可能有出入。", "The public holidays of {year} are not known yet, so delivery days may differ."),
    # --- said when it is read
    "article": ("依据第 {article} 条：{text}", "Article {article}: {text}"),
    "period": ("期间：{first} 至 {last}，{until}截止。", "Period: {first} to {last}, closing at {until}."),
    "left": ("还差 {left}，{until}前。", "{left} more are missing, until {until}."),
    "short": ("已截止，还差 {left}。", "Closed, {left} short."),
    "undecided": ("已截止；缺少的业务量可能改变结果，按未达标计。", "Closed; a missing volume could change the verdict, so it counts as not met."),
    "reading": ("解释〔{article}〕：{text}", "Reading [{article}]: {text}"),
}  # fmt: skip
_SOURCES = {
    "manifests": Text("已封存清单", "sealed manifests"),
    "typed": Text("录入", "typed"),
    "none": Text("无", "none"),
}
# The status in a sentence; the words of pages and phones are the same.
WORDS = {
    "met": Text("达标", "met"),
    "partial": Text("进行中", "under way"),
    "due": Text("待完成", "due"),
    "missed": Text("未达标", "missed"),
    "unknown": Text("无法判定", "undecided"),
    "not-applicable": Text("不适用", "not applicable"),
}
_NOT_KNOWN = Text("不详", "not known")


def sentence(reason: list, rulebook: Rulebook) -> Text:
    """One stored reason ``[code, values]`` in both languages."""
    code, values = reason
    zh, en = _SENTENCES[code]
    return Text(zh.format_map(_said(values, rulebook, "zh")), en.format_map(_said(values, rulebook, "en")))


def explain(
    line, duty: Duty, period: Period, rulebook: Rulebook, now: datetime, readings: bool = True
) -> list[Text]:
    """The whole reasoning of a line (or of its stored row) as of ``now``, sentence by sentence."""
    until = moment(line.closes_at)
    told = [
        _text("article", article=duty.article, text=duty.text),
        _text("period", first=period.first, last=period.last, until=until),
        *[sentence(reason, rulebook) for reason in line.why],
        *_missing(line, until, now),
    ]
    if not readings:
        return told
    found = [rulebook.readings[code] for code in duty.readings]
    return told + [_text("reading", article=one.article, text=one.text) for one in found]


def _missing(line, until: str, now: datetime) -> list[Text]:
    """What is still missing and until when, or by how much it fell short."""
    if not line.applicable or line.met:
        return []
    if status(line, now) == "unknown":
        return [_text("undecided")]
    if line.required is None or line.required <= line.done:
        return []
    left = line.required - line.done
    return [_text("left" if now < line.closes_at else "short", left=left, until=until)]


def _text(code: str, **values) -> Text:
    zh, en = _SENTENCES[code]
    return Text(
        zh.format_map({name: _in(value, "zh") for name, value in values.items()}),
        en.format_map({name: _in(value, "en") for name, value in values.items()}),
    )


def _in(value, language: str):
    return value.in_(language) if isinstance(value, Text) else value


def moment(closes_at: datetime) -> str:
    """The last minute before a line closes, in local time: 2026-11-22 24:00."""
    local = closes_at.astimezone(LOCAL)
    if (local.hour, local.minute) == (0, 0):
        return f"{(local - timedelta(days=1)):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def _said(values: Mapping, rulebook: Rulebook, language: str) -> dict:
    names = {code: text.in_(language) for code, text in rulebook.classes.items()}
    names[RETURNED] = Text("退件", "Returned").in_(language)
    names |= {s.code: s.title.in_(language) for kind in rulebook.kinds.values() for s in kind.strata}
    mark, comma = ("、", "，") if language == "zh" else (", ", ", ")
    said = {name: _NOT_KNOWN.in_(language) if value is None else value for name, value in values.items()}
    if "classes" in values:
        said["classes"] = mark.join(names[code] for code in values["classes"])
    if "known" in values:
        known = [f"{names[code]} {count}" for code, count in sorted(values["known"].items())]
        said["known"] = comma.join(known) or ("无" if language == "zh" else "none")
    if "source" in values:
        said["source"] = _SOURCES[values["source"]].in_(language)
    if "stratum" in values:
        said["stratum"] = names.get(values["stratum"], values["stratum"])
    return _Gentle(said, missing=_NOT_KNOWN.in_(language))


class _Gentle(dict):
    """A sentence never fails for a value that a record did not give."""

    def __init__(self, values: Mapping, missing: str):
        super().__init__(values)
        self.missing = missing

    def __missing__(self, key: str) -> str:
        return self.missing
