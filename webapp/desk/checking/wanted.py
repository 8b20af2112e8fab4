"""Which issued paper a file wants to be, by the number and digest that it names: a document, or a work order.

Whatever the file says of itself is believed nowhere else: the paper is made anew from what was recorded.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.problems import Problem
from webapp.desk.cases import order_paper
from webapp.desk.documents import paper, words
from webapp.documents import queries
from webapp.documents.queries import Shown
from webapp.documents.rules import RETURNED, VOID, digest, may_see
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.recording.documents import figures_of
from webapp.reports.tables import figures_in
from webapp.rulebook.queries import Editions, editions_of
from webapp.web.language import language

NUMBER = re.compile(r"[\u4e00-\u9fff]{1,6}〔[0-9]{4}〕[1-9][0-9]{0,5}号")
DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
MOST_NUMBERS, MOST_MOVED = 5, 200


@dataclass
class Wanted:
    """An issued paper: what it is, its page, what it says, and how it is drawn; what became of it since.

    ``moved``: gives its figures that would be others today; None where the reader may not be told, or it has none.
    """

    title: str
    number: str
    unit: str
    endpoint: str
    args: Mapping[str, str]
    body: dict
    template: str
    data: Callable[[dict, str], dict]
    book: Callable[[dict, str], bytes] | None = None
    notes: list[str] = field(default_factory=list)
    moved: Callable[[], list[str]] | None = None

    @property
    def digest(self) -> str:
        """What is printed on it."""
        return digest(self.body)


def wanted(session: Session, text: str, me: Actor | None) -> Wanted:
    """The paper that the text names: by its digest among those of its number, else by the unit that it names.

    ``me`` None: whoever runs the server. Raises ``bad-file`` (``no-document``) where there is none in sight.
    """
    named = [*_documents(session, _numbers(text), me), *_orders(session, _numbers(text), me)]
    if not named:
        raise Problem("bad-file", {"file": "no-document"})
    digests = set(DIGEST.findall(text))
    by_digest = [one for one in named if one.digest in digests]
    by_unit = [one for one in named if one.unit in text]
    return (by_digest or by_unit or named)[0]


def _numbers(text: str) -> list[str]:
    """The numbers in a text. Where its lines were joined a name may stand right before one: all ends of it are tried."""
    found = list(dict.fromkeys(NUMBER.findall(text)))[:MOST_NUMBERS]
    return list(dict.fromkeys(one[start:] for one in found for start in range(one.index("〔"))))


# ---------------------------------------------------------------- documents


def _documents(session: Session, numbers: Iterable[str], me: Actor | None) -> list[Wanted]:
    several = [shown for number in numbers for shown in queries.numbered(session, number)]
    return [_document(session, shown, me) for shown in several if me is None or may_see(me, shown.standing)]


def _document(session: Session, shown: Shown, me: Actor | None) -> Wanted:
    document, unit = shown.document, shown.unit
    found = Wanted(
        f"{unit.name} · {words.title_of(document.type, document.period)}", document.number, unit.name,
        "document_pages.show", {"document_id": document.id}, queries.body_of(session, document),
        "document", paper.data_of, paper.book_of, _became(session, shown),
    )  # fmt: skip
    if me is None or me.can("write-documents", unit.path):
        found.moved = partial(_moved, session, shown, found.body)
    return found


def _became(session: Session, shown: Shown) -> list[str]:
    document, notes = shown.document, []
    newest = queries.versions_of(session, document)[-1]
    if document.state == VOID:
        notes.append(_("It was declared void."))
    if document.state == RETURNED:
        notes.append(_("It was returned by whoever received it."))
    if newest.version > document.version and newest.issued_at is not None:
        notes.append(_("There is a later version under its number: version %(n)s.", n=newest.version))
    return notes


def _moved(session: Session, shown: Shown, body: dict) -> list[str]:
    figures = figures_of(session, shown, clock.now()).figures
    moved = []
    for one in (figure for part in body["sections"] for figure in figures_in(part["tables"])):
        then = one.said.in_(language())
        now = figures[one.code].said.in_(language()) if one.code in figures else "—"
        if now != then:
            moved.append(f"{one.title.in_(language())}: {then} → {now}")
    return moved[:MOST_MOVED]


# ---------------------------------------------------------------- work orders


def _orders(session: Session, numbers: Iterable[str], me: Actor | None) -> list[Wanted]:
    query = select(Case, Unit).join(Unit, Unit.code == Case.unit_code).where(Case.number.in_(list(numbers)))
    rows = session.execute(query.order_by(Case.id)).all()
    known = editions_of(session) if rows else None
    return [
        _order(session, known, case)
        for case, unit in rows
        if me is None or me.can("see-inspections", unit.path)
    ]


def _order(session: Session, editions: Editions, case: Case) -> Wanted:
    body = order_paper.body_of(session, editions, case)
    kind = editions.on(case.opened_on).cases.types[case.type]
    state = _("It stands now: %(state)s.", state=kind.states[case.state].title.in_(language()))
    return Wanted(
        f"{body['unit']['name']} · {body['title'][language()]}", case.number, body["unit"]["name"],
        "case_pages.show", {"case_id": case.id}, body, "order", order_paper.data_of, notes=[state],
    )  # fmt: skip
