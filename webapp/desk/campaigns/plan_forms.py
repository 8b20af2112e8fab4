"""The forms of a special check: enter its plan, change it, let people join and leave, cancel it, tell its summary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from webapp.campaigns.rules import (
    CANCEL,
    CHANGE,
    ENTER,
    LONGEST,
    MOST_POINTS,
    REPORTED,
    SUMMARISE,
    Member,
    Plan,
)
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.campaigns import words
from webapp.desk.campaigns.plans import in_sight, owner, page
from webapp.desk.unit_and_day import path_names
from webapp.desk.unit_and_period import chosen_unit
from webapp.org.models import Unit
from webapp.org.queries import by_login, within
from webapp.org.rules import Actor
from webapp.recording.facts import plan as facts
from webapp.recording.operations import record_at_desk
from webapp.registers.models import RelayPoint
from webapp.rulebook.periods import DAY, period_of
from webapp.web.access import actor, editions, now
from webapp.web.language import language

blueprint = Blueprint("plan_forms", __name__)

PROPOSED_DAYS, PROPOSED_REPORT, PROPOSED_POINTS = timedelta(days=27), timedelta(days=14), 5
REFUSED = ("bad-fact", "plan-over")  # what is shown again beside the form


@dataclass(frozen=True)
class Choice:
    """A unit that can be chosen: the names of those between it and the owner, and its relay points."""

    unit: Unit
    above: str
    points: int


@blueprint.get("/plans/new")
def new():
    """``?unit=``: the form of a new plan, with days that fit into this quarter where they can."""
    me = actor()
    unit = _kept(me, owner(chosen_unit(me, "keep-plans")))
    return _form(unit, None, _proposed())


@blueprint.post("/plans")
def add():
    """Enter the plan and go to its page."""
    me = actor()
    unit = _kept(me, owner(chosen_unit(me, "keep-plans")))
    try:
        with transaction() as session:
            fact = _step(session, me, unit, ENTER, **_typed(), subject=_subject(unit), team=[])
    except Problem as problem:
        return _again(problem, lambda errors, fault: _form(unit, None, request.form, errors, fault))
    flash(_("The plan is entered. Now name who checks."), "ok")
    return redirect(url_for("plans.show", plan_id=fact.id), 303)


@blueprint.get("/plans/<plan_id>/change")
def change(plan_id: str):
    """The same form with what the plan says now."""
    me = actor()
    unit, found = in_sight(me, plan_id)
    return _form(_kept(me, unit), found.plan, _as_form(found.plan))


@blueprint.post("/plans/<plan_id>/change")
def save(plan_id: str):
    """Change what is different; a reason is given."""
    me = actor()
    unit, found = in_sight(me, plan_id)
    try:
        changes = _different(found.plan, _typed())
        with transaction() as session:
            reason = request.form.get("reason", "")
            _step(session, me, _kept(me, unit), CHANGE, plan=plan_id, reason=reason, **changes)
    except Problem as problem:
        return _again(problem, lambda errors, fault: _form(unit, found.plan, request.form, errors, fault))
    flash(_("The plan is changed."), "ok")
    return redirect(url_for("plans.show", plan_id=plan_id), 303)


@blueprint.post("/plans/<plan_id>/team")
def join(plan_id: str):
    """Somebody joins the team: a login, a unit of the plan, from a day to a day."""

    def more(plan: Plan) -> dict:
        person = by_login(db.session, request.form.get("person", ""))
        if person is None:
            raise Problem("bad-fact", {"person": "stranger"})
        days = {name: request.form.get(name, "") for name in ("first_day", "last_day")}
        fresh = {"person": person.id, "unit": request.form.get("unit", ""), **days}
        return {"team": [*map(_said, plan.team), fresh]}

    return _done(
        plan_id, "team", CHANGE, more, _("Named. This person sees the unit on the phone from that day on.")
    )


@blueprint.post("/plans/<plan_id>/team/leave")
def leave(plan_id: str):
    """A member leaves the team: today is the first day on which nothing can be checked by it."""

    def fewer(plan: Plan) -> dict:
        key = tuple(request.form.get(name, "") for name in ("person", "unit", "first_day"))
        left = [one for one in plan.team if (one.person, one.unit, one.first_day.isoformat()) != key]
        if len(left) == len(plan.team):
            raise Problem("not-found")
        return {"team": [_said(one) for one in left]}

    return _done(plan_id, "team", CHANGE, fewer, _("The member has left the team."))


@blueprint.post("/plans/<plan_id>/cancel")
def cancel(plan_id: str):
    """The plan is not carried out; why stands in its story."""
    return _done(
        plan_id,
        "cancel",
        CANCEL,
        lambda _plan: {"reason": request.form.get("reason", "")},
        _("The plan is cancelled."),
    )


@blueprint.post("/plans/<plan_id>/summary")
def summarise(plan_id: str):
    """The summary was issued on a day; its number where it has one."""

    def told(_plan: Plan) -> dict:
        said = {name: request.form.get(name, "") for name in ("issued", "text")}
        return said | {"document": request.form.get("document", "").strip() or None}

    return _done(plan_id, "summary", SUMMARISE, told, _("The summary is recorded."))


def _done(plan_id: str, of: str, op: str, more: Callable[[Plan], dict], said: str):
    """One step of a plan by a form of its page; what is wrong is shown there."""
    me = actor()
    unit, found = in_sight(me, plan_id)
    _kept(me, unit)
    try:
        with transaction() as session:
            _step(session, me, unit, op, plan=plan_id, **more(found.plan))
    except Problem as problem:
        return _again(problem, lambda errors, fault: page(me, unit, found, request.form, errors, fault, of))
    flash(said, "ok")
    return redirect(url_for("plans.show", plan_id=plan_id), 303)


def _step(session, me: Actor, unit: Unit, op: str, **said):
    return record_at_desk(session, me, now(), facts.body(me, unit, now(), op, **said))


def _kept(me: Actor, unit: Unit) -> Unit:
    if not facts.keeps(me, unit):
        raise Problem("forbidden")
    return unit


def _again(problem: Problem, shown: Callable[[dict, str | None], str]):
    if problem.code not in REFUSED:
        raise problem
    g.problem = problem  # for the events (desk.accounts.recorder)
    errors = words.beside(problem.fields)
    return shown(errors, None if errors else problem.message(language())), problem.entry.status


def _said(one: Member) -> dict:
    days = {"first_day": one.first_day.isoformat(), "last_day": one.last_day.isoformat()}
    return {"person": one.person, "unit": one.unit, **days}


# ---------------------------------------------------------------- the form of the plan itself


def _typed() -> dict:
    """What the form says, as a fact says it; what is no number stays as it was typed and is refused with its field."""
    number = request.form.get("minimum", "").strip()
    return {
        "title": request.form.get("title", ""),
        "units": request.form.getlist("units"),
        "minimum": int(number) if number.isascii() and number.isdigit() else number,
        **{name: request.form.get(name, "") for name in ("first_day", "last_day", "report_day")},
    }


def _subject(unit: Unit) -> str:
    """What the plan is about: so far the rules know one thing."""
    return next(iter(facts.subjects_of(editions().on(clock.local_date(now())), unit.level)), "")


def _different(plan: Plan, typed: dict) -> dict:
    """Only what changes; raises ``bad-fact`` where nothing does."""
    now_said = _as_form(plan) | {"minimum": plan.minimum}
    same = {**now_said, "units": sorted(plan.units)}
    found = {
        name: value
        for name, value in typed.items()
        if (sorted(value) if name == "units" else value) != same[name]
    }
    if not found:
        raise Problem("bad-fact", {"title": "same"})
    return found


def _as_form(plan: Plan) -> dict:
    days = {name: getattr(plan, name).isoformat() for name in ("first_day", "last_day", "report_day")}
    return {"title": plan.title, "minimum": str(plan.minimum), "units": list(plan.units), **days}


def _proposed() -> dict:
    """Four weeks from today and a report two weeks later, not beyond the quarter; five points each."""
    today = clock.local_date(now())
    quarter = period_of("quarter", today)
    last = min(today + PROPOSED_DAYS, quarter.last)
    report = min(last + PROPOSED_REPORT, quarter.last)
    days = {"first_day": today, "last_day": last, "report_day": report}
    return {
        "title": "", "minimum": str(PROPOSED_POINTS), "units": [],
        **{name: day.isoformat() for name, day in days.items()},
    }  # fmt: skip


def _form(unit: Unit, plan: Plan | None, form, errors: dict | None = None, fault: str | None = None) -> str:
    chosen = form.getlist("units") if hasattr(form, "getlist") else form["units"]
    today = clock.local_date(now())
    first = date.fromisoformat(form["first_day"]) if _is_day(form.get("first_day")) else today
    return render_template(
        "campaigns/form.html",
        unit=unit,
        plan=plan,
        form=form,
        chosen=set(chosen),
        choices=_choices(unit, set(chosen), today),
        errors=errors or {},
        fault=fault,
        quarter=period_of("quarter", today),
        longest=(first + LONGEST + REPORTED).isoformat(),
        most=MOST_POINTS,
        yesterday=today - DAY,
    )


def _is_day(text: str | None) -> bool:
    try:
        return bool(date.fromisoformat(text or ""))
    except ValueError:
        return False


def _choices(owner: Unit, chosen: set[str], today: date) -> list[Choice]:
    """Every open unit below, those with relay points only (and what is chosen); a unit's points are those of all below it."""
    units = list(
        db.session.scalars(
            select(Unit).where(within([owner.path]), Unit.code != owner.code).order_by(Unit.path)
        )
    )
    query = (
        select(Unit.path, func.count())
        .join(RelayPoint, RelayPoint.unit_code == Unit.code)
        .where(within([owner.path]), RelayPoint.opened_on <= today)
        .where(RelayPoint.closed_on.is_(None) | (RelayPoint.closed_on > today))
        .group_by(Unit.path)
    )
    counts = {}
    for path, count in db.session.execute(query):
        codes = path.strip("/").split("/")
        for code in codes:
            counts[code] = counts.get(code, 0) + count
    names = {one.code: one.name for one in units} | path_names(owner)
    depth = len(owner.path.strip("/").split("/"))
    return [
        Choice(
            one,
            " · ".join(names[code] for code in one.path.strip("/").split("/")[depth:-1]),
            counts.get(one.code, 0),
        )
        for one in units
        if (one.is_open(today) and counts.get(one.code)) or one.code in chosen
    ]
