"""An issued document that comes back as PDF or as workbook, held against its frozen body: what differs, named by its place.

The file says by its digest and number which document it wants to be; that one is made anew, and the two are compared. Whatever
the file says of itself is believed nowhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from flask_babel import force_locale, gettext as _
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.problems import Problem
from webapp.desk.documents import paper, words
from webapp.documents import queries
from webapp.documents.queries import Shown
from webapp.documents.rules import RETURNED, VOID, may_see
from webapp.formats.pdf_texts import PdfTexts, read_pdf
from webapp.formats.typeset import typeset
from webapp.formats.workbooks import Unreadable, read_sheets
from webapp.org.rules import Actor
from webapp.recording.documents import body_digest, figures_of
from webapp.reports.tables import figures_in
from webapp.web.language import language

NUMBER = re.compile(r"[\u4e00-\u9fff]{1,4}〔[0-9]{4}〕[1-9][0-9]{0,5}号")
DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
SHOWN = 200  # differences that are named
LANGUAGES = ("zh", "en")
Cells = dict[tuple[str, int, int], str]  # by sheet, line and column


@dataclass
class Paper:
    """Which document the file wants to be, and how it stands to what was issued; as :class:`results.Result` says."""

    shown: Shown
    body: dict
    exact: bool = False
    differs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    since: list[str] | None = None

    @property
    def title(self) -> str:
        """``锡林郭勒盟邮政分公司 · 检查报告书 2026年11月``."""
        document = self.shown.document
        return f"{self.shown.unit.name} · {words.title_of(document.type, document.period)}"


def check_pdf(session: Session, data: bytes, me: Actor | None) -> Paper:
    """Compare a PDF; raises ``bad-file`` for what is no issued document, ``not-found`` for one that ``me`` does not see."""
    brought = read_pdf(data)
    found = _wanted(session, f"{brought.keywords} {brought.whole}", me)
    with force_locale("en" if brought.language.startswith("en") else "zh"):
        made = typeset("document", paper.data_of(found.body, body_digest(found.body)))
    found.exact = made == data
    if not found.exact:
        found.differs = list(_pages_apart(brought, read_pdf(made)))[:SHOWN]
    return _told(session, found, me)


def check_book(session: Session, data: bytes, me: Actor | None) -> Paper:
    """Compare a workbook, cell by cell, whatever its looks; raises as :func:`check_pdf`."""
    brought = _cells(data)
    found = _wanted(session, " ".join(brought.values()), me)
    apart = []
    for spoken in LANGUAGES:
        with force_locale(spoken):
            made = _cells(paper.book_of(found.body, body_digest(found.body)))
        apart.append(list(_cells_apart(brought, made)))
    found.differs = min(apart, key=len)[:SHOWN]
    found.exact = not found.differs
    return _told(session, found, me)


def _wanted(session: Session, text: str, me: Actor | None) -> Paper:
    """The document that the text names: by its digest among those of its number, else by the unit that it names."""
    numbers = list(dict.fromkeys(NUMBER.findall(text)))[:5]
    digests = set(DIGEST.findall(text))
    # A name stands right before the number where lines were joined: all ends of what was found are tried.
    tried = dict.fromkeys(one[start:] for one in numbers for start in range(one.index("〔")))
    named = [shown for number in tried for shown in queries.numbered(session, number)]
    if me is not None:
        named = [shown for shown in named if may_see(me, shown.standing)]
    if not named:
        raise Problem("bad-file", {"file": "no-document"})
    papers = [Paper(shown, queries.body_of(session, shown.document)) for shown in named]
    by_digest = [one for one in papers if body_digest(one.body) in digests]
    by_unit = [one for one in papers if one.body["unit"]["name"] in text]
    return (by_digest or by_unit or papers)[0]


def _told(session: Session, found: Paper, me: Actor | None) -> Paper:
    """What became of the document since, and which of its figures would be others today."""
    document = found.shown.document
    newest = queries.versions_of(session, document)[-1]
    if document.state == VOID:
        found.notes.append(_("It was declared void."))
    if document.state == RETURNED:
        found.notes.append(_("It was returned by whoever received it."))
    if newest.version > document.version and newest.issued_at is not None:
        found.notes.append(_("There is a later version under its number: version %(n)s.", n=newest.version))
    if me is None or me.can("write-documents", found.shown.unit.path):
        found.since = _since(session, found)
    return found


def _since(session: Session, found: Paper) -> list[str]:
    figures = figures_of(session, found.shown, clock.now()).figures
    moved = []
    for one in (figure for part in found.body["sections"] for figure in figures_in(part["tables"])):
        then = one.said.in_(language())
        now = figures[one.code].said.in_(language()) if one.code in figures else "—"
        if now != then:
            moved.append(f"{one.title.in_(language())}: {then} → {now}")
    return moved[:SHOWN]


# ---------------------------------------------------------------- what differs, by its place


def _pages_apart(brought: PdfTexts, made: PdfTexts) -> Iterator[str]:
    """Each line that is another one, by page; nothing where both say the same."""
    pages = zip_longest(brought.pages, made.pages, fillvalue="")
    for number, (here, there) in enumerate(pages, 1):
        lines = [[line.strip() for line in text.splitlines() if line.strip()] for text in (here, there)]
        for kind, first, last, begin, end in SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
            if kind != "equal":
                yield _apart(
                    _("page %(n)s", n=number),
                    " / ".join(lines[0][first:last]),
                    " / ".join(lines[1][begin:end]),
                )


def _cells(data: bytes) -> Cells:
    try:
        return {
            (name, line, column): cell
            for name, sheet in read_sheets(data)
            for line, cells in sheet.lines
            for column, cell in enumerate(cells, 1)
            if cell
        }
    except Unreadable as error:
        raise Problem("bad-file", {"file": "no-document"}) from error


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
        here=here or nothing,
        there=there or nothing,
    )
