"""What a phone says in an inspection, capture or selection, once it has the right form: values, and how many there may be."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from webapp.core.text_lengths import is_blank
from webapp.rulebook.rules import Kind

ANSWERS = ("pass", "fail", "na")
WARNINGS = ("check-digit", "strange", "repeat")
NO_POSITION = ("given", "no-signal", "refused", "no-device", "other")
MAX_ITEMS = 200
MOST_PHOTOS = 12  # of one item
MOST_NAMED = 100  # criteria answered, fields of a form's head
MAX_TAG = 40  # characters as a person sees them
PHOTO_BYTES = 5 * 1024 * 1024
MOST_SPOKEN = 60  # seconds of a voice note
GROUP = "group:"  # before a group's code among stored answers
NO_SUBJECT = "-"  # of a record that is about no thing: a meeting, a balance
SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class DraftPhoto:
    """A photo that an item says it has."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class DraftVoice:
    """A voice note that an item says it has; ``seconds`` is how long it lasts."""

    sha256: str
    size: int
    seconds: int


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One checked thing as the phone sent it."""

    subject: str
    mail_class: str | None
    verdict: str | None
    answers: dict
    photos: tuple[DraftPhoto, ...]
    captures: tuple[str, ...]
    position: str | None
    stratum: str | None = None
    tag: str | None = None
    route: str | None = None
    none_came: tuple[str, ...] = ()  # groups of criteria of which there was nothing to judge
    voice: DraftVoice | None = None

    @property
    def stored_answers(self) -> dict:
        """The answers with the groups of which nothing came as ``group:<code>``: no criterion's code has a colon."""
        return self.answers | {f"{GROUP}{code}": "none" for code in self.none_came}


@dataclass(frozen=True, slots=True)
class Draft:
    """An inspection, capture or selection that has the right form; whether it may be is for operations to say."""

    type: str
    kind: str
    unit: str
    acting: str
    date: date
    about: date | None
    method: str
    started: datetime | None
    ended: datetime | None
    amends: str | None
    items: tuple[DraftItem, ...]
    header: dict = field(default_factory=dict)
    drawn: bool = False  # the server drew the items of this selection

    @property
    def day(self) -> date:
        """The day that decides the period."""
        return self.about or self.date

    def order_fault(self, kind: Kind) -> str | None:
        """What is wrong between the day of the work and the day that it is about; only a right clock can tell."""
        if self.about and self.about > self.date and kind.type != "selection":
            return "lies after the day of the work"
        if self.about and self.about < self.date and kind.type == "selection":
            return "lies before the day of the choice"
        return None


def tag_in(text: str | None) -> str | None:
    """The tag in what was written; None where nothing was."""
    return None if not text or is_blank(text) else text.strip()
