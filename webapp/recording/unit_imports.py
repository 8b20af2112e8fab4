"""Units, routes and staff from a file: every row passes the same operation as the single form, with the same guards.

A row that says what is so already changes nothing. Each row stands in a savepoint of its own, so that a refused one
leaves nothing behind and a later row may build on an earlier one; whoever only wants to look takes all of it back.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.formats.tables import Table
from webapp.org import schemas, units as org
from webapp.org.file_headers import located
from webapp.org.models import Person, Role, Route, RouteCarrier, Unit
from webapp.org.queries import below, setting_on, settings_of
from webapp.org.register_columns import key, tidy
from webapp.org.rules import Actor
from webapp.org.unit_columns import DAYS, HEADERS, NEEDED, ROLE_WORDS, SETTING_WORDS, column_of, iso_day
from webapp.recording import journal, roles, units

MOST_ROWS = 500  # of one file: the database is held while they are tried
SORTS = tuple(HEADERS)
NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line: a column's key (or none), and a field's reason or a problem's code."""

    line: int
    field: str
    reason: str


@dataclass
class Outcome:
    """What a file did, or would do: lines by what became of them, and the faults of those that were refused."""

    header: list[str]
    done: list[tuple[int, list[str], str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def lines(self, became: str) -> list[tuple[int, list[str]]]:
        """The lines that became ``new``, ``changed`` or ``same``."""
        return [(line, cells) for line, cells, said in self.done if said == became]

    @property
    def bad_lines(self) -> int:
        """How many lines are refused: one may have several faults."""
        return len({fault.line for fault in self.faults})

    @property
    def table(self) -> Table:
        """The lines that do something, as a table that does the same again."""
        return Table(self.header, [(line, cells) for line, cells, said in self.done if said != SAME])


def run(session: Session, actor: Actor, now: datetime, sort: str, table: Table) -> Outcome:
    """Do what each row of a file of ``sort`` says; raises ``bad-file`` without its columns, ``forbidden``."""
    if not actor.reach("keep-units" if sort != "staff" else "keep-people"):
        raise Problem("forbidden")
    columns, lines = located(table, lambda cell: column_of(sort, cell), NEEDED[sort], f"{sort}-header")
    if len(lines) > MOST_ROWS:
        raise Problem("bad-file", {"file": "unit-rows"})
    # All at once and in code order: two imports at a time never wait for each other.
    reach = below(session, actor.reach("keep-units"))
    journal.lock(session, [unit.code for unit in reach])
    found = Outcome(list(columns))
    for line, cells in lines:
        _take(session, actor, now, sort, _row(columns, cells), line, found)
    return found


def _row(columns: dict[str, int], cells: list[str]) -> dict[str, str]:
    return {name: tidy(cells[place]) if place < len(cells) else "" for name, place in columns.items()}


def _take(
    session: Session, actor: Actor, now: datetime, sort: str, row: dict[str, str], line: int, found: Outcome
) -> None:
    if not any(row.values()):
        return
    try:
        with session.begin_nested():
            became = _APPLY[sort](session, actor, now, _coded(row))
    except Problem as problem:
        # What belongs to no field is said of the row.
        reasons = problem.fields or {"": problem.code}
        found.faults += [Fault(line, name, reason) for name, reason in reasons.items()]
        return
    found.done.append((line, list(row.values()), became))


def _coded(row: dict[str, str]) -> dict[str, str]:
    """The row with settings and roles as codes and days in ISO; a word that is none stays, to be refused."""
    coded = {name: iso_day(said) if name in DAYS else said for name, said in row.items()}
    for name, names in (("setting", SETTING_WORDS), ("role", ROLE_WORDS)):
        if coded.get(name):
            coded[name] = names.get(key(coded[name]), coded[name])
    return coded


# ---------------------------------------------------------------- one row: what became of it


def _unit(session: Session, actor: Actor, now: datetime, row: dict[str, str]) -> str:
    form = schemas.read(org.UNIT, {"opened_on": actor.today.isoformat(), **_filled(row)})
    unit = session.get(Unit, form["code"])
    if unit is None or not actor.sees(unit.path):
        units.add(session, actor, now, form)
        return NEW
    if unit.parent_code != form["parent"]:
        raise Problem("invalid", {"parent": "other-parent"})
    if row.get("opened_on") and unit.opened_on != form["opened_on"]:
        raise Problem("invalid", {"opened_on": "other-day"})
    if form["setting"] != setting_on(unit, settings_of(session, [unit.code]), unit.opened_on):
        raise Problem("invalid", {"setting": "on-its-page"})
    became = SAME
    if unit.name != form["name"]:
        units.change(session, actor, now, unit.code, {"name": form["name"], "reveal": None})
        became = CHANGED
    if form["ledger_from"] and unit.ledger_first != form["ledger_from"]:
        units.set_ledger_day(session, actor, now, unit.code, form["ledger_from"])
        became = CHANGED
    return became


def _filled(row: dict[str, str]) -> dict[str, str]:
    return {name: said for name, said in row.items() if said}


def _route(session: Session, actor: Actor, now: datetime, row: dict[str, str]) -> str:
    form = schemas.read(org.ROUTE, {"name": row.get("code", ""), **_filled(row)})
    try:
        unit = org.unit_to_keep(session, actor, row.get("unit", ""))
    except Problem as problem:
        raise Problem("invalid", {"unit": "choice"}) if problem.code == "not-found" else problem from None
    known = select(Route).where(Route.unit_code == unit.code, Route.code == form["code"])
    route = session.scalar(known)
    if route is None:
        units.add_route(session, actor, now, unit.code, form)
        return NEW
    became = SAME
    if row.get("name") and route.name != form["name"]:
        units.rename_route(session, actor, now, unit.code, route.id, form["name"])
        became = CHANGED
    if form["carrier"] and not _walks(session, route, form, actor):
        units.walk(session, actor, now, unit.code, route.id, form)
        became = CHANGED
    return became


def _walks(session: Session, route: Route, form: dict, actor: Actor) -> bool:
    """Whether that person walks the route from that day on already, or did so from an earlier one."""
    query = select(Person.login).join(RouteCarrier, RouteCarrier.person_id == Person.id)
    query = query.where(RouteCarrier.route_id == route.id)
    query = query.where(RouteCarrier.first_day <= (form["first_day"] or actor.today))
    walked = session.scalars(query.order_by(RouteCarrier.first_day.desc())).first()
    return walked == schemas.plain_login(form["carrier"])


def _staff(session: Session, actor: Actor, now: datetime, row: dict[str, str]) -> str:
    form = schemas.read(schemas.PERSON, {"first_day": actor.today.isoformat(), **_filled(row)})
    login = schemas.plain_login(form["login"])
    person = session.scalar(select(Person).where(Person.login == login))
    if person is None:
        roles.add_person(session, actor, now, form)
        return NEW
    if not any(actor.can("keep-people", role.unit.path) for role in person.roles):
        raise Problem("invalid", {"login": "taken"})
    if person.name != form["name"]:
        raise Problem("invalid", {"name": "other-name"})
    if any(_held(role, form, bool(row.get("first_day")), actor) for role in person.roles):
        return SAME
    roles.give_role(session, actor, now, person.id, form)
    return CHANGED


def _held(role: Role, form: dict, dated: bool, actor: Actor) -> bool:
    """Whether the person holds just that role: without a day in the file, whenever it began."""
    if (role.role, role.unit_code) != (form["role"], form["unit"]):
        return False
    same_end = form["last_day"] is None or role.last_day == form["last_day"]
    if dated:
        return same_end and role.first_day == form["first_day"]
    return (
        same_end and role.first_day <= actor.today and (role.last_day is None or role.last_day >= actor.today)
    )


_APPLY = {"units": _unit, "routes": _route, "staff": _staff}
