"""What a line says, and how a status follows from what was reached. None means that the domain says nothing of a figure."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.independent.known import Verdict

MET, PARTIAL, DUE, MISSED, UNKNOWN, NOT_APPLICABLE = (
    "met", "partial", "due", "missed", "unknown", "not applicable",
)  # fmt: skip
HEADS = {"director", "inspector"}
CAP = 20
UNSAID = -1  # of a minimum: the domain does not say what is shown


@dataclass(frozen=True)
class Answer:
    """One line: what the domain says of it at the moment."""

    status: str
    required: int | None = None
    done: int | None = None
    items: int | None = None
    passed: int | None = None
    failed: int | None = None
    why: str = ""


def tally_of(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Two verdicts on one item: a fail wins."""
    found: dict[str, str] = {}
    for verdict in verdicts:
        subject = verdict.thing.subject
        if found.get(subject) != "fail":
            found[subject] = verdict.thing.verdict
    return found


def figures(tally: dict[str, str]) -> dict:
    """Done, items, passed and failed of what was counted."""
    failed = sum(verdict == "fail" for verdict in tally.values())
    return {"done": len(tally), "items": len(tally), "passed": len(tally) - failed, "failed": failed}


def standing(reached: bool, started: bool, closed: bool) -> str:
    """A line of which everything is known."""
    if reached:
        return MET
    if closed:
        return MISSED
    return PARTIAL if started else DUE


def by_volume(possible: set[str], done: int, closed: bool) -> str:
    """A line of which a missing volume may change the verdict: ``possible`` are the verdicts of a closed line."""
    if MISSED not in possible:
        return MET if MET in possible else NOT_APPLICABLE
    if closed and possible == {MISSED}:
        return MISSED
    if closed:
        return UNKNOWN
    return PARTIAL if done else DUE
