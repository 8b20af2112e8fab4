"""Pages of signing in and out, and of the own account. Wires Flask-Login: a session is a device and its token."""

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session as cookie,
    url_for,
)
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from webapp.core.clock import local_date
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk import searches
from webapp.desk.access import actor, now
from webapp.desk.forms import again
from webapp.desk.limits import KNOCKING, limiter
from webapp.desk.shell import local_path
from webapp.org import passwords, sessions
from webapp.org.models import Person
from webapp.org.queries import actor_of, person_of_device
from webapp.org.rules import DEPARTMENT_ROLES
from webapp.org.user_agents import is_in_app, is_phone

blueprint = Blueprint("login", __name__)
manager = LoginManager()
# Bound to the browser's version it would end every session at the browser's next update.
manager.session_protection = None


def init_login(app: Flask) -> None:
    """Attach Flask-Login and the limit on knocking."""
    manager.init_app(app)
    limiter.init_app(app)


@manager.user_loader
def load(session_id: str) -> Person | None:
    """The person of the cookie's ``<device id>.<token>``, noted on the person for Flask-Login."""
    device_id, _dot, token = session_id.partition(".")
    person = person_of_device(db.session, device_id, token)
    if person is not None:
        person.session_id = session_id
    return person


def begin(signed: sessions.SignIn, target: str | None = None):
    """Put a new session into the cookie and lead on; call it after the commit."""
    cookie.clear()  # nothing of the browser's session before goes on
    cookie.permanent = True
    person = signed.person
    person.session_id = signed.cookie
    login_user(person)
    # Now, not with the first form: the answer to a phone's request under way would put an older cookie in its place.
    generate_csrf()
    return redirect(_onward(person, target))


def _onward(person: Person, target: str | None) -> str:
    """Where a session begins: the page asked for, the field app on a phone, else the own first page."""
    if person.temporary:
        return url_for("login.account")
    if target and local_path(target) != "/":
        return local_path(target)
    # Not `actor()`: it may have been asked before, when somebody else was signed in.
    roles = {grant.role for grant in actor_of(db.session, person, local_date(now())).current}
    return "/app/" if is_phone(agent()) and roles & DEPARTMENT_ROLES else "/"


def agent() -> str:
    """What the browser says of itself."""
    return request.user_agent.string


def limit() -> sessions.LoginLimit:
    """The settings about wrong passwords."""
    return sessions.LoginLimit(
        current_app.config["LOGIN_FAILURES"], current_app.config["LOGIN_PAUSE_MINUTES"]
    )


def own_device() -> str | None:
    """The device whose session this browser's cookie carries, if it is a valid one."""
    return current_user.session_id.partition(".")[0] if current_user.is_authenticated else None


@blueprint.get("/login")
def show():
    """The form; whoever is signed in already is led on."""
    if current_user.is_authenticated:
        return redirect(_onward(current_user, request.args.get("next")))
    return _form()


@blueprint.post("/login")
@limiter.limit(KNOCKING)
def sign_in():
    """A name and a password."""
    attempt = sessions.check_password(
        db.session, request.form.get("login", ""), request.form.get("password", "")
    )
    before = own_device()
    with transaction() as session:
        outcome = sessions.sign_in(session, now(), attempt, agent(), limit(), before)
    if isinstance(outcome, Problem):
        return _form(outcome)
    return begin(outcome, request.values.get("next"))


def _form(problem: Problem | None = None):
    target = local_path(request.values.get("next"))
    return again("login/login.html", problem, next=target, in_app=is_in_app(agent()))


@blueprint.get("/logout")
def leave():
    """Asks before it ends the session: a link must not sign anybody out."""
    return render_template("login/logout.html", me=actor())


@blueprint.post("/logout")
def sign_out():
    """Ends the session of this device."""
    device = own_device()
    with transaction() as session:
        sessions.sign_out(session, now(), device)
    logout_user()
    cookie.clear()
    flash(_("You are signed out. What is on this phone stays on it."), "ok")
    response = redirect(url_for("login.show", out=1))
    searches.forget(response)
    if not is_phone(agent()):
        response.headers["Clear-Site-Data"] = '"cache"'  # never "storage": a queue may wait in this browser
    return response


@blueprint.get("/account")
def account():
    """The own name, roles, password and language."""
    return _account()


@blueprint.post("/account")
@limiter.limit(KNOCKING)
def change_password():
    """A new password of one's own; all other devices are signed out."""
    try:
        _change(
            request.form.get("current", ""), request.form.get("password", ""), request.form.get("repeat", "")
        )
    except Problem as problem:
        return _account(problem)
    flash(_("The password is changed; your other devices are signed out."), "ok")
    return redirect(url_for("login.account"))


def _change(current: str, new: str, repeat: str) -> None:
    me = actor()
    if new != repeat:
        raise Problem("invalid", {"repeat": "differs"})
    hashed = passwords.hashed(new, me.login, me.name)
    attempt = sessions.check_password(db.session, me.login, current)
    with transaction() as session:
        refused = sessions.change_password(session, me, now(), attempt, hashed, limit())
    if refused:
        raise Problem("invalid", {"current": "wrong"}) if refused.code == "bad-login" else refused


def _account(problem: Problem | None = None):
    me = actor()
    person = db.session.get(Person, me.person_id)
    return again("login/account.html", problem, me=me, person=person)


@blueprint.before_app_request
def change_first():
    """Whoever was given a temporary password chooses an own one before anything else at the desk."""
    if request.blueprint in (None, "login", "shell", "enrolment") or request.path.startswith("/api/"):
        return None
    if current_user.is_authenticated and current_user.temporary:
        return redirect(url_for("login.account"))
    return None
