"""Photos and voice notes: put by digest, shown to those who may see something that names them."""

import json
import logging
import re

from flask import Response, current_app, request
from flask.views import MethodView
from flask_smorest import Blueprint

from webapp.cases.reading import plays_voice, shows_photo
from webapp.core.database import db
from webapp.core.problems import OutOfSight, Problem
from webapp.formats.audio import MIMES as AUDIO
from webapp.inspections.voices import may_hear
from webapp.org.rules import Actor
from webapp.org.user_agents import is_phone
from webapp.photos.models import Photo
from webapp.photos.queries import may_see
from webapp.photos.store import THUMBNAIL
from webapp.photos.thumbnails import thumbnail_of
from webapp.sync.guard import PERSON_HEADER, WRITE_HEADER, guard
from webapp.sync.rows import SHA256
from webapp.sync.schemas import PhotoAnswerSchema, ProblemSchema
from webapp.web.access import actor, now
from webapp.web.bodies import takes
from webapp.web.photo_uploads import keep, photo_store

_SHA256 = re.compile(r"[0-9a-f]{64}")
# A GET never writes to the database; who looked at a personal photo goes into this log (docs/operating.md).
views = logging.getLogger("toucha.views")

# What the OpenAPI document says: the name, the bytes, the picture.
DIGEST = {
    "in": "path",
    "name": "digest",
    "required": True,
    "schema": SHA256,
    "description": "SHA-256 in lower-case hex",
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
PICTURE = {f"image/{one}": _BINARY for one in ("jpeg", "png", "webp")}
BYTES = PICTURE | dict.fromkeys(AUDIO, _BINARY)
SENT = {200: {"description": "The picture or voice note", "content": BYTES}}
PART = {
    206: {
        "description": "The part of the voice note that was asked for",
        "content": dict.fromkeys(AUDIO, _BINARY),
    }
}
SMALL = {200: {"description": "The picture", "content": PICTURE}}

blueprint = Blueprint("photos", __name__, url_prefix="/api/photos", description="Photos by digest")
blueprint.before_request(guard)


@blueprint.route("/<digest>", parameters=[DIGEST])
@takes("PHOTO_MAX_BYTES")
class PhotoFile(MethodView):
    """A photo or voice note, named by the SHA-256 of its bytes."""

    @blueprint.doc(parameters=[PERSON_HEADER], responses=SENT | PART)
    @blueprint.alt_response(401, schema=ProblemSchema)
    @blueprint.alt_response(403, schema=ProblemSchema)
    @blueprint.alt_response(409, schema=ProblemSchema)
    @blueprint.alt_response(404, schema=ProblemSchema)
    @blueprint.alt_response(410, schema=ProblemSchema)
    @blueprint.alt_response(416, schema=ProblemSchema)
    @blueprint.alt_response(503, schema=ProblemSchema)
    def get(self, digest):
        """The photo or voice note, for those who may see an inspection that names it; the view is logged."""
        return _send(actor(), digest, "")

    @blueprint.doc(parameters=[WRITE_HEADER, PERSON_HEADER], requestBody={"required": True, "content": BYTES})
    @blueprint.response(201, PhotoAnswerSchema)
    @blueprint.alt_response(200, schema=PhotoAnswerSchema)
    @blueprint.alt_response(401, schema=ProblemSchema)
    @blueprint.alt_response(403, schema=ProblemSchema)
    @blueprint.alt_response(404, schema=ProblemSchema)  # a name with a slash in it is another address
    @blueprint.alt_response(409, schema=ProblemSchema)
    @blueprint.alt_response(411, schema=ProblemSchema)
    @blueprint.alt_response(413, schema=ProblemSchema)
    @blueprint.alt_response(415, schema=ProblemSchema)
    @blueprint.alt_response(422, schema=ProblemSchema)
    @blueprint.alt_response(503, schema=ProblemSchema)
    def put(self, digest):
        """Keep the photo or voice note. The bytes are always taken and checked, known or not: nobody can ask what is here."""
        return {"sha256": digest, "state": "stored"}, 201 if keep(actor(), now(), digest, _body()) else 200


@blueprint.route("/<digest>/thumbnail", parameters=[DIGEST])
class Thumbnail(MethodView):
    """The photo at 320 px."""

    @blueprint.doc(parameters=[PERSON_HEADER], responses=SMALL)
    @blueprint.alt_response(401, schema=ProblemSchema)
    @blueprint.alt_response(403, schema=ProblemSchema)
    @blueprint.alt_response(409, schema=ProblemSchema)
    @blueprint.alt_response(404, schema=ProblemSchema)
    @blueprint.alt_response(410, schema=ProblemSchema)
    @blueprint.alt_response(503, schema=ProblemSchema)
    def get(self, digest):
        """A small JPEG of the photo."""
        return _send(actor(), digest, THUMBNAIL)


def _body() -> bytes:
    limit = current_app.config["PHOTO_MAX_BYTES"]
    if request.content_length > limit:
        raise Problem("photo-too-large", {"photo": f"{request.content_length} bytes of at most {limit}"})
    data = request.get_data(cache=False)
    if len(data) != request.content_length:
        raise Problem("photo-broken", {"photo": "the upload was cut short"})
    return data


def _send(me: Actor, digest: str, variant: str) -> Response:
    photo = db.session.get(Photo, digest) if _SHA256.fullmatch(digest) else None
    if photo is None:
        raise Problem("not-found")
    if photo.mime in AUDIO:
        if not may_hear(db.session, me, digest) and not plays_voice(db.session, me.person_id, digest):
            raise OutOfSight()
    elif not may_see(db.session, me, digest) and not shows_photo(db.session, me.person_id, digest):
        raise OutOfSight()
    if photo.purged_at is not None:
        raise Problem("photo-purged")
    data = thumbnail_of(photo_store(), digest) if variant else photo_store().read(digest)
    if data is None:
        raise Problem("not-found")
    views.info(
        json.dumps(
            {"at": now().isoformat(), "person": me.person_id, "photo": digest, "size": variant or "full"}
        )
    )
    response = Response(data, mimetype="image/jpeg" if variant else photo.mime)
    # It never changes, and a phone shows it again without signal; a computer keeps it no longer than it is looked at.
    phone = is_phone(request.user_agent.string)
    response.headers["Cache-Control"] = "private, max-age=604800, immutable" if phone else "no-store"
    return _in_parts(response, digest, len(data)) if photo.mime in AUDIO else response


def _in_parts(response: Response, digest: str, size: int) -> Response:
    """A voice note: Safari plays none that is not sent in the parts that it asks for."""
    ending = response.mimetype.partition("/")[2]
    response.headers["Content-Disposition"] = f"inline; filename={digest[:12]}.{ending}"
    return response.make_conditional(request, accept_ranges=True, complete_length=size)
