"""What a channel is: a code, to whom it speaks, and a sender where the settings switch it on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """What is sent. ``id`` is the same try after try; ``to`` a mail address, or a robot's webhook with its ``secret``."""

    id: str
    to: str
    subject: str
    text: str
    site: str = ""  # where this server is reached, empty where no setting says it
    secret: str | None = None


class Undelivered(Exception):
    """A try in vain. ``code`` says why, in one word or two that are stored and put into words by a page, never an address.

    ``lasting``: trying again is no use. ``wait``: at least so long must be waited, says the other side.
    """

    def __init__(self, code: str, lasting: bool = False, wait: timedelta | None = None):
        super().__init__(code)
        self.code, self.lasting, self.wait = code, lasting, wait


class Sender(Protocol):
    """Sends one message, or raises :class:`Undelivered`. Holds no connection between two."""

    def send(self, message: Message) -> None:
        """Return when the other side has taken it."""


@dataclass(frozen=True)
class Channel:
    """``reaches``: ``person`` (to an address of theirs), ``group`` (a robot's), or ``nobody``: it is read, not sent.

    ``sender``: made of the settings, None where they leave the channel off. ``webhook_fault``: of a group's channel, what is
    wrong with an address somebody typed, as a reason of a field; None: nothing.
    """

    code: str
    reaches: str
    sender: Callable[[Mapping], Sender | None] = lambda _config: None
    webhook_fault: Callable[[Mapping, str], str | None] = lambda _config, _address: None
    signs: bool = False  # whether its robots may have a secret
