"""How manifests name their columns and classes, in Chinese and English. Pure."""

import re
import unicodedata
from datetime import date

from webapp.formats.cells import Figure
from webapp.org.exact_names import word

# The columns as a template names them, in its order: (Chinese, English).
HEADERS = {
    "number": ("邮件号", "number"),
    "class": ("邮件种类", "class"),
    "route": ("道段", "route"),
    "carrier": ("投递员", "carrier"),
    "date": ("投递日期", "date"),
    "name": ("收件人", "addressee"),
    "tag": ("地址标签", "tag"),
    "returned": ("退回", "returned"),
    "reason": ("退回原因", "reason"),
}
_ALIASES = {
    "number": "邮件号 邮件号码 邮件编号 邮件条码 邮件条形码 条码 条形码 条码号 单号 运单号 number item-number itemnumber item-no "
    "itemno mail-number barcode tracking-number",
    "class": "邮件种类 种类 邮件类型 邮件类别 业务种类 业务类型 产品 class type mail-class item-class",
    "route": "道段 道段号 道段名称 段道 段道号 段道名称 投递段 投递段道 投递道段 route route-code route-name",
    "carrier": "投递员 投递人员 投递员姓名 carrier",
    "date": "日期 投递日期 date day delivery-date",
    "name": "收件人 收件人姓名 收件人名称 addressee name recipient",
    "tag": "地址标签 地址 收件人地址 投递地址 楼栋 楼号 小区 tag address address-tag building",
    "returned": "退回 退件 是否退回 是否退件 退回标志 退件标志 returned return",
    "reason": "退回原因 退件原因 退因 退回退件原因 reason return-reason reason-of-return",
}
_CLASSES = {
    "express": "特快 特快专递 特快邮件 标准快递 标快 ems express express-mail expressmail",
    "registered": "给据函件 给据 挂号 挂号函件 挂号信 挂号信函 挂号印刷品 挂号刷 registered registered-letter registered-letters",
    "parcel": "国内小包 小包 包裹 快递包裹 快包 普通包裹 普包 parcel parcels",
}
YES = frozenset(["是", "yes", "y", "1", "true", "退回", "退件", "已退", "已退回", "√", "✓", "✔", "☑", "x"])
NO = frozenset(["", "否", "no", "n", "0", "false", "未退", "未退回", "×", "✗", "✘", "☐"])
_DAY = re.compile(
    r"(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?|(\d{2})(\d{2}))(?:[T\s].*)?", re.ASCII
)


def tidy(cell: str) -> str:
    """A cell with half-width characters, one space where there were several, and no control characters.

    A number of a workbook stays marked as one.
    """
    if isinstance(cell, Figure):
        return cell
    return " ".join(
        "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFKC", cell)).split()
    )


def key(text: str) -> str:
    """A header to compare by: no case, spaces, dashes, underscores, colons or asterisks. Never for what a row says."""
    return re.sub(r"[\s_\-:*]+", "", tidy(text).casefold())


def _by_alias(table: dict[str, str]) -> dict[str, str]:
    return {key(alias): name for name, aliases in table.items() for alias in aliases.split()}


def _header_key(text: str) -> str:
    return key(text).replace(".", "").replace("?", "").replace("/", "")


_COLUMNS = {_header_key(alias): name for alias, name in _by_alias(_ALIASES).items()}
CLASS_NAMES = {word(alias): name for name, aliases in _CLASSES.items() for alias in aliases.split()}


def column_of(cell: str) -> str | None:
    """The column that a header cell names, whatever remark follows in brackets: ``邮件号（必填）`` is ``number``."""
    return _COLUMNS.get(_header_key(re.sub(r"\([^()]*\)$", "", tidy(cell))))


def day_in(text: str) -> date | None:
    """The day in 2026-11-20, 2026/11/20, 2026.11.20, 2026年11月20日 or 20261120, with or without a time after it."""
    match = _DAY.fullmatch(text)
    if not match:
        return None
    year, *parts = (part for part in match.groups() if part)
    try:
        return date(int(year), *map(int, parts))
    except ValueError:
        return None
