"""What the demo's county, league and region did at the desk: weekly and monthly reviews, looks and audits.

Most weeks are signed; one was signed after it had closed, one by nobody, one before the week was over.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from webapp.demo import around
from webapp.demo.above import COUNTY, DISHONEST, FORGOTTEN, LEAGUE, NEXT, REGION, SLOPPY, Month, Past
from webapp.demo.forms_above import Desk, Fact
from webapp.rulebook.periods import DAY, Period, period_of

LATE_WEEK, EARLY_WEEK, NO_WEEK, NO_LEAGUE_WEEK = 3, 7, 5, 6  # so many weeks ago
OPENED = 2  # records that a review opens of each unit
LEAGUES = {LEAGUE: "/15/1525/", around.LEAGUE: "/15/1529/"}
COUNTIES = {
    COUNTY: "/15/1525/152502/", around.BUREAU: "/15/1525/152590/", NEXT: "/15/1525/152501/",
}  # fmt: skip


def reviewed(past: Past) -> None:
    """Record the reviews, those of the counties first: the league opens them, the region opens what lies below."""
    weeks = _weeks(past)
    for code, lines in (
        (COUNTY, _county_weeks(past, weeks)),
        (around.BUREAU, _bureau_weeks(past, weeks)),
        (LEAGUE, _league_weeks(past, weeks)),
        (COUNTY, _relay_of_county(past)),
        (around.BUREAU, _relay_of_bureau(past)),
        (LEAGUE, _relay_of_league(past)),
        (REGION, _region(past)),
    ):
        past.record(past.desks[code], lines, past.now)


def _weeks(past: Past) -> dict[int, Period]:
    """The full weeks of the story, by how many weeks ago they were."""
    week, found = period_of("week", past.today).previous(), {}
    while past.first_day <= week.first:
        found[len(found) + 1] = week
        week = week.previous()
    return found


def _county_weeks(past: Past, weeks: dict[int, Period]) -> Iterator[Fact]:
    desk = past.desks[COUNTY]
    city = [one.code for one in past.departments(COUNTY) if one.setting == "city"]
    for ago, week in weeks.items():
        if ago == NO_WEEK:
            continue
        forms = past.records("letter", COUNTIES[COUNTY], week)
        after = 8 if ago == LATE_WEEK else 1 + ago % 3
        for unit in city:
            early = ago == EARLY_WEEK and unit == DISHONEST
            day = week.last + (-2 if early else after) * DAY
            yield _week_review(desk, unit, day, week, forms.get(unit, ()), "letter-check-city")


def _bureau_weeks(past: Past, weeks: dict[int, Period]) -> Iterator[Fact]:
    desk = past.desks[around.BUREAU]
    for week in weeks.values():
        forms = past.records("letter", COUNTIES[around.BUREAU], week)
        day = week.last + 2 * DAY
        yield _week_review(
            desk, around.BUREAU_CITY, day, week, forms.get(around.BUREAU_CITY, ()), "letter-check-city"
        )
        if mine := forms.get(around.AGENCY_OUTLET):
            yield _week_review(desk, around.AGENCY_OUTLET, day, week, mine, "letter-check-rural")


def _week_review(desk: Desk, unit: str, day: date, week: Period, forms: Sequence[str], duty: str) -> Fact:
    untrue = unit in (SLOPPY, DISHONEST) and week.first.day % 4 == 0
    return desk.review("form-review", unit, day, week.first, forms[:OPENED], f"{duty} {week.code}", untrue)


def _league_weeks(past: Past, weeks: dict[int, Period]) -> Iterator[Fact]:
    """The league opens a review and a form of each county, a week later."""
    desk = past.desks[LEAGUE]
    for ago, week in weeks.items():
        if ago == NO_LEAGUE_WEEK:
            continue
        for county in (COUNTY, around.BUREAU):
            opened = [
                one
                for kind in ("form-review", "letter")
                for ids in past.records(kind, COUNTIES[county], week).values()
                for one in ids[:1]
            ]
            day = week.last + 9 * DAY
            yield desk.review(
                "form-review", county, day, week.first, opened[:3], f"letter-review {week.code}"
            )


# ---------------------------------------------------------------- months


def _relay_review(past: Past, desk: Desk, unit: str, path: str, month: Month, day: date, duty: str) -> Fact:
    found = past.records("relay", path, month.period)
    opened = [one for ids in found.values() for one in ids[:OPENED]][: 2 * OPENED]
    return desk.review("relay-review", unit, day, month.period.first, opened, f"{duty} {month.period.code}")


def _relay_of_county(past: Past) -> Iterator[Fact]:
    """By the 10th; last month's of one department came after it."""
    desk = past.desks[COUNTY]
    for month in past.months:
        for n, one in enumerate(past.departments(COUNTY)):
            late = month.age == 1 and one.code == FORGOTTEN
            day = month.period.last + 12 * DAY if late else month.next_month(2 + n % 4)
            yield _relay_review(past, desk, one.code, one.path, month, day, "relay-monthly")


def _relay_of_bureau(past: Past) -> Iterator[Fact]:
    desk = past.desks[around.BUREAU]
    for month in past.months:
        for one in past.departments(around.BUREAU):
            yield _relay_review(past, desk, one.code, one.path, month, month.next_month(3), "relay-monthly")


def _relay_of_league(past: Past) -> Iterator[Fact]:
    """Of all counties; last month's of the next county was left out."""
    desk = past.desks[LEAGUE]
    for month in past.months:
        for county, path in COUNTIES.items():
            if county != NEXT or month.age > 1:
                day = month.next_month(5)
                yield _relay_review(past, desk, county, path, month, day, "relay-county-review")


def _region(past: Past) -> Iterator[Fact]:
    """Last month's looks, figures and reports of one league only so far; of the month before nobody looked at letters."""
    desk = past.desks[REGION]
    for month in past.months:
        about, last = month.period.first, month.age == 1
        for league in [LEAGUE] if last else LEAGUES:
            path = LEAGUES[league]
            if month.age != 2:
                forms = [
                    one for ids in past.records("letter", path, month.period).values() for one in ids[:1]
                ]
                bulletin = "issued" if league == LEAGUE else "none"
                yield desk.look(league, month.next_month(6), about, forms[:3], bulletin)
            yield _relay_review(past, desk, league, path, month, month.next_month(8), "relay-league-month")
            visits = past.records("dept-visit", path, month.period)
            reports = [ids[0] for ids in visits.values()][: 3 if last else 6]
            if reports:
                yield desk.audit(league, month.next_month(9), about, reports, vague=last)
