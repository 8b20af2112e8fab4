"""What a list of cases asks for, as values, and as conditions of a query. Read only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from webapp.cases.clocks import Workdays, bounds
from webapp.cases.models import Case
from webapp.cases.parties import CHECKERS
from webapp.cases.urgency import ENDED, of_day
from webapp.org.models import Role, Unit
from webapp.org.rules import HEADS, LEVELS, Actor
from webapp.rulebook.case_rules import CaseRules, CaseType, State

LIVE, ALL = "live", "all"  # states that are none of the rules': not ended, and any
LEADS, MINE = "leads", "mine"  # owners that are no person: whoever leads the unit, and whoever asks
CHECKER = "checker"


@dataclass(frozen=True)
class Reader:
    """Who asks, on which day, by which rules."""

    actor: Actor
    today: date
    workdays: Workdays
    rules: CaseRules

    @property
    def led(self) -> frozenset[str]:
        """The units that this person leads today."""
        heads = {role: level for level, role in HEADS.items()}
        return frozenset(grant.unit_code for grant in self.actor.current if grant.role in heads)


@dataclass(frozen=True)
class Filters:
    """What is asked for; None or False asks nothing. ``found``: first and last day on which something of it was found."""

    unit: Unit
    type: str | None = None
    state: str = LIVE
    severity: str | None = None
    owner: str | None = None
    overdue: bool = False
    due: int | None = None  # within so many days from today
    recurs: bool = False
    kind: str | None = None
    criterion: str | None = None
    asked: bool = False
    level: str | None = None
    recheck: bool = False
    found: tuple[date, date] | None = None
    turn: str | None = None  # whose move it is: see ``State.late``
    by: str | None = None  # the unit that found or issued it
    sole: str | None = None  # the party that alone can move it on
    ids: frozenset[str] | None = None  # what a search found
    opened: str | None = None  # in this month, 2026-11; likewise fell due, and closed
    deadline: str | None = None
    closed: str | None = None
    self_found: bool = False  # by the unit that has to put it right
    late: bool = False  # its owner is
    newest: bool = False  # the latest first, instead of the most urgent

    @property
    def only_live(self) -> bool:
        """Whether nothing that has ended can be among it."""
        clocks = (
            self.overdue
            or self.late
            or self.due is not None
            or self.level
            or self.recheck
            or self.turn
            or self.sole
        )
        return self.state == LIVE or bool(clocks)

    def but(self, **changes) -> "Filters":
        """The same with something else asked for."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Way:
    """How a database finds the rows: by the condition that an index begins with; all others are only looked at."""

    by: tuple[ColumnElement, ...] = ()
    branches: tuple[ColumnElement, ...] = ()  # several such conditions, each with an order of its own
    rest: tuple[ColumnElement, ...] = ()


class _Aside(FunctionElement):
    """A column that no index is to be chosen for. SQLite, which keeps no statistics, believes what it is told here."""

    inherit_cache = True


@compiles(_Aside)
def _plain(element, compiler, **more):
    return compiler.process(element.clauses, **more)


@compiles(_Aside, "sqlite")
def _unindexed(element, compiler, **more):
    return f"+{compiler.process(element.clauses, **more)}"


def aside(column) -> ColumnElement:
    """The column, of which no index is to be made use."""
    found = _Aside(column)
    found.type = column.type
    return found


def way(filters: Filters, reader: Reader, ended: bool, criteria: Sequence[str]) -> Way:
    """The way to the rows that have ended, or to those that have not. ``criteria``: those of the kind."""
    asked = {
        name: one for name, one in _named(filters, reader, lambda column: column).items() if one is not None
    }
    loose = _named(filters, reader, aside)
    order = _ENDED if ended else _LIVE
    chosen = next((name for name in order if name in asked), None)
    rest = [loose[name] for name in asked if name != chosen]
    rest += [one for one in (_states(filters, reader),) if one is not None]
    branches = _branches(chosen, filters, reader, criteria) if ended else ()
    if branches:
        whole = [loose[chosen]] if chosen == "found" else []
        return Way((), branches, (*rest, *whole))
    by = (asked[chosen],) if chosen else (Case.ended,) if ended else ()
    return Way(by if ended else (*by, ~Case.ended), (), tuple(rest))


def _branches(
    chosen: str | None, filters: Filters, reader: Reader, criteria: Sequence[str]
) -> tuple[ColumnElement, ...]:
    """Of what has ended, where no single condition leads through an index in the order of the list."""
    if chosen == "kind":
        return _by_kind(filters, criteria)
    if chosen == "found":
        return _by_month(filters)
    return () if chosen else _by_standing(filters, reader)


MONTHS = ("opened", "deadline", "closed")
# By which condition first: the one that leaves fewest rows.
_ENDED = (
    "ids",
    "owner",
    "asked",
    "department",
    "county",
    "recurs",
    "criterion",
    "kind",
    *MONTHS,
    "league",
    "found",
)
_LIVE = ("ids", "owner", "asked", "department", "county")


def _named(filters: Filters, reader: Reader, seen) -> dict[str, ColumnElement | None]:
    """By name: the conditions, of columns as an index understands them or of columns that are only looked at (``seen``)."""
    criterion = and_(seen(Case.kind) == filters.kind, seen(Case.criterion) == filters.criterion)
    return {
        "ids": seen(Case.id).in_(sorted(filters.ids)) if filters.ids is not None else None,
        "found": _found(filters, seen) if filters.found else None,
        **_of_unit(filters.unit, seen),
        "leads" if filters.owner == LEADS else "owner": _owner(filters, reader, seen),
        "asked": Case.asked if filters.asked else None,
        "recurs": Case.previous.is_not(None) if filters.recurs else None,
        "criterion": criterion if filters.kind and filters.criterion else None,
        "kind": seen(Case.kind) == filters.kind if filters.kind and not filters.criterion else None,
        "severity": seen(Case.severity) == filters.severity if filters.severity else None,
        "by": seen(Case.found_by) == filters.by if filters.by else None,
        "overdue": Case.urgency < of_day(reader.today) if filters.overdue else None,
        "due": _due(filters, reader),
        "opened": seen(Case.opened_month) == filters.opened if filters.opened else None,
        "deadline": seen(Case.due_month) == filters.deadline if filters.deadline else None,
        "closed": seen(Case.closed_month) == filters.closed if filters.closed else None,
        "self": aside(Case.found_by) == aside(Case.unit_code) if filters.self_found else None,
        "late": and_(aside(Case.climbs), Case.urgency < of_day(reader.today)) if filters.late else None,
        "level": escalated_to(filters.level, reader, seen) if filters.level else None,
        "recheck": to_recheck(filters.unit, reader) if filters.recheck else None,
    }


COLUMNS = {"league": Case.league_code, "county": Case.county_code, "department": Case.unit_code}


def _of_unit(unit: Unit, seen) -> dict[str, ColumnElement]:
    """The unit and all below it: the one place where scope becomes a condition of cases."""
    if unit.level == LEVELS[0]:
        return {}
    return {unit.level: seen(COLUMNS[unit.level]) == unit.code}


def below(unit: Unit) -> ColumnElement[bool]:
    """The unit and all below it, as an index understands it."""
    return and_(true(), *_of_unit(unit, lambda column: column).values())


def _owner(filters: Filters, reader: Reader, seen) -> ColumnElement | None:
    if filters.owner is None:
        return None
    if filters.owner == LEADS:
        return seen(Case.owner_id).is_(None)
    if filters.owner == MINE:
        return mine(reader, seen)
    return seen(Case.owner_id) == filters.owner


def mine(reader: Reader, seen=lambda column: column) -> ColumnElement:
    """What this person owns: named, or as whoever leads the unit."""
    led = and_(seen(Case.owner_id).is_(None), seen(Case.unit_code).in_(sorted(reader.led)))
    return or_(seen(Case.owner_id) == reader.actor.person_id, led)


def _due(filters: Filters, reader: Reader) -> ColumnElement | None:
    if filters.due is None:
        return None
    last = reader.today + timedelta(days=filters.due)
    return Case.urgency.between(of_day(reader.today), of_day(last))


def _found(filters: Filters, seen) -> ColumnElement:
    """Something of it failed in the span, or it was found before and again after: it stood open then."""
    first, last = filters.found
    return and_(seen(Case.first_found) <= last, seen(Case.last_found) >= first)


def _by_month(filters: Filters) -> tuple[ColumnElement, ...]:
    """A branch for each month of the span, by when it was found last; and what was found again after them."""
    first, last = filters.found
    months = sorted({f"{first + timedelta(days=n):%Y-%m}" for n in range((last - first).days + 1)})
    again = and_(Case.first_month < Case.last_month, aside(Case.last_month) > months[-1])
    return (*(Case.last_month == month for month in months), again)


# ---------------------------------------------------------------- states


def states_of(rules: CaseRules) -> list[tuple[CaseType, State]]:
    """All states of all types."""
    return [(one, state) for one in rules.types.values() for state in one.states.values()]


def _matches(filters: Filters, one: CaseType, state: State) -> bool:
    wanted = filters.state in (LIVE, ALL) or filters.state == state.code
    asked = filters.type in (None, one.code) and wanted and filters.turn in (None, state.late)
    return asked and (filters.sole is None or _only(one, state) == {filters.sole})


def _only(one: CaseType, state: State) -> set[str]:
    """The parties that can make any move from the state."""
    return {party for move in one.moves_from(state.code) for party in move.by}


def _states(filters: Filters, reader: Reader) -> ColumnElement | None:
    """Type and state as conditions; None where any will do."""
    if filters.turn is not None or filters.sole is not None:
        pairs = [
            (one.code, state.code) for one, state in states_of(reader.rules) if _matches(filters, one, state)
        ]
        return _any_of(pairs)
    asked = [aside(Case.type) == filters.type] if filters.type else []
    asked += [aside(Case.state) == filters.state] if filters.state not in (LIVE, ALL) else []
    return and_(*asked) if asked else None


def _any_of(pairs: Iterable[tuple[str, str]]) -> ColumnElement:
    return or_(false(), *(and_(aside(Case.type) == one, aside(Case.state) == state) for one, state in pairs))


def _by_standing(filters: Filters, reader: Reader) -> tuple[ColumnElement, ...]:
    """Ended cases of a type, state or severity: a branch for each way of having ended, each in order by itself."""
    if not (filters.type or filters.severity or filters.state not in (LIVE, ALL)):
        return ()
    severities = [filters.severity] if filters.severity else list(reader.rules.severities)
    return tuple(
        and_(Case.type == one.code, Case.state == state.code, Case.severity == severity)
        for one, state in states_of(reader.rules)
        if state.ends and _matches(filters, one, state)
        for severity in severities
    ) or (false(),)


def _by_kind(filters: Filters, criteria: Sequence[str]) -> tuple[ColumnElement, ...]:
    return tuple(and_(Case.kind == filters.kind, Case.criterion == code) for code in criteria) or (false(),)


# ---------------------------------------------------------------- functions of the day


def escalated_to(level: str, reader: Reader, seen=lambda column: column) -> ColumnElement:
    """What has climbed to the level, or beyond it: by the deadline alone, for nothing is stored of it."""
    found = []
    for severity, ladder in reader.rules.ladders.items():
        last = bounds(ladder, level, reader.today, reader.workdays)
        if last is None:
            continue
        reached = [seen(Case.severity) == severity]
        if last != date.max:
            reached.append(Case.urgency <= of_day(last))
        found.append(and_(*reached))
    return and_(seen(Case.climbs), Case.urgency < ENDED, or_(false(), *found))


def to_recheck(unit: Unit, reader: Reader) -> ColumnElement:
    """What waits for this person to look again: see ``parties.checking_units``, of which this is the condition.

    Whether the person is kept from it by a part of its history is asked of the rows that are shown.
    """
    me = reader.actor
    grants = {grant.unit_code: grant for grant in me.current if grant.role in CHECKERS}
    waits = _any_of((one.code, state.code) for one, state in states_of(reader.rules) if state.late == CHECKER)
    own = or_(Case.owner_id.is_(None), aside(Case.owner_id) != me.person_id)
    led = and_(aside(Case.owner_id).is_(None), aside(Case.unit_code).in_(sorted(reader.led)))
    may = [_may_check(grant.path, reader) for grant in grants.values()]
    return and_(waits, own, ~led, or_(false(), *may))


def _may_check(path: str, reader: Reader) -> ColumnElement:
    """Whether people of the unit with the path look again at a case."""
    units = path.strip("/").split("/")
    level, code = LEVELS[len(units) - 1], units[-1]
    below = aside(COLUMNS[level]) == code if level in COLUMNS else Case.urgency < ENDED
    found_above = and_(below, aside(Case.unit_code) != code, aside(Case.found_by).in_(units))
    found_there = and_(aside(Case.unit_code) == code, aside(Case.found_by) == code)
    return or_(found_above, found_there, *_alone(level, code, reader))


def _alone(level: str, code: str, reader: Reader) -> list[ColumnElement]:
    """What a department of one checker found itself is looked at by the unit above."""
    if level != LEVELS[-2]:
        return []
    held = and_(Role.first_day <= reader.today, or_(Role.last_day.is_(None), Role.last_day >= reader.today))
    alone = (
        select(Unit.code)
        .outerjoin(Role, (Role.unit_code == Unit.code) & held & Role.role.in_(sorted(CHECKERS)))
        .where(Unit.parent_code == code)
        .group_by(Unit.code)
        .having(func.count(Role.person_id.distinct()) < 2)  # one owns it, none is left
    )
    return [and_(aside(Case.county_code) == code, aside(Case.found_by) == aside(Case.unit_code), Case.unit_code.in_(alone))]  # fmt: skip
