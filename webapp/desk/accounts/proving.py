"""Asks for the password again before roles, accounts and devices are changed [ASVS 5.0, 7.5.1 and 7.5.2].

A session may be left open on a computer or go with a lost phone: what outlasts it wants the password of the last quarter
of an hour. Who has none yet is asked nothing weaker: a new enrolment code, used within that time, stands in for it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.forms import beside
from webapp.desk.shell import local_path
from webapp.org import sessions
from webapp.org.devices import is_recent
from webapp.org.models import Person
from webapp.org.rules import Actor
from webapp.web.access import actor, login_limit, now
from webapp.web.language import language
from webapp.web.limits import KNOCKING, limiter

blueprint = Blueprint("proving", __name__)
PASSWORD = "present_password"  # noqa: S105  (the name of a form's field)
OWN = ("csrf_token", PASSWORD)


def password_age() -> timedelta:
    """How long a password entry is good."""
    return timedelta(minutes=current_app.config["PASSWORD_AGAIN_MINUTES"])


def is_proved(me: Actor) -> bool:
    """Whether the password, or an enrolment code, was entered in this session not long ago."""
    return is_recent(db.session, me.device_id, now(), password_age())


def asks_password(view: Callable) -> Callable:
    """A page that wants a recent password: else it asks, and goes on with what was typed."""

    @wraps(view)
    def guarded(**values):
        me = actor()
        if not is_proved(me):
            if request.method != "POST" or PASSWORD not in request.form:
                return _ask(me)
            if refused := _prove(me):
                return _ask(me, refused)
        return view(**values)

    guarded.asks_password = True
    return guarded


def _prove(me: Actor) -> Problem | None:
    attempt = sessions.check_password(db.session, me.login, request.form.get(PASSWORD, ""))
    with transaction() as session:
        refused = sessions.prove(session, me, now(), attempt, login_limit())
    if refused and refused.code == "bad-login":
        return Problem("invalid", {PASSWORD: "wrong"})
    return refused


def _ask(me: Actor, problem: Problem | None = None):
    """The page that asks: a form that was sent goes on to where it was sent, with what was typed in it."""
    g.problem = problem  # for whoever records what happened
    if db.session.get(Person, me.person_id).password_hash is None:
        raise Problem("no-password")
    here = request.full_path.rstrip("?")
    sent = request.method == "POST" and request.endpoint != "proving.prove"
    values = {
        "action": here if sent else url_for("proving.prove"),
        "kept": [pair for pair in request.form.items(multi=True) if pair[0] not in OWN] if sent else [],
        "next": None if sent else local_path(request.form.get("next", here)),
        "errors": beside(problem),
        "fault": problem.message(language()) if problem and not problem.fields else None,
    }
    status = problem.entry.status if problem else 403
    return render_template("accounts/login/again.html", me=me, **values), status


@blueprint.post("/account/again")
@limiter.limit(KNOCKING)
def prove():
    """The password again, for a page that was asked for; leads on to it."""
    me = actor()
    if refused := _prove(me):
        return _ask(me, refused)
    return redirect(local_path(request.form.get("next")))
