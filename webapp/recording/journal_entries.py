"""What stands in a unit's journal beside facts.

A phone learns by a journal's entries which parts of the unit's working set have changed. The unit's own part carries the
journal's new head, so every entry changes it.
"""

from dataclasses import dataclass

from webapp.recording.facts.inspection import SECTIONS as OF_A_RECORD


@dataclass(frozen=True)
class JournalEntry:
    """An entry that is no fact, and the sections that it changes, by their names on the wire."""

    name: str
    sections: frozenset[str]


def _entry(name: str, sections: str) -> JournalEntry:
    return JournalEntry(name, frozenset(sections.split()))


CONFLICT = JournalEntry("conflict", OF_A_RECORD)  # another content came under a number that is known
DECISION = JournalEntry("decision", OF_A_RECORD)  # which of the two is in force
PHOTO = _entry("photo", "unit captures records cases")  # its bytes arrived
PHOTO_LOST = _entry("photo-lost", "unit")  # they will not come
# A draft was imported or thrown away; whoever it names as deliverer may not have judged.
LISTS = _entry("lists", "unit duties volumes returns draws watch records listed learned")
# The unit itself or its routes: other duties where the setting changed; whose delivery an item is, where another walks.
UNIT = _entry("unit", "unit duties draws returns points listed learned")
SIGNAL = _entry("signal", "unit cases")  # the server finds something strange: a case that is no line's
BESIDE_FACTS = (CONFLICT, DECISION, PHOTO, PHOTO_LOST, LISTS, UNIT, SIGNAL)
