"""What somebody searches for by name or number: posted, and kept in a cookie of the browser's present session.

The address holds a short key instead, so that no proxy's log names a person or an item, and Back, Reload and the next page
work as ever.
"""

import secrets

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from webapp.core.signing import untimed
from webapp.web import cookies
from webapp.web.access import actor

COOKIE = "searches"
KEY = "s"
KEPT = 8  # the latest: tabs and steps back
LONGEST = 80  # characters


def _signer() -> URLSafeSerializer:
    return untimed(current_app.config["SECRET_KEY"], "searches")


def _kept() -> list[list[str]]:
    """The latest searches of whoever is signed in, as (key, text): never those of somebody before at this computer."""
    try:
        whose, found = _signer().loads(cookies.brought(COOKIE) or "")
    except (BadSignature, ValueError, TypeError):
        return []
    return found if whose == actor().person_id else []


def text_of(text: str) -> str:
    """What is searched for, as far as it is."""
    return text.strip()[:LONGEST].replace("\x00", "")


def posted(endpoint: str, field: str, *filters: str) -> Response:
    """Keep what the form searches for and lead to the list; ``filters`` are its other fields, which stand in the address."""
    text = text_of(request.form.get(field, ""))
    where = {name: value[:40] for name in filters if (value := request.form.get(name, "").strip())}
    if not text:
        return redirect(url_for(endpoint, **where), 303)
    known = _kept()
    key = next((key for key, said in known if said == text), None) or secrets.token_urlsafe(6)
    rest = [one for one in known if one[0] != key][-(KEPT - 1) :]
    response = redirect(url_for(endpoint, **where, **{KEY: key}), 303)
    cookies.put(response, COOKIE, _signer().dumps([actor().person_id, [*rest, [key, text]]]))
    return response


def sought() -> str:
    """What the address's key stands for; empty without one. A key that is not known here any more is said."""
    key = request.args.get(KEY)
    if not key:
        return ""
    text = dict(_kept()).get(key)
    if text is None:
        flash(_("What was searched for is no longer kept here. Please type it again."), "info")
    return text or ""


def lost(*fields: str) -> bool:
    """Whether the address speaks of a search that is not known: its key is, or it is one of before (see `without`)."""
    key = request.args.get(KEY)
    return any(request.args.get(field) for field in fields) or bool(key and key not in dict(_kept()))


def without(*fields: str) -> Response | None:
    """For addresses of before, which held what was searched for: the same page without it; None where it holds none."""
    if not any(request.args.get(field) for field in fields):
        return None
    flash(_("Searches no longer stand in the address. Please type it again."), "info")
    kept = {name: value for name, value in request.args.items() if name not in fields}
    return redirect(url_for(request.endpoint, **(request.view_args or {}), **kept))


def forget(response: Response) -> None:
    """At the end of a session."""
    cookies.put(response, COOKIE, "")
