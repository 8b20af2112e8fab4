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
    told: tuple[str, str]  # in a sentence: what is counted
    needs: tuple[str, ...] = ()  # what such a duty cannot leave out
    counted: bool = True  # the ledger can keep it
    each_time: bool = False  # its minima are asked of each session, not of the period
    passive: bool = False  # it can be met in a period in which nobody did anything
    drawn: bool = False  # a percent below 100 is drawn from the day's lists
    confirms: bool = False  # ``days``: for how long a confirmation of a relay point holds
    chosen: bool = False  # ``size``: how many items are chosen in advance for a day
    balances: bool = False  # what one day carries over is the next delivery day's opening
    planned: bool = False  # whom it asks about is laid down in plans of special checks
    days: tuple[str, str] = ("每{value}天检查一次", "a check every {value} days")  # what ``days`` says


_TOLD = {
    "share": (
        "所查邮件按不同邮件号计，与应查总量相比。",
        "Different items that were checked, held against all that should be.",
    ),
    "watch": (
        "事先选定并登记了投递结果的邮件。",
        "Items that were chosen in advance and whose outcome is recorded.",
    ),
    "sessions": (
        "查满规定数量的日期，同一天只计一次。",
        "Days on which the full number was checked; a day counts once.",
    ),
    "distinct": (
        "查过的不同对象，重复的只计一次。",
        "Different subjects that were looked at; one looked at twice counts once.",
    ),
    "register": (
        "每个接转点距上次确认的天数。",
        "For each relay point the days since it was last confirmed.",
    ),
    "once": ("有一次记录即可。", "One record is enough."),
    "balance": (
        "一次记录；没有结存也没有收进的日子不适用。",
        "One record; not applicable on a day with nothing carried over and nothing received.",
    ),
    "spaced": (
        "相邻两次记录之间隔了几个投递日。",
        "How many delivery days lie between one record and the next.",
    ),
    "coverage": (
        "本单位自己的记录覆盖了多少应查单位。",
        "How many of those to be covered are covered by the unit's own records.",
    ),
    "document": (
        "期间结束后签发的文书，上报的以报送为准。",
        "A document issued after the period; of one that is sent up, when it was sent.",
    ),
    "plan": (
        "专项检查方案中的单位各查到最低数，并签发总结；多个方案取最好的一个。",
        "The units of a special check's plan, each checked to its minimum, and the summary; of several plans the best.",
    ),
}
WAYS: Mapping[str, Way] = MappingProxyType(
    {
        way.code: way
        for way in (
            Way("share", _TOLD["share"], needs=("kinds", "percent", "of"), drawn=True),
            Way("watch", _TOLD["watch"], needs=("kinds", "size", "of", "chosen_by"), chosen=True),
            Way("sessions", _TOLD["sessions"], needs=("kinds", "sessions", "size"), each_time=True),
            Way("distinct", _TOLD["distinct"], needs=("kinds",)),
            Way(
                "register",
                _TOLD["register"],
                needs=("kinds", "days"),
                passive=True,
                confirms=True,
                days=("{value}天内确认一次", "a confirmation within {value} days"),
            ),
            Way("once", _TOLD["once"], needs=("kinds",)),
            Way("balance", _TOLD["balance"], needs=("kinds",), balances=True),
            Way("spaced", _TOLD["spaced"], needs=("kinds", "days")),
            Way("coverage", _TOLD["coverage"], needs=("over", "each", "need")),
            Way("document", _TOLD["document"], needs=("document",)),
            Way("plan", _TOLD["plan"], needs=("kinds",), planned=True),
        )
    }
)
