"""What a person sees in a cell of a workbook, from what the file holds. Pure."""

import math
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

_ESCAPED = re.compile(r"_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"-?[0-9]+")
_ZEROS = re.compile(r"0{2,}")
_SAID = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # of a number format: what is no placeholder
# Formats that a workbook names by number only; 27–36 and 50–58 are those of Chinese Excel.
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
EPOCHS = {False: datetime(1899, 12, 30, tzinfo=UTC), True: datetime(1904, 1, 1, tzinfo=UTC)}
_LAST_SERIAL = 2_958_465  # 9999-12-31


_EXPONENT = re.compile(r"[+-]?[0-9]([.,][0-9]+)?E[+-]?[0-9]{1,3}", re.IGNORECASE)
_NEGATIVE = re.compile(r"[-−]\s*[0-9]+(\.[0-9]+)?")
_PLAIN = re.compile(r"[-−]?[0-9]+(\.[0-9]+)?")
EXACT_DIGITS = 15  # what a number in a workbook can hold; it makes zeros of the others


class Figure(str):
    """A number as a cell of a workbook holds it: what zeros stood before it, and digits beyond the 15th, are lost."""

    __slots__ = ()


def spoilt(cell: str, text: bool = False) -> str | None:
    """Why a number or code in a cell cannot be the one that was meant: ``rounded``, ``negative``, or None.

    ``text``: of a column of words, in which only what the workbook itself holds as a number is looked at.
    """
    figure = isinstance(cell, Figure)
    if text and not figure:
        return None
    digits = len(cell.partition(".")[0].lstrip("-−0"))
    if _EXPONENT.fullmatch(cell) or figure and (digits > EXACT_DIGITS or not _PLAIN.fullmatch(cell)):
        return "rounded"
    return "negative" if _NEGATIVE.fullmatch(cell) else None


def format_of(number: str, code: str) -> tuple[bool, int]:
    """(is a date, digits to show at least) of a number format: its number, and its code where the file has one."""
    first = code.partition(";")[0]
    bare = _SAID.sub("", first)
    if not code:
        return number.isdigit() and int(number) in _DATES, 0
    is_date = "general" not in code.lower() and re.search(r"[ymdhs]", bare, re.IGNORECASE) is not None
    return is_date, len(bare) if _ZEROS.fullmatch(bare) else 0


def column_of(letters: str) -> int:
    """The place of a column: A is 1, AA is 27."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


def unescaped(text: str) -> str:
    """A text without the ``_x000D_`` that stands for a character which XML cannot hold."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def number_shown(written: str, is_date: bool, digits: int, epoch: datetime) -> str:
    """A number as a person sees it in a list: 9876543210987, never 9.87654E+12; 007 where the format says so.

    A :class:`Figure`, unless a format shows it as a date or with its zeros; of more digits than a number holds, always.
    """
    if is_date and (said := _moment(float(written), epoch)):
        return said
    if not math.isfinite(float(written)):
        return Figure(written)  # 1e999: whoever reads the cell says why it is none (:func:`spoilt`)
    if not _WHOLE.fullmatch(written):
        # Through the shortest text of the same float: a file holds 0.1 as 0.10000000000000001.
        written = format(Decimal(repr(float(written))), "f")
        written = written.rstrip("0").rstrip(".") if "." in written else written
    if not (digits and _WHOLE.fullmatch(written)):
        return Figure(written)
    shown = written.zfill(digits)
    return shown if len(written) <= EXACT_DIGITS else Figure(shown)


def _moment(serial: float, epoch: datetime) -> str | None:
    """The day, the time, or both, that a date cell shows; None for a number that is no date."""
    if not 0 <= serial <= _LAST_SERIAL:
        return None
    moment = epoch + timedelta(seconds=round(serial * 86400))
    if serial < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d" if serial.is_integer() else "%Y-%m-%d %H:%M:%S")
