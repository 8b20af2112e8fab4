"""Values for the hand-worked tables of the duties above departments: who lies below, what was done there, the line.

A code says where a unit lies: ``R`` the region, ``A`` a league of it, ``A1`` a county of that, ``A1a`` its department.
2026-11-16 is a Monday, the first day of 2026-W47; units are open since 2020 unless a table says otherwise.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.ledger_tables import LONG_AFTER, MON, duty
from webapp.core.clock import LOCAL, end_of_day
from webapp.ledger.populations import About, Below, Member
from webapp.ledger.rules import Check, Checked, Inputs, Line, Point, fold, status
from webapp.rulebook.periods import Calendar, Period, period_of
from webapp.rulebook.rules import load

LONG_AGO = date(2020, 1, 1)
WEEK, MONTH, QUARTER, HALF, YEAR = (
    period_of(kind, MON) for kind in ("week", "month", "quarter", "half-year", "year")
)
LEVEL = ("region", "league", "county", "department")
ROLE = {"region": "region_supervisor", "league": "league_inspector", "county": "county_manager"}
CLASSES = frozenset({"express", "letters", "periodicals"})  # the groups of a visit
SPEAK = frozenset({"express", "letter", "periodical"})  # the classes of mail that they speak of
_made = iter(range(10**9))


def nov(day: int, month: int = 11) -> date:
    """A day of November 2026, or of another month."""
    return date(2026, month, day)


def at(day: date, hour: int = 12) -> datetime:
    """An hour of the day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL)


def path(code: str) -> tuple[str, ...]:
    """The codes from the region down to the unit."""
    return ("R", *(code[: n + 1] for n in range(len(code)))) if code != "R" else ("R",)


def points(count: int, opened_on: date = LONG_AGO, closed_on: date | None = None, first: int = 0):
    """So many relay points ``P0`` and on."""
    return tuple(Point(f"P{n}", opened_on, closed_on) for n in range(first, first + count))


def unit(
    code: str,
    setting: str | None = None,
    opened: date = LONG_AGO,
    closed: date | None = None,
    services: Iterable = ("delivery",),
    **more,
) -> Member:
    """A unit below: ``services`` are names held for ever, or (name, first day, last day)."""
    level = LEVEL[len(path(code)) - 1]
    held = tuple((one, LONG_AGO, None) if isinstance(one, str) else one for one in services)
    settings = more.pop("settings", ((LONG_AGO, setting or "city"),) if level == "department" else ())
    spans = more.pop("spans", ((opened, closed),))
    return Member(code, level, path(code), spans, settings, held if level == "department" else (), **more)


def city(*codes: str, **more) -> list[Member]:
    """City departments."""
    return [unit(code, "city", **more) for code in codes]


def rural(*codes: str, **more) -> list[Member]:
    """Rural departments."""
    return [unit(code, "rural", **more) for code in codes]


def below(*units: Member, records: Iterable[About] = ()) -> Below:
    """The units, and the counties and leagues between them and the region where they are not told themselves."""
    told = {one.code: one for one in units}
    between = {code for one in units for code in one.above[1:-1]} - told.keys()
    every = {code: unit(code) for code in between} | told
    return Below(dict(sorted(every.items())), tuple(records), load().populations)


def about(
    kind: str,
    code: str,
    day: date,
    by: str = "department",
    came: date | None = None,
    id: str | None = None,
    **more,
) -> About:
    """A record about a unit; it came on the day on which it was made unless told."""
    number = id or f"record-{next(_made):09}"
    return About(number, code, kind, day, by, end_of_day(came or day) - timedelta(hours=1), **more)


def done(kind: str, code: str, day: date, items: Iterable[Checked] = (), by: str = "county", **more) -> Check:
    """A record made in the name of a county, league or region about the unit; ``about``: the first day of its period."""
    first = more.pop("about", None)
    said = load().kinds[kind]
    after = period_of(said.period, first).last if first else None
    method = more.pop("method", said.methods[0] if kind != "relay-review" else "system")
    role = more.pop("role", ROLE[by])
    return Check(
        f"check-{next(_made):09}", first or day, day, frozenset(role.split()), True, tuple(items),
        unit=code, kind=kind, method=method, made_after=after, **more,
    )  # fmt: skip


def visit(code: str, day: date, groups: Iterable[str] = CLASSES, findings: int = 12, **more) -> Check:
    """A department visited on site."""
    seen = frozenset(groups)
    speak = frozenset(one for one in SPEAK if any(group.startswith(one[:5]) for group in seen))
    head = {"findings": findings} if findings else {}
    item = Checked(code, None, "pass")
    return done("dept-visit", code, day, [item], header=head, groups=seen, group_classes=speak, **more)


def parcels(
    code: str, day: date, first: int, last: int, by: str = "league", method: str = "on-site", **more
) -> Check:
    """Parcels ``first`` to ``last`` of a department checked on site."""
    items = [Checked(f"P{n}", "parcel", "pass") for n in range(first, last + 1)]
    return done("parcel", code, day, items, by, method=method, **more)


def follow(
    code: str, day: date, letters: int, by: str = "county", stratum: str = "nonlocal", **more
) -> Check:
    """Letters followed on a route."""
    number = next(_made)
    items = [Checked(f"{number}/{n}", "letter", "pass", stratum) for n in range(letters)]
    return done("letter-follow", code, day, items, by, header=more.pop("header", {"route": "r1"}), **more)


def calls(code: str, day: date, *which: int, by: str = "county", **more) -> Check:
    """Calls at the relay points ``P<n>`` of a department."""
    return done(
        "relay", code, day, [Checked(f"P{n}", None, "pass") for n in which], by, method="on-site", **more
    )


def review(
    kind: str, code: str, day: date, of: date, *opened: str, by: str = "county", signed: bool = True, **more
):
    """A signed review of the period that begins on the day ``of``; the records opened."""
    header = {"signed": ["some-line 2026-11 -"]} if signed else {}
    items = [Checked(one, None, "pass") for one in opened]
    return done(kind, code, day, items, by, about=of, header=header, **more)


def look(code: str, day: date, of: date, *opened: str, **more) -> Check:
    """The region's look at a league's summaries and bulletins."""
    header = more.pop("header", {"summary": "complete", "bulletin": "none"})
    items = [Checked(one, None, "pass") for one in opened]
    return done("letters-look", code, day, items, "region", about=of, header=header, **more)


def audit(code: str, day: date, of: date, *opened: str) -> Check:
    """Visit reports of a league audited by the region."""
    return done("report-audit", code, day, [Checked(one, None, "pass") for one in opened], "region", about=of)


def meeting(day: date, by: str = "county", **more) -> Check:
    """A county's or league's own analysis of quality."""
    code = {"county": "A1", "league": "A"}[by]
    return done("unit-analysis", code, day, [Checked("-", None, None)], by, **more)


def inputs(code: str, world: Below, *checks: Check, **more) -> dict:
    """What the line is folded from."""
    kinds = tuple(load().kinds[kind] for kind in duty(code).kinds)
    return {"below": world, "checks": tuple(sorted(checks, key=lambda one: one.id)), "kinds": kinds, **more}


def worked(code: str, period: Period, world: Below, *checks: Check, **more) -> Line:
    """The line of the duty for the period."""
    return fold(duty(code), period, Inputs(**inputs(code, world, *checks, **more)))


def told(line: Line) -> tuple:
    """(done, required, status long after it has closed)."""
    return line.done, line.required, status(line, LONG_AFTER)


def why(line: Line) -> dict[str, str]:
    """By unit why it does not count; of one that counts ``yes``, of one that left and counted ``left``."""
    return {one.unit: "left" if one.left else "yes" if one.counts else one.reason for one in line.covered}


NEVER = Calendar(masks=((LONG_AGO, 0),))  # a calendar of no delivery day
