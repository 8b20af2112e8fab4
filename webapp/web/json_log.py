"""The server's log as JSON, one object a line, by a setting; with it each request has an id, which its answer bears, too.

What is told of a request is its id, method, rule, status and time: no address, no person. An id that a proxy gave is kept where the
settings say that there is one; what is no plain id is not, for nobody shall write words into our log.
"""

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, has_request_context, request

HEADER = "X-Request-Id"
_ID = re.compile(r"[0-9a-f][0-9a-f-]{14,34}[0-9a-f]")
requests = logging.getLogger("toucha.requests")


class JsonFormatter(logging.Formatter):
    """A record as JSON; the values under ``told`` stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            line["request"] = g.request_id
        if record.exc_text:
            line["trace"] = record.exc_text
        return json.dumps({**line, **getattr(record, "told", {})}, ensure_ascii=False)


def install() -> None:
    """From now on this process logs so. Call it before an application is made: each looks whether there is a log already."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    for own in logging.getLogger("gunicorn.error").handlers:
        own.setFormatter(JsonFormatter())
    requests.setLevel(logging.INFO)


def init_request_ids(app: Flask) -> None:
    """Give each request an id, tell it in the answer and in the log."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "") if current_app.config["PROXIES"] else ""
    g.request_began = time.perf_counter()
    g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)


def _end(response: Response) -> Response:
    if "request_id" not in g:  # an answer of what came even before
        _begin()
    response.headers[HEADER] = g.request_id
    told = {
        "method": request.method,
        "rule": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.request_began) * 1000, 1),
    }
    requests.info("answered", extra={"told": told})
    return response
