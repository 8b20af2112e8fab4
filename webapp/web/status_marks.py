"""A status as shape, word and colour, and how many lines stand in each: drawn in Python, for a ledger has hundreds.

Templates call them through ``parts/status.html``; nothing here comes from outside but counts and known codes.
"""

from collections.abc import Mapping
from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from webapp.web import labels
from webapp.web.language import language

Counts = tuple[tuple[str, int], ...]  # of lines by status
ORDER = ("met", "partial", "due", "unknown", "missed")
_PART = '<rect class="bar-{}" x="{:g}" y="0" width="{:g}" height="6"/>'  # of a known code and numbers: nothing to escape
_BAR = Markup(
    '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
)


def init_marks(app: Flask) -> None:
    """Give the templates ``marks``."""

    @lru_cache(maxsize=64)
    def drawn(code: str, quiet: bool, spoken: str) -> Markup:
        with_icons = app.jinja_env.get_template("parts/icons.html").module
        quietly = " status-quiet" if quiet else ""
        shape = with_icons.icon(f"status-{code}")
        return Markup('<span class="status status-{}{}">{}<span>{}</span></span>').format(
            code, quietly, shape, str(labels.STATUS[code])
        )

    def status(code: str, quiet: bool = False) -> Markup:
        """The mark of a known status."""
        return drawn(code, bool(quiet), language())

    app.jinja_env.globals["marks"] = {"status": status, "bar": bar, "words": in_words}


@lru_cache(maxsize=16)
def _names(spoken: str) -> dict[str, str]:
    return {code: str(labels.STATUS[code]) for code in ORDER}


def in_words(lines: Mapping[str, int]) -> str:
    """``达标 3 · 未达标 1``: the statuses that have lines, in their order."""
    return _in_words(tuple(lines.items()), language())


def _in_words(counts: Counts, spoken: str) -> str:
    names, lines = _names(spoken), dict(counts)
    return " · ".join(f"{names[code]} {lines[code]:,}" for code in ORDER if lines.get(code))


def bar(lines: Mapping[str, int]) -> Markup:
    """How many lines stand in each status, as one bar of 100 units; nothing where none is applicable."""
    return _bar(tuple(lines.items()), language())


@lru_cache(maxsize=1024)
def _bar(counts: Counts, spoken: str) -> Markup:
    lines = dict(counts)
    total = sum(lines.values()) - lines.get("not-applicable", 0)
    if not total:
        return Markup("")
    at, parts = 0.0, []
    for code in ORDER:
        if count := lines.get(code):
            width = 100 * count / total
            parts.append(_PART.format(code, round(at, 2), round(width, 2)))
            at += width
    return _BAR.format(_in_words(counts, spoken), Markup("".join(parts)))  # noqa: S704  (codes and numbers of ours)
