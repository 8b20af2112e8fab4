"""What a WSGI server imports: ``gunicorn --config python:webapp.serving webapp.wsgi:app``."""

import logging
import sys

from webapp import create_app
from webapp.core.daily_log import DailyLog
from webapp.readiness import NotReady, check

app = create_app()
try:
    check(app)
except NotReady as reason:
    print(f"\nToucha does not start: {reason}\n", file=sys.stderr, flush=True)
    # gunicorn takes 3 from a worker for "could not boot" and ends, where it would try another for any other code.
    sys.exit(3)

# Who looked at a personal photo (sync.photos): kept apart from the server's own log, for a time of its own.
views = logging.getLogger("toucha.views")
views.setLevel(logging.INFO)
views.propagate = False
views.addHandler(DailyLog(app.config["VIEWS_DIRECTORY"]))
