"""The delivery ledger of a department, written from the sentences of the domain alone: a world and a moment become lines.

This is code of its own on purpose: it shares nothing with the server but the words.
"""

from collections.abc import Iterable
from datetime import date

from tests.independent.answers import DUE, MET, MISSED, NOT_APPLICABLE, PARTIAL, UNKNOWN, Answer
from tests.independent.days import (
    advance_watch,
    monthly_analysis,
    pre_shift_meeting,
    receipt_sample,
    registered_balance,
    return_audit,
    shortage_damage,
)
from tests.independent.known import Known
from tests.independent.visits import (
    letter_check_city,
    letter_check_rural,
    parcel_check,
    relay_city,
    relay_coverage,
    relay_monthly,
    relay_register,
    relay_rural,
)
from tests.independent.world import DAY

DAILY = {
    "receipt-sample": receipt_sample,
    "return-audit": return_audit,
    "registered-balance": registered_balance,
    "advance-watch": advance_watch,
    "pre-shift-meeting": pre_shift_meeting,
}
WEEKLY = {
    "city": {"parcel-check": parcel_check, "letter-check-city": letter_check_city, "relay-city": relay_city},
    "rural": {"relay-rural": relay_rural},
}
_MONTHLY = {
    "relay-register": relay_register,
    "relay-monthly": relay_monthly,
    "monthly-analysis": monthly_analysis,
}
MONTHLY = {
    "city": _MONTHLY,
    "rural": {**_MONTHLY, "letter-check-rural": letter_check_rural, "relay-coverage": relay_coverage},
}


def lines_of_day(known: Known, day: date) -> dict[str, Answer]:
    """The daily duties of a day in the unit's life; without delivery there is nothing to do."""
    if day > known.today or not known.alive(day):
        return {}
    if not known.delivers(day):
        return dict.fromkeys(DAILY, Answer(NOT_APPLICABLE))
    return {code: fold(known, day) for code, fold in DAILY.items()}


def lines_of_week(known: Known, first: date) -> dict[str, Answer]:
    """The weekly duties of a full week in the unit's life."""
    last = first + 6 * DAY
    if first > known.today or not (known.alive(first) and known.alive(last)):
        return {}
    return {code: fold(known, first, last) for code, fold in WEEKLY[known.setting(first)].items()}


def lines_of_month(known: Known, first: date, last: date) -> dict[str, Answer]:
    """The monthly duties of a full month in the unit's life; shortage and damage also where it opens or closes."""
    if first > known.today:
        return {}
    found = {}
    shortage = shortage_damage(known, first, last)
    if shortage and known.world.ledger_first <= known.today:
        found["shortage-damage"] = shortage
    if known.alive(first) and known.alive(last):
        found |= {code: fold(known, first, last) for code, fold in MONTHLY[known.setting(first)].items()}
    return found


def roll_up(statuses: Iterable[str]) -> str:
    """What a longer period says of its lines."""
    found = set(statuses)
    if found <= {NOT_APPLICABLE}:
        return NOT_APPLICABLE
    if found <= {MET, NOT_APPLICABLE}:
        return MET
    if found & {MISSED, UNKNOWN}:
        return MISSED
    return PARTIAL if found & {MET, PARTIAL} else DUE
