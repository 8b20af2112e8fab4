"""What a WSGI server imports: ``gunicorn --config python:webapp.serving webapp.wsgi:app``."""

import logging
import sys

from webapp import create_app
from webapp.core import private_log
from webapp.core.daily_log import DailyLog
from webapp.readiness import NotReady, check

private_log.guard_stderr()
app = create_app()
try:
    check(app)
except NotReady as reason:
    print(f"\nToucha does not start: {reason}\n", file=sys.stderr, flush=True)
    sys.exit(reason.code)

# Who looked at a personal photo (sync.photos): kept apart from the server's own log, for a time of its own.
views = logging.getLogger("toucha.views")
views.setLevel(logging.INFO)
views.propagate = False
views.addHandler(DailyLog(app.config["VIEWS_DIRECTORY"]))
