"""What those above did about a unit, read only: who came when, what was found, what was required [15, 16]."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Fact
from webapp.ledger.cells import below
from webapp.org.models import Person, Unit
from webapp.org.names import name_on
from webapp.rulebook.periods import Period
from webapp.rulebook.purposes import requirements
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Kind, Text

SHOWN = 50  # on one page


@dataclass(frozen=True)
class Visit:
    """A record that a unit above made about one below. ``texts``: (title, what was written; None: deleted in time)."""

    id: str
    unit: Unit
    acting: Unit
    kind: Kind
    author: str
    roles: list[str]
    day: date
    about: date | None  # the first day of what it is about, where that is not the day of the work
    method: str
    items: int
    failed: list[tuple[Text, int]]  # criteria that failed, and how often
    texts: list[tuple[Text, str | None]]
    requirements: list[str]


def visits(session: Session, unit: Unit, period: Period, page: int) -> tuple[list[Visit], int]:
    """A page of what those above did in the period about the unit and those below it, latest first; and how many."""
    which = (
        below(unit),
        Inspection.acting_code != Inspection.unit_code,
        Inspection.in_force,
        Inspection.work_date.between(period.first, period.last),
    )
    about, acting = Unit, aliased(Unit)
    query = (
        select(Inspection, name_on(Inspection.work_date, Inspection.ended_at), about, acting, Fact.personal)
        .join(about, about.code == Inspection.unit_code)
        .join(acting, acting.code == Inspection.acting_code)
        .join(Person, Person.id == Inspection.author_id)
        .join(Fact, Fact.id == Inspection.id)
        .where(*which)
        .order_by(Inspection.work_date.desc(), Inspection.id.desc())
        .limit(SHOWN)
        .offset((page - 1) * SHOWN)
    )
    rows = session.execute(query).all()
    items = _items(session, [row[0].id for row in rows])
    editions = editions_of(session)
    found = [
        _visit(row, editions.kind_on(row[0].work_date, row[0].kind), items.get(row[0].id, [])) for row in rows
    ]
    count = select(func.count()).select_from(Inspection).join(Unit, Unit.code == Inspection.unit_code)
    return found, session.scalar(count.where(*which))


def _items(session: Session, ids: list[str]) -> dict[str, list[dict]]:
    query = select(Item.inspection_id, Item.answers).where(Item.inspection_id.in_(ids)).order_by(Item.ordinal)
    found: dict[str, list[dict]] = {}
    for one, answers in session.execute(query):
        found.setdefault(one, []).append(answers)
    return found


def _visit(row, kind: Kind, items: list[dict]) -> Visit:
    inspection, author, unit, acting, personal = row
    header = inspection.header or {}
    notes = json.loads(personal).get("notes", {}) if personal else {}
    counts: dict[str, int] = {}
    for answers in items:
        for code, answer in answers.items():
            if answer == "fail":
                counts[code] = counts.get(code, 0) + 1
    return Visit(
        inspection.id, unit, acting, kind, author, inspection.roles.split(), inspection.work_date,
        inspection.day if inspection.day != inspection.work_date else None, inspection.method, len(items),
        [(kind.fault(one.code), counts[one.code]) for one in kind.criteria if one.code in counts],
        [
            (one.title, notes.get(f"header.{one.code}"))
            for one in kind.fields
            if one.type == "text" and header.get(one.code)
        ],
        requirements(kind, header),
    )  # fmt: skip
