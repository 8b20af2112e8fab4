"""The parts of a unit's working set as a phone holds them; each is sent whole, so that none can half-apply."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from webapp.inspections.relay import Seen, seen
from webapp.ledger import operations as ledger, rules
from webapp.ledger.inputs import points_in
from webapp.ledger.lines import Line
from webapp.ledger.measures import measure_of
from webapp.ledger.models import LedgerLine
from webapp.ledger.queries import wire_status
from webapp.ledger.reasons import explain, sentence
from webapp.ledger.rules import Inputs
from webapp.ledger.touched import Key, duties_in, keys
from webapp.org.models import Unit
from webapp.recording.facts.registry import JOURNAL_ENTRIES
from webapp.registers.models import RelayPoint
from webapp.rulebook.binding import confirmed_by
from webapp.rulebook.periods import parse_period, period_of
from webapp.rulebook.rules import Duty, Rulebook
from webapp.sync import cases, duty_sections, learned, records, upper
from webapp.sync.listed import listed
from webapp.sync.upper import above, coverage_row, names_of
from webapp.sync.working import WEEKS, Rows, Working

CLOSED_FOR = timedelta(days=400)  # a point closed longer ago is reopened at the desk
Lines = dict[tuple[str, str], LedgerLine]  # of a unit, by duty and period


def unit(working: Working) -> Rows:
    """The unit itself, my roles here, its routes, and the head of its journal."""
    return {here.code: [_unit(working, here)] for here in working.units}


def _unit(working: Working, here: Unit) -> dict:
    me, head = working.actor.person_id, working.heads.get(here.code)
    return {
        "code": here.code,
        "name": here.name,
        "level": here.level,
        "setting": here.setting,
        "closed": here.closed_on.isoformat() if here.closed_on else None,
        "roles": list(working.roles(here)),
        "above": above(here),
        "checked_for": working.checked_for(here),
        "routes": [
            {"id": route.id, "code": route.code, "name": route.name, "mine": route.person_id == me}
            for route in working.routes.get(here.code, ())
            if route.closed_on is None
        ],
        "head": list(head) if head else None,
    }


def points(working: Working) -> Rows:
    """The relay points with their last visit and confirmation, those closed of late too: they can be reopened.

    A carrier who is nothing else gets the own routes'.
    """
    today, register = working.today, working.register
    since = {
        here.code: today - confirmed_by(working.rules, working.binding.settings, here, today)
        for here in working.units
        if register.points.get(here.code)
    }
    last = seen(working.session, register, since, today, working.editions) if since else {}
    return {
        here.code: [
            _point(point, last[here.code], today)
            for point in register.points.get(here.code, ())
            if point.opened_on <= today
            if point.closed_on is None or today - CLOSED_FOR < point.closed_on
            if not working.carries_alone(here) or point.route_id in _walked(working, here)
        ]
        for here in working.units
    }


def _walked(working: Working, here: Unit) -> set[str]:
    me = working.actor.person_id
    return {route.id for route in working.routes.get(here.code, ()) if route.person_id == me}


def _point(point: RelayPoint, last: Seen, today: date) -> dict:
    over = point.closed_on is not None and point.closed_on <= today
    closed, closes = (point.closed_on, None) if over else (None, point.closed_on)
    checked, confirmed = last.visited.get(point.id), last.confirmed.get(point.id)
    return {
        "id": point.id,
        "name": point.name,
        "initials": point.initials,
        "kind": point.kind,
        "address": point.address,
        "keeper": point.keeper,
        "contact": point.contact,
        "note": point.note,
        "route": point.route_id,
        "agreement": point.agreement,
        "latitude": point.latitude,
        "longitude": point.longitude,
        "photo": point.photo_digest,
        "closed": closed.isoformat() if closed else None,
        "closes": closes.isoformat() if closes else None,
        "checked": checked.isoformat() if checked else None,
        "confirmed": confirmed.isoformat() if confirmed else None,
    }


def duties(working: Working) -> Rows:
    """The lines of the units that are open now, those of today's periods included where no tick has opened them yet."""
    session, now = working.session, working.now
    kept = {
        level: duties_in(working.editions, level) for level in sorted({unit.level for unit in working.units})
    }
    lines = _open_lines(working, kept)
    covering = {
        duty.code for several in kept.values() for duty in several if duty.coverage or duty.way.planned
    }
    asked = {
        Key(unit.code, *key)
        for unit in working.units
        for key, line in lines[unit.code].items()
        if key[0] in covering and unit.level != "department" and now < line.closes_at
    }
    missing = {
        key
        for unit in working.units
        for key in keys(unit.code, kept[unit.level], [working.today])
        if key[1:] not in lines[unit.code]
    }
    anew: dict[Key, Line] = {}
    for unit, folded in ledger.fold_all(session, missing | asked, now, working.editions, working.binding):
        fresh = {key: line for key, _, line in folded}
        lines[unit.code] |= {key[1:]: line for key, line in fresh.items() if key in missing}
        # Only a line that is folded anew says which units below it covers.
        anew |= {
            key: line
            for key, line in fresh.items()
            if key in asked or (key.duty in covering and now < line.closes_at)
        }
    return {unit.code: _duties(working, unit, lines[unit.code], anew) for unit in working.units}


def _open_lines(working: Working, kept: dict[str, list[Duty]]) -> dict[str, Lines]:
    """By unit, in one query."""
    asked = []
    for level, several in kept.items():
        codes = [unit.code for unit in working.units if unit.level == level]
        current = {period_of(duty.period, working.today).code for duty in several}
        still = LedgerLine.closes_at > working.now
        if level == "department":  # what those above look at afterwards stays open for a month and longer
            still &= LedgerLine.last_day >= working.today - WEEKS
        asked.append(and_(LedgerLine.unit_code.in_(codes), or_(LedgerLine.period.in_(current), still)))
    found: dict[str, Lines] = {unit.code: {} for unit in working.units}
    for line in working.session.scalars(select(LedgerLine).where(or_(*asked))):
        found[line.unit_code][line.duty, line.period] = line
    return found


def _duties(working: Working, here: Unit, lines: Lines, anew: dict) -> list[dict]:
    fresh = {key: line for key, line in anew.items() if key.unit == here.code}
    names = names_of(working, here, fresh.values())
    places = Inputs(today=working.today, points=points_in(working.register, here.code))
    found = []
    for (code, period), line in sorted(lines.items()):
        book, duty = working.rules.bound(here, code, parse_period(period))
        covered = coverage_row(fresh.get(Key(here.code, code, period)), duty, book, names)
        found.append(_duty(book, duty, period, line, working.now, places) | covered)
    return found


def _duty(book: Rulebook, duty: Duty, period: str, line, now: datetime, places: Inputs) -> dict:
    span, measure = parse_period(period), measure_of(duty)
    why = explain(line, duty, span, book, now, readings=False)
    return {
        "code": duty.code,
        "article": duty.article,
        **duty.title.as_dict(),
        "kind": None if duty.way.passive or not duty.kinds else duty.kinds[0],
        "period": period,
        "required": measure.required_now(line),
        "done": line.done,
        "measure": duty.counts,
        "items": line.items,
        "closes_at": line.closes_at.isoformat(),
        "status": wire_status(rules.status(line, now)),
        # By the rules in force for the unit and the period, the relay points that there are considered.
        "batch": measure.session_size(duty, span, places) if line.applicable else None,
        "roles": sorted(duty.roles),
        "strata": dict(duty.strata) or None,
        "why": [text.as_dict() for text in why],
        "days": _days(line, book),
        "pairs": duty.distinct_pair,
        "kinds": [] if duty.way.passive else list(duty.kinds),
    }


def _days(line, book: Rulebook) -> list[dict]:
    """What the line says of single days of work, whether each counts: a phone shows it beside the day's records."""
    return [
        {"day": values["day"], "counts": code == "session-counts", **sentence((code, values), book).as_dict()}
        for code, values in line.why
        if "day" in values and code.startswith(("session-", "not-counted-"))
    ]


BUILDERS: dict[str, Callable[[Working], Rows]] = {
    "unit": unit,
    "points": points,
    **records.BUILDERS,
    "duties": duties,
    **duty_sections.BUILDERS,
    "listed": listed,
    **upper.BUILDERS,
    **cases.BUILDERS,
    **learned.BUILDERS,
}
# What is needed to work at a department of a league or region, and no more: there can be hundreds of them.
PLACE = frozenset({"unit", "points", "people", "records"})
# Which parts a journal entry changes; the unit's own part carries the new head.
CHANGED_BY: dict[str, frozenset[str]] = {entry.name: entry.sections for entry in JOURNAL_ENTRIES}
