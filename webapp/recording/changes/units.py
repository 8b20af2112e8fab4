"""Units at a door: whoever opens, turns or closes one moves the ledger's lines, and phones learn of it by the journal."""

import hashlib
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.inspections.queries import days_after
from webapp.journal import chain
from webapp.journal.chain import Note
from webapp.ledger import operations as ledger
from webapp.org import dated_attributes, units as org
from webapp.org.models import Route, Unit
from webapp.org.rules import Actor

ENTRY = "unit"  # in the journal: the unit itself or its routes


def add(session: Session, actor: Actor, now: datetime, form: dict) -> Unit:
    """:func:`org.units.add`, and the lines of the periods that have begun."""
    unit = org.add(session, actor, form)
    chain.lock(session, [unit.code])
    said = f" ledger {unit.ledger_from}" if unit.ledger_from else ""
    more = " ".join(
        [*(form.get("services") or ()), *(form[name] for name in ("operator", "bureau") if form.get(name))]
    )
    _noted(
        session, actor, now, unit, f"open {unit.opened_on} {unit.setting} {unit.name}{said} {more}".rstrip()
    )
    if unit.level == "department" and unit.opened_on <= actor.today:
        ledger.open_lines(session, unit, now)
    return unit


def change(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Unit:
    """:func:`org.units.change`."""
    unit = _locked(session, actor, code)
    if org.change(session, unit, form):
        said = f" {unit.bureau}" if unit.level == "county" else ""
        _noted(session, actor, now, unit, f"change {unit.name} {unit.reveal}{said}")
    return unit


def set_setting(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Unit:
    """:func:`org.units.set_setting`; other duties bind from the first period on that begins that day or later."""
    unit = _locked(session, actor, code)
    org.set_setting(session, actor, unit, form)
    _noted(session, actor, now, unit, f"setting {form['setting']} {form['first_day']}")
    ledger.rebuild(session, unit, now)
    return unit


def set_service(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Unit:
    """:func:`org.dated_attributes.set_service`; duties of a service bind as it was on the first day of their period."""
    unit = _locked(session, actor, code)
    dated_attributes.set_service(session, actor, unit, form)
    _noted(session, actor, now, unit, f"service {form['service']} {form['offers']} {form['first_day']}")
    ledger.rebuild(session, unit, now)
    return unit


def set_operator(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Unit:
    """:func:`org.dated_attributes.set_operator`; an agency outlet owes what any other does: no line moves."""
    unit = _locked(session, actor, code)
    dated_attributes.set_operator(session, actor, unit, form)
    _noted(session, actor, now, unit, f"operator {form['operator']} {form['first_day']}")
    return unit


def set_ledger_day(session: Session, actor: Actor, now: datetime, code: str, day: date) -> Unit:
    """:func:`org.units.set_ledger_day`; lines before it leave the ledger, those that it newly holds are opened."""
    unit = _locked(session, actor, code)
    before = unit.ledger_first
    if org.set_ledger_day(session, actor, unit, day):
        _noted(session, actor, now, unit, f"ledger {before} {day}")
        ledger.rebuild(session, unit, now)
    return unit


def close(session: Session, actor: Actor, now: datetime, code: str, last_day: date) -> Unit:
    """:func:`org.units.close`; lines that lie outside the unit's life are taken away.

    Raises ``records-after`` with their number and days where records in force lie after that day: nothing is in force
    and counted nowhere.
    """
    unit = _locked(session, actor, code)
    org.close(session, actor, unit, last_day)
    if days := days_after(session, unit.code, last_day):
        raise Problem("records-after", count=sum(days.values()), days=list(days))
    _noted(session, actor, now, unit, f"close {last_day}")
    if unit.level == "department":
        ledger.rebuild(session, unit, now)
    return unit


def reopen(session: Session, actor: Actor, now: datetime, code: str, first_day: date) -> Unit:
    """:func:`org.units.reopen`; the lines of the periods since then are opened."""
    unit = _locked(session, actor, code)
    org.reopen(session, actor, unit, first_day)
    _noted(session, actor, now, unit, f"reopen {first_day}")
    if unit.level == "department":
        ledger.rebuild(session, unit, now)
    return unit


def add_route(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Route:
    """:func:`org.units.add_route`."""
    unit = _locked(session, actor, code)
    route = org.add_route(session, actor, unit, form)
    _noted(session, actor, now, unit, f"route {route.id} {route.code} {route.name}")
    return route


def walk(session: Session, actor: Actor, now: datetime, code: str, route_id: str, form: dict) -> None:
    """:func:`org.units.walk`."""
    unit = _locked(session, actor, code)
    org.walk(session, actor, unit, org.route_of(session, unit, route_id), form)
    _noted(session, actor, now, unit, f"walk {route_id} {form['carrier']} {form['first_day']}")


def rename_route(session: Session, actor: Actor, now: datetime, code: str, route_id: str, name: str) -> None:
    """:func:`org.units.rename_route`."""
    unit = _locked(session, actor, code)
    org.rename_route(session, org.route_of(session, unit, route_id), name)
    _noted(session, actor, now, unit, f"route {route_id} {name}")


def close_route(session: Session, actor: Actor, now: datetime, code: str, route_id: str) -> None:
    """:func:`org.units.close_route`."""
    unit = _locked(session, actor, code)
    org.close_route(session, actor, org.route_of(session, unit, route_id))
    _noted(session, actor, now, unit, f"close {route_id}")


def reopen_route(session: Session, actor: Actor, now: datetime, code: str, route_id: str, form: dict) -> None:
    """:func:`org.units.reopen_route`."""
    unit = _locked(session, actor, code)
    org.reopen_route(session, actor, unit, org.route_of(session, unit, route_id), form)
    _noted(session, actor, now, unit, f"reopen {route_id} {form['carrier']} {form['first_day']}")


def _locked(session: Session, actor: Actor, code: str) -> Unit:
    """The unit, if the actor keeps it; whoever records there meanwhile sees it as it was, or as it will be."""
    unit = org.unit_to_keep(session, actor, code)
    chain.lock(session, [unit.code])
    session.refresh(unit)
    return unit


def _noted(session: Session, actor: Actor, now: datetime, unit: Unit, said: str) -> None:
    digest = hashlib.sha256(f"{actor.person_id} {unit.code} {said}".encode()).hexdigest()
    chain.append(session, [Note(unit.code, ENTRY, None, digest)], now)
