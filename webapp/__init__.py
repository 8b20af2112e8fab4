"""Toucha 投查: delivery inspections that can be believed. The application factory."""

from importlib import import_module

from flask import Flask

from webapp import settings
from webapp.core.database import db, watch_engine

# One module a noun; each offers ``blueprint``.
DESK = ("shell", "login", "people", "devices", "enrolment", "manifests", "volumes", "ledger", "inspections", "problems")


def create_app(overrides: dict | None = None) -> Flask:
    """The Flask application: settings, extensions, blueprints, problem handler; nothing else."""
    app = Flask("webapp", template_folder=settings.folder("templates"), static_folder=settings.folder("static"))
    app.config.from_mapping(settings.load())
    app.config.from_mapping(overrides or {})
    db.init_app(app)
    with app.app_context():
        watch_engine(db.engine)
    for noun in DESK:
        app.register_blueprint(import_module(f"webapp.desk.{noun}").blueprint)
    return app
