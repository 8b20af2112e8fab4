"""What comes before everything else at the desk: an own password instead of a temporary one, and a second factor where it
is required. The API has its own guard (sync.guard)."""

from flask import Flask, redirect, request, url_for
from flask_login import current_user

from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.org import second_factors
from webapp.web.access import actor
from webapp.web.problem_answers import wants_json

# Open to whoever still has a temporary password: named one by one, so that nothing new is open by oversight.
OPEN = frozenset(
    {
        "login.show",
        "login.sign_in",
        "login.show_code",
        "login.sign_in_code",
        "login.leave",
        "login.sign_out",
        "login.account",
        "login.change_password",
        "shell.switch_language",
        "enrolment.show_link",
        "enrolment.use_link",
        "enrolment.ask",
        "enrolment.use_code",
        "field.service_worker",
        "field.manifest",
    }
)
# To whoever has to set up a second factor besides. The field app is no page of the desk.
OPEN_TO_SET_UP = OPEN | {"second_factor.show", "second_factor.set_up", "proving.prove", "field.shell"}


def init_gate(app: Flask) -> None:
    """Ask before each request of the desk."""
    app.before_request(_gate)


def _gate():
    if request.blueprint is None or request.path.startswith("/api/") or request.endpoint in OPEN:
        return None
    if not current_user.is_authenticated:
        return None
    if current_user.temporary:
        return _led_to("login.account", "temporary-password")
    if request.endpoint not in OPEN_TO_SET_UP and second_factors.is_missing(db.session, actor()):
        return _led_to("second_factor.show", "second-factor-missing")
    return None


def _led_to(endpoint: str, code: str):
    """The page that comes first; to a script, which cannot be led there, the problem."""
    if wants_json():
        raise Problem(code)
    return redirect(url_for(endpoint))
