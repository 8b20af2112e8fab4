"""A file that somebody brought, between looking at it and importing it: one a person, for half a day, never in memory."""

import shutil
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.core.signing import timed
from webapp.formats.archives import bad
from webapp.formats.files import forget_older
from webapp.org.rules import Actor

SECONDS = 12 * 3600


def _folder() -> Path:
    return current_app.config["DATA_DIRECTORY"] / "rescue"


def _signer() -> URLSafeTimedSerializer:
    return timed(current_app.config["SECRET_KEY"], "rescue-file")


def keep(me: Actor, file: BinaryIO, instant: float) -> str:
    """Put the file aside and return the text by which this person alone finds it again; raises ``bad-file``.

    The file that the same person left before goes, and everybody's that is older than half a day before ``instant``
    (seconds since 1970).
    """
    folder, name = _folder(), new_id()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    forget_older(folder, instant - SECONDS)
    for before in folder.glob(f"{me.person_id}.*"):
        before.unlink(missing_ok=True)
    path = _path(me, name)
    try:
        with path.open("xb") as target:
            shutil.copyfileobj(file, target, 1024 * 1024)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise bad("no-room") from error
    return _signer().dumps([me.person_id, name])


def find(me: Actor, text: str) -> Path:
    """The file that :func:`keep` put aside for this person; raises ``form-expired`` if it is gone, or another's."""
    try:
        person, name = _signer().loads(text, max_age=SECONDS)
    except (BadSignature, ValueError) as error:
        raise Problem("form-expired") from error
    path = _path(me, name)
    if person != me.person_id or not path.is_file():
        raise Problem("form-expired")
    return path


def forget(me: Actor, text: str) -> None:
    """Delete the file: everything in it that could be taken is taken."""
    find(me, text).unlink(missing_ok=True)


def _path(me: Actor, name: str) -> Path:
    return _folder() / f"{me.person_id}.{name}"
