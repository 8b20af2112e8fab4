"""Units at a door: whoever opens, turns or closes one moves the ledger's lines, and phones learn of it by the journal."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.inspections.queries import days_after
from webapp.ledger import operations as ledger
from webapp.ledger.due import look_again
from webapp.ledger.touched import by_unit
from webapp.org import dated_attributes, units as org
from webapp.org.models import Route, Unit
from webapp.org.rules import Actor
from webapp.recording.journal_entries import UNIT
from webapp.recording.writing import Work, writing


def add(session: Session, actor: Actor, now: datetime, form: dict) -> Unit:
    """:func:`org.units.add`, and the lines of the periods that have begun."""
    parent = session.get(Unit, form["parent"])
    # Its own journal is locked when it is noted: until then nobody else knows of it.
    with writing(session, now, [parent.code] if parent else [], actor) as work:
        unit = org.add(session, work.actor, form)
        ledger_day = f" ledger {unit.ledger_from}" if unit.ledger_from else ""
        more = " ".join(
            [
                *(form.get("services") or ()),
                *(form[name] for name in ("operator", "bureau") if form.get(name)),
            ]
        )
        _note(work, unit, f"open {unit.opened_on} {unit.setting} {unit.name}{ledger_day} {more}".rstrip())
        if unit.opened_on <= actor.today:
            ledger.open_lines(session, unit, now)
        _move_above(work, unit, unit.opened_on)
    return unit


def change(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Unit:
    """:func:`org.units.change`."""
    with _changing(session, actor, now, code) as (work, unit):
        before = unit.bureau
        if org.change(session, unit, form):
            bureau = f" {unit.bureau}" if unit.level == "county" else ""
            _note(work, unit, f"change {unit.name} {unit.reveal}{bureau}")
        if unit.bureau != before:  # what a unit is has no day: it is so in every period
            _move_above(work, unit, unit.opened_on)
    return unit


def set_setting(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Unit:
    """:func:`org.units.set_setting`; other duties bind from the first period on that begins that day or later."""
    with _changing(session, actor, now, code) as (work, unit):
        org.set_setting(session, work.actor, unit, form)
        _note(work, unit, f"setting {form['setting']} {form['first_day']}")
        ledger.rebuild(session, unit, now)
        _move_above(work, unit, form["first_day"])
    return unit


def set_service(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Unit:
    """:func:`org.dated_attributes.set_service`; duties of a service bind as it was on the first day of their period."""
    with _changing(session, actor, now, code) as (work, unit):
        dated_attributes.set_service(session, work.actor, unit, form)
        _note(work, unit, f"service {form['service']} {form['offers']} {form['first_day']}")
        ledger.rebuild(session, unit, now)
        _move_above(work, unit, form["first_day"])
    return unit


def set_operator(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Unit:
    """:func:`org.dated_attributes.set_operator`; an agency outlet owes what any other does: no line moves."""
    with _changing(session, actor, now, code) as (work, unit):
        dated_attributes.set_operator(session, work.actor, unit, form)
        _note(work, unit, f"operator {form['operator']} {form['first_day']}")
    return unit


def set_ledger_day(session: Session, actor: Actor, now: datetime, code: str, day: date) -> Unit:
    """:func:`org.units.set_ledger_day`; lines before it leave the ledger, those that it newly holds are opened."""
    with _changing(session, actor, now, code) as (work, unit):
        before = unit.ledger_first
        if org.set_ledger_day(session, work.actor, unit, day):
            _note(work, unit, f"ledger {before} {day}")
            ledger.rebuild(session, unit, now)
    return unit


def close(session: Session, actor: Actor, now: datetime, code: str, last_day: date) -> Unit:
    """:func:`org.units.close`; lines that lie outside the unit's life are taken away.

    Raises ``records-after`` with their number and days where records in force lie after that day: nothing is in force
    and counted nowhere.
    """
    with _changing(session, actor, now, code) as (work, unit):
        before = unit.closed_on or last_day
        org.close(session, work.actor, unit, last_day)
        if days := days_after(session, unit.code, last_day):
            raise Problem("records-after", count=sum(days.values()), days=list(days))
        _note(work, unit, f"close {last_day}")
        ledger.rebuild(session, unit, now)
        _move_above(work, unit, min(before, last_day))  # put off, it is open in the days between after all
    return unit


def reopen(session: Session, actor: Actor, now: datetime, code: str, first_day: date) -> Unit:
    """:func:`org.units.reopen`; the lines of the periods since then are opened."""
    with _changing(session, actor, now, code) as (work, unit):
        org.reopen(session, work.actor, unit, first_day)
        _note(work, unit, f"reopen {first_day}")
        ledger.rebuild(session, unit, now)
        _move_above(work, unit, first_day)
    return unit


def add_route(session: Session, actor: Actor, now: datetime, code: str, form: dict) -> Route:
    """:func:`org.units.add_route`."""
    with _changing(session, actor, now, code) as (work, unit):
        route = org.add_route(session, work.actor, unit, form)
        _note(work, unit, f"route {route.id} {route.code} {route.name}")
    return route


def walk(session: Session, actor: Actor, now: datetime, code: str, route_id: str, form: dict) -> None:
    """:func:`org.units.walk`."""
    with _changing(session, actor, now, code) as (work, unit):
        org.walk(session, work.actor, unit, org.route_of(session, unit, route_id), form)
        _note(work, unit, f"walk {route_id} {form['carrier']} {form['first_day']}")


def rename_route(session: Session, actor: Actor, now: datetime, code: str, route_id: str, name: str) -> None:
    """:func:`org.units.rename_route`."""
    with _changing(session, actor, now, code) as (work, unit):
        org.rename_route(session, org.route_of(session, unit, route_id), name)
        _note(work, unit, f"route {route_id} {name}")


def close_route(session: Session, actor: Actor, now: datetime, code: str, route_id: str) -> None:
    """:func:`org.units.close_route`."""
    with _changing(session, actor, now, code) as (work, unit):
        org.close_route(session, work.actor, org.route_of(session, unit, route_id))
        _note(work, unit, f"close {route_id}")


def reopen_route(session: Session, actor: Actor, now: datetime, code: str, route_id: str, form: dict) -> None:
    """:func:`org.units.reopen_route`."""
    with _changing(session, actor, now, code) as (work, unit):
        org.reopen_route(session, work.actor, unit, org.route_of(session, unit, route_id), form)
        _note(work, unit, f"reopen {route_id} {form['carrier']} {form['first_day']}")


@contextmanager
def _changing(session: Session, actor: Actor, now: datetime, code: str) -> Iterator[tuple[Work, Unit]]:
    """The scope of a change of the unit, if the actor keeps it, and still does under the lock.

    Whoever records there meanwhile sees the unit as it was, or as it will be.
    """
    unit = org.unit_to_keep(session, actor, code)
    with writing(session, now, [unit.code], actor) as work:
        session.refresh(unit)
        look_again(session, [code])
        yield work, org.unit_to_keep(session, work.actor, code)


def _move_above(work: Work, unit: Unit, first: date) -> None:
    """Who is to be covered by the units above is told anew from ``first`` on [Reading: upper-population]."""
    work.session.flush()
    work.dirty |= by_unit(work.session, unit, first, local_date(work.now))


def _note(work: Work, unit: Unit, what: str) -> None:
    digest = hashlib.sha256(f"{work.actor.person_id} {unit.code} {what}".encode()).hexdigest()
    work.note([unit.code], UNIT.name, None, digest)
