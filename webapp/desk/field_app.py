"""The field app's shell, its service worker and manifest: the same for everybody, signed in or not."""

from flask import Blueprint, Response, current_app, render_template, request

from webapp.core.problems import Problem
from webapp.web.response_headers import DEVICES

blueprint = Blueprint("field", __name__)


@blueprint.get("/app/")
@blueprint.get("/app/<path:place>")
def shell(place: str = "") -> Response:
    """The shell that a phone keeps; what it shows comes from the phone's own store and the pull.

    ``?kept``: as the worker keeps it, without the preload of the whole pull, which only a first visit needs.
    """
    page = render_template("app.html", preload_pull="kept" not in request.args and _takes_preloads())
    # Voice notes are recorded here and nowhere else.
    return Response(page, headers={"Permissions-Policy": DEVICES.format(microphone="(self)")})


def _takes_preloads() -> bool:
    """WebKit lets ``fetch()`` ask again for what the page has preloaded: on an iPhone the whole pull would come twice."""
    browser = request.user_agent.string
    return "AppleWebKit/" not in browser or "Chrome/" in browser


@blueprint.get("/service-worker.js")
def service_worker() -> Response:
    """The worker, at the root so that it may answer for ``/app/``, the scope it is registered with; never cached by the
    browser's HTTP cache."""
    return _file("built/service-worker.js", "text/javascript")


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What makes the app installable."""
    return _file("manifest.webmanifest", "application/manifest+json")


def _file(name: str, mimetype: str) -> Response:
    path = current_app.extensions["toucha_static"] / name
    if not path.is_file():
        raise Problem("not-found")
    response = Response(path.read_bytes(), mimetype=mimetype)
    response.headers["Cache-Control"] = "no-cache"
    return response
