"""The register from a file: what each row would do to it, held against the points that there are. Nothing is written.

A row is about the point whose number it bears, else about the open one of exactly the same name and of its route; else
it is a new one. An empty cell leaves a value as it is. The same file again changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.formats.cells import spoilt
from webapp.formats.tables import Table
from webapp.org.column_headings import located, tidy
from webapp.org.exact_names import Named, Names, folded, word
from webapp.org.models import Unit
from webapp.org.queries import routes_of
from webapp.registers.columns import AGREEMENT_WORDS, KIND_WORDS, STATUS_WORDS, column_of
from webapp.registers.models import RelayPoint
from webapp.registers.operations import COLUMNS
from webapp.registers.queries import points_of
from webapp.registers.rules import OPEN_FIELDS, PERSONAL_FIELDS, outline, pairs
from webapp.registers.schemas import faults_in

MOST_ROWS = 2000
NEEDED = ("name", "kind")
NUMBERS, DEGREES = ("id", "contact", "route"), ("latitude", "longitude")


@dataclass(frozen=True)
class Remark:
    """What is wrong, or only strange, at a line: a column's key, a reason code, what it speaks of, and points to look at."""

    line: int
    field: str
    reason: str
    about: str = ""
    points: tuple[Named, ...] = ()
    maybe: str = ""  # what else it may mean


@dataclass
class Plan:
    """What a row would do: open a point (``point`` is None) or change one, if it says anything else than stands.

    ``before`` holds what a change replaces.
    """

    line: int
    cells: list[str]
    point: RelayPoint | None
    values: dict
    personal: dict
    before: dict = field(default_factory=dict)

    def value(self, name: str):
        """What will stand in a field of a point."""
        for said in (self.values, self.personal):
            if name in said:
                return said[name]
        return getattr(self.point, COLUMNS.get(name, name)) if self.point else None


@dataclass
class Preview:
    """What an import would do."""

    header: list[str]
    new: list[Plan] = field(default_factory=list)
    changed: list[Plan] = field(default_factory=list)
    same: list[Plan] = field(default_factory=list)
    bad: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    @property
    def plans(self) -> list[Plan]:
        """The rows that would do something."""
        return [*self.new, *self.changed]

    @property
    def bad_lines(self) -> int:
        """How many lines are refused: one may have several faults."""
        return len({remark.line for remark in self.bad})

    @property
    def table(self) -> Table:
        """The rows that would do something, as a table of which ``preview`` gives the same again."""
        return Table(self.header, [(plan.line, plan.cells) for plan in self.plans])


class Register:
    """The unit's points as an import asks for them."""

    def __init__(self, session: Session, unit: Unit, today: date):
        points = points_of(session, unit.code)
        self.by_id = {point.id: point for point in points}
        self.open = [point for point in points if point.closed_on is None or today < point.closed_on]
        self.closed = [point for point in points if point not in self.open]
        routes = routes_of(session, unit.code)
        self.labels = {route.id: f"{route.code} {route.name}" for route in routes}
        self.routes = Names(
            Named(route.id, self.labels[route.id], (route.code, route.name)) for route in routes
        )

    def called(self, name: str, route: str | None) -> list[RelayPoint]:
        """The open points of that name and route; where the row or the point has none, the name alone."""
        same = [point for point in self.open if folded(point.name) == folded(name)]
        if route is None:
            return same
        exact = [point for point in same if point.route_id == route]
        return exact or [point for point in same if point.route_id is None]

    def named(self, points: list[RelayPoint]) -> tuple[Named, ...]:
        """The points, told apart by route and number."""
        return tuple(
            Named(one.id, f"{one.name} · {self.labels.get(one.route_id, '—')} · {one.id}", ())
            for one in points
        )


def preview(session: Session, unit: Unit, today: date, table: Table) -> Preview:
    """What importing ``table`` into the unit's register would do; raises ``bad-file`` without its columns."""
    columns, lines = located(table, column_of, NEEDED, "register-header")
    if len(lines) > MOST_ROWS:
        raise Problem("bad-file", {"file": "register-rows"})
    register, found = Register(session, unit, today), Preview(list(columns))
    taken: dict[object, int] = {}
    for line, cells in lines:
        row = {name: tidy(cells[place]) if place < len(cells) else "" for name, place in columns.items()}
        _take(_Reading(line, row, register), taken, found)
    found.warnings = list(_likely(found.new, register.open))
    return found


def _likely(new: list[Plan], present: list[RelayPoint]) -> Iterator[Remark]:
    """New points that are likely one with a point on the register, or with one of an earlier line."""
    lines = {f"line {plan.line}": plan.line for plan in new}
    alike = pairs([*present, *(outline(f"line {plan.line}", plan.values | plan.personal) for plan in new)])
    for one, line in lines.items():
        for other, why in alike.get(one, ()):
            if lines.get(other.id, 0) < line:
                there = () if other.id in lines else (Named(other.id, other.name, ()),)
                yield Remark(line, "name", f"like-{why}", other.name, there)


class _Reading:
    """One row being read: its values, and what is wrong with it."""

    def __init__(self, line: int, row: dict[str, str], register: Register):
        self.line, self.row, self.register = line, row, register
        self.faults: list[Remark] = []
        self._numbers()
        self.values = self._values()
        self.personal = {name: row[name] for name in PERSONAL_FIELDS if row.get(name)}
        for name, reason in faults_in(self.values, self.personal).items():
            self.fault(name, reason, row.get(name, ""))

    def fault(
        self, name: str, reason: str, about: object = "", points: tuple[Named, ...] = (), maybe: str = ""
    ) -> None:
        """The row cannot be imported; ``maybe`` names those that the cell may mean."""
        if not any(remark.field == name for remark in self.faults):
            self.faults.append(Remark(self.line, name, reason, str(about)[:20], points, maybe))

    def _numbers(self) -> None:
        """What a spreadsheet made of a number is not what was meant, be it in a name or a telephone number."""
        for name, written in self.row.items():
            if name not in DEGREES and (why := spoilt(written, text=name not in NUMBERS)):
                self.fault(name, why, written)

    def _values(self) -> dict:
        values = {name: self.row[name] for name in ("name", "address") if self.row.get(name)}
        values |= self._words("kind", KIND_WORDS) | self._words("agreement", AGREEMENT_WORDS)
        values |= self._route()
        for name in ("latitude", "longitude"):
            if written := self.row.get(name):
                try:
                    values[name] = float(written)
                except ValueError:
                    self.fault(name, "degrees", written)
        return values

    def _words(self, name: str, words: dict[str, str]) -> dict:
        written = self.row.get(name)
        if not written:
            return {}
        code = words.get(word(written))
        if code is None:
            self.fault(name, f"unknown-{name}", written)
        return {name: code} if code else {}

    def _route(self) -> dict:
        written = self.row.get("route")
        if not written:
            return {}
        found = self.register.routes.find(written)
        if found.id is None:
            reason = (
                "several-routes" if found.several else "like-route" if found.candidates else "unknown-route"
            )
            self.fault("route", reason, written, maybe=found.labels)
        return {"route": found.id} if found.id else {}

    def point(self) -> RelayPoint | None:
        """The point that the row is about, None for a new one or one that cannot be told."""
        number, name = self.row.get("id"), self.row.get("name")
        if number:
            if number not in self.register.by_id:
                self.fault("id", "unknown-id", number)
            return self.register.by_id.get(number)
        if not name:
            self.fault("name", "empty")
            return None
        found = self.register.called(name, self.values.get("route"))
        if len(found) > 1:
            self.fault("name", "several", name, self.register.named(found))
        return found[0] if found else None


def _take(reading: _Reading, taken: dict, found: Preview) -> None:
    """Sort one row into what it would do."""
    point = reading.point()
    closed = point is not None and point in reading.register.closed
    status = STATUS_WORDS.get(
        word(reading.row.get("status", "")), "open" if reading.row.get("status") else ""
    )
    if status == "closed" and closed:
        found.same.append(_as_it_is(reading, point, found))
        return
    if status == "closed" or closed:
        reading.fault("status", "not-by-file", points=reading.register.named([point] if point else []))
    if point is None:
        _check_new(reading)
    target = point.id if point else (folded(reading.row.get("name", "")), reading.values.get("route"))
    if target in taken and not reading.faults:
        reading.fault("name", "repeat", taken[target])
    if reading.faults:
        found.bad += reading.faults
        return
    taken[target] = reading.line
    cells = [reading.row.get(name, "") for name in found.header]
    if point is None:
        found.new.append(Plan(reading.line, cells, None, reading.values, reading.personal))
    else:
        _changed(reading, point, cells, found)


def _check_new(reading: _Reading) -> None:
    """A new point needs a kind, and a name that no closed point of its route bears."""
    if not reading.row.get("kind"):
        reading.fault("kind", "empty")
    route = reading.values.get("route")
    closed = [one for one in reading.register.closed if _called(one, reading) and one.route_id == route]
    if closed:
        reading.fault("name", "closed", reading.row.get("name"), reading.register.named(closed))


def _called(point: RelayPoint, reading: _Reading) -> bool:
    return bool(reading.row.get("name")) and folded(point.name) == folded(reading.row["name"])


def _as_it_is(reading: _Reading, point: RelayPoint, found: Preview) -> Plan:
    return Plan(reading.line, [reading.row.get(name, "") for name in found.header], point, {}, {})


def _changed(reading: _Reading, point: RelayPoint, cells: list[str], found: Preview) -> None:
    present = {name: getattr(point, COLUMNS.get(name, name)) for name in (*OPEN_FIELDS, *PERSONAL_FIELDS)}
    values = {name: value for name, value in reading.values.items() if value != present[name]}
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if one in values:
            values.setdefault(other, present[other])
    personal = {name: value for name, value in reading.personal.items() if value != present[name]}
    if not values and not personal:
        found.same.append(_as_it_is(reading, point, found))
        return
    before = {name: present[name] for name in (*values, *personal)}
    found.changed.append(Plan(reading.line, cells, point, values, personal, before))
