"""The delivery ledger of a department, written from the sentences of the domain alone: a world and a moment become lines.

This is code of its own on purpose: it shares nothing with the server but the words. None in an answer means that the
domain says nothing of that figure, so that it is not compared.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import combinations

from tests.independent.world import (
    CLASSES,
    DAY,
    LOCAL,
    NUMBERED,
    Closing,
    Discarded,
    Excepted,
    HandedOver,
    Listed,
    PointChange,
    Record,
    RoleEnded,
    RoleGiven,
    Row,
    Sealed,
    Thing,
    Turned,
    Volumes,
    Withdrawal,
    World,
    at,
)

MET, PARTIAL, DUE, MISSED, UNKNOWN, NOT_APPLICABLE = (
    "met", "partial", "due", "missed", "unknown", "not applicable",
)  # fmt: skip
DEPARTMENT_ROLES = {"carrier", "team_lead", "inspector", "director"}
HEADS = {"director", "inspector"}
CAP = 20
UNSAID = -1  # of a minimum: the domain does not say what is shown
FRESH = timedelta(days=90)


@dataclass(frozen=True)
class Answer:
    """One line: what the domain says of it at the moment."""

    status: str
    required: int | None = None
    done: int | None = None
    items: int | None = None
    passed: int | None = None
    failed: int | None = None
    why: str = ""


@dataclass
class Slip:
    """A list of a day: sealed or not, its rows by number."""

    sealed: bool = False
    rows: dict[str, Row] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """A verdict in force on one thing, and whether it counts for a duty that asks for ``roles``."""

    record: Record
    thing: Thing


class Known:
    """What the server has been told until ``now``."""

    def __init__(self, world: World, now: datetime, refused: Iterable[str] = ()):
        self.world, self.now, self.today = world, now, now.astimezone(LOCAL).date()
        self.closed = None if world.closing_told else world.closed
        self.exceptions, self.turns, self.grants = dict(world.exceptions), [], list(world.grants)
        self.slips: dict[date, list[Slip]] = {}
        self.typed: dict[date, dict[str, tuple]] = {}
        self.together: dict[date, int | None] = {}
        self.steps: list[PointChange] = []
        self.handed: list[HandedOver] = []
        records: dict[str, Record] = {}
        withdrawn: set[str] = set()
        refused = set(refused)
        for arrival in world.arrivals:
            what = arrival.what
            if arrival.at > now or getattr(what, "key", None) in refused:
                continue
            match what:
                case Listed():
                    self._list(what)
                case Sealed():
                    self._open_slip(what.about).sealed = True
                case Discarded():
                    self.slips[what.about].remove(self._open_slip(what.about))
                case Volumes():
                    self.typed.setdefault(what.about, {}).update(what.said)
                    self.together[what.about] = what.together
                case HandedOver():
                    self.handed.append(what)
                case PointChange():
                    self.steps.append(what)
                case Withdrawal():
                    withdrawn.add(what.target)
                case Record():
                    records[what.key] = what
                case _:
                    self._rule(what)
        self.records = _in_force(records, withdrawn)

    def _rule(self, what) -> None:
        match what:
            case Closing():
                self.closed = what.closed
            case Excepted():
                self.exceptions[what.day] = what.delivers
            case Turned():
                self.turns.append(what)
            case RoleGiven():
                self.grants.append(what.grant)
            case RoleEnded():
                self.grants = [
                    replace(g, last=what.last)
                    if (g.login, g.role, g.last) == (what.login, what.role, None)
                    else g
                    for g in self.grants
                ]

    def delivers(self, day: date) -> bool:
        """Delivery days: a make-up day beats a holiday, both beat the weekday."""
        return self.exceptions.get(day, self.world.delivers_by_mask(day))

    def setting(self, day: date) -> str:
        """City or rural on the day."""
        turned = [turn.setting for turn in sorted(self.turns, key=lambda t: t.first) if turn.first <= day]
        return turned[-1] if turned else self.world.setting

    def roles(self, login: str, place: str, day: date) -> set[str]:
        """What the person is at the place on the day."""
        return {g.role for g in self.grants if (g.login, g.place) == (login, place) and g.holds(day)}

    def _open_slip(self, day: date) -> Slip | None:
        return next((slip for slip in self.slips.get(day, ()) if not slip.sealed), None)

    def _list(self, brought: Listed) -> None:
        standing = self.listed(brought.about)
        fresh = {row.number: row for row in brought.rows if row.number not in standing}
        if fresh:
            slip = self._open_slip(brought.about)
            if slip is None:
                slip = Slip()
                self.slips.setdefault(brought.about, []).append(slip)
            slip.rows.update(fresh)

    # ------------------------------------------------------------ lists and volumes

    def listed(self, day: date) -> dict[str, Row]:
        """What stands on any list of the day, sealed or not."""
        return {number: row for slip in self.slips.get(day, ()) for number, row in slip.rows.items()}

    def on_sealed(self, day: date) -> dict[str, Row]:
        """What stands on the day's sealed lists."""
        sealed = [slip for slip in self.slips.get(day, ()) if slip.sealed]
        return {number: row for slip in sealed for number, row in slip.rows.items()}

    def all_sealed(self, day: date) -> bool:
        """The day has lists, and none is left unsealed."""
        slips = self.slips.get(day)
        return bool(slips) and all(slip.sealed for slip in slips)

    def volume(self, day: date, name: str) -> int | None:
        """The sum over the sealed lists, provided none is left unsealed; else what was typed; else missing."""
        if name in NUMBERED and self.all_sealed(day):
            return sum(row.mail_class == name for row in self.listed(day).values())
        return self.typed.get(day, {}).get(name, (None, None))[0]

    def least(self, day: date, name: str, checked: int = 0) -> int:
        """A missing volume is at least what was checked of it and what the sealed lists of a partly sealed day hold."""
        volume = self.volume(day, name)
        if volume is not None:
            return volume
        return max(checked, sum(row.mail_class == name for row in self.on_sealed(day).values()))

    def stands(self, day: date, name: str) -> bool:
        """Whether the class stands on any list of the day."""
        return any(row.mail_class == name for row in self.listed(day).values())

    # ------------------------------------------------------------ who

    def deliverer(self, number: str, day: date) -> str | None:
        """Who delivered: the day's lists, else the latest before it that bear the number; of hand-overs the latest."""
        for each in sorted(
            (d for d in {*self.slips, *(h.about for h in self.handed)} if d <= day), reverse=True
        ):
            row = self.listed(each).get(number)
            to = [h.to for h in self.handed if h.about == each and _names(h, number, row)]
            if to:
                return to[-1]
            if row:
                return row.carrier or self.world.routes.get(row.route)
        return None

    def alone(self, day: date) -> bool:
        """Exactly one person holds department roles on the day."""
        held = {
            g.login
            for g in self.grants
            if g.place == "department" and g.role in DEPARTMENT_ROLES and g.holds(day)
        }
        return len(held) == 1

    def counts(self, record: Record, roles: set[str], sole: bool = False) -> bool:
        """The roles named, as on the day of the work, acting for the department itself; or the county's visit."""
        if record.acting == "county":
            return sole and self.alone(record.day)
        return bool(self.roles(record.author, "department", record.day) & roles)

    def verdicts(
        self, kind: str, roles: set[str], fits: Callable[[Record], bool], sole: bool = False
    ) -> list[Verdict]:
        """The verdicts in force that count, own deliveries left out."""
        found = []
        for record in self.records:
            if record.kind == kind and fits(record) and self.counts(record, roles, sole):
                found += [Verdict(record, thing) for thing in record.things if not self.own(record, thing)]
        return found

    def own_of(self, kind: str, first: date, last: date) -> int:
        """How many verdicts on own deliveries there are: for an explanation."""
        return sum(
            self.own(record, thing)
            for record in self.records
            if record.kind == kind and first <= (record.about or record.day) <= last
            for thing in record.things
        )

    def own(self, record: Record, thing: Thing) -> bool:
        if record.kind not in ("receipt", "return", "watch", "parcel"):
            return False
        return self.deliverer(thing.subject, record.about or record.day) == record.author

    # ------------------------------------------------------------ periods

    def alive(self, day: date) -> bool:
        """From the opening, or the first day of its ledger, to the day before the closing date."""
        return self.world.ledger_first <= day and (self.closed is None or day < self.closed)

    def delivery_days(self, first: date, last: date) -> list[date]:
        """The delivery days from ``first`` to ``last``."""
        return [day for day in span(first, last) if self.delivers(day)]

    def last_in_time(self, day: date) -> date:
        """The next delivery day; without another one the unit's last day."""
        ahead = day + DAY
        while self.alive(ahead) and not self.delivers(ahead):
            ahead += DAY
        return ahead if self.alive(ahead) else ahead - DAY

    def over(self, last: date) -> bool:
        """Whether a line that closes at the end of ``last`` is closed."""
        return self.now >= at(last + DAY)

    # ------------------------------------------------------------ relay points

    def lives(self, point: str) -> list[tuple[date, date | None]]:
        """When the point is open, with the dates known so far: (first day, first day no longer)."""
        steps = [
            (step.holds, n, step.op) for n, step in enumerate(self.steps)
            if step.point == point and step.op != "confirm"
        ]  # fmt: skip
        if point in self.world.points:
            steps.append((self.world.points[point], -1, "open"))
        lives: list[tuple[date, date | None]] = []
        for day, _, op in sorted(steps):
            if op == "close" and lives and lives[-1][1] is None:
                lives[-1] = (lives[-1][0], day)
            elif op != "close" and (not lives or lives[-1][1] is not None):
                lives.append((day, None))
        return lives

    def open_on(self, point: str, day: date) -> bool:
        """Whether the point is open on the day."""
        return any(first <= day and (until is None or day < until) for first, until in self.lives(point))

    def population(self, first: date, last: date, month: bool) -> set[str]:
        """Of a month: open on its last day (or today) and for at least 7 days of it; of a week: open all week."""
        points = set(self.world.points) | {step.point for step in self.steps}
        days = span(first, last)
        if not month:
            return {point for point in points if all(self.open_on(point, day) for day in days)}
        reference = min(last, self.today)
        return {
            point for point in points
            if self.open_on(point, reference) and sum(self.open_on(point, day) for day in days) >= 7
        }  # fmt: skip


def _names(handed: HandedOver, number: str, row: Row | None) -> bool:
    """Whether the hand-over names the item or its route."""
    return number in handed.numbers or bool(handed.route and row and row.route == handed.route)


def span(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``."""
    return [first + n * DAY for n in range((last - first).days + 1)]


def _in_force(records: dict[str, Record], withdrawn: set[str]) -> list[Record]:
    """An amendment stands for what it amends; a withdrawn fact is as if never made."""
    amended_by = {r.amends: r for r in records.values() if r.amends}

    def winner(record: Record) -> Record | None:
        after = amended_by.get(record.key)
        found = winner(after) if after else None
        return found or (None if record.key in withdrawn else record)

    heads = (record for record in records.values() if record.amends is None)
    return [found for found in map(winner, heads) if found]


def _tally(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Two verdicts on one item: a fail wins."""
    found: dict[str, str] = {}
    for verdict in verdicts:
        subject = verdict.thing.subject
        if found.get(subject) != "fail":
            found[subject] = verdict.thing.verdict
    return found


def _figures(tally: dict[str, str]) -> dict:
    failed = sum(verdict == "fail" for verdict in tally.values())
    return {"done": len(tally), "items": len(tally), "passed": len(tally) - failed, "failed": failed}


def _standing(reached: bool, started: bool, closed: bool) -> str:
    if reached:
        return MET
    if closed:
        return MISSED
    return PARTIAL if started else DUE


def _by_volume(possible: set[str], done: int, closed: bool) -> str:
    """A line of which a missing volume may change the verdict: ``possible`` are the verdicts of a closed line."""
    if MISSED not in possible:
        return MET if MET in possible else NOT_APPLICABLE
    if closed and possible == {MISSED}:
        return MISSED
    if closed:
        return UNKNOWN
    return PARTIAL if done else DUE


# ---------------------------------------------------------------- 14.1(1)


def receipt_sample(known: Known, day: date) -> Answer:
    """At least 10 % of the items on the day's lists, rounded up; classes count together."""
    last = known.last_in_time(day)
    listed = known.listed(day)
    verdicts = [
        v for v in known.verdicts("receipt", HEADS, lambda r: r.about == day and r.day <= last, True)
        if v.thing.subject in listed or not _settled(known, day, v.thing.mail_class)
    ]  # fmt: skip
    tally, closed = _tally(verdicts), known.over(last)
    classes = {v.thing.subject: v.thing.mail_class for v in verdicts}
    volumes = {name: known.volume(day, name) for name in NUMBERED}
    why = f"volumes {volumes}, own deliveries {known.own_of('receipt', day, day)}"
    if None not in volumes.values():
        whole = sum(volumes.values())
        required = math.ceil(whole / 10)
        status = NOT_APPLICABLE if whole == 0 else _standing(len(tally) >= required, bool(tally), closed)
        return Answer(status, required, **_figures(tally), why=why)
    least = sum(known.least(day, n, sum(c == n for c in classes.values())) for n in NUMBERED)
    possible = {MISSED}  # there may always be more of what is missing
    if least == 0:
        possible.add(NOT_APPLICABLE)
    elif len(tally) >= math.ceil(least / 10):
        possible.add(MET)
    why = f"{why}, least {least}"
    return Answer(_by_volume(possible, len(tally), closed), None, **_figures(tally), why=why)


def _settled(known: Known, day: date, name: str) -> bool:
    """Only what stands on a list counts: the class stands on one, or is a recorded zero."""
    return known.stands(day, name) or known.volume(day, name) == 0


# ---------------------------------------------------------------- 14.1(2)


def return_audit(known: Known, day: date) -> Answer:
    """Every returned item of the day."""
    last = known.last_in_time(day)
    listed = known.listed(day)
    marked = {number for number, row in listed.items() if row.returned}
    whole = known.all_sealed(day)
    verdicts = [
        v for v in known.verdicts("return", HEADS, lambda r: r.about == day and r.day <= last, True)
        if v.thing.subject in marked or not (whole or known.stands(day, v.thing.mail_class))
    ]  # fmt: skip
    tally, closed = _tally(verdicts), known.over(last)
    classes = {v.thing.subject: v.thing.mail_class for v in verdicts}
    least, most = _returned(known, day, [*classes.values()])
    done = len(tally)
    why = f"returned {least}–{most}, audited {done}, own deliveries {known.own_of('return', day, day)}"
    if least == most:
        status = NOT_APPLICABLE if least == 0 else _standing(done >= least, bool(tally), closed)
        said = [known.typed.get(day, {}).get(n, (None, None))[1] for n in NUMBERED]
        typed = known.all_sealed(day) or None not in said or known.together.get(day) is not None
        return Answer(status, int(least) if typed else UNSAID, **_figures(tally), why=why)
    possible = {MET if done >= most else MISSED}
    possible.add(NOT_APPLICABLE if least == 0 else MET if done >= least else MISSED)
    if least == 0 and done >= 1:
        possible.add(MET)
    return Answer(_by_volume(possible, done, closed), None, **_figures(tally), why=why)


def _returned(known: Known, day: date, audited: list[str | None]) -> tuple[float, float]:
    """The least and the most that can have come back: marked on the sealed lists, else typed, else missing."""
    if known.all_sealed(day):
        count = sum(row.returned for row in known.listed(day).values())
        return count, count
    together = known.together.get(day)
    least = most = together or 0
    for name in CLASSES if together is None else ("letter", "periodical"):
        volume = known.volume(day, name)
        typed = known.typed.get(day, {}).get(name, (None, None))[1]
        if typed is not None:
            least, most = least + typed, most + typed
        elif volume != 0 and name in NUMBERED:
            highest = math.inf if volume is None else volume
            marked = sum(r.returned and r.mail_class == name for r in known.on_sealed(day).values())
            least += min(highest, max(marked, audited.count(name)))
            most += highest
    return least, most


# ---------------------------------------------------------------- 14.1(3)


def registered_balance(known: Known, day: date) -> Answer:
    """Met when entered; not applicable only when opening and received are both 0."""
    last = known.last_in_time(day)
    entered = _balance(known, day, last)
    opening = _carried_before(known, day)
    received = entered.header["received"] if entered else known.volume(day, "registered")
    if entered and opening is None:
        opening = entered.header.get("opening")
    why = f"opening {opening}, received {received}, entered {entered is not None}"
    if opening == 0 and received == 0:
        return Answer(NOT_APPLICABLE, why=why)
    closed = known.over(last)
    if (
        closed
        and entered is None
        and opening == 0
        and received is None
        and not known.least(day, "registered")
    ):
        return Answer(UNKNOWN, 1, 0, why=why)  # nothing may have come in
    return Answer(_standing(entered is not None, False, closed), 1, int(entered is not None), why=why)


def _balance(known: Known, day: date, last: date | None = None) -> Record | None:
    fits = [
        r
        for r in known.records
        if r.kind == "balance"
        and r.about == day
        and (last is None or r.day <= last)
        and known.counts(r, HEADS)
    ]
    return fits[-1] if fits else None


def _carried_before(known: Known, day: date) -> int | None:
    """What the delivery day before carried over; entered too late it is still known."""
    before = day - DAY
    while before >= known.world.opened and not known.delivers(before):
        before -= DAY
    found = _balance(known, before) if before >= known.world.opened else None
    return found.header["carried"] if found else None


# ---------------------------------------------------------------- 14.1(4)


def shortage_damage(known: Known, first: date, last: date) -> Answer | None:
    """Neighbouring checks differ by at most 3 delivery days, up to the month's end or today."""
    start = max(first - DAY, known.world.opened, known.world.ledger_first)
    end = last if known.closed is None else min(last, known.closed - DAY)
    if start > end:
        return None

    def number(day: date) -> int:
        return len(known.delivery_days(first, day)) if day >= first else 0

    checks = sorted(
        r.day for r in known.records
        if r.kind == "shortage" and max(first, known.world.ledger_first) <= r.day <= end and known.counts(r, HEADS)
    )  # fmt: skip
    marks = [number(start), *map(number, checks)]
    over = any(after - before > 3 for before, after in zip(marks, marks[1:], strict=False))
    latest = number(min(known.today, end))
    why = f"delivery days of checks {marks}, today {latest}, end {number(end)}"
    if over or latest - marks[-1] > 3:
        return Answer(MISSED, why=why)
    if number(end) - marks[-1] <= 3:
        return Answer(MET, why=why)
    return Answer(PARTIAL if checks else DUE, why=why)


# ---------------------------------------------------------------- 14.1(5)


def advance_watch(known: Known, day: date) -> Answer:
    """Items chosen in advance that have an outcome; at least 20, or the day's volume."""
    last = known.last_in_time(day)
    picks = [
        r
        for r in known.records
        if r.kind == "watch-pick" and r.about == day and r.day <= day and known.counts(r, HEADS, True)
    ]
    chosen = {
        thing.subject: min(r.made for r in picks if thing in r.things) for r in picks for thing in r.things
    }
    verdicts = [
        v for v in known.verdicts("watch", HEADS, lambda r: r.about == day and r.day <= last, True)
        if v.thing.subject in chosen and chosen[v.thing.subject] <= v.record.made
    ]  # fmt: skip
    tally, closed = _tally(verdicts), known.over(last)
    classes = {v.thing.subject: v.thing.mail_class for v in verdicts}
    done = len(tally)
    volumes = {name: known.volume(day, name) for name in CLASSES}
    least = sum(known.least(day, n, sum(c == n for c in classes.values())) for n in CLASSES)
    why = f"volumes {volumes}, least {least}, own deliveries {known.own_of('watch', day, day)}"
    settled = None not in volumes.values()
    # What was checked is no known part of the volume: it bounds the verdict, not the minimum.
    known_part = sum(known.least(day, n) for n in CLASSES)
    if settled or known_part >= CAP:
        required = min(CAP, known_part)
        status = NOT_APPLICABLE if required == 0 else _standing(done >= required, bool(tally), closed)
        return Answer(status, required, **_figures(tally), why=why)
    possible = {MET if done >= CAP else MISSED}
    if done < CAP:
        possible.add(NOT_APPLICABLE if least == 0 else MET if done >= min(CAP, least) else MISSED)
    required = (
        UNSAID if least >= CAP else None
    )  # with what was checked of it: nothing is said of what is shown
    return Answer(_by_volume(possible, done, closed), required, **_figures(tally), why=why)


# ---------------------------------------------------------------- 14.2


def parcel_check(known: Known, first: date, last: date) -> Answer:
    """Two sessions of 20, or of all the day's parcels where fewer came in; distinct up to the sum of their minima."""
    days = known.delivery_days(first, last)
    required = min(2, sum(known.volume(day, "parcel") != 0 for day in days))
    closed = known.over(last)
    verdicts = known.verdicts("parcel", {"team_lead", "inspector"}, lambda r: first <= r.day <= last, True)
    checked = {day: [v for v in verdicts if v.record.day == day] for day in span(first, last)}
    tallies = {day: _tally(_that_days(known, day, found)) for day, found in checked.items()}
    figures = _session_figures(tallies.values())
    why = (
        f"volumes {[known.volume(day, 'parcel') for day in span(first, last)]}, "
        f"checked {[*map(len, tallies.values())]}, own deliveries {known.own_of('parcel', first, last)}"
    )
    if required == 0:
        return Answer(NOT_APPLICABLE, 0, why=why)
    sessions = [(known_minimum(known, day), set(tally)) for day, tally in tallies.items() if tally]
    done = _best(sessions)
    if done >= required:
        return Answer(MET, required, required, **figures, why=why)
    if closed and _may_be_met(known, days, checked):
        return Answer(UNKNOWN, required, done, **figures, why=why)
    started = any(tallies.values())
    return Answer(_standing(False, started, closed), required, done, **figures, why=why)


def known_minimum(known: Known, day: date) -> int:
    """min(20, that day's parcels); 20 where the volume is missing."""
    volume = known.volume(day, "parcel")
    return CAP if volume is None else min(CAP, volume)


def _that_days(known: Known, day: date, found: list[Verdict]) -> list[Verdict]:
    """Of that day's parcels where there are fewer than 20; a zero day holds no session."""
    volume = known.volume(day, "parcel")
    if volume == 0:
        return []
    return found if volume is None or volume >= CAP else _on_the_lists(known, day, found)


def _on_the_lists(known: Known, day: date, found: list[Verdict]) -> list[Verdict]:
    if not known.stands(day, "parcel"):
        return found
    return [v for v in found if v.thing.subject in known.listed(day)]


def _best(sessions: list[tuple[int, set[str]]]) -> int:
    good = [(least, numbers) for least, numbers in sessions if len(numbers) >= least]
    if any(len(a | b) >= m + n for (m, a), (n, b) in combinations(good, 2)):
        return 2
    return min(1, len(good))


def _may_be_met(known: Known, days: list[date], checked: dict[date, list[Verdict]]) -> bool:
    """Whether some possible volumes of the days where it is missing would make the week met or not applicable."""
    required, sessions = 0, []
    for day, found in checked.items():
        numbers = {v.thing.subject for v in _that_days(known, day, found)}
        least = known_minimum(known, day)
        zero = known.volume(day, "parcel") == 0
        if known.volume(day, "parcel") is None:
            least = known.least(day, "parcel")
            if least < CAP:
                numbers = {v.thing.subject for v in _on_the_lists(known, day, found)}
                least = min(CAP, max(least, len(numbers)))
                zero = least == 0
        if numbers:
            sessions.append((least, numbers))
        required += day in days and not zero
    return _best(sessions) >= min(2, required)


def _session_figures(tallies: Iterable[dict[str, str]]) -> dict:
    tallies = [tally for tally in tallies if tally]
    whole = {subject for tally in tallies for subject in tally}
    if len(whole) < sum(map(len, tallies)):
        return {}  # a number in two sessions: the domain does not say whether it is one item of the week
    failed = sum(verdict == "fail" for tally in tallies for verdict in tally.values())
    return {"items": len(whole), "passed": len(whole) - failed, "failed": failed}


# ---------------------------------------------------------------- 14.3


def letter_check_city(known: Known, first: date, last: date) -> Answer:
    """Two sessions, each at least 6 nonlocal at different addresses and 4 local."""
    required = min(2, len(known.delivery_days(first, last)))
    if required == 0:
        return Answer(NOT_APPLICABLE, 0)
    verdicts = known.verdicts("letter", HEADS, lambda r: first <= r.day <= last, True)
    good = started = 0
    for day in span(first, last):
        things = [v.thing for v in verdicts if v.record.day == day]
        tags = {thing.tag for thing in things if thing.stratum == "nonlocal" and thing.tag}
        local = {thing.subject for thing in things if thing.stratum == "local"}
        good += len(tags) >= 6 and len(local) >= 4
        started += bool(tags or local)
    return _letters(known, verdicts, good, started, required, last)


def letter_check_rural(known: Known, first: date, last: date) -> Answer:
    """One session of at least 5 a month."""
    verdicts = known.verdicts("letter", HEADS, lambda r: first <= r.day <= last, True)
    sizes = [len({v.thing.subject for v in verdicts if v.record.day == day}) for day in span(first, last)]
    return _letters(known, verdicts, sum(size >= 5 for size in sizes), sum(sizes), 1, last)


def _letters(
    known: Known, verdicts: list[Verdict], good: int, started: int, required: int, last: date
) -> Answer:
    figures = _figures(_tally(verdicts))
    status = _standing(good >= required, bool(started), known.over(last))
    return Answer(status, required, min(good, required), None, figures["passed"], figures["failed"])


# ---------------------------------------------------------------- 14.4


def relay_register(known: Known, first: date, last: date) -> Answer:
    """Every point confirmed within 90 days, as of the month's end or today."""
    population, as_of = known.population(first, last, True), min(last, known.today)
    if not population:
        return Answer(NOT_APPLICABLE, 0)
    confirmed = {point for point in population if _confirmed(known, point, as_of)}
    status = _standing(confirmed == population, bool(confirmed), known.over(last))
    return Answer(
        status, len(population), len(confirmed), why=f"not confirmed {sorted(population - confirmed)}"
    )


def _confirmed(known: Known, point: str, as_of: date) -> bool:
    """By being entered, by the director's confirmation, or by a call of director or inspector."""
    days = [known.world.points[point]] if point in known.world.points else []
    days += [step.day for step in known.steps if step.point == point and step.op in ("open", "confirm")]
    calls = known.verdicts("relay", HEADS, lambda r: any(t.subject == point for t in r.things))
    days += [call.record.day for call in calls]
    return any(as_of - FRESH <= day <= as_of for day in days)


def _calls(known: Known, roles: set[str], first: date, last: date, population: set[str]) -> list[Verdict]:
    calls = known.verdicts("relay", roles, lambda r: first <= r.day <= last)
    return [call for call in calls if call.thing.subject in population]


def relay_monthly(known: Known, first: date, last: date, cap: int | None = 20) -> Answer:
    """Calls at distinct points of the population."""
    population = known.population(first, last, True)
    required = len(population) if cap is None else min(cap, len(population))
    if not population:
        return Answer(NOT_APPLICABLE, 0)
    tally = _tally(_calls(known, HEADS, first, last, population))
    status = _standing(len(tally) >= required, bool(tally), known.over(last))
    return Answer(status, required, **_figures(tally), why=f"population {len(population)}")


def relay_coverage(known: Known, first: date, last: date) -> Answer:
    """Every point once."""
    return relay_monthly(known, first, last, None)


def _relay_week(known: Known, first: date, last: date, roles: set[str], size: int, sessions: int) -> Answer:
    required = min(sessions, len(known.delivery_days(first, last)))
    population = known.population(first, last, False)
    if required == 0 or not population:
        return Answer(NOT_APPLICABLE, 0)
    calls = _calls(known, roles, first, last, population)
    tallies = [_tally(c for c in calls if c.record.day == day) for day in span(first, last)]
    good = sum(len(tally) >= min(size, len(population)) for tally in tallies)
    status = _standing(good >= required, any(tallies), known.over(last))
    why = f"population {len(population)}, sessions {[len(tally) for tally in tallies]}"
    return Answer(status, required, min(good, required), **_session_figures(tallies), why=why)


def relay_city(known: Known, first: date, last: date) -> Answer:
    """The inspector's two sessions of 10 points."""
    return _relay_week(known, first, last, {"inspector"}, 10, 2)


def relay_rural(known: Known, first: date, last: date) -> Answer:
    """One session of 5 points."""
    return _relay_week(known, first, last, HEADS, 5, 1)


# ---------------------------------------------------------------- 14.5


def pre_shift_meeting(known: Known, day: date) -> Answer:
    """The director's, one, with notes."""
    return _meeting(known, "meeting", day, day)


def monthly_analysis(known: Known, first: date, last: date) -> Answer:
    """The director's, one, with notes and requirements."""
    return _meeting(known, "analysis", first, last)


def _meeting(known: Known, kind: str, first: date, last: date) -> Answer:
    held = any(
        r.kind == kind and first <= r.day <= last and known.counts(r, {"director"}) for r in known.records
    )
    return Answer(_standing(held, False, known.over(last)), 1)


# ---------------------------------------------------------------- the ledger

DAILY = {
    "receipt-sample": receipt_sample,
    "return-audit": return_audit,
    "registered-balance": registered_balance,
    "advance-watch": advance_watch,
    "pre-shift-meeting": pre_shift_meeting,
}
WEEKLY = {
    "city": {"parcel-check": parcel_check, "letter-check-city": letter_check_city, "relay-city": relay_city},
    "rural": {"relay-rural": relay_rural},
}
_MONTHLY = {
    "relay-register": relay_register,
    "relay-monthly": relay_monthly,
    "monthly-analysis": monthly_analysis,
}
MONTHLY = {
    "city": _MONTHLY,
    "rural": {**_MONTHLY, "letter-check-rural": letter_check_rural, "relay-coverage": relay_coverage},
}


def lines_of_day(known: Known, day: date) -> dict[str, Answer]:
    """The daily duties of a day in the unit's life; without delivery there is nothing to do."""
    if day > known.today or not known.alive(day):
        return {}
    if not known.delivers(day):
        return dict.fromkeys(DAILY, Answer(NOT_APPLICABLE))
    return {code: fold(known, day) for code, fold in DAILY.items()}


def lines_of_week(known: Known, first: date) -> dict[str, Answer]:
    """The weekly duties of a full week in the unit's life."""
    last = first + 6 * DAY
    if first > known.today or not (known.alive(first) and known.alive(last)):
        return {}
    return {code: fold(known, first, last) for code, fold in WEEKLY[known.setting(first)].items()}


def lines_of_month(known: Known, first: date, last: date) -> dict[str, Answer]:
    """The monthly duties of a full month in the unit's life; shortage and damage also where it opens or closes."""
    if first > known.today:
        return {}
    found = {}
    shortage = shortage_damage(known, first, last)
    if shortage and known.world.ledger_first <= known.today:
        found["shortage-damage"] = shortage
    if known.alive(first) and known.alive(last):
        found |= {code: fold(known, first, last) for code, fold in MONTHLY[known.setting(first)].items()}
    return found


def roll_up(statuses: Iterable[str]) -> str:
    """What a longer period says of its lines."""
    found = set(statuses)
    if found <= {NOT_APPLICABLE}:
        return NOT_APPLICABLE
    if found <= {MET, NOT_APPLICABLE}:
        return MET
    if found & {MISSED, UNKNOWN}:
        return MISSED
    return PARTIAL if found & {MET, PARTIAL} else DUE
