"""Pages of people: who works where, their dated roles, passwords and devices, kept by a superior."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk import searches
from webapp.desk.accounts.proving import asks_password
from webapp.desk.accounts.recorder import concerns
from webapp.desk.forms import again, entered
from webapp.org import operations, passwords, queries, schemas, second_factors
from webapp.org.models import Person, Role, Unit
from webapp.org.names import earlier_names, names_of
from webapp.org.rules import RANK, Actor
from webapp.recording.changes import roles as staff
from webapp.web import labels
from webapp.web.access import actor, now

blueprint = Blueprint("people", __name__)
PAGE = 50  # people on a page
STATES = ("active", "inactive", "all")


@dataclass(frozen=True)
class Row:
    """A person in the list, with the roles that the reader may see: those of today and those to come."""

    person: Person
    roles: list[Role]


@blueprint.get("/people")
def index():
    """``?unit=&role=&state=&s=&page=``: a unit and what is below it, searched by name, login, role and state."""
    me = _reader()
    if answer := searches.without("search"):
        return answer
    unit = _unit(me)
    wanted = {key: request.args.get(key, "").strip() for key in ("role", "state")} | {
        "search": searches.sought()
    }
    wanted["state"] = wanted["state"] if wanted["state"] in STATES else "active"
    found = queries.people_in(db.session, me, unit.path if unit else None, **wanted)
    number, pages = _page(len(found))
    shown = [Row(person, _ahead(me, person)) for person in found[(number - 1) * PAGE : number * PAGE]]
    units = queries.below(db.session, me.reach("see-people"))
    values = {
        "rows": shown,
        "count": len(found),
        "unit": unit,
        "units": units,
        "wanted": wanted,
        "roles": labels.ROLES,
    }
    values |= {"number": number, "pages": pages, "page_url": _page_url()}
    return render_template("staff/people/index.html", me=me, may_add=_may_add(me), **values)


@blueprint.post("/people")
def search():
    """Search: what was typed stands in no address."""
    _unit(_reader())
    return searches.posted("people.index", "search", "unit", "role", "state")


def _reader() -> Actor:
    """The actor, if there is any unit whose people the actor may see."""
    me = actor()
    if not me.reach("see-people"):
        raise Problem("forbidden")
    return me


def _unit(me: Actor) -> Unit | None:
    code = request.values.get("unit")
    return queries.unit_for(db.session, me, code, "see-people") if code else None


def _page(count: int) -> tuple[int, int]:
    pages = max(1, -(-count // PAGE))
    wanted = request.args.get("page", "1")
    return min(int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1, pages) or 1, pages


def _page_url() -> str:
    """This list at another page: a format string, as parts/pagination wants it."""
    kept = {key: value for key, value in request.args.items() if key != "page" and value}
    return f"?{urlencode(kept)}{'&' if kept else ''}".replace("{", "{{").replace("}", "}}") + "page={}"


def _ahead(me: Actor, person: Person) -> list[Role]:
    return [
        role for role in queries.roles_in_sight(me, person) if not role.last_day or role.last_day >= me.today
    ]


def _may_add(me: Actor) -> bool:
    return bool(me.reach("keep-people"))


@blueprint.get("/people/new")
def new():
    """The form of a new person."""
    return _new()


@blueprint.post("/people/new")
@asks_password
def add():
    """A new person with a first role; the page of the person then offers the enrolment."""
    try:
        form = schemas.read(schemas.PERSON, request.form)
        with transaction() as session:
            person_id = staff.add_person(session, _keeper(), now(), form).id
        concerns(person_id)
    except Problem as problem:
        return _new(problem)
    flash(_("%(name)s is entered. Now enrol the phone.", name=form["name"]), "ok")
    return _back(person_id)


def _keeper() -> Actor:
    """The actor, if there is any unit whose people the actor keeps."""
    me = actor()
    if not _may_add(me):
        raise Problem("forbidden")
    return me


def _new(problem: Problem | None = None):
    me = _keeper()
    units = queries.units_to_give(db.session, me)
    values = {"me": me, "units": units, "roles": _roles_to_give(me, units), "unit": request.args.get("unit")}
    return again("staff/people/new.html", problem, **values)


def _roles_to_give(me: Actor, units: list[Unit]) -> list[str]:
    """The roles that the actor may give in at least one of ``units``, lowest first."""
    ways = {(unit.level, unit.path) for unit in units}
    return [role for role in sorted(RANK, key=RANK.get) if any(me.may_give(role, *way) for way in ways)]


@blueprint.get("/people/<person_id>")
def show(person_id: str):
    """One person: roles, and what the reader may do."""
    return _show(person_id)


def _show(person_id: str, problem: Problem | None = None, **values):
    me = actor()
    person = queries.person_for(db.session, me, person_id)
    answers = queries.answers_for(me, person)
    keeps = person.id != me.person_id and any(me.can("keep-people", role.unit.path) for role in person.roles)
    units = queries.units_to_give(db.session, me) if keeps else []
    values |= {
        "roles": queries.roles_in_sight(me, person),
        "endable": {
            role.id
            for role in person.roles
            if keeps and me.may_give(role.role, role.unit.level, role.unit.path)
        },
        "earlier": earlier_names(db.session, person.id),
        "giver": names_of(
            db.session, {by for role in person.roles for by in (role.granted_by, role.ended_by)}
        ),
        "units": units,
        "giveable": _roles_to_give(me, units),
        "devices": queries.devices_of(db.session, person.id) if answers else [],
        "answers": answers,
        "factor": second_factors.of(db.session, person.id) if answers else None,
        "keeps": keeps and answers,
    }
    return again("staff/people/show.html", problem, me=me, person=person, **values)


def _back(person_id: str):
    return redirect(url_for("people.show", person_id=person_id))


@blueprint.post("/people/<person_id>/roles")
@asks_password
def give_role(person_id: str):
    """Give a dated role."""
    return _entered(
        person_id,
        schemas.ROLE,
        lambda form, *who: staff.give_role(*who, person_id, form),
        _("The role is given."),
    )


@blueprint.post("/people/<person_id>/roles/<role_id>/end")
@asks_password
def end_role(person_id: str, role_id: str):
    """Give a role its last day."""
    return _entered(
        person_id,
        schemas.END,
        lambda form, *who: staff.end_role(*who, person_id, role_id, form["last_day"]),
        _("The role's last day is set."),
        ending=role_id,
    )


def _entered(person_id: str, schema, work, said: str, **shown):
    """A form of the person's page; ``shown`` when it is refused."""
    return entered(
        schema, work, said, lambda problem: _refused(person_id, problem, **shown), lambda: _back(person_id)
    )


def _refused(person_id: str, problem: Problem, **values):
    """The person's page again with what is wrong; a person out of sight does not exist."""
    if problem.code == "not-found":
        raise problem
    return _show(person_id, problem, **values)


@blueprint.post("/people/<person_id>/name")
def rename(person_id: str):
    """Correct the name."""
    return _entered(
        person_id,
        schemas.NAME,
        lambda form, *who: operations.rename(*who, person_id, form["name"], form["misspelt"]),
        _("The name is changed."),
    )


@blueprint.post("/people/<person_id>/password")
@asks_password
def reset_password(person_id: str):
    """A temporary password, shown on this answer and never again."""
    word = passwords.temporary()
    hashed = passwords.hashed(word)
    with transaction() as session:
        days = current_app.config["TEMPORARY_DAYS"]
        operations.reset_password(session, actor(), now(), person_id, hashed, days)
    person = queries.person_for(db.session, actor(), person_id)
    return (
        render_template("staff/people/password.html", person=person, password=word),
        200,
        {"Cache-Control": "no-store"},
    )


@blueprint.post("/people/<person_id>/deactivate")
@asks_password
def deactivate(person_id: str):
    """Bar from signing in."""
    with transaction() as session:
        name = operations.deactivate(session, actor(), now(), person_id).name
    flash(_("%(name)s can no longer sign in; all devices are signed out.", name=name), "ok")
    return _back(person_id)


@blueprint.post("/people/<person_id>/reactivate")
@asks_password
def reactivate(person_id: str):
    """Let sign in again."""
    with transaction() as session:
        name = operations.reactivate(session, actor(), person_id).name
    flash(_("%(name)s can sign in again.", name=name), "ok")
    return _back(person_id)
