"""What happens to the lines of the ten newer duties when facts come late, are corrected or taken back, when a holiday is
declared in the middle of a period, an office turns from rural to city, or the rules change. 2026-11-16 is a Monday."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.cast import CITY, COUNTY, RURAL, build_in
from tests.ledger_records import changed_edition
from tests.ledger_stories import Office, about_fact, called, form, noon, passed
from tests.ledger_tables import FRI, MON, SUN, THU, TUE, WED
from webapp.core.database import transaction
from webapp.org.models import Unit, UnitSetting
from webapp.org.queries import unit_for
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk
from webapp.rulebook.operations import add_edition

DAY = timedelta(days=1)
NEXT_MON, DECEMBER = SUN + DAY, date(2026, 12, 1)
COUNTS = ("opening", "received", "delivered", "returned", "forwarded", "carried")


@pytest.fixture
def office(app):
    made = Office(app, build_in(app))
    yield made
    assert made.faults(noon(made.day, 23)) == []


def volume(day: date, unit: str = CITY, **counts: tuple[int, int | None]) -> dict:
    """{class: (items, returned)} of a day."""
    said = {name: {"items": items, "returned": returned} for name, (items, returned) in counts.items()}
    own = {"v": 1, "type": "volume", "unit": unit, "acting": unit, "date": day.isoformat()}
    return {**own, "about": day.isoformat(), "volumes": said}


def letters(tags: str, local: int) -> list[dict]:
    """Letters with these address tags from elsewhere, and so many local ones."""
    common = {"verdict": "pass", "answers": {}, "photos": []}
    far = [{"subject": f"N{n}", "stratum": "nonlocal", "tag": tag, **common} for n, tag in enumerate(tags)]
    return [*far, *({"subject": f"L{n}", "stratum": "local", **common} for n in range(local))]


def returns(day: date, count: int, **more) -> dict:
    return form("return", day, passed([f"R{n}" for n in range(count)]), about=TUE.isoformat(), **more)


def balance(day: date, *counts: int | None, about: date = TUE, **more) -> dict:
    header = dict(zip(COUNTS, counts, strict=True))
    return form("balance", day, [{"subject": "-"}], about=about.isoformat(), header=header, **more)


def shortage(day: date, **more) -> dict:
    header = {"short": 1, "damaged": 0, "replaced": 1, "refunded": 0, "refund": 0}
    item = {"subject": "-", "verdict": "pass", "answers": {}}
    return form("shortage", day, [item], header=header, **more)


def watch(day: date, count: int, **more) -> dict:
    return form("watch", day, passed([f"W{n}" for n in range(count)]), about=TUE.isoformat(), **more)


def chosen(day: date, count: int) -> dict:
    items = [{"subject": f"W{n}", "class": "parcel"} for n in range(count)]
    return form("watch-pick", day, items, about=TUE.isoformat()) | {"type": "selection"}


def held(kind: str, day: date, office: Office, **more) -> dict:
    header = {"present": [office.cast.people["lead"]], "notes": 4, "requirements": ["补盖日戳"]}
    return form(kind, day, [{"subject": "-"}], header=header, **more)


# ---------------------------------------------------------------- late, corrected, taken back


@dataclass(frozen=True)
class Story:
    """What the director did: ``made(office, day, short=…, **more)``; it is about, or was done on, Tuesday."""

    duty: str
    period: str
    made: Callable
    before: Callable = lambda office: None
    corrected: bool = True  # a correction can make it short


def five_came_back(office: Office) -> None:
    office.send("director", noon(TUE), volume(TUE, express=(9, 2), registered=(9, 0), parcel=(9, 3)))


def five_were_chosen(office: Office) -> None:
    day = dict.fromkeys(("express", "registered", "parcel", "letter", "periodical"), (1, 0))
    office.send("director", noon(TUE, 7), volume(TUE, **day))
    office.send("director", noon(TUE, 8), chosen(TUE, 5))


def first_letters(office: Office) -> None:
    office.send("inspector", noon(MON), form("letter", MON, letters("ABCDEF", 4)))


STORIES = [
    Story("return-audit", TUE.isoformat(), lambda office, short, **more: returns(TUE, 4 if short else 5, **more), five_came_back),
    Story("registered-balance", TUE.isoformat(), lambda office, short, **more: balance(TUE, 0, 5, 5, 0, 0, 0, **more), corrected=False),
    Story("advance-watch", TUE.isoformat(), lambda office, short, **more: watch(TUE, 4 if short else 5, **more), five_were_chosen),
    Story("letter-check-city", "2026-W47", lambda office, short, **more: form("letter", TUE, letters("ABCDE" if short else "ABCDEF", 4), **more), first_letters),
    Story("pre-shift-meeting", TUE.isoformat(), lambda office, short, **more: held("meeting", TUE, office, **more), corrected=False),
    Story("monthly-analysis", "2026-11", lambda office, short, **more: held("analysis", TUE, office, **more), corrected=False),
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.duty)
def test_a_record_that_comes_late_is_corrected_and_taken_back(office, story):
    after = noon(DECEMBER, 13)
    story.before(office)
    office.advance(after)
    assert office.status(story.duty, story.period, after) == "missed"
    first = office.send("director", after, story.made(office, False))  # done on Tuesday, sent in December
    assert office.status(story.duty, story.period, after) == "met"
    again = story.made(office, True, amends=first)
    second = office.send("director", after + timedelta(hours=1), again)
    worse = "missed" if story.corrected else "met"
    assert office.status(story.duty, story.period, after) == worse
    taken = noon(DECEMBER, 15)
    office.send("director", taken, about_fact("withdrawal", second, DECEMBER, reason="改错了"))
    line = office.line(story.duty, story.period)
    assert (line.met, line.withdrawn) == (True, 1)  # what it had corrected is in force again
    office.send("director", taken, about_fact("withdrawal", first, DECEMBER, reason="记错了"))
    line = office.line(story.duty, story.period)
    assert (line.met, line.withdrawn) == (False, 2)


def test_a_shortage_check_that_comes_late_closes_the_gap_and_opens_it_again_when_taken_back(office):
    def gaps() -> list:
        return [values for code, values in office.line("shortage-damage", "2026-11").why if code == "gap"]

    office.send("director", noon(date(2026, 11, 3)), shortage(date(2026, 11, 3)))
    office.send("director", noon(date(2026, 11, 8)), shortage(date(2026, 11, 8)))
    assert gaps() == [{"after": "2026-11-03", "before": "2026-11-08", "days": 3}]
    late = office.send("director", noon(TUE), shortage(date(2026, 11, 6)))
    assert gaps() == []
    # The day was wrong: it was the 7th, four after the 3rd.
    moved = office.send("director", noon(TUE, 13), shortage(date(2026, 11, 7), amends=late))
    assert gaps() == [{"after": "2026-11-03", "before": "2026-11-07", "days": 3}]
    office.send("director", noon(TUE, 14), about_fact("withdrawal", moved, TUE, reason="就是6日"))
    assert gaps() == []
    office.send("director", noon(TUE, 15), about_fact("withdrawal", late, TUE, reason="没有检查"))
    assert gaps() == [{"after": "2026-11-03", "before": "2026-11-08", "days": 3}]


def test_a_call_that_is_taken_back_no_longer_confirms_the_point(office):
    villages = [one for name, one in sorted(office.cast.points.items()) if name.endswith("嘎查")][:3]
    with office.app.app_context(), transaction() as session:
        session.get(Unit, RURAL).opened_on = date(2026, 1, 1)  # the points were entered long ago
    call = office.send("head", noon(TUE), form("relay", TUE, called(villages), unit=RURAL))
    assert office.line("relay-register", "2026-11", RURAL).done == 3
    assert office.line("relay-coverage", "2026-11", RURAL).done == 3
    office.send("head", noon(TUE, 14), about_fact("withdrawal", call, TUE, unit=RURAL, reason="记错了"))
    line = office.line("relay-register", "2026-11", RURAL)
    assert (line.done, line.withdrawn) == (0, 1)
    assert ["withdrawn", {"facts": 1}] in line.why
    assert office.line("relay-coverage", "2026-11", RURAL).done == 0


# ---------------------------------------------------------------- a holiday declared in mid-period


def holiday(office: Office, day: date, now, delivers: bool = False, unit: str = COUNTY) -> None:
    more = {"day": day.isoformat(), "delivers": delivers, "name": "那达慕", "reason": "放假通知"}

    def act(session, actor):
        where = unit_for(session, actor, unit)
        body = rulings.body(actor, where, now, rulings.CALENDAR, "exception", **more)
        record_at_desk(session, actor, now, body)

    office.desk("county", now, act)


def test_a_holiday_declared_in_mid_week_moves_every_line_that_it_touches(office):
    office.send("director", noon(TUE, 9), volume(TUE, express=(9, 2), registered=(5, 0), parcel=(9, 3)))
    office.send("director", noon(TUE, 18), balance(TUE, 0, 5, 3, 0, 0, 2))
    for day in (3, 6, 9, 12, 15):
        office.send(
            "director",
            noon(FRI) if day > 15 else noon(date(2026, 11, max(day, 17))),
            shortage(date(2026, 11, day)),
        )
    office.send("director", noon(FRI, 10), returns(FRI, 5))  # too late while Wednesday is a delivery day
    office.send("director", noon(FRI, 11), shortage(THU + DAY))  # the 20th: 20 - 15 = 5
    before = {code: office.line(code, TUE.isoformat()) for code in ("return-audit", "registered-balance")}
    assert not before["return-audit"].met
    assert not office.line("shortage-damage", "2026-11").met
    assert office.line("letter-check-city", "2026-W47").required == 2
    thursday = office.line("registered-balance", THU.isoformat()).why
    assert ["balance-expected", {"opening": None, "received": None}] in thursday
    for day in (WED, THU):
        holiday(office, day, noon(FRI, 12))
    for code in (
        "return-audit",
        "registered-balance",
        "advance-watch",
        "receipt-sample",
        "pre-shift-meeting",
    ):
        for day in (WED, THU):
            assert not office.line(code, day.isoformat()).applicable, code
    # Tuesday's list stays open to the end of Friday; Friday opens with what Tuesday carried over; the 20th is number 18.
    assert office.line("return-audit", TUE.isoformat()).met
    assert office.line("advance-watch", TUE.isoformat()).closes_at == noon(FRI, 24)
    friday = office.line("registered-balance", FRI.isoformat()).why
    assert ["balance-expected", {"opening": 2, "received": None}] in friday
    said = office.line("shortage-damage", "2026-11").why
    assert ["check-on", {"day": FRI.isoformat(), "number": 18}] in said
    assert not [values for code, values in said if code == "gap"]
    # One delivery day is left in the week: one session of letters.
    for day in (MON, TUE, FRI, FRI + DAY):
        holiday(office, day, noon(FRI, 13))
    assert office.line("letter-check-city", "2026-W47").required == 1
    assert office.line("monthly-analysis", "2026-11").applicable


def test_a_make_up_day_on_a_sunday_brings_its_duties_back(office):
    holiday(office, SUN, noon(MON), unit=COUNTY)
    holiday(office, SUN, noon(TUE), delivers=True, unit=CITY)
    office.advance(noon(NEXT_MON))
    assert office.line("pre-shift-meeting", SUN.isoformat()).applicable
    assert not office.line("pre-shift-meeting", SUN.isoformat(), RURAL).applicable


# ---------------------------------------------------------------- an office that turns from rural to city

DAILY = ("receipt-sample", "return-audit", "registered-balance", "advance-watch", "pre-shift-meeting")


def test_a_department_that_turns_to_city_keeps_the_newer_duties_of_the_periods_that_have_begun(office):
    """Wednesday 18 November: November stays rural; weeks from W48 and the month of December are city."""
    with office.app.app_context(), transaction() as session:
        session.add(UnitSetting(unit_code=RURAL, first_day=date(2026, 1, 1), setting="rural"))
        session.add(UnitSetting(unit_code=RURAL, first_day=WED, setting="city"))
        session.get(Unit, RURAL).setting = "city"
    for day in (WED, NEXT_MON, DECEMBER):
        office.advance(noon(day))
    there = {
        (code, day.isoformat()): True for code in DAILY for day in (TUE, WED, THU)
    } | {
        ("shortage-damage", "2026-11"): True, ("shortage-damage", "2026-12"): True,
        ("relay-register", "2026-11"): True, ("relay-register", "2026-12"): True,
        ("monthly-analysis", "2026-11"): True, ("monthly-analysis", "2026-12"): True,
        ("letter-check-rural", "2026-11"): True, ("letter-check-rural", "2026-12"): False,
        ("letter-check-city", "2026-W47"): False, ("letter-check-city", "2026-W48"): True,
        ("relay-coverage", "2026-11"): True, ("relay-coverage", "2026-12"): False,
    }  # fmt: skip
    found = {key: office.line(*key, RURAL) is not None for key in there}
    assert found == there
    # Letters checked after the change still count for the rural month, and for the city week that has begun.
    office.send("head", noon(DECEMBER), form("letter", date(2026, 11, 26), letters("ABCDEF", 4), unit=RURAL))
    assert office.line("letter-check-rural", "2026-11", RURAL).met
    assert office.line("letter-check-city", "2026-W48", RURAL).done == 1


# ---------------------------------------------------------------- rules that change in mid-week


def edition(first_day: date, *changes: tuple[str, str, str]) -> str:
    return changed_edition("2026b", first_day, changes)


def enter(office: Office, now, source: str) -> None:
    with office.app.app_context(), transaction() as session:
        add_edition(session, source, None, now)


def test_an_edition_of_a_wednesday_holds_for_its_day_the_next_week_and_the_next_month(office):
    changes = [
        ("return-audit", "percent = 100", "percent = 50"),
        ("advance-watch", "size = 20", "size = 3"),
        ("letter-check-city", "local = 4", "local = 2"),
        ("shortage-damage", "days = 3", "days = 5"),
        ("relay-register", "days = 90", "days = 1"),
        ("pre-shift-meeting", "kept = true", "kept = false"),
        ("monthly-analysis", 'roles = ["director"]', 'roles = ["inspector"]'),
    ]
    enter(office, noon(MON), edition(WED, *changes))
    for day in (TUE, WED):
        counts = {
            name: (9, 2) if name == "express" else (9, 0) for name in ("express", "registered", "parcel")
        }
        rest = {"letter": (0, 0), "periodical": (0, 0)}
        office.send("director", noon(day), volume(day, **counts, **rest))
    office.advance(noon(date(2026, 12, 3)))
    required = {(c, d): office.line(c, d.isoformat()).required for c in ("return-audit", "advance-watch") for d in (TUE, WED)}  # fmt: skip
    assert required == {
        ("return-audit", TUE): 2, ("return-audit", WED): 1, ("advance-watch", TUE): 20, ("advance-watch", WED): 3
    }  # fmt: skip
    assert office.line("pre-shift-meeting", TUE.isoformat())
    assert office.line("pre-shift-meeting", WED.isoformat()) is None
    by = {"2026-W47": 4, "2026-W48": 2}
    for week, local in by.items():
        assert ["stratum-least", {"stratum": "local", "minimum": local}] in office.line(
            "letter-check-city", week
        ).why
    assert office.line("shortage-damage", "2026-11").why[0][1]["days"] == 3
    assert office.line("shortage-damage", "2026-12").why[0][1]["days"] == 5
    for month, days in (("2026-11", 90), ("2026-12", 1)):
        assert office.line("relay-register", month).why[1][1]["days"] == days
    for month, day, counted in (("2026-11", FRI, False), ("2026-12", date(2026, 12, 2), True)):
        office.send("director", noon(date(2026, 12, 3), 13), held("analysis", day, office))
        assert office.line("monthly-analysis", month).met is not counted
    editions = {month: office.line("monthly-analysis", month).edition for month in ("2026-11", "2026-12")}
    assert editions == {"2026-11": "2014", "2026-12": "2026b"}


def test_a_new_form_for_letters_does_not_change_how_last_week_is_counted(office):
    same = form("letter", TUE, letters("AAAAAA", 4))
    office.send("inspector", noon(TUE), same)
    assert office.line("letter-check-city", "2026-W47").done == 0  # six letters at one address
    enter(office, noon(TUE, 13), edition(WED, ("letter", 'code = "nonlocal", distinct = "tag"', 'code = "nonlocal"')))  # fmt: skip
    office.send("inspector", noon(NEXT_MON), form("letter", NEXT_MON, letters("AAAAAA", 4)))
    assert office.line("letter-check-city", "2026-W47").done == 0
    assert office.line("letter-check-city", "2026-W48").done == 1


def test_a_duty_that_becomes_monthly_in_mid_month_goes_on_weekly_to_the_end_of_the_month(office):
    """From Wednesday 18 November parcels are to be checked every month: the first whole one is December."""
    at = ("parcel-check", 'period = "week"', 'period = "month"')
    enter(office, noon(MON), edition(WED, at, ("parcel-check", "size = 20", "size = 30")))
    office.advance(noon(date(2026, 12, 9)))
    for week in ("2026-W47", "2026-W48", "2026-W49"):  # W49 begins on 30 November
        line = office.line("parcel-check", week)
        assert (line.edition, line.why[0][1]["size"]) == ("2014", 20), week
    assert office.line("parcel-check", "2026-W50") is None
    assert office.line("parcel-check", "2026-11") is None
    december = office.line("parcel-check", "2026-12")
    assert (december.edition, december.why[0][1]["size"]) == ("2026b", 30)
    office.send("inspector", noon(date(2026, 12, 9), 13), form("parcel", date(2026, 11, 25), passed([f"P{n}" for n in range(20)])))  # fmt: skip
    assert office.line("parcel-check", "2026-W48").done == 1


def test_a_duty_that_becomes_weekly_in_mid_month_begins_with_the_next_week_and_the_month_goes_on(office):
    enter(
        office,
        noon(MON),
        edition(WED, ("letter-check-rural", 'period = "month"', 'period = "week"')),
    )
    office.advance(noon(date(2026, 12, 9)))
    found = {p for p in ("2026-11", "2026-12", "2026-W47", "2026-W48", "2026-W50") if office.line("letter-check-rural", p, RURAL)}  # fmt: skip
    assert found == {"2026-11", "2026-W48", "2026-W50"}


# ---------------------------------------------------------------- an office imported today


def test_a_unit_that_begins_today_has_no_lines_of_the_past(office):
    with office.app.app_context(), transaction() as session:
        session.get(Unit, RURAL).opened_on = THU
    office.advance(noon(FRI))
    office.advance(noon(NEXT_MON))
    for code in DAILY:
        assert office.line(code, WED.isoformat(), RURAL) is None, code
        assert office.line(code, THU.isoformat(), RURAL) is not None, code
    assert office.line("relay-rural", "2026-W47", RURAL) is None
    assert office.line("relay-rural", "2026-W48", RURAL) is not None
    for code in (
        "relay-monthly",
        "relay-coverage",
        "letter-check-rural",
        "monthly-analysis",
        "relay-register",
    ):
        assert office.line(code, "2026-11", RURAL) is None, code
    # Counted from the day of its opening, a delivery day: 19 + 3 = 22.
    assert ["next-check", {"day": SUN.isoformat()}] in office.line("shortage-damage", "2026-11", RURAL).why
