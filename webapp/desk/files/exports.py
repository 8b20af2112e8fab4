"""What leaves the desk as a file: named as a person would name it, kept by no cache, its days and instants real ones."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import quote

from flask import Response
from flask_babel import format_date

from webapp.core.clock import LOCAL
from webapp.desk.unit_and_period import period_title
from webapp.formats.sheets import DayFormats
from webapp.formats.tables import write_csv, write_xlsx
from webapp.rulebook.periods import Period
from webapp.web.language import language

TYPES = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "toml": "application/toml",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_LONGEST = 80  # characters of a file's name: Windows counts the folders, too
_FORMATS = {
    "zh": DayFormats('yyyy"年"m"月"d"日"', 'yyyy"年"m"月"d"日" hh:mm'),
    "en": DayFormats("d mmm yyyy", "d mmm yyyy hh:mm"),
}


def answer(data: bytes | Iterable[bytes], ending: str, plain: str, *names: object) -> Response:
    """The file. ``names``, joined, are its name in the reader's language; ``plain`` is the ASCII one of old clients.

    Both stand in the header as RFC 6266 has it; no cache keeps the file.
    """
    name = _NOT_IN_A_NAME.sub(" ", "_".join(str(part) for part in names))[:_LONGEST].strip(" .")
    said = f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(f'{name}.{ending}', safe='')}"
    headers = {"Content-Disposition": said, "Cache-Control": "no-store"}
    return Response(data, mimetype=TYPES[ending], headers=headers)


def table(ending: str, header: list[str], rows: list[list], name: str) -> bytes:
    """A table as ``csv`` or ``xlsx``; a workbook's sheet is called ``name``."""
    return write_csv(header, rows) if ending == "csv" else write_xlsx(header, rows, name, formats())


def formats() -> DayFormats:
    """How days and instants look in a workbook of the reader's language."""
    return _FORMATS[language()]


def local(instant: datetime | None) -> datetime | None:
    """An instant as Excel holds it: the local time of Inner Mongolia, without a zone."""
    return instant and instant.astimezone(LOCAL).replace(tzinfo=None)


def day_named(day: date) -> str:
    """A day in the name of a file: with its year, always."""
    return format_date(day, "d MMM y" if language() == "en" else "y年M月d日")


def period_named(period: Period) -> str:
    """A period in the name of a file or in a cell: with its year, always."""
    return day_named(period.first) if period.kind == "day" else period_title(period)
