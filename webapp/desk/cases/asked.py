"""What the address of a list of cases asks for, and the addresses of other lists. No number or name stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for

from webapp.cases.filters import ALL, LIVE, MONTHS, Filters, Reader
from webapp.cases.listing import Place
from webapp.cases.standing import workdays_of
from webapp.core import clock
from webapp.core.database import db
from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.desk import searches
from webapp.org.models import Unit
from webapp.org.queries import unit_for
from webapp.org.rules import LEVELS, Actor
from webapp.rulebook.case_rules import PARTIES, CaseRules
from webapp.rulebook.rules import parse_period
from webapp.web.access import editions, now

# What may stand in the address of a list and in a saved view, in this order. The key of a search lives in one browser only.
NAMES = (
    "unit", "view", "type", "state", "severity", "owner", "due", "level", "turn", "kind", "criterion", "found",
    "recurs", "asked", "recheck", "sort", "by", "sole", *MONTHS, "self", "late",
)  # fmt: skip
FLAGS = ("recurs", "asked", "recheck", "self", "late")
DUE = ("overdue", "0", "1", "3", "7", "30")  # days
LONGEST = 60
BOARD, NEWEST = "board", "newest"
SEES = "see-inspections"


@dataclass(frozen=True)
class Asked:
    """A list as its address asks for it. ``own``: the reader sees no records, and gets the own cases alone."""

    filters: Filters
    reader: Reader
    where: dict[str, str]  # what stands in the address, wrong values left out
    text: str = ""
    own: bool = False

    @property
    def board(self) -> bool:
        """Whether it is shown as a board."""
        return self.where.get("view") == BOARD

    def address(self, /, page: str = "cases.index", **changes: str | None) -> str:
        """This list with something else asked for; None: not asked any more. ``page``: the endpoint of another page of it."""
        kept = {**self.where, **changes}
        key = request.args.get(searches.KEY)
        more = {searches.KEY: key} if key and self.text else {}
        return url_for(page, **{name: value for name, value in {**kept, **more}.items() if value})


def reader_of(me: Actor) -> Reader:
    """Who asks, today, by the rules of today."""
    today = clock.local_date(now())
    return Reader(me, today, workdays_of(db.session), editions().on(today).cases)


def asked(me: Actor, values: Mapping[str, str]) -> Asked:
    """The list that the values ask for; raises not-found, forbidden, bad-period. What is no filter is left out."""
    reader = reader_of(me)
    unit, own = _unit(me, values.get("unit"))
    where = {"unit": unit.code} | _known(values, reader.rules)
    filters = _filters(unit, where)
    if own:
        filters = filters.but(owner=me.person_id)
    return Asked(filters, reader, where, own=own)


def _unit(me: Actor, code: str | None) -> tuple[Unit, bool]:
    """The unit of the list, and whether only the own cases are shown there."""
    if code:
        unit = unit_for(db.session, me, code)
        if not me.can(SEES, unit.path) and not me.can("work", unit.path):
            raise Problem("forbidden")
        return unit, not me.can(SEES, unit.path)
    for action in (SEES, "work"):
        for path in me.reach(action):
            return unit_for(db.session, me, path.rstrip("/").rpartition("/")[2], action), action != SEES
    raise Problem("forbidden")


def _known(values: Mapping[str, str], rules: CaseRules) -> dict[str, str]:
    """Those of the values that the rules know."""
    given = {name: values.get(name, "").strip()[:LONGEST] for name in NAMES if name != "unit"}
    states = {state for one in rules.types.values() for state in one.states} | {LIVE, ALL}
    late = {state.late for one in rules.types.values() for state in one.states.values()} - {None}
    known = {
        "view": (BOARD,), "type": rules.types, "state": states, "severity": rules.severities, "due": DUE,
        "level": LEVELS, "turn": late, "sole": PARTIES, "kind": editions().kinds(), "sort": (NEWEST,),
        **dict.fromkeys(FLAGS, ("1",)),
    }  # fmt: skip
    found = {
        name: value for name, value in given.items() if value and (name not in known or value in known[name])
    }
    for name in ("found", *MONTHS):
        if found.get(name):
            parse_period(found[name])
    if not is_id(found.get("owner")) and found.get("owner") not in ("mine", "leads"):
        found.pop("owner", None)
    return (
        found if found.get("kind") else {name: value for name, value in found.items() if name != "criterion"}
    )


def _filters(unit: Unit, where: Mapping[str, str]) -> Filters:
    due, period = where.get("due"), where.get("found")
    span = parse_period(period) if period else None
    return Filters(
        unit,
        where.get("type"),
        where.get("state") or (ALL if period or any(where.get(name) for name in MONTHS) else LIVE),
        where.get("severity"),
        where.get("owner"),
        overdue=due == DUE[0],
        due=int(due) if due and due != DUE[0] else None,
        recurs="recurs" in where,
        kind=where.get("kind"),
        criterion=where.get("criterion"),
        asked="asked" in where,
        level=where.get("level"),
        recheck="recheck" in where,
        found=(span.first, span.last) if span else None,
        turn=where.get("turn"),
        by=where.get("by"),
        sole=where.get("sole"),
        opened=where.get("opened"),
        deadline=where.get("deadline"),
        closed=where.get("closed"),
        self_found="self" in where,
        late="late" in where,
        newest=where.get("sort") == NEWEST,
    )


def place_in(values: Mapping[str, str]) -> tuple[Place | None, int]:
    """Where the page begins, and its number; the first page where the address says nothing that makes sense."""
    number, _tilde, rest = values.get("after", "").partition("~")
    id, _tilde, page = rest.partition("~")
    if not (number.isdigit() and len(number) < 10 and is_id(id) and page.isdigit() and len(page) < 6):
        return None, 1
    return Place(int(number), id), int(page)


def place_out(place: Place, page: int) -> str:
    """The same for the address of the next page."""
    return f"{place.number}~{place.id}~{page}"


def query_of(where: Mapping[str, str]) -> str:
    """The filters as a view keeps them."""
    return urlencode({name: where[name] for name in NAMES if where.get(name)})


def where_of(filters: Filters) -> dict[str, str]:
    """The address of a list that this server itself asks for."""
    said = {
        "unit": filters.unit.code, "type": filters.type, "owner": filters.owner, "level": filters.level,
        "turn": filters.turn, "by": filters.by, "sole": filters.sole, "severity": filters.severity,
        **{name: "1" for name in FLAGS if getattr(filters, name, False)},
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}
