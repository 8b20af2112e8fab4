"""What the house has to know of each type of fact: one answer to each question, in the type's own file.

A type is registered once, in ``registry``; nowhere else stands a list of types. Docs: architecture, "A new type of fact".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from webapp.inspections.drafts import Draft
from webapp.journal.models import Fact
from webapp.recording.bulk import Gathered
from webapp.recording.entries import Entry
from webapp.recording.guards import Context
from webapp.recording.writing import Work
from webapp.rulebook.queries import Editions
from webapp.rulebook.rules import Rulebook, Text

# How a page shows what a fact says beside its items: the head of a form, also what was chosen, a change of the relay
# register, a day's volumes, a move of a case (webapp/desk/records/contents.py).
FORM, CHOICE, REGISTER, VOLUMES, CASE = "form", "choice", "register", "volumes", "case"


@dataclass(frozen=True)
class Frozen:
    """The opened texts of a fact whose head has the right form."""

    open: dict
    personal: str
    date: date
    target: str | None
    reason: str | None
    rulebook: Rulebook | Editions


@dataclass(frozen=True)
class Parts:
    """What a type reads from a fact beside its head. ``target``: the fact that it speaks of; ``day``, ``made``: see :class:`Entry`."""

    draft: Draft | None = None
    target: str | None = None
    day: date | None = None
    made: datetime | None = None


def nothing_more(frozen: Frozen) -> Parts:
    """Of a type whose head says all that is read before the guards."""
    return Parts()


def no_other_units(context: Context, entry: Entry) -> list[str]:
    """Of a type that enters the journals of the unit it is about and of the one that acts alone."""
    return []


@dataclass(frozen=True)
class FactType:
    """One type of fact.

    ``name``: as it stands in ``open`` and in the journal. ``title``: what people call it; None where its kind says so.
    ``from_phone``: a push may bring it; else only a page of this server makes it.
    ``by_another_hand``: whoever leads its unit may bring it in a file, in its author's name.
    ``amendable``: of two contents under one number the second can be put in force, as a correction of the first.
    ``sections``: the parts of a phone's working set that it changes, by their names on the wire.
    ``shown``: how a page shows what it says beside its items, one of those above.
    ``read``: its own part of ``open``; raises ``bad-fact``, before anything is asked of the database.
    ``binds``: codes of further units whose journals it enters.
    ``guard``: raises the problem for which it is refused; what it found out goes to ``apply``.
    ``apply``: stores the fact, unfolds it, and marks in the work which lines it moves.
    ``gather``: the same as ``apply`` for many at once, where no other fact speaks of them and nothing has to be read back;
    returns state and hold. None: each is applied by itself.
    """

    name: str
    title: Text | None
    from_phone: bool
    sections: frozenset[str]
    guard: Callable[[Context, Entry], Any]
    apply: Callable[[Context, Entry, Any, Work], Fact]
    by_another_hand: bool = False
    amendable: bool = False
    shown: str = FORM
    read: Callable[[Frozen], Parts] = nothing_more
    binds: Callable[[Context, Entry], list[str]] = no_other_units
    gather: Callable[[Context, Entry, Any, Gathered, Work], str | None] | None = None
