"""Withdraw, confirm and refuse at the desk."""

from datetime import date, datetime

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.journal.rules import HELD, IN_FORCE
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.recording import dating, guards
from webapp.recording.corrections import WITHDRAWAL
from webapp.recording.dating import CONFIRMATION
from webapp.recording.operations import record_at_desk


def withdraw(session, actor: Actor, now: datetime, inspection_id: str, reason: str) -> Fact:
    """Withdraw an inspection or capture at the desk, with a reason."""
    target = _known(session, inspection_id)
    open = _of_fact(session, actor, now, target, WITHDRAWAL, _right_to_withdraw(session, actor, target))
    return record_at_desk(session, actor, now, {**open, "reason": reason})


def confirm(session, actor: Actor, now: datetime, fact_id: str, day: date | None = None) -> Fact:
    """Confirm at the desk that a held fact is rightly dated, or say that its work was done on ``day``."""
    target = _known(session, fact_id)
    if (day or target.work_date) > local_date(now):
        raise dating.ahead(day or target.work_date)
    open = _of_fact(session, actor, now, target, CONFIRMATION, _right_to_confirm(actor, target))
    return record_at_desk(session, actor, now, {**open, **({"day": day.isoformat()} if day else {})})


def refuse(session, actor: Actor, now: datetime, fact_id: str, reason: str) -> Fact:
    """Say at the desk that a held fact does not count, with a reason: it is withdrawn, and shown as such."""
    target = session.get(Fact, fact_id)
    if target is None or target.state != HELD:
        raise Problem("bad-fact", {"target": "waits for no confirmation"})
    if not guards.may_confirm(actor, target, session.get(Unit, target.unit_code)):
        raise Problem("forbidden")
    return withdraw(session, actor, now, fact_id, reason)


def _known(session, fact_id: str) -> Fact:
    target = session.get(Fact, fact_id)
    if target is None:
        raise Problem("not-found")
    return target


def _of_fact(session, actor: Actor, now: datetime, target: Fact, type: str, right: str | None) -> dict:
    """A fact about ``target``, made for the unit whose role gives the right to it; who has none is refused by the guard."""
    path = session.get(Unit, target.unit_code).path
    acting = actor.acting_for(right, path) or actor.acting_for(None, path)
    if acting is None:
        raise Problem("not-found")
    own = {"unit": target.unit_code, "acting": acting, "date": local_date(now).isoformat()}
    return {"type": type, **own, "target": target.id}


def _right_to_withdraw(session, actor: Actor, target: Fact) -> str | None:
    """By which right the actor withdraws, where there is one: see :func:`guards.withdrawal`. None: it is the own record."""
    if target.author_id == actor.person_id and target.id not in guards.judged(session, [target]):
        return None
    return _right_to_confirm(actor, target) if target.state == HELD else "withdraw-judged"


def _right_to_confirm(actor: Actor, target: Fact) -> str | None:
    """The same of a confirmation: see :func:`guards.may_confirm`."""
    if target.hold == "role":
        return "withdraw-judged"
    return None if target.author_id == actor.person_id else "decide"


def may_withdraw(session, actor: Actor, inspection_id: str) -> bool:
    """Whether the actor may withdraw the inspection now."""
    target = session.get(Fact, inspection_id)
    if target is None or target.state not in (IN_FORCE, HELD):
        return False
    unit = session.get(Unit, target.unit_code)
    if actor.can("withdraw-judged", unit.path):
        return True
    return target.author_id == actor.person_id and target.id not in guards.judged(session, [target])
