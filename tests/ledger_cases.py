"""Lines worked by hand, one or more for each duty and each status that it can have, with every reason that is said.

``said`` are the codes of the stored reasons and of what is missing, in order. 2026-11-16 is a Monday; November has 30
days; every day delivers unless a case says otherwise.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tests.ledger_tables import (  # fmt: skip
    LONG_AFTER,
    MON,
    MONTH,
    THU,
    TUE,
    WED,
    WEEK,
    calls,
    check,
    duty,
    items,
    numbers,
    only,
    points,
)
from webapp.core.clock import LOCAL
from webapp.ledger.counting import without_own
from webapp.ledger.rules import Checked, Inputs, Line, fold
from webapp.rulebook.periods import Calendar, Period, period_of
from webapp.rulebook.rules import load

DAY = period_of("day", TUE)
NOON = datetime(2026, 11, 17, 12, tzinfo=LOCAL)
WHOLE_WEEK = [MON + timedelta(days=n) for n in range(7)]
KINDS = tuple(load().kinds.values())
LETTERS = (load().kinds["letter"],)
CLASSES = ("express", "registered", "parcel", "letter", "periodical")


@dataclass(frozen=True)
class Case:
    """A line, its status at ``now``, and what is said of it."""

    name: str
    duty: str
    period: Period
    status: str
    said: str
    inputs: dict = field(default_factory=dict)
    now: datetime = LONG_AFTER

    @property
    def line(self) -> Line:
        """The line, folded by the shipped edition."""
        return fold(duty(self.duty), self.period, Inputs(**self.inputs))

    def __str__(self) -> str:
        return f"{self.duty}: {self.name}"


def nov(day: int) -> date:
    """A day of November 2026."""
    return date(2026, 11, day)


def volume(day=TUE, **counts) -> dict:
    """Volumes of a day by class."""
    return {(day, name): count for name, count in counts.items()}


def parcels(count: int | None = 30, **other) -> dict:
    """Parcels of each day of the week; ``W=0``: but none on Wednesday, ``W=None``: missing."""
    named = dict(zip("MTWRFSU", WHOLE_WEEK, strict=True))
    counts = dict.fromkeys(WHOLE_WEEK, count) | {named[day]: n for day, n in other.items()}
    return {(day, "parcel"): n for day, n in counts.items() if n is not None}


def balanced(day=TUE, **counts):
    """A balance of 3 + 5 = 4 + 1 + 1 + 2 registered letters, but for what is told."""
    even = {"opening": 3, "received": 5, "delivered": 4, "returned": 1, "forwarded": 1, "carried": 2}
    return replace(check(day, ()), header=even | counts)


def letters(tags: str, local: int, first: int = 0) -> tuple[Checked, ...]:
    """Nonlocal letters with these address tags, and so many local ones."""
    far = [Checked(f"N{first + n}", None, "pass", "nonlocal", tag) for n, tag in enumerate(tags)]
    return (*far, *(Checked(f"L{first + n}", None, "pass", "local") for n in range(local)))


def delivered(made, count: int):
    """The check without its first items, that its author delivered."""
    own = {(made.day, item.subject): {"me"} for item in made.items[:count]}
    return without_own(replace(made, author="me"), own)


def manager(day, what):
    """A check by the county's manager."""
    return check(day, what, roles="county_manager", own=False)


NO_DAY, NO_WEEK = {"calendar": only(MON)}, {"calendar": only()}
TEN = volume(express=10, registered=5, parcel=6)  # 21 items: three are to be sampled
SOME = volume(express=10, registered=5)
FULL = volume(**dict.fromkeys(CLASSES, 9))
CHOSEN = {"picks": (check(TUE, items(25)),)}
UNKNOWN_YEAR = Calendar(holidays=((date(2026, 1, 1), True),))

RECEIPT = [
    Case("three of 21", "receipt-sample", DAY, "met", "volume share checked",
         {"volumes": TEN, "checks": (check(TUE, items(3)),)}),
    Case("two of 21 so far", "receipt-sample", DAY, "partial", "volume share checked left",
         {"volumes": TEN, "checks": (check(TUE, items(2)),)}, NOON),
    Case("nothing yet", "receipt-sample", DAY, "due", "volume share checked left", {"volumes": TEN}, NOON),
    Case("two of 21", "receipt-sample", DAY, "missed", "volume share checked short",
         {"volumes": TEN, "checks": (check(TUE, items(2)),)}),
    Case("no parcels told, 15 known: two at least", "receipt-sample", DAY, "missed", "volume-missing checked short-anyway",
         {"volumes": SOME, "checks": (check(TUE, items(1, of="express")),)}),
    Case("no parcels told, two of 15 to 20", "receipt-sample", DAY, "unknown", "volume-missing checked undecided",
         {"volumes": SOME, "checks": (check(TUE, items(2, of="express")),)}),
    Case("a Tuesday without delivery", "receipt-sample", DAY, "not-applicable", "no-delivery", NO_DAY),
    Case("a zero day", "receipt-sample", DAY, "not-applicable", "zero-volume",
         {"volumes": volume(express=0, registered=0, parcel=0)}),
    Case("strange numbers, others early, late, by the wrong people, withdrawn, voided", "receipt-sample", DAY, "missed",
         "volume share checked off-list not-counted-early not-counted-role not-counted-unit not-counted-late withdrawn "
         "voided short",
         {"volumes": TEN, "sealed": frozenset({TUE}), "listed": {TUE: {f"P{n}": "parcel" for n in range(6)}},
          "checks": (check(TUE, numbers(50, 52)), check(MON, items(3), about=TUE), check(THU, items(3), about=TUE),
                     check(TUE, items(3), roles="carrier"), manager(TUE, items(3))),
          "withdrawn": 2, "voided": 1}),
    Case("two of three that the inspector delivered", "receipt-sample", DAY, "missed",
         "volume share checked own-delivery short",
         {"volumes": volume(express=20, registered=0, parcel=0), "checks": (delivered(check(TUE, items(3, of="express")), 2),)}),
    Case("fourteen early checks, and the holidays of the year not known", "receipt-sample", DAY, "missed",
         "volume share checked " + "not-counted-early " * 12 + "not-counted holidays-unknown short",
         {"volumes": TEN, "calendar": UNKNOWN_YEAR,
          "checks": tuple(check(TUE - timedelta(days=n + 1), items(1), about=TUE) for n in range(14))}),
    Case("a registered letter, of which none came", "receipt-sample", DAY, "missed", "volume share checked zero-class short",
         {"volumes": volume(express=10, registered=0, parcel=0), "checks": (check(TUE, items(1, of="registered")),)}),
    Case("the county in an office of one person", "receipt-sample", DAY, "met", "volume share checked sole-person",
         {"volumes": TEN, "checks": (manager(TUE, items(3)),), "sole_days": frozenset({TUE})}),
]  # fmt: skip

RETURNS = [
    Case("all three", "return-audit", DAY, "met", "volume share-all checked",
         {"volumes": volume(returned=3), "checks": (check(TUE, items(3)),)}),
    Case("two of three so far", "return-audit", DAY, "partial", "volume share-all checked left",
         {"volumes": volume(returned=3), "checks": (check(TUE, items(2)),)}, NOON),
    Case("nothing yet", "return-audit", DAY, "due", "volume share-all checked left", {"volumes": volume(returned=1)}, NOON),
    Case("two of three", "return-audit", DAY, "missed", "volume share-all checked short",
         {"volumes": volume(returned=3), "checks": (check(TUE, items(2)),)}),
    Case("nobody said how many", "return-audit", DAY, "unknown", "volume-missing checked undecided"),
    Case("as many as came in", "return-audit", DAY, "met", "volume-part checked",
         {"volumes": volume(express=0, registered=0, parcel=3), "checks": (check(TUE, items(3)),)}),
    Case("more audited than can have come back", "return-audit", DAY, "met", "volume-part checked",
         {"volumes": volume(express=0, registered=0, parcel=1), "checks": (check(TUE, items(4)),)}),
    Case("two of the three that came in", "return-audit", DAY, "unknown", "volume-missing checked undecided",
         {"volumes": volume(express=1, registered=0, parcel=2), "checks": (check(TUE, items(2)),)}),
    Case("none came back", "return-audit", DAY, "not-applicable", "zero-returns", {"volumes": volume(returned=0)}),
    Case("a Tuesday without delivery", "return-audit", DAY, "not-applicable", "no-delivery", NO_DAY),
]  # fmt: skip

BALANCE = [
    Case("8 = 8", "registered-balance", DAY, "met", "balance", {"checks": (balanced(),), "kinds": KINDS}),
    Case("8 came and 7 went", "registered-balance", DAY, "met", "balance balance-differs",
         {"checks": (balanced(carried=1),), "kinds": KINDS}),
    Case("2 carried over and 5 against 8, nothing entered as opening", "registered-balance", DAY, "met",
         "balance opening-differs balance-exceeds",
         {"checks": (balanced(opening=0),), "kinds": KINDS, "balances": (balanced(MON),)}),
    Case("the opening is not known", "registered-balance", DAY, "met", "balance opening-unknown",
         {"checks": (balanced(opening=None),), "kinds": KINDS}),
    Case("not yet entered", "registered-balance", DAY, "due", "balance-expected left",
         {"balances": (balanced(MON),), "volumes": volume(registered=4)}, NOON),
    Case("never entered", "registered-balance", DAY, "missed", "balance-expected short",
         {"volumes": volume(registered=4)}),
    Case("nothing carried over, nobody said what came", "registered-balance", DAY, "unknown",
         "balance-expected undecided", {"balances": (balanced(MON, carried=0),)}),
    Case("nothing carried over, nobody said what came, though a sealed list bears one", "registered-balance", DAY, "missed",
         "balance-expected short",
         {"balances": (balanced(MON, carried=0),), "listed": {TUE: {"R1": "registered"}}, "held": {TUE: frozenset({"R1"})}}),
    Case("5 were carried over, and 0 entered as opening and received", "registered-balance", DAY, "met",
         "balance opening-differs balance-differs",
         {"checks": (balanced(opening=0, received=0, delivered=0, returned=0, forwarded=0, carried=0),), "kinds": KINDS,
          "balances": (balanced(MON, carried=5),)}),
    Case("nothing carried over, nothing came, though an opening was entered", "registered-balance", DAY, "not-applicable",
         "nothing-to-balance",
         {"checks": (balanced(opening=5, received=0),), "kinds": KINDS, "balances": (balanced(MON, carried=0),)}),
    Case("nothing there, nothing came", "registered-balance", DAY, "not-applicable", "nothing-to-balance",
         {"balances": (balanced(MON, carried=0),), "volumes": volume(registered=0)}),
    Case("a Tuesday without delivery", "registered-balance", DAY, "not-applicable", "no-delivery", NO_DAY),
]  # fmt: skip

SHORTAGE = [
    Case("3, 6 … 27: cannot be exceeded", "shortage-damage", MONTH, "met", "spaced " + "check-on " * 9,
         {"checks": tuple(check(nov(day), ()) for day in range(3, 28, 3))}),
    Case("checked on the 16th, seen at noon of the 17th", "shortage-damage", MONTH, "partial",
         "spaced check-on check-on check-on check-on check-on check-on next-check more-checks",
         {"checks": tuple(check(nov(day), ()) for day in (3, 6, 9, 12, 15, 16))}, NOON),
    Case("the first two days", "shortage-damage", MONTH, "due", "spaced next-check more-checks", {},
         datetime(2026, 11, 2, 12, tzinfo=LOCAL)),
    Case("on days 3 and 7", "shortage-damage", MONTH, "missed", "spaced check-on check-on gap next-check lapsed",
         {"checks": (check(nov(3), ()), check(nov(7), ()))}),
    Case("first on day 4", "shortage-damage", MONTH, "missed", "spaced check-on gap-first next-check lapsed",
         {"checks": (check(nov(4), ()),)}),
    Case("never", "shortage-damage", MONTH, "missed", "spaced next-check lapsed"),
    Case("no delivery all month", "shortage-damage", MONTH, "not-applicable", "no-delivery-month", NO_WEEK),
]  # fmt: skip

WATCH = [
    Case("twenty of 45", "advance-watch", DAY, "met", "volume least checked chosen",
         {"volumes": FULL, "checks": (check(TUE, items(20)),), **CHOSEN}),
    Case("twenty, whatever came in", "advance-watch", DAY, "met", "volume-part checked chosen",
         {"checks": (check(TUE, items(20)),), **CHOSEN}),
    Case("twenty parcels, though five were told", "advance-watch", DAY, "met", "volume-missing enough checked chosen",
         {"volumes": volume(parcel=5), "checks": (check(TUE, items(20)),), **CHOSEN}),
    Case("45 express told, the rest missing: twenty are required", "advance-watch", DAY, "missed",
         "volume-part checked chosen short", {"volumes": volume(express=45), "checks": (check(TUE, items(19)),), **CHOSEN}),
    Case("chosen, none followed yet", "advance-watch", DAY, "due", "volume least checked chosen left",
         {"volumes": FULL, **CHOSEN}, NOON),
    Case("one followed so far", "advance-watch", DAY, "partial", "volume least checked chosen left",
         {"volumes": FULL, "checks": (check(TUE, items(1)),), **CHOSEN}, NOON),
    Case("nothing chosen yet", "advance-watch", DAY, "due", "volume least checked left", {"volumes": FULL}, NOON),
    Case("five were not chosen", "advance-watch", DAY, "missed", "volume least checked chosen not-chosen short",
         {"volumes": FULL, "checks": (check(TUE, numbers(10, 29)),), **CHOSEN}),
    Case("nineteen, and the volume missing", "advance-watch", DAY, "unknown", "volume-missing checked chosen undecided",
         {"checks": (check(TUE, items(19)),), **CHOSEN}),
    Case("a zero day", "advance-watch", DAY, "not-applicable", "zero-volume", {"volumes": volume(**dict.fromkeys(CLASSES, 0))}),
    Case("a Tuesday without delivery", "advance-watch", DAY, "not-applicable", "no-delivery", NO_DAY),
]  # fmt: skip

PARCELS = [
    Case("20 and 20 others", "parcel-check", WEEK, "met", "sessions session-counts session-counts",
         {"volumes": parcels(), "checks": (check(MON, numbers(0, 19)), check(WED, numbers(20, 39)))}),
    Case("one session so far", "parcel-check", WEEK, "partial", "sessions session-counts left",
         {"volumes": parcels(), "checks": (check(MON, items(20)),)}, NOON),
    Case("Tuesday's volume is not told yet", "parcel-check", WEEK, "due", "sessions volumes-missing left",
         {"volumes": parcels(T=None, W=None), "today": TUE}, NOON),
    Case("the same twenty twice", "parcel-check", WEEK, "missed",
         "sessions session-counts session-counts sessions-share short",
         {"volumes": parcels(), "checks": (check(MON, items(20)), check(WED, items(20)))}),
    Case("one zero day, one short session", "parcel-check", WEEK, "missed",
         "sessions session-zero-day session-short short",
         {"volumes": parcels(M=0), "checks": (check(MON, items(20)), check(WED, items(19)))}),
    Case("one day not zero, and not all of its five", "parcel-check", WEEK, "missed",
         "sessions zero-days small-days session-short session-off-list short",
         {"volumes": parcels(0, W=5), "listed": {WED: {f"P{n}": "parcel" for n in range(5)}},
          "checks": (check(WED, numbers(1, 9)),)}),
    Case("a holiday week with one delivery day", "parcel-check", WEEK, "met", "sessions few-days session-counts",
         {"volumes": parcels(), "calendar": only(WED), "checks": (check(nov(20), items(20)),)}),
    Case("twelve may have been all", "parcel-check", WEEK, "unknown", "sessions session-short volumes-missing undecided",
         {"checks": (check(MON, items(12)),)}),
    Case("a week of zeros", "parcel-check", WEEK, "not-applicable", "zero-volume-week", {"volumes": parcels(0)}),
    Case("a week without delivery", "parcel-check", WEEK, "not-applicable", "no-delivery-week", NO_WEEK),
]  # fmt: skip

TWO_LETTERS = "sessions stratum-least stratum-least"
LETTER = [
    Case("6 + 4 on two dates", "letter-check-city", WEEK, "met", f"{TWO_LETTERS} session-counts session-counts",
         {"kinds": LETTERS, "checks": (check(MON, letters("ABCDEF", 4)), check(WED, letters("ABCDEF", 4, 50)))}),
    Case("five addresses so far", "letter-check-city", WEEK, "partial", f"{TWO_LETTERS} session-short stratum-short left",
         {"kinds": LETTERS, "checks": (check(MON, letters("ABCDEE", 4)),)}, NOON),
    Case("nothing yet", "letter-check-city", WEEK, "due", f"{TWO_LETTERS} left", {"kinds": LETTERS}, NOON),
    Case("fifteen letters, five addresses", "letter-check-city", WEEK, "missed",
         f"{TWO_LETTERS} session-mixed stratum-short short", {"kinds": LETTERS, "checks": (check(MON, letters("ABCDE", 10)),)}),
    Case("a week without delivery", "letter-check-city", WEEK, "not-applicable", "no-delivery-week", NO_WEEK),
    Case("five letters", "letter-check-rural", MONTH, "met", "sessions session-counts",
         {"checks": (check(MON, letters("", 5)),)}),
    Case("four so far", "letter-check-rural", MONTH, "partial", "sessions session-short left",
         {"checks": (check(MON, letters("", 4)),)}, NOON),
    Case("nothing yet", "letter-check-rural", MONTH, "due", "sessions left", {}, NOON),
    Case("three and two", "letter-check-rural", MONTH, "missed", "sessions session-short session-short short",
         {"checks": (check(MON, letters("", 3)), check(WED, letters("", 2, 9)))}),
    Case("a month without delivery", "letter-check-rural", MONTH, "not-applicable", "no-delivery-week", NO_WEEK),
]  # fmt: skip

FRESH = {f"P{n}": (nov(2),) for n in range(12)}
TWELVE = {"points": points(12)}
RELAY = [
    Case("all twelve confirmed", "relay-register", MONTH, "met", "points-confirm confirmed", {**TWELVE, "confirmed": FRESH}),
    Case("one of thirteen not confirmed", "relay-register", MONTH, "partial", "points-confirm confirmed withdrawn left",
         {"points": points(13), "confirmed": FRESH, "withdrawn": 1}, NOON),
    Case("none confirmed", "relay-register", MONTH, "due", "points-confirm confirmed left", TWELVE, NOON),
    Case("one was not confirmed", "relay-register", MONTH, "missed", "points-confirm confirmed short",
         {"points": points(13), "confirmed": FRESH}),
    Case("no points", "relay-register", MONTH, "not-applicable", "no-points"),
    Case("all twelve of a small office", "relay-monthly", MONTH, "met", "points points-visited",
         {**TWELVE, "checks": (check(MON, calls(*range(12))),)}),
    Case("eleven so far, and one that is closed", "relay-monthly", MONTH, "partial", "points points-visited points-outside left",
         {**TWELVE, "checks": (check(MON, calls(*range(11), 40)),)}, NOON),
    Case("none yet", "relay-monthly", MONTH, "due", "points points-visited left", TWELVE, NOON),
    Case("nineteen of thirty", "relay-monthly", MONTH, "missed", "points points-visited short",
         {"points": points(30), "checks": (check(MON, calls(*range(19))),)}),
    Case("no points", "relay-monthly", MONTH, "not-applicable", "no-points"),
    Case("ten of twelve, twice", "relay-city", WEEK, "met", "sessions session-counts session-counts",
         {**TWELVE, "checks": (check(MON, calls(*range(10))), check(WED, calls(*range(10))))}),
    Case("one session of all eight", "relay-city", WEEK, "partial", "sessions few-points session-counts left",
         {"points": points(8), "checks": (check(MON, calls(*range(8))),)}, NOON),
    Case("none yet", "relay-city", WEEK, "due", "sessions left", TWELVE, NOON),
    Case("nine are short", "relay-city", WEEK, "missed", "sessions session-short short",
         {**TWELVE, "checks": (check(MON, calls(*range(9))),)}),
    Case("no points", "relay-city", WEEK, "not-applicable", "no-points"),
    Case("five of twelve", "relay-rural", WEEK, "met", "sessions session-counts",
         {**TWELVE, "checks": (check(MON, calls(*range(5))),)}),
    Case("three so far", "relay-rural", WEEK, "partial", "sessions session-short left",
         {**TWELVE, "checks": (check(MON, calls(0, 1, 2)),)}, NOON),
    Case("none yet", "relay-rural", WEEK, "due", "sessions left", TWELVE, NOON),
    Case("none", "relay-rural", WEEK, "missed", "sessions short", TWELVE),
    Case("a week without delivery", "relay-rural", WEEK, "not-applicable", "no-delivery-week", {**TWELVE, **NO_WEEK}),
    Case("all twelve", "relay-coverage", MONTH, "met", "points-all points-visited",
         {**TWELVE, "checks": (check(MON, calls(*range(12))),)}),
    Case("eleven so far", "relay-coverage", MONTH, "partial", "points-all points-visited left",
         {**TWELVE, "checks": (check(MON, calls(*range(11))),)}, NOON),
    Case("none yet", "relay-coverage", MONTH, "due", "points-all points-visited left", TWELVE, NOON),
    Case("eleven", "relay-coverage", MONTH, "missed", "points-all points-visited short",
         {**TWELVE, "checks": (check(MON, calls(*range(11))),)}),
    Case("no points", "relay-coverage", MONTH, "not-applicable", "no-points"),
]  # fmt: skip

MEETINGS = [
    Case("held", "pre-shift-meeting", DAY, "met", "records", {"checks": (check(TUE, (), roles="director"),)}),
    Case("not yet", "pre-shift-meeting", DAY, "due", "records left", {}, NOON),
    Case("held by the inspector", "pre-shift-meeting", DAY, "missed", "records not-counted-role short",
         {"checks": (check(TUE, ()),)}),
    Case("a Tuesday without delivery", "pre-shift-meeting", DAY, "not-applicable", "no-delivery", NO_DAY),
    Case("held", "monthly-analysis", MONTH, "met", "records", {"checks": (check(MON, (), roles="director"),)}),
    Case("not yet", "monthly-analysis", MONTH, "due", "records left", {}, NOON),
    Case("never", "monthly-analysis", MONTH, "missed", "records short"),
]  # fmt: skip

CASES = [*RECEIPT, *RETURNS, *BALANCE, *SHORTAGE, *WATCH, *PARCELS, *LETTER, *RELAY, *MEETINGS]
