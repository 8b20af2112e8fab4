"""Pages of the second factor: set up with a QR code, recovery codes shown once, and the units that require it."""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session as cookie,
    url_for,
)
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.accounts.proving import asks_password
from webapp.desk.forms import again
from webapp.formats import qr
from webapp.org import second_factors as factors, sessions
from webapp.org.rules import Actor
from webapp.org.units import unit_to_keep
from webapp.web.access import actor, now
from webapp.web.limits import KNOCKING, limiter

blueprint = Blueprint("second_factor", __name__)
SALT = "second-factor"  # in the cookie: of the secret that is being shown


@blueprint.get("/account/second-factor")
@asks_password
def show():
    """What is set up; ``?new=1``, or where nothing is: the QR code and the key of a new one."""
    return _show(_holder())


def _holder() -> Actor:
    me = actor()
    if not factors.may_have(me):
        raise Problem("forbidden")
    return me


def _show(me: Actor, problem: Problem | None = None):
    values = {"factor": factors.of(db.session, me.person_id), "required": factors.is_required(db.session, me)}
    if values["factor"] and not problem and not request.args.get("new"):
        values["left"] = factors.codes_left(db.session, me.person_id)
        return again("accounts/second_factor/show.html", me=me, **values)
    cookie.setdefault(SALT, factors.new_salt())
    secret = factors.secret_of(current_app.config["SECRET_KEY"], me.person_id, cookie[SALT])
    values["key"] = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    values["uri"] = factors.uri_of(secret, me.login)
    values["picture"] = qr.svg(values["uri"], _("QR code of the key"))
    return again("accounts/second_factor/set_up.html", problem, me=me, **values)


@blueprint.post("/account/second-factor")
@limiter.limit(KNOCKING)
@asks_password
def set_up():
    """Begin with the key that was shown; all other devices are signed out. The recovery codes, on this answer only."""
    me = _holder()
    if SALT not in cookie:
        return redirect(url_for("second_factor.show", new=1))
    key, typed = current_app.config["SECRET_KEY"], request.form.get("code", "")
    try:
        with transaction() as session:
            codes = factors.set_up(session, me, now(), key, cookie[SALT], typed)
            sessions.end_sessions(session, now(), me.person_id, keep=me.device_id)
    except Problem as problem:
        return _show(me, problem)
    cookie.pop(SALT)
    return _codes(codes, begun=True)


@blueprint.post("/account/second-factor/codes")
@asks_password
def renew_codes():
    """New recovery codes, on this answer only; the earlier ones are void."""
    me = _holder()
    with transaction() as session:
        codes = factors.renew_codes(session, me)
    return _codes(codes)


def _codes(codes: list[str], begun: bool = False):
    page = render_template("accounts/second_factor/codes.html", codes=codes, begun=begun)
    return page, 200, {"Cache-Control": "no-store"}


@blueprint.post("/account/second-factor/remove")
@asks_password
def take_off():
    """Do without it, where no unit asks for it."""
    me = _holder()
    with transaction() as session:
        factors.take_off(session, me)
    flash(_("The second factor is removed: the password alone signs you in."), "ok")
    return redirect(url_for("login.account"))


@blueprint.post("/units/<code>/second-factor")
@asks_password
def require(code: str):
    """Whether a unit asks for it."""
    required = request.form.get("required") == "yes"
    with transaction() as session:
        factors.require(session, unit_to_keep(session, actor(), code), required)
    flash(
        _("From now on a second factor is needed here.")
        if required
        else _("A second factor is optional here."),
        "ok",
    )
    return redirect(url_for("units.show", code=code))
