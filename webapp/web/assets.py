"""Built files under ``/static/``: WhiteNoise serves them, ``asset('app.js')`` names them by their hash."""

import json
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from webapp import settings
from webapp.web.response_headers import secure

MANIFEST = "built/assets.json"


def init_assets(app: Flask) -> None:
    """Serve the static folder with long caching for hashed names, and offer ``asset`` to templates."""
    folder = Path(settings.folder("static"))
    https, subdomains = app.config["HTTPS"], app.config["HSTS_SUBDOMAINS"]
    app.wsgi_app = WhiteNoise(
        app.wsgi_app,
        root=str(folder),
        prefix="static/",
        max_age=3600,
        immutable_file_test=r"^/static/built/.+-[0-9A-Z]{8}\.\w+$",
        allow_all_origins=False,
        add_headers_function=lambda headers, path, url: secure(headers, https, subdomains),
    )
    names = _names(folder)
    app.jinja_env.globals["asset"] = lambda name: f"/static/built/{names.get(name, name)}"
    app.jinja_env.globals["preloads"] = [f"/static/built/{name}" for name in names.get("preload", ())]
    app.extensions["toucha_static"] = folder


def _names(folder: Path) -> dict:
    try:
        return json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        return {}
