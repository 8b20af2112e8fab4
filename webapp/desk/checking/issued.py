"""An issued paper that comes back as PDF or as workbook, held against the one made anew: what differs, named by its place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from flask_babel import force_locale, gettext as _
from sqlalchemy.orm import Session

from webapp.core.budgets import UNPACKING
from webapp.core.problems import Problem
from webapp.desk.checking.wanted import Wanted, wanted
from webapp.formats.pdf_texts import PdfTexts, read_pdf
from webapp.formats.typeset import typeset
from webapp.formats.workbooks import Unreadable, read_sheets
from webapp.org.rules import Actor

SHOWN = 200  # differences that are named
LONGEST = 200  # characters of each that are shown
MOST_TIMES, MOST_MORE = 4, 200  # lines of a page that was brought, of those that were issued
LANGUAGES = ("zh", "en")
Cells = dict[tuple[str, int, int], str]  # by sheet, line and column


@dataclass
class Compared:
    """Which paper a file wants to be, and how it stands to it; as :class:`results.Result` says."""

    paper: Wanted
    exact: bool
    differs: list[str] = field(default_factory=list)


def check_pdf(session: Session, data: bytes, me: Actor | None) -> Compared:
    """Compare a PDF; raises ``bad-file`` for what is no issued paper, or none that ``me`` sees."""
    brought = read_pdf(data)
    paper = wanted(session, f"{brought.keywords} {brought.whole}", me)
    with force_locale("en" if brought.language.startswith("en") else "zh"):
        made = typeset(paper.template, paper.data(paper.body, paper.digest))
    if made == data:
        return Compared(paper, True)
    return Compared(paper, False, list(_pages_apart(brought, read_pdf(made)))[:SHOWN])


def check_book(session: Session, data: bytes, me: Actor | None) -> Compared:
    """Compare a workbook, cell by cell, whatever its looks; raises as :func:`check_pdf`."""
    brought = _cells(data)
    paper = wanted(session, " ".join(brought.values()), me)
    if paper.book is None:
        raise Problem("bad-file", {"file": "no-document"})
    apart = []
    for spoken in LANGUAGES:
        with force_locale(spoken):
            made = _cells(paper.book(paper.body, paper.digest))
        apart.append(list(_cells_apart(brought, made)))
    differs = min(apart, key=len)[:SHOWN]
    return Compared(paper, not differs, differs)


# ---------------------------------------------------------------- what differs, by its place


def _pages_apart(brought: PdfTexts, made: PdfTexts) -> Iterator[str]:
    """Each line that is another one, by page; nothing where both say the same."""
    pages = zip_longest(brought.pages, made.pages, fillvalue="")
    for number, (here, there) in enumerate(pages, 1):
        lines = [[line.strip() for line in text.splitlines() if line.strip()] for text in (here, there)]
        if (
            len(lines[0]) > MOST_TIMES * len(lines[1]) + MOST_MORE
        ):  # comparing them would take as long as they like
            yield _apart(_("page %(n)s", n=number), " / ".join(lines[0][:3]), " / ".join(lines[1][:3]))
            continue
        for kind, first, last, begin, end in SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
            if kind != "equal":
                page = _("page %(n)s", n=number)
                yield _apart(page, " / ".join(lines[0][first:last]), " / ".join(lines[1][begin:end]))


def _cells(data: bytes) -> Cells:
    try:
        with UNPACKING.using(UNPACKING.total):  # as every table that somebody brings
            sheets = read_sheets(data)
        return {
            (name, line, column): cell
            for name, sheet in sheets
            for line, cells in sheet.lines
            for column, cell in enumerate(cells, 1)
            if cell
        }
    except Unreadable as error:
        raise Problem("bad-file", {"file": "no-month"}) from error


def _cells_apart(brought: Cells, made: Cells) -> Iterator[str]:
    for place in sorted({*brought, *made}):
        if brought.get(place) != made.get(place):
            name, line, column = place
            where = _(
                "sheet “%(name)s”, row %(line)s, column %(column)s", name=name, line=line, column=column
            )
            yield _apart(where, brought.get(place, ""), made.get(place, ""))


def _apart(place: str, here: str, there: str) -> str:
    nothing = _("nothing")
    return _(
        "%(place)s: “%(here)s”, issued was “%(there)s”",
        place=place,
        here=_cut(here) or nothing,
        there=_cut(there) or nothing,
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
