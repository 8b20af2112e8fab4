"""What a server has been told of a world until a moment: lists, volumes, people, points, and the records in force."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tests.independent.world import (
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

DEPARTMENT_ROLES = {"carrier", "team_lead", "inspector", "director"}


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

    def deliverers(self, number: str, day: date) -> set[str | None]:
        """Who delivered: the day's lists, else the latest before it that bear the number; of hand-overs the latest.

        Where an earlier list bears it and its route is handed over for the day, it may have gone out with either.
        """
        days = sorted({*self.slips, *(handed.about for handed in self.handed)}, reverse=True)
        bearing = [each for each in days if each <= day and number in self.listed(each)]
        row = self.listed(bearing[0])[number] if bearing else None
        found: set[str | None] = set()
        to = [h.to for h in self.handed if h.about == day and _names(h, number, row)]
        if to and (not bearing or bearing[0] == day or self._named(number, day)):
            return {to[-1]}
        if to:
            found.add(to[-1])
        for each in (each for each in days if each <= day):
            mine = [
                h.to
                for h in self.handed
                if h.about == each and _names(h, number, self.listed(each).get(number))
            ]
            if mine:
                return found | {mine[-1]}
            if row and each == bearing[0]:
                return found | {row.carrier or self.world.routes.get(row.route)}
        return found

    def _named(self, number: str, day: date) -> bool:
        return any(h.about == day and number in h.numbers for h in self.handed)

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
        return record.author in self.deliverers(thing.subject, record.about or record.day)

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
