"""Enter and end overrides, editions and calendars. Those that count for the ledger come through ``recording``."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from chinese_calendar.constants import Holiday, holidays, workdays
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.core.ranges import FIRST_DAY, LAST_DAY
from webapp.core.text_lengths import fits
from webapp.org.models import Unit
from webapp.org.rules import LEVELS, Actor
from webapp.rulebook import editions
from webapp.rulebook.models import DayException, DeliveryDays, Edition, Override
from webapp.rulebook.overrides import changeable, flat, stricter
from webapp.rulebook.queries import editions_of, rules_of
from webapp.rulebook.rules import Rulebook, Text

REASON = 500
HOLIDAY_NAME = 40

# ---------------------------------------------------------------- overrides


def enter_override(session: Session, fact_id: str, body: Mapping, actor: Actor, now: datetime) -> Override:
    """Put an override of a unit in force from ``first_day`` on; never weaker than what binds it that day.

    ``body``: ``unit``, ``duty``, ``changes``, ``first_day`` (today or later), ``last_day`` or None, ``reason``.
    Raises ``invalid``, ``weaker-override`` (naming the article), ``reason-needed``.
    """
    unit, today = session.get(Unit, body["unit"]), local_date(now)
    first, last = _day(body, "first_day"), _day(body, "last_day", optional=True)
    if first < today:
        raise Problem("invalid", {"first_day": "past"})
    if last is not None and last < first:
        raise Problem("invalid", {"last_day": "before"})
    reason, changes = _reason(body), body.get("changes")
    if not isinstance(changes, Mapping):
        raise Problem("invalid", {"changes": "empty"})
    _only_stricter(session, unit, str(body.get("duty")), changes, first)
    row = Override(
        id=fact_id, unit_code=unit.code, duty=body["duty"], first_day=first, last_day=last,
        changes=dict(changes), reason=reason, entered_by=actor.person_id, entered_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _only_stricter(session: Session, unit: Unit, code: str, changes: Mapping, first: date) -> None:
    rules = rules_of(session, [unit])
    book = rules.editions.on(first)
    duty = book.duties.get(code)
    if duty is None or LEVELS.index(duty.level) < LEVELS.index(unit.level):
        raise Problem("invalid", {"duty": "choice"})
    names = strata_names(book, code)
    stricter(duty, changes, names)
    present = rules.at(unit, first).duties[code]
    if present != duty:
        stricter(present, changes, names, _laid_down_by(session, rules.in_force(unit, first), code, present))


def strata_names(book: Rulebook, duty_code: str) -> dict[str, Text]:
    """The titles of the strata of a duty's kinds."""
    duty = book.duties[duty_code]
    return {one.code: one.title for kind in duty.kinds for one in book.kinds[kind].strata}


def _laid_down_by(session: Session, held, code: str, present) -> dict[str, str]:
    """Which unit asked for each number that binds: {field: name}."""
    values = changeable(present)
    return {
        name: session.get(Unit, one.unit_code).name
        for one in held
        if one.duty == code
        for name, value in flat(one.changes).items()
        if values.get(name) == value
    }


def end_override(session: Session, override_id: str, last: date, actor: Actor, now: datetime) -> Override:
    """Let an override end with ``last``, yesterday at the earliest; before its first day: it never holds."""
    row = session.get(Override, override_id)
    if row is None:
        raise Problem("not-found")
    if last < local_date(now) - timedelta(days=1):
        raise Problem("invalid", {"last_day": "past"})
    if row.last_day is not None and last >= row.last_day:
        raise Problem("invalid", {"last_day": "ended"})
    row.last_day, row.ended_by, row.ended_at = last, actor.person_id, now
    session.flush()
    return row


# ---------------------------------------------------------------- editions


def checked_edition(session: Session, source: str, now: datetime) -> Rulebook:
    """The edition in a TOML text, if it may follow those there are: a new code, a first day after today and them all.

    Raises ``bad-edition`` naming the place.
    """
    book = editions.read(source)
    present = editions_of(session).books
    faults = []
    if book.edition in {one.edition for one in present}:
        faults.append(("edition.code", Text("这个代号已被使用", "this code is taken")))
    if book.first_day <= local_date(now):
        text = Text(
            "首日必须在今天之后，已过去的期间不能改", "must lie after today: no edition changes the past"
        )
        faults.append(("edition.first_day", text))
    elif book.first_day <= present[-1].first_day:
        last = present[-1].first_day.isoformat()
        text = Text(f"必须在上一版本的首日（{last}）之后", f"must lie after that of the last edition, {last}")
        faults.append(("edition.first_day", text))
    if faults:
        raise editions.refused(faults)
    return book


def add_edition(session: Session, source: str, person_id: str | None, now: datetime) -> Edition:
    """Enter an edition; it is final from its first day on."""
    book = checked_edition(session, source, now)
    row = Edition(
        code=book.edition, first_day=book.first_day, source=source, entered_by=person_id, entered_at=now,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def take_back_edition(session: Session, code: str, now: datetime) -> date:
    """Forget an edition that has not begun; its first day. Raises ``edition-in-force`` once it has."""
    row = session.get(Edition, code) if code.isprintable() else None
    if row is None:
        raise Problem("not-found")
    if row.first_day <= local_date(now):
        raise Problem("edition-in-force")
    session.delete(row)
    session.flush()
    return row.first_day


# ---------------------------------------------------------------- calendars


def set_delivery_days(session: Session, body: Mapping, actor: Actor, now: datetime) -> date:
    """Set a department's weekday mask from ``first_day`` on; the past only with a reason. Returns the first day."""
    first, mask = _day(body, "first_day"), body.get("mask")
    if isinstance(mask, bool) or not isinstance(mask, int) or not 0 <= mask <= 127:
        raise Problem("invalid", {"mask": "choice"})
    unit = session.get(Unit, body["unit"])
    if unit.level != "department":
        raise Problem("invalid", {"unit": "level"})
    if first < unit.opened_on:
        raise Problem("invalid", {"first_day": "unopened"})
    row = session.get(DeliveryDays, (unit.code, first))
    if row is None:
        row = DeliveryDays(unit_code=unit.code, first_day=first)
        session.add(row)
    row.mask, row.holidays = mask, body.get("holidays") is True
    row.reason = _reason(body, needed=first < local_date(now))
    row.entered_by, row.entered_at = actor.person_id, now
    session.flush()
    return first


def remove_delivery_days(session: Session, body: Mapping, now: datetime) -> date:
    """Take back a weekday mask: from its first day on the one before it holds again."""
    first = _day(body, "first_day")
    row = session.get(DeliveryDays, (body["unit"], first))
    if row is None:
        raise Problem("not-found")
    _reason(body, needed=first < local_date(now))
    session.delete(row)
    session.flush()
    return first


def set_exception(session: Session, body: Mapping, actor: Actor, now: datetime) -> date:
    """Enter a day that differs from the mask for a unit and all below; at the region a public one. Returns the day."""
    day, delivers, name = _day(body, "day"), body.get("delivers"), str(body.get("name") or "").strip()
    if not isinstance(delivers, bool):
        raise Problem("invalid", {"delivers": "choice"})
    if not name or not fits(name, HOLIDAY_NAME) or not name.isprintable():
        raise Problem("invalid", {"name": "long" if name else "empty"})
    unit = session.get(Unit, body["unit"])
    row = session.get(DayException, (unit.code, day))
    if row is None:
        row = DayException(unit_code=unit.code, day=day)
        session.add(row)
    row.delivers, row.name = delivers, name
    row.source = "public" if unit.level == "region" else "local"
    row.reason = _reason(body, needed=day < local_date(now))
    row.entered_by, row.entered_at = actor.person_id, now
    session.flush()
    return day


def remove_exception(session: Session, body: Mapping, now: datetime) -> date:
    """Take back such a day."""
    day = _day(body, "day")
    row = session.get(DayException, (body["unit"], day))
    if row is None:
        raise Problem("not-found")
    _reason(body, needed=day < local_date(now))
    session.delete(row)
    session.flush()
    return day


def seed_public_days(session: Session) -> date | None:
    """Enter the state's holidays and make-up workdays of each year that is not there yet, for every region.

    From the table of the package ``chinesecalendar``; what a supervisor changed in a year stays. Returns the first
    day that is new, None where nothing was. Idempotent.
    """
    regions = session.scalars(select(Unit.code).where(Unit.level == "region")).all()
    new: list[DayException] = []
    for code in regions:
        query = select(DayException.day, DayException.entered_at).where(DayException.unit_code == code)
        rows = dict(session.execute(query).all())
        seeded = {day.year for day, entered_at in rows.items() if entered_at is None}
        new += [row for row in _public_days(code) if row.day not in rows and row.day.year not in seeded]
    session.add_all(new)
    session.flush()
    return min((row.day for row in new), default=None)


_NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def _public_days(code: str) -> list[DayException]:
    said = [(day, False, name, "") for day, name in holidays.items()]
    said += [(day, True, name, "调休上班") for day, name in workdays.items()]
    return [
        DayException(
            unit_code=code,
            day=day,
            delivers=delivers,
            name=f"{_NAMES[name]}{more}"[:HOLIDAY_NAME],
            source="public",
        )
        for day, delivers, name, more in said
    ]


# ---------------------------------------------------------------- what a body says


def _day(body: Mapping, name: str, optional: bool = False) -> date | None:
    value = body.get(name)
    if optional and value in (None, ""):
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Problem("invalid", {name: "day"}) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Problem("invalid", {name: "day"})
    return day


def _reason(body: Mapping, needed: bool = True) -> str | None:
    text = str(body.get("reason") or "").strip()
    if needed and not text:
        raise Problem("reason-needed", {"reason": "empty"})
    if not fits(text, REASON) or "\x00" in text:
        raise Problem("invalid", {"reason": "long"})
    return text or None
