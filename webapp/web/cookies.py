"""Cookies of this host alone: under HTTPS their names begin with ``__Host-``, which no neighbouring host can set.

Until 0.1.0 they had plain names. A browser that still brings one of those is not signed out: what it holds goes into the
new cookie, and the old one is taken away.
"""

import hashlib

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

PREFIX = "__Host-"


def init_cookies(app: Flask) -> None:
    """Name the session's cookie and take over those of before."""
    app.config["SESSION_COOKIE_NAME"] = _named(app, app.config["SESSION_COOKIE_NAME"])
    app.session_interface = Sessions()


def _named(app: Flask, name: str) -> str:
    return PREFIX + name if app.config["HTTPS"] else name


def brought(name: str) -> str | None:
    """The value of the cookie, under its old name where the browser has no other."""
    return request.cookies.get(_named(current_app, name), request.cookies.get(name))


def put(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Hand out the cookie; without ``max_age`` it ends with the browser. An empty value takes it away."""
    https = current_app.config["HTTPS"]
    where = {"samesite": "Lax", "httponly": True, "secure": https, "path": "/"}
    if value:
        response.set_cookie(_named(current_app, name), value, max_age=max_age, **where)
    else:
        response.delete_cookie(_named(current_app, name), **where)
    if https and name in request.cookies:
        response.delete_cookie(name, **where)


class Sessions(SecureCookieSessionInterface):
    """Flask's own, signed with HMAC-SHA-256, that also opens a session of before: under the old name, signed with SHA-1."""

    digest_method = staticmethod(hashlib.sha256)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        found = super().get_signing_serializer(app)
        if found is not None:
            found.fallback_signers = [{"key_derivation": self.key_derivation, "digest_method": hashlib.sha1}]
        return found

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the cookie; one of before is as good, and goes on under the new name."""
        old = self._old(app, request)
        if (
            old
            and self.get_cookie_name(app) not in request.cookies
            and (signer := self.get_signing_serializer(app))
        ):
            try:
                found = signer.loads(old, max_age=int(app.permanent_session_lifetime.total_seconds()))
            except BadSignature:
                return self.session_class()
            session = self.session_class(found)
            session.modified = True
            return session
        return super().open_session(app, request)

    def save_session(self, app: Flask, session, response: Response) -> None:
        """As ever, and nothing is left under the old name."""
        super().save_session(app, session, response)
        if self._old(app, request):
            where = {"samesite": self.get_cookie_samesite(app), "secure": True, "httponly": True}
            response.delete_cookie(self.get_cookie_name(app).removeprefix(PREFIX), path="/", **where)

    def _old(self, app: Flask, request: Request) -> str | None:
        name = self.get_cookie_name(app)
        return request.cookies.get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
