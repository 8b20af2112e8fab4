"""Pages of enrolment: a superior issues a link, QR and code; the phone shows whose it is, then uses it up."""

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.core.spelling import spelt_code
from webapp.desk.accounts.login import begin
from webapp.desk.accounts.proving import asks_password
from webapp.desk.forms import again
from webapp.formats import qr
from webapp.org import operations, passwords, queries, sessions
from webapp.org.models import Person
from webapp.org.user_agents import is_in_app
from webapp.web.access import actor, caller, now
from webapp.web.limits import KNOCKING, limiter

blueprint = Blueprint("enrolment", __name__)


@blueprint.post("/people/<person_id>/enrolment")
@asks_password
def issue(person_id: str):
    """A link with its QR, and a code: shown on this answer and never again."""
    me = actor()
    with transaction() as session:
        issued = operations.issue_enrolment(
            session, me, now(), person_id, current_app.config["ENROLMENT_HOURS"]
        )
    link = url_for("enrolment.show_link", token=issued.token, _external=True)
    person = queries.person_for(db.session, me, person_id)
    values = {
        "person": person,
        "issued": issued,
        "link": link,
        "picture": qr.svg(link, _("QR code of the link")),
    }
    return render_template("accounts/enrolment/issued.html", **values), 200, {"Cache-Control": "no-store"}


@blueprint.get("/enrol/<token>")
def show_link(token: str):
    """Whose phone this will be. Looking changes nothing: link previews open links too."""
    return _confirm(token, "token")


@blueprint.post("/enrol/<token>")
@limiter.limit(KNOCKING)
def use_link(token: str):
    """Use the link up: sign its person in on this device."""
    return _use(token, "token")


@blueprint.get("/enrol")
def ask():
    """The field for the 8-character code: works inside the installed app, where a link opens elsewhere."""
    return again("accounts/enrolment/code.html")


@blueprint.post("/enrol")
@limiter.limit(KNOCKING)
def use_code():
    """The first time the code shows whose phone this will be, the second time, confirmed, it is used up."""
    code = spelt_code(request.form.get("code", ""))
    return _use(code, "code") if request.form.get("confirm") else _confirm(code, "code")


def _confirm(secret: str, column: str, problem: Problem | None = None):
    try:
        person = db.session.get(Person, queries.enrolment_by(db.session, now(), secret, column).person_id)
    except Problem as missing:
        return _missing(missing, column)
    values = {
        "person": person,
        "in_app": is_in_app(request.user_agent.string),
        "code": secret if column == "code" else None,
    }
    page, status = again("accounts/enrolment/confirm.html", problem, **values)
    return page, status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def _missing(problem: Problem, column: str):
    """A wrong code is typed again beside its field; a dead link is a page of its own."""
    if column == "token":
        raise problem
    return again("accounts/enrolment/code.html", problem)


def _use(secret: str, column: str):
    asking = caller()
    try:
        queries.enrolment_by(
            db.session, now(), secret, column
        )  # before the slow hash, and before complaining of it
        hashed = _chosen_password(secret, column)
        with transaction() as session:
            signed = sessions.consume_enrolment(session, now(), secret, column, hashed, asking)
    except Problem as problem:
        return _missing(problem, column) if problem.code == "bad-code" else _confirm(secret, column, problem)
    return begin(signed)


def _chosen_password(secret: str, column: str) -> str | None:
    """The hash of the password that the person chose here, None if none was typed."""
    new, repeat = request.form.get("password", ""), request.form.get("repeat", "")
    if not new and not repeat:
        return None
    if new != repeat:
        raise Problem("invalid", {"repeat": "differs"})
    person = db.session.get(Person, queries.enrolment_by(db.session, now(), secret, column).person_id)
    return passwords.hashed(new, person.login, person.name)
