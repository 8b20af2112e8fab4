"""A page that a browser may keep for itself: it asks each time, and is told in 300 bytes that nothing has changed.

Only for pages that name nobody but the reader: what is kept lies in the browser until it signs out (``Clear-Site-Data``).
"""

import hashlib
import re

from flask import Response, make_response, request, session

# The token of a form differs in each answer and stands for the same: that of the browser's session.
_TOKEN = re.compile(r'(name="csrf[_-]token" (?:value|content)=)"[^"]*"')


def unless_unchanged(page: str) -> Response:
    """The page, ``private, no-cache``; 304 where the browser has it as it is, made in the same session."""
    same = "\n".join([str(session.get("csrf_token")), _TOKEN.sub(r"\1", page)])
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(same.encode()).hexdigest()[:32])
    return response.make_conditional(request)
