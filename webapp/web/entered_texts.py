"""The one place where texts enter by forms and addresses: no control character gets further.

PostgreSQL stores no NUL, and nobody types a bell: what a form holds is freed of them, an address that has one leads
nowhere. What phones send is frozen and digested, so there a NUL is refused instead (recording/schemas.py).
"""

import re

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict

from webapp.core.problems import Problem

# All of C0, DEL and C1 but tab and line ends, and lone surrogates.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Texts(ImmutableMultiDict):
    """The fields of a form or of a query, without control characters; files stay as they are."""

    def __init__(self, mapping=None):
        super().__init__(mapping)
        for name, values in self.lists():
            if any(isinstance(value, str) and _CONTROL.search(value) for value in values):
                dict.__setitem__(self, name, [_plain(value) for value in values])


def _plain(value):
    return _CONTROL.sub("", value) if isinstance(value, str) else value


class TextRequest(Request):
    """A request whose ``form``, ``args`` and ``values`` are :class:`Texts`."""

    parameter_storage_class = Texts


def init_texts(app: Flask) -> None:
    """Clean what forms and queries say, and answer 404 to an address with a control character in it."""
    app.request_class = TextRequest
    app.before_request(_plain_address)


def _plain_address() -> None:
    if _CONTROL.search(request.path):
        raise Problem("not-found")
