"""The plans of a league's or region's special checks: the list, and one of them with its units, its team and its story."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from sqlalchemy import select

from webapp.campaigns.queries import owner_of, plans as plans_of
from webapp.campaigns.rules import OPEN, RUNNING, SUMMARISED
from webapp.core import clock
from webapp.core.database import db
from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.desk.campaigns import words
from webapp.desk.unit_and_day import ladder
from webapp.desk.unit_and_period import chosen_unit
from webapp.inquiries.plans import Progress, Story, eligible, planned_duty, progress, story
from webapp.ledger.lines import Check, Covered
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import unit_for
from webapp.org.rules import Actor
from webapp.recording.facts.plan import keeps
from webapp.rulebook.periods import NOT_SET
from webapp.web.access import actor, now
from webapp.web.language import days

blueprint = Blueprint("plans", __name__)

# Those that go on first, then those to come.
_ORDER = {RUNNING: 0, OPEN: 1, SUMMARISED: 2}
LEVELS = ("region", "league")  # that keep plans


@dataclass(frozen=True)
class Row:
    """A unit of a plan: how far it is, who called there, and when last."""

    unit: Unit
    covered: Covered | None  # None: it has no relay point
    people: list[str]
    last: date | None


@blueprint.get("/plans")
def index():
    """``?unit=``: the plans of a league or region, those under way first."""
    me = actor()
    unit = owner(chosen_unit(me, "see-plans"))
    found = progress(db.session, unit, plans_of(db.session, unit.code), now())
    found.sort(key=lambda one: (_ORDER.get(one.state, 3), -one.plan.report_day.toordinal(), one.plan.id))
    above, below = ladder(me, unit, "see-plans", "plans.index")
    duty = planned_duty(db.session, unit)
    return render_template(
        "campaigns/index.html",
        unit=unit,
        plans=found,
        states=words.STATES,
        days=days,
        trail=above,
        below=below if unit.level == LEVELS[0] else [],
        keeps=keeps(me, unit),
        duty=duty,
        unset=duty is not None and duty.period == NOT_SET,
    )


def owner(unit: Unit) -> Unit:
    """The unit, if plans are kept there; a county or department has none."""
    if unit.level not in LEVELS:
        raise Problem("not-found")
    return unit


@blueprint.get("/plans/<plan_id>")
def show(plan_id: str):
    """One plan: what is left, its units, its team, its summary, and what was ever said of it."""
    me = actor()
    unit, found = in_sight(me, plan_id)
    return page(me, unit, found)


def in_sight(me: Actor, plan_id: str) -> tuple[Unit, Story]:
    """The plan and whose it is, for whoever sees its plans; else ``not-found``."""
    code = owner_of(db.session, plan_id) if is_id(plan_id) else None
    if code is None:
        raise Problem("not-found")
    unit = unit_for(db.session, me, code, "see-plans")
    return unit, story(db.session, unit, plan_id)


def page(
    me: Actor,
    unit: Unit,
    found: Story,
    form: dict | None = None,
    errors: dict | None = None,
    fault: str | None = None,
    of: str = "",
):
    """The page of a plan; ``of``: which of its forms was refused, with what was typed and what is wrong with it."""
    plan, today = found.plan, clock.local_date(now())
    (done,) = progress(db.session, unit, [plan], now())
    going = plan.cancelled is None and plan.summary is None
    people = {one.person for one in plan.grants} | {step.author for step in found.steps}
    codes = {*plan.units, *(one.unit for one in plan.team)}
    units = {one.code: one for one in db.session.scalars(select(Unit).where(Unit.code.in_(codes)))}
    return render_template(
        "campaigns/show.html",
        unit=unit,
        plan=plan,
        done=done,
        rows=_rows(done, units),
        units=units,
        names=names_of(db.session, people),
        steps=list(reversed(found.steps)),
        unit_options=[(code, units[code].name) for code in plan.units],
        states=words.STATES,
        days=days,
        ops=words.OPS,
        keeps=going and keeps(me, unit),
        eligible=eligible(db.session, unit, today) if going and keeps(me, unit) else [],
        today=today,
        form=form or {},
        errors=errors or {},
        fault=fault,
        of=of,
    )


def _rows(done: Progress, units: dict[str, Unit]) -> list[Row]:
    """The units of the plan, those still to be checked first."""
    covered = {one.unit: one for one in done.units}
    authors = {check.author for several in done.checks.values() for check in several}
    names = names_of(db.session, authors)
    rows = [
        Row(units[code], covered.get(code), _people(done.checks.get(code, ()), names), _last(done, code))
        for code in done.plan.units
    ]
    return sorted(
        rows, key=lambda row: (row.covered is None, bool(row.covered and row.covered.counts), row.unit.code)
    )


def _people(checks: tuple[Check, ...], names: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(names[check.author] for check in checks if check.author in names))


def _last(done: Progress, code: str) -> date | None:
    return max((check.work_date for check in done.checks.get(code, ())), default=None)
