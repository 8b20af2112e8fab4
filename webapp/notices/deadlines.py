"""What a calendar shows: the days by which a person has to have done something. Whoever knows some provides them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # how they look in a calendar is pure, and needs this module
    from sqlalchemy.orm import Session

    from webapp.org.models import Person


@dataclass(frozen=True)
class Deadline:
    """``uid``: the same for one thing for ever, also when its day moves; ``address``: a path of the desk that opens it."""

    uid: str
    day: date
    zh: str
    en: str
    address: str


Provider = Callable[["Session", "Person"], list[Deadline]]
_PROVIDERS: list[Provider] = []


def provide(provider: Provider) -> Provider:
    """Ask this function, too, from now on; once however often it is said. To be called where a domain's module is read."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def deadlines_of(session: "Session", person: "Person") -> list[Deadline]:
    """All deadlines of the person, by day."""
    found = [one for provider in _PROVIDERS for one in provider(session, person)]
    return sorted(found, key=lambda one: (one.day, one.uid))
