"""Ways of counting, as far as the rules speak of them: what a duty must say, and how its numbers are put in words. Pure.

How a line is folded stands in the ledger, a file a way (``webapp/ledger/measures``); both are found by the same code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Way:
    """What a duty ``measure`` of this code means for whoever writes, compares or overrides the rules."""

    code: str
    needs: tuple[str, ...] = ()  # what such a duty cannot leave out
    counted: bool = True  # the ledger can keep it
    each_time: bool = False  # its minima are asked of each session, not of the period
    passive: bool = False  # it can be met in a period in which nobody did anything
    drawn: bool = False  # a percent below 100 is drawn from the day's lists
    confirms: bool = False  # ``days``: for how long a confirmation of a relay point holds
    chosen: bool = False  # ``size``: how many items are chosen in advance for a day
    balances: bool = False  # what one day carries over is the next delivery day's opening
    days: tuple[str, str] = ("每{value}天检查一次", "a check every {value} days")  # what ``days`` says


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        way.code: way
        for way in (
            Way("share", needs=("kinds", "percent", "of"), drawn=True),
            Way("watch", needs=("kinds", "size", "of", "chosen_by"), chosen=True),
            Way("sessions", needs=("kinds", "sessions", "size"), each_time=True),
            Way("distinct", needs=("kinds",)),
            Way(
                "register",
                needs=("kinds", "days"),
                passive=True,
                confirms=True,
                days=("{value}天内确认一次", "a confirmation within {value} days"),
            ),
            Way("once", needs=("kinds",)),
            Way("balance", needs=("kinds",), balances=True),
            Way("spaced", needs=("kinds", "days")),
            Way("coverage", needs=("over", "each", "need")),
            Way("document", needs=("document",), counted=False),
            Way("plan", counted=False),
        )
    }
)
