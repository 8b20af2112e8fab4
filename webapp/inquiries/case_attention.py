"""What of cases waits for somebody in a unit: to be pressed, decided, looked at again, answered. Read only."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.cases.filters import MINE, Filters, Reader
from webapp.cases.listing import Found, find
from webapp.org.models import Unit
from webapp.org.rules import HEADS
from webapp.rulebook.queries import Editions

SHOWN = 10  # of each part
COUNTY, ISSUER = "county", "issuer"  # parties: a unit above the responsible one, and the one that issued it


@dataclass(frozen=True)
class Part:
    """Cases that wait for the same. ``name``: what for; ``filters``: the list of all of them."""

    name: str
    filters: Filters
    found: Found


def waiting_cases(session: Session, editions: Editions, unit: Unit, reader: Reader) -> list[Part]:
    """The parts in which anything waits, the most urgent first."""
    found = []
    for name, filters in _asked(unit, reader):
        page = find(session, editions, filters, reader, size=SHOWN)
        if page.ids:
            found.append(Part(name, filters, page))
    return found


def _asked(unit: Unit, reader: Reader) -> Iterator[tuple[str, Filters]]:
    every = Filters(unit)
    if HEADS[unit.level] in reader.actor.roles_at(unit.code, reader.today) and unit.level != "department":
        yield "escalated", every.but(level=unit.level)
        yield "disputes", every.but(turn=COUNTY)
        yield "time", every.but(asked=True)
        yield "orders", every.but(by=unit.code, sole=ISSUER)
    yield "recheck", every.but(recheck=True)
    yield "mine", every.but(owner=MINE)
