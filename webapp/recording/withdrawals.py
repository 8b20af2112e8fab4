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
    return record_at_desk(
        session, actor, now, _of_fact(session, actor, now, inspection_id, WITHDRAWAL, reason=reason)
    )


def confirm(session, actor: Actor, now: datetime, fact_id: str, day: date | None = None) -> Fact:
    """Confirm at the desk that a held fact is rightly dated, or say that its work was done on ``day``."""
    target = session.get(Fact, fact_id)
    if target is not None and (day or target.work_date) > local_date(now):
        raise dating.ahead(day or target.work_date)
    worked = {"day": day.isoformat()} if day else {}
    return record_at_desk(session, actor, now, _of_fact(session, actor, now, fact_id, CONFIRMATION, **worked))


def refuse(session, actor: Actor, now: datetime, fact_id: str, reason: str) -> Fact:
    """Say at the desk that a held fact does not count, with a reason: it is withdrawn, and shown as such."""
    target = session.get(Fact, fact_id)
    if target is None or target.state != HELD:
        raise Problem("bad-fact", {"target": "waits for no confirmation"})
    if not guards.may_confirm(actor, target, session.get(Unit, target.unit_code)):
        raise Problem("forbidden")
    return withdraw(session, actor, now, fact_id, reason)


def _of_fact(session, actor: Actor, now: datetime, target_id: str, kind: str, **more) -> dict:
    target = session.get(Fact, target_id)
    if target is None:
        raise Problem("not-found")
    path = session.get(Unit, target.unit_code).path
    acting = [grant.unit_code for grant in actor.current if grant.reaches(path)]
    if not acting:
        raise Problem("not-found")
    own = {"unit": target.unit_code, "acting": acting[-1], "date": local_date(now).isoformat()}
    return {"type": kind, **own, "target": target_id, **more}


def may_withdraw(session, actor: Actor, inspection_id: str) -> bool:
    """Whether the actor may withdraw the inspection now."""
    target = session.get(Fact, inspection_id)
    if target is None or target.state not in (IN_FORCE, HELD):
        return False
    unit = session.get(Unit, target.unit_code)
    if actor.can("withdraw-judged", unit.path):
        return True
    return target.author_id == actor.person_id and target.id not in guards.judged(session, [target])
