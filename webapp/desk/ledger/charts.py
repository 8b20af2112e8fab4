"""The ledger over time: a month's days, the trend of the pass rate, and what fails most often."""

from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, render_template, request

from webapp.core import clock
from webapp.core.database import db
from webapp.desk.ledger import shapes
from webapp.desk.unit_and_period import chosen_period, chosen_unit, trail, turns
from webapp.ledger import history
from webapp.ledger.history import DayCell, Rate
from webapp.ledger.queries import children
from webapp.org.models import Unit
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Duty, Rulebook
from webapp.web.access import actor, now
from webapp.web.language import said

blueprint = Blueprint("charts", __name__)
SHOWN = 12  # criteria in a Pareto


@dataclass(frozen=True)
class Week:
    """A row of a month's calendar: seven days, those of neighbouring months None."""

    code: str
    days: list[tuple[date, DayCell | None] | None]


@blueprint.get("/ledger/charts")
def page():
    """``?unit=&period=&duty=``: calendar, trend, the trends of those below and Pareto; this month where none is named."""
    me = actor()
    unit = chosen_unit(me, "see-ledger")
    period = chosen_period("month")
    book = editions_of(db.session).on(period.first)
    duties = judged_duties(book)
    duty = next((one for one in duties if one.code == request.args.get("duty")), duties[0])
    months = _months(period, clock.local_date(now()))
    by_child = history.trends(db.session, unit, duty.code, period)
    rates = history.together(by_child.values(), period)
    faults = history.pareto(db.session, unit, period)[:SHOWN]
    return render_template(
        "ledger/charts.html",
        unit=unit,
        period=period,
        duty=duty,
        duties=duties,
        months=[
            (month, weeks_of(month, history.calendar(db.session, unit, month, now()))) for month in months
        ],
        rates=rates,
        trend=shapes.trend(rates),
        small=_small(unit, by_child) if unit.level != "department" else Multiples(),
        faults=[(bar, *_named(bar.fault, book)) for bar in shapes.bars(faults)],
        cumulative=shapes.cumulative(shapes.bars(faults)),
        shapes=shapes,
        trail=trail(me, unit, "see-ledger", "charts.page", period),
        turns=turns(period, clock.local_date(now())),
        problems_open=me.can("see-inspections", unit.path),
    )


@dataclass(frozen=True)
class Multiples:
    """A small trend for each unit right below, all on one scale from ``floor``; ``without``: where nothing was checked."""

    each: list[tuple[Unit, list[Rate], shapes.Trend]] = field(default_factory=list)
    without: list[Unit] = field(default_factory=list)
    floor: float = 0.9


def _small(unit: Unit, by_child: dict[str, list[Rate]]) -> Multiples:
    units = {one.path: one for one in children(db.session, unit)}
    order = shapes.lowest_last(by_child)
    floor = shapes.floor_of_rates([by_child[path] for path in order])
    return Multiples(
        [(units[path], by_child[path], shapes.trend(by_child[path], floor, shapes.SMALL)) for path in order],
        [one for path, one in units.items() if path not in order and path in by_child],
        floor,
    )


def _named(fault: history.Fault, book: Rulebook) -> tuple[str, str]:
    """What failed, and the kind of record in which it did, as people read them."""
    kind = book.kinds.get(fault.kind)
    return (said(kind.fault(fault.criterion)), said(kind.title)) if kind else (fault.criterion, fault.kind)


def judged_duties(book: Rulebook) -> list[Duty]:
    """The kept duties whose items pass or fail: those that have a rate; drawn ones first."""
    kept = [
        duty
        for duty in book.duties.values()
        if duty.kept and not duty.way.passive and any(book.kinds[kind].judged for kind in duty.kinds)
    ]
    return sorted(kept, key=lambda duty: not duty.sampled)


def _months(period: Period, today: date) -> list[Period]:
    """The months to draw: those of a quarter, else the one in which the period ends (or today, if that is earlier)."""
    if period.kind == "quarter":
        first = period_of("month", period.first)
        return [first, first.next(), first.next().next()]
    return [period_of("month", max(period.first, min(period.last, today)))]


def weeks_of(month: Period, cells: dict[date, DayCell]) -> list[Week]:
    """The month's weeks from Monday to Sunday."""
    week, found = period_of("week", month.first), []
    while week.first <= month.last:
        days = [(day, cells.get(day)) if day in month else None for day in week.days()]
        found.append(Week(week.code, days))
        week = week.next()
    return found
