"""The list of a region's million cases by every filter, on SQLite and on PostgreSQL; the last line is for programs.

Sixteen sets of cases are drawn; each department receives one of them under its own code, inside the database. SQLite is asked
without statistics, as in production; PostgreSQL with those that autovacuum would have gathered.
"""

import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from flask import Flask
from sqlalchemy import Connection, insert, select, text

from bench import ledger_page, server, world
from bench.copies import _unchecked as unchecked
from bench.region import databases
from bench.report import Figure, milliseconds, number, spread
from webapp.cases.clocks import Workdays
from webapp.cases.models import Case, Finding, Occurrence
from webapp.cases.urgency import recency, urgency
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.inspections.models import Item
from webapp.org.models import Unit
from webapp.rulebook.case_rules import CaseRules, CaseType, Span, State
from webapp.rulebook.queries import editions_of, public_days

REGION = "15"
CASES = 1_000_000
SETS = 16
DAYS = 730
RUNS = 7
LIMIT = 100  # ms
KEPT = 27  # characters of an id that a copy keeps; the nine digits of its unit follow
# Of a hundred cases so many are of what failed; of these so many still wait.
TYPES = (94, 3, 2, 1)
WAIT = 0.08
ORDINARY, SERIOUS = 80, 15
AT_ONCE = 5000


@dataclass
class Draw:
    """What one set of cases is drawn from."""

    rng: random.Random
    rules: CaseRules
    criteria: list[tuple[str, str]]  # of each kind of record, the frequent ones first
    workdays: Workdays
    today: date
    rows: dict = field(default_factory=lambda: {one: [] for one in (Case, Finding, Occurrence, Item)})

    def case(self, n: int) -> None:
        """One case, with what it was found by."""
        rng = self.rng
        [case_type] = rng.choices(list(self.rules.types.values()), TYPES)
        waits = rng.random() < WAIT
        opened = self.today - timedelta(days=rng.randrange(20) if waits else rng.randrange(10, DAYS))
        state = self._state(case_type, waits)
        severity = rng.choices(list(self.rules.severities), (ORDINARY, SERIOUS, 100 - ORDINARY - SERIOUS))[0]
        due = self._due(state, severity, opened)
        kind, criterion = self.criteria[min(int(rng.expovariate(0.12)), len(self.criteria) - 1)]
        found = case_type.recurs or case_type.code in {
            one.opens for one in self.rules.of_findings.moves.values()
        }
        first = opened - timedelta(days=rng.randrange(9))  # found again until it was answered
        at = datetime.combine(opened, time(9), clock.LOCAL)
        id = new_id(int(at.timestamp() * 1000) + n)
        self.rows[Case].append({
            "id": id, "type": case_type.code, "unit_code": "", "found_by": rng.choice(("unit", "unit", "county", "league")),
            "kind": kind if found else None, "criterion": criterion if found else None, "place_kind": "unit", "place": "-",
            "severity": severity, "previous": id if case_type.recurs and rng.random() < 0.05 else None, "content": {},
            "number": f"督〔{opened.year}〕{n}号" if case_type.number else None, "opened_at": at, "opened_on": opened,
            "found_on": opened, "before": False, "state": state.code, "ended": state.ends,
            "owner_id": "person" if rng.random() < 0.7 else None, "entered_on": opened, "deadline": due, "due_on": due,
            "climbs": isinstance(state.span, str) and not state.ends, "returns": 0, "moves": 0,
            "asked": rng.random() < (0.05 if waits else 0.001), "urgency": urgency(due, state.ends, opened),
            "league_code": None, "county_code": None, "recency": recency(opened), "first_found": first, "last_found": opened,
            "first_month": f"{first:%Y-%m}", "last_month": f"{opened:%Y-%m}", "opened_month": f"{opened:%Y-%m}",
            "due_month": f"{due or opened:%Y-%m}", "closed_month": f"{opened:%Y-%m}" if state.ends else None,
        })  # fmt: skip
        if case_type.recurs:
            self._found(id, kind, criterion, opened, at, n)

    def _state(self, case_type: CaseType, waits: bool) -> State:
        states = [one for one in case_type.states.values() if one.ends is not waits]
        return self.rng.choices(states, [100 if n == 0 else 4 for n in range(len(states))])[0]

    def _due(self, state: State, severity: str, opened: date) -> date | None:
        if state.ends:
            return None
        span = state.span if isinstance(state.span, Span) else self.rules.severities[severity].span
        return self.workdays.add(opened, span)

    def _found(self, id: str, kind: str, criterion: str, day: date, at: datetime, n: int) -> None:
        place = {"inspection_id": id, "ordinal": 0}
        subject = f"9{n:08}"
        self.rows[Finding].append({
            **place, "unit_code": "", "kind": kind, "subject": subject, "criteria": [criterion], "day": day, "opened_at": at,
            "in_force": True,
        })  # fmt: skip
        self.rows[Occurrence].append({**place, "criterion": criterion, "case_id": id})
        self.rows[Item].append(
            {**place, "subject": subject, "verdict": "fail", "answers": {}, "captures": []}
        )


def fill(app: Flask, count: int = CASES) -> int:
    """So many cases, spread over the departments of all counties; how many there are."""
    today = clock.local_date(clock.now())
    phones = world.build(app, world.counties(), today - timedelta(days=DAYS + 31))
    each = -(-count // len(phones))
    with app.app_context():
        with transaction() as session:  # in a county no two are called alike
            session.execute(text("UPDATE people SET name = name || login"))
        book = editions_of(db.session).on(today)
        criteria = [(kind.code, one.code) for kind in book.kinds.values() for one in kind.criteria]
        workdays = Workdays(public_days(db.session))
        draws = [
            Draw(random.Random(n), book.cases, _shuffled(criteria), workdays, today) for n in range(SETS)
        ]
        for set_number, draw in enumerate(draws):
            for n in range(each):
                draw.case(set_number * each + n)
        db.session.rollback()
        with db.engine.connect() as connection:
            unchecked(connection)
            _copies(connection, phones, draws)
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        return db.session.query(Case).count()


def _shuffled(criteria: list[tuple[str, str]]) -> list[tuple[str, str]]:
    _RARE[:] = random.Random(1).sample(criteria, len(criteria))
    return list(_RARE)


# ---------------------------------------------------------------- copying

PAIRS = "pairs"
_OWN = {
    "id": "substr(t.id, 1, 27) || p.copy",
    "inspection_id": "substr(t.inspection_id, 1, 27) || p.copy",
    "case_id": "substr(t.case_id, 1, 27) || p.copy",
    "previous": "substr(t.previous, 1, 27) || p.copy",
    "subject": "t.subject || p.copy",
    "unit_code": "p.copy",
    "place": "p.copy",
    "league_code": "p.league",
    "county_code": "p.county",
    "found_by": "CASE t.found_by WHEN 'unit' THEN p.copy WHEN 'county' THEN p.county ELSE p.league END",
    "owner_id": "CASE WHEN t.owner_id IS NOT NULL THEN p.person END",
}


def _copies(connection: Connection, phones: list[world.Phone], draws: list[Draw]) -> None:
    """Store the sets, copy each to its departments, and take the sets away again. Indexes are made afterwards, at once."""
    indexes = sorted(Case.__table__.indexes, key=lambda one: one.name)
    for index in indexes:
        index.drop(connection)
    for n, draw in enumerate(draws):
        for table, rows in draw.rows.items():
            named = [{**row, "unit_code": f"set{n}"} if "unit_code" in row else row for row in rows]
            for first in range(0, len(named), AT_ONCE):
                connection.execute(insert(table.__table__), named[first : first + AT_ONCE])
    paths = dict(connection.execute(select(Unit.code, Unit.path)).all())
    connection.execute(
        text(f"CREATE TEMPORARY TABLE {PAIRS} (copy TEXT, owner TEXT, person TEXT, league TEXT, county TEXT)")
    )
    rows = []
    for n, phone in enumerate(phones):
        _region, league, county, _unit = paths[phone.unit].strip("/").split("/")
        rows.append({"a": phone.unit, "b": f"set{n % SETS}", "c": phone.person, "d": league, "e": county})
    connection.execute(text(f"INSERT INTO {PAIRS} VALUES (:a, :b, :c, :d, :e)"), rows)
    for table in (Case, Finding, Occurrence, Item):
        _copy(connection, table)
    for table, owner in _WHOSE.items():
        connection.execute(text(f"DELETE FROM {table.__tablename__} WHERE {owner}"))
    for index in indexes:
        index.create(connection)
    connection.commit()


_SET = "(SELECT c.id FROM cases c WHERE c.unit_code LIKE 'set%')"
# Which rows are those of a set: whose they are is asked of its cases, which go last.
_WHOSE = {
    Occurrence: f"case_id IN {_SET}",
    Item: f"inspection_id IN {_SET}",
    Finding: "unit_code LIKE 'set%'",
    Case: "unit_code LIKE 'set%'",
}


def _copy(connection: Connection, table: type) -> None:
    names = [column.name for column in table.__table__.columns]
    values = ", ".join(_OWN.get(name, f't."{name}"') for name in names)
    key = {Occurrence: "t.case_id", Item: "t.inspection_id", Finding: "t.inspection_id", Case: "t.id"}[table]
    columns = ", ".join(f'"{name}"' for name in names)
    connection.execute(
        text(
            f"INSERT INTO {table.__tablename__} ({columns}) SELECT {values} FROM cases c JOIN {PAIRS} p "
            f"ON p.owner = c.unit_code JOIN {table.__tablename__} t ON {key} = c.id WHERE c.unit_code LIKE 'set%'"
        )
    )


# ---------------------------------------------------------------- asking


@dataclass(frozen=True)
class Seen:
    """What one list cost. ``queries``: how many statements the page sent."""

    times: list[float]  # ms of the whole request, in process
    queries: int

    @property
    def median(self) -> float:
        """Of the runs."""
        return statistics.median(self.times)


def measure(full: bool = False) -> Iterator[Figure]:
    """Every filter, and combinations that find next to nothing, on both databases."""
    seen: dict[str, dict[str, Seen]] = {}
    for dialect in ("sqlite", "postgresql"):
        with server.folder() as home, databases(dialect, home) as new:
            app = world.open_app(home / "cases", new("cases"))
            count = fill(app)
            seen[dialect] = _all_lists(app)
            world.close(app)
        for name, one in seen[dialect].items():
            what = f"list of {number(count)} cases, {dialect}: {name}"
            yield Figure(what, one.median, "ms", LIMIT, beside=f"{one.queries} queries; {spread(one.times)}")
    _SEEN.update(seen)


_SEEN: dict[str, dict[str, Seen]] = {}  # by database, of the last measurement


def last_line() -> str:
    """The worst median of any filter on each database and the most queries of any, for programs."""
    worst = {dialect: max(one.median for one in lists.values()) for dialect, lists in _SEEN.items()}
    queries = max(one.queries for lists in _SEEN.values() for one in lists.values())
    return f"cases: sqlite-ms {worst['sqlite']:.1f} postgres-ms {worst['postgresql']:.1f} queries {queries}"


def _all_lists(app: Flask) -> dict[str, Seen]:
    """Each list, asked for by the supervisor of the region and by the manager of a county."""
    today = clock.local_date(clock.now())
    with app.app_context(), transaction() as session:
        county = session.scalar(select(Case.county_code).order_by(Case.id).limit(1))
        league = session.get(Unit, county).parent_code
        department = session.scalar(select(Case.unit_code).where(Case.county_code == county).limit(1))
        owner = session.scalar(
            select(Case.owner_id).where(Case.unit_code == department, Case.owner_id.is_not(None)).limit(1)
        )
        cookies = {
            unit: world.sign_in(app, session, unit, role, today)[2]
            for unit, role in ((REGION, "region_supervisor"), (county, "county_manager"))
        }
        rules = editions_of(session).on(today).cases
    units = {"region": REGION, "league": league, "county": county, "department": department}
    lists = {
        name: (where if "unit" in where else {"unit": REGION, **where}, cookies[REGION])
        for name, where in _lists(rules, units, owner, today).items()
    }
    lists["county: waiting for my re-check"] = ({"unit": county, "recheck": "1"}, cookies[county])
    lists["county: mine"] = ({"unit": county, "owner": "mine"}, cookies[county])
    return {name: _seen(app, *one) for name, one in lists.items()}


def _lists(rules: CaseRules, units: dict[str, str], owner: str, today: date) -> dict[str, dict[str, str]]:
    """Every filter by itself, over what has not ended and over all; then what finds next to nothing."""
    kind, criterion = _RARE[0]
    problem, order = rules.of_findings, rules.of_orders
    grave, ended = rules.gravest, [one.code for one in problem.states.values() if one.ends]
    single = {
        "severity": {"severity": grave}, "type": {"type": order.code}, "whoever leads": {"owner": "leads"},
        "mine": {"owner": "mine"}, "person": {"owner": owner}, "recurrence": {"recurs": "1"},
        "criterion": {"kind": kind, "criterion": criterion}, "kind": {"kind": kind}, "asked": {"asked": "1"},
        **{name: {"unit": code} for name, code in units.items()},
    }  # fmt: skip
    both = {
        f"{name}, {state or 'not ended'}{', newest' if sort else ''}": {**where, "state": state, "sort": sort}
        for name, where in single.items()
        for state, sort in (("", ""), ("all", ""), ("all", "newest"))
    }
    clocks = {f"due {days}": {"due": days} for days in ("overdue", "0", "3", "30")}
    levels = {f"escalated to the {level}": {"level": level} for level in ("county", "league", "region")}
    turns = {f"turn: {turn}": {"turn": turn} for turn in ("owner", "checker", "county", "issuer")}
    states = {f"state {state}": {"state": state} for one in rules.types.values() for state in one.states}
    month = (today - timedelta(days=400)).strftime("%Y-%m")
    none = {
        "grave ones that are void": {"state": ended[-2], "severity": grave},
        "recurrences of the lowest severity": {"state": "all", "recurs": "1", "severity": next(iter(rules.severities))},
        "a criterion of orders": {"state": "all", "type": order.code, "kind": kind, "criterion": criterion},
        "a kind, void, grave": {"state": ended[-2], "kind": kind, "severity": grave},
        "a league, void, grave": {"unit": units["league"], "state": ended[-2], "severity": grave},
        "a county's grave ones of whoever leads": {"unit": units["county"], "state": "all", "severity": grave, "owner": "leads"},
        "found in a month long ago, grave": {"found": month, "severity": grave},
        "found in a year": {"found": month[:4]},
        "of a league, everything at once": {
            "unit": units["league"], "owner": "leads", "due": "overdue", "severity": grave, "recurs": "1", "kind": kind,
            "criterion": criterion, "level": "region",
        },
        "waiting for my re-check": {"recheck": "1"},
        "board": {"view": "board"},
    }  # fmt: skip
    return {**both, **clocks, **levels, **turns, **states, **none}


# The kind and criterion of a tenth of the cases, by the order of every draw.
_RARE: list[tuple[str, str]] = []


def _seen(app: Flask, where: dict[str, str], cookie: str) -> Seen:
    client = app.test_client(use_cookies=False)

    def ask():
        answer = client.get("/cases", query_string=where, headers={"Cookie": cookie})
        if answer.status_code != 200:
            raise RuntimeError(f"the list answered {answer.status}: {where}")

    ask()  # templates compiled, statements cached
    with ledger_page.queries(app) as asked:
        ask()
    return Seen([milliseconds(ask) for _ in range(RUNS)], len(asked))
