"""Pages of units: what lies below one, and one unit with what it is and was, its life, its routes and who walks them."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.accounts.proving import asks_password
from webapp.desk.forms import again, entered
from webapp.desk.unit_and_day import ladder
from webapp.formats import qr
from webapp.org import dated_attributes, operations, queries, schemas, units as org
from webapp.org.models import Device, Person, Role, Route, RouteCarrier, Unit
from webapp.org.names import name_on
from webapp.org.rules import CARRIER, ROLE_GRACE, Actor
from webapp.org.services import DELIVERY, SERVICES, Span, operator_on, services_on
from webapp.recording.changes import units
from webapp.registers.models import RelayPoint
from webapp.web import labels
from webapp.web.access import actor, now

blueprint = Blueprint("units", __name__)
DAY = timedelta(days=1)
MOST_CODES = 60  # on one sheet: each is a secret to hand over in person


@dataclass(frozen=True)
class Walk:
    """A route and who walks it, the latest first: (first day, name or None)."""

    route: Route
    walks: list[tuple[date, str | None]]


@blueprint.get("/units")
def index():
    """``?unit=``: the units directly below one that the actor keeps, the first of them without it."""
    me = actor()
    return _index(me, _chosen(me))


def _chosen(me: Actor) -> Unit:
    if code := request.args.get("unit"):
        return queries.unit_for(db.session, me, code, "keep-units")
    reach = me.reach("keep-units")
    if not reach:
        raise Problem("forbidden")
    return queries.below(db.session, reach[:1])[0]


def _index(me: Actor, unit: Unit, problem: Problem | None = None):
    above, _children = ladder(me, unit, "keep-units", "units.index")
    query = select(Unit).where(Unit.parent_code == unit.code).order_by(Unit.code)
    rows = list(db.session.scalars(query))
    values = {"unit": unit, "trail": above, "rows": rows, **_offered(rows, me.today)}
    # What a new department offers, as it is proposed: nobody opens one without saying it.
    values["ticked"] = request.form.getlist("services") if problem else [unit.bureau or DELIVERY]
    values |= {"people": _holders(unit), "routes": _route_counts(unit), "reveals": labels.REVEALS}
    values |= {"may_open": unit.level != "department", "back": ROLE_GRACE.days}
    values["below"] = org.LEVELS[min(org.LEVELS.index(unit.level) + 1, 3)]
    return again("staff/units/index.html", problem, me=me, **values)


def _offered(rows: list[Unit], today: date) -> dict[str, dict]:
    """By unit the services of today, of one yet to open those of its first day, and who runs it."""
    codes = [row.code for row in rows]
    services, operators = queries.services_of(db.session, codes), queries.operators_of(db.session, codes)
    days = {row.code: max(today, row.opened_on) for row in rows}
    offered = {code: services_on(services.get(code, []), day) for code, day in days.items()}
    return {
        "offered": {code: [one for one in SERVICES if one in held] for code, held in offered.items()},
        "operators": {code: operator_on(operators.get(code, []), day) for code, day in days.items()},
    }


def _holders(unit: Unit) -> dict[str, int]:
    """How many people hold a role today, by unit directly below."""
    today = actor().today
    query = select(Role.unit_code, func.count(Role.person_id.distinct())).join(
        Unit, Unit.code == Role.unit_code
    )
    query = query.where(Unit.parent_code == unit.code, Role.first_day <= today)
    query = query.where(or_(Role.last_day.is_(None), Role.last_day >= today))
    return dict(db.session.execute(query.group_by(Role.unit_code)).all())


def _route_counts(unit: Unit) -> dict[str, int]:
    query = select(Route.unit_code, func.count()).join(Unit, Unit.code == Route.unit_code)
    query = query.where(Unit.parent_code == unit.code, Route.closed_on.is_(None))
    return dict(db.session.execute(query.group_by(Route.unit_code)).all())


@blueprint.post("/units")
def add():
    """``?unit=``: open a unit below it."""
    me = actor()
    above = _chosen(me)
    try:
        typed = {**request.form.to_dict(), "parent": above.code} | _ticked()
        form = schemas.read(org.UNIT, typed)
        with transaction() as session:
            code = units.add(session, me, now(), form).code
    except Problem as problem:
        return _index(me, queries.unit_for(db.session, me, above.code), problem)
    flash(_("%(name)s is opened.", name=form["name"]), "ok")
    return _back(code)


def _ticked() -> dict[str, str]:
    """The services that are ticked; where the page asks for them, at least one has to be."""
    ticked = [one for one in request.form.getlist("services") if one]
    if "services" in request.form and not ticked:
        raise Problem("invalid", {"services": "empty"})
    return {"services": ",".join(ticked)}


def _back(code: str):
    return redirect(url_for("units.show", code=code))


# ---------------------------------------------------------------- one unit


@blueprint.get("/units/<code>")
def show(code: str):
    """One unit: what it is and was, its routes, and what a change would mean."""
    return _show(actor(), code)


def _show(me: Actor, code: str, problem: Problem | None = None, doing: str = ""):
    unit = queries.unit_for(db.session, me, code, "keep-units")
    above, _children = ladder(me, unit, "keep-units", "units.index")
    settings = queries.settings_of(db.session, [unit.code]).get(unit.code)
    values = {"unit": unit, "trail": above, "routes": _routes(unit), "carriers": _carriers(unit, me.today)}
    values["settings"] = list(reversed(settings or [(unit.opened_on, unit.setting)]))
    values |= _dated(unit)
    values["earliest"] = max(me.today - ROLE_GRACE, unit.opened_on)
    values |= {"reveals": labels.REVEALS, "keeps": org.keeps(me, unit.path), "doing": doing}
    values |= {"left": _left(unit, me.today), "uncoded": len(_without_account(me, unit))}
    values["shut"] = bool(unit.closed_on and unit.closed_on <= me.today)
    values["last_day"] = unit.closed_on - DAY if unit.closed_on else None
    return again("staff/units/show.html", problem, me=me, **values)


def _dated(unit: Unit) -> dict[str, object]:
    """Which services it has, then which it had, the latest first; and who runs and ran it."""
    spans: list[Span] = queries.services_of(db.session, [unit.code]).get(unit.code, [])
    operators = queries.operators_of(db.session, [unit.code]).get(unit.code, [])
    return {
        "spans": sorted(spans, key=lambda span: (span[2] is None, span[1]), reverse=True),
        "operators": list(reversed(operators)),
    }


def _routes(unit: Unit) -> list[Walk]:
    routes = db.session.scalars(select(Route).where(Route.unit_code == unit.code).order_by(Route.code)).all()
    query = (
        select(RouteCarrier.route_id, RouteCarrier.first_day, name_on(RouteCarrier.first_day))
        .outerjoin(Person, Person.id == RouteCarrier.person_id)
        .where(RouteCarrier.route_id.in_([route.id for route in routes]))
        .order_by(RouteCarrier.first_day.desc())
    )
    walks: dict[str, list] = {}
    for route, first, name in db.session.execute(query):
        walks.setdefault(route, []).append((first, name))
    return [Walk(route, walks.get(route.id, [])) for route in routes]


def _carriers(unit: Unit, today: date) -> list[tuple[str, str]]:
    """(login, name) of the department's carriers of today."""
    query = select(Person.login, Person.name).join(Role, Role.person_id == Person.id)
    query = query.where(Role.unit_code == unit.code, Role.role == CARRIER, Role.first_day <= today)
    query = query.where(or_(Role.last_day.is_(None), Role.last_day >= today)).distinct()
    return [(login, f"{name} {login}") for login, name in db.session.execute(query.order_by(Person.login))]


def _left(unit: Unit, today: date) -> dict[str, int]:
    """What a closing would leave behind: open roles, routes and relay points."""
    roles = select(func.count()).where(Role.unit_code == unit.code, Role.first_day <= today)
    roles = roles.where(or_(Role.last_day.is_(None), Role.last_day >= today))
    routes = select(func.count()).where(Route.unit_code == unit.code, Route.closed_on.is_(None))
    points = select(func.count()).where(RelayPoint.unit_code == unit.code)
    points = points.where(or_(RelayPoint.closed_on.is_(None), RelayPoint.closed_on > today))
    asked = {"roles": roles.select_from(Role), "routes": routes.select_from(Route)}
    asked["points"] = points.select_from(RelayPoint)
    return {name: db.session.scalar(query) for name, query in asked.items()}


def _entered(code: str, doing: str, schema, work, said: str):
    """A form of the unit's page; ``doing`` names the one that is shown open when it is refused."""
    return entered(schema, work, said, lambda problem: _refused(code, problem, doing), lambda: _back(code))


def _refused(code: str, problem: Problem, doing: str):
    """The unit's page again with what is wrong; a unit out of sight does not exist."""
    if problem.code in ("not-found", "forbidden"):
        raise problem
    return _show(actor(), code, problem, doing)


@blueprint.post("/units/<code>/details")
def change(code: str):
    """The name, when draws are shown, and of a county-level unit the bureau."""
    return _entered(
        code,
        "details",
        org.DETAILS,
        lambda form, *who: units.change(*who, code, form),
        _("The unit is changed."),
    )


@blueprint.post("/units/<code>/setting")
def set_setting(code: str):
    """City or rural from a day on; the ledger from then on is counted anew."""
    return _entered(
        code,
        "setting",
        org.SETTING,
        lambda form, *who: units.set_setting(*who, code, form),
        _("The setting holds from that day; the ledger is counted anew."),
    )


@blueprint.post("/units/<code>/services")
def set_service(code: str):
    """A department has a service from a day on, or no longer; the ledger from then on is counted anew."""
    return _entered(
        code,
        "service",
        dated_attributes.SERVICE,
        lambda form, *who: units.set_service(*who, code, form),
        _("The service is set from that day on; the ledger is counted anew."),
    )


@blueprint.post("/units/<code>/operator")
def set_operator(code: str):
    """Who runs a department from a day on."""
    return _entered(
        code,
        "operator",
        dated_attributes.OPERATOR,
        lambda form, *who: units.set_operator(*who, code, form),
        _("Who runs it is set from that day on."),
    )


@blueprint.post("/units/<code>/ledger")
def set_ledger_day(code: str):
    """The first day of the unit's ledger, above departments that of its own duties; what lies before is not owed."""
    return _entered(
        code,
        "ledger",
        org.LEDGER,
        lambda form, *who: units.set_ledger_day(*who, code, form["ledger_from"]),
        _("The ledger begins on that day; it is counted anew."),
    )


@blueprint.post("/units/<code>/close")
def close(code: str):
    """The last day of a unit."""
    return _entered(
        code,
        "close",
        schemas.END,
        lambda form, *who: units.close(*who, code, form["last_day"]),
        _("The last day is set; the ledger is counted anew."),
    )


@blueprint.post("/units/<code>/reopen")
def reopen(code: str):
    """A closed unit works again from a day on, or its closing ahead is taken back."""
    return _entered(
        code,
        "reopen",
        org.REOPEN,
        lambda form, *who: units.reopen(*who, code, form["first_day"]),
        _("The unit is open again; the ledger is counted anew."),
    )


# ---------------------------------------------------------------- routes


@blueprint.post("/units/<code>/routes")
def add_route(code: str):
    """A new route, with who walks it if that is said."""
    return _entered(
        code,
        "route",
        org.ROUTE,
        lambda form, *who: units.add_route(*who, code, form),
        _("The route is entered."),
    )


@blueprint.post("/units/<code>/routes/<route_id>/carrier")
def walk(code: str, route_id: str):
    """Who walks a route from a day on."""
    return _entered(
        code,
        route_id,
        org.WALK,
        lambda form, *who: units.walk(*who, code, route_id, form),
        _("The carrier of the route is set."),
    )


@blueprint.post("/units/<code>/routes/<route_id>/close")
def close_route(code: str, route_id: str):
    """A route that is walked no more."""
    with transaction() as session:
        units.close_route(session, actor(), now(), code, route_id)
    flash(_("The route is closed."), "ok")
    return _back(code)


@blueprint.post("/units/<code>/routes/<route_id>/reopen")
def reopen_route(code: str, route_id: str):
    """A closed route is walked again from a day on."""
    return _entered(
        code,
        route_id,
        org.WALK,
        lambda form, *who: units.reopen_route(*who, code, route_id, form),
        _("The route is open again."),
    )


# ---------------------------------------------------------------- a sheet with everybody's code


def _without_account(me: Actor, unit: Unit) -> list[Person]:
    """Active people at or below the unit who never signed in and for whom the actor answers, by login."""
    found = queries.people_in(db.session, me, unit.path)
    waiting = [one for one in found if one.password_hash is None and queries.answers_for(me, one)]
    ids = [one.id for one in waiting]
    known = set(db.session.scalars(select(Device.person_id).where(Device.person_id.in_(ids))))
    return [one for one in waiting if one.id not in known][:MOST_CODES]


@blueprint.post("/units/<code>/enrolments")
@asks_password
def issue_codes(code: str):
    """A sheet to print and cut: a QR and a code for everybody who has never signed in, shown on this answer only."""
    me = actor()
    unit = queries.unit_for(db.session, me, code, "keep-units")
    hours = current_app.config["ENROLMENT_HOURS"]
    with transaction() as session:
        people = [person.id for person in _without_account(me, unit)]
        issued = [operations.issue_enrolment(session, me, now(), person, hours) for person in people]
    links = [url_for("enrolment.show_link", token=one.token, _external=True) for one in issued]
    cards = [
        (one, link, qr.svg(link, _("QR code of the link"))) for one, link in zip(issued, links, strict=True)
    ]
    page = render_template("staff/units/codes.html", unit=unit, cards=cards)
    return page, 200, {"Cache-Control": "no-store"}
