"""What the day's lists let count, so that a phone says so as a number is typed: keyed marks, never the list itself."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import current_app

from webapp.ledger.countable import Countable, DayLists
from webapp.ledger.measures import measure_of
from webapp.ledger.touched import duties_in
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of
from webapp.rulebook.rules import Duty
from webapp.sampling.listed import marks_key, marks_under
from webapp.sampling.recent_lists import Numbers
from webapp.sync.working import LISTED, Rows, Working

NOTHING = Numbers({}, set())


def listed(working: Working) -> Rows:
    """A row for each duty and day whose numbers are bound to the day's lists; nothing for who is carrier alone."""
    return {unit.code: _rows(working, unit) for unit in working.units if not working.carries_alone(unit)}


def _rows(working: Working, unit: Unit) -> list[dict]:
    named, volumes = working.lists.listed(unit.code), working.volumes[unit.code]
    sealed = working.lists.sealed_days.get(unit.code, ())
    handed = working.deliveries.handed.get(unit.code, ())
    own = working.lists.delivered_by(unit.code, working.actor.person_id, handed)
    duties = dict.fromkeys(
        duty.code for duty in duties_in(working.editions, unit.level) if measure_of(duty).says_countable
    )
    found = []
    for n in range(LISTED.days + 1):
        day = working.today - LISTED + timedelta(days=n)
        numbers = named.get(day, NOTHING)
        bound = _countable(working, unit, duties, DayLists(day, *numbers, volumes, day in sealed))
        if bound:
            key = marks_key(current_app.config["SECRET_KEY"], unit.code, day)
            marks = marks_under(key)
            mine = marks.of(own.get(day, ()))
            found += [
                _row(duty, kind, day, countable, key, marks.of(countable.numbers), mine)
                for duty, kind, countable in bound
            ]
    return found


def _countable(
    working: Working, unit: Unit, codes: Mapping[str, None], lists: DayLists
) -> list[tuple[Duty, str, Countable]]:
    """(duty, kind, what counts) of the duties as they stand on that day; of the edition and the overrides in force there."""
    found = []
    book = working.rules.at(unit, lists.day)
    for code in codes:
        kept = book.duties.get(code)
        duty = working.rules.bound(unit, code, period_of(kept.period, lists.day))[1] if kept else None
        if duty is None or not duty.binds(unit.level, unit.setting):
            continue
        for kind in duty.kinds:
            known = book.kinds.get(kind)
            countable = measure_of(duty).countable(duty, known.classes if known else (), lists)
            if countable is not None:
                found.append((duty, kind, countable))
    return found


def _row(duty: Duty, kind: str, day: date, found: Countable, key: str, marks: str, own: str) -> dict:
    return {
        "duty": duty.code,
        "kind": kind,
        "day": day.isoformat(),
        "key": key,
        "marks": marks,
        "own": own,
        "classes": None if found.classes is None else list(found.classes),
        "least": found.least,
    }
