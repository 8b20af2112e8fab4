"""What a WSGI server imports: ``gunicorn --config python:webapp.serving webapp.wsgi:app``."""

import sys

from webapp import create_app
from webapp.readiness import NotReady, check

app = create_app()
try:
    check(app)
except NotReady as reason:
    print(f"\nToucha does not start: {reason}\n", file=sys.stderr, flush=True)
    # gunicorn takes 3 from a worker for "could not boot" and ends, where it would try another for any other code.
    sys.exit(3)
