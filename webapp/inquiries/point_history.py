"""What happened to a relay point: each change with who, when, from what to what; read only."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.journal.models import Fact
from webapp.org.models import Person, Route
from webapp.org.names import name_on
from webapp.registers.models import RelayChange, RelayPoint
from webapp.registers.rules import OPEN_FIELDS, PERSONAL_FIELDS


@dataclass(frozen=True)
class Turn:
    """One field that a change set. ``gone``: what it was set to has been deleted with the fact's personal part."""

    field: str
    before: object
    after: object
    gone: bool = False


@dataclass(frozen=True)
class Step:
    """One change of a point; ``author`` is None where the point was made with its unit."""

    fact_id: str
    op: str
    day: date
    author: str | None
    received_at: datetime | None
    reason: str | None
    turns: list[Turn]


def history(session: Session, point: RelayPoint) -> list[Step]:
    """The changes of the point in the order in which they hold, the newest first; routes by their code and name."""
    query = (
        select(RelayChange, Fact.open, Fact.personal, name_on(RelayChange.day, RelayChange.received_at))
        .outerjoin(Fact, Fact.id == RelayChange.fact_id)
        .outerjoin(Person, Person.id == RelayChange.author_id)
        .where(RelayChange.point_id == point.id)
        .order_by(RelayChange.day, RelayChange.fact_id)
    )
    rows = session.execute(query).all()
    routes = _routes(session, rows)
    known: dict = {}
    steps = [_step(change, open, personal, name, known, routes) for change, open, personal, name in rows]
    if not any(step.op == "open" for step in steps):
        steps.insert(0, Step("", "open", point.opened_on, None, None, None, []))
    return steps[::-1]


def _routes(session: Session, rows) -> dict[str, str]:
    wanted = {row[0].values.get("route") for row in rows} - {None}
    query = select(Route.id, Route.code, Route.name).where(Route.id.in_(wanted))
    return {one: f"{code} {name}" for one, code, name in session.execute(query)}


def _step(change: RelayChange, open: str | None, personal: str | None, author: str | None, known: dict, routes) -> Step:  # fmt: skip
    """The step, with ``known`` brought up to date."""
    values = {name: change.values[name] for name in OPEN_FIELDS if name in change.values}
    if values.get("route"):
        values["route"] = routes.get(values["route"], values["route"])
    said = json.loads(personal) if personal else {}
    gone = {name for name in change.personal if name not in said}
    values |= {name: said.get(name) for name in PERSONAL_FIELDS if name in change.personal}
    turns = [
        Turn(name, known.get(name), value, name in gone)
        for name, value in values.items()
        if name in gone or known.get(name) != value
    ]
    known |= values
    reason = (json.loads(open).get("reason") or "").strip() if open else ""
    return Step(change.fact_id, change.op, change.day, author, change.received_at, reason or None, turns)
