"""What a request's body may be: how large at which door, and how many fields or values it may hold [ASVS 5.0 V4.1, V15.2].

Looked at before anything is parsed: a form of 15 MB is seven million fields, a push of one megabyte half a million
objects. A door that takes more than a form says so beside its route (:func:`takes`); more than a form is taken from those
who are signed in only.
"""

import re

from flask import Flask, current_app, g, request
from flask_login import current_user
from itsdangerous import BadSignature
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_cookie

from webapp.core.budgets import MEBI, Budget
from webapp.core.problems import Problem
from webapp.web.cookies import PREFIX

FORM = 64 * 1024  # bytes of a form without a file, and of any other body of somebody who is not signed in
FIELDS = 200
# Up to here a body is let in, so that a page tells what is too large; a larger one is cut off.
EXPLAINED = 2 * FORM
AROUND = 64 * 1024  # what stands around a file in a form
# Of JSON: a push of 100 facts has about 1,000 values, for a fact's content is one text.
VALUES, DEPTH, DIGITS = 40_000, 32, 400
URLENCODED = "application/x-www-form-urlencoded"
# Bodies that one process holds in memory at once; those of a form are not counted.
HELD = Budget(24 * MEBI, seconds=10, waiting=8)

_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_LONG = re.compile(rb"[0-9]{%d}" % (DIGITS + 1))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def takes(most: int | str):
    """Mark a view (function or class) that takes a file of ``most`` bytes, or of as many as the setting of that name says."""

    def marked(view):
        view.takes_bytes = most
        return view

    return marked


def init_bodies(app: Flask) -> None:
    """Look at each body before anybody else: call it before the extension that looks for a form's token."""
    app.before_request(check)
    app.teardown_request(_give_back)


def allowed(app: Flask, endpoint: str | None) -> int:
    """How many bytes the door takes from somebody who is signed in."""
    view = app.view_functions.get(endpoint)
    marked = getattr(getattr(view, "view_class", view), "takes_bytes", 0)
    most = app.config[marked] if isinstance(marked, str) else marked
    return most + AROUND if most else FORM


def allowed_before(app: Flask, method: str, path: str, cookies: str) -> int:
    """The same of a request of which only the head is here: enough of it for the door to say what is too large.

    Nothing is asked of the database: a session counts that this server has signed, whether it has ended or not.
    """
    try:
        endpoint = app.url_map.bind("localhost").match(path, method)[0]
    except (HTTPException, ValueError):
        endpoint = None
    most = allowed(app, endpoint)
    return max(most, EXPLAINED) if most > FORM and _has_session(app, cookies) else EXPLAINED


def _has_session(app: Flask, cookies: str) -> bool:
    name, found = app.config["SESSION_COOKIE_NAME"], parse_cookie(cookies)
    value = found.get(name) or found.get(name.removeprefix(PREFIX), "")
    try:
        return "_user_id" in app.session_interface.get_signing_serializer(app).loads(value)
    except BadSignature:
        return False


def check() -> None:
    """Refuse by length and by count; raises ``too-large``, ``sign-in`` or ``busy``."""
    most, length = allowed(current_app, request.endpoint), request.content_length or 0
    if most > FORM and length > FORM and not current_user.is_authenticated:
        raise Problem("sign-in")
    request.max_content_length = most
    request.max_form_memory_size = min(most, current_app.config["MAX_FORM_MEMORY_SIZE"])
    request.max_form_parts = FIELDS
    if length > most:
        raise Problem("too-large", {"body": f"{length} bytes of at most {most}"})
    if length > FORM and request.mimetype != "multipart/form-data":  # a file waits on the disk, not in memory
        HELD.take(length)
        g.held = length
    if request.mimetype == URLENCODED and request.get_data().count(b"&") >= FIELDS:
        raise Problem("too-large", {"body": f"more than {FIELDS} fields"})
    if request.is_json:
        check_json(request.get_data())


def _give_back(_error: BaseException | None = None) -> None:
    if held := g.pop("held", 0):
        HELD.give_back(held)


def check_json(data: bytes) -> None:
    """Raise ``too-large`` for JSON of more values, or nested deeper, than anything of ours is, or with longer numbers."""
    bare, texts = _TEXT.subn(b"", data, count=VALUES + 1)  # what stands in a text is none of it
    if _LONG.search(bare):
        raise Problem("too-large", {"json": f"a number of over {DIGITS} digits"})
    if texts > VALUES or sum(map(bare.count, (b",", b"[", b"{"))) > VALUES:
        raise Problem("too-large", {"json": f"more than {VALUES} values"})
    depth = 0
    for mark in re.findall(rb"[\[\]{}]", bare):
        depth += _STEPS[mark[0]]
        if depth > DEPTH:
            raise Problem("too-large", {"json": f"nested deeper than {DEPTH}"})
