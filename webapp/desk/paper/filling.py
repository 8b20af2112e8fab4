"""The offices' forms filled: from checks, the register and cases to the rows that their columns ask for."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask import current_app
from flask_babel import gettext as _, ngettext
from sqlalchemy import select

from webapp.cases.models import Case, CaseLink
from webapp.cases.reading import COVERT, Detail, Step, details
from webapp.core.database import db
from webapp.core.dates import day_text
from webapp.desk.cases import words
from webapp.desk.paper.sheets import Filled, Part
from webapp.desk.paper.values import (
    Known,
    Names,
    Story,
    case_values,
    check_values,
    checks_head,
    point_values,
)
from webapp.desk.register.listing import Row
from webapp.inquiries.checks import Check, checks
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.queries import routes_of
from webapp.org.rules import Actor
from webapp.registers.models import RelayChange
from webapp.registers.rules import CLOSE
from webapp.rulebook.case_rules import CaseRules, CaseType
from webapp.rulebook.forms import Form
from webapp.rulebook.queries import Editions
from webapp.web import labels
from webapp.web.language import language, said

NO_SUBJECT = "-"  # of a check that is about no thing


def names() -> Names:
    """The words of codes, in the language of the answer."""
    spoken = language()
    return Names(
        said, lambda day: day_text(day, spoken), labels.VERDICTS, labels.METHODS, labels.POINT_KINDS, labels.AGREEMENTS,
        _("Not applicable"), _("Diamond"), _("Other"), _("On the route"), "、" if spoken == "zh" else ", ",
    )  # fmt: skip


# ---------------------------------------------------------------- checks


def fill_checks(form: Form, unit: Unit, first: date, last: date, me: Actor, editions: Editions, logged: date, only: str | None = None) -> Filled:  # fmt: skip
    """The unit's checks of these days in one sheet; those of several have a line above each, and count on.

    ``only``: the id of the one check that is wanted; a sheet without rows where it is not in force.
    """
    found = [
        _as_read_by(me, unit, one)
        for one in checks(db.session, unit.code, form.kinds, first, last)
        if only in (None, one.id)
    ]
    spoken, number, parts = names(), 0, []
    for check in found:
        kind = editions.kind_on(check.work_date, check.kind)
        rows = []
        for item in check.items:
            number += 1
            rows.append(check_values(number, check, item, kind, spoken))
        parts.append(Part(_title(check, spoken), checks_head(unit.name, [check], logged, spoken), rows))
    return Filled(form, unit.name, checks_head(unit.name, found, logged, spoken), parts, _purged(found))


def _as_read_by(me: Actor, unit: Unit, check: Check) -> Check:
    """Who found something covertly is named to nobody of the inspected department."""
    from_above = check.acting_code != check.unit_code and check.author_id != me.person_id
    if check.method == COVERT and from_above and words.is_inspected(me, unit.path):
        return replace(check, author=_("The inspection team"))
    return check


def _title(check: Check, spoken: Names) -> str:
    """What tells one check from others of the same sheet."""
    parts = [spoken.day(check.work_date), spoken.of("methods", check.method), check.acting, check.author]
    return "　".join([*(one for one in parts if one), *([check.route] if check.route else [])])


def _purged(found: Iterable[Check]) -> list[str]:
    count = sum(one.purged for one in found)
    if not count:
        return []
    days = current_app.config["PERSONAL_DAYS"]
    return [
        ngettext(
            "The words of %(num)s check were deleted in time, after %(days)s days.",
            "The words of %(num)s checks were deleted in time, after %(days)s days.",
            count, days=days,
        )
    ]  # fmt: skip


# ---------------------------------------------------------------- relay points


def fill_points(form: Form, unit: Unit, rows: Sequence[Row], reader: str, today: date) -> Filled:
    """The points of a department, as its list shows them."""
    spoken = names()
    routes = {route.id: f"{route.code} {route.name}" for route in routes_of(db.session, unit.code)}
    reasons = _reasons(unit, [row.point.id for row in rows if row.point.closed_on])
    lines = [
        point_values(
            number, row.point,
            Known(routes.get(row.point.route_id), row.confirmed, row.visited, reasons.get(row.point.id)), spoken,
        )
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip
    head = {"unit": unit.name, "logged": today, "reader": reader}
    return Filled(form, unit.name, head, [Part("", {}, lines)])


def _reasons(unit: Unit, points: Sequence[str]) -> dict[str, str]:
    """Why each of the closed points was closed, where somebody said so."""
    query = (
        select(RelayChange.point_id, Fact.open)
        .join(Fact, Fact.id == RelayChange.fact_id)
        .where(RelayChange.unit_code == unit.code, RelayChange.op == CLOSE, RelayChange.point_id.in_(points))
        .order_by(RelayChange.day, RelayChange.fact_id)
    )
    return {point: json.loads(open).get("reason") or "" for point, open in db.session.execute(query)}


# ---------------------------------------------------------------- cases


def fill_cases(form: Form, unit: Unit, cases: Sequence[Case], me: Actor, editions: Editions, today: date) -> Filled:  # fmt: skip
    """The cases in their order, as the list shows them."""
    spoken, told = names(), details(db.session, cases)
    paths = _paths(cases)
    orders = _orders([case.id for case in cases])
    rows = []
    for number, case in enumerate(cases, 1):
        rules = editions.on(case.opened_on).cases
        hidden = words.hides_finder(me, told[case.id], paths[case.unit_code])
        story = _story(case, told[case.id], hidden, rules, editions, orders.get(case.id, ()))
        photos = ngettext("%(num)s photo", "%(num)s photos", story.photos)
        rows.append(case_values(number, story, spoken, _("yes"), photos))
    return Filled(form, unit.name, {"unit": unit.name, "logged": today}, [Part("", {}, rows)])


def _paths(cases: Iterable[Case]) -> Mapping[str, str]:
    codes = {case.unit_code for case in cases}
    return dict(db.session.execute(select(Unit.code, Unit.path).where(Unit.code.in_(codes))).all())


def _orders(ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The numbers of the work orders that each case is part of."""
    query = select(CaseLink.case_id, Case.number).join(Case, Case.id == CaseLink.order_id)
    found: dict[str, tuple[str, ...]] = {}
    for case, number in db.session.execute(query.where(CaseLink.case_id.in_(ids)).order_by(Case.number)):
        found[case] = (*found.get(case, ()), number)
    return found


def _story(
    case: Case, told: Detail, hidden: bool, rules: CaseRules, editions: Editions, orders: tuple[str, ...]
) -> Story:  # fmt: skip
    case_type = rules.types[case.type]
    answer = _last(told.steps, case_type, lambda move: move.effect == "answer")
    check = _last(told.steps, case_type, lambda move: "checker" in move.by)
    if answer and check and check.at < answer.at:
        check = None  # it was answered anew since
    cause = rules.causes.get(answer.content.get("cause")) if answer else None
    return Story(
        title=words.title_of(case, editions, case_type),
        number=case.number,
        found_on=case.first_found or case.found_on,
        found_by=told.found_by_name,
        methods=tuple(one.method for one in told.seen if one.in_force),
        unit=told.unit_name,
        places=tuple(
            filter(
                None,
                (
                    told.place_name,
                    *(one.label for one in told.seen if one.in_force and one.label != NO_SUBJECT),
                ),
            )
        ),
        severity=said(rules.severities[case.severity].title),
        owner=told.owner_name,
        deadline=case.deadline,
        extensions=sum(_effect(case_type, step) == "grant" for step in told.steps),
        cause=said(cause.title) if cause else None,
        answer=answer.words if answer else None,
        answered_on=case.answered_on,
        photos=len(answer.photos) if answer else 0,
        checker=words.author_of(check, told, hidden) if check else None,
        checked_on=check.day if check else None,
        outcome=said(case_type.moves[check.move].done) if check else None,
        recurs=case.previous is not None,
        orders=orders,
        closed_on=case.closed_on,
    )


def _effect(case_type: CaseType, step: Step) -> str | None:
    move = case_type.moves.get(step.move)
    return move.effect if move else None


def _last(steps: Sequence[Step], case_type: CaseType, wanted) -> Step | None:
    found = [step for step in steps if step.move in case_type.moves and wanted(case_type.moves[step.move])]
    return found[-1] if found else None
