"""The sentences of a line's ``why``: each reason is a code with values, said here in both languages. Pure."""

from collections.abc import Mapping

from webapp.rulebook.rules import Rulebook, Text

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "no-delivery": ("{day} 不是投递日，不适用。", "{day} is not a delivery day: not applicable."),
    "no-delivery-week": ("本周没有投递日，不适用。", "The week has no delivery day: not applicable."),
    "zero-volume": ("{day} 的业务量记录为零，不适用。", "The volume of {day} is recorded as zero: not applicable."),
    "zero-volume-week": ("本周各投递日的业务量都记录为零，不适用。", "Every delivery day of the week is recorded as zero: not applicable."),
    "no-points": ("没有应检查的接转点，不适用。", "There is no relay point to check: not applicable."),
    "volume": ("当日业务量：{known}。", "The day's volume: {known}."),
    "volume-missing": ("缺少业务量：{classes}（已知：{known}），要求数无法确定。", "The volume is missing: {classes} (known: {known}); the requirement cannot be told."),
    "share": ("{volume} 件的 {percent}%，进位取整为 {required} 件。", "{percent} % of {volume} items, rounded up: {required}."),
    "checked": ("有效检查 {items} 件。", "{items} items were checked and count."),
    "sessions": ("要求 {required} 次，每次不少于 {size} 件（个）。", "{required} sessions are required, each of at least {size}."),
    "session-counts": ("{day}：检查 {items}，达到最低数 {minimum}，计一次。", "{day}: {items} checked, at least {minimum}: it counts."),
    "session-short": ("{day}：检查 {items}，未达到最低数 {minimum}，不计次。", "{day}: {items} checked, short of {minimum}: it does not count."),
    "session-zero-day": ("{day}：当日业务量记录为零，不成一次检查。", "{day}: the volume is recorded as zero, so there is no session."),
    "sessions-share": ("两次检查的不同邮件合计不足两次最低数之和，只计一次。", "Two sessions together hold too few different numbers: they count as one."),
    "points": ("应查接转点 {points} 个，取 {size} 与总数中较小者：{required} 个。", "{points} points; the lesser of {size} and that: {required}."),
    "points-visited": ("已检查不同接转点 {points} 个。", "{points} different points were visited."),
    "sole-person": ("部门只有一人，由县局管理员的检查履行。", "The department has one person: the county manager's inspection fulfils it."),
    "not-counted": ("另有 {checks} 次检查不计（岗位、时间或单位不符）。", "{checks} more inspections do not count (role, time or unit)."),
    "withdrawn": ("已撤回 {facts} 条记录。", "{facts} records were withdrawn."),
    "voided": ("抽样中作废 {items} 件。", "{items} drawn items were voided."),
}  # fmt: skip


def sentence(reason: list, rulebook: Rulebook) -> Text:
    """One stored reason ``[code, values]`` in both languages."""
    code, values = reason
    zh, en = _SENTENCES[code]
    return Text(zh.format_map(_said(values, rulebook, "zh")), en.format_map(_said(values, rulebook, "en")))


def _said(values: Mapping, rulebook: Rulebook, language: str) -> dict:
    names = {code: text.in_(language) for code, text in rulebook.classes.items()}
    mark, comma = ("、", "，") if language == "zh" else (", ", ", ")
    said = dict(values)
    if "classes" in values:
        said["classes"] = mark.join(names[code] for code in values["classes"])
    if "known" in values:
        known = [f"{names[code]} {count}" for code, count in sorted(values["known"].items())]
        said["known"] = comma.join(known) or ("无" if language == "zh" else "none")
    return said
