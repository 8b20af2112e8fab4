"""Delivery days: the month of a unit, weekday masks of departments, days that differ from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.forms import beside
from webapp.desk.unit_and_day import ladder, path_names
from webapp.desk.unit_and_period import chosen_unit, period_title
from webapp.org.models import Unit
from webapp.org.names import names_at
from webapp.org.queries import below
from webapp.org.rules import Actor
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk
from webapp.rulebook.models import DayException, DeliveryDays
from webapp.rulebook.periods import DAY, Calendar, Period, parse_period, period_of
from webapp.rulebook.queries import calendars_of
from webapp.web import labels
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("calendars", __name__)


@blueprint.app_template_filter("weekdays")
def weekdays(mask: int) -> str:
    """The weekdays of a mask in words."""
    if mask in (0, 127):
        return _("every day") if mask else _("no day")
    return _(", ").join(str(name) for n, name in enumerate(labels.WEEKDAYS) if mask >> n & 1)


@dataclass(frozen=True)
class DayView:
    """A day of the grid: whether it is a delivery day, and why where that is not its weekday's rule."""

    day: date
    inside: bool
    delivers: bool
    name: str | None = None
    source: str | None = None  # public, local


@dataclass(frozen=True)
class Department:
    """A department with its calendar of today."""

    unit: Unit
    calendar: Calendar


@blueprint.get("/calendar")
def page():
    """``?unit=&month=``: the unit's delivery days of the month, and the rules they come from."""
    me = actor()
    return _page(me, chosen_unit(me, "see-rules"))


def _page(me: Actor, unit: Unit, problem: Problem | None = None, doing: str = ""):
    today, month = clock.local_date(now()), _month()
    departments = _departments(unit)
    calendar = calendars_of(db.session, [unit])[unit.code]
    above, children = ladder(me, unit, "see-rules", "calendars.page", month=month.code)
    code = rulings.action_for(rulings.CALENDAR, unit)
    html = render_template(
        "rules/calendars.html", unit=unit, month=month, title=period_title(month), today=today, calendar=calendar,
        weeks=weeks(calendar, _named(unit, month), month), unknown=_unknown(calendar, departments, month),
        previous=month.previous().code, next=month.next().code, trail=above, children=children,
        departments=departments, masks=_masks(unit), exceptions=_exceptions(unit, month), people=_people(unit), units=path_names(unit),
        keeps=me.can(code, unit.path), form=request.form, doing=doing,
        errors=beside(problem), fault=_fault(problem), siblings=_siblings(me, unit),
    )  # fmt: skip
    return html, problem.entry.status if problem else 200


def _month() -> Period:
    code = request.args.get("month") or ""
    month = parse_period(code) if code else period_of("month", clock.local_date(now()))
    if month.kind != "month":
        raise Problem("bad-period", {"month": code})
    return month


def _fault(problem: Problem | None) -> str | None:
    return problem.message(language()) if problem and problem.code == "reason-needed" else None


def weeks(calendar: Calendar, named: Mapping[date, DayException], month: Period) -> list[list[DayView]]:
    """The month as weeks from Monday to Sunday, the days of its neighbours included."""
    first = month.first - month.first.weekday() * DAY
    days = []
    while first <= month.last or first.weekday():
        row = named.get(first)
        counts = row is not None and (row.source == "local" or calendar.observes(first))
        reason = (row.name, row.source) if counts else (None, None)
        days.append(DayView(first, first in month, calendar.delivers(first), *reason))
        first += DAY
    return [days[n : n + 7] for n in range(0, len(days), 7)]


def _named(unit: Unit, month: Period) -> dict[date, DayException]:
    """The exception that speaks of each day: the nearest unit's."""
    return {row.day: row for row in _rows(unit, month.first - 7 * DAY, month.last + 7 * DAY)}


def _rows(unit: Unit, first: date, last: date) -> list[DayException]:
    codes = unit.path.strip("/").split("/")
    query = select(DayException).where(
        DayException.unit_code.in_(codes), DayException.day.between(first, last)
    )
    return sorted(db.session.scalars(query), key=lambda row: (codes.index(row.unit_code), row.day))


def _exceptions(unit: Unit, month: Period) -> list[DayException]:
    """The days that differ in the year of the month, those of units above too."""
    year = month.first.year
    return sorted(_rows(unit, date(year, 1, 1), date(year, 12, 31)), key=lambda row: row.day)


def _masks(unit: Unit) -> list[DeliveryDays]:
    query = select(DeliveryDays).where(DeliveryDays.unit_code == unit.code)
    return list(db.session.scalars(query.order_by(DeliveryDays.first_day.desc())))


def _people(unit: Unit) -> dict[tuple[str, datetime], str]:
    codes = unit.path.strip("/").split("/")
    rows = [
        db.session.execute(select(table.entered_by, table.entered_at).where(table.unit_code.in_(codes)))
        for table in (DeliveryDays, DayException)
    ]
    return names_at(db.session, [tuple(row) for several in rows for row in several])


def _departments(unit: Unit) -> list[Department]:
    """The departments of a county; none for other units, whose children lead to them."""
    if unit.level != "county":
        return []
    units = below(db.session, [unit.path], "department")
    calendars = calendars_of(db.session, units)
    return [Department(one, calendars[one.code]) for one in units]


def _unknown(calendar: Calendar, departments: list[Department], month: Period) -> int | None:
    """The month's year, where its holidays matter and are not known."""
    asked = [one.calendar for one in departments] or [calendar]
    year = month.first.year
    return None if all(one.knows(year) for one in asked) else year


def _siblings(me: Actor, unit: Unit) -> list[Unit]:
    """The departments of the county for which the same mask could be set at once."""
    if unit.level != "department" or not me.can("keep-calendar", unit.path):
        return []
    county = unit.path.removesuffix(f"{unit.code}/")
    return [one for one in below(db.session, [county], "department") if me.can("keep-calendar", one.path)]


# ---------------------------------------------------------------- changes, each a fact


def _record(op: str, done: str, many: bool = False, **more):
    """Record one change of the calendar of the chosen unit (or of several departments), and come back to the page."""
    me = actor()
    unit = chosen_unit(me, "see-rules")
    code = unit.code
    units = _several(me, unit) if many else [unit]
    try:
        bodies = [rulings.body(me, one, now(), rulings.CALENDAR, op, **more) for one in units]
        with transaction() as session:
            for body in bodies:
                record_at_desk(session, me, now(), body)
    except Problem as problem:
        if problem.code not in ("invalid", "reason-needed"):
            raise
        return _page(me, db.session.get(Unit, code), problem, op)
    flash(done, "ok")
    return redirect(url_for("calendars.page", unit=code, month=_month_of(more)))


def _several(me: Actor, unit: Unit) -> list[Unit]:
    """The chosen department, or all of its county that are like it (``all``: same, every)."""
    wanted = request.form.get("all")
    if wanted not in ("same", "every"):
        return [unit]
    found = [one for one in _siblings(me, unit) if wanted == "every" or one.setting == unit.setting]
    return found or [unit]


def _month_of(more: Mapping) -> str:
    text = more.get("first_day") or more.get("day") or ""
    return text[:7]


def _texts(*names: str) -> dict:
    return {name: request.form.get(name, "").strip() or None for name in names}


@blueprint.post("/calendar/days")
def set_days():
    """Set the weekdays on which the department delivers from a day on, and whether public holidays are free."""
    mask = sum(1 << n for n in range(7) if request.form.get(f"d{n}"))
    return _record(
        "days", _("The delivery days are set; the ledger is computed anew from that day on."), many=True,
        mask=mask, holidays=bool(request.form.get("holidays")), **_texts("first_day", "reason"),
    )  # fmt: skip


@blueprint.post("/calendar/days/remove")
def remove_days():
    """Take back the delivery days that begin on ``first_day``."""
    return _record("no-days", _("Taken back; the ledger is computed anew."), **_texts("first_day", "reason"))


@blueprint.post("/calendar/exceptions")
def set_exception():
    """Enter a day that differs: a holiday or a make-up day, for the unit and all below."""
    return _record(
        "exception", _("The day is entered; the ledger is computed anew from that day on."),
        delivers={"yes": True, "no": False}.get(request.form.get("delivers", "")), **_texts("day", "name", "reason"),
    )  # fmt: skip


@blueprint.post("/calendar/exceptions/remove")
def remove_exception():
    """Take back such a day."""
    return _record("no-exception", _("Taken back; the ledger is computed anew."), **_texts("day", "reason"))
