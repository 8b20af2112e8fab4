"""What every API request must show. A form on another site can send none of this."""

from flask import request
from flask_login import current_user

from webapp.core.problems import Problem
from webapp.formats.audio import MIMES as AUDIO
from webapp.web.access import actor
from webapp.web.addresses import parts

# What the OpenAPI document says of every request, and of those that write.
PERSON_HEADER = {
    "in": "header",
    "name": "X-Toucha-Person",
    "schema": {"type": "string"},
    "description": "Whose store this is; 409 `other-person` if somebody else is signed in",
}
WRITE_HEADER = {
    "in": "header",
    "name": "X-Toucha",
    "required": True,
    "schema": {"type": "string", "enum": ["1"]},
    "description": "No form on another site can send it; with it a matching Origin, where there is one",
}
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def guard() -> None:
    """Before each request of a blueprint: signed in with an own password, and a write comes from our own page."""
    if request.method in WRITES:
        _own_page()
    me = actor()
    if current_user.temporary:  # a superior knows it: nothing is recorded or read in the person's name before
        raise Problem("temporary-password")
    if request.headers.get("X-Toucha-Person", me.person_id) != me.person_id:
        raise Problem("other-person")


def _own_page() -> None:
    if request.headers.get("X-Toucha") != "1":
        raise Problem("wrong-origin", {"X-Toucha": "missing"})
    origin = request.headers.get("Origin")
    # Browsers send Origin with every write; a program without one shows the header and the cookie.
    if origin is not None and getattr(parts(origin), "netloc", None) != request.host:
        raise Problem("wrong-origin", {"Origin": "another site"})
    if request.content_length is None:
        raise Problem("length-required")
    if request.mimetype not in ("application/json", *AUDIO) and not request.mimetype.startswith("image/"):
        raise Problem("wrong-type", {"Content-Type": request.mimetype or "missing"})
