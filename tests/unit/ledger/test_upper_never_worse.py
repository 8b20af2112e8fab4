"""Properties of the lines above departments, over random worlds of several counties: one more qualifying record never
worsens a line, closing a unit or a point never makes a met line missed, and no order of anything matters.

The worlds come from numbered seeds, so that every run sees the same ones; a failure names its seed.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests.ledger_tables import LONG_AFTER, duty
from tests.upper_tables import LONG_AGO, MONTH, NEVER, WEEK, about, at, below, done, inputs, nov, path, unit
from webapp.ledger.populations import Below
from webapp.ledger.rules import Check, Checked, Inputs, Line, Point, fold, status
from webapp.rulebook.periods import DAY, Calendar, Period, period_of
from webapp.rulebook.rules import Duty, load

SEEDS = range(100)
BETTER = ("missed", "due", "partial", "met")
CODES = sorted(one.code for one in load().duties.values() if one.coverage)
PERIODS = {
    "week": WEEK,
    "month": MONTH,
    **{kind: period_of(kind, nov(16)) for kind in ("quarter", "half-year", "year")},
}
OFFICES = [f"{league}{county}{office}" for league in "AB" for county in "12" for office in "abc"]
# Whose line it is, and so who lies below: a county's, a league's, the region's.
OWNERS = {"county": "A1", "league": "A", "region": "R"}
METHODS = ("on-site", "covert", "system", "records")


def life(chance: Random, period: Period) -> tuple:
    """Mostly open since long ago; else opened or closed about the period, or both, or shut for a while."""
    days = [period.first + n * DAY for n in range(-9, (period.last - period.first).days + 9)]
    first, then, last = sorted(chance.sample(days, 3))
    spans = (
        ((LONG_AGO, None),),
        ((first, None),),
        ((LONG_AGO, first),),
        ((first, last),),
        ((LONG_AGO, first), (then, None)),
    )
    return chance.choices(spans, (8, 1, 1, 1, 1))[0]


def world(chance: Random, one: Duty, period: Period, owner: str) -> Below:
    """Units below the owner with settings, services, points, calendars, and records about them."""
    offices = [code for code in OFFICES if owner in path(code) and chance.random() < 0.7]
    units = [
        unit(
            code,
            chance.choice(("city", "city", "rural")),
            services=chance.choices((("delivery",), ("counter",), (("delivery", period.first + DAY, None),)), (8, 1, 1))[0],
            spans=life(chance, period),
            points=tuple(
                Point(f"{code}{n}", *span) for n in range(chance.choice((0, 1, 4, 7))) for span in life(chance, period)
            ),
            calendar=chance.choices((Calendar(), NEVER), (9, 1))[0],
        )
        for code in offices
    ]  # fmt: skip
    bureaus = [
        unit(f"{code}", bureau="counter")
        for code in ("A2", "B2")
        if owner in path(code) and chance.random() < 0.2
    ]
    records = [
        about(chance.choice(("letter", "dept-visit")), code, chance.choice(period.days()),
              chance.choice(("county", "league", "department")), id=f"{code}-{n}", in_force=chance.random() < 0.9,
              came=chance.choices((None, period.last + timedelta(days=70)), (9, 1))[0])
        for code in offices for n in range(2) if chance.random() < 0.6
    ]  # fmt: skip
    return below(*units, *bureaus, records=records)


def made(chance: Random, one: Duty, period: Period, owner: str, there: Below) -> Check:
    """A record by the owner that mostly counts: of a kind of the duty, of a unit below, as the article asks."""
    kind, level = (
        load().kinds[chance.choice(one.kinds)],
        next(name for name, code in OWNERS.items() if code == owner),
    )
    codes = [code for code, member in there.members.items() if member.level in kind.levels] or ["Z9z"]
    code, fits = chance.choice(codes), chance.random() < 0.85
    after = chance.choice((1, 2, 5, 9)) if fits else chance.choice((0, 80))
    day = period.last + after * DAY if kind.period else chance.choice(period.days())
    if kind.subject == "record":
        ids = [record.id for record in there.records]
        subjects = chance.sample(ids, min(len(ids), chance.choice((0, 1, 4, 12))))
    elif kind.subject == "point":
        ids = [point.id for point in there.members[code].points] if code in there.members else []
        subjects = chance.sample(sorted(set(ids)), min(len(set(ids)), chance.choice((1, 3, 5))))
    else:
        subjects = [f"{code}{n}" for n in range(chance.choice((1, 3, 5, 12, 20)))]
    stratum = chance.choice(("nonlocal", "diamond", "local"))
    items = [
        Checked(name, chance.choice(("parcel", "letter")), chance.choice(("pass", "fail")), stratum)
        for name in subjects
    ]
    methods = one.coverage.each.methods or METHODS
    groups = frozenset(group.code for group in kind.groups if chance.random() < 0.7)
    return done(
        kind.code, code, day, items, level, about=period.first if kind.period else None,
        method=chance.choice(methods if fits else METHODS),
        header={field.code: 3 for field in kind.fields if chance.random() < (1 if fits else 0.5)},
        groups=groups, group_classes=frozenset(g.mail_class for g in kind.groups if g.code in groups and g.mail_class),
        role={"county": "county_manager", "league": "league_inspector", "region": "region_supervisor"}[level] if fits else "inspector",
    )  # fmt: skip


def situation(code: str, seed: int):
    """(chance, duty, period, owner, world, the records that count for it and those that do not)."""
    chance, one = Random(f"{code} {seed}"), duty(code)
    period, owner = PERIODS[one.period], OWNERS[chance.choice(one.levels)]
    there = world(chance, one, period, owner)
    checks = [made(chance, one, period, owner, there) for _ in range(chance.choice((0, 1, 3, 6, 12, 25)))]
    return chance, one, period, owner, there, checks


def line(one: Duty, period: Period, there: Below, checks: list[Check]) -> Line:
    return fold(one, period, Inputs(**inputs(one.code, there, *checks)))


@pytest.mark.parametrize("code", CODES)
def test_one_more_record_never_worsens_a_line(code):
    seen = Counter()
    for seed in SEEDS:
        chance, one, period, owner, there, checks = situation(code, seed)
        more = made(chance, one, period, owner, there)
        before, after = line(one, period, there, checks), line(one, period, there, [*checks, more])
        assert (after.applicable, after.required) == (before.applicable, before.required), seed
        assert after.done >= before.done, seed
        for now in (at(period.first), at(period.last), LONG_AFTER):
            was, now_is = status(before, now), status(after, now)
            assert was == now_is == "not-applicable" or BETTER.index(now_is) >= BETTER.index(was), (seed, now)
        seen[before.met, after.met] += 1
    assert seen[False, True] > 0, seen  # or nothing was proved
    assert seen[True, True] > 5, seen


def shut(chance: Random, there: Below, period: Period) -> Below:
    """The same units, some of which closed in the period, or some of their points."""
    day = chance.choice(period.days()[1:])
    gone = {code for code in there.members if chance.random() < 0.25}

    def closed(member):
        if any(code in gone for code in member.above):
            return replace(
                member, spans=tuple((a, day if b is None and a < day else b) for a, b in member.spans)
            )
        points = tuple(
            replace(p, closed_on=day)
            if p.closed_on is None and p.opened_on < day and chance.random() < 0.3
            else p
            for p in member.points
        )
        return replace(member, points=points)

    return replace(there, members={code: closed(member) for code, member in there.members.items()})


@pytest.mark.parametrize("code", CODES)
def test_closing_units_and_points_never_turns_a_met_line_into_a_missed_one(code):
    seen = Counter()
    for seed in range(4 * len(SEEDS)):
        chance, one, period, owner, there, checks = situation(code, seed)
        before = line(one, period, there, checks)
        if not before.met:
            continue
        after = line(one, period, shut(chance, there, period), checks)
        assert after.met or not after.applicable, seed
        seen["met" if after.met else "nobody"] += 1
    assert seen["met"] > 5, seen


@pytest.mark.parametrize("code", CODES)
def test_no_order_of_units_records_or_points_matters(code):
    for seed in SEEDS:
        chance, one, period, _, there, checks = situation(code, seed)
        before = line(one, period, there, checks)
        names = chance.sample(sorted(there.members), len(there.members))
        members = {
            name: replace(there.members[name], points=there.members[name].points[::-1]) for name in names
        }
        other = replace(there, members=members, records=there.records[::-1])
        assert line(one, period, other, checks) == before, seed
        # The checks come in the order of their numbers, and another numbering is another order.
        again = [replace(check, id=f"c{n:03}") for n, check in enumerate(chance.sample(checks, len(checks)))]
        shuffled = line(one, period, there, again)
        assert replace(shuffled, why=before.why) == before, seed


@pytest.mark.parametrize("code", CODES)
def test_what_is_told_of_each_unit_adds_up(code):
    for seed in SEEDS:
        _, one, period, _, there, checks = situation(code, seed)
        whole = line(one, period, there, checks)
        assert status(whole, LONG_AFTER) in ("met", "missed", "not-applicable")
        if not whole.applicable:
            assert (whole.required, whole.covered) == (None, ()), seed
            continue
        assert whole.required > 0 and 0 <= whole.done <= whole.required, seed
        for unit_told in whole.covered:
            assert unit_told.counts == (unit_told.reason == ""), seed
            assert not unit_told.left or unit_told.counts, seed
            assert unit_told.done <= max(unit_told.required, 1), seed
