"""What is done to a phone and its server in one run, decided by the seed alone; when exactly it strikes, nobody decides."""

import random
from dataclasses import dataclass

from tests.browser.story_county import s10

VICTIMS = ("server", "server", "phone", "both", "nobody")
MOMENTS = ("save", "push", "photo")  # as the person taps, as a record is sent, as a photo is sent


@dataclass(frozen=True)
class Round:
    """One check, and what dies while it is saved or sent."""

    numbers: tuple[str, ...]  # the first of them fails, with a photo
    victim: str
    moment: str
    delay: float  # seconds after that moment


@dataclass(frozen=True)
class Plan:
    """One run."""

    seed: int
    rounds: tuple[Round, ...]

    def __str__(self) -> str:
        lines = [
            f"  {one.victim} {1000 * one.delay:.0f} ms after {one.moment}: {', '.join(one.numbers)}"
            for one in self.rounds
        ]
        return "\n".join([f"seed {self.seed}", *lines])


def plan_of(seed: int, rounds: int = 4) -> Plan:
    """The plan of a seed."""
    dice, serial = random.Random(seed), 40000000
    made = []
    for _ in range(rounds):
        numbers = tuple(s10("PA", serial + n) for n in range(dice.randint(1, 3)))
        serial += len(numbers)
        delay = dice.choice((0, dice.uniform(0, 0.05), dice.uniform(0, 0.4)))
        made.append(Round(numbers, dice.choice(VICTIMS), dice.choice(MOMENTS), delay))
    return Plan(seed, tuple(made))
