"""Random histories above departments: what counties, a league and the region do, while units open, close and turn.

As in ``ledger_histories`` a history is a list of steps ``(what, number, number, …)``, and the numbers choose among what
there is. 2026-11-16 is a Monday.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, REGION, RURAL
from tests.ledger_records import changed_edition
from tests.ledger_stories import Office, about_fact, called, form, noon, passed
from tests.plan_histories import called_for, planned
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.journal.rules import fact_digest, personal_hash
from webapp.ledger.operations import differences
from webapp.org.models import Unit
from webapp.org.queries import unit_for
from webapp.recording.changes import roles, units
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk
from webapp.rulebook.operations import add_edition
from webapp.rulebook.periods import period_of
from webapp.rulebook.rules import load

START, BEGUN = date(2026, 11, 16), date(2026, 10, 1)  # a quarter, a half-year and a year count from then on
OTHER_LEAGUE, OTHER_COUNTY, OTHER = "1526", "152601", "152601001"
OFFICES = (CITY, RURAL, NEXT_RURAL, OTHER)
ABOVE = (COUNTY, NEXT_COUNTY, LEAGUE, REGION, OTHER_COUNTY, OTHER_LEAGUE)
ACTORS = (("county", COUNTY), ("nextcounty", NEXT_COUNTY), ("league", LEAGUE), ("region", REGION))
GROUPS = ({"upload": "pass", "stamp": "na", "backlog": "pass"}, {"stamp": "fail"}, {"made-good": "pass"}, {}, {"signed": "na"})  # fmt: skip
NONE_CAME = ([], ["periodicals"], ["express", "periodicals"], [])
REVIEWS = ("form-review", "relay-review", "letters-look", "report-audit")
# What an edition changes: (duty or population, what, by what).
CHANGES = (
    (("onsite-depts", "percent = 30", "percent = 60"),),
    (("letter-departments", 'kinds = ["letter"]', 'kinds = ["letter", "parcel"]'),),
    (("visited-departments", 'by = ["county", "league"]', 'by = ["region"]'),),
    (("relay-county", "points = 5", "points = 1"), ("point-departments", "points = true\n", "")),
)


def upper_sealed(open: dict, id: str) -> dict:
    """The envelope in which a phone sends the fact; texts of which the head counts the characters are made up."""
    kind = load().kinds.get(open.get("kind"))
    head = open.get("header", {})
    notes = (
        {f"header.{code}": "记" * head[code] for code in kind.fields_of("text") if head.get(code)}
        if kind
        else {}
    )
    text, salt = json.dumps(open, ensure_ascii=False), secrets.token_hex(16)
    personal = json.dumps({"notes": notes}, ensure_ascii=False) if notes else ""
    return {"id": id, "open": text, "personal": personal, "salt": salt, "digest": fact_digest(text, personal_hash(salt, personal))}  # fmt: skip


class Region(Office):
    """The cast's region with a second league; every unit's ledger begins in October."""

    def __post_init__(self):
        self.units = (*OFFICES, *ABOVE)
        now = noon(START, 1)
        with self.app.app_context(), transaction() as session:
            path = "/15/"
            for code, level, setting in ((OTHER_LEAGUE, "league", None), (OTHER_COUNTY, "county", None), (OTHER, "department", "city")):  # fmt: skip
                parent, path = path.strip("/").split("/")[-1], f"{path}{code}/"
                session.add(Unit(code=code, parent_code=parent, path=path, level=level, setting=setting, name=f"单位{code}", opened_on=date(2026, 1, 1), reveal="after"))  # fmt: skip
                session.flush()
            units.dated_attributes.begin(session, session.get(Unit, OTHER))
            for code in self.units:
                session.get(Unit, code).ledger_from = BEGUN
        for code in self.units:
            self.tick(now, code)
        self.day = START

    def all_units(self) -> list[str]:
        """Those that opened since, too."""
        with self.app.app_context():
            return sorted(db.session.scalars(db.select(Unit.code)))

    def advance(self, now) -> None:
        """Let the day of ``now`` come: the timer runs for every unit, those that opened meanwhile too."""
        self.units = tuple(self.all_units())
        super().advance(now)

    def above_faults(self, now) -> list[str]:
        """Where the lines of the units above differ from what their facts give."""
        with self.app.app_context():
            found = [
                differences(db.session, db.session.get(Unit, code), now)
                for code in self.units
                if len(code) <= 6
            ]
        return [fault for several in found for fault in several]


@dataclass
class Sent:
    """A record that was sent."""

    login: str
    acting: str
    open: dict
    id: str


@dataclass
class UpperHistory:
    """Plays steps in a region and remembers what was sent."""

    office: Region
    today: date = START
    sent: list[Sent] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    made: int = 0

    @property
    def now(self):
        """Evening of the present day of the story."""
        return noon(self.today, 20)

    def play(self, step: tuple) -> None:
        """One step; what the product refuses is refused, and that is part of the story."""
        what, *numbers = step
        try:
            _ACTS[what](self, *numbers)
        except Problem as problem:
            self.outcomes.append(f"{what} {problem.code} {problem.fields}")

    def new_id(self, high: int = 3) -> str:
        """A UUIDv7 that is the same in each run."""
        self.made += 1
        return f"0193f0a{high % 8:x}-0000-7000-8000-{self.made:012x}"

    def send(self, login: str, acting: str, open: dict, high: int = 3, id: str | None = None) -> None:
        """Freeze a record and send it."""
        number = id or self.new_id(high)
        (outcome,) = self.office.push(login, self.now, upper_sealed(open, number))
        said = f"{open.get('kind', open['type'])} {outcome.problem.code} {outcome.problem.fields}" if outcome.problem else outcome.state  # fmt: skip
        self.outcomes.append(said)
        if not outcome.problem and open["type"] == "inspection":
            self.sent.append(Sent(login, acting, open, number))

    def desk(self, act: Callable) -> None:
        """Something that the region's administrator does."""
        self.office.desk("admin", self.now, act)
        self.outcomes.append("done")


def record(
    h: UpperHistory, kind: int, who: int, where: int, size: int, back: int, **more
) -> tuple[str, str, dict]:
    """One of the records that count above: (login, acting, its open part)."""
    login, acting = ACTORS[who % 4]
    unit, day = OFFICES[where % 4], h.today - timedelta(days=back % 4)
    name = ("dept-visit", "parcel", "letter-follow", "relay", "letter", "unit-analysis", *REVIEWS)[kind % 10]
    if name == "dept-visit":
        answers, none = GROUPS[size % 5], NONE_CAME[back % 4]
        said = {code: one for code, one in answers.items() if not (code == "made-good" and "periodicals" in none) and not (code in ("upload", "signed") and "express" in none)}  # fmt: skip
        item = {"subject": unit, "verdict": "fail" if "fail" in said.values() else "pass", "answers": said, "none_came": none, "photos": []}  # fmt: skip
        return login, acting, form(name, day, [item], unit, acting, header={"findings": 3}, **more)
    if name == "parcel":
        return (
            login,
            acting,
            form(name, day, passed([f"P{n:02}" for n in range(size * 5)] or ["P0"]), unit, acting, **more),
        )
    if name in ("letter-follow", "letter"):
        stratum = ("nonlocal", "local")[back % 2] if name == "letter" else "nonlocal"
        items = [
            {"subject": f"N{n}", "stratum": stratum, "verdict": "pass", "answers": {}, "photos": []}
            for n in range(size + 2)
        ]
        if name == "letter-follow":
            route = next((one for (at, _), one in h.office.cast.routes.items() if at == unit), "0" * 8)
            items = [one | {"class": "letter"} for one in items]
            return login, acting, form(name, day, items, unit, acting, header={"route": route}, **more)
        return login, acting, form(name, day, items, unit, acting, **more)
    if name == "relay":
        named = {CITY: "居委会", RURAL: "嘎查"}.get(unit, "嘎查")
        here = [one for key, one in sorted(h.office.cast.points.items()) if key.endswith(named)]
        return login, acting, form(name, day, called(here[back : back + size + 1]), unit, acting, **more)
    if name == "unit-analysis":
        head = {"notes": 2, "requirements": ["补盖日戳"]}
        return login, acting, form(name, day, [{"subject": "-"}], acting, acting, header=head, **more)
    return login, acting, _review(h, name, acting, where, size, back, **more)


def _review(h: UpperHistory, name: str, acting: str, where: int, size: int, back: int, **more) -> dict:
    """A review of the period before, or of this one (too early); forms that were sent are opened."""
    kind = load().kinds[name]
    below = {
        COUNTY: (CITY, RURAL),
        NEXT_COUNTY: (NEXT_RURAL,),
        LEAGUE: (COUNTY, NEXT_COUNTY, CITY),
        REGION: (LEAGUE, OTHER_LEAGUE),
    }
    unit = below[acting][where % len(below[acting])]
    period = period_of(kind.period, h.today)
    period = period if back == 5 else period.previous()
    opened = [one.id for one in h.sent if one.open["kind"] in ("letter", "dept-visit", "form-review")][
        : size % 4
    ]
    items = [{"subject": one, "verdict": "pass", "answers": {}, "photos": []} for one in opened]
    codes = {one.code for one in kind.fields}
    head = {
        "verified": "system",
        "signed": [f"parcel-check {period.code} -"],
        "summary": "none",
        "bulletin": "issued",
    }
    method = "records" if name == "report-audit" else "system"
    head = {code: value for code, value in head.items() if code in codes}
    return (
        form(name, h.today, items, unit, acting, about=period.first.isoformat(), header=head, method=method)
        | more
    )


def _record(h: UpperHistory, *numbers: int) -> None:
    login, acting, open = record(h, *numbers)
    h.send(login, acting, open, high=numbers[3])


def _letter(h: UpperHistory, where: int, size: int, back: int) -> None:
    """A rural or city office's own letter form: who is to be reviewed hangs on it."""
    login, unit = (("head", RURAL), ("inspector", CITY))[where % 2]
    day = h.today - timedelta(days=back)
    items = [
        {
            "subject": f"N{n}",
            "stratum": "nonlocal",
            "tag": f"{n}号楼",
            "verdict": "pass",
            "answers": {},
            "photos": [],
        }
        for n in range(size + 1)
    ]
    h.send(login, unit, form("letter", day, items, unit, unit), high=size)


def _amend(h: UpperHistory, which: int, kind: int, size: int, back: int) -> None:
    if h.sent:
        old = h.sent[which % len(h.sent)]
        day = {"date": (h.today - timedelta(days=back % 3)).isoformat()}
        items = old.open["items"][: max(1, size)]
        h.send(old.login, old.acting, old.open | day | {"items": items, "amends": old.id}, high=1 + size)


def _withdraw(h: UpperHistory, which: int) -> None:
    if h.sent:
        old = h.sent[which % len(h.sent)]
        own = about_fact("withdrawal", old.id, h.today, old.open["unit"], old.acting, reason="记错了")
        h.send(old.login, old.acting, own)


def _unit(h: UpperHistory, which: int) -> str:
    departments = [one for one in h.office.all_units() if len(one) > 6]
    return departments[which % len(departments)]


def _setting(h: UpperHistory, which: int, back: int, setting: int) -> None:
    values = {"setting": ("city", "rural")[setting % 2], "first_day": h.today - timedelta(days=back * 3)}
    code = _unit(h, which)
    h.desk(lambda s, me: units.set_setting(s, me, h.now, code, values))


def _service(h: UpperHistory, which: int, back: int, what: int) -> None:
    values = {"service": ("delivery", "counter")[what % 2], "offers": ("yes", "no")[what // 2 % 2]}
    values["first_day"] = h.today - timedelta(days=back * 3)
    code = _unit(h, which)
    h.desk(lambda s, me: units.set_service(s, me, h.now, code, values))


def _close(h: UpperHistory, which: int, ahead: int) -> None:
    last = h.today + timedelta(days=(ahead - 4) * 3)
    code = _unit(h, which)
    h.desk(lambda s, me: units.close(s, me, h.now, code, last))


def _close_county(h: UpperHistory, which: int, ahead: int) -> None:
    last = h.today + timedelta(days=ahead * 3 - 3)
    h.desk(lambda s, me: units.close(s, me, h.now, (NEXT_COUNTY, OTHER_COUNTY)[which % 2], last))


def _reopen(h: UpperHistory, which: int, back: int) -> None:
    first = h.today - timedelta(days=back * 2)
    code = (*OFFICES, NEXT_COUNTY, OTHER_COUNTY)[which % 6]
    h.desk(lambda s, me: units.reopen(s, me, h.now, code, first))


def _open(h: UpperHistory, where: int, back: int, setting: int) -> None:
    parent = (COUNTY, NEXT_COUNTY, OTHER_COUNTY)[where % 3]
    h.made += 1
    values = {
        "code": f"{parent}{500 + h.made}",
        "name": f"新部{h.made}",
        "parent": parent,
        "setting": ("city", "rural")[setting % 2],
    }
    values |= {
        "opened_on": h.today + timedelta(days=(2 - back) * 4),
        "services": ("delivery", "counter")[: 1 + setting % 2],
    }
    h.desk(lambda s, me: units.add(s, me, h.now, values))


def _bureau(h: UpperHistory, which: int, what: int) -> None:
    values = {"name": f"县局{which}", "reveal": None, "bureau": ("counter", "delivery", "none")[what % 3]}
    h.desk(lambda s, me: units.change(s, me, h.now, (COUNTY, NEXT_COUNTY)[which % 2], values))


def _point(h: UpperHistory, which: int, op: int, back: int) -> None:
    name = ("open", "close", "reopen", "close", "open", "close", "reopen")[op]
    login, unit = (("director", CITY), ("head", RURAL))[which % 2]
    named = "居委会" if unit == CITY else "嘎查"
    points = [one for key, one in sorted(h.office.cast.points.items()) if key.endswith(named)]
    day = h.today - timedelta(days=back * 3)
    own = {"v": 1, "type": "point", "unit": unit, "acting": unit, "date": h.today.isoformat(), "op": name}
    own |= {"day": day.isoformat(), "point": points[which % 3], "reason": "搬迁"}
    if name == "open":
        own |= {"point": h.new_id(), "values": {"kind": "property", "name": f"新点{h.made}"}}
    h.send(login, unit, own)


def _holiday(h: UpperHistory, where: int, back: int, delivers: int) -> None:
    more = {
        "day": (h.today + timedelta(days=2 - back)).isoformat(),
        "delivers": bool(delivers % 2),
        "name": "那达慕",
        "reason": "放假",
    }

    def act(session, me):
        unit = unit_for(session, me, (CITY, RURAL, COUNTY)[where % 3])
        record_at_desk(
            session, me, h.now, rulings.body(me, unit, h.now, rulings.CALENDAR, "exception", **more)
        )

    h.office.desk("county", h.now, act)


def _edition(h: UpperHistory, ahead: int, change: int) -> None:
    first = h.today + timedelta(days=1 + ahead)
    h.made += 1
    source = changed_edition(f"e{h.made}-{first}", first, CHANGES[change % len(CHANGES)])

    def act(session, me):
        rulings.recount_edition(session, add_edition(session, source, me.person_id, h.now).first_day, h.now)

    h.office.desk("region", h.now, act)


def _role(h: UpperHistory, who: int, back: int) -> None:
    """Somebody is given a role above, from a day before on."""
    login, unit, role = (("former", COUNTY, "county_manager"), ("mover", LEAGUE, "league_inspector"))[who % 2]
    values = {"unit": unit, "role": role, "first_day": h.today - timedelta(days=back), "last_day": None}
    h.desk(lambda s, me: roles.give_role(s, me, h.now, h.office.cast.people[login], values))


def _days(h: UpperHistory, count: int) -> None:
    for _ in range(count * 2 + 1):
        h.today += timedelta(days=1)
        h.office.advance(h.now)


small = st.integers(0, 6)
_WEIGHTS = {"record": (5, 6), "letter": (3, 2), "amend": (4, 2), "withdraw": (1, 1), "setting": (3, 1), "service": (3, 1),
            "close": (2, 2), "close_county": (2, 1), "reopen": (2, 2), "open": (3, 1), "bureau": (2, 1), "point": (3, 2), "holiday": (3, 1),
            "edition": (2, 1), "role": (2, 1), "plan": (3, 3), "called": (3, 2),
            "days": (1, 2)}  # fmt: skip
_ACTS: dict[str, Callable] = {name: globals().get(f"_{name}") for name in _WEIGHTS} | {
    "plan": planned,
    "called": called_for,
}
STEPS = st.lists(
    st.one_of(
        *(
            st.tuples(
                st.just(name),
                *(st.integers(0, 9) if (name, n) == ("record", 0) else small for n in range(count)),
            )
            for name, (count, weight) in _WEIGHTS.items()
            for _ in range(weight)
        )
    ),
    min_size=4,
    max_size=14,
)
