"""What `flask check` compares: journals with themselves and their facts, facts and photos with their digests, cases with their facts."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp.cases import verifying
from webapp.documents import verifying as papers
from webapp.journal import chain
from webapp.journal.models import Fact, JournalRow
from webapp.journal.rules import fact_digest, personal_hash
from webapp.photos.models import Photo
from webapp.photos.store import PhotoStore
from webapp.recording.facts import case_move, case_order
from webapp.rulebook.queries import editions_of

# Journal rows that are of no fact, or carry another digest than the fact's that they name.
OTHERS = ("photo", "photo-lost", "conflict", "decision", "lists")
ROWS = 1000  # at a time: a county's years do not fit into memory


def faults(session: Session, store: PhotoStore) -> list[str]:
    """One line for each thing that is not as it was recorded; empty when all is well."""
    checks = (
        _facts(session),
        _unjournalled(session),
        _rows(session),
        _photos(session, store),
        _lost_photos(session),
        verifying.differences(session, editions_of(session), case_move.TYPE.name, case_order.TYPE.name),
        papers.differences(session),
    )
    return chain.broken_rows(session) + [fault for check in checks for fault in check]


def _facts(session: Session) -> Iterator[str]:
    """Facts whose content is not what their digest says."""
    for fact in session.scalars(select(Fact).order_by(Fact.id).execution_options(yield_per=ROWS)):
        if fact_digest(fact.open, fact.personal_hash) != fact.digest:
            yield f"fact {fact.id} of {fact.unit_code}: its content differs from its digest"
        if fact.salt is not None and personal_hash(fact.salt, fact.personal or "") != fact.personal_hash:
            yield f"fact {fact.id} of {fact.unit_code}: its personal part differs from its digest"


def _unjournalled(session: Session) -> Iterator[str]:
    """Facts that do not stand in the journals of the unit concerned and of the unit that acts.

    By their digest alone: a second content that was put in force stands there as a decision.
    """
    for code in (Fact.unit_code, Fact.acting_code):
        mine = and_(JournalRow.unit_code == code, JournalRow.digest == Fact.digest)
        missing = select(Fact.id, code).outerjoin(JournalRow, mine).where(JournalRow.seq.is_(None))
        if code is Fact.acting_code:
            missing = missing.where(Fact.acting_code != Fact.unit_code)
        for fact, unit in session.execute(missing.order_by(Fact.id)):
            yield f"fact {fact}: does not stand in the journal of {unit} as it is"


def _rows(session: Session) -> Iterator[str]:
    """Journal rows whose fact is gone or has another digest."""
    query = (
        select(JournalRow.unit_code, JournalRow.seq, JournalRow.fact_id)
        .outerjoin(Fact, Fact.id == JournalRow.fact_id)
        .where(JournalRow.entry.not_in(OTHERS), JournalRow.fact_id.is_not(None))
        .where(or_(Fact.id.is_(None), Fact.digest != JournalRow.digest))
        .order_by(JournalRow.unit_code, JournalRow.seq)
    )
    for unit, seq, fact in session.execute(query):
        yield f"{unit} {seq}: fact {fact} is gone or another one"


def _photos(session: Session, store: PhotoStore) -> Iterator[str]:
    """Photos whose file is gone or has other bytes."""
    here = select(Photo.digest).where(Photo.purged_at.is_(None)).order_by(Photo.digest)
    for digest in session.scalars(here.execution_options(yield_per=ROWS)):
        data = store.read(digest)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            yield f"photo {digest}: {'missing' if data is None else 'damaged'}"


def _lost_photos(session: Session) -> Iterator[str]:
    """Photos whose arrival a journal tells, and of which the database no longer knows."""
    query = (
        select(JournalRow.digest)
        .outerjoin(Photo, Photo.digest == JournalRow.digest)
        .where(JournalRow.entry == "photo", Photo.digest.is_(None))
        .distinct()
    )
    for digest in session.scalars(query.order_by(JournalRow.digest)):
        yield f"photo {digest}: arrived, says the journal, but is not known"
