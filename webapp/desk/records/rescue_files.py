"""A file that somebody brought, between looking at it and importing it: one a person, for half a day, never in memory.

It lies where photos lie, so that every server that shares them finds it: what one previewed another one imports.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.core.signing import timed
from webapp.formats.archives import bad
from webapp.org.rules import Actor
from webapp.web.photo_uploads import photo_store

SECONDS = 12 * 3600


def _signer() -> URLSafeTimedSerializer:
    return timed(current_app.config["SECRET_KEY"], "rescue-file")


def keep(me: Actor, file: BinaryIO, instant: float) -> str:
    """Put the file aside and return the text by which this person alone finds it again; raises ``bad-file``.

    The file that the same person left before goes, and everybody's that is older than half a day before ``instant``
    (seconds since 1970).
    """
    store, name = photo_store(), new_id()
    store.forget_aside_before(instant - SECONDS)
    store.forget_aside(_path(me, ""))
    try:
        store.put_aside(_path(me, name), file)
    except OSError as error:
        raise bad("no-room") from error
    return _signer().dumps([me.person_id, name])


@contextmanager
def found(me: Actor, text: str) -> Iterator[Path]:
    """The file that :func:`keep` put aside for this person; raises ``form-expired`` if it is gone, or another's."""
    path = _told(me, text)
    with ExitStack() as opened:
        try:
            file = opened.enter_context(photo_store().aside(path))
        except FileNotFoundError as error:
            raise Problem("form-expired") from error
        yield file


def forget(me: Actor, text: str) -> None:
    """Delete the file: everything in it that could be taken is taken."""
    photo_store().forget_aside(_told(me, text))


def _told(me: Actor, text: str) -> str:
    """Under which name the file lies of which the text speaks, if it is this person's."""
    try:
        person, name = _signer().loads(text, max_age=SECONDS)
    except (BadSignature, ValueError) as error:
        raise Problem("form-expired") from error
    if person != me.person_id:
        raise Problem("form-expired")
    return _path(me, name)


def _path(me: Actor, name: str) -> str:
    return f"{me.person_id}.{name}"
