"""The page of events: sign-ins, refused access, roles, exports and settings of the reader's people and units."""

from datetime import date

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import lazy_gettext as _

from webapp.core.database import db
from webapp.core.ids import is_id
from webapp.core.problems import CATALOGUE, Problem
from webapp.org import queries
from webapp.org.events import Event, Filter, page
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.web import labels
from webapp.web.access import actor
from webapp.web.language import language

blueprint = Blueprint("events", __name__)

KINDS = {
    "sign-in": _("Signed in"),
    "sign-out": _("Signed out"),
    "sign-in-failed": _("Wrong password"),
    "locked-out": _("Locked out"),
    "enrolment-issued": _("Enrolment issued"),
    "enrolment-used": _("Phone enrolled"),
    "enrolment-failed": _("Wrong enrolment code"),
    "password-changed": _("Password changed"),
    "password-reset": _("Password reset"),
    "second-factor": _("Second factor"),
    "device-ended": _("Device signed out"),
    "told-elsewhere": _("Mail address or calendar"),
    "person": _("Account changed"),
    "role": _("Role changed"),
    "import": _("Units or staff imported"),
    "settings": _("Settings changed"),
    "export": _("File downloaded"),
    "rescue": _("Phone’s queue brought"),
    "refused": _("Access refused"),
    "flood": _("Too many to list"),
}
ICONS = {
    "sign-in": "account", "sign-out": "out", "sign-in-failed": "cross", "locked-out": "revoke", "refused": "revoke",
    "export": "download", "enrolment-used": "phone", "enrolment-issued": "phone", "enrolment-failed": "cross",
    "flood": "conflict", "role": "people", "person": "people", "rescue": "file", "import": "upload",
}  # fmt: skip
WORRYING = frozenset({"sign-in-failed", "locked-out", "enrolment-failed", "refused", "flood"})
# Of an event's ``what`` the codes; anything else is shown as it is: the name of a file, an address.
WHAT = {
    "people.rename": _("Renamed"),
    "people.deactivate": _("Deactivated"),
    "people.reactivate": _("Reactivated"),
    "people.end_role": _("Role ended"),
    "second_factor.set_up": _("Set up"),
    "second_factor.renew_codes": _("New recovery codes"),
    "second_factor.take_off": _("Removed"),
    "second_factor.require": _("Whether it is asked for"),
    "rescue.preview": _("Looked at"),
    "rescue.confirm": _("Imported"),
    "notice_choices.enter_mail": _("Mail address entered"),
    "notice_choices.remove_mail": _("Mail address removed"),
    "notice_choices.make_feed": _("Calendar address made"),
    "notice_choices.revoke_feed": _("Calendar address revoked"),
    "robots.add": _("Group robot entered"),
    "robots.remove": _("Group robot removed"),
    "calendars.set_days": _("Delivery days"),
    "calendars.remove_days": _("Delivery days taken back"),
    "calendars.set_exception": _("Day that differs"),
    "calendars.remove_exception": _("Day that differs taken back"),
    "editions.enter": _("Edition entered"),
    "editions.take_back": _("Edition taken back"),
    "rulebook.enter_override": _("Stricter rule"),
    "rulebook.end_override": _("Stricter rule ended"),
    "units.add": _("Unit opened"),
    "units.change": _("Unit changed"),
    "units.close": _("Unit closed"),
    "units.reopen": _("Unit reopened"),
    "units.set_setting": _("City or rural"),
    "units.set_service": _("Services"),
    "units.set_operator": _("Who runs it"),
    "units.set_ledger_day": _("First day of the ledger"),
    "units.add_route": _("Route opened"),
    "units.walk": _("Route given"),
    "units.close_route": _("Route closed"),
    "units.reopen_route": _("Route reopened"),
}


@blueprint.get("/events")
def index():
    """``?kind=&person=&until=&after=``: the latest first; ``after`` is where the page before ended."""
    me = actor()
    if not me.reach("see-events"):
        raise Problem("forbidden")
    wanted = _wanted()
    after = request.args.get("after", "")
    found, onward = page(db.session, me, current_app.config["EVENTS_DIRECTORY"], wanted, after)
    people = {one for event in found for one in (event.person, event.about)} | {wanted.person}
    kept = {
        "kind": wanted.kind,
        "person": wanted.person,
        "until": wanted.until.isoformat() if wanted.until else None,
    }
    return render_template(
        "accounts/events.html", events=found, wanted=wanted, kinds=KINDS, icons=ICONS, worrying=WORRYING,
        names=names_of(db.session, people), units=_units(found), kept=kept, after=after,
        onward=url_for("events.index", **kept, after=onward) if onward else None,
        days=current_app.config["EVENTS_DAYS"],
    )  # fmt: skip


def _wanted() -> Filter:
    """The filter of the address; what is no kind, person in sight or day is left out."""
    kind, person = request.args.get("kind"), request.args.get("person", "")
    try:
        until = date.fromisoformat(request.args.get("until", ""))
    except ValueError:
        until = None
    if is_id(person):
        person = queries.person_for(db.session, actor(), person).id
    return Filter(kind if kind in KINDS else None, person if is_id(person) else None, until)


def _units(found: list[Event]) -> dict[str, str]:
    return {
        code: unit.name
        for code in {event.unit for event in found}
        if (unit := db.session.get(Unit, code or ""))
    }


@blueprint.app_template_filter("deed")
def deed(event: Event) -> str:
    """What was done, in words where there are some."""
    what = event.what or ""
    code, _space, address = what.partition(" ")
    if event.kind == "refused" and code in CATALOGUE:
        return f"{Problem(code).message(language())} {address}"
    return str(WHAT.get(what) or labels.ROLES.get(what) or what)
