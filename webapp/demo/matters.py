"""What a manager of the demo county has to look at: a conflict, a wrong clock, a refusal, a stricter rule, a closed point."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.ids import new_id
from webapp.org.models import Person, Role, Unit
from webapp.org.queries import actor_of
from webapp.org.rules import Actor
from webapp.recording.facts import rulings
from webapp.recording.guards import Context
from webapp.recording.operations import freeze, record, record_at_desk
from webapp.recording.schemas import entry_of
from webapp.registers.models import RelayPoint
from webapp.rulebook.queries import editions_of

GOOD, SLOPPY, LATE = "152502002", "152502001", "152502003"
LONG_AGO = timedelta(days=150)
VISITED = 4  # points at which the sloppy office calls
DAY = timedelta(days=1)


def forgotten(session: Session, today: date) -> None:
    """Points of the sloppy office that were entered long ago and that nobody confirmed since; before any line is opened."""
    query = select(RelayPoint).where(RelayPoint.unit_code == SLOPPY).order_by(RelayPoint.name)
    for point in session.scalars(query).all()[VISITED:]:
        point.opened_on = today - LONG_AGO
    session.flush()


def happened(session: Session, now: datetime, cast: dict[str, str]) -> None:
    """Record what waits for somebody; ``cast`` gives the ids of the demo's own people."""
    today = local_date(now)
    county, director, inspector, lead = (
        _actor(session, cast[name], today) for name in ("county", "director", "inspector", "lead")
    )
    _twice(session, now, inspector, *(_shortage(today - DAY, short) for short in (2, 3)))
    _pushed(session, now, lead, [(new_id(), _parcels(today + DAY), None)])  # a phone that is a day ahead
    _pushed(
        session,
        now,
        lead,
        [(new_id(), _parcels(today) | {"kind": "receipt", "about": today.isoformat()}, None)],
    )
    _moved(session, now, today)
    _closed(session, now, director, today)
    _ruled(session, now, county, today)


def _actor(session: Session, person: str, today: date) -> Actor:
    return actor_of(session, session.get(Person, person), today)


def _pushed(
    session: Session, now: datetime, actor: Actor, facts: list[tuple[str, dict, dict | None]]
) -> None:
    """As a phone sends it: what is held or refused stays so."""
    rulebook = editions_of(session)
    entries = [
        entry_of(fact, *freeze({"v": 1, **open}, personal), rulebook) for fact, open, personal in facts
    ]
    record(Context(session, actor, now, rulebook, None), entries)


def _twice(session: Session, now: datetime, actor: Actor, *bodies: dict) -> None:
    """Two contents under one number: the second waits for a decision."""
    fact = new_id()
    _pushed(session, now, actor, [(fact, open, None) for open in bodies])


def _form(kind: str, day: date, items: list[dict], **more) -> dict:
    own = {"type": "inspection", "kind": kind, "unit": GOOD, "acting": GOOD, "date": day.isoformat()}
    return {**own, "method": "on-site", "items": items, **more}


def _shortage(day: date, short: int) -> dict:
    header = {"short": short, "damaged": 0, "replaced": short, "refunded": 0, "refund": 0}
    return _form("shortage", day, [{"subject": "-", "verdict": "pass", "answers": {}}], header=header)


def _parcels(day: date) -> dict:
    passed = {"class": "parcel", "verdict": "pass", "answers": {}}
    return _form("parcel", day, [{"subject": f"98002{day:%m%d}{n:04}", **passed} for n in range(20)])


# ---------------------------------------------------------------- the register


def _point(unit: str, day: date, point: str, op: str, **more) -> dict:
    own = {"type": "point", "unit": unit, "acting": unit, "date": day.isoformat(), "day": day.isoformat()}
    return {**own, "point": point, "op": op, **more}


def _moved(session: Session, now: datetime, today: date) -> None:
    """One change of the register of the sloppy office, arrived with two contents."""
    held = (Role.unit_code == SLOPPY) & (Role.role == "director")
    actor = _actor(session, session.scalar(select(Role.person_id).where(held)), today)
    point = session.scalar(
        select(RelayPoint.id).where(RelayPoint.unit_code == SLOPPY).order_by(RelayPoint.name)
    )
    changes = [{"values": {"address": address}} for address in ("团结大街 5 号", "团结大街 7 号")]
    _twice(session, now, actor, *(_point(SLOPPY, today, point, "change", **one) for one in changes))


def _closed(session: Session, now: datetime, director: Actor, today: date) -> None:
    """A point that was entered and closed again before the visits began: it can be reopened."""
    point, values = (
        new_id(),
        {"name": "旧粮库家属院收发室", "kind": "mail-room", "address": "察哈尔大街 12 号"},
    )
    facts = [
        (today - 60 * DAY, "open", {"values": values}, {"keeper": "门卫 道尔吉"}),
        (today - 50 * DAY, "close", {"reason": "家属院整体搬迁"}, None),
    ]
    for day, op, more, personal in facts:
        record_at_desk(session, director, now, _point(GOOD, day, point, op, **more), personal)


# ---------------------------------------------------------------- what the county laid down


def _ruled(session: Session, now: datetime, county: Actor, today: date) -> None:
    """A stricter rule for the sloppy office, and a day on which the late one could not deliver."""
    sloppy, late = session.get(Unit, SLOPPY), session.get(Unit, LATE)
    stricter = {"duty": "receipt-sample", "changes": {"percent": 15}, "reason": "近期签收质量下滑"}
    body = rulings.body(county, sloppy, now, rulings.OVERRIDE, "enter", first_day=today.isoformat(), last_day=None, **stricter)  # fmt: skip
    record_at_desk(session, county, now, body)
    snow = {"day": (today - 8 * DAY).isoformat(), "delivers": False, "name": "暴雪停运", "reason": "道路封闭"}
    record_at_desk(
        session, county, now, rulings.body(county, late, now, rulings.CALENDAR, "exception", **snow)
    )
