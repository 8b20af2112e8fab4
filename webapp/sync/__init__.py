"""The phones' door: ping, push, pull, photos, and the ledger for programs."""

from flask import Flask
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect

from webapp.sync import ledger, photos, ping, pull, push, ready
from webapp.sync.schemas import ProblemSchema

SCHEME = "session"


class ProblemApi(Api):
    """The API whose errors have our one shape (web.problem_answers makes it)."""

    ERROR_SCHEMA = ProblemSchema


def init_api(app: Flask, csrf: CSRFProtect) -> None:
    """Register the API's blueprints and its OpenAPI document at ``/api/openapi.json``.

    Exempt from CSRF tokens: their own guard asks for a header, an origin and a content type (sync.guard).
    """
    api = ProblemApi(app)
    # What the guard asks for (sync.guard); ping and ready alone answer anybody.
    cookie = {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    api.spec.components.security_scheme(SCHEME, cookie)
    api.spec.options["security"] = [{SCHEME: []}]
    for module in (ping, ready, push, pull, photos, ledger):
        csrf.exempt(module.blueprint)
        api.register_blueprint(module.blueprint)
