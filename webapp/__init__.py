"""Toucha 投查: delivery inspections that can be believed. The application factory."""

from importlib import import_module

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import cli, settings
from webapp.core import private_log
from webapp.core.database import db, init_database, watch_engine
from webapp.core.turns import limit_writers
from webapp.desk.accounts.gate import init_gate
from webapp.desk.accounts.login import init_login
from webapp.desk.accounts.recorder import init_events
from webapp.sync import init_api, shell as field_shell
from webapp.web.addresses import init_addresses
from webapp.web.assets import init_assets
from webapp.web.bodies import init_bodies
from webapp.web.compression import init_compression
from webapp.web.cookies import init_cookies
from webapp.web.entered_texts import init_texts
from webapp.web.json_answers import init_json
from webapp.web.json_log import init_request_ids
from webapp.web.kept_assets import init_kept_assets
from webapp.web.language import init_language
from webapp.web.problem_answers import init_answers
from webapp.web.reading import init_reading
from webapp.web.response_headers import init_headers
from webapp.web.state import init_state
from webapp.web.status_marks import init_marks

# Every domain with tables: imported so that migrations and ``create_all`` know them.
TABLES = (
    "org",
    "notices",
    "journal",
    "rulebook",
    "registers",
    "sampling",
    "photos",
    "inspections",
    "signals",
    "cases",
    "campaigns",
    "documents",
    "ledger",
    "upkeep",
)
# One module a noun; each offers ``blueprint``.
DESK = (
    "shell",
    "accounts.login",
    "accounts.proving",
    "accounts.second_factor",
    "staff.people",
    "staff.unit_files",
    "staff.units",
    "accounts.devices",
    "accounts.events",
    "accounts.enrolment",
    "notices.inbox",
    "notices.choices",
    "notices.robots",
    "notices.queue",
    "notices.calendar",
    "lists.list_files",
    "lists.manifests",
    "lists.handovers",
    "lists.volumes",
    "lists.watch",
    "register.points",
    "register.point_forms",
    "register.point_files",
    "morning.pages",
    "checking.pages",
    "signing.grants",
    "signing.months",
    "ledger.pages",
    "ledger.charts",
    "ledger.paper",
    "rules.duties",
    "rules.editions",
    "rules.calendars",
    "cases.figures",
    "documents.lists",
    "documents.drafts",
    "documents.issued",
    "records.inspections",
    "records.problems",
    "cases.files",
    "cases.lists",
    "cases.views",
    "cases.bulk",
    "cases.orders",
    "cases.show",
    "campaigns.plans",
    "campaigns.plan_forms",
    "records.reviews",
    "records.visits",
    "records.find",
    "records.attention",
    "records.rescue",
    "paper.forms",
    "paper.batch_pages",
    "api_docs",
)


def create_app(overrides: dict | None = None) -> Flask:
    """The Flask application: settings, extensions, blueprints, problem handler; nothing else."""
    private_log.install()
    app = Flask("webapp", template_folder=settings.folder("templates"), static_folder=None)
    # Nothing of ours is asynchronous: Flask need not look at each of thirty functions of a request whether it is (0.1 ms).
    app.ensure_sync = lambda function: function
    app.config.from_mapping(settings.load())
    app.config.from_mapping(overrides or {})
    for module in ("webapp.core.schema_range", *(f"webapp.{domain}.models" for domain in TABLES)):
        import_module(module)
    init_database(app)
    Migrate(app, db, directory=settings.folder("migrations"), render_as_batch=True)
    with app.app_context():
        watch_engine(db.engine)
        limit_writers(db.engine, app.config["WRITERS"])
    if app.config["LOG_JSON"]:
        init_request_ids(app)
    if app.config["METRICS_TOKEN"]:  # the library is loaded, and takes its memory, only where it is wanted
        import_module("webapp.web.metrics").init_metrics(app)
    init_reading(app)  # before what asks the database
    init_json(app)
    init_compression(app)
    init_texts(app)
    init_cookies(app)
    init_events(app)
    init_addresses(app)
    init_bodies(app)  # before what reads forms
    csrf = CSRFProtect(app)
    init_login(app)
    init_gate(app)
    init_language(app)
    init_marks(app)
    for noun in DESK:
        app.register_blueprint(import_module(f"webapp.desk.{noun}").blueprint)
    app.register_blueprint(field_shell.blueprint)
    init_api(app, csrf)
    init_answers(app)
    init_headers(app)
    init_state(app)
    init_assets(app)
    init_kept_assets(app)
    cli.init_commands(app)
    if proxies := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
    return app
