"""Case rules as values: severities, ladders, causes, and the types of cases with their states and moves. Pure.

Read from ``cases.toml``; an edition may bring tables of its own. What a case does with them stands in ``webapp/cases``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from webapp.org.rules import LEVELS
from webapp.rulebook.texts import Text

TABLES = ("severity", "ladder", "cause", "case")
PARTIES = ("owner", "inspected", "head", "county", "checker", "issuer", "giver")
NEVER = ("owner", "answerer", "finder", "asker")
NEEDS = ("text", "cause", "photo", "owner", "day")
EFFECTS = (
    "owner", "give-back", "shorten", "ask", "grant", "deny", "answer", "reject", "reopen", "press", "refuse", "annul",
)  # fmt: skip
LATE = ("owner", "checker", "county", "issuer")
SPANS = ("severity", "deadline")


@dataclass(frozen=True)
class Span:
    """So many days or workdays, counted from the day after."""

    count: int
    workdays: bool


@dataclass(frozen=True)
class Severity:
    """How bad it is, how long it may take to be put right, how many points it costs [DOMAIN2 C.3, F]."""

    code: str
    title: Text
    span: Span
    points: int


@dataclass(frozen=True)
class Step:
    """A rung of the ladder: ``after`` so many workdays after the deadline (None: at the opening) the level ``to`` sees it."""

    after: int | None
    to: str
    act: str | None = None


@dataclass(frozen=True)
class Cause:
    """Why something went wrong (根因)."""

    code: str
    title: Text


@dataclass(frozen=True)
class State:
    """Where a case stands. ``span``: "severity", "deadline" or a :class:`Span`, whose end makes ``late`` late; None: no clock."""

    code: str
    title: Text
    span: str | Span | None = None
    late: str | None = None
    ends: bool = False
    void: bool = False
    before: bool = False


@dataclass(frozen=True)
class Move:
    """What somebody may do with a case. ``to`` None: the state stays. ``done``: how its history calls it."""

    code: str
    title: Text
    done: Text
    start: tuple[str, ...]
    to: str | None
    by: tuple[str, ...]
    never: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    effect: str | None = None
    opens: str | None = None
    within: int | None = None
    once: int | None = None
    phone: bool = False


@dataclass(frozen=True)
class CaseType:
    """A type of case; its first state is where it begins. ``number``: the form of its number, where it has one."""

    code: str
    title: Text
    states: Mapping[str, State]
    moves: Mapping[str, Move]
    recurs: int = 0
    reopens: int = 0
    extensions: int = 0
    number: str | None = None
    issued_by: str | None = None  # the lowest level that opens one of itself

    @property
    def first(self) -> State:
        """Where it begins."""
        return next(iter(self.states.values()))

    @property
    def void(self) -> State | None:
        """Where it ends when its ground falls away."""
        return next((state for state in self.states.values() if state.void), None)

    @property
    def before(self) -> State | None:
        """Where it stands when it is older than the mechanism itself."""
        return next((state for state in self.states.values() if state.before), None)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """The moves that can be made in the state, in their order."""
        return tuple(move for move in self.moves.values() if state in move.start)

    def with_effect(self, effect: str) -> tuple[Move, ...]:
        """The moves that do this."""
        return tuple(move for move in self.moves.values() if move.effect == effect)


@dataclass(frozen=True)
class CaseRules:
    """All of it; severities in the order of their weight."""

    severities: Mapping[str, Severity]
    ladders: Mapping[str, tuple[Step, ...]]  # by severity
    causes: Mapping[str, Cause]
    types: Mapping[str, CaseType]

    def worse(self, severity: str) -> str:
        """One severity higher; the highest stays [DOMAIN2 C.3]."""
        codes = list(self.severities)
        return codes[min(codes.index(severity) + 1, len(codes) - 1)]

    @property
    def gravest(self) -> str:
        """The highest severity."""
        return list(self.severities)[-1]

    @property
    def of_findings(self) -> CaseType:
        """The type that a failed criterion opens: the one in which recurrences count."""
        return next(one for one in self.types.values() if one.recurs)

    @property
    def of_orders(self) -> CaseType:
        """The type that somebody above issues, with a number."""
        return next(one for one in self.types.values() if one.issued_by)

    @property
    def of_sightings(self) -> CaseType:
        """The type that the server itself opens: neither found, nor raised by a move, nor issued."""
        raised = {move.opens for one in self.types.values() for move in one.moves.values()}
        return next(
            one
            for one in self.types.values()
            if not one.recurs and not one.issued_by and one.code not in raised
        )


def read(data: Mapping) -> CaseRules:
    """The rules in the tables of an edition, each table that it lacks as shipped.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` with what is wrong and where.
    """
    tables = with_shipped(data)
    severities = {row["code"]: _severity(row) for row in tables["severity"]}
    types = {row["code"]: _type(row) for row in tables["case"]}
    ladders = {code: _steps(row) for row in tables["ladder"] for code in row["severity"]}
    causes = {row["code"]: Cause(row["code"], _text(row)) for row in tables["cause"]}
    _check(severities, ladders, types)
    return CaseRules(severities, ladders, causes, types)


def with_shipped(data: Mapping) -> dict:
    """The tables of an edition, each that it lacks as shipped."""
    return {name: data.get(name) or _shipped()[name] for name in TABLES}


@cache
def _shipped() -> dict:
    return tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))


@cache
def shipped() -> CaseRules:
    """The rules that ship with Toucha."""
    return read({})


def _text(row: Mapping, prefix: str = "") -> Text:
    return Text(row[prefix + "zh"], row[prefix + "en"])


def _span(row: Mapping, place: str) -> Span:
    for name in ("days", "workdays"):
        if name in row:
            count = row[name]
            if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 366:
                raise ValueError(f"{place}.{name}: from 1 to 366")
            return Span(count, name == "workdays")
    raise ValueError(f"{place}: days or workdays")


def _severity(row: Mapping) -> Severity:
    place = f"severity {row['code']}"
    return Severity(row["code"], _text(row), _span(row, place), int(row["points"]))


def _steps(row: Mapping) -> tuple[Step, ...]:
    steps = tuple(Step(one.get("after"), one["to"], one.get("act")) for one in row["steps"])
    for one in steps:
        _among(f"ladder {row['severity']}.to", [one.to], LEVELS)
    ranks = [LEVELS.index(one.to) for one in steps]
    if not steps or ranks != sorted(ranks, reverse=True):
        raise ValueError(f"ladder {row['severity']}: its steps lead upwards")
    return steps


def _state(row: Mapping, place: str) -> State:
    span = row.get("span")
    if span is not None:
        _among(f"{place}.span", [span], SPANS)
    elif "days" in row or "workdays" in row:
        span = _span(row, place)
    if "late" in row:
        _among(f"{place}.late", [row["late"]], LATE)
    flags = {name: bool(row.get(name, False)) for name in ("ends", "void", "before")}
    return State(row["code"], _text(row), span, row.get("late"), **flags)


def _move(row: Mapping, place: str, states: Mapping[str, State]) -> Move:
    here = f"{place} move {row['code']}"
    _among(f"{here}.from", row["from"], states)
    _among(f"{here}.to", [row["to"]] if "to" in row else [], states)
    _among(f"{here}.by", row["by"], PARTIES)
    _among(f"{here}.never", row.get("never", []), NEVER)
    _among(f"{here}.needs", row.get("needs", []), NEEDS)
    _among(f"{here}.effect", [row["effect"]] if "effect" in row else [], EFFECTS)
    return Move(
        row["code"], _text(row), _text(row, "done_"), tuple(row["from"]), row.get("to"), tuple(row["by"]),
        tuple(row.get("never", ())), tuple(row.get("needs", ())), row.get("effect"), row.get("opens"),
        row.get("within"), row.get("once"), bool(row.get("phone", False)),
    )  # fmt: skip


def _type(row: Mapping) -> CaseType:
    place = f"case {row['code']}"
    states = {one["code"]: _state(one, f"{place} state {one['code']}") for one in row["state"]}
    moves = {one["code"]: _move(one, place, states) for one in row["move"]}
    numbers = {name: int(row.get(name, 0)) for name in ("recurs", "reopens", "extensions")}
    if not any(state.ends for state in states.values()):
        raise ValueError(f"{place}: no state ends it")
    return CaseType(
        row["code"],
        _text(row),
        states,
        moves,
        number=row.get("number"),
        issued_by=row.get("issued_by"),
        **numbers,
    )


def _among(place: str, said, known) -> None:
    for one in said:
        if one not in known:
            raise ValueError(f"{place}: {one!r} is none of {', '.join(known)}")


def _check(severities: Mapping, ladders: Mapping, types: Mapping[str, CaseType]) -> None:
    """What the tables say of each other."""
    for code in severities:
        if code not in ladders:
            raise ValueError(f"ladder: none for {code}")
    _among("ladder.severity", ladders, severities)
    for one in types.values():
        opened = [move.opens for move in one.moves.values() if move.opens]
        _among(f"case {one.code} move.opens", opened, types)
    finding = [one for one in types.values() if one.recurs]
    if len(finding) != 1 or finding[0].void is None:
        raise ValueError("case: one type, and one only, is opened by what fails; it has a void state")
    if not any(one.issued_by for one in types.values()):
        raise ValueError("case: no type is issued from above")
