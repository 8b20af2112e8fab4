"""The demo league's special check of relay points: planned, under way, with people of one county looking at another's."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from webapp.campaigns.rules import ENTER
from webapp.core.clock import end_of_day
from webapp.demo.above import DISHONEST, LEAGUE, SLOPPY, Past, called_at
from webapp.demo.forms_above import Desk
from webapp.org.models import Person, Unit
from webapp.org.queries import actor_of
from webapp.recording.facts import plan
from webapp.recording.operations import record_at_desk
from webapp.rulebook.periods import DAY, period_of
from webapp.rulebook.rules import load

NEXT_RURAL = "152501200"
UNITS = (SLOPPY, DISHONEST, NEXT_RURAL)
MINIMUM = 5
BEGUN, GOES_ON, REPORTED = 9 * DAY, 18 * DAY, 10 * DAY  # before today, after it, after the last day


def planned(past: Past, people: dict[str, str]) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """The plan as it was entered on the day before it began, and what was checked by it since."""
    first = past.today - BEGUN
    yield _evening(first - DAY), partial(_enter, past, people, first)
    for login, unit, ago, count in (("nextcounty", SLOPPY, 6, MINIMUM), ("county", NEXT_RURAL, 2, 3)):
        day, desk = past.today - ago * DAY, Desk(LEAGUE, people[login])
        yield _evening(day), partial(_check, past, desk, unit, day, count)


def _evening(day: date) -> datetime:
    return end_of_day(day) - timedelta(hours=4)


def _enter(past: Past, people: dict[str, str], first: date) -> None:
    day, desk = first - DAY, past.desks[LEAGUE]
    actor = actor_of(past.session, past.session.get(Person, desk.person), day)
    unit = past.session.get(Unit, LEAGUE)
    quarter = period_of("quarter", past.today)
    last = min(past.today + GOES_ON, quarter.last)
    team = [
        {"person": people[login], "unit": unit, "first_day": first.isoformat(), "last_day": last.isoformat()}
        for login, unit in (("nextcounty", SLOPPY), ("nextcounty", DISHONEST), ("county", NEXT_RURAL))
    ]
    said = {
        "title": f"{quarter.last.year}年第{quarter.code[-1]}季度接转点转投质量专项检查",
        "subject": plan.subjects_of(load(), unit.level)[0],
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "report_day": min(last + REPORTED, quarter.last).isoformat(),
        "units": list(UNITS),
        "minimum": MINIMUM,
        "team": team,
    }
    now = _evening(day)
    record_at_desk(past.session, actor, now, plan.body(actor, unit, now, ENTER, **said))


def _check(past: Past, desk: Desk, unit: str, day: date, count: int) -> None:
    fails = ("handover",) if unit == SLOPPY else ()
    past.record(desk, called_at(past, desk, unit, day, fails, count), _evening(day))
