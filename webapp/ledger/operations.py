"""Write ledger lines: recompute what a fact touched, open what nobody did, rebuild and verify."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from webapp.cases import operations as findings
from webapp.cases.opening import follow
from webapp.core.clock import end_of_day, local_date
from webapp.core.database import upsert
from webapp.inspections import operations as inspections
from webapp.inspections.models import Inspection
from webapp.inspections.queries import stale_roles
from webapp.ledger import frozen, inputs, months
from webapp.ledger.binding import Binding, binding_of
from webapp.ledger.due import FOLD, fault
from webapp.ledger.models import LedgerClock, LedgerLine, LedgerMonth
from webapp.ledger.rules import Line, fold
from webapp.ledger.touched import Key, all_by_facts, duties_at
from webapp.org.models import Unit
from webapp.rulebook.periods import Period, parse_period, period_of
from webapp.rulebook.queries import Editions, Rules, calendars_of, editions_of
from webapp.rulebook.rules import Duty, Rulebook
from webapp.signing.queries import signed_months

AT_ONCE = 40  # departments whose facts are read together


def recompute(session: Session, dirty: Iterable[Key], now: datetime) -> None:
    """Fold the dirty lines anew and store them, in sorted order."""
    dirty, editions = set(dirty), editions_of(session)
    dirty |= _mornings_after(session, dirty, editions)
    _hold_above(session, dirty, editions)
    left = set(dirty)
    for unit, lines in fold_all(session, dirty, now, editions):
        _store(session, [_row(unit, key, period, line, local_date(now)) for key, period, line in lines], now)
        left -= {key for key, *_ in lines}
        differs = {one: wrong for *_, line in lines for one, wrong in line.problems}
        if changed := findings.follow_heads(session, differs, now):
            follow(session, editions, changed, now)
    frozen.vanish(session, left, now)


def _hold_above(session: Session, dirty: set[Key], editions: Editions) -> None:
    """Lines of units above are folded by one at a time: whoever comes next sees what the one before recorded.

    The facts' own journals are locked already; these locks come after all of those, in code order too. They are locks of
    their own: whoever changes a county holds its row, and waits here for its league's lines. SQLite has one writer anyway.
    """
    upper = {duty.code for duty in editions.duties() if duty.upper}
    hold_lines(session, {key.unit for key in dirty if key.duty in upper})


def hold_lines(session: Session, unit_codes: Iterable[str]) -> None:
    """Nobody else folds lines of these units until this transaction ends; after all journals are locked."""
    codes = sorted(set(unit_codes))
    if codes and session.get_bind().dialect.name == "postgresql":
        numbers = [
            int.from_bytes(hashlib.sha256(f"lines of {code}".encode()).digest()[:8], signed=True)
            for code in codes
        ]
        held = text("SELECT pg_advisory_xact_lock(number) FROM unnest(CAST(:numbers AS bigint[])) AS number")
        session.execute(held, {"numbers": numbers})


def _mornings_after(session: Session, dirty: set[Key], editions: Editions) -> set[Key]:
    """A day's balance is the next delivery day's opening [Reading: balance]."""
    measured = {duty.code for duty in editions.duties() if duty.way.balances}
    balances = [key for key in dirty if key.duty in measured]
    units = {code: session.get(Unit, code) for code in {key.unit for key in balances}}
    calendars = calendars_of(session, list(units.values())) if units else {}
    return {
        key._replace(period=calendars[key.unit].next_delivery_day(parse_period(key.period).last).isoformat())
        for key in balances
    }


def fold_all(
    session: Session,
    wanted: Iterable[Key],
    now: datetime,
    editions: Editions | None = None,
    binding: Binding | None = None,
) -> Iterator[tuple[Unit, list[tuple[Key, Period, Line]]]]:
    """Fold the wanted lines from their facts, as of ``now``'s day, unit by unit; ``binding``: of their units, where it is known.

    Lines outside the unit's life or yet to come are left out.
    """
    by_unit: dict[str, list[Key]] = {}
    for key in sorted(set(wanted)):
        by_unit.setdefault(key.unit, []).append(key)
    if not by_unit:
        return
    today, binding = local_date(now), binding or binding_of(session, list(by_unit), editions)
    units, rules = binding.units, binding.rules
    works: dict[str, list[tuple[Key, Rulebook, Duty, Period]]] = {}
    for code, unit_keys in by_unit.items():
        unit = units[code]
        periods = [(key, parse_period(key.period)) for key in unit_keys]
        works[code] = [
            (key, *bound, period)
            for key, period in periods
            if max(period.first, unit.ledger_first) <= today
            and (bound := binding.in_force(unit, key.duty, period))
        ]
    left = [code for code, work in works.items() if work]
    loaded: dict[str, inputs.Material] = {}
    while left:
        code, unit = left[0], units[left[0]]
        if code not in loaded:
            loaded |= _load(
                session, [(units[one], works[one]) for one in _together(left, units)], today, rules
            )
        material = loaded.pop(code)
        yield (
            unit,
            [(key, period, _fold(book, duty, period, material)) for key, book, duty, period in works[code]],
        )
        left.pop(0)


def _together(left: list[str], units: Mapping[str, Unit]) -> list[str]:
    """The units whose material is loaded at once: of those left the next departments, or one unit above them."""
    if units[left[0]].level != "department":
        return left[:1]
    return [code for code in left if units[code].level == "department"][:AT_ONCE]


def _load(
    session: Session, works: Sequence[tuple[Unit, Sequence[tuple]]], today: date, rules: Rules
) -> dict[str, inputs.Material]:
    asked = {unit: [(duty, period) for _, _, duty, period in work] for unit, work in works}
    [(unit, work), *others] = asked.items()
    if others:
        return inputs.load_departments(session, asked, today, rules.editions)
    return {unit.code: inputs.load(session, unit, work, today, rules.editions)}


def _fold(book: Rulebook, duty: Duty, period: Period, material: inputs.Material) -> Line:
    """By the edition of the period, its kinds of record included: last year's ledger by last year's forms."""
    return replace(fold(duty, period, material.cut(duty, period, book)), edition=book.edition)


def _row(unit: Unit, key: Key, period: Period, line: Line, today: date) -> dict:
    return {
        "as_of": min(period.last, today),
        "unit_code": key.unit, "duty": key.duty, "period": key.period, "last_day": period.last,
        "month": period.month, "edition": line.edition, "applicable": line.applicable,
        "required": line.required, "done": line.done, "met": line.met, "uncertain": line.uncertain,
        "started": line.started, "closes_at": line.closes_at, "items": line.items, "passed": line.passed,
        "failed": line.failed, "drawn": line.drawn, "drawn_passed": line.drawn_passed,
        "announced": line.announced, "withdrawn": line.withdrawn, "voided": line.voided,
        "why": [list(reason) for reason in line.why],
    }  # fmt: skip


def _store(session: Session, rows: list[dict], now: datetime) -> None:
    """Lines of one unit, and the month sums that they enter; those of signed months only beside what is signed."""
    rows = rows and frozen.divert(session, rows[0]["unit_code"], rows, now)
    if not rows:
        return
    upsert(session, LedgerLine, rows, ("unit_code", "duty", "period"))
    touched = {row["month"] for row in rows}, {row["duty"] for row in rows}
    months.refresh(session, rows[0]["unit_code"], *touched)
    for held in session.identity_map.values():  # what the session read of them before says otherwise
        if isinstance(held, LedgerLine | LedgerMonth):
            session.expire(held)


# ---------------------------------------------------------------- the tick: lines where nobody did anything


def open_lines(session: Session, unit: Unit, now: datetime) -> int:
    """Open the unit's lines up to today and fold again those that a new day can move; returns how many.

    Idempotent: lines that exist are folded to the same values. Runs from where the last tick stopped.
    """
    today = local_date(now)
    clock = session.get(LedgerClock, unit.code)
    since = unit.ledger_first if clock is None else min(clock.opened_through, today)
    wanted = set(_open_periods(unit, duties_at(session, unit.level), since, today))
    if clock is not None and clock.fold != FOLD:
        wanted |= all_keys(session, unit, now)  # a release that counts otherwise was put in since
    # Before the lines, as whoever lays down a rule does: two that held each other's rows would wait for ever.
    session.merge(
        LedgerClock(
            unit_code=unit.code, opened_through=today, ticked_at=now, fold=FOLD, due_at=end_of_day(today)
        )
    )
    session.flush()
    recompute(session, wanted, now)
    return len(wanted)


def _open_periods(unit: Unit, duties: Sequence[Duty], since: date, today: date) -> Iterator[Key]:
    for duty in duties:
        period = period_of(duty.period, max(since, unit.ledger_first))
        while period.first <= today:
            yield Key(unit.code, duty.code, period.code)
            period = period.next()


# ---------------------------------------------------------------- rebuild and verify


def all_keys(session: Session, unit: Unit, now: datetime) -> set[Key]:
    """Every line the unit should have: all opened periods, and those that facts have touched."""
    duties = duties_at(session, unit.level)
    stored = session.execute(
        select(LedgerLine.unit_code, LedgerLine.duty, LedgerLine.period).where(
            LedgerLine.unit_code == unit.code
        )
    )
    clock = session.get(LedgerClock, unit.code)
    opened = set(_open_periods(unit, duties, unit.ledger_first, clock.opened_through)) if clock else set()
    through = clock.opened_through if clock else unit.opened_on
    beside = frozen.supplemented(session, unit.code)
    return opened | {Key(*row) for row in stored} | beside | all_by_facts(session, unit, through)


def rebuild(session: Session, unit: Unit, now: datetime) -> int:
    """Compute all lines of the unit anew from its facts; returns how many. Those of signed months stand."""
    inspections.refresh_roles(session, Inspection.unit_code == unit.code)
    wanted, signed = all_keys(session, unit, now), signed_months(session, unit.code)
    for table in (LedgerLine, LedgerMonth):
        session.execute(delete(table).where(table.unit_code == unit.code, table.month.not_in(signed)))
    if damaged := frozen.damaged(session, unit.code):
        frozen.mend(session, unit.code, damaged, _fresh(session, unit, damaged, now))
    recompute(session, wanted, now)
    return len(wanted)


def differences(session: Session, unit: Unit, now: datetime) -> list[str]:
    """Where the stored lines differ from what their facts give: empty when the ledger is right."""
    columns = [column.name for column in LedgerLine.__table__.columns]
    rows = session.execute(select(LedgerLine.__table__).where(LedgerLine.unit_code == unit.code)).mappings()
    stored = {Key(row["unit_code"], row["duty"], row["period"]): dict(row) for row in rows}
    fresh = _fresh(session, unit, all_keys(session, unit, now), now)
    # An open line stands as on the day on which it was last folded: the tick brings it to the next one.
    for day in {
        row["as_of"] for key, row in stored.items() if key in fresh and row["as_of"] < fresh[key]["as_of"]
    }:
        behind = {key for key in stored.keys() & fresh.keys() if stored[key]["as_of"] == day}
        fresh |= _fresh(session, unit, behind, end_of_day(day) - timedelta(seconds=1))
    months_signed = signed_months(session, unit.code)
    signed = {key for key in {*stored, *fresh} if parse_period(key.period).month in months_signed}
    faults = frozen.faults(session, unit.code, _take(stored, signed), _take(fresh, signed))
    faults += [f"{'/'.join(key)}: not stored" for key in sorted(fresh.keys() - stored.keys())]
    faults += [f"{'/'.join(key)}: should not be there" for key in sorted(stored.keys() - fresh.keys())]
    for key in sorted(fresh.keys() & stored.keys()):
        wrong = [name for name in columns if stored[key][name] != fresh[key][name]]
        faults += [
            f"{'/'.join(key)}: {name} is {stored[key][name]!r}, facts give {fresh[key][name]!r}"
            for name in wrong
        ]
    faults += [wrong] if (wrong := fault(session.get(LedgerClock, unit.code))) else []
    return faults + months.faults(session, unit.code) + _wrong_roles(session, unit)


def _take(lines: dict[Key, dict], keys: set[Key]) -> dict[Key, dict]:
    """These lines, which are then no longer among the others."""
    return {key: lines.pop(key) for key in keys & lines.keys()}


def _fresh(session: Session, unit: Unit, wanted: set[Key], now: datetime) -> dict[Key, dict]:
    return {
        key: _row(unit, key, period, line, local_date(now))
        for _, lines in fold_all(session, wanted, now)
        for key, period, line in lines
    }


def _wrong_roles(session: Session, unit: Unit) -> list[str]:
    """Checks that do not bear the roles which their authors held on the day of the work."""
    stale = stale_roles(session, Inspection.unit_code == unit.code)
    return [
        f"inspection {one}: its author held {' '.join(roles) or 'no role'}"
        for one, roles in sorted(stale.items())
    ]
