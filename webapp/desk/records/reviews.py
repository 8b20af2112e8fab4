"""Reviews and meetings of those above at the desk: what is due, and the page on which one is opened, judged and signed.

Found by what a kind is: its subject is a record of a period, or it is a meeting of a unit above departments.
"""

import json
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.accounts.proving import asks_password
from webapp.desk.forms import again
from webapp.desk.records import review_forms
from webapp.desk.unit_and_period import chosen_unit, trail
from webapp.inquiries import reviews as queries
from webapp.inspections.models import Inspection, Item
from webapp.journal.rules import IN_FORCE
from webapp.ledger.signatures import signature
from webapp.org.models import Person, Unit
from webapp.org.names import shown_name
from webapp.org.queries import unit_for, workers_on
from webapp.org.rules import LEVEL_OF, Actor
from webapp.recording.operations import record_at_desk
from webapp.rulebook.periods import Period, parse_period, period_of
from webapp.rulebook.rules import Duty, Kind
from webapp.web.access import actor, editions, now
from webapp.web.language import said

blueprint = Blueprint("reviews", __name__)


@dataclass(frozen=True)
class Task:
    """What is being made: a kind of record by one unit about another (or itself) and a period."""

    me: Actor
    kind: Kind
    unit: Unit
    acting: Unit
    period: Period
    duties: list[Duty]
    amends: str | None = None

    @property
    def meeting(self) -> bool:
        """Whether it is a meeting, about nothing but the unit itself."""
        return self.kind.subject == "none"

    @property
    def today(self) -> date:
        """The day of the work."""
        return clock.local_date(now())

    @property
    def early(self) -> bool:
        """Whether the period is not over: a review is made after it [Reading: upper-review]."""
        return not self.meeting and self.today <= self.period.last

    @property
    def asked(self) -> dict[str, str]:
        """The address of its page."""
        where = {"kind": self.kind.code, "unit": self.unit.code, "period": self.period.code}
        more = {"amends": self.amends} if self.amends else {}
        return where | {"acting": self.acting.code} | more


@dataclass
class Shown:
    """What the page shows beside the form."""

    material: queries.Material = field(default_factory=lambda: queries.Material([], 0, [], [], []))
    page: int = 1

    @property
    def signs(self) -> list[str]:
        """What is signed: each line of the unit as it is stored."""
        return [signature(one.line) for one in self.material.lines][: review_forms.MOST_LINES]


@blueprint.get("/records/reviews")
def index():
    """``?unit=``: the reviews and meetings that the unit owes, open ones first, each with whom it covers."""
    me = actor()
    unit = chosen_unit(me, "see-ledger")
    found = queries.due(db.session, unit, now())
    acts = {one.kind.code for one in found if _acts(me, unit, one.kind)}
    today = clock.local_date(now())
    return render_template(
        "records/reviews/index.html",
        unit=unit,
        dues=found,
        acts=acts,
        today=today,
        trail=trail(me, unit, "see-ledger", "reviews.index", period_of("month", today)),
    )


@blueprint.get("/records/reviews/<kind>/<unit>/<period>")
def show(kind: str, unit: str, period: str):
    """``?acting=&amends=&page=``: the forms of the period, what the unit's lines say, and the review to be signed."""
    task = _task(kind, unit, period)
    form = _earlier(task) if task.amends else MultiDict()
    return _page(task, form)


@blueprint.post("/records/reviews/<kind>/<unit>/<period>")
@asks_password
def sign(kind: str, unit: str, period: str):
    """Sign it: the record is in force at once, and the line moves."""
    task = _task(kind, unit, period)
    shown = _shown(task)
    try:
        open, personal = _read(task, shown)
        with transaction() as session:
            record_at_desk(session, task.me, now(), open, personal or None)
    except Problem as problem:
        return _page(task, request.form, problem, shown)
    if task.meeting:
        flash(_("The meeting is recorded."), "ok")
    else:
        flash(_("Signed: %(kind)s, %(unit)s.", kind=said(task.kind.title), unit=task.unit.name), "ok")
    return redirect(url_for("reviews.index", unit=task.acting.code))


def _read(task: Task, shown: Shown) -> tuple[dict, dict]:
    if task.early:
        raise Problem("invalid", {"method": _("The period is not over yet.")})
    signs = shown.signs or [f"{duty.code} {task.period.code} -" for duty in task.duties]
    if shown.signs != request.form.getlist("seen"):
        raise Problem("invalid", {"seen": "moved"})
    typed = review_forms.read(request.form, task.kind, [form.id for form in shown.material.forms], signs)
    method = request.form.get("method", "")
    if method not in review_forms.methods_of(task.kind, task.duties):
        typed.errors["method"] = "choice"
    about, day = task.period.first if task.kind.about else None, task.today
    if task.meeting:
        day = _held_on(task, typed)
    if task.amends:
        _keep_others(task, typed, {form.id for form in shown.material.forms})
    typed.check()
    return review_forms.body(
        task.kind, task.unit.code, task.acting.code, day, about, method, typed, task.amends
    )


def _held_on(task: Task, typed: review_forms.Typed) -> date:
    """The day of a meeting: one of the month, not ahead."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        typed.errors["day"] = "day"
        return task.today
    if day not in task.period:
        typed.errors["day"] = _("It must lie in the month.")
    elif day > task.today:
        typed.errors["day"] = "not-ahead"
    return day


def _keep_others(task: Task, typed: review_forms.Typed, here: set[str]) -> None:
    """A correction says anew what stands on this page; what was judged on another one stays as it was."""
    _inspection, items, notes = _corrected(task)
    for item in items:
        if item.subject not in here and task.kind.subject == "record":
            if note := notes.get(str(item.ordinal)):
                typed.notes[str(len(typed.items))] = note
            typed.items.append(
                {"subject": item.subject, "verdict": item.verdict, "answers": item.answers, "photos": []}
            )


# ---------------------------------------------------------------- what is asked for


def _task(kind_code: str, unit_code: str, period_code: str) -> Task:
    """Who may act on it, or ``not-found`` for what is no such kind, unit or period, and ``forbidden``."""
    me = actor()
    unit = unit_for(db.session, me, unit_code, "see-inspections")
    period = parse_period(period_code)
    kind = editions().on(period.first).kinds.get(kind_code)
    meeting = queries.held_at_desk(kind)
    if kind is None or not (meeting or queries.reviewed_at_desk(kind)) or unit.level not in kind.levels:
        raise Problem("not-found")
    if (period.kind != "month") if meeting else (kind.period != period.kind):
        raise Problem("not-found")
    acting = _acting(me, unit, kind, period.first)
    duties = queries.duties_of(editions().on(period.first), acting.level, kind)
    return Task(me, kind, unit, acting, period, duties, request.args.get("amends") or None)


def _acting(me: Actor, unit: Unit, kind: Kind, day: date) -> Unit:
    """The unit in whose name the actor makes it: the one named, else the nearest; raises ``forbidden``."""
    codes = unit.path.strip("/").split("/")
    able = [unit] if kind.subject == "none" else _units([code for code in codes if code != unit.code])
    able = [one for one in able if _acts(me, one, kind) and _asks(one, unit, kind, day)]
    asked = request.args.get("acting")
    found = [one for one in able if asked in (None, one.code)]
    if not found:
        raise Problem("forbidden")
    return max(found, key=lambda one: len(one.path))


def _asks(acting: Unit, unit: Unit, kind: Kind, day: date) -> bool:
    """Whether a duty of the acting unit asks about units of that level: a league reviews counties, not their departments."""
    book = editions().on(day)
    levels = {
        book.populations[duty.coverage.over].level if duty.coverage else acting.level
        for duty in queries.duties_of(book, acting.level, kind)
    }
    return unit.level in levels


def _units(codes: list[str]) -> list[Unit]:
    return list(db.session.scalars(select(Unit).where(Unit.code.in_(codes))))


def _acts(me: Actor, unit: Unit, kind: Kind) -> bool:
    """Whether the actor holds today a role of the kind at exactly this unit."""
    held = me.roles_at(unit.code, clock.local_date(now()))
    return any(role in kind.roles and LEVEL_OF.get(role) == unit.level for role in held)


def _shown(task: Task) -> Shown:
    if task.meeting:
        return Shown()
    page = max(1, min(request.args.get("page", 1, type=int), 10_000))
    found = queries.material(
        db.session,
        task.acting,
        task.unit,
        task.kind,
        task.period,
        now(),
        page,
        review_forms.forms_on_a_page(task.kind),
    )
    return Shown(found, page)


def _earlier(task: Task) -> MultiDict:
    """The own record that is to be corrected, as if it were typed."""
    inspection, items, notes = _corrected(task)
    return review_forms.as_typed(task.kind, inspection, items, notes)


def _corrected(task: Task) -> tuple[Inspection, list[Item], dict]:
    """The own record in force that is to be corrected, with its items and notes; ``not-found`` for any other."""
    found = queries.earlier(db.session, task.amends)
    if found is None:
        raise Problem("not-found")
    fact, inspection, items = found
    same = (fact.author_id, fact.kind, fact.unit_code, inspection.acting_code, fact.state)
    if same != (task.me.person_id, task.kind.code, task.unit.code, task.acting.code, IN_FORCE):
        raise Problem("not-found")
    return inspection, items, json.loads(fact.personal).get("notes", {}) if fact.personal else {}


def _page(task: Task, form: MultiDict, problem: Problem | None = None, shown: Shown | None = None):
    shown = shown or _shown(task)
    answer = again(
        "records/reviews/form.html",
        problem,
        task=task,
        kind=task.kind,
        unit=task.unit,
        period=task.period,
        shown=shown,
        pages=-(-shown.material.total // review_forms.forms_on_a_page(task.kind)),
        typed=form,
        methods=review_forms.methods_of(task.kind, task.duties),
        answer_name=review_forms.answer_name,
        unasked=[one for one in task.kind.fields if one.type not in review_forms.ASKED],
        workers=_workers(task),
        made=queries.made_by(db.session, task.acting, task.unit, task.kind, task.period),
    )
    return answer if problem else answer[0]


def _workers(task: Task) -> list[tuple[str, str]]:
    """(id, name) of the people who work in the unit today, where the form names some."""
    if not task.kind.fields_of("people"):
        return []
    here = workers_on(db.session, task.unit.code, task.today)
    query = select(Person.id, shown_name()).where(Person.id.in_(here)).order_by(Person.name)
    return [tuple(row) for row in db.session.execute(query)]
