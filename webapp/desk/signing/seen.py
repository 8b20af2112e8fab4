"""The lines that somebody looked at, as one hidden field of the form: by digest, with the figures that a refusal shows again."""

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.core.problems import Problem
from webapp.inquiries.signing import ShownLine
from webapp.ledger.touched import Key

NOTHING = "-"


@dataclass(frozen=True)
class Seen:
    """A line as it was shown; ``required`` None: not known."""

    digest: str
    status: str
    done: int
    required: int | None


def written(texts: Iterable[str], shown: Iterable[ShownLine]) -> str:
    """The field's text: ``<duty> <period> <digest> <status> <done> <required>``, a line each."""
    figures = {(one.key.duty, one.key.period): one for one in shown}
    rows = []
    for text in texts:
        duty, period, _digest = text.split(" ")
        one = figures[duty, period]
        required = one.values["required"]
        rows.append(f"{text} {one.status} {one.values['done']} {NOTHING if required is None else required}")
    return "\n".join(rows)


def read(text: str, unit_code: str) -> dict[Key, Seen]:
    """The same read back; raises ``bad-request`` for what this page never wrote."""
    found = {}
    for row in text.splitlines():
        parts = row.split(" ")
        if len(parts) != 6 or not parts[4].isdecimal():
            raise Problem("bad-request")
        duty, period, digest, status, done, required = parts
        known = int(required) if required.isdecimal() else None
        found[Key(unit_code, duty, period)] = Seen(digest, status, int(done), known)
    return found


def texts_of(seen: dict[Key, Seen]) -> list[str]:
    """What goes into the fact: ``<duty> <period> <digest>`` of each line."""
    return [f"{key.duty} {key.period} {one.digest}" for key, one in seen.items()]
