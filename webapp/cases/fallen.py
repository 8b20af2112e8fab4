"""Which cases had fallen away by an instant: decided not to have been right, or the records behind them corrected or withdrawn.

Today's standing says that a case is void, not since when: that is told by when the deciding move or the later record arrived.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.cases.models import Case, CaseMove, Occurrence
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.rulebook.queries import Editions

WITHDRAWAL = "withdrawal"


def fallen_by(session: Session, editions: Editions, here: ColumnElement[bool], at: datetime) -> set[str]:
    """Of the cases ``here`` (a condition on :class:`Case` and :class:`Unit`): those that had fallen by ``at``; two queries.

    What has fallen without a word of when (a balance that agrees meanwhile) counts as fallen from the beginning.
    """
    types = [one for book in editions.books for one in book.cases.types.values() if one.void]
    void = or_(*(and_(Case.type == one.code, Case.state == one.void.code) for one in types))
    gone = _records_gone(session, and_(here, void))
    decided = _decided(session, editions, and_(here, void))
    found = set()
    for one, instant in gone.items():
        instants = [each for each in (instant, decided.get(one)) if each is not None]
        if not instants or min(instants) <= at:
            found.add(one)
    return found


def _records_gone(session: Session, here: ColumnElement[bool]) -> dict[str, datetime | None]:
    """When the last record behind each case was corrected or withdrawn; None where one never was."""
    later = or_(
        and_(Fact.target == Occurrence.inspection_id, Fact.type == WITHDRAWAL),
        Fact.amends == Occurrence.inspection_id,
    )
    query = (
        select(Case.id, Occurrence.inspection_id, func.min(Fact.received_at))
        .join(Unit, Unit.code == Case.unit_code)
        .outerjoin(Occurrence, Occurrence.case_id == Case.id)
        .outerjoin(Fact, later)
        .where(here)
        .group_by(Case.id, Occurrence.inspection_id)
    )
    found: dict[str, list[datetime | None]] = {}
    for one, _record, instant in session.execute(query):
        found.setdefault(one, []).append(instant)
    return {one: _last(instants) for one, instants in found.items()}


def _last(instants: Iterable[datetime | None]) -> datetime | None:
    several = list(instants)
    return None if None in several else max(several)


def _decided(session: Session, editions: Editions, here: ColumnElement[bool]) -> dict[str, datetime]:
    """When it was decided about each case that nothing was wrong."""
    codes = {
        move.code
        for book in editions.books
        for one in book.cases.types.values()
        for move in one.with_effect("annul")
    }
    about = aliased(Case)
    query = (
        select(Case.id, func.min(CaseMove.at))
        .join(Unit, Unit.code == Case.unit_code)
        .join(about, about.parent == Case.id)
        .join(CaseMove, CaseMove.case_id == about.id)
        .where(here, CaseMove.move.in_(codes))
        .group_by(Case.id)
    )
    return dict(session.execute(query).all())
