"""The field app's page, its service worker and manifest."""

import json
import logging

from flask import Blueprint, Response, current_app, render_template, request
from flask_login import current_user
from markupsafe import Markup

from webapp.core.outages import told
from webapp.core.problems import Problem
from webapp.recording.taking import stop_at_outage
from webapp.sync.guard import guard
from webapp.sync.picture.today import picture
from webapp.sync.picture.words import Words, read_words
from webapp.sync.pull import working_set
from webapp.sync.schemas import PullAnswerSchema
from webapp.web.access import actor, now
from webapp.web.language import language
from webapp.web.response_headers import DEVICES

blueprint = Blueprint("field", __name__)
log = logging.getLogger(__name__)


@blueprint.get("/app/")
@blueprint.get("/app/<path:place>")
def shell(place: str = "") -> Response:
    """The page of the field app; what it shows comes from the phone's own store and the pull.

    ``?kept``: as the worker keeps it, the same for everybody. A first visit to Today has the pull in it, and is a picture of
    it until the script has come; of another place the whole pull is preloaded.
    """
    first = _first(place) if "kept" not in request.args else None
    page = render_template(
        "app.html",
        preload_pull="kept" not in request.args and not first and _takes_preloads(),
        **(first or {}),
    )
    # Voice notes are recorded here and nowhere else.
    return Response(page, headers={"Permissions-Policy": DEVICES.format(microphone="(self)")})


def _first(place: str) -> dict | None:
    """The picture and the pull for whoever may pull; None: the script asks for itself, and is told why not."""
    if place or not current_user.is_authenticated:
        return None
    try:
        guard()
        pull = PullAnswerSchema().dump(working_set(actor(), now()))
        drawn = picture(pull, _words()[language()], now())
    except Problem:
        return None
    except Exception as error:  # a comfort, without which nobody may be kept out of the app
        stop_at_outage(error)
        log.error("no first picture: %s", told(error))
        return None
    return {**drawn, "pull": _inside_page(pull)}


def _words() -> dict[str, Words]:
    """Read once a process, as the names of built files are."""
    extensions = current_app.extensions
    if "toucha_first_words" not in extensions:
        extensions["toucha_first_words"] = read_words(extensions["toucha_static"])
    return extensions["toucha_first_words"]


def _inside_page(pull: dict) -> Markup:
    """JSON that ends no script element: of HTML's own characters none is left."""
    text = json.dumps(pull, ensure_ascii=False, separators=(",", ":"))
    inside = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(inside)  # noqa: S704  (none of its characters is HTML's)


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
