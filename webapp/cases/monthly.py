"""The figures of a month for a unit and those below, read only: as the month is known now, and as it stood at an instant.

As known now the database sums by the unit right below, kind, criterion and marks: a fixed number of queries, whatever there is;
only the marks are put together in Python (``figures.py``). At an instant each case that can matter is folded with the moves that
had arrived by then, in Python, again in a fixed number of queries. A test holds the two against each other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, extract, func, or_, select
from sqlalchemy.orm import Session

from webapp.cases.fallen import fallen_by
from webapp.cases.figures import (
    AGAIN,
    AHEAD,
    ANSWER,
    CLOSED,
    DONE,
    DUE,
    IN_TIME,
    LATE,
    OPEN,
    OPENED,
    OWN,
    RETURNED,
    Group,
    Seen,
    Share,
    Value,
    answers_of,
    groups_of,
    passed_in,
    values,
)  # fmt: skip
from webapp.cases.folding import fold
from webapp.cases.models import Case, CaseMove
from webapp.cases.standing import made_of, opening_of, rules_for, workdays_of
from webapp.core.clock import local_date
from webapp.org.models import Unit
from webapp.org.queries import child_path, within
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.queries import Editions

MONTHS = 12  # a trend looks back a year


@dataclass(frozen=True)
class Row:
    """The figures of one unit with those below it."""

    unit: Unit
    values: dict[str, Value]
    ahead: int  # with a deadline in the month that has not passed


@dataclass(frozen=True)
class Fault:
    """The figures of one criterion of one kind of record."""

    kind: str
    criterion: str
    values: dict[str, Value]
    opened: int


@dataclass(frozen=True)
class MonthFigures:
    """A unit's month. ``since``: the day of the first case of all; None: there has been none yet."""

    unit: Unit
    month: Period
    since: date | None
    total: Row
    rows: list[Row]
    faults: list[Fault]

    @property
    def before(self) -> bool:
        """Whether the whole month lies before anything was followed: nothing is known of it, which is not zero."""
        return self.since is not None and self.month.last < self.since

    @property
    def partly(self) -> bool:
        """Whether problems were followed from some day of the month on."""
        return self.since is not None and self.month.first < self.since <= self.month.last


def figures_of(
    session: Session, editions: Editions, unit: Unit, month: Period, now: datetime, at: datetime | None = None
) -> MonthFigures:
    """The figures of the unit, of the units right below it and of each criterion.

    ``at``: as they stood at that instant; None: as they are known ``now``. A fixed number of queries.
    """
    if at is None:
        groups = [
            *known(session, editions, unit, month, local_date(now)),
            *_spans(session, editions, unit, month),
            *_answers(session, editions, unit, month),
        ]
    else:
        groups = list(stood(session, editions, unit, month, at))
    by_path: dict[str, list[Group]] = {}
    for one in groups:
        by_path.setdefault(one.path, []).append(one)
    rows = [_row(one, by_path.get(one.path, ())) for one in _units(session, unit, month, by_path)]
    return MonthFigures(unit, month, first_day(session), _row(unit, groups), rows, _faults(groups))


def first_day(session: Session) -> date | None:
    """The day on which the first case of all was opened: of the months before nothing is known."""
    return session.scalar(select(func.min(Case.opened_on)))


def _units(session: Session, unit: Unit, month: Period, there: Iterable[str]) -> list[Unit]:
    """The units right below that were open in the month or have figures; the unit itself where something is its own."""
    if unit.level == "department":
        return [unit]
    below = session.scalars(select(Unit).where(Unit.parent_code == unit.code).order_by(Unit.code))
    found = [unit] if unit.path in there else []
    return found + [
        one
        for one in below
        if one.path in there
        or (one.opened_on <= month.last and (one.closed_on is None or one.closed_on > month.first))
    ]


def _row(unit: Unit, groups: Sequence[Group]) -> Row:
    return Row(unit, values(groups), sum(one.count for one in groups if AHEAD in one.marks))


def _faults(groups: Iterable[Group]) -> list[Fault]:
    """By criterion, the most often opened first; only what was opened or fell due in the month."""
    named: dict[tuple[str, str], list[Group]] = {}
    for one in groups:
        if one.kind and one.criterion and one.marks & {OPENED, DUE}:
            named.setdefault((one.kind, one.criterion), []).append(one)
    found = [
        Fault(*name, values(several), sum(one.count for one in several if OPENED in one.marks))
        for name, several in named.items()
    ]
    return sorted(found, key=lambda one: (-one.opened, one.kind, one.criterion))


# ---------------------------------------------------------------- as it is known now


def _counted(editions: Editions) -> ColumnElement[bool]:
    """The cases that figures speak of: what failed, neither withdrawn nor older than the mechanism."""
    types = [book.cases.of_findings for book in editions.books]
    voids = {one.code: {each.void.code for each in types if each.code == one.code} for one in types}
    return and_(
        ~Case.before, or_(*(and_(Case.type == code, Case.state.not_in(void)) for code, void in voids.items()))
    )


def _of_unit(query, unit: Unit, editions: Editions):
    return query.join(Unit, Unit.code == Case.unit_code).where(within([unit.path]), _counted(editions))


def _between(column, first: date, last: date) -> ColumnElement[bool]:
    return func.coalesce(column.between(first, last), False)


def _marks(month: Period, today: date) -> dict[str, ColumnElement[bool]]:
    """:func:`webapp.cases.figures.marks_of` in SQL."""
    due = _between(Case.deadline, *passed_in(month, today))
    return {
        OPENED: _between(Case.opened_on, month.first, month.last),
        AGAIN: Case.previous.is_not(None),
        OWN: Case.found_by == Case.unit_code,
        DUE: due,
        AHEAD: and_(_between(Case.deadline, month.first, month.last), ~due),
        IN_TIME: func.coalesce(Case.in_time, False),
        DONE: Case.ended,
        OPEN: ~Case.ended,
        LATE: and_(Case.climbs, func.coalesce(Case.deadline < today, False)),
    }


def known(session: Session, editions: Editions, unit: Unit, month: Period, today: date) -> list[Group]:
    """Cases as they stand now, summed by the unit right below, kind, criterion and marks; one query."""
    marks = {mark: is_so.label(f"is_{n}") for n, (mark, is_so) in enumerate(_marks(month, today).items())}
    here = or_(
        ~Case.ended,
        *(_between(column, month.first, month.last) for column in (Case.opened_on, Case.deadline)),
    )
    each = select(child_path(session, unit).label("path"), Case.kind, Case.criterion, *marks.values())
    each = _of_unit(each, unit, editions).where(here).subquery()
    rows = session.execute(select(*each.c, func.count()).group_by(*each.c))
    return [
        Group(path, kind, criterion, frozenset(mark for mark, so in zip(marks, said, strict=True) if so), count)
        for path, kind, criterion, *said, count in rows
    ]  # fmt: skip


def _spans(session: Session, editions: Editions, unit: Unit, month: Period) -> list[Group]:
    """From which day to which the cases closed in the month were open; one query, a row for each pair of days."""
    each = select(child_path(session, unit).label("path"), Case.opened_on, Case.closed_on)
    each = _of_unit(each, unit, editions).where(Case.ended, _between(Case.closed_on, month.first, month.last))
    each = each.subquery()
    rows = session.execute(select(*each.c, func.count()).group_by(*each.c))
    closed = frozenset({CLOSED})
    return [Group(path, None, None, closed, count, (last - first).days) for path, first, last, count in rows]


def _answers(session: Session, editions: Editions, unit: Unit, month: Period) -> list[Group]:
    """The answers that count for days of the month, and whether what was made next with each is a return; one query."""
    answers, rejects = (_codes(editions, effect) for effect in ("answer", "reject"))
    in_month = _between(CaseMove.day, month.first, month.last)
    answered = select(CaseMove.case_id).where(CaseMove.move.in_(answers), in_month)
    follows = func.lead(CaseMove.move).over(partition_by=CaseMove.case_id, order_by=CaseMove.seq)
    each = select(child_path(session, unit).label("path"), CaseMove.move, CaseMove.day, follows.label("next"))
    each = each.join(Case, Case.id == CaseMove.case_id).where(
        CaseMove.move.in_(answers | rejects), CaseMove.case_id.in_(answered)
    )
    each = _of_unit(each, unit, editions).subquery()
    returned = func.sum(case((each.c.next.in_(rejects), 1), else_=0))
    rows = session.execute(
        select(each.c.path, func.count(), returned)
        .where(each.c.move.in_(answers), each.c.day.between(month.first, month.last))
        .group_by(each.c.path)
    )
    found = []
    for path, count, back in rows:
        found.append(Group(path, None, None, frozenset({ANSWER}), count - int(back)))
        found.append(Group(path, None, None, frozenset({ANSWER, RETURNED}), int(back)))
    return found


def _codes(editions: Editions, effect: str) -> set[str]:
    """The moves of what failed that do this, in any edition."""
    return {move.code for book in editions.books for move in book.cases.of_findings.with_effect(effect)}


# ---------------------------------------------------------------- as it stood at an instant


def stood(session: Session, editions: Editions, unit: Unit, month: Period, at: datetime) -> Iterator[Group]:
    """The cases as they stood at ``at``, folded with the moves that had arrived by then; a fixed number of queries."""
    here = _stood_here(editions, unit, month, at)
    query = select(Case, child_path(session, unit)).join(Unit, Unit.code == Case.unit_code).where(here)
    moves: dict[str, list] = {}
    made = select(CaseMove).join(Case, Case.id == CaseMove.case_id).join(Unit, Unit.code == Case.unit_code)
    made = made.where(here, CaseMove.at <= at).order_by(CaseMove.case_id, CaseMove.seq)
    for row in session.scalars(made):
        moves.setdefault(row.case_id, []).append(made_of(row))
    fallen, workdays, today = fallen_by(session, editions, here, at), workdays_of(session), local_date(at)
    for one, path in session.execute(query).all():
        if one.id in fallen:
            continue
        rules, mine = rules_for(editions, one), moves.get(one.id, ())
        standing = fold(opening_of(one), mine, rules, workdays)
        case_type = rules.types[one.type]
        state = case_type.states[standing.state]
        seen = Seen(
            one.opened_on, one.previous is not None, one.found_by == one.unit_code, standing.deadline,
            standing.in_time is True, standing.closed_on, state.ends, isinstance(state.span, str),
        )  # fmt: skip
        yield from groups_of(path, one.kind, one.criterion, seen, month, today)
        yield from (Group(path, None, None, marks) for marks in answers_of(mine, case_type, month))


def _stood_here(editions: Editions, unit: Unit, month: Period, at: datetime) -> ColumnElement[bool]:
    """Cases that can have a part in the month as it stood then, and perhaps some more.

    Left out is only what was closed for good before the month and due before it: no move since can have brought it there.
    """
    types = {book.cases.of_findings.code for book in editions.books}
    dates = (Case.opened_on, Case.deadline, Case.closed_on)
    return and_(
        within([unit.path]),
        ~Case.before,
        Case.type.in_(types),
        Case.opened_at <= at,
        or_(~Case.ended, Case.closed_on.is_(None), *(column >= month.first for column in dates)),
    )


# ---------------------------------------------------------------- over time, and beside the ledger


def trend(session: Session, editions: Editions, unit: Unit, until: Period, today: date) -> list[tuple[Period, Share]]:  # fmt: skip
    """What was put right in time in the twelve months up to ``until``, the oldest first, as known now; one query."""
    months = [until]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    first, last = months[0].first, passed_in(until, today)[1]
    year, month = extract("year", Case.deadline), extract("month", Case.deadline)
    each = select(year.label("year"), month.label("month"), func.coalesce(Case.in_time, False).label("good"))
    each = _of_unit(each, unit, editions).where(Case.deadline.between(first, last)).subquery()
    found: dict[str, list[int]] = {}
    for year, month, good, count in session.execute(select(*each.c, func.count()).group_by(*each.c)):
        sums = found.setdefault(period_of("month", date(int(year), int(month), 1)).code, [0, 0])
        sums[0] += count if good else 0
        sums[1] += count
    return [(one, Share(*found.get(one.code, (0, 0)))) for one in months]


def solved_in_time(
    session: Session, editions: Editions, unit: Unit, period: Period, today: date, kinds: Sequence[str],
    settings: Sequence[str] = (),
) -> Share:  # fmt: skip
    """Of what records of these ``kinds`` found: how much fell due in the period, and how much of it was put right in time.

    ``settings``: only of departments that are such; empty: of all. As known now; one query.
    """
    in_time = func.coalesce(func.sum(case((func.coalesce(Case.in_time, False), 1), else_=0)), 0)
    query = _of_unit(select(in_time, func.count()).select_from(Case), unit, editions)
    query = query.where(Case.kind.in_(kinds), Case.deadline.between(*passed_in(period, today)))
    if settings:
        query = query.where(Unit.setting.in_(settings))
    top, bottom = session.execute(query).one()
    return Share(int(top), bottom)
