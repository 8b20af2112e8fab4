"""What most desk pages ask first: which unit, which period, and the ways from there to its neighbours."""

from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask_babel import format_date, gettext as _
from sqlalchemy import select

from webapp.core import clock
from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.org.models import Unit
from webapp.org.queries import unit_for
from webapp.org.rules import Actor
from webapp.rulebook.rules import Period, parse_period, period_of
from webapp.web.access import now
from webapp.web.language import day, days, language

SWITCH = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Turns:
    """The period's neighbours and its like of other lengths, as codes; ``next`` is None in the future."""

    title: str
    span: str
    previous: str
    next: str | None
    today: str | None
    kinds: list[tuple[str, str, str]]  # kind, label, code


def chosen_unit(me: Actor, action: str) -> Unit:
    """The unit of ``?unit=``, else the first in which the actor may do ``action``; raises not-found, forbidden."""
    if code := request.args.get("unit"):
        return unit_for(db.session, me, code, action)
    for path in me.reach(action):
        return unit_for(db.session, me, path.rstrip("/").rpartition("/")[2], action)
    raise Problem("forbidden")


def own_units(me: Actor, action: str) -> list[Unit]:
    """The units at which the actor's reach begins, for a switch where there are several."""
    codes = [path.rstrip("/").rpartition("/")[2] for path in me.reach(action)]
    return [unit_for(db.session, me, code) for code in codes] if len(codes) > 1 else []


def chosen_period(kind: str) -> Period:
    """The period of ``?period=``, else the one of ``kind`` that holds today; raises bad-period."""
    if code := request.args.get("period"):
        return parse_period(code)
    return period_of(kind, clock.local_date(now()))


def trail(
    me: Actor, unit: Unit, action: str, endpoint: str, period: Period, own: bool = False, **kept
) -> list[tuple]:
    """``(name, url)`` of the units above (and the unit itself if ``own``) in which the actor may do ``action``.

    ``kept``: what else goes along in the address.
    """
    codes = unit.path.strip("/").split("/")
    above = db.session.scalars(select(Unit).where(Unit.code.in_(codes)).order_by(Unit.path))
    return [
        (step.name, url_for(endpoint, unit=step.code, period=period.code, **kept))
        for step in above
        if me.can(action, step.path) and (own or step.code != unit.code)
    ]


def turns(period: Period, today: date) -> Turns:
    """Where one can go from ``period``; a longer or shorter one is taken around today, or at the period's end."""
    anchor = today if today in period else min(period.last, today) if period.first <= today else period.first
    present = period_of(period.kind, today)
    return Turns(
        period_title(period),
        days(period.first, period.last),
        period.previous().code,
        period.next().code if period.first < present.first else None,
        None if period == present else present.code,
        [(kind, _kind_label(kind), period_of(kind, anchor).code) for kind in SWITCH],
    )


def _kind_label(kind: str) -> str:
    labels = {
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "quarter": _("Quarter"),
        "year": _("Year"),
    }
    return labels[kind]


def period_name(code: str) -> str:
    """The title of a period's code: ``2026年第47周``."""
    return period_title(parse_period(code))


def period_title(period: Period) -> str:
    """``2026年第47周``, ``Week 47, 2026`` and so on."""
    year, part = period.code[:4], period.code[-2:].lstrip("WQH0")
    if period.kind == "day":
        return day(period.first, weekday=True)
    if period.kind == "week":
        return _("Week %(week)s, %(year)s", week=part, year=year)
    if period.kind == "month":
        return format_date(period.first, "MMMM y" if language() == "en" else "y年M月")
    if period.kind == "quarter":
        return _("Quarter %(quarter)s, %(year)s", quarter=part, year=year)
    if period.kind == "half-year":
        return _("Half-year %(half)s, %(year)s", half=part, year=year)
    return _("Year %(year)s", year=year)
