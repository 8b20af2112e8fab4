"""The relay register as pages show it: each point with what is known of its visits, confirmations and doubles."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.core.database import db
from webapp.inspections.relay import seen
from webapp.org.models import Unit
from webapp.registers.models import RelayPoint
from webapp.registers.queries import register_of
from webapp.registers.rules import Place, matches, pairs
from webapp.rulebook.binding import confirmed_for

YEAR = timedelta(days=366)  # visits and confirmations are looked for so far back
STATES = ("open", "unconfirmed", "likely", "closed", "all")


@dataclass(frozen=True)
class Row:
    """A point in the list. ``likely``: the other points that it may be one with, and why."""

    point: RelayPoint
    open: bool
    visited: date | None
    confirmed: date | None
    fresh: bool
    likely: list[tuple[Place, str]]

    def stands(self, state: str) -> bool:
        """Whether the row is one of those that a filter of this state shows."""
        return {
            "open": self.open,
            "unconfirmed": self.open and not self.fresh,
            "likely": bool(self.likely),
            "closed": not self.open,
            "all": True,
        }[state]


def rows_of(unit: Unit, today: date) -> list[Row]:
    """All points the unit ever had, by name."""
    register = register_of(db.session, [unit.code])
    points = register.points.get(unit.code, [])
    last = seen(db.session, register, {unit.code: today - YEAR}, today)[unit.code]
    since = today - confirmed_for(db.session, unit, today)
    present = [point for point in points if is_open(point, today)]
    likely = pairs(present)
    rows = []
    for point in points:
        confirmed = last.confirmed.get(point.id)
        fresh = confirmed is not None and confirmed >= since
        open = is_open(point, today)
        rows.append(Row(point, open, last.visited.get(point.id), confirmed, fresh, likely.get(point.id, [])))
    return rows


def is_open(point: RelayPoint, today: date) -> bool:
    """Whether the point is open today."""
    return point.opened_on <= today and (point.closed_on is None or today < point.closed_on)


def counted(rows: list[Row]) -> Counter:
    """How many rows each state would show."""
    return Counter(state for row in rows for state in STATES if row.stands(state))


def filtered(rows: list[Row], state: str, kind: str, route: str, search: str) -> list[Row]:
    """The rows of a state, kind and route (``none``: without one) that match the typed words."""
    return [
        row
        for row in rows
        if row.stands(state)
        and kind in ("", row.point.kind)
        and route in ("", row.point.route_id or "none")
        and matches(search, row.point.name, row.point.initials, row.point.address)
    ]
