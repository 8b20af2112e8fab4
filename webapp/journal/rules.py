"""Digests, the journal's chain, and which fact of a chain of corrections is in force. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from webapp.core.clock import LOCAL, local_date
from webapp.core.ranges import FIRST_DAY

IN_FORCE, SUPERSEDED, WITHDRAWN, HELD, WAITING = "in-force", "superseded", "withdrawn", "held", "waiting"
GENESIS = "0" * 64
# A clock this close to the server's is right: what differs is the network.
SKEW_TOLERANCE = timedelta(seconds=60)
NOON = time(12)


def personal_hash(salt: str, personal: str) -> str:
    """SHA-256(salt ‖ personal) in hex: what stays when the personal part is deleted."""
    return hashlib.sha256((salt + personal).encode()).hexdigest()


def fact_digest(open_text: str, hash_of_personal: str) -> str:
    """SHA-256(open ‖ SHA-256(salt ‖ personal)) in hex; the inner digest enters as 32 raw bytes."""
    return hashlib.sha256(open_text.encode() + bytes.fromhex(hash_of_personal)).hexdigest()


def row_hash(previous: str, unit_code: str, seq: int, entry: str, digest: str) -> str:
    """The hash that chains a journal row to the one before it."""
    return hashlib.sha256(f"{previous}\n{unit_code}\n{seq}\n{entry}\n{digest}".encode()).hexdigest()


@dataclass(frozen=True)
class Link:
    """One fact of a chain of corrections."""

    id: str
    amends: str | None
    held: bool = False
    withdrawn: bool = False


def states(links: Iterable[Link]) -> dict[str, str]:
    """The state of each fact of a chain, whatever the order in which they came.

    Of two amendments of one parent the greater id is in force; withdrawing an amendment restores what it amended;
    a withdrawn or held fact is as if never made.
    """
    links = {link.id: link for link in links}
    children: dict[str, list[Link]] = {}
    for link in links.values():
        if link.amends in links:
            children.setdefault(link.amends, []).append(link)
    found = {link.id: _resting(link) for link in links.values()}
    for link in links.values():
        if link.amends not in links and (winner := _winner(link, children)):
            found[winner.id] = IN_FORCE
    return found


def _resting(link: Link) -> str:
    if link.withdrawn:
        return WITHDRAWN
    return HELD if link.held else SUPERSEDED


def _winner(link: Link, children: Mapping[str, list[Link]]) -> Link | None:
    for child in sorted(children.get(link.id, ()), key=lambda child: child.id, reverse=True):
        if winner := _winner(child, children):
            return winner
    return None if link.held or link.withdrawn else link


def clock_hold(day: date, made: datetime | None, server_time: datetime, skew: timedelta | None) -> str | None:
    """``clock`` where the work's date lies ahead, or the phone's skew would change it; else None.

    ``made``: when the phone saved it, by its own clock (None: in the middle of the day). ``skew``: the server's time minus the phone's at the push.
    """
    if day > local_date(server_time) or day < FIRST_DAY:
        return "clock"
    if skew is None or abs(skew) < SKEW_TOLERANCE:
        return None
    made = made or datetime.combine(day, NOON, LOCAL)
    return "clock" if local_date(made + skew) != local_date(made) else None


def role_hold(last_day: date | None, server_time: datetime, grace: timedelta) -> str | None:
    """``role`` where the role that the work was done in ended longer ago than ``grace``."""
    if last_day is None or local_date(server_time) <= last_day + grace:
        return None
    return "role"
