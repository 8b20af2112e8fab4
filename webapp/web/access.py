"""Guards of the doors: who is signed in, as an Actor; the request's clock; which browser asks, and how often it may."""

from flask import current_app, g, request, session as cookie
from flask_login import current_user

from webapp.core import clock
from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.org.queries import actor_of
from webapp.org.rules import Actor
from webapp.org.sessions import Caller
from webapp.org.throttling import LoginLimit
from webapp.rulebook.queries import Editions, editions_of
from webapp.web.cookies import brought


def now():
    """The request's one reading of the clock."""
    if "now" not in g:
        g.now = clock.now()
    return g.now


def editions() -> Editions:
    """The editions of the Measures, read once a request: for the names of kinds, criteria and classes."""
    if "editions" not in g:
        g.editions = editions_of(db.session)
    return g.editions


def actor() -> Actor:
    """Who is signed in, else the problem ``sign-in``."""
    if not current_user.is_authenticated:
        raise Problem("sign-in")
    if "actor" not in g:
        device = cookie.get("_user_id", "").partition(".")[0] or None
        g.actor = actor_of(db.session, current_user._get_current_object(), clock.local_date(now()), device)
    return g.actor


def own_device() -> str | None:
    """The device whose session this browser's cookie carries, if it is a valid one."""
    return current_user.session_id.partition(".")[0] if current_user.is_authenticated else None


def caller() -> Caller:
    """The browser that asks."""
    known = brought(current_app.config["KNOWN_COOKIE_NAME"])
    return Caller(request.user_agent.string, request.remote_addr, known, own_device())


def login_limit() -> LoginLimit:
    """The settings about wrong passwords."""
    names = ("FAILURES", "PAUSE_MINUTES", "FAILURES_ANYWHERE", "PAUSE_ANYWHERE_MINUTES")
    return LoginLimit(*(current_app.config[f"LOGIN_{name}"] for name in names))
