"""What units lay down, as facts: overrides (type ``override``) and calendars (type ``calendar``).

They stand in the journal of the unit, of whoever acts, and of every department that they bind; the ledger's lines that
they move are computed anew in the same transaction.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.cases import standing as cases
from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.core.text_lengths import fits
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE
from webapp.ledger.due import look_again
from webapp.ledger.models import LedgerLine
from webapp.ledger.touched import Key, by_calendar
from webapp.org.models import Unit
from webapp.org.queries import below
from webapp.org.rules import Actor
from webapp.recording.entries import Entry
from webapp.recording.facts.fact_type import FactType
from webapp.recording.facts.storing import store
from webapp.recording.guards import Context, units_of
from webapp.recording.writing import Work, writing
from webapp.rulebook import operations as rulebook
from webapp.rulebook.models import DeliveryDays, Override
from webapp.rulebook.periods import parse_period
from webapp.rulebook.queries import calendars_of, editions_of
from webapp.rulebook.rules import Text

OVERRIDE, CALENDAR = "override", "calendar"


# ---------------------------------------------------------------- how such a fact is guarded and applied


# What it does; gives the duty (None: all of them) and the first day whose lines it moves.
Change = Callable[[Context, Entry], tuple[str | None, date]]


def binds(context: Context, entry: Entry) -> list[str]:
    """Codes of the departments that it binds: it stands in their journals, too."""
    unit = context.session.get(Unit, entry.unit)
    return [department.code for department in _bound(context, unit)] if unit else []


def _bound(context: Context, unit: Unit) -> list[Unit]:
    return below(context.session, [unit.path], "department")


def guard(context: Context, entry: Entry) -> tuple[Unit, Change]:
    """The unit and what is changed there, if the actor may; raises ``unknown-unit``, ``forbidden`` and ``bad-fact``."""
    unit, _ = units_of(context, entry)
    if not context.actor.can(action_for(entry.type, unit), unit.path):
        raise Problem("forbidden")
    change = _CHANGES.get((entry.type, entry.open.get("op")))
    if change is None:
        raise Problem("bad-fact", {"op": "unknown"})
    return unit, change


def apply(context: Context, entry: Entry, admitted: tuple[Unit, Change], work: Work) -> Fact:
    """Do what was laid down and store it; it moves the lines of every department that it binds."""
    unit, change = admitted
    departments = _bound(context, unit)
    # Whoever records at one of them meanwhile must see either the rule before or the one after.
    codes = [department.code for department in departments]
    work.lock(codes)
    work.note((code for code in codes if code not in entry.units), entry.type, entry.id, entry.digest)
    duty, first = change(context, entry)
    everybody = below(context.session, [unit.path])
    look_again(context.session, [one.code for one in everybody])
    work.dirty |= moved(context.session, everybody, first, duty)
    work.dirty |= by_calendar(context.session, unit, first, local_date(context.now))
    if entry.type == CALENDAR and unit.level == "region":  # the state's days, by which deadlines are counted
        work.lock(cases.units_reaching(context.session, first))
        cases.follow_calendar(context.session, context.rulebook, first, context.now)
    return store(context, entry, IN_FORCE)


def action_for(type: str, unit: Unit) -> str:
    """What one must be allowed to: the table of public holidays is the region's."""
    if type == OVERRIDE:
        return "keep-rules"
    return "keep-editions" if unit.level == "region" else "keep-calendar"


def moved(session: Session, units: Iterable[Unit], first: date, duty: str | None = None) -> set[Key]:
    """The stored lines that a rule or calendar changed from ``first`` on can move; the tick opens all others.

    A day's line closes with the next delivery day, so the lines since the last delivery day before are moved too.
    """
    lines: set[Key] = set()
    units = list(units)
    for code, calendar in calendars_of(session, units).items():
        since = calendar.delivery_day_before(first)
        query = select(LedgerLine.unit_code, LedgerLine.duty, LedgerLine.period).where(
            LedgerLine.unit_code == code, LedgerLine.last_day >= since
        )
        rows = session.execute(query.where(LedgerLine.duty == duty) if duty else query)
        lines |= {Key(*row) for row in rows}
    return lines


def recount(session: Session, units: Iterable[Unit], first: date, now: datetime) -> int:
    """Compute anew the lines of the units from ``first`` on, where no fact did it; how many."""
    units = list(units)
    codes = [unit.code for unit in units]
    with writing(session, now, codes) as work:
        look_again(session, codes)
        work.dirty |= moved(session, units, first)
        for unit in units:
            work.dirty |= by_calendar(session, unit, first, local_date(now))
    return len(work.dirty)


def keep_public_days(session: Session, now: datetime) -> int:
    """Enter the public days of years that the package newly knows, and count anew where they matter; how many lines."""
    first = rulebook.seed_public_days(session)
    if first is None:
        return 0
    with writing(session, now, cases.units_reaching(session, first)):
        cases.follow_calendar(session, editions_of(session), first, now)
    keeping = select(DeliveryDays.unit_code).where(DeliveryDays.holidays).distinct()
    units = session.scalars(select(Unit).where(Unit.code.in_(keeping)).order_by(Unit.code)).all()
    return recount(session, units, first, now)


def recount_edition(session: Session, first: date, now: datetime) -> int:
    """Compute anew the lines of periods that begin on ``first`` or later: an edition was entered or taken back."""
    query = select(LedgerLine.unit_code, LedgerLine.duty, LedgerLine.period).where(
        LedgerLine.last_day >= first
    )
    keys = [Key(*row) for row in session.execute(query)]
    dirty = {key for key in keys if parse_period(key.period).first >= first}
    with writing(session, now, {key.unit for key in dirty}) as work:
        work.dirty |= dirty
    return len(dirty)


# ---------------------------------------------------------------- the changes: (context, entry) → (duty, first day)


def _enter(context: Context, entry: Entry) -> tuple[str, date]:
    row = rulebook.enter_override(context.session, entry.id, entry.open, context.actor, context.now)
    return row.duty, row.first_day


def _end(context: Context, entry: Entry) -> tuple[str, date]:
    row = context.session.get(Override, str(entry.open.get("override")))
    if row is None or row.unit_code != entry.unit:
        raise Problem("not-found")
    last = rulebook.end_override(context.session, row.id, _last_day(entry), context.actor, context.now)
    return last.duty, last.last_day + timedelta(days=1)


def _last_day(entry: Entry) -> date:
    try:
        return date.fromisoformat(entry.open.get("last_day"))
    except (TypeError, ValueError) as error:
        raise Problem("invalid", {"last_day": "day"}) from error


def _days(context: Context, entry: Entry) -> tuple[None, date]:
    return None, rulebook.set_delivery_days(context.session, entry.open, context.actor, context.now)


def _no_days(context: Context, entry: Entry) -> tuple[None, date]:
    return None, rulebook.remove_delivery_days(context.session, entry.open, context.now)


def _exception(context: Context, entry: Entry) -> tuple[None, date]:
    return None, rulebook.set_exception(context.session, entry.open, context.actor, context.now)


def _no_exception(context: Context, entry: Entry) -> tuple[None, date]:
    return None, rulebook.remove_exception(context.session, entry.open, context.now)


_CHANGES: dict[tuple[str, str], Change] = {
    (OVERRIDE, "enter"): _enter,
    (OVERRIDE, "end"): _end,
    (CALENDAR, "days"): _days,
    (CALENDAR, "no-days"): _no_days,
    (CALENDAR, "exception"): _exception,
    (CALENDAR, "no-exception"): _no_exception,
}


def body(actor: Actor, unit: Unit, now: datetime, type: str, op: str, **more) -> dict:
    """The open part of such a fact, by whoever may; raises ``forbidden``, and ``invalid`` for too long a reason."""
    acting = actor.acting_for(action_for(type, unit), unit.path)
    if acting is None:
        raise Problem("forbidden")
    if not fits(more.get("reason") or "", rulebook.REASON):
        raise Problem("invalid", {"reason": "long"})
    own = {"unit": unit.code, "acting": acting, "date": local_date(now).isoformat()}
    return {"type": type, "op": op, **own, **more}


_ALIKE = {
    "from_phone": False, "sections": frozenset({"unit", "duties", "listed"}), "binds": binds, "guard": guard, "apply": apply
}  # fmt: skip
OVERRIDES = FactType(OVERRIDE, Text("更严要求", "Stricter rule"), **_ALIKE)
_MOVED = frozenset({*_ALIKE["sections"], "cases"})  # their deadlines are counted in the state's workdays
CALENDARS = FactType(CALENDAR, Text("投递日历", "Calendar"), **{**_ALIKE, "sections": _MOVED})
