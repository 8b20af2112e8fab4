"""Write a document, begin it, give it up; keep what its facts say. Whoever calls holds the transaction; facts hold the lock."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.core.text_lengths import fits
from webapp.documents import queries
from webapp.documents.models import Document, DocumentMove, DocumentNumber
from webapp.documents.queries import Shown, document_for, open_draft
from webapp.documents.rules import CHECKED, DRAFT, ISSUED, LONGEST_TEXT, MOVES, OPEN, leads, may_correct
from webapp.org.models import Unit
from webapp.org.queries import unit_for
from webapp.org.rules import Actor
from webapp.rulebook.documents import document_types
from webapp.rulebook.periods import parse_period

# ---------------------------------------------------------------- the working copy


def begin(
    session: Session, actor: Actor, now: datetime, unit: Unit, type: str, period: str, addressed: str | None = None
) -> Document:  # fmt: skip
    """Begin a document of the unit, or go on with the one that is begun; raises ``forbidden`` and ``invalid``."""
    kind = document_types().get(type)
    if kind is None or unit.level not in kind.levels:
        raise Problem("invalid", {"type": "choice"})
    if not leads(actor, unit.code, unit.level):
        raise Problem("forbidden")
    span = parse_period(period)
    if span.kind != kind.period or span.first > actor.today:
        raise Problem("invalid", {"period": "choice"})
    to = _addressed(session, actor, unit, kind.to, addressed)
    if found := open_draft(session, unit, type, span.code, to):
        return found
    draft = Document(
        id=new_id(), unit_code=unit.code, type=type, period=span.code, addressed=to, texts={}, writers=[actor.person_id],
        drafted_by=actor.person_id, drafted_at=now, version=1, state=DRAFT,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def _addressed(session: Session, actor: Actor, unit: Unit, to: str, chosen: str | None) -> str | None:
    if to == "above":
        return unit.parent_code
    if to == "below":
        return None
    if not chosen:
        raise Problem("invalid", {"addressed": "empty"})
    below = unit_for(session, actor, chosen)
    if below.code == unit.code or not below.path.startswith(unit.path):
        raise Problem("invalid", {"addressed": "choice"})
    return below.code


def correct(session: Session, actor: Actor, now: datetime, document_id: str) -> Document:
    """Begin a corrected version (更正件) under the same number, with the texts as they are; the first stays as it was issued."""
    shown = document_for(session, actor, document_id)
    if not leads(actor, shown.document.unit_code, shown.unit.level):
        raise Problem("forbidden")
    before = queries.versions_of(session, shown.document)[-1]
    if before.id != document_id or not may_correct(actor, shown.standing):
        raise Problem("document-moved")
    if found := _open_correction(session, before):
        return found
    draft = Document(
        id=new_id(), unit_code=before.unit_code, type=before.type, period=before.period, addressed=before.addressed,
        texts=before.texts, writers=[actor.person_id], drafted_by=actor.person_id, drafted_at=now,
        corrects=before.id, version=before.version + 1, state=DRAFT,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def _open_correction(session: Session, before: Document) -> Document | None:
    query = session.query(Document).where(Document.corrects == before.id, Document.state.in_(OPEN))
    return query.first()


def write(
    session: Session, actor: Actor, now: datetime, document_id: str, section: str, text: str, revision: int
) -> Document:  # fmt: skip
    """Keep the text of a section; ``revision`` is the one that the writer began from.

    Raises ``document-written`` where somebody else has written there since: nothing is overwritten unasked.
    """
    shown = held(session, actor, document_id)
    document = shown.document
    if not leads(actor, document.unit_code, shown.unit.level):
        raise Problem("forbidden")
    if document.state not in OPEN:
        raise Problem("document-moved")
    part = shown.standing.type.section(section)
    if part is None or not part.text:
        raise Problem("invalid", {section[:24]: "choice"})
    if not fits(text, LONGEST_TEXT):
        raise Problem("invalid", {section: "long"})
    stored = document.texts.get(section, {"text": "", "revision": 0})
    if stored["text"] == text:
        return document
    if stored["revision"] != revision:
        raise Problem("document-written", {section: "written"})
    said = {"text": text, "revision": revision + 1, "by": actor.person_id, "at": now.isoformat()}
    document.texts = {**document.texts, section: said}
    if actor.person_id not in document.writers:
        document.writers = [*document.writers, actor.person_id]
    if document.state == CHECKED:  # what was checked is another text now
        document.state, document.checked_by, document.checked_at, document.checked_digest = (
            DRAFT,
            None,
            None,
            None,
        )
    session.flush()
    return document


def held(session: Session, actor: Actor, document_id: str) -> Shown:
    """The document, its row locked until the transaction ends: of two writers at once the second sees what the first wrote."""
    shown = document_for(session, actor, document_id)
    session.refresh(shown.document, with_for_update=True)
    return document_for(session, actor, document_id)


def discard(session: Session, actor: Actor, document_id: str) -> None:
    """Give a working copy up that nobody has checked: no fact speaks of it."""
    shown = held(session, actor, document_id)
    if not leads(actor, shown.document.unit_code, shown.unit.level):
        raise Problem("forbidden")
    if shown.document.state != DRAFT or queries.moves_of(session, shown.document):
        raise Problem("document-moved")
    session.delete(shown.document)
    session.flush()


# ---------------------------------------------------------------- what facts say of it


def keep_move(
    session: Session, document: Document, move: str, fact_id: str, author: str, acting: str, now: datetime
) -> None:
    """Keep a step that its fact has made; the guards have allowed it."""
    rule = MOVES[move]
    seq = len(queries.moves_of(session, document)) + 1
    session.add(
        DocumentMove(
            fact_id=fact_id,
            document_id=document.id,
            seq=seq,
            move=move,
            author_id=author,
            acting_code=acting,
            at=now,
        )
    )
    document.state = rule.to
    if move == "send":
        document.sent_at = now
    session.flush()


def keep_check(document: Document, author: str, digest: str, now: datetime) -> None:
    """Who has checked these very texts."""
    document.checked_by, document.checked_at, document.checked_digest = author, now, digest


def keep_issue(session: Session, document: Document, fact_id: str, body: dict, now: datetime) -> None:
    """It is issued: its number is taken, and what stands in the fact is the document."""
    year, n = body["year"], body["n"]
    if document.version == 1:
        row = session.get(DocumentNumber, (document.unit_code, document.type, year), populate_existing=True)
        if row is None:
            row = DocumentNumber(unit_code=document.unit_code, type=document.type, year=year, last=0)
            session.add(row)
        row.last = n
    document.fact_id, document.year, document.n, document.number = fact_id, year, n, body["number"]
    document.issued_at, document.state = now, ISSUED
    session.flush()
