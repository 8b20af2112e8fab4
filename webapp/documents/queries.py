"""Documents as they stand, read only: one with what decides about it, those of a unit, those it gets, and what the ledger asks."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.core.ids import is_id
from webapp.core.problems import OutOfSight, Problem
from webapp.documents.models import Document, DocumentMove, DocumentNumber
from webapp.documents.rules import OPEN, VOID, Standing, Written, may_see
from webapp.journal.models import Fact
from webapp.org.models import Person, Unit
from webapp.org.queries import within
from webapp.org.rules import Actor
from webapp.rulebook.documents import document_types

MOST = 200  # of one list


@dataclass(frozen=True)
class Shown:
    """A document with the units that it comes from and goes to, and what decides who may do what with it."""

    document: Document
    unit: Unit
    addressed: Unit | None
    standing: Standing


def standing_of(document: Document, unit: Unit, addressed: Unit | None) -> Standing:
    """What decides who may do what with it."""
    return Standing(
        document_types()[document.type], document.state, unit.code, unit.level, unit.path, frozenset(document.writers),
        addressed and addressed.code, addressed and addressed.level, addressed and addressed.path,
    )  # fmt: skip


def document_for(session: Session, actor: Actor, document_id: str) -> Shown:
    """The document if it exists for the actor; else the same ``not-found`` as for none."""
    document = session.get(Document, document_id) if is_id(document_id) else None
    if document is None:
        raise Problem("not-found")
    unit = session.get(Unit, document.unit_code)
    addressed = session.get(Unit, document.addressed) if document.addressed else None
    standing = standing_of(document, unit, addressed)
    if not may_see(actor, standing):
        raise OutOfSight(unit.code)
    return Shown(document, unit, addressed, standing)


def body_of(session: Session, document: Document) -> dict:
    """What was frozen at its issue, verbatim; raises ``not-found`` before."""
    fact = session.get(Fact, document.fact_id) if document.fact_id else None
    if fact is None:
        raise Problem("not-found")
    return json.loads(fact.open)["body"]


def own(session: Session, unit: Unit) -> list[Document]:
    """The documents of the unit, the latest first."""
    query = select(Document).where(Document.unit_code == unit.code)
    return list(session.scalars(query.order_by(Document.drafted_at.desc(), Document.id.desc()).limit(MOST)))


def open_draft(
    session: Session, unit: Unit, type: str, period: str, addressed: str | None
) -> Document | None:
    """The one that is being written about the same, if there is one."""
    query = select(Document).where(
        Document.unit_code == unit.code,
        Document.type == type,
        Document.period == period,
        Document.state.in_(OPEN),
    )
    same = [one for one in session.scalars(query.order_by(Document.id)) if one.addressed == addressed]
    return same[0] if same else None


def received(session: Session, actor: Actor, unit: Unit) -> list[tuple[Document, Unit]]:
    """What is out and addressed to the unit, what waits for it first; and what was issued above it for all below."""
    query = (
        select(Document, Unit)
        .join(Unit, Unit.code == Document.unit_code)
        .where(Document.state.not_in(OPEN), or_(Document.addressed == unit.code, _to_all_above(unit)))
        .where(or_(Document.sent_at.is_not(None), Document.type.in_(_issued_only())))
        .order_by(Document.issued_at.desc(), Document.id.desc())
        .limit(MOST)
    )
    found = [tuple(row) for row in session.execute(query)]
    return sorted(found, key=lambda row: row[0].state not in ("sent", "received"))


def _issued_only() -> list[str]:
    return [one.code for one in document_types().values() if not one.is_sent]


def _to_all_above(unit: Unit) -> ColumnElement[bool]:
    above = unit.path.strip("/").split("/")[:-1]
    types = [one.code for one in document_types().values() if one.to == "below"]
    return and_(Document.type.in_(types), Document.unit_code.in_(above))


def waiting(session: Session, actor: Actor) -> int:
    """How many were sent to units that the actor leads and are neither accepted nor returned."""
    codes = sorted({grant.unit_code for grant in actor.current})
    receiver = aliased(Unit)
    query = (
        select(func.count())
        .select_from(Document)
        .join(receiver, receiver.code == Document.addressed)
        .where(Document.addressed.in_(codes), Document.state.in_(("sent", "received")))
    )
    return session.scalar(query)


def moves_of(session: Session, document: Document) -> list[tuple[DocumentMove, str, str | None]]:
    """Every step with it in its order, with who made it and the reason that was given."""
    query = (
        select(DocumentMove, Person.name, Fact.open)
        .join(Person, Person.id == DocumentMove.author_id)
        .join(Fact, Fact.id == DocumentMove.fact_id)
        .where(DocumentMove.document_id == document.id)
        .order_by(DocumentMove.seq)
    )
    return [(move, name, json.loads(text).get("reason")) for move, name, text in session.execute(query)]


def versions_of(session: Session, document: Document) -> list[Document]:
    """All versions under its number, the first one first; only itself while it has none."""
    if document.number is None:
        return [document]
    query = select(Document).where(
        Document.unit_code == document.unit_code, Document.type == document.type, Document.year == document.year,
        Document.n == document.n,
    )  # fmt: skip
    return list(session.scalars(query.order_by(Document.version)))


def numbered(session: Session, number: str) -> list[Shown]:
    """All issued documents of that number, of whatever unit, the latest version first."""
    query = select(Document).where(Document.number == number).order_by(Document.version.desc(), Document.id)
    found = []
    for one in session.scalars(query):
        unit = session.get(Unit, one.unit_code)
        addressed = session.get(Unit, one.addressed) if one.addressed else None
        found.append(Shown(one, unit, addressed, standing_of(one, unit, addressed)))
    return found


def last_number(session: Session, unit: str, type: str, year: int) -> int:
    """The last number given; 0 where there was none. Asked under the unit's lock it stays so."""
    query = select(DocumentNumber.last).where(
        DocumentNumber.unit_code == unit, DocumentNumber.type == type, DocumentNumber.year == year
    )
    return session.scalar(query) or 0


# ---------------------------------------------------------------- what the ledger asks


def written_by(
    session: Session, unit: str, types: Iterable[str], periods: Iterable[str]
) -> tuple[Written, ...]:
    """The documents of the types about the periods that the unit has issued, in the order of their issue."""
    query = select(Document).where(
        Document.unit_code == unit, Document.type.in_(sorted(set(types))), Document.period.in_(sorted(set(periods))),
        Document.issued_at.is_not(None),
    )  # fmt: skip
    rows = session.scalars(query.order_by(Document.issued_at, Document.id))
    return tuple(_written(one) for one in rows)


def _written(one: Document) -> Written:
    return Written(one.type, one.period, one.number, one.issued_at, one.sent_at, one.state == VOID)


def all_written(session: Session, unit: str) -> tuple[Written, ...]:
    """All documents that the unit has issued."""
    query = select(Document).where(Document.unit_code == unit, Document.issued_at.is_not(None))
    return tuple(_written(one) for one in session.scalars(query.order_by(Document.id)))


def names(session: Session, people: Iterable[str]) -> Mapping[str, str]:
    """{id: name} of the people."""
    return dict(
        session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(set(people))))).all()
    )


def receivers(session: Session, document: Document, unit: Unit) -> Sequence[Unit]:
    """The units that get it: the one that it is addressed to, or all that are open below."""
    if document.addressed:
        return [session.get(Unit, document.addressed)]
    query = select(Unit).where(Unit.parent_code == unit.code, Unit.closed_on.is_(None))
    return list(session.scalars(query.order_by(Unit.code)))


def all_below(session: Session, unit: Unit) -> Sequence[Unit]:
    """Every open unit below, whatever its level: whoever leads one is told of what was issued for all."""
    query = select(Unit).where(within([unit.path]), Unit.code != unit.code, Unit.closed_on.is_(None))
    return list(session.scalars(query.order_by(Unit.code)))
