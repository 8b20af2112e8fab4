"""When a digest is due, how long a failed delivery waits, what an address of ours looks like. Values only."""

from datetime import datetime, timedelta

from webapp.core.clock import LOCAL

LONGEST_ADDRESS, LONGEST_KEY = 200, 120
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=2)
GIVES_UP_AFTER = timedelta(days=1)  # from the first try
LEASE = timedelta(minutes=10)  # longer than any try can take: a worker that is silent so long is dead
A_MINUTE, TEXTS_A_MINUTE = timedelta(minutes=1), 20  # what a group robot takes, WeCom's and DingTalk's


def is_due(hour: int, now: datetime) -> bool:
    """Whether the local day's digest of somebody who reads it at ``hour`` can be made."""
    return now.astimezone(LOCAL).hour >= hour


def wait_after(tries: int, chance: float) -> timedelta:
    """How long to wait after the ``tries``-th try in vain: a minute, two, four …, at most two hours.

    ``chance`` (0 to 1) moves it by up to a quarter either way, so that what failed together does not come back together.
    """
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    return wait * (0.75 + chance / 2)


def room_at(lately: list[datetime], now: datetime) -> datetime | None:
    """From when on a robot takes one more text; None: at once. ``lately``: when it took the last ones."""
    recent = sorted(moment for moment in lately if now - A_MINUTE < moment)
    return None if len(recent) < TEXTS_A_MINUTE else recent[-TEXTS_A_MINUTE] + A_MINUTE


def is_address(text: str) -> bool:
    """Whether it is a path within this site: no other host, nothing that a browser takes for one."""
    inside = text.startswith("/") and not text.startswith(("//", "/\\"))
    return inside and len(text) <= LONGEST_ADDRESS and text.isprintable() and " " not in text


def is_phone_address(text: str) -> bool:
    """Whether it is a screen of the field app."""
    return is_address(text) and text.startswith("/app/")
