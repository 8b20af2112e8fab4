"""The matters of the morning in words: their titles, what is said where there is none, and what a press says."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from webapp.inquiries.morning import CLOSING, IDLE, LISTS, OVERDUE, SILENT, WAITING, Row
from webapp.rulebook.rules import Text

TITLES = {
    LISTS: _("No sealed list today"),
    IDLE: _("Nothing recorded for days"),
    CLOSING: _("Closes today"),
    WAITING: _("Records to decide"),
    OVERDUE: _("Overdue problems"),
    SILENT: _("Phones not heard from"),
}
NOTHING = {
    LISTS: _("Every department that delivers today has sealed its list."),
    IDLE: _("Every department has recorded something in the last delivery days."),
    CLOSING: _("All that closes today is met."),
    WAITING: _("No record waits for a decision."),
    OVERDUE: _("No problem is overdue."),
    SILENT: _("Every phone was heard from in the last three days."),
}
ICONS = {
    LISTS: "list",
    IDLE: "clock",
    CLOSING: "ledger",
    WAITING: "conflict",
    OVERDUE: "flag",
    SILENT: "phone",
}

# What a press says after the unit's name: of a department, and of a unit with several below it.
_ONE = {
    LISTS: Text("今日投递清单尚未封存", "today’s list is not sealed yet"),
    IDLE: Text("连续{n}个投递日没有检查记录", "delivery days without any record: {n}"),
    CLOSING: Text("今日截止、尚未达标的职责{n}项", "duties that close today and are not met: {n}"),
    WAITING: Text("待处理的记录{n}条", "records that wait for a decision: {n}"),
    OVERDUE: Text("超期未改的问题{n}项", "overdue problems: {n}"),
    SILENT: Text("多日未联系的手机{n}部", "phones not heard from for days: {n}"),
}
_SEVERAL = {
    LISTS: Text("今日投递清单尚未封存的部门{n}个", "departments without a sealed list today: {n}"),
    IDLE: Text("多日没有检查记录的部门{n}个", "departments without any record for days: {n}"),
}


def pressed_for(matter: str, row: Row) -> Mapping[str, str]:
    """What whoever leads the row's unit is told, in both languages."""
    count = row.spots[0].quiet.days if row.alone and row.spots[0].quiet else row.count
    said = _ONE[matter] if row.alone else _SEVERAL.get(matter, _ONE[matter])
    return {"zh": said.zh.format(n=count), "en": said.en.format(n=count)}
