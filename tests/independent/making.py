"""From a seed to a world: a month with everything that happens in an office, on time and late, right and wrong."""

from dataclasses import replace
from datetime import date
from random import Random

from tests.independent.offices import Office
from tests.independent.world import (
    CLASSES,
    DAY,
    NUMBERED,
    Arrival,
    Closing,
    Discarded,
    Excepted,
    Grant,
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

# What a server may not be able to be told yet: hand-overs, a ledger's first day, returned items as one number, a closing
# of a relay point that lies ahead.
POWERS = frozenset(("hand-over", "ledger-day", "together", "ahead"))
AROUND = (0, 0, 1, 4, 9, 10, 11, 15, 19, 20, 21, 30)
HEADS = ("director", "inspector")


def make(seed: int, powers: frozenset[str] = POWERS) -> World:
    """The world of the seed, of what the server can be told."""
    return Maker(seed, powers).world


class Maker(Office):
    """Makes one world: what happens in the office, day by day."""

    def __init__(self, seed: int, powers: frozenset[str]):
        self.powers = powers
        self.random = Random(seed)
        self.serial = 0
        self.world = self._frame(seed)
        self.days = self._span()
        self.week_parcels: list[str] = []
        for day in self.days:
            if day.weekday() == 0:
                self.week_parcels = []
            self._day(day)
        self._month()
        self._register()
        self._rulings()
        self.world.arrivals.sort(key=lambda arrival: arrival.at)
        self.world.moments = self._moments()

    # ------------------------------------------------------------ how things arrive

    def arrive(self, when, what) -> None:
        self.world.arrivals.append(Arrival(when, what))

    def _sent(self, day: date):
        """When a record of the day reaches the server: that evening, some days later, or long after."""
        dice = self.random.random()
        if dice < 0.75:
            return at(day, 18)
        return at(day + self.random.randint(1, 4 if dice < 0.95 else 15) * DAY, self.pick((8, 18)))

    def record(
        self, kind: str, day: date, roles: tuple[str, ...], things=(), hour: float = 10, **more
    ) -> Record | None:
        """A record by somebody who may make it that day, sent; corrected or taken back now and then."""
        authors = sorted({login for role in roles for login in self.world.with_role(role, day)} - {"county"})
        county = kind in (
            "receipt",
            "return",
            "watch",
            "watch-pick",
            "parcel",
            "letter",
            "relay",
        ) and self.chance(0.5 if "head" in authors else 0.05)
        if not self._alive(day) or not (authors or county):
            return None
        author, acting = ("county", "county") if county else (self.pick(authors), "department")
        made = at(day, hour, self.random.randint(0, 3000))
        record = Record(self.next_key(kind), author, kind, acting, day, made, things=tuple(things), **more)
        sent = self._sent(day)
        self.arrive(sent, record)
        if self.chance(0.05):
            self._correct(record, sent)
        elif self.chance(0.04):
            self._take_back(record, sent)
        return record

    def _correct(self, record: Record, sent) -> None:
        things = tuple(
            replace(thing, verdict="fail" if thing.verdict and self.chance(0.3) else thing.verdict)
            for thing in record.things
            if len(record.things) == 1 or self.chance(0.8)
        )
        again = replace(record, key=record.key + "+", amends=record.key, things=things or record.things)
        when = max(sent + self.random.randint(-1, 3) * DAY, at(record.day, 19))
        self.arrive(when, again)
        if self.chance(0.4):
            self._take_back(again, when)

    def _take_back(self, record: Record, sent) -> None:
        when = sent + self.random.randint(0, 8) * DAY
        self.arrive(when, Withdrawal(self.next_key("withdrawal"), record.author, record.key, when.date()))

    # ------------------------------------------------------------ a day

    def _day(self, day: date) -> None:
        rows = self._mail(day) if self.world.delivers(day) or self.chance(0.1) else []
        if self.world.delivers(day):
            self._receipts(day, rows)
            self._returns(day, rows)
            self._balance(day)
            self._watch(day, rows)
        if self.chance(0.8):
            self.record("meeting", day, ("director",), [Thing("-", None)], header={"present": [], "notes": 2})
        if self.world.setting == "city" and self.chance(0.45):
            self._parcels(day, rows)
        if self.chance(0.3 if self.world.setting == "city" else 0.12):
            self._letters(day)
        if self.chance(0.35):
            self._relay(day)

    def _rows(self, day: date, count: int) -> list[Row]:
        carriers = self.world.with_role("carrier", day)
        weights = self.pick(((1, 1, 1), (1, 1, 6), (0, 1, 3), (3, 0, 0), (1, 2, 0)))
        names = self.random.choices(NUMBERED, weights, k=count)
        back = self.pick((0, 0, 0.1, 0.3))
        return [self._row(name, carriers, self.chance(back)) for name in names]

    def _row(self, name: str, carriers: list[str], returned: bool) -> Row:
        dice = self.random.random()
        carrier = self.pick(carriers) if carriers and dice < 0.5 else None
        route = self.pick(self.world.routes) if 0.4 < dice < 0.95 else None
        return Row(self.number(), name, carrier, returned, route)

    def _mail(self, day: date) -> list[Row]:
        """Lists and typed volumes of a day; what stands on its lists."""
        rows: list[Row] = []
        way = self.pick(
            ("sealed", "sealed", "sealed", "draft", "partly", "two", "gone", "typed", "typed", "none")
        )
        when = at(day, 7) if self.chance(0.7) else at(day + self.random.randint(0, 3) * DAY, 20)
        if way in ("sealed", "draft", "partly", "two", "gone"):
            rows = self._rows(day, self.pick((1, 3, 8, 12, 19, 25, 31)))
            self.arrive(when, Listed(day, tuple(rows)))
        if way in ("sealed", "partly", "two"):
            when += self.pick((1, 1, 30)) * (at(day, 1) - at(day))
            self.arrive(when, Sealed(day))
        if way in ("partly", "two"):
            more = self._rows(day, self.pick((1, 5, 9)))
            when += at(day, 1) - at(day)
            self.arrive(when, Listed(day, tuple(more)))
            rows = rows + more
        if way == "two":
            self.arrive(when + self.pick((1, 50)) * (at(day, 1) - at(day)), Sealed(day))
        if way == "gone":
            self.arrive(when + self.pick((1, 40)) * (at(day, 1) - at(day)), Discarded(day))
        if "hand-over" in self.powers and rows and self.chance(0.3):
            self._hand_over(day, rows, when)
        if way in ("typed", "gone", "partly", "draft") or self.chance(0.4):
            self._typed(day)
        return rows

    def _hand_over(self, day: date, rows: list[Row], when) -> None:
        """In mid-day or days later, to anybody who works there that day."""
        held_by = self.world.with_role("carrier", day) + self.world.with_role("director", day)
        after = max(when, at(day, 7)) + self.pick((1, 5, 30, 80)) * (at(day, 1) - at(day))
        route = self.pick(self.world.routes) if self.chance(0.5) else None
        numbers = () if route else tuple(row.number for row in self.random.sample(rows, min(3, len(rows))))
        self.arrive(after, HandedOver(day, self.pick(held_by), route, numbers))

    def _typed(self, day: date) -> None:
        whole = self.chance(0.5)
        for _ in range(self.pick((1, 1, 2))):
            said = {}
            for name in CLASSES:
                if whole or self.chance(0.6):
                    items = None if self.chance(0.05) else self.pick(AROUND)
                    back = (
                        None if items is None or self.chance(0.4) else min(items, self.pick((0, 0, 1, 2, 3)))
                    )
                    said[name] = (items, back)
            on = day + self.pick((0, 0, 1, 5)) * DAY
            together = None
            if "together" in self.powers and self.chance(0.3):
                said = {n: (v[0], None if n in NUMBERED else v[1]) for n, v in said.items()}
                together = min(self.pick((0, 1, 2, 3)), sum((said.get(n, (9,))[0] or 0) for n in NUMBERED))
            if said:
                author = self.pick(self.world.with_role("director", on))
                self.arrive(
                    at(on, 9, self.serial), Volumes(self.next_key("volume"), author, on, day, said, together)
                )

    def _work_day(self, day: date) -> date:
        """When a list's day is looked at: that day, by the next delivery day, or too late."""
        dice = self.random.random()
        after = self._next_delivery_day(day)
        return day if dice < 0.5 else after if dice < 0.8 else day + DAY if dice < 0.9 else after + DAY

    def _checked(self, rows: list[Row], count: int) -> list[Thing]:
        """Things from the rows, some from nowhere."""
        found = [
            Thing(row.number, self._verdict(), row.mail_class)
            for row in self.random.sample(rows, min(count, len(rows)))
        ]
        missing = count - len(found)
        found += [Thing(self.number(), self._verdict(), self.pick(NUMBERED)) for _ in range(missing)]
        if self.chance(0.15):
            found.append(Thing(self.number(), self._verdict(), self.pick(NUMBERED)))
        return found

    def _verdict(self) -> str:
        return "fail" if self.chance(0.1) else "pass"

    def _receipts(self, day: date, rows: list[Row]) -> None:
        for _ in range(self.pick((0, 1, 1, 1, 2))):
            self._about("receipt", day, self._checked(rows, self.pick((1, 1, 2, 3, 4, 5))))

    def _returns(self, day: date, rows: list[Row]) -> None:
        back = [row for row in rows if row.returned]
        for _ in range(self.pick((0, 1, 1, 2))):
            count = len(back) if back and self.chance(0.6) else self.pick((1, 2, 3))
            self._about("return", day, self._checked(back, count))

    def _about(self, kind: str, day: date, things: list[Thing]) -> None:
        if things:
            self.record(kind, self._work_day(day), HEADS, things, about=day)

    def _balance(self, day: date) -> None:
        if not self.chance(0.75):
            return
        header = {
            name: self.pick((0, 0, 1, 5))
            for name in ("received", "delivered", "returned", "forwarded", "carried")
        }
        opening = self.pick((0, 0, 5, None))
        if opening is not None:
            header["opening"] = opening
        self.record("balance", self._work_day(day), HEADS, [Thing("-", None)], about=day, header=header)

    def _watch(self, day: date, rows: list[Row]) -> None:
        if not self.chance(0.7):
            return
        count = self.pick((1, 5, 12, 19, 20, 22))
        things = [
            Thing(row.number, None, row.mail_class)
            for row in self.random.sample(rows, min(len(rows), count // 2))
        ]
        while len(things) < count:
            things.append(Thing(self.next_key("W"), None, self.pick(("letter", "periodical", "express"))))
        chosen = self.record("watch-pick", day - self.pick((0, 1, 1)) * DAY, HEADS, things, hour=6, about=day)
        if chosen is None:
            return
        for _ in range(self.pick((0, 1, 1, 2))):
            seen = [replace(t, verdict=self._verdict()) for t in things if self.chance(self.pick((0.6, 1)))]
            if self.chance(0.2):
                seen.append(Thing(self.next_key("W"), "pass", "letter"))
            if seen:
                self._about("watch", day, seen)

    # ------------------------------------------------------------ weeks and months

    def _parcels(self, day: date, rows: list[Row]) -> None:
        own = [row for row in rows if row.mail_class == "parcel"]
        count = self.pick((len(own), len(own), 20, 20, 19, 21, 7)) or 20
        things = {thing.subject: replace(thing, mail_class=None) for thing in self._checked(own, count)}
        if self.week_parcels and self.chance(0.3):
            again = self.random.sample(self.week_parcels, min(len(self.week_parcels), self.pick((1, 3, 10))))
            things |= {number: Thing(number, self._verdict()) for number in again}
        self.week_parcels += things
        self.record("parcel", day, ("team_lead", "inspector"), things.values())

    def _letters(self, day: date) -> None:
        for _ in range(self.pick((1, 1, 2))):
            tags = [f"{n}号楼" for n in range(self.pick((3, 6, 7, 9)))]
            things = [Thing(self.next_key("L"), self._verdict(), None, "nonlocal", tag) for tag in tags]
            things += [Thing(self.next_key("L"), self._verdict(), None, "nonlocal", self.pick((None, "0号楼")))
                       for _ in range(self.pick((0, 0, 2)))]  # fmt: skip
            things += [
                Thing(self.next_key("L"), self._verdict(), None, "local")
                for _ in range(self.pick((0, 2, 4, 5)))
            ]
            cut = self.pick((len(things), len(things), 4, 5))
            self.record("letter", day, HEADS, self.random.sample(things, min(cut, len(things))))

    def _relay(self, day: date) -> None:
        there = [point for point, opened in self.world.points.items() if opened <= day]
        if not there:
            return
        for _ in range(self.pick((1, 1, 2))):
            called = self.random.sample(there, min(len(there), self.pick((1, 4, 5, 9, 10, 12))))
            self.record("relay", day, HEADS, [Thing(point, self._verdict()) for point in called])

    def _month(self) -> None:
        day = self.days[0]
        while day <= self.days[-1]:
            self.record("shortage", day, HEADS, [Thing("-")], header={"short": 0, "damaged": 1})
            day += self.pick((1, 2, 3, 3, 3, 3, 4)) * DAY
        if self.chance(0.7):
            header = {"present": [], "notes": 2, "requirements": ["按时"]}
            self.record("analysis", self.pick(self.days), ("director",), [Thing("-", None)], header=header)

    def _register(self) -> None:
        """Points that open, close, open again and are confirmed."""
        directors = self.world.with_role("director", self.days[0])
        state: dict[str, date] = {}
        for _ in range(self.pick((0, 2, 5, 9))):
            day = self.pick(self.days)
            here = [p for p, opened in self.world.points.items() if opened < day and state.get(p, day) <= day]
            op = self.pick(("open", "close", "close", "confirm"))
            point = self.next_key("q") if op == "open" else self.pick(here) if here else None
            if point is None or (op == "close" and point in state):
                continue
            holds = max(
                day - self.pick((0, 0, 3)) * DAY, self.world.opened, self.world.points.get(point, day)
            )
            if "ahead" in self.powers and op == "close" and self.chance(0.4):
                holds = day + self.random.randint(1, 9) * DAY
            self._change(directors[0], point, op, day, day if op == "confirm" else holds)
            state[point] = day
            if op == "close" and holds <= day and self.chance(0.4):
                again = day + self.pick((1, 4, 9)) * DAY
                if self._alive(again):
                    self._change(directors[0], point, "reopen", again, again)
                    state[point] = again

    def _change(self, author: str, point: str, op: str, day: date, holds: date) -> None:
        self.arrive(at(day, 16), PointChange(self.next_key("change"), author, point, op, day, holds))

    def _rulings(self) -> None:
        """What the county lays down meanwhile: the last day, holidays, city or rural, who is what."""
        if self.world.closing_told:
            told = self.world.closed - self.random.randint(-3, 6) * DAY
            self.arrive(at(max(told, self.days[0]), 11), Closing(self.world.closed))
        for _ in range(self.pick((0, 0, 1, 2))):
            day = self.pick(self.days)
            self.arrive(at(day + self.random.randint(-3, 6) * DAY, 15), Excepted(day, self.chance(0.3)))
        if self.chance(0.12):
            first = self.pick(self.days)
            turned = "rural" if self.world.setting == "city" else "city"
            if self._alive(first):
                self.arrive(at(first + self.random.randint(0, 5) * DAY, 15), Turned(first, turned))
        if self.chance(0.25):
            self._people_change()

    def _people_change(self) -> None:
        day = self.pick(self.days)
        back = max(day - self.random.randint(0, 9) * DAY, self.days[0])
        open_ended = [g for g in self.world.grants if g.last is None and g.first <= back and g.role != "director"
                      and g.place == "department" and g.role != "carrier"]  # fmt: skip
        if "head" in {g.login for g in self.world.grants}:
            self.arrive(at(day, 14), RoleGiven(Grant("spare", "carrier", "department", back, back + 6 * DAY)))
            self.world.grants.append(
                Grant("spare", "carrier", "department", date(2020, 1, 1), date(2020, 1, 2))
            )
        elif open_ended:
            found = self.pick(open_ended)
            self.arrive(at(day, 14), RoleEnded(found.login, found.role, back))

    # ------------------------------------------------------------ when somebody looks

    def _moments(self):
        """During the month, just before and after something closes, and long after."""
        end = self.days[-1]
        inside = self.random.sample(self.days, min(2, len(self.days)))
        moments = [at(inside[0], 12), at(inside[-1], 23.99), at(inside[-1] + DAY, 0, 30)]
        moments += [at(end, 23.99), at(end + DAY, 0, 30), at(end + 20 * DAY, 12)]
        return sorted(set(moments))
