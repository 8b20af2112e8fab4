"""Which edition binds which period, for every duty: that of its first day; what becomes longer goes on until it can begin.

The new edition begins on Wednesday 18 November 2026, in the middle of a week and of a month.
"""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.ledger_tables import MON, TUE, WED
from webapp.rulebook.overrides import Override
from webapp.rulebook.periods import period_of
from webapp.rulebook.queries import Editions, Rules
from webapp.rulebook.rules import load

OFFICE = SimpleNamespace(path="/15/1525/152502/152502002/", opened_on=date(2026, 1, 1))
CODES = OFFICE.path.strip("/").split("/")
FIFTEEN = [one.code for one in load().duties.values() if one.level == "department"]


def rules(*overrides: Override, first_day: date = WED, **changes) -> Rules:
    """The shipped edition and one that begins on ``first_day``, in which each duty that is named has other values."""
    old = load()
    duties = dict(old.duties)
    for code, values in changes.items():
        name = code.replace("_", "-")
        duties[name] = replace(duties[name], **values)
    new = replace(old, edition="2026b", first_day=first_day, duties=duties)
    held = {code: tuple(one for one in overrides if one.unit_code == code) for code in CODES}
    return Rules(Editions((old, new)), held)


def edition(those: Rules, code: str, period, unit=OFFICE) -> str | None:
    book, duty = those.bound(unit, code, period)
    return None if duty is None else book.edition


@pytest.mark.parametrize("code", FIFTEEN)
def test_an_edition_of_mid_week_holds_from_the_next_period_and_for_daily_duties_from_its_day(code):
    kind = load().duties[code].period
    here = period_of(kind, WED)
    assert edition(rules(), code, here.previous()) == "2014"
    assert edition(rules(), code, here) == ("2026b" if kind == "day" else "2014")
    assert edition(rules(), code, here.next()) == "2026b"


@pytest.mark.parametrize("code", FIFTEEN)
def test_an_office_that_opens_with_the_edition_is_bound_by_it_at_once(code):
    opened = SimpleNamespace(path=OFFICE.path, opened_on=WED)
    assert edition(rules(), code, period_of(load().duties[code].period, WED), opened) == "2026b"


# the old length; the new one; first day of the edition; {period: by which edition (None: no such line)}
LENGTHS = [
    ("week", "month", WED, {"2026-W47": "2014", "2026-W48": "2014", "2026-W49": "2014", "2026-W50": None,
                            "2026-11": None, "2026-12": "2026b"}),
    ("week", "month", date(2026, 12, 1), {"2026-W48": "2014", "2026-W49": "2014", "2026-W50": None,
                                          "2026-11": None, "2026-12": "2026b"}),
    ("month", "week", WED, {"2026-11": "2014", "2026-12": None, "2026-W47": None, "2026-W48": "2026b"}),
    ("week", "quarter", WED, {"2026-W47": "2014", "2026-W52": "2014", "2026-W53": "2014", "2027-W01": None,
                              "2026-Q4": None, "2027-Q1": "2026b"}),
    ("day", "week", WED, {"2026-11-17": "2014", "2026-11-18": "2014", "2026-11-22": "2014", "2026-11-23": None,
                          "2026-W47": None, "2026-W48": "2026b"}),
    ("month", "day", WED, {"2026-11": "2014", "2026-12": None, "2026-11-17": None, "2026-11-18": "2026b"}),
]  # fmt: skip


@pytest.mark.parametrize(("was", "becomes", "first_day", "expected"), LENGTHS)
def test_a_duty_that_becomes_longer_goes_on_until_the_first_whole_period(was, becomes, first_day, expected):
    old = load()
    one = replace(old.duties["parcel-check"], period=was)
    book = replace(old, duties=old.duties | {"parcel-check": one})
    new = replace(book, edition="2026b", first_day=first_day, duties=book.duties | {"parcel-check": replace(one, period=becomes)})  # fmt: skip
    those = Rules(Editions((book, new)), dict.fromkeys(CODES, ()))
    found = {code: edition(those, "parcel-check", parsed(code)) for code in expected}
    assert found == expected


def parsed(code: str):
    from_code = {4: "year", 7: "month", 10: "day"}
    if "Q" in code:
        year, quarter = code.split("-Q")
        return period_of("quarter", date(int(year), int(quarter) * 3, 1))
    if "W" in code:
        year, week = code.split("-W")
        return period_of("week", date.fromisocalendar(int(year), int(week), 1))
    return period_of(from_code[len(code)], date.fromisoformat(code if len(code) == 10 else f"{code}-01"))


def test_no_day_is_without_a_duty_that_becomes_longer_whatever_day_the_edition_begins():
    for n in range(70):
        first_day = date(2026, 10, 20) + timedelta(days=n)
        those = rules(first_day=first_day, parcel_check={"period": "month"})
        for day in (date(2026, 10, 1) + timedelta(days=m) for m in range(140)):
            bound = [edition(those, "parcel-check", period_of(kind, day)) for kind in ("week", "month")]
            assert any(bound), (first_day, day)


def test_two_changes_of_length_before_the_first_could_begin():
    """Weekly; monthly from the 18th; quarterly from the 25th: weeks to the end of November, December, then quarters."""
    old = load()
    monthly = replace(rules(parcel_check={"period": "month"}).editions.books[1])
    quarter = replace(monthly.duties["parcel-check"], period="quarter")
    last = replace(monthly, edition="2026c", first_day=date(2026, 11, 25), duties=monthly.duties | {"parcel-check": quarter})  # fmt: skip
    those = Rules(Editions((old, monthly, last)), dict.fromkeys(CODES, ()))
    expected = {"2026-W48": "2014", "2026-W49": "2014", "2026-W50": None, "2026-11": None, "2026-12": "2026b",
                "2026-Q4": None, "2027-W01": None, "2027-01": None, "2027-Q1": "2026c"}  # fmt: skip
    assert {code: edition(those, "parcel-check", parsed(code)) for code in expected} == expected


def test_a_duty_that_an_edition_drops_ends_with_the_period_that_has_begun():
    old = load()
    new = replace(old, edition="2026b", first_day=WED, duties={k: v for k, v in old.duties.items() if k != "relay-city"})  # fmt: skip
    those = Rules(Editions((old, new)), dict.fromkeys(CODES, ()))
    week = period_of("week", MON)
    assert (edition(those, "relay-city", week), edition(those, "relay-city", week.next())) == ("2014", None)


def test_a_stricter_rule_of_mid_week_holds_from_the_next_week_and_for_a_day_at_once():
    sizes = Override("1", "152502", "parcel-check", WED, None, {"size": 25}, "旺季")
    percent = Override("2", "152502", "receipt-sample", WED, None, {"percent": 20}, "旺季")
    those, week = rules(sizes, percent, first_day=date(2030, 1, 1)), period_of("week", WED)
    assert [those.bound(OFFICE, "parcel-check", one)[1].size for one in (week, week.next())] == [20, 25]
    days = (period_of("day", day) for day in (TUE, WED))
    assert [those.bound(OFFICE, "receipt-sample", one)[1].percent for one in days] == [10, 20]
