"""Problems as answers: one JSON shape for ``/api/``, a page for the desk."""

from itertools import islice
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from webapp.core.outages import outage
from webapp.core.problems import MOST_FIELDS, Problem
from webapp.web.addresses import parts
from webapp.web.language import language

SIGN_IN = "/login"
# What the framework raises, in the words of our catalogue.
CODES = {
    400: "bad-request",
    401: "sign-in",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    411: "length-required",
    413: "too-large",
    415: "wrong-type",
    422: "invalid",
    429: "too-many-requests",
    503: "busy",
}
# Headers of a framework exception that say something the body does not.
KEPT = ("Allow", "Retry-After", "Content-Range")


def init_answers(app: Flask) -> None:
    """Register the handlers. Call it after flask-smorest's ``Api``, which registers one of its own."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    """Whether a program reads the answer: the API's, or a script of a page, which takes JSON alone."""
    return request.path.startswith("/api/") or request.headers.get("Accept") == "application/json"


def answer(problem: Problem, status: int | None = None, headers: dict[str, str] | None = None) -> Response:
    """``problem`` as JSON or as a page, with its HTTP status."""
    status = status or problem.entry.status
    g.problem = problem  # for the events (desk.accounts.recorder)
    if problem.entry.retry_after:
        g.failed = (
            True  # the database is asked nothing more: neither the person's language nor the shell's figures
        )
    if wants_json():
        response = jsonify(problem.as_dict(language()))
    else:
        response = current_app.make_response(render_template("errors/problem.html", **_page(problem, status)))
    response.status_code = status
    if problem.entry.retry_after:
        response.headers["Retry-After"] = str(problem.entry.retry_after)
    response.headers.update(headers or {})
    return response


def _page(problem: Problem, status: int) -> dict:
    return {"problem": problem, "message": problem.message(language()), "status": status, "back": _back()}


def _back() -> str | None:
    """The page of ours that the person came from, if that was another one."""
    here = parts(request.referrer or "")
    if here is None or here.netloc != request.host or here.path == request.path and request.method == "GET":
        return None
    return here.path + (f"?{here.query}" if here.query else "")


def _problem(problem: Problem):
    if problem.code == "sign-in" and not wants_json():
        return redirect(SIGN_IN + _return_path())
    return answer(problem, headers=getattr(problem, "headers", None))


def _return_path() -> str:
    """Where to go after signing in: only what a GET shows, never a form's target."""
    if request.method != "GET" or request.path == "/":
        return ""
    return "?" + urlencode({"next": request.full_path.rstrip("?")})


def _http(error: HTTPException):
    if error.response is not None:
        return error.response
    status = error.code or 500
    code = CODES.get(status) or ("server-error" if status >= 500 else "bad-request")
    headers = {name: value for name, value in error.get_headers() if name in KEPT}
    return answer(Problem(code, _fields(error)), status, headers)


def _fields(error: HTTPException) -> dict[str, str]:
    """The fields that schema validation (webargs, marshmallow) complained about, as ``{"items[3].number": reason}``."""
    data = getattr(error, "data", None) or {}
    return dict(islice(_flat(data.get("errors") or data.get("messages") or {}), MOST_FIELDS))


def _flat(node, path: str = ""):
    if isinstance(node, dict):
        for key, value in node.items():
            step = f"[{key}]" if isinstance(key, int) else f".{key}" if path else str(key)
            # webargs puts the place first (json, query): the caller knows where it sent the field
            yield from _flat(value, "" if not path and key in ("json", "query", "_schema") else path + step)
    elif isinstance(node, (list, tuple)):
        yield path or "request", "; ".join(str(reason) for reason in node)
    elif node:
        yield path or "request", str(node)


def _expired(error: CSRFError):
    return answer(Problem("form-expired"))


def _rule() -> str:
    """The address as the code writes it: the real one may name a photo, or be an enrolment's link."""
    return request.url_rule.rule if request.url_rule else "an unknown address"


def _outage(error: Exception, code: str):
    """A database or disk that does not do its part at the moment: nothing was lost, the client tries again."""
    current_app.logger.warning("%s at %s %s: %s", code, request.method, _rule(), error)
    return answer(Problem(code))


def _crash(error: Exception):
    if code := outage(error):
        return _outage(error, code)
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.testing:
        raise error
    current_app.logger.exception("unhandled error at %s %s", request.method, _rule())
    g.failed = True
    return answer(Problem("server-error"))
