"""The duties in force for a unit and day, what differs from the region's edition, and overrides [3]."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.forms import beside
from webapp.desk.unit_and_day import given_day, ladder, path_names
from webapp.desk.unit_and_period import chosen_unit
from webapp.org.models import Unit
from webapp.org.names import names_at
from webapp.org.queries import unit_for
from webapp.org.rules import Actor
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk
from webapp.rulebook import models
from webapp.rulebook.articles import by_article, number_in
from webapp.rulebook.coverage_numbers import TITLES
from webapp.rulebook.operations import strata_names
from webapp.rulebook.overrides import (
    LESS_IS_STRICTER,
    Override,
    changeable,
    differences,
    flat,
    minimum,
    nested,
    shrinking,
    with_values,
)
from webapp.rulebook.queries import duties_below, rules_of
from webapp.rulebook.rules import Duty, Kind, Reading, Rulebook, Text
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("rulebook", __name__)


@dataclass(frozen=True)
class Number:
    """One number of a duty; ``edition`` is the phrase of the region's edition where that differs."""

    phrase: Text
    edition: Text | None = None

    @property
    def large(self) -> Text:
        """The number alone, to be read from afar; empty where the phrase has none."""
        return Text(number_in(self.phrase.zh), number_in(self.phrase.en))


@dataclass(frozen=True)
class DutyView:
    """A duty in force as the page shows it."""

    duty: Duty
    numbers: list[Number]
    readings: list[Reading]
    kinds: list[Kind]
    overrides: list[Override]

    @property
    def counted(self) -> Text:
        """In a sentence: what is counted."""
        return Text(*self.duty.way.told)

    @property
    def stricter(self) -> bool:
        """Whether it asks for more than the region's edition."""
        return any(number.edition for number in self.numbers)


@blueprint.get("/rules")
def page():
    """``?unit=&day=``: the duties that bind the unit and those below it on the day, each with article and Readings."""
    me = actor()
    unit, day = chosen_unit(me, "see-rules"), given_day()
    rules = rules_of(db.session, [unit])
    book, held = rules.at(unit, day), rules.in_force(unit, day)
    edition = rules.editions.on(day)
    above, children = ladder(me, unit, "see-rules", "rulebook.page", day=day.isoformat())
    views = [_view(duty, book, edition, held) for duty in duties_below(book, unit)]
    return render_template(
        "rules/rulebook/page.html", unit=unit, day=day, today=clock.local_date(now()), book=book,
        early=day < edition.first_day, articles=by_article(views, lambda view: view.duty.article), names=path_names(unit), trail=above, children=children,
        keeps=me.can("keep-rules", unit.path), history=_history(me, unit), book_today=rules.at(unit, clock.local_date(now())),
        coming=[one for one in rules.editions.books if one.first_day > day],
    )  # fmt: skip


def _view(duty: Duty, book: Rulebook, edition: Rulebook, held: list[Override]) -> DutyView:
    return DutyView(
        duty, numbers(duty, edition.duties[duty.code], book), [book.readings[code] for code in duty.readings],
        [book.kinds[code] for code in duty.kinds], [one for one in held if one.duty == duty.code],
    )  # fmt: skip


def numbers(duty: Duty, base: Duty, book: Rulebook) -> list[Number]:
    """The minima in words, with the edition's own where they differ."""
    names = strata_names(book, duty.code)
    changed = {one.field for one in differences(base, duty)}
    found = [
        Number(minimum(duty, name, names), minimum(base, name, names) if name in changed else None)
        for name in changeable(duty)
        if name != "shrink"
    ]
    if duty.shrink or base.shrink:
        found.append(Number(shrinking(duty), shrinking(base) if duty.shrink != base.shrink else None))
    return found


@dataclass(frozen=True)
class Entered:
    """An override of the unit or one above it, with who entered and ended it."""

    row: models.Override
    person: str
    ended_by: str | None
    may_end: bool


def _history(me: Actor, unit: Unit) -> list[Entered]:
    """Every override of the unit and those above, newest first."""
    codes = unit.path.strip("/").split("/")
    query = select(models.Override, Unit.path).join(Unit, Unit.code == models.Override.unit_code)
    query = query.where(models.Override.unit_code.in_(codes)).order_by(models.Override.entered_at.desc())
    rows = db.session.execute(query).all()
    begun = names_at(db.session, [(row.entered_by, row.entered_at) for row, _path in rows])
    ended = names_at(db.session, [(row.ended_by, row.ended_at) for row, _path in rows])
    yesterday = clock.local_date(now()) - timedelta(days=1)
    return [
        Entered(
            row, begun.get((row.entered_by, row.entered_at), "—"), ended.get((row.ended_by, row.ended_at)),
            me.can("keep-rules", path) and (row.last_day is None or row.last_day > yesterday),
        )
        for row, path in rows
    ]  # fmt: skip


@blueprint.app_template_filter("changed_words")
def changed_words(changes: Mapping, duty: Duty | None, book: Rulebook) -> list[Text]:
    """What an override asks for, in words; bare names where the edition no longer has the duty."""
    if duty is None:
        return [Text(f"{name}={value}", f"{name}={value}") for name, value in flat(changes).items()]
    names = strata_names(book, duty.code)
    return [_phrase(duty, name, value, names) for name, value in flat(changes).items()]


def _phrase(duty: Duty, name: str, value, names: Mapping[str, Text]) -> Text:
    known = name in changeable(duty) or name == "shrink"
    return (
        minimum(with_values(duty, {name: value}), name, names)
        if known
        else Text(f"{name}={value}", f"{name}={value}")
    )


# ---------------------------------------------------------------- overrides


@blueprint.get("/rules/override")
def override():
    """``?unit=&duty=``: the form in which a unit asks for more."""
    me = actor()
    return _form(chosen_unit(me, "keep-rules"))


def _form(unit: Unit, problem: Problem | None = None):
    rules, today = rules_of(db.session, [unit]), clock.local_date(now())
    book = rules.at(unit, today)
    duties = [duty for duty in duties_below(book, unit) if changeable(duty)]
    duty = next((one for one in duties if one.code == request.values.get("duty")), None)
    html = render_template(
        "rules/rulebook/override.html", unit=unit, book=book, duties=duties, duty=duty, today=today,
        present=changeable(duty) if duty else {}, names=strata_names(book, duty.code) if duty else {},
        less=LESS_IS_STRICTER, titles=TITLES, form=request.form, errors=_errors(problem), fault=_fault(problem), minimum=minimum,
    )  # fmt: skip
    return html, problem.entry.status if problem else 200


def _fault(problem: Problem | None) -> str | None:
    if problem is None:
        return None
    if "changes" in problem.fields:
        return beside(problem)["changes"]
    return problem.message(language()) if problem.code in ("weaker-override", "reason-needed") else None


def _errors(problem: Problem | None) -> dict[str, str]:
    if problem is None or problem.code != "weaker-override":
        return beside(problem)
    return {
        name: _("At most %(n)s.", n=value) if name in LESS_IS_STRICTER else _("At least %(n)s.", n=value)
        for name, value in problem.fields.items()
    }


@blueprint.post("/rules/override")
def enter_override():
    """Enter the override; a weaker one is refused with the article that it would break."""
    me = actor()
    unit = chosen_unit(me, "keep-rules")
    try:
        body = rulings.body(
            me, unit, now(), rulings.OVERRIDE, "enter", duty=request.form.get("duty", ""), changes=_typed(),
            **{name: request.form.get(name) or None for name in ("first_day", "last_day", "reason")},
        )  # fmt: skip
        code = unit.code
        with transaction() as session:
            record_at_desk(session, me, now(), body)
    except Problem as problem:
        if problem.code not in ("invalid", "weaker-override", "reason-needed"):
            raise
        return _form(unit_for(db.session, me, unit.code, "keep-rules"), problem)
    flash(_("The stricter rule is entered."), "ok")
    return redirect(url_for("rulebook.page", unit=code, _anchor=body["duty"]))


def _typed() -> dict:
    """The numbers that were filled in: ``n.size``, ``n.strata.local`` …; ``shrink`` ticked lifts the reduction."""
    found: dict[str, object] = {}
    for name, text in request.form.items():
        if name.startswith("n.") and text.strip():
            text = text.strip()
            number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text
            found[name.removeprefix("n.")] = number
    if request.form.get("shrink"):
        found["shrink"] = None
    return nested(found)


@blueprint.post("/rules/overrides/<override_id>/end")
def end_override(override_id: str):
    """Let an override end with ``last_day``, yesterday at the earliest."""
    me = actor()
    row = db.session.get(models.Override, override_id)
    if row is None:
        raise Problem("not-found")
    unit = unit_for(db.session, me, row.unit_code, "keep-rules")
    code = unit.code
    last = request.form.get("last_day") or clock.local_date(now()).isoformat()
    body = rulings.body(me, unit, now(), rulings.OVERRIDE, "end", override=override_id, last_day=last)
    with transaction() as session:
        record_at_desk(session, me, now(), body)
    flash(_("The stricter rule ends."), "ok")
    return redirect(url_for("rulebook.page", unit=code))
