"""The frame of a random world: an office, its calendar, its people and routes, before anything happens."""

import calendar
from datetime import date
from random import Random

from tests.independent.world import DAY, Grant, World


class Office:
    """Everything random comes from the one generator."""

    random: Random
    powers: frozenset[str]
    serial: int
    world: World

    # ------------------------------------------------------------ the frame

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, values):
        return self.random.choice(list(values))

    def next_key(self, what: str) -> str:
        self.serial += 1
        return f"{what}-{self.serial}"

    def number(self) -> str:
        self.serial += 1
        return f"98{self.serial:011d}"

    def _frame(self, seed: int) -> World:
        month = self.random.randint(2, 10)
        first = date(2026, month, 1)
        last = date(2026, month, calendar.monthrange(2026, month)[1])
        opened = first - self.random.randint(1, 45) * DAY
        if self.chance(0.12):
            opened = first + self.random.randint(0, 20) * DAY
        elif self.chance(0.1):
            opened = first - 120 * DAY
        closed, told = None, False
        if self.chance(0.12):
            closed = max(first, opened) + self.random.randint(3, 24) * DAY
            closed = min(closed, last)
        told = closed is not None and self.chance(0.6)
        setting = self.pick(("city", "rural"))
        mask = 127 if setting == "city" else self.pick((0b0011111, 0b0010101, 0b0111111, 0b0001001))
        if self.chance(0.25):
            mask = self.pick((0b0011111, 0b1011111, 0b0000010))
        masks = [(date(2020, 1, 1), mask)]
        if self.chance(0.15):
            masks.append((first + self.random.randint(2, 25) * DAY, self.pick((127, 0b0011111, 0b0101010))))
        exceptions = {
            first + self.random.randint(0, 27) * DAY: self.chance(0.4)
            for _ in range(self.random.randint(0, 5))
        }
        world = World(
            seed, setting, first, last, opened, closed, told, opened, tuple(masks), exceptions, [], {}, {}
        )
        if "ledger-day" in self.powers and self.chance(0.15):
            world.ledger_first = max(opened, first - self.random.randint(-12, 10) * DAY)
            if closed and world.ledger_first >= closed:
                world.ledger_first = opened
        world.grants = self._people(setting, first, opened)
        walkers = ["head"] if "head" in {g.login for g in world.grants} else ["carrier", "walker"]
        world.routes = {str(n): walker for n, walker in enumerate(walkers, 1)}
        count = self.pick((0, 3, 5, 8, 11, 14, 23))
        world.points = {
            f"p{n}": max(opened, opened + self.pick((0, 0, 0, 3, 20)) * DAY) for n in range(count)
        }
        return world

    def _people(self, setting: str, first: date, opened: date) -> list[Grant]:
        begin = date(2020, 1, 1)
        turn = max(first, opened) + self.random.randint(1, 20) * DAY
        grants = [Grant("county", "county_manager", "county", begin)]
        if setting == "rural" and self.chance(0.5):
            grants += [
                Grant("head", role, "department", begin) for role in ("director", "inspector", "carrier")
            ]
            if self.chance(0.5):
                grants.append(
                    Grant("helper", "carrier", "department", turn, self.pick((None, turn + 5 * DAY)))
                )
            return grants
        grants += [
            Grant("director", "director", "department", begin),
            Grant("inspector", "inspector", "department", begin, self.pick((None, None, turn))),
            Grant("second", "inspector", "department", self.pick((begin, turn))),
            Grant("carrier", "carrier", "department", begin),
            Grant("walker", "carrier", "department", begin),
        ]
        if self.chance(0.5):
            grants.append(Grant("second", "carrier", "department", begin, self.pick((None, turn))))
        if setting == "city":
            grants.append(Grant("lead", "team_lead", "department", self.pick((begin, turn))))
        return grants

    def _span(self) -> list[date]:
        first = max(self.world.first, self.world.opened)
        end = self.world.last + DAY if self.world.closed is None else self.world.closed
        return [first + n * DAY for n in range((end - first).days)]

    def _alive(self, day: date) -> bool:
        return day >= self.world.opened and (self.world.closed is None or day < self.world.closed)

    def _next_delivery_day(self, day: date) -> date:
        ahead = day + DAY
        while not self.world.delivers(ahead):
            ahead += DAY
        return ahead
