"""What became of what was found in the demo's past: answered in time or late, looked at again, returned, closed, left lying."""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.cases.models import Case
from webapp.cases.rights import known, staff_of
from webapp.core.clock import local_date
from webapp.demo.pictures import keep, picture
from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.photos.store import PhotoStore
from webapp.recording.operations import record_at_desk
from webapp.rulebook.queries import editions_of

# How likely somebody moves a case on each occasion, by the manner of the office.
ANSWERS = {"good": 0.9, "sloppy": 0.3, "late": 0.45, "dishonest": 0.6, "steady": 0.8}
CHECKS = {"good": 0.95, "sloppy": 0.6, "late": 0.6, "dishonest": 0.7, "steady": 0.9}
RETURNED = 0.12
WORDS = (
    ("method", "已向投递员说明代收必须注明关系，并补签回执。"),
    ("person", "已谈话提醒，当日起由班组长复核签收。"),
    ("training", "班前会组织学习签收规定，全体签字。"),
    ("partner", "已与收发室重新约定交接登记办法。"),
    ("volume", "已调整段道，分流两栋楼的邮件。"),
)
BACK = "照片看不清整改情况，请重新拍摄。"


class Office(Protocol):
    """Who works in a department of the demo, and in which manner."""

    unit: str
    manner: str
    people: Mapping[str, str]
    chance: Random


def followed_up(session: Session, store: PhotoStore, office: Office, now: datetime) -> int:
    """Answer what is owed and look again at what was answered, as such an office would by ``now``; how many moves."""
    query = select(Case).where(Case.unit_code == office.unit, ~Case.ended, Case.opened_on < local_date(now))
    made = 0
    for case in session.scalars(query.where(Case.parent.is_(None)).order_by(Case.opened_at, Case.id)).all():
        if case.answered_on is None or case.climbs:
            made += _answered(session, store, office, case, now)
        elif case.entered_on < local_date(now):
            made += _looked_at_again(session, office, case, now)
    return made


def _answered(session: Session, store: PhotoStore, office: Office, case: Case, now: datetime) -> int:
    if office.chance.random() > ANSWERS[office.manner] or not (who := _who(session, case, "answer", now)):
        return 0
    cause, words = office.chance.choice(WORDS)
    photo = keep(session, store, now, who[0], picture(local_date(now), int(case.id[-6:], 16)))
    _moved(session, who, case, now, "answer", words, cause=cause, photos=[photo])
    return 1


def _looked_at_again(session: Session, office: Office, case: Case, now: datetime) -> int:
    if office.chance.random() > CHECKS[office.manner]:
        return 0
    move, words = ("return", BACK) if office.chance.random() < RETURNED else ("close", None)
    if not (who := _who(session, case, move, now)):
        return 0
    _moved(session, who, case, now, move, words)
    return 1


def _who(session: Session, case: Case, move: str, now: datetime) -> tuple[str, str] | None:
    """Who may make the move, and for which unit: somebody of the department before those above."""
    here = known(session, editions_of(session), [case])[case.id]
    staff = staff_of(session, here.ground.units, local_date(now))
    for unit in reversed(here.ground.units):
        for person in sorted(staff.get(unit, {})):
            if any(one.code == move for one in here.moves_for(person, unit, staff)):
                return person, unit
    return None


def _moved(
    session: Session, who: tuple[str, str], case: Case, now: datetime, move: str, words: str | None, **more
) -> None:
    author, acting = who
    actor = actor_of(session, session.get(Person, author), local_date(now))
    open = {
        "type": "case-move", "unit": case.unit_code, "acting": acting, "date": local_date(now).isoformat(),
        "case": case.id, "move": move, **more,
    }  # fmt: skip
    record_at_desk(session, actor, now, open, {"notes": {"text": words}} if words else None)
