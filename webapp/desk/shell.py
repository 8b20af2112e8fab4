"""What surrounds every desk page: navigation, the language switch, the way in."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request
from flask_login import current_user

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.places import MENU, Entry, Way, entries, open_to
from webapp.notices.queries import unseen
from webapp.org import operations
from webapp.org.rules import Actor
from webapp.web import cookies, labels
from webapp.web.access import actor
from webapp.web.language import COOKIE, COOKIE_SECONDS, known

blueprint = Blueprint("shell", __name__)


@dataclass(frozen=True)
class Shell:
    """What base.html shows around a page; ``me`` is None for a guest."""

    me: Actor | None = None
    entries: list[Entry] = field(default_factory=list)
    menu: list[Way] = field(default_factory=list)
    roles: str = ""
    here: str = "/"
    unseen: int = 0  # notices


@blueprint.app_context_processor
def surround() -> dict:
    """``shell`` for base.html. Asks the database for nothing where it has just failed."""
    here = _here()
    if g.get("failed") or not current_user.is_authenticated:
        return {"shell": Shell(here=here)}
    me = actor()
    return {
        "shell": Shell(me, entries(me), open_to(me, MENU), _roles(me), here, unseen(db.session, me.person_id))
    }


def _here() -> str:
    """This page, to come back to in another language: without the ``lang`` that would overrule the choice."""
    if request.method != "GET":
        return "/"
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return request.path + (f"?{urlencode(rest)}" if rest else "")


def _roles(me: Actor) -> str:
    names = dict.fromkeys(str(labels.ROLES.get(grant.role, grant.role)) for grant in me.current)
    return " · ".join(names)


@blueprint.get("/")
def home():
    """Everybody's own first page: the morning for those above departments, the ledger for who leads one, else the field app."""
    if not current_user.is_authenticated:
        return redirect("/login")
    me = actor()
    if me.reach("oversee"):
        return redirect("/morning")
    if me.rank >= 3 and me.reach("see-ledger"):
        return redirect("/ledger")
    if me.reach("work"):
        return redirect("/app/")
    places = entries(me)
    return redirect(places[0].url) if places else render_template("shell/no_role.html")


@blueprint.post("/language")
def switch_language():
    """Answer in another language from now on: kept with the person, and in a cookie for the login page."""
    chosen = known(request.form.get("language"))
    if chosen is None:
        raise Problem("invalid", {"language": "zh, en"})
    if current_user.is_authenticated:
        me = actor()
        with transaction() as session:
            operations.choose_language(session, me, chosen)
    response = redirect(local_path(request.form.get("next")))
    cookies.put(response, COOKIE, chosen, COOKIE_SECONDS)
    return response


def local_path(target: str | None) -> str:
    """``target`` if it is a path on this server, else the start page: a form must not lead elsewhere."""
    safe = target and target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if safe else "/"
