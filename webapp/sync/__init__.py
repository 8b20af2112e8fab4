"""The phones' door: ping, push, pull, photos, and the ledger for programs."""

from flask import Flask
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect

from webapp.sync import ledger, photos, ping, pull, push


def init_api(app: Flask, csrf: CSRFProtect) -> None:
    """Register the API's blueprints and its OpenAPI document at ``/api/openapi.json``.

    Exempt from CSRF tokens: their own guard asks for a header, an origin and a content type (sync.guard).
    """
    api = Api(app)
    for module in (ping, push, pull, photos, ledger):
        csrf.exempt(module.blueprint)
        api.register_blueprint(module.blueprint)
