"""Units, routes and staff from a file: every row passes the same operation as the single form, with the same guards.

A row that says what is so already changes nothing; what it says otherwise is shown, and done where a file may do it. Each row stands in a savepoint of its own, so that a refused one
leaves nothing behind and a later row may build on an earlier one; whoever only wants to look takes all of it back.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.core.spelling import spelt_login
from webapp.formats.cells import Figure, spoilt
from webapp.formats.tables import Table
from webapp.org import schemas, units as org
from webapp.org.column_headings import located, narrowed, tidy
from webapp.org.dated_attributes import listed
from webapp.org.exact_names import Named, Names, folded, word
from webapp.org.models import Person, Role, Route, RouteCarrier, Unit
from webapp.org.queries import below, by_login, operators_of, services_of, setting_on, settings_of
from webapp.org.rules import Actor
from webapp.org.services import NO_BUREAU, SERVICES, operator_on, services_on
from webapp.org.unit_columns import (
    BUREAU_WORDS,
    DAYS,
    HEADERS,
    NEEDED,
    OPERATOR_WORDS,
    ROLE_WORDS,
    SERVICE_WORDS,
    SETTING_WORDS,
    column_of,
    iso_day,
)
from webapp.recording.changes import roles, units
from webapp.recording.writing import writing

MOST_ROWS = 500  # of one file: the database is held while they are tried
SORTS = tuple(HEADERS)
CODES = ("code", "parent", "unit", "carrier", "login")
NEW, CHANGED, SAME = "new", "changed", "same"
WORDS = {
    "setting": SETTING_WORDS,
    "operator": OPERATOR_WORDS,
    "bureau": BUREAU_WORDS,
    "role": ROLE_WORDS,
}


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line: a column's key (or none), and a field's reason or a problem's code.

    ``unit`` (a code) and ``person`` (an id) are what the row speaks of: it is mended on their pages.
    """

    line: int
    field: str
    reason: str
    unit: str = ""
    person: str = ""
    maybe: str = ""


# What a row says otherwise: field, before, after.
Difference = tuple[str, str, str]


class OtherwiseError(Problem):
    """A row that a file cannot do: ``person`` and ``maybe`` say about whom, and what else it may mean."""

    def __init__(self, field: str, reason: str, person: str = "", maybe: str = ""):
        super().__init__("invalid", {field: reason})
        self.person, self.maybe = person, maybe


@dataclass
class Outcome:
    """What a file did, or would do: lines by what became of them, and the faults of those that were refused."""

    header: list[str]
    done: list[tuple[int, list[str], str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # By line, of those that changed.
    differences: dict[int, list[Difference]] = field(default_factory=dict)

    def lines(self, became: str) -> list[tuple[int, list[str]]]:
        """The lines that became ``new``, ``changed`` or ``same``."""
        return [(line, cells) for line, cells, fate in self.done if fate == became]

    @property
    def bad_lines(self) -> int:
        """How many lines are refused: one may have several faults."""
        return len({fault.line for fault in self.faults})

    @property
    def table(self) -> Table:
        """The lines that do something, as a table that does the same again."""
        return Table(self.header, [(line, cells) for line, cells, fate in self.done if fate != SAME])


def run(session: Session, actor: Actor, now: datetime, sort: str, table: Table) -> Outcome:
    """Do what each row of a file of ``sort`` says; raises ``bad-file`` without its columns, ``forbidden``."""
    if not actor.reach("keep-units" if sort != "staff" else "keep-people"):
        raise Problem("forbidden")
    columns, lines = located(table, lambda cell: column_of(sort, cell), NEEDED[sort], f"{sort}-header")
    if len(lines) > MOST_ROWS:
        raise Problem("bad-file", {"file": "unit-rows"})
    # All at once and in code order: two imports at a time never wait for each other.
    reach = below(session, actor.reach("keep-units"))
    outcome = Outcome(list(columns))
    with writing(session, now, [unit.code for unit in reach], actor) as work:
        for line, cells in lines:
            _take(session, work.actor, now, sort, _row(columns, cells), line, outcome)
    return outcome


def known(sort: str, table: Table) -> Table:
    """The columns that are read: what may wait for an answer; raises ``bad-file`` without those needed."""
    return narrowed(table, lambda cell: column_of(sort, cell), NEEDED[sort], f"{sort}-header")


def _row(columns: dict[str, int], cells: list[str]) -> dict[str, str]:
    return {name: tidy(cells[place]) if place < len(cells) else "" for name, place in columns.items()}


def _take(
    session: Session, actor: Actor, now: datetime, sort: str, row: dict[str, str], line: int, outcome: Outcome
) -> None:
    if not any(row.values()):
        return
    try:
        _check_numbers(row)
        with session.begin_nested():
            became, differences = _CHANGES[sort](session, actor, now, _coded(row))
    except Problem as problem:
        # What belongs to no field is said of the row.
        reasons = problem.fields or {"": problem.code}
        about = (row.get("unit") or row.get("code", ""), getattr(problem, "person", ""))
        maybe = getattr(problem, "maybe", "")
        outcome.faults += [Fault(line, name, reason, *about, maybe) for name, reason in reasons.items()]
        return
    if differences:
        outcome.differences[line] = differences
    outcome.done.append((line, list(row.values()), became))


def _check_numbers(row: dict[str, str]) -> None:
    """What a spreadsheet made of a code or a login is not what was meant: it could be somebody else's."""
    faults = {name: spoilt(cell, text=name not in CODES) for name, cell in row.items() if name not in DAYS}
    if wrong := {name: why for name, why in faults.items() if why}:
        raise Problem("invalid", wrong)


def _coded(row: dict[str, str]) -> dict[str, str]:
    """The row with the words of fixed lists as codes and days in ISO; a word that is none stays, to be refused."""
    coded = {name: iso_day(cell) if name in DAYS else cell for name, cell in row.items()}
    for name, names in WORDS.items():
        if coded.get(name):
            coded[name] = names.get(word(coded[name]), coded[name])
    if coded.get("services"):
        coded["services"] = ",".join(SERVICE_WORDS.get(word(one), one) for one in listed(coded["services"]))
    return coded


# ---------------------------------------------------------------- one row: what became of it


Became = tuple[str, list[Difference]]


def _unit(session: Session, actor: Actor, now: datetime, row: dict[str, str]) -> Became:
    form = schemas.read(org.UNIT, {"opened_on": actor.today.isoformat(), **_filled(row)})
    unit = session.get(Unit, form["code"])
    if unit is None or not actor.sees(unit.path):
        units.add(session, actor, now, form)
        return NEW, []
    if unit.parent_code != form["parent"]:
        raise OtherwiseError("parent", "other-parent")
    if row.get("opened_on") and unit.opened_on != form["opened_on"]:
        raise OtherwiseError("opened_on", "other-day")
    if unit.closed_on is not None and unit.closed_on <= actor.today:
        raise OtherwiseError("code", "closed-unit")
    for name, held in _DATED.items():
        # Of the opening day, if the row tells of it, else of today.
        day = unit.opened_on if row.get("opened_on") else actor.today
        if row.get(name) and form[name] != held(session, unit, day):
            raise OtherwiseError(name, "on-its-page" if unit.level == "department" else "departments-only")
    return _changed_unit(session, actor, now, unit, form)


def _changed_unit(session: Session, actor: Actor, now: datetime, unit: Unit, form: dict) -> Became:
    """Its name, its bureau, and the day from which its ledger is kept, as the file has them."""
    differences = []
    if unit.name != form["name"]:
        differences.append(("name", unit.name, form["name"]))
    if form["bureau"] and (unit.bureau or NO_BUREAU) != form["bureau"]:
        differences.append(("bureau", unit.bureau or NO_BUREAU, form["bureau"]))
    if differences:
        said = {"name": form["name"], "bureau": form["bureau"], "reveal": None}
        units.change(session, actor, now, unit.code, said)
    if form["ledger_from"] and unit.ledger_first != form["ledger_from"]:
        differences.append(("ledger_from", str(unit.ledger_first), str(form["ledger_from"])))
        units.set_ledger_day(session, actor, now, unit.code, form["ledger_from"])
    return CHANGED if differences else SAME, differences


def _setting(session: Session, unit: Unit, day: date) -> str | None:
    return setting_on(unit, settings_of(session, [unit.code]), day)


def _services(session: Session, unit: Unit, day: date) -> tuple[str, ...]:
    held = services_on(services_of(session, [unit.code]).get(unit.code, []), day)
    return tuple(service for service in SERVICES if service in held)


def _operator(session: Session, unit: Unit, day: date) -> str | None:
    return operator_on(operators_of(session, [unit.code]).get(unit.code, []), day)


# What holds from a day on: a file may say it of a new unit, and repeat it.
_DATED = {"setting": _setting, "services": _services, "operator": _operator}


def _filled(row: dict[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in row.items() if cell}


def _route(session: Session, actor: Actor, now: datetime, row: dict[str, str]) -> Became:
    form = schemas.read(org.ROUTE, {"name": row.get("code", ""), **_filled(row)})
    try:
        unit = org.unit_to_keep(session, actor, row.get("unit", ""))
    except Problem as problem:
        raise Problem("invalid", {"unit": "choice"}) if problem.code == "not-found" else problem from None
    route = _route_called(session, unit, row["code"])
    if route is None:
        units.add_route(session, actor, now, unit.code, form)
        return NEW, []
    if route.closed_on is not None:
        raise OtherwiseError("code", "closed-route")
    differences = []
    if row.get("name") and route.name != form["name"]:
        differences.append(("name", route.name, form["name"]))
        units.rename_route(session, actor, now, unit.code, route.id, form["name"])
    login, walks = spelt_login(form["carrier"] or ""), _walks(session, route, form, actor)
    if login and login != walks:
        units.walk(session, actor, now, unit.code, route.id, form)
        differences.append(("carrier", walks, login))
    return CHANGED if differences else SAME, differences


def _route_called(session: Session, unit: Unit, code: str) -> Route | None:
    """The department's route with this number, closed ones too; one that may be another is asked about."""
    routes = {route.id: route for route in session.scalars(select(Route).where(Route.unit_code == unit.code))}
    named = Names(Named(route.id, f"{route.code} {route.name}", (route.code,)) for route in routes.values())
    match = named.find(code)
    if match.several or (isinstance(code, Figure) and match.candidates):
        raise OtherwiseError("code", "several-routes", maybe=match.labels)
    return routes[match.id] if match.id else None


def _walks(session: Session, route: Route, form: dict, actor: Actor) -> str:
    """The login of who walks the route on that day as things stand; empty where nobody does."""
    walks = select(Person.login).select_from(RouteCarrier)
    query = walks.outerjoin(Person, RouteCarrier.person_id == Person.id)
    query = query.where(RouteCarrier.route_id == route.id)
    query = query.where(RouteCarrier.first_day <= (form["first_day"] or actor.today))
    return session.scalars(query.order_by(RouteCarrier.first_day.desc()).limit(1)).first() or ""


def _staff(session: Session, actor: Actor, now: datetime, row: dict[str, str]) -> Became:
    form = schemas.read(schemas.PERSON, {"first_day": actor.today.isoformat(), **_filled(row)})
    person = by_login(session, form["login"])
    if person is None:
        roles.add_person(session, actor, now, form)
        return NEW, []
    if not any(actor.can("keep-people", role.unit.path) for role in person.roles):
        raise OtherwiseError("login", "taken")
    if folded(person.name) != folded(form["name"]):
        raise OtherwiseError("name", "other-name", person.id)
    if not person.active:
        raise OtherwiseError("login", "inactive-person", person.id)
    return _role(session, actor, now, person, form, row)


def _role(
    session: Session, actor: Actor, now: datetime, person: Person, form: dict, row: dict[str, str]
) -> Became:
    """The role that the row speaks of: held just so, to be ended on another day, or a new one."""
    held = [role for role in person.roles if (role.role, role.unit_code) == (form["role"], form["unit"])]
    role = next((role for role in held if _begun(role, form, bool(row.get("first_day")), actor)), None)
    if role is None:
        if any(role.last_day is None or role.last_day >= form["first_day"] for role in held):
            raise OtherwiseError("first_day", "other-days", person.id)
        roles.give_role(session, actor, now, person.id, form)
        return CHANGED, [("role", "", form["role"])]
    last = form["last_day"]
    if last == role.last_day or "last_day" not in row or (last is None and not row.get("first_day")):
        return SAME, []
    if last is None:
        raise OtherwiseError("last_day", "other-days", person.id)
    before = role.last_day
    roles.end_role(session, actor, now, person.id, role.id, last)
    return CHANGED, [("last_day", str(before or ""), str(last))]


def _begun(role: Role, form: dict, dated: bool, actor: Actor) -> bool:
    """Whether it is that role: begun on the day of the file, or, without a day there, held today."""
    if dated:
        return role.first_day == form["first_day"]
    return role.first_day <= actor.today and (role.last_day is None or role.last_day >= actor.today)


_CHANGES = {"units": _unit, "routes": _route, "staff": _staff}
