"""Addresses that a request brings in its headers: read without trusting that they are any."""

from urllib.parse import SplitResult, urlsplit

from flask import Flask, request

from webapp.core.problems import Problem

HEADERS = ("Referer", "Origin")


def parts(address: str) -> SplitResult | None:
    """The parts of an address; None for what is none, such as ``http://[::1``."""
    try:
        found = urlsplit(address)
        _ = found.port, found.hostname  # these are read later, and may be refused only then
    except ValueError:
        return None
    return found


def init_addresses(app: Flask) -> None:
    """Refuse unreadable ones before any extension looks at them; call it before those."""
    app.before_request(_refuse)


def _refuse() -> None:
    for name in HEADERS:
        if parts(request.headers.get(name, "")) is None:
            raise Problem("bad-request", {name: "no address"})
    if parts(f"//{request.host}") is None:
        raise Problem("bad-request", {"Host": "no address"})
