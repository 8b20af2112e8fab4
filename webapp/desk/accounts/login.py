"""Pages of signing in and out, and of the own account. Wires Flask-Login: a session is a device and its token."""

from datetime import UTC, datetime, timedelta

from flask import (
    Blueprint,
    Flask,
    Response,
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
from webapp.desk.accounts.proving import is_proved, password_age
from webapp.desk.accounts.recorder import concerns
from webapp.desk.forms import again
from webapp.desk.shell import local_path
from webapp.org import passwords, second_factors, sessions
from webapp.org.devices import Lifetimes, session_of
from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.org.rules import DEPARTMENT_ROLES
from webapp.org.user_agents import is_in_app, is_phone
from webapp.web import cookies
from webapp.web.access import actor, caller, login_limit, now, own_device
from webapp.web.language import COOKIE_SECONDS
from webapp.web.limits import KNOCKING, init_limits, limiter

blueprint = Blueprint("login", __name__)
USED = "used"  # in the cookie: when the session was last used, in seconds
HALF, HALF_SECONDS = "half", 300  # in the cookie: who has given the password, and still owes the code
manager = LoginManager()
# Bound to the browser's version it would end every session at the browser's next update.
manager.session_protection = None


def init_login(app: Flask) -> None:
    """Attach Flask-Login and the limit on knocking."""
    manager.init_app(app)
    init_limits(app)


@manager.user_loader
def load(session_id: str) -> Person | None:
    """The person of the cookie's ``<device id>.<token>``, noted on the person for Flask-Login."""
    device_id, _dot, token = session_id.partition(".")
    person = session_of(db.session, device_id, token, now(), _used_at(), _lifetimes())
    if person is not None:
        person.session_id = session_id
        cookie[USED] = int(now().timestamp())
    return person


def _used_at() -> datetime | None:
    """When this session was last used: noted in the signed cookie, so that looking at a page writes nothing."""
    return datetime.fromtimestamp(cookie[USED], UTC) if USED in cookie else None


def _lifetimes() -> Lifetimes:
    config = current_app.config
    idle, office = timedelta(hours=config["OFFICE_IDLE_HOURS"]), timedelta(days=config["OFFICE_DAYS"])
    return Lifetimes(idle, office, timedelta(days=config["FIELD_DAYS"]))


def begin(signed: sessions.SignIn, target: str | None = None):
    """Put a new session into the cookie and lead on; call it after the commit."""
    cookie.clear()  # nothing of the browser's session before goes on
    cookie.permanent = True
    cookie[USED] = int(now().timestamp())
    person = signed.person
    person.session_id = signed.cookie
    login_user(person)
    # Now, not with the first form: the answer to a phone's request under way would put an older cookie in its place.
    generate_csrf()
    return _known(redirect(_onward(person, target)), signed.browser)


def _known(response: Response, browser: str) -> Response:
    """Let the browser be known again after signing out: a person's own device is locked out by nobody else."""
    cookies.put(response, current_app.config["KNOWN_COOKIE_NAME"], browser, COOKIE_SECONDS)
    return response


def _onward(person: Person, target: str | None) -> str:
    """Where a session begins: the page asked for, the field app on a phone, else the own first page."""
    if person.temporary:
        return url_for("login.account")
    if target and local_path(target) != "/":
        return local_path(target)
    # Not `actor()`: it may have been asked before, when somebody else was signed in.
    roles = {grant.role for grant in actor_of(db.session, person, local_date(now())).current}
    return "/app/" if is_phone(request.user_agent.string) and roles & DEPARTMENT_ROLES else "/"


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
    asking = caller()
    with transaction() as session:
        outcome = sessions.sign_in(session, now(), attempt, asking, login_limit())
    if isinstance(outcome, Problem):
        return _form(outcome)
    if isinstance(outcome, sessions.HalfWay):
        cookie[HALF] = [outcome.person_id, outcome.proof, now().timestamp(), request.values.get("next")]
        return redirect(url_for("login.show_code"))
    return begin(outcome, request.values.get("next"))


def _form(problem: Problem | None = None):
    target = local_path(request.values.get("next"))
    return again(
        "accounts/login/login.html", problem, next=target, in_app=is_in_app(request.user_agent.string)
    )


# ---------------------------------------------------------------- the second factor


@blueprint.get("/login/code")
def show_code():
    """Asks for the code; only after the password."""
    _half_way()
    return again("accounts/login/code.html")


@blueprint.post("/login/code")
@limiter.limit(KNOCKING)
def sign_in_code():
    """A code of the second factor, or a recovery code."""
    half, target = _half_way()
    concerns(half.person_id)
    asking, key = caller(), current_app.config["SECRET_KEY"]
    with transaction() as session:
        outcome = sessions.finish_sign_in(
            session, now(), half, request.form.get("code", ""), key, asking, login_limit()
        )
    if isinstance(outcome, Problem):
        if outcome.code == "sign-in":
            raise outcome
        return again("accounts/login/code.html", outcome)
    return begin(outcome, target)


def _half_way() -> tuple[sessions.HalfWay, str | None]:
    """Who has given the password within the last minutes in this browser, and where to go; else ``sign-in``."""
    person_id, proof, at, target = cookie.get(HALF) or (None, None, 0, None)
    if not person_id or now().timestamp() - at > HALF_SECONDS:
        raise Problem("sign-in")
    return sessions.HalfWay(person_id, proof), target


# ---------------------------------------------------------------- signing out, the own account


@blueprint.get("/logout")
def leave():
    """Asks before it ends the session: a link must not sign anybody out."""
    return render_template("accounts/login/logout.html", me=actor())


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
    if not is_phone(request.user_agent.string):
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
        refused = sessions.change_password(session, me, now(), attempt, hashed, login_limit(), password_age())
    if refused:
        raise Problem("invalid", {"current": "wrong"}) if refused.code == "bad-login" else refused


def _account(problem: Problem | None = None):
    me = actor()
    person = db.session.get(Person, me.person_id)
    values = {"may_choose": person.password_hash is not None or is_proved(me)}
    values |= {
        "factor": second_factors.of(db.session, me.person_id),
        "may_factor": second_factors.may_have(me),
    }
    return again("accounts/login/account.html", problem, me=me, person=person, **values)
