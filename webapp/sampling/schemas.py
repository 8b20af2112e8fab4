"""One untrusted row of a manifest: what it says, what is wrong with it, what is only strange. Known columns only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from webapp.formats.cells import spoilt
from webapp.org.exact_names import Found, Named, Names, folded, word
from webapp.rulebook.rules import Text
from webapp.sampling.columns import CLASS_NAMES, NO, YES, day_in
from webapp.sampling.privacy import address_tag, return_reason
from webapp.sampling.rules import mask, read_number

# What a file may say of an item, besides its number.
SAID = frozenset({"class", "route", "carrier", "name", "tag", "returned", "reason"})


@dataclass(frozen=True)
class Row:
    """One good row: what will stand on the list."""

    line: int
    number: str
    mail_class: str
    route_id: str | None = None
    delivered_by: str | None = None
    masked_name: str | None = None
    address_tag: str | None = None
    returned: bool = False
    return_reason: str | None = None
    said: frozenset[str] = field(default=SAID, compare=False)  # the columns that the file has
    seen: str | None = field(
        default=None, compare=False
    )  # a confirmed row: as which the item stood in the preview


@dataclass(frozen=True)
class Remark:
    """What is wrong, or only strange, at a line; ``field`` is a column's key.

    ``about`` are those whom the cell may mean: it is mended there, or where ``field`` is kept.
    """

    line: int
    field: str
    reason: Text
    about: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What a row is held against."""

    day: date
    routes: Names  # by code or name
    walking: dict[str, str]  # who walks a route that day
    people: Names  # by login or name


class Reading:
    """One row being read: its values, and what is wrong or strange about them."""

    def __init__(self, line: int, cells: dict[str, str], around: Surroundings):
        self.line, self.cells, self.around = line, cells, around
        self.faults: list[Remark] = []
        self.warnings: list[Remark] = []
        self.trimmed: set[str] = set()  # the fields of which less is kept than was written [个人信息保护法]

    def fault(self, field: str, zh: str, en: str, about: tuple[Named, ...] = ()) -> None:
        """The row cannot be imported."""
        self.faults.append(Remark(self.line, field, Text(zh, en), about))

    def warn(self, field: str, zh: str, en: str) -> None:
        """The row can be imported, but somebody should look."""
        self.warnings.append(Remark(self.line, field, Text(zh, en)))

    def cell(self, name: str) -> str:
        """What stands in the column; empty where the file does not have it."""
        return self.cells.get(name, "")


def read_row(reading: Reading, seen: dict[str, int]) -> Row | None:
    """The good row, or None where ``reading.faults`` say why not.

    ``seen`` holds the numbers of the file's good rows so far and the line of each: a row that is refused for another
    reason makes no duplicate of the one that was meant.
    """
    number = _number(reading, seen)
    mail_class, route = _mail_class(reading), _route(reading)
    carrier = _carrier(reading, route)
    _check_day(reading)
    returned = _returned(reading)
    if reading.faults:
        return None
    seen[number] = reading.line
    return Row(
        reading.line, number, mail_class, route, carrier, mask(reading.cell("name")) or None,
        _kept(reading, "tag", address_tag), returned, _kept(reading, "reason", return_reason),
        SAID & reading.cells.keys(), reading.cells.get("seen"),
    )  # fmt: skip


def _number(reading: Reading, seen: dict[str, int]) -> str:
    written = reading.cell("number")
    read = read_number(written)
    if read.warning == "empty":
        reading.fault("number", "邮件号为空", "no number")
    elif read.warning == "too-long":
        reading.fault("number", "邮件号超过 40 个字符", "longer than 40 characters")
    elif (why := spoilt(written)) == "rounded":
        _rounded(reading, "number")
    elif why == "negative":
        reading.fault(
            "number",
            f"“{written[:20]}”是负数，不是邮件号",
            f"“{written[:20]}” is a negative number, not an item's",
        )
    elif first := seen.get(read.text):
        reading.fault("number", f"与第 {first} 行重复", f"the same number as in line {first}")
    else:
        _warn_of(reading, read.warning, read.text)
    return read.text


def _rounded(reading: Reading, name: str) -> None:
    written = reading.cell(name)[:40]
    reading.fault(name, f"“{written}”已被表格软件取整，请将该列设为文本后重新导出", f"“{written}” was rounded by the spreadsheet; export the column as text")  # fmt: skip


def _warn_of(reading: Reading, warning: str | None, number: str) -> None:
    if warning == "check-digit":
        reading.warn("number", f"{number} 的校验位不对", f"the check digit of {number} is wrong")
    elif warning == "strange":
        reading.warn("number", f"{number} 不是常见的邮件号格式", f"{number} is not a usual form of number")


def _mail_class(reading: Reading) -> str:
    written = reading.cell("class")
    found = CLASS_NAMES.get(word(written), "")
    if not written:
        reading.fault("class", "邮件种类为空", "no class")
    elif not found:
        reading.fault("class", f"没有“{written[:20]}”这个种类", f"unknown class “{written[:20]}”")
    return found


def _route(reading: Reading) -> str | None:
    written = reading.cell("route")
    if not written:
        return None
    found = reading.around.routes.find(written)
    if found.id is None:
        _unclear(reading, "route", found, f"没有道段“{written[:20]}”", f"unknown route “{written[:20]}”")
    return found.id


def _unclear(reading: Reading, name: str, found: Found, zh: str, en: str) -> None:
    """The cell names none, or several: which ones it may mean is said, none of them is taken."""
    if spoilt(reading.cell(name)) == "rounded":
        _rounded(reading, name)
        return
    written = reading.cell(name)[:20]
    if found.several:
        zh = f"“{written}”可以是：{found.labels}。请在文件里写成其中一个的全称"
        en = f"“{written}” may be any of: {found.labels}. Write one of these in full"
    elif found.candidates:
        zh, en = f"{zh}。是不是：{found.labels}？", f"{en}. Is one of these meant: {found.labels}?"
    reading.fault(name, zh, en, found.candidates)


def _carrier(reading: Reading, route: str | None) -> str | None:
    """The carrier named, else who walks the route that day."""
    written, people = reading.cell("carrier"), reading.around.people
    if settled := reading.cell("deliverer"):  # a confirmed row: as it was previewed
        written = settled
    if not written:
        walking = reading.around.walking.get(route or "")
        if walking is None and not reading.cell("route"):
            reading.warn("route", "没有道段也没有投递员，抽中后不会出现在任何人的手机上", "neither route nor carrier: if drawn, it is on nobody's phone")  # fmt: skip
        return walking
    found = people.find(written)
    if found.id is None:
        zh = f"当天本单位没有投递员“{written[:20]}”"
        _unclear(reading, "carrier", found, zh, f"nobody called “{written[:20]}” worked here that day")
    return found.id


def _check_day(reading: Reading) -> None:
    written, wanted = reading.cell("date"), reading.around.day
    if not written:
        return
    found = day_in(written)
    if found is None:
        reading.fault("date", f"“{written[:20]}”不是日期", f"“{written[:20]}” is not a date")
    elif found != wanted:
        reading.fault(
            "date", f"日期是 {found}，清单是 {wanted}", f"the date is {found}, the list is of {wanted}"
        )


def _returned(reading: Reading) -> bool:
    written = folded(reading.cell("returned"))
    if written == "x":
        reading.warn("returned", "“x”按已退回读取", "“x” is read as returned")
    if written in YES:
        return True
    if written not in NO:
        reading.fault(
            "returned", f"“{written[:20]}”既不是“是”也不是“否”", f"“{written[:20]}” is neither yes nor no"
        )
    return False


def _kept(reading: Reading, name: str, keep: Callable[[str, str], str]) -> str | None:
    """What may be kept of an address or a reason."""
    written = reading.cell(name)
    text = keep(written, reading.cell("name"))
    if text != written:
        reading.trimmed.add(name)
    return text or None
