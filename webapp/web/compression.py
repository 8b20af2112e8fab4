"""Answers packed with gzip (RFC 1952) by the application: no proxy has to be asked, and none packs them again.

Built files lie packed beside themselves already (``web/assets.py``); photos, PDF and workbooks are packed by their own kind.
"""

import secrets
import struct
import zlib

from flask import Flask, Response, request

LEAST = 1000  # bytes; below that nothing is gained
LEVEL = 5
PACKED = ("text/", "application/json", "application/javascript", "application/manifest+json", "image/svg+xml")
PADDING = 100  # bytes at most
_HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"  # deflate, a name follows, no time, any system


def init_compression(app: Flask) -> None:
    """To be called before whatever else looks at answers: what is asked for first is done last."""
    app.after_request(_pack)


def packed(data: bytes) -> bytes:
    """``data`` as a gzip member of a length that tells little: the name in its head is of random length.

    A page holds a form's token and repeats what an address asked for; from the exact length of many such answers the token
    could be guessed (BREACH). No reader shows the name.
    """
    body = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = b"a" * secrets.randbelow(PADDING + 1)
    end = struct.pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return b"".join((_HEAD, name, b"\0", body.compress(data), body.flush(), end))


def _pack(response: Response) -> Response:
    if response.is_streamed or response.direct_passthrough or not response.mimetype.startswith(PACKED):
        return response
    response.vary.add("Accept-Encoding")
    small = (response.content_length or 0) < LEAST
    if small or response.content_encoding or not _is_taken():
        return response
    response.set_data(packed(response.get_data()))
    response.content_encoding = "gzip"
    tag, _weak = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # the same page in other bytes
    return response


def _is_taken() -> bool:
    """``gzip;q=0`` says no."""
    return request.accept_encodings["gzip"] > 0
