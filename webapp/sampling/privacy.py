"""What of an address and of a reason of return may be kept: never a street, a door, a telephone or a name. Pure.

Reading of 个人信息保护法: only what is known to name no person is taken over (a building, an estate, a village; a reason
of the postal list); the rest is left out, whatever it is. Reading what was kept gives the same again.
"""

import re
from collections.abc import Callable

from webapp.rulebook.rules import Text

MAX_TAG, MAX_REASON = 40, 60
_MAX_OTHER = 20

# ---------------------------------------------------------------- an address becomes a tag

_DIGITS = "0-9一二三四五六七八九十"
# Everything up to the last of these says in which street or district: 锡林浩特市宝力根街道锡林大街128号.
_STREET = re.compile(
    r"^.*(?:自治区|省|盟|[市旗县]|(?<![小社校园])区|街道(?:办事处)?|镇|苏木|乡|路|街|巷|胡同|大道|国道)"
    rf"(?:[{_DIGITS}甲乙丙附之-]+号(?![楼院]))?"
)
_WORD = r"(?:(?!单元|[号楼层室栋幢])[\u4e00-\u9fff])"
_PLACE = re.compile(
    rf"(?:{_WORD}{{1,8}}?(?:小区|社区|家园|花园|花苑|嘉园|公寓|大厦|广场|新城|新村|嘎查|学校|小学|中学|大学|学院|幼儿园|医院|机关|园区)"
    rf"|{_WORD}{{1,4}}村)"
)
_BUILDING = re.compile(
    rf"(?:[A-Za-z]?[{_DIGITS}]{{1,4}}[A-Za-z]?|[A-Za-z]|[甲乙丙丁])\s*(?:号楼|号院|号公寓|栋|幢|座|#楼|#)"
    r"|\b(?:building|block|tower|house|bldg\.?)\s*[0-9A-Z]{1,3}\b",
    re.IGNORECASE,
)
_ONLY = re.compile(r"[A-Za-z]?[0-9]{1,3}[A-Za-z]?(?:号|[-#])?|[A-Za-z]")  # the cells of a column 楼号
_APART = re.compile(r"[\s,，;；/、|()（）·.。:：]+")


def address_tag(written: str, name: str = "") -> str:
    """The estate or village, and the building, of what a file gives as address; empty where it names none.

    ``锡林大街128号金色家园3号楼2单元501室`` → ``金色家园3号楼``. ``name`` is the addressee's, to be left out.
    """
    return _settled(_tag, written, name)


def _settled(read: Callable[[str, str], str], text: str, name: str) -> str:
    """``read`` again and again until it changes nothing: what stood apart before may now mean something."""
    for _ in range(5):
        text, before = read(text, name), text
        if text == before:
            break
    return text


def _tag(written: str, name: str) -> str:
    text = (written.replace(name, " ") if len(name) > 1 else written).strip()
    if _ONLY.fullmatch(text):
        return text
    places, buildings = [], []
    for part in _APART.split(text):
        part = _STREET.sub("", part)
        if building := _BUILDING.search(part):
            buildings.append(building[0].strip())
            part = part[: building.start()]
        if place := _PLACE.search(part):
            places.append(place[0])
    if not buildings and (building := _BUILDING.search(text)) and " " in building[0]:
        buildings.append(building[0])  # Building 3
    return "".join([*places[:1], *buildings[:1]])[:MAX_TAG]


# ---------------------------------------------------------------- a reason becomes one of the list

# What offices write on the slip (退回批条): the stored words, their English, and how else they are written.
_REASONS = (
    ("收件人拒收", "Refused by the addressee", "拒收|拒签|拒绝|不要|refus"),
    ("收件人要求退回", "Sent back at the addressee's request", "要求退|申请退|改退|退货"),
    ("寄件人撤回", "Withdrawn by the sender", "撤回|寄件人|召回|withdraw|recall"),
    ("收件人已迁移", "The addressee has moved", "迁移|搬迁|搬家|搬走|迁走|迁新|moved"),
    ("查无此人", "Addressee unknown there", "查无此人|无此人|没有此人|不认识|unknown addressee|addressee unknown"),
    ("查无此单位", "No such firm or office there", "无此单位|单位撤销|单位不存在|查无单位|已注销"),
    ("地址不详", "Address incomplete or wrong", "地址|地名|门牌|欠详|不详|错址|无此地|address"),
    ("无法联系收件人", "The addressee cannot be reached", "联系不|无法联系|不接|无人接|关机|停机|空号|电话|unreachable|no contact|not reached"),
    ("逾期未领", "Not collected in time", "逾期|未领|无人领|超期|不领|过期|unclaimed|not collected"),
    ("超出投递范围", "Outside the delivery area", "超范围|超区|投递范围|不通邮|不投递"),
    ("收件人亡故", "The addressee has died", "亡故|死亡|去世|deceased"),
    ("禁寄或限寄", "Prohibited or restricted contents", "禁寄|限寄|违禁|prohibited"),
    ("邮件破损", "Damaged", "破损|损坏|damaged"),
)  # fmt: skip
RETURN_REASONS = {zh: Text(zh, en) for zh, en, _ in _REASONS}
_WRITTEN = tuple((zh, re.compile(written, re.IGNORECASE)) for zh, _, written in _REASONS)
_OTHER = "其他"
_UNKEPT = re.compile(
    rf"\+?[0-9][0-9 -]{{3,}}[0-9]|[\u4e00-\u9fffA-Za-z]*(?:路|街|巷|胡同|大道)(?:[{_DIGITS}]+号)?|[{_DIGITS}A-Za-z-]+(?:号楼|单元|室|户|层|门|号|栋|幢)"
    r"|[A-Za-z]*[0-9]{2,}[A-Za-z0-9]*|[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|老师)"
)


def return_reason(written: str, name: str = "") -> str:
    """One of the reasons of the postal list, else ``其他：`` and what is left without numbers, addresses and the name."""
    return _settled(_reason, written, name)


def _reason(written: str, name: str) -> str:
    text = " ".join(written.split())
    for reason, pattern in _WRITTEN:
        if text == reason or pattern.search(text):
            return reason
    text = (text.replace(name, "") if len(name) > 1 else text).removeprefix(_OTHER).lstrip(":： ")
    left = " ".join(_UNKEPT.sub(" ", text).split()).strip(" ,，;；.。:：-")[:_MAX_OTHER].rstrip()
    return f"{_OTHER}：{left}" if left else _OTHER if written.strip() else ""


def reason_said(kept: str) -> Text:
    """A kept reason in both languages; what stands after 其他 stays as it was written."""
    if kept in RETURN_REASONS:
        return RETURN_REASONS[kept]
    return Text(kept, f"Other{kept[len(_OTHER) :].replace('：', ': ')}" if kept.startswith(_OTHER) else kept)
