"""A route or single items handed over to another person for a day: the form, and what the list's page tells of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.department_and_day import list_in_sight
from webapp.desk.forms import beside
from webapp.org.models import Person, Role, Route, Unit
from webapp.org.names import names_of
from webapp.org.queries import routes_of, workers_on
from webapp.recording.operations import record_at_desk
from webapp.sampling.deliveries import deliverers
from webapp.sampling.handovers import MOST_NUMBERS, handover_body, not_listed
from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.queries import routes_on
from webapp.web import labels
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("handovers", __name__)
FIELDS = {"route", "numbers", "to", "reason"}


@dataclass(frozen=True)
class Carried:
    """Who delivers the items of a list: names by number, and those whom the list itself named where it is another."""

    now: dict[str, str]
    listed: dict[str, str]


def carried(unit: Unit, manifest: Manifest, rows: Iterable[ManifestItem]) -> Carried:
    """Who delivers each of the rows, hand-overs included."""
    rows = list(rows)
    found = deliverers(db.session, {(unit.code, manifest.day, row.number) for row in rows})
    people = {row.number: found.get((unit.code, manifest.day, row.number), frozenset()) for row in rows}
    names = names_of(
        db.session, {row.delivered_by for row in rows} | {one for several in people.values() for one in several},
        manifest.day,
    )  # fmt: skip
    return Carried(
        {number: "、".join(sorted(names[one] for one in several)) for number, several in people.items() if several},
        {
            row.number: names[row.delivered_by]
            for row in rows
            if row.delivered_by and row.delivered_by not in people[row.number]
        },
    )  # fmt: skip


@blueprint.get("/manifests/<manifest_id>/handover")
def new(manifest_id: str):
    """Choose a route or numbers of the list's day, and to whom they go."""
    manifest, unit = list_in_sight(actor(), manifest_id, "keep-lists")
    return _page(manifest, unit)


def _page(manifest: Manifest, unit: Unit, errors: dict[str, str] | None = None, fault: str | None = None):
    page = render_template(
        "lists/manifests/handover.html", manifest=manifest, unit=unit, form=request.form, errors=errors or {},
        fault=fault, routes=_routes(manifest, unit), people=_people(unit, manifest), most=MOST_NUMBERS,
    )  # fmt: skip
    return page, 422 if errors or fault else 200


def _routes(manifest: Manifest, unit: Unit) -> list[Route]:
    """The unit's open routes and those that the list names, by code."""
    found = {one.id: one for one in (*routes_of(db.session, unit.code), *routes_on(db.session, manifest.id))}
    return sorted(found.values(), key=lambda one: one.code)


def _people(unit: Unit, manifest: Manifest) -> list[tuple[str, str]]:
    """Who works there on the list's day: the id, and name, roles and login, for two may bear one name."""
    query = (
        select(Person.id, Person.name, Person.login, Role.role)
        .join(Role, Role.person_id == Person.id)
        .where(Person.id.in_(workers_on(db.session, unit.code, manifest.day)), Role.unit_code == unit.code)
        .where(Role.first_day <= manifest.day)
        .where(Role.last_day.is_(None) | (Role.last_day >= manifest.day))
        .order_by(Person.name, Person.login, Role.role)
    )
    found: dict[str, list[str]] = {}
    for person, name, login, role in db.session.execute(query.distinct()):
        found.setdefault(person, [name, login]).append(str(labels.ROLES.get(role, role)))
    return [
        (person, f"{name} · {' / '.join(roles)} · {login}") for person, (name, login, *roles) in found.items()
    ]


@blueprint.post("/manifests/<manifest_id>/handover")
def save(manifest_id: str):
    """Record the hand-over; what is wrong stands beside its field, and what was typed stays."""
    me = actor()
    manifest, unit = list_in_sight(me, manifest_id, "keep-lists")
    form = request.form
    by_route = form.get("what") != "numbers"
    numbers = [] if by_route else form.get("numbers", "").replace(",", " ").replace("，", " ").split()
    if errors := _errors(manifest, unit, by_route, numbers):
        return _page(manifest, unit, errors)
    what = {"route": form["route"]} if by_route else {"numbers": numbers}
    try:
        with transaction() as session:
            today = clock.local_date(now())
            body = handover_body(unit, manifest.day, today, form["to"], form["reason"], **what)
            record_at_desk(session, me, now(), body)
    except Problem as problem:
        if problem.code not in ("invalid", "bad-day", "reason-needed"):
            raise
        errors = beside(problem)
        fault = None if errors.keys() & FIELDS else problem.message(language())
        return _page(manifest, unit, errors, fault)
    flash(_("Handed over. Whoever delivers it now photographs its receipts and may not judge it."), "ok")
    return redirect(url_for("manifests.show", manifest_id=manifest_id))


def _errors(manifest: Manifest, unit: Unit, by_route: bool, numbers: list[str]) -> dict[str, str]:
    errors = {
        name: _("Please fill this in.")
        for name in ("to", "reason", *(["route"] if by_route else []))
        if not request.form.get(name, "").strip()
    }
    if by_route:
        return errors
    if not numbers:
        errors["numbers"] = _("Please fill this in.")
    elif len(numbers) > MOST_NUMBERS:
        errors["numbers"] = _("At most %(n)s numbers at once.", n=MOST_NUMBERS)
    elif strangers := not_listed(db.session, unit.code, manifest.day, numbers):
        errors["numbers"] = _("Not on the lists of that day: %(numbers)s", numbers=", ".join(strangers[:10]))
    return errors
