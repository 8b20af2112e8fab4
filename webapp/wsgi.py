"""What a WSGI server imports: ``gunicorn --config python:webapp.serving webapp.wsgi:app``."""

import logging
import os
import sys

from webapp import create_app
from webapp.core import private_log
from webapp.core.daily_log import DailyLog
from webapp.readiness import NotReady, check
from webapp.web import json_log, kept_assets

private_log.guard_stderr()
if os.environ.get("TOUCHA_LOG") == "json":
    json_log.install()
app = create_app()
try:
    check(app)
except NotReady as reason:
    print(f"\nToucha does not start: {reason}\n", file=sys.stderr, flush=True)
    sys.exit(reason.code)

kept_assets.share(app)  # once a start: the processes are forked later

# Who looked at a personal photo (sync.photos): kept apart from the server's own log, for a time of its own.
views = logging.getLogger("toucha.views")
views.setLevel(logging.INFO)
views.propagate = False
views.addHandler(DailyLog(app.config["VIEWS_DIRECTORY"]))
