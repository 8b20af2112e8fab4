"""Random histories of two offices for the property tests of the ledger: what people do, in whatever order it comes.

A history is a list of steps ``(what, number, number, …)``; the numbers choose among what there is, so that every list of
steps means something and a failing one can be made smaller.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.cast import CITY, COUNTY, RURAL
from tests.ledger_records import CHANGES, NEWER, changed_edition, newer
from tests.ledger_stories import Office, about_fact, called, failed, form, noon, passed, sealed
from webapp.core.problems import Problem
from webapp.org.queries import unit_for
from webapp.recording.changes import lists, roles
from webapp.recording.conflicts import decide
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk
from webapp.rulebook.operations import add_edition
from webapp.sampling import handovers, operations as sampling
from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.queries import drawn_items, in_sample

START = date(2026, 11, 16)
KINDS = ("parcel", "parcel", "receipt", "relay")
# who acts, for which unit, acting for which
STAFF = (
    ("inspector", CITY, CITY),
    ("lead", CITY, CITY),
    ("director", CITY, CITY),
    ("carrier", CITY, CITY),
    ("head", RURAL, RURAL),
    ("county", RURAL, COUNTY),
    ("county", CITY, COUNTY),
)
small = st.integers(0, 6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("check"), small, small, small, small),
        st.tuples(st.just("check"), small, small, small, small),
        st.tuples(st.just("record"), small, small, small, small),
        st.tuples(st.just("pick"), small, small, small),
        st.tuples(st.just("edition"), small, small),
        st.tuples(st.just("amend"), small, small, small),
        st.tuples(st.just("amend_early"), small, small, small),
        st.tuples(st.just("withdraw"), small, small),
        st.tuples(st.just("repeat"), small, small),
        st.tuples(st.just("conflict"), small, small, small),
        st.tuples(st.just("held"), small, small, small),
        st.tuples(st.just("confirm"), small, small),
        st.tuples(st.just("parents"),),
        st.tuples(st.just("volume"), small, small, small),
        st.tuples(st.just("list"), small, small),
        st.tuples(st.just("seal"), small),
        st.tuples(st.just("handover"), small, small, small),
        st.tuples(st.just("void"), small),
        st.tuples(st.just("role"), small, small, small),
        st.tuples(st.just("end_role"), small, small),
        st.tuples(st.just("point"), small, small),
        st.tuples(st.just("holiday"), small, small),
        st.tuples(st.just("days"), small),
    ),
    min_size=4,
    max_size=16,
)  # fmt: skip


@dataclass
class Sent:
    """A fact that was sent, or is to be sent later."""

    login: str
    unit: str
    acting: str
    kind: str
    day: date
    envelope: dict


@dataclass
class History:
    """Plays steps in an office and remembers what was sent."""

    office: Office
    today: date = START
    sent: list[Sent] = field(default_factory=list)
    later: list[Sent] = field(default_factory=list)  # parents that are still on a phone
    outcomes: list[str] = field(default_factory=list)
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
            self.outcomes.append(problem.code)

    # ------------------------------------------------------------ sending

    def new_id(self, high: int = 3) -> str:
        """A UUIDv7 that is the same in each run; a greater ``high`` sorts later."""
        self.made += 1
        return f"0193f0a{high:x}-0000-7000-8000-{self.made:012x}"

    def push(self, login: str, envelope: dict, **more) -> None:
        """Send one fact."""
        (outcome,) = self.office.push(login, self.now, envelope, **more)
        self.outcomes.append(outcome.problem.code if outcome.problem else outcome.state)

    def send(self, who: tuple, kind: str, day: date, open: dict, high: int = 3, **more) -> Sent:
        """Freeze a fact and send it."""
        sent = self.freeze(who, kind, day, open, high)
        self.push(sent.login, sent.envelope, **more)
        self.sent.append(sent)
        return sent

    def freeze(self, who: tuple, kind: str, day: date, open: dict, high: int = 3) -> Sent:
        """A fact that only the phone has."""
        return Sent(*who, kind, day, sealed(open, self.new_id(high)))

    def one_of(self, number: int) -> Sent | None:
        """One of the facts sent so far."""
        return self.sent[number % len(self.sent)] if self.sent else None

    def inspection(self, who: tuple, kind: str, day: date, size: int, first: int, **more) -> dict:
        """The open part of a check of ``3 × size`` things and some more, beginning with the ``first``."""
        _, unit, acting = who
        numbers = [f"P{n:02}" for n in range(first * 4, first * 4 + size * 4 + 1)]
        if kind == "relay":
            named = "居委会" if unit == CITY else "嘎查"
            points = [one for name, one in sorted(self.office.cast.points.items()) if name.endswith(named)]
            items = called(points[first : first + size + 1])
        else:
            items = passed(numbers[1:]) + failed(numbers[:1], "legible" if kind == "receipt" else "intact")
        about = {"about": (day - timedelta(days=first % 3)).isoformat()} if kind == "receipt" else {}
        return form(kind, day, items, unit=unit, acting=acting, **about, **more)


def _check(h: History, who: int, kind: int, size: int, back: int) -> None:
    person, sort = STAFF[who % len(STAFF)], KINDS[kind % len(KINDS)]
    day = h.today - timedelta(days=back % 4)
    h.send(person, sort, day, h.inspection(person, sort, day, size, (who + back) % 5), high=1 + size)


def _record(h: History, who: int, kind: int, size: int, back: int) -> None:
    """One of the newer kinds; the carrier's is refused, and a county's is not everywhere taken."""
    person, sort = STAFF[who % len(STAFF)], NEWER[kind % len(NEWER)]
    day = h.today - timedelta(days=back % 4)
    h.send(person, sort, day, newer(h.office.cast, person, sort, day, size), high=1 + size)


def _pick(h: History, who: int, size: int, back: int) -> None:
    person = STAFF[who % len(STAFF)]
    day = h.today - timedelta(days=back % 2)
    items = [{"subject": f"P{n:02}", "class": "parcel"} for n in range(size * 4 + 1)]
    open = form("watch-pick", day, items, unit=person[1], acting=person[2], about=h.today.isoformat())
    h.send(person, "watch-pick", day, open | {"type": "selection"})


def _edition(h: History, ahead: int, change: int) -> None:
    """An edition that begins tomorrow or later; lengths of periods may change with it."""
    first = h.today + timedelta(days=1 + ahead)
    source = changed_edition(f"e{h.made}-{first}", first, CHANGES[change % len(CHANGES)])
    h.made += 1

    def act(session, me):
        row = add_edition(session, source, me.person_id, h.now)
        rulings.recount_edition(session, row.first_day, h.now)

    h.office.desk("region", h.now, act)


def _amend(h: History, which: int, size: int, back: int, early: bool = False) -> None:
    if (old := h.one_of(which)) is None:
        return
    who = (old.login, old.unit, old.acting)
    day = h.today - timedelta(days=back % 3)
    parent = old.envelope["id"]
    if early and old.kind in KINDS:  # the correction is sent, what it corrects is still on the phone
        first = h.freeze(who, old.kind, old.day, h.inspection(who, old.kind, old.day, 3, 0))
        h.later.append(first)
        parent = first.envelope["id"]
    if old.kind in NEWER:
        h.send(
            who, old.kind, day, newer(h.office.cast, who, old.kind, day, size, amends=parent), high=1 + size
        )
    elif old.kind in KINDS:
        h.send(who, old.kind, day, h.inspection(who, old.kind, day, size, back, amends=parent), high=1 + size)


def _withdraw(h: History, which: int, by: int) -> None:
    if (old := h.one_of(which)) is not None:
        login, acting = (old.login, old.acting) if by < 4 else ("county", COUNTY)
        own = about_fact("withdrawal", old.envelope["id"], h.today, old.unit, acting, reason="记错了")
        h.push(login, sealed(own, h.new_id()))


def _repeat(h: History, which: int, by: int) -> None:
    if (old := h.one_of(which)) is not None:
        h.push(old.login if by else "lead", old.envelope)


def _conflict(h: History, which: int, size: int, choice: int) -> None:
    """Another content under a known number; the director decides."""
    if (old := h.one_of(which)) is None or old.kind not in KINDS:
        return
    who = (old.login, old.unit, old.acting)
    other = sealed(h.inspection(who, old.kind, old.day, size, 1), old.envelope["id"])
    h.push(old.login, other)
    digest, number = other["digest"], old.envelope["id"]
    decision = "first" if choice < 3 else "second"
    h.office.desk("county", h.now, lambda s, me: decide(s, me, h.now, number, digest, decision))


def _held(h: History, who: int, size: int, skewed: int) -> None:
    """The phone's clock is wrong: it says tomorrow, or is a day behind."""
    person = STAFF[who % 5]
    if skewed % 2:
        day = h.today + timedelta(days=1)
        h.send(person, "parcel", day, h.inspection(person, "parcel", day, size, 2))
        return
    day = h.today - timedelta(days=1)
    started = {"started": noon(day).isoformat(), "ended": noon(day, 12.5).isoformat()}
    open = h.inspection(person, "parcel", day, size, 2, **started)
    h.send(person, "parcel", day, open, skew=timedelta(days=1))


def _confirm(h: History, which: int, by: int) -> None:
    if (old := h.one_of(which)) is not None:
        login, acting = (old.login, old.acting) if by < 4 else ("county", COUNTY)
        own = about_fact("confirmation", old.envelope["id"], h.today, old.unit, acting)
        h.push(login, sealed(own, h.new_id()))


def _parents(h: History) -> None:
    for late in h.later:
        h.push(late.login, late.envelope)
        h.sent.append(late)
    h.later.clear()


def _volume(h: History, back: int, counts: int, unit: int) -> None:
    login, code = (("director", CITY), ("head", RURAL))[unit % 2]
    day = h.today - timedelta(days=back % 4)
    values = {"parcel": (0, 5, 19, 20, 21, 40, None)[counts], "express": counts % 3, "registered": 0}
    back_again = (None, 0, 1)[counts % 3]
    said = {name: {"items": n, "returned": back_again if n else None} for name, n in values.items()}
    own = {"v": 1, "type": "volume", "unit": code, "acting": code, "date": h.today.isoformat()}
    together = {"returned": 2} if counts == 3 else {}  # as one number, where none is beside a class
    h.push(login, sealed({**own, "about": day.isoformat(), "volumes": said, **together}, h.new_id(counts)))


def _list(h: History, back: int, size: int) -> None:
    day = h.today - timedelta(days=back % 3)

    people = h.office.cast.people
    who = (people["carrier"], people["inspector"], None, people["director"])

    def act(session, me):
        def draft(keeper) -> Manifest:
            number = 1 + session.query(Manifest).filter_by(unit_code=CITY, day=day).count()
            made = {"id": h.new_id(), "unit_code": CITY, "day": day, "number": number}
            one = Manifest(**made, created_by=me.person_id, created_at=h.now, announced=False)
            session.add(one)
            session.flush()
            for n in range(size * 5 + 1):
                item = {"number": f"P{n:02}", "mail_class": "parcel", "returned": n == 1}
                item |= {"route_id": h.office.cast.routes[CITY, "1"], "delivered_by": who[n % 4]}
                session.add(ManifestItem(manifest_id=one.id, **item))
            return one

        lists.change_list(session, me, h.now, unit_for(session, me, CITY), day, draft)

    h.office.desk("director", h.now, act)


def _handover(h: History, back: int, to: int, what: int) -> None:
    """A route or a few numbers change hands, for a day before or after."""
    login = ("carrier", "inspector", "lead", "director", "mover", "carrier2", "inspector")[to]
    day, cast = h.today + timedelta(days=1 - back), h.office.cast
    route = {"route": cast.routes[CITY, "1"]}
    named = route if what % 2 else {"numbers": [f"P{n:02}" for n in range(what * 3, what * 3 + 5)]}

    def act(session, me):
        unit, person = unit_for(session, me, CITY), cast.people[login]
        record_at_desk(
            session, me, h.now, handovers.handover_body(unit, day, h.today, person, "换班", **named)
        )

    h.office.desk("director", h.now, act)


def _seal(h: History, which: int) -> None:
    def act(session, me):
        open = session.query(Manifest).filter_by(sealed_at=None).order_by(Manifest.id).all()
        if open:
            one = open[which % len(open)]
            record_at_desk(session, me, h.now, sampling.seal_body(session, one.id, h.today))
            record_at_desk(session, me, h.now, sampling.reveal_body(session, one.id, h.today))

    h.office.desk("director", h.now, act)


def _void(h: History, which: int) -> None:
    def act(session, me):
        for manifest, rows in drawn_items(session, CITY, START - timedelta(days=9), h.today)[which % 2 :]:
            for row in in_sample(manifest, rows)[:1]:
                body = sampling.void_body(session, manifest.id, row.number, "未到", h.today)
                record_at_desk(session, me, h.now, body)

    h.office.desk("director", h.now, act)


def _role(h: History, who: int, role: int, back: int) -> None:
    login = ("carrier", "carrier2", "lead", "mover", "former", "inspector", "head")[who]
    unit = RURAL if role % 2 else CITY
    name = ("inspector", "carrier", "director", "team_lead")[role % 4]
    values = {"unit": unit, "role": name, "first_day": h.today - timedelta(days=back), "last_day": None}
    person = h.office.cast.people[login]
    h.office.desk("county", h.now, lambda s, me: roles.give_role(s, me, h.now, person, values))


def _end_role(h: History, which: int, back: int) -> None:
    login = ("carrier", "inspector", "lead", "head", "carrier2", "director", "inspector")[which]
    person, last = h.office.cast.people[login], h.today - timedelta(days=back)

    def act(session, me):
        open = [one for one in h.office.cast.person(session, login).roles if one.last_day is None]
        if open:
            roles.end_role(session, me, h.now, person, open[back % len(open)].id, last)

    h.office.desk("county", h.now, act)


def _point(h: History, which: int, op: int) -> None:
    name = ("open", "close", "reopen", "confirm", "close", "reopen", "open")[op]
    login, unit = (("director", CITY), ("head", RURAL))[which % 2]
    named = "居委会" if unit == CITY else "嘎查"
    points = [one for key, one in sorted(h.office.cast.points.items()) if key.endswith(named)]
    day = h.today - timedelta(days=which)
    own = {"v": 1, "type": "point", "unit": unit, "acting": unit, "date": h.today.isoformat(), "op": name}
    own |= {"day": day.isoformat(), "point": points[which % 3], "reason": "搬迁"}
    if name == "open":
        values = {"kind": "property", "name": f"新点{h.made}"}
        own |= {"point": h.new_id(), "values": values}
    h.push(login, sealed(own, h.new_id()))


def _holiday(h: History, back: int, delivers: int) -> None:
    day = h.today + timedelta(days=2 - back)
    more = {"day": day.isoformat(), "delivers": bool(delivers % 2), "name": "那达慕", "reason": "放假"}

    def act(session, me):
        unit = unit_for(session, me, (CITY, RURAL, COUNTY)[delivers % 3])
        body = rulings.body(me, unit, h.now, rulings.CALENDAR, "exception", **more)
        record_at_desk(session, me, h.now, body)

    h.office.desk("county", h.now, act)


def _days(h: History, count: int) -> None:
    h.today += timedelta(days=1 + count % 3)
    h.office.advance(h.now)


_ACTS: dict[str, Callable] = {
    "check": _check,
    "record": _record,
    "pick": _pick,
    "edition": _edition,
    "amend": _amend,
    "amend_early": lambda h, *numbers: _amend(h, *numbers, early=True),
    "withdraw": _withdraw,
    "repeat": _repeat,
    "conflict": _conflict,
    "held": _held,
    "confirm": _confirm,
    "parents": _parents,
    "volume": _volume,
    "list": _list,
    "seal": _seal,
    "handover": _handover,
    "void": _void,
    "role": _role,
    "end_role": _end_role,
    "point": _point,
    "holiday": _holiday,
    "days": _days,
}
