"""What the day's lists let count, so that a phone says so as a number is typed: keyed marks, never the list itself."""

from datetime import date, timedelta

from flask import current_app

from webapp.ledger.countable import Countable, DayLists
from webapp.ledger.measures import measure_of
from webapp.ledger.touched import duties_at
from webapp.org.rules import CARRIER
from webapp.rulebook.periods import period_of
from webapp.rulebook.queries import Rules, rules_of
from webapp.rulebook.rules import Duty
from webapp.sampling import queries as sampling
from webapp.sampling.deliveries import deliverers
from webapp.sampling.listed import ListedNumber, listed_on, marks_key, marks_of
from webapp.sync.working import Working

# A list's day stays open to the end of the next delivery day, which may lie behind a long weekend.
REACH = timedelta(days=6)
Lists = dict[date, dict[str, ListedNumber]]
Own = set[tuple[str, date, str]]


def listed(working: Working) -> list[dict]:
    """A row for each duty and day whose numbers are bound to the day's lists; nothing for who is carrier alone."""
    if set(working.roles) == {CARRIER}:
        return []
    session, code, last = working.session, working.unit.code, working.today
    first = last - REACH
    named = listed_on(session, code, first, last)
    volumes = sampling.volumes(session, code, first, last)
    sealed = sampling.sealed_days(session, code, first, last)
    rules = rules_of(session, [working.unit])
    codes = [duty.code for duty in duties_at(session, working.unit.level)]
    own = _own(working, named)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        _row(working, duty, kind, lists.day, found, named, own)
        for lists in (_lists(day, named, volumes, day in sealed) for day in days)
        for duty in _bound(working, rules, dict.fromkeys(codes), lists.day)
        for kind in duty.kinds
        if (found := measure_of(duty).countable(duty, _classes(rules, working, lists.day, kind), lists))
        is not None
    ]


def _own(working: Working, named: Lists) -> Own:
    """What of the lists this person delivered, hand-overs included."""
    asked = [(working.unit.code, day, number) for day, numbers in named.items() for number in numbers]
    known = deliverers(working.session, asked)
    return {one for one, people in known.items() if working.actor.person_id in people}


def _lists(day: date, named: Lists, volumes: dict, sealed: bool) -> DayLists:
    numbers = named.get(day, {})
    classes = {number: one.mail_class for number, one in numbers.items()}
    returned = {number for number, one in numbers.items() if one.returned}
    return DayLists(day, classes, returned, volumes, sealed)


def _bound(working: Working, rules: Rules, codes: dict, day: date) -> list[Duty]:
    """The duties as they stand on that day; of the edition and the overrides in force there."""
    unit, found = working.unit, []
    for code in codes:
        kept = rules.at(unit, day).duties.get(code)
        duty = rules.bound(unit, code, period_of(kept.period, day))[1] if kept else None
        if duty and duty.binds(unit.level, unit.setting):
            found.append(duty)
    return found


def _classes(rules: Rules, working: Working, day: date, kind: str) -> tuple[str, ...]:
    known = rules.at(working.unit, day).kinds.get(kind)
    return known.classes if known else ()


def _row(
    working: Working, duty: Duty, kind: str, day: date, found: Countable, named: Lists, own: Own
) -> dict:
    key = marks_key(current_app.config["SECRET_KEY"], working.unit.code, day)
    mine = [number for number in named.get(day, {}) if (working.unit.code, day, number) in own]
    return {
        "duty": duty.code,
        "kind": kind,
        "day": day.isoformat(),
        "key": key,
        "marks": marks_of(key, found.numbers),
        "own": marks_of(key, mine),
        "classes": None if found.classes is None else list(found.classes),
        "least": found.least,
    }
