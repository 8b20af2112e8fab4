"""How a case stands: a pure fold of its opening and of the moves made since, in the order in which they arrived.

Each stored move was allowed when it came; the fold only says what it does. Overdue and escalated are no part of it: they are
functions of the standing and of a day, asked on every read. Cut the moves at an instant, and it says how the case stood then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from webapp.cases.clocks import Workdays, reached
from webapp.core.clock import local_date
from webapp.rulebook.case_rules import CaseRules, CaseType, Span, State, Step


@dataclass(frozen=True)
class Opening:
    """What a case begins with. ``opened_on``: the local day on which it arrived; ``deadline``: where a person set it."""

    type: str
    severity: str
    opened_on: date
    owner: str | None = None  # None: whoever leads the unit
    deadline: date | None = None
    before: bool = False  # older than the mechanism
    asker: str | None = None  # who raised it, of a case about another


@dataclass(frozen=True)
class Made:
    """A move that somebody made. ``day``: on which it counts; ``at``: when it arrived."""

    id: str
    move: str
    author: str
    acting: str
    day: date
    at: datetime
    values: Mapping = field(default_factory=dict)

    @property
    def arrived(self) -> date:
        """The local day of its arrival."""
        return local_date(self.at)


@dataclass(frozen=True)
class Given:
    """That the latest move gave the case to its owner: who did so, and what was in force before."""

    by: str
    owner: str | None
    owners: frozenset[str]
    deadline: date | None


@dataclass(frozen=True)
class Standing:
    """How a case stands after its moves."""

    state: str
    owner: str | None
    entered_on: date
    deadline: date | None
    first_deadline: date | None
    owners: frozenset[str] = frozenset()  # everybody who owned it since it was last opened
    answerer: str | None = None
    answered_on: date | None = None  # the last answer counts for this day
    in_time: bool | None = None  # whether the last answer came by the deadline of then
    answers: int = 0
    returns: int = 0
    closed_on: date | None = None
    asked: str | None = None  # the move that asked for more time and waits for an answer
    asker: str | None = None  # who asked, disputed or refused last
    grants: int = 0
    reopened: int = 0
    made: Mapping[str, int] = field(default_factory=dict)  # {move: how often}
    last_at: datetime | None = None
    given: Given | None = None  # by the latest move; whatever comes after it leaves nothing to be given back


def fold(
    opening: Opening, moves: Iterable[Made], rules: CaseRules, workdays: Workdays, fallen: bool = False
) -> Standing:
    """The standing after ``moves``. ``fallen``: its ground is gone (the verdict withdrawn), so it ends as void."""
    case_type = rules.types[opening.type]
    standing = _begun(opening, case_type, rules, workdays)
    for one in moves:
        if move := case_type.moves.get(one.move):
            standing = _after(standing, one, move, opening, case_type, rules, workdays)
    if fallen and case_type.void:
        return replace(standing, state=case_type.void.code)
    return standing


def opening_span(opening: Opening, rules: CaseRules) -> Span:
    """The first span: by the severity, or as many days as a person set."""
    if opening.deadline is None:
        return rules.severities[opening.severity].span
    return Span(max(1, (opening.deadline - opening.opened_on).days), workdays=False)


def _begun(opening: Opening, case_type: CaseType, rules: CaseRules, workdays: Workdays) -> Standing:
    state = case_type.before if opening.before and case_type.before else case_type.first
    runs = isinstance(state.span, str)
    deadline = (
        (opening.deadline or workdays.add(opening.opened_on, opening_span(opening, rules))) if runs else None
    )
    owners = frozenset({opening.owner} - {None})
    return Standing(
        state.code, opening.owner, opening.opened_on, deadline, deadline, owners, asker=opening.asker
    )


def _after(
    standing: Standing, one: Made, move, opening: Opening, case_type: CaseType, rules: CaseRules, workdays: Workdays
) -> Standing:  # fmt: skip
    made = {**standing.made, one.move: standing.made.get(one.move, 0) + 1}
    standing = replace(standing, made=made, last_at=one.at)
    effect = _EFFECTS.get(move.effect)
    if effect:
        standing = effect(standing, one, opening_span(opening, rules), workdays)
    if move.effect != "owner":
        standing = replace(standing, given=None)
    if move.to is not None and move.to != standing.state:
        standing = replace(standing, state=move.to, entered_on=one.arrived)
        if case_type.states[move.to].ends:
            standing = replace(standing, closed_on=one.arrived)
    return standing


def _owner(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    owner = one.values.get("owner")
    shorter = _day(one, "day")
    deadline = min(standing.deadline, shorter) if shorter and standing.deadline else standing.deadline
    given = Given(one.author, standing.owner, standing.owners, standing.deadline)
    owners = standing.owners | frozenset({owner} - {None})
    return replace(standing, owner=owner, owners=owners, deadline=deadline, given=given)


def _give_back(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    """As if never given: nor is who had it by mistake kept from looking again."""
    before = standing.given
    if before is None:
        return standing
    return replace(standing, owner=before.owner, owners=before.owners, deadline=before.deadline)


def _shorten(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    return replace(standing, deadline=min(_day(one, "day"), standing.deadline))


def _answer(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    in_time = None if standing.deadline is None else one.day <= standing.deadline
    return replace(
        standing, answerer=one.author, answered_on=one.day, in_time=in_time, answers=standing.answers + 1
    )


def _reject(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    """What was left of the deadline when the answer came is left again, one day at least; who came late stays late [Reading: returned]."""
    deadline = standing.deadline
    if deadline and standing.answered_on and standing.answered_on <= deadline:
        left = max(1, workdays.left(standing.answered_on, deadline, span))
        deadline = max(deadline, workdays.add(one.arrived, Span(left, span.workdays)))
    return replace(standing, deadline=deadline, returns=standing.returns + 1, in_time=None, closed_on=None)


def _ask(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    return replace(standing, asked=one.id, asker=one.author)


def _grant(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    """A late grant works back: an answer that came meanwhile may have been in time."""
    deadline = max(_day(one, "day"), standing.deadline)
    in_time = standing.in_time if standing.in_time is None else standing.answered_on <= deadline
    return replace(standing, deadline=deadline, in_time=in_time, asked=None, grants=standing.grants + 1)


def _deny(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    return replace(standing, asked=None)


def _reopen(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    """Its span begins anew."""
    deadline = workdays.add(one.arrived, span)
    owners = frozenset({standing.owner} - {None})
    return replace(
        standing, deadline=deadline, first_deadline=deadline, owners=owners, answerer=None, answered_on=None,
        in_time=None, closed_on=None, asked=None, grants=0, reopened=standing.reopened + 1,
    )  # fmt: skip


def _refuse(standing: Standing, one: Made, span: Span, workdays: Workdays) -> Standing:
    return replace(standing, asker=one.author)


_EFFECTS = {
    "owner": _owner,
    "give-back": _give_back,
    "shorten": _shorten,
    "answer": _answer,
    "reject": _reject,
    "ask": _ask,
    "grant": _grant,
    "deny": _deny,
    "reopen": _reopen,
    "refuse": _refuse,
}


def _day(one: Made, name: str) -> date | None:
    said = one.values.get(name)
    return date.fromisoformat(said) if said else None


# ---------------------------------------------------------------- functions of a standing and of a day


def due(standing: Standing, state: State, workdays: Workdays) -> date | None:
    """The day by which whoever is at turn must have moved; None where nothing is owed."""
    if isinstance(state.span, Span):
        return workdays.add(standing.entered_on, state.span)
    return standing.deadline if state.span else None


def overdue(due_on: date | None, today: date) -> bool:
    """Whether that day has passed."""
    return due_on is not None and due_on < today


def escalated(
    opening: Opening, standing: Standing, rules: CaseRules, today: date, workdays: Workdays
) -> Step | None:
    """The rung on which the case stands on ``today``; None where it does not climb: only what its owner owes does."""
    state = rules.types[opening.type].states[standing.state]
    if not isinstance(state.span, str) or standing.deadline is None:
        return None
    ladder = rules.ladders[opening.severity]
    return reached(ladder, standing.entered_on, standing.deadline, today, workdays)
