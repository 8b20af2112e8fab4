"""What an office takes headings for that do not say it themselves: remembered, bounded, forgotten on demand."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.org.models import ColumnChoice, Unit
from webapp.org.rules import Actor

MOST = 200  # headings of one office and sort of file; the oldest go


def _of(unit_code: str, sort: str) -> tuple:
    return ColumnChoice.unit_code == unit_code, ColumnChoice.sort == sort


def remembered(session: Session, unit_code: str, sort: str) -> dict[str, str]:
    """{key of a heading: column, or "" where it is not read} of the unit's files of this sort."""
    query = select(ColumnChoice.heading, ColumnChoice.taken).where(*_of(unit_code, sort))
    return dict(session.execute(query).all())


def remember(
    session: Session, actor: Actor, now: datetime, unit: Unit, sort: str, said: Mapping[str, str | None]
) -> None:
    """Keep what was chosen in a file that was imported; a heading whose value is None is forgotten again."""
    if not said:
        return
    session.execute(delete(ColumnChoice).where(*_of(unit.code, sort), ColumnChoice.heading.in_(said)))
    for heading, taken in said.items():
        if taken is not None:
            session.add(
                ColumnChoice(
                    unit_code=unit.code, sort=sort, heading=heading, taken=taken,
                    chosen_by=actor.person_id, chosen_at=now,
                )
            )  # fmt: skip
    session.flush()
    newest = select(ColumnChoice.heading).where(*_of(unit.code, sort))
    newest = newest.order_by(ColumnChoice.chosen_at.desc(), ColumnChoice.heading).offset(MOST)
    if old := session.scalars(newest.limit(MOST)).all():
        session.execute(delete(ColumnChoice).where(*_of(unit.code, sort), ColumnChoice.heading.in_(old)))


def forget(session: Session, unit_code: str, sort: str) -> None:
    """Know of this sort of file only what its headings say."""
    session.execute(delete(ColumnChoice).where(*_of(unit_code, sort)))
