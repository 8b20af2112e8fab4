"""What pages of documents say: states by shape and word, periods, titles, and frozen figures in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from webapp.desk.unit_and_period import period_title
from webapp.documents.rules import ACCEPTED, CHECKED, DRAFT, ISSUED, RECEIVED, RETURNED, SENT, STATES, VOID
from webapp.reports.tables import said
from webapp.rulebook.documents import document_types
from webapp.rulebook.periods import parse_period
from webapp.web.language import language

# A state by its shape and its colour.
LOOKS = {
    DRAFT: ("edit", "chip-quiet"),
    CHECKED: ("check", "chip-info"),
    ISSUED: ("flag", "chip-info"),
    SENT: ("forward", "chip-info"),
    RECEIVED: ("inbox", "chip-info"),
    ACCEPTED: ("check", "chip-ok"),
    RETURNED: ("back", "chip-warn"),
    VOID: ("cross", "chip-quiet"),
}


@dataclass(frozen=True)
class State:
    """A state as it is shown."""

    icon: str
    look: str
    word: str


def state_of(code: str) -> State:
    """A state by shape, colour and word."""
    icon, look = LOOKS[code]
    return State(icon, look, STATES[code].in_(language()))


def title_of(type: str, period: str) -> str:
    """``接转点检查情况报告 2026年11月``."""
    return f"{document_types()[type].title.in_(language())} {period_title(parse_period(period))}"


def cell_text(cell: Mapping, sort: str) -> str:
    """What a frozen figure says."""
    return said(cell, sort).in_(language())


def pieces_of(text: list) -> list[tuple[str, str | None]]:
    """A frozen text in pieces: (what it says, the code of the figure or None)."""
    return [(one, None) if isinstance(one, str) else (one[1][language()], one[0]) for one in text]


def instant(text: str | None) -> datetime | None:
    """An instant of a frozen body."""
    return datetime.fromisoformat(text) if text else None


def steps_of(type: str) -> list[tuple[str, str]]:
    """(code of the state, its word) of the way that a document of the type goes."""
    kind = document_types()[type]
    reached = {"send": SENT, "receive": RECEIVED, "accept": ACCEPTED}
    states = [DRAFT, CHECKED, ISSUED, *(reached[move] for move in kind.moves if move in reached)]
    return [(state, STATES[state].in_(language())) for state in states]


def fault_words(section: str, reason: str) -> str:
    """What is wrong with a section, by the code of the reason."""
    if reason == "empty":
        return _("%(section)s: the text is missing", section=section)
    return _("%(section)s: no such figure: %(codes)s", section=section, codes=reason)
