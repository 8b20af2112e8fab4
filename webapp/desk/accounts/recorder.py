"""Events of security, recorded after each answer: one table says which forms are deeds, and nothing is recorded elsewhere.

A form that is no deed stands in ``NO_DEEDS``; the tests want each form in one of the two.
"""

import logging
import re
from urllib.parse import unquote

from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from webapp.core.database import db
from webapp.core.outages import told
from webapp.core.problems import OutOfSight, Problem
from webapp.desk.accounts.proving import PASSWORD
from webapp.org.events import Event, Recorder
from webapp.org.models import Unit
from webapp.org.queries import by_login
from webapp.org.user_agents import device_name
from webapp.web.access import now

log = logging.getLogger(__name__)

SETTINGS = (
    "robots.add", "robots.remove",
    "calendars.remove_days", "calendars.remove_exception", "calendars.set_days", "calendars.set_exception",
    "editions.enter", "editions.take_back", "second_factor.require", "rulebook.end_override", "rulebook.enter_override", "units.add",
    "units.add_route", "units.change", "units.close", "units.close_route", "units.reopen", "units.reopen_route",
    "units.set_ledger_day", "units.set_operator", "units.set_service", "units.set_setting", "units.walk",
)  # fmt: skip
# Forms that did what they are for: endpoint → kind of event.
DEEDS = {
    "login.sign_in": "sign-in",
    "login.sign_in_code": "sign-in",
    "login.sign_out": "sign-out",
    "login.change_password": "password-changed",
    "people.reset_password": "password-reset",
    "enrolment.issue": "enrolment-issued",
    "units.issue_codes": "enrolment-issued",
    "enrolment.use_link": "enrolment-used",
    "enrolment.use_code": "enrolment-used",
    "devices.revoke": "device-ended",
    "second_factor.set_up": "second-factor",
    "second_factor.renew_codes": "second-factor",
    "second_factor.take_off": "second-factor",
    "people.add": "person",
    "people.rename": "person",
    "people.deactivate": "person",
    "people.reactivate": "person",
    "people.give_role": "role",
    "people.end_role": "role",
    "unit_files.confirm": "import",
    "notice_choices.enter_mail": "told-elsewhere",
    "notice_choices.remove_mail": "told-elsewhere",
    "notice_choices.make_feed": "told-elsewhere",
    "notice_choices.revoke_feed": "told-elsewhere",
    "signing_grants.give": "role",
    "signing_grants.end": "role",
    "rescue.preview": "rescue",
    "rescue.confirm": "rescue",
    **dict.fromkeys(SETTINGS, "settings"),
}
# Forms of the work itself, which the journal keeps, and forms that only show something.
NO_DEEDS = frozenset({
    "attention.confirm", "attention.decide", "attention.refuse", "editions.preview", "find.quick", "find.search",
    "form_batches.start",
    "handovers.save", "inspections.withdraw", "notice_choices.prove_mail", "notice_choices.save", "notice_queue.retry",
    "notices.open_one", "notices.see", "notices.see_all", "robots.test", "list_files.confirm", "manifests.discard", "manifests.empty",
    "case_bulk.save", "case_bulk.undo", "case_orders.add", "case_pages.make", "case_views.delete", "case_views.save", "cases.search",
    "checking.verify", "document_drafts.check", "document_drafts.discard", "document_drafts.keep", "document_drafts.save", "document_pages.correct",
    "document_pages.issue", "document_pages.make", "documents.add", "list_files.preview", "manifests.reveal", "manifests.seal", "manifests.void",
    "morning.press_unit", "people.search", "photos.PhotoFile", "plan_forms.add", "plan_forms.cancel", "plan_forms.join", "plan_forms.leave",
    "plan_forms.save", "plan_forms.summarise", "point_files.confirm", "point_files.preview", "point_forms.add", "point_forms.save", "proving.prove",
    "signing.consent", "signing.dispute", "signing.rule", "signing.sign",
    "points.close", "points.confirm", "points.reopen", "points.search", "push.Push", "reviews.sign",
    "shell.switch_language",
    "unit_files.preview", "volumes.save", "watch.draw",
})  # fmt: skip
# Problems that are events, whatever the form.
PROBLEMS = {
    "bad-login": "sign-in-failed",
    "bad-second-code": "sign-in-failed",
    "temporary-expired": "sign-in-failed",
    "locked-out": "locked-out",
    "bad-code": "enrolment-failed",
    **dict.fromkeys(("form-expired", "wrong-origin", "too-many-requests", "other-person"), "refused"),
}
_NAME = re.compile(r"filename\*=UTF-8''([^;]+)")


def init_events(app: Flask) -> None:
    """Record what happens; call it before the extensions whose answers are recorded, too."""
    app.extensions["events"] = Recorder(app.config["EVENTS_DIRECTORY"])
    app.before_request(_leaving)
    app.after_request(_record)


def concerns(person_id: str) -> None:
    """Note whom the form that is being answered is about, where its address does not say it."""
    g.concerned = person_id


def _leaving() -> None:
    """Who signs out is known only before."""
    if request.endpoint == "login.sign_out" and current_user.is_authenticated:
        g.leaving = current_user.id


def _record(response: Response) -> Response:
    """The answer leaves in any case."""
    try:
        if kind := _kind(response):
            current_app.extensions["events"].record(_event(kind, response))
    except Exception as error:
        log.error("an event is not recorded: %s", told(error))
    return response


def _kind(response: Response) -> str | None:
    endpoint, status, problem = request.endpoint, response.status_code, g.get("problem")
    if status >= 400:
        return _failed(status, problem)
    if request.method == "GET":
        said = response.headers.get("Content-Disposition", "")
        return "export" if status == 200 and said.startswith("attachment") else None
    if endpoint in ("enrolment.use_link", "enrolment.use_code") and status == 200:
        return None  # it asks first whether that is the right person
    if endpoint == "login.sign_out" and "leaving" not in g:
        return None
    if endpoint == "login.sign_in" and not current_user.is_authenticated:
        return None  # the second factor is still to come
    if endpoint == "second_factor.set_up" and status != 200:
        return None  # it begins anew
    return DEEDS.get(endpoint) if request.method == "POST" else None


def _failed(status: int, problem: Problem | None) -> str | None:
    if problem is None:
        return None
    if isinstance(problem, OutOfSight) or status == 403:
        return "refused"
    if "wrong" in (problem.fields.get("current"), problem.fields.get(PASSWORD)):
        return "sign-in-failed"
    return PROBLEMS.get(problem.code)


def _event(kind: str, response: Response) -> Event:
    return Event(
        now(),
        kind,
        g.get("leaving")
        or (current_user.id if not g.get("failed") and current_user.is_authenticated else None),
        _concerned(kind),
        _unit(),
        _what(kind, response),
        request.remote_addr,
        device_name(request.user_agent.string),
    )


def _concerned(kind: str) -> str | None:
    """Whom it is about. A login that is nobody's is not kept: it may be a password typed into the wrong field."""
    if kind == "refused":
        return getattr(g.get("problem"), "person", None)
    if kind in ("sign-in-failed", "locked-out") and request.endpoint == "login.sign_in":
        person = by_login(db.session, request.form.get("login", ""))
        return person.id if person else None
    return g.get("concerned") or (request.view_args or {}).get("person_id")


def _unit() -> str | None:
    """The unit that the request names, if there is one: no other word of a request is kept."""
    if problem := g.get("problem"):
        return getattr(problem, "unit", None)
    if not current_user.is_authenticated:
        return None
    code = (request.view_args or {}).get("code") or request.values.get("unit") or request.form.get("code")
    if not code or len(code) > 20 or not code.isprintable():
        return None
    return code if db.session.get(Unit, code) else None


def _what(kind: str, response: Response) -> str | None:
    if kind == "refused":
        rule = request.url_rule.rule if request.url_rule else "?"
        return f"{g.problem.code} {request.method} {rule}"
    if kind == "export":
        found = _NAME.search(response.headers["Content-Disposition"])
        return unquote(found[1]) if found else None
    if request.endpoint == "people.give_role" or request.endpoint == "people.add":
        return request.form.get("role", "")[:20]
    if kind in ("person", "role", "settings", "rescue", "second-factor", "told-elsewhere"):
        return request.endpoint
    return None
