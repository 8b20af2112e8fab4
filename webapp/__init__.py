"""Toucha 投查: delivery inspections that can be believed. The application factory."""

from importlib import import_module

from flask import Flask
from flask_migrate import Migrate

from webapp import settings
from webapp.core.database import db, watch_engine

# Every domain with tables: imported so that migrations and ``create_all`` know them.
TABLES = ("org", "rulebook", "sampling", "inspections", "ledger", "problems", "recording")
# One module a noun; each offers ``blueprint``.
DESK = (
    "shell",
    "login",
    "people",
    "devices",
    "enrolment",
    "manifests",
    "volumes",
    "ledger",
    "inspections",
    "problems",
    "attention",
)


def create_app(overrides: dict | None = None) -> Flask:
    """The Flask application: settings, extensions, blueprints, problem handler; nothing else."""
    app = Flask(
        "webapp", template_folder=settings.folder("templates"), static_folder=settings.folder("static")
    )
    app.config.from_mapping(settings.load())
    app.config.from_mapping(overrides or {})
    for domain in TABLES:
        import_module(f"webapp.{domain}.models")
    db.init_app(app)
    Migrate(app, db, directory=settings.folder("migrations"), render_as_batch=True)
    with app.app_context():
        watch_engine(db.engine)
    for noun in DESK:
        app.register_blueprint(import_module(f"webapp.desk.{noun}").blueprint)
    return app
