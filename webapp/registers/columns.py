"""How a register's file names its columns, kinds and agreements, in Chinese and English. Pure."""

import re
import unicodedata

from webapp.org.column_headings import by_alias, by_word, key

# The columns of an export in its order: (Chinese, English). An import passes over those of STATE.
HEADERS = {
    "id": ("编号（勿改）", "id (keep)"),
    "name": ("名称", "name"),
    "kind": ("类别", "kind"),
    "address": ("地址", "address"),
    "keeper": ("负责人", "keeper"),
    "contact": ("联系方式", "contact"),
    "route": ("道段", "route"),
    "agreement": ("协议", "agreement"),
    "latitude": ("纬度", "latitude"),
    "longitude": ("经度", "longitude"),
    "note": ("备注", "note"),
    "status": ("状态", "status"),
    "opened": ("启用日期", "opened"),
    "closed": ("停用日期", "closed"),
    "confirmed": ("最近确认", "last confirmed"),
    "visited": ("最近走访", "last visit"),
}
STATE = ("opened", "closed", "confirmed", "visited")
_ALIASES = {
    "id": "编号 接转点编号 id",
    "name": "名称 接转点名称 接转点 点位名称 name",
    "kind": "类别 类型 种类 接转点类型 接转点类别 kind type",
    "address": "地址 详细地址 地点 address",
    "keeper": "负责人 联系人 管理人 代办员 代收人 keeper",
    "contact": "联系方式 联系电话 电话 手机 手机号 contact phone",
    "route": "道段 段道 投递段 投递道段 道段号 route",
    "agreement": "协议 代办协议 协议情况 签订协议 agreement",
    "latitude": "纬度 latitude lat",
    "longitude": "经度 longitude lon lng",
    "note": "备注 说明 note remark",
    "status": "状态 status",
}
KIND_NAMES = {
    "mail-room": ("单位收发室", "mail room"),
    "property": ("物业", "property office"),
    "village": ("村邮站", "village station"),
}
AGREEMENT_NAMES = {"none": ("无", "none"), "oral": ("口头", "oral"), "written": ("书面", "written")}
STATUS_NAMES = {"open": ("启用", "open"), "closed": ("停用", "closed")}
_KINDS = {
    "mail-room": "单位收发室 收发室 传达室 mailroom",
    "property": "物业 物业公司 物业办公室 居委会 property property-office propertyoffice",
    "village": "村邮站 嘎查 village village-station villagestation",
}
_AGREEMENTS = {
    "none": "无 否 没有 未签 none no",
    "oral": "口头 口头协议 oral",
    "written": "书面 书面协议 有 是 已签 written yes",
}
_STATUSES = {"open": "启用 正常 在用 open", "closed": "停用 已停用 关闭 撤销 closed"}


_COLUMNS, KIND_WORDS = by_alias(_ALIASES), by_word(_KINDS)
AGREEMENT_WORDS, STATUS_WORDS = by_word(_AGREEMENTS), by_word(_STATUSES)


def column_of(cell: str) -> str | None:
    """The column that a header cell names, whatever remark follows in brackets."""
    return _COLUMNS.get(key(re.sub(r"\([^()]*\)\s*$", "", unicodedata.normalize("NFKC", cell))))


def named(names: dict[str, tuple[str, str]], code: str | None, language: str) -> str:
    """The word for a code in ``zh`` or ``en``; empty for none."""
    return names[code][0 if language == "zh" else 1] if code else ""
