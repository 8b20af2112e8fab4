"""The items of many departments that records look at, read once and asked several things: seen, judged, chosen in advance."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection, Item


class Looked(NamedTuple):
    """An item of a record in force."""

    record: str
    ordinal: int
    kind: str
    unit: str
    day: date
    author: str
    drawn: bool
    subject: str
    mail_class: str | None
    verdict: str | None
    route: str | None
    tag: str | None


def looked_at(session: Session, codes: Collection[str], kinds: Collection[str], since: date) -> list[Looked]:
    """The items of records of these kinds about days from ``since`` on, record by record; one query."""
    query = (
        select(
            Inspection.id, Item.ordinal, Inspection.kind, Inspection.unit_code, Inspection.day, Inspection.author_id,
            Inspection.drawn, Item.subject, Item.mail_class, Item.verdict, Item.route_id, Item.tag,
        )
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code.in_(codes), Inspection.kind.in_(kinds), Inspection.in_force)
        .where(Inspection.day >= since)
        .order_by(Inspection.id, Item.ordinal)
    )  # fmt: skip
    return [Looked(*row) for row in session.execute(query)]


class Headed(NamedTuple):
    """A record in force with what stands at its head."""

    id: str
    kind: str
    day: date
    work_date: date
    header: dict


def headed(
    session: Session, codes: Collection[str], kinds: Collection[str], since: date, made_since: date
) -> dict[str, list[Headed]]:
    """The records of these kinds about days from ``since`` on, or made from ``made_since`` on, by unit and day; one query."""
    query = (
        select(
            Inspection.unit_code, Inspection.id, Inspection.kind, Inspection.day, Inspection.work_date, Inspection.header,
        )
        .where(Inspection.unit_code.in_(codes), Inspection.kind.in_(kinds), Inspection.in_force)
        .where(or_(Inspection.day >= since, Inspection.work_date >= made_since))
        .order_by(Inspection.day, Inspection.id)
    )  # fmt: skip
    found: dict[str, list[Headed]] = {}
    for code, *row in session.execute(query):
        found.setdefault(code, []).append(Headed(*row))
    return found


class Watched(NamedTuple):
    """An item chosen in advance [14.1(5)]; ``verdict`` None: nothing was recorded of it yet."""

    day: date
    subject: str
    mail_class: str | None
    route_id: str | None
    tag: str | None
    drawn: bool
    selection: str
    verdict: str | None
    inspection: str | None


def watch_list(chosen: Iterable[Looked], outcomes: Iterable[Looked]) -> Iterator[Watched]:
    """The chosen items by day, those first that were drawn; each with the outcome that counts: of two a fail wins."""
    known: dict[tuple[date, str], Looked] = {}
    for one in outcomes:
        if one.verdict == "fail" or (one.day, one.subject) not in known:
            known[one.day, one.subject] = one
    found: dict[tuple[date, str], Looked] = {}
    for one in sorted(chosen, key=lambda one: (one.day, not one.drawn, one.record, one.ordinal)):
        found.setdefault((one.day, one.subject), one)
    for key, one in found.items():
        said = known.get(key)
        outcome = (said.verdict, said.record) if said else (None, None)
        yield Watched(
            one.day, one.subject, one.mail_class, one.route, one.tag, one.drawn, one.record, *outcome
        )
