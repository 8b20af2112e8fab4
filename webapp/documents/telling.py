"""Who is told what of a document: its receivers, and after their step whoever sent it. The words name number and unit, nothing else."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.documents.queries import Shown, all_below
from webapp.notices.operations import tell
from webapp.notices.sorts import Sort, register
from webapp.org.models import Role, Unit
from webapp.org.rules import HEADS

ISSUED = register(Sort("document-issued", ("unit", "what", "number"), "{unit}签发了{what}（{number}）", "{unit} has issued: {what} ({number})"))  # fmt: skip
SENT = register(Sort("document-sent", ("unit", "what", "number"), "{unit}报来{what}（{number}），请签收", "{unit} has sent: {what} ({number}); please receive it"))  # fmt: skip
ACCEPTED = register(Sort("document-accepted", ("unit", "what", "number"), "{unit}已接受{what}（{number}）", "{unit} has accepted: {what} ({number})"))  # fmt: skip
RETURNED = register(Sort("document-returned", ("unit", "what", "number"), "{unit}退回了{what}（{number}），请更正后再报", "{unit} has returned: {what} ({number}); please correct it and send it again"))  # fmt: skip
VOID = register(Sort("document-void", ("unit", "what", "number"), "{unit}作废了{what}（{number}）", "{unit} has declared void: {what} ({number})"))  # fmt: skip


def issued(session: Session, shown: Shown, author: str, now: datetime) -> None:
    """Everybody who leads a unit below is told of what was issued for all of them; of what is still to be sent nobody."""
    if not shown.standing.type.is_sent:
        _tell(session, shown, ISSUED, shown.unit, all_below(session, shown.unit), author, now)


def moved(session: Session, shown: Shown, move: str, author: str, now: datetime) -> None:
    """The receiver is told what was sent or declared void; the sender what was accepted or returned."""
    if move in ("send", "void") and shown.addressed is not None:
        _tell(session, shown, SENT if move == "send" else VOID, shown.unit, [shown.addressed], author, now)
    elif move == "void":
        _tell(session, shown, VOID, shown.unit, all_below(session, shown.unit), author, now)
    elif move in ("accept", "reject"):
        sort = ACCEPTED if move == "accept" else RETURNED
        _tell(session, shown, sort, shown.addressed, [shown.unit], author, now)


def _tell(
    session: Session, shown: Shown, sort: Sort, by: Unit, to: Iterable[Unit], author: str, now: datetime
) -> None:  # fmt: skip
    document = shown.document
    values = {"unit": by.name, "what": shown.standing.type.title.as_dict(), "number": document.number}
    key = f"{sort.code} {document.id}"
    people = _heads(session, to, now) - {author}
    tell(session, people, sort.code, values, f"/documents/{document.id}", key=key, now=now)


def _heads(session: Session, units: Iterable[Unit], now: datetime) -> set[str]:
    """Who leads these units today."""
    roles = {unit.code: HEADS[unit.level] for unit in units}
    today = local_date(now)
    query = (
        select(Role.person_id, Role.unit_code, Role.role)
        .where(Role.unit_code.in_(sorted(roles)), Role.first_day <= today)
        .where(or_(Role.last_day.is_(None), Role.last_day >= today))
    )
    return {person for person, unit, role in session.execute(query) if roles[unit] == role}
