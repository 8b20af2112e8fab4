"""Pages of a long list: which one the address asks for, and the addresses of the others."""

from urllib.parse import urlencode

from flask import request


def number_of(count: int, size: int) -> tuple[int, int]:
    """The page that ``?page=`` asks for, and how many there are; the nearest one where there is no such page."""
    pages = max(1, -(-count // size))
    return max(1, min(request.args.get("page", 1, type=int), pages)), pages


def page_url() -> str:
    """This list at another page: a format string, as parts/pagination wants it."""
    kept = {key: value for key, value in request.args.items() if key != "page" and value}
    return f"?{urlencode(kept)}{'&' if kept else ''}".replace("{", "{{").replace("}", "}}") + "page={}"
