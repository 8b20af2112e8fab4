"""An override asks for more, never for less; of several the strictest counts [3]."""

from datetime import date

import pytest

from webapp.core.problems import Problem
from webapp.rulebook.overrides import (
    Override,
    applied,
    changeable,
    differences,
    flat,
    minimum,
    nested,
    stricter,
)
from webapp.rulebook.queries import Editions, Rules
from webapp.rulebook.rules import load, parse, shipped_source

DUTIES = load().duties
NAMES = {one.code: one.title for one in load().kinds["letter"].strata}


def refused(duty: str, **changes) -> Problem:
    with pytest.raises(Problem) as caught:
        stricter(DUTIES[duty], nested(changes), NAMES)
    return caught.value


@pytest.mark.parametrize(
    ("duty", "changes", "said"),
    [
        ("receipt-sample", {"percent": 9}, "14.1(1) 要求每日不少于10%"),
        ("advance-watch", {"size": 19}, "14.1(5) 要求每日不少于20件"),
        ("parcel-check", {"size": 19}, "14.2 要求每次不少于20件"),
        ("parcel-check", {"sessions": 1}, "14.2 要求每周不少于2次"),
        ("letter-check-city", {"strata.nonlocal": 5}, "14.3(1) 要求每次外埠不少于6件"),
        ("letter-check-city", {"strata.local": 3}, "14.3(1) 要求每次本埠不少于4件"),
        ("shortage-damage", {"days": 4}, "14.1(4) 要求每3天检查一次"),
        ("relay-register", {"days": 91}, "14.4(1) 要求90天内确认一次"),
        ("relay-monthly", {"size": 19}, "14.4(2) 要求每月不少于20个"),
        ("relay-city", {"size": 9}, "14.4(3) 要求每次不少于10个"),
        ("relay-rural", {"sessions": 0 + 1, "size": 4}, "14.4(4) 要求每次不少于5个"),
        ("onsite-depts", {"need.city.percent": 29}, "15.1 要求每月不少于城市投递部的30%"),
        ("onsite-depts", {"need.rural.percent": 14}, "15.1 要求每月不少于农村投递部的15%"),
        ("parcel-onsite", {"need.size": 4}, "15.2 要求每季度不少于5个应查单位"),
        ("parcel-onsite", {"spread.percent": 49}, "15.2 要求每季度涉及单位不少于50%"),
        ("parcel-onsite", {"each.items": 19}, "15.2 要求每个单位不少于20件"),
        ("letter-onsite-county-year", {"each.items": 4}, "15.3② 要求每次每个单位不少于5件"),
        ("relay-county", {"each.points": 4}, "15.4① 要求每个单位不少于5个接转点"),
        ("region-letters", {"spread.size": 1}, "16.1 要求每月涉及单位不少于2个"),
        ("region-reports", {"each.audited": 4}, "16.4 要求每个单位调审不少于5个投递部"),
    ],
)
def test_a_weaker_number_is_refused_with_the_article_it_would_break(duty, changes, said):
    problem = refused(duty, **changes)
    assert problem.code == "weaker-override"
    assert said in problem.message("zh")
    assert DUTIES[duty].article in problem.message("en")


@pytest.mark.parametrize(
    ("duty", "changes"),
    [
        ("receipt-sample", {"percent": 11}),
        ("parcel-check", {"size": 21}),
        ("parcel-check", {"sessions": 3, "size": 20}),
        ("parcel-check", {"shrink": None}),
        ("letter-check-city", {"strata.local": 5}),
        ("shortage-damage", {"days": 2}),
        ("relay-register", {"days": 60}),
        ("relay-monthly", {"size": 30}),
        ("onsite-depts", {"need.city.percent": 50}),
        ("onsite-depts", {"need.rural.percent": 16, "need.city.percent": 30}),
        ("parcel-onsite", {"need.size": 8, "spread.percent": 100, "each.items": 25}),
        ("letter-review-league", {"each.opened": 2}),
        ("relay-county", {"each.points": 10}),
        ("region-letters", {"spread.size": 3}),
        ("region-reports", {"each.audited": 6}),
    ],
)
def test_a_stricter_number_is_taken_and_shows_as_the_only_difference(duty, changes):
    before = DUTIES[duty]
    stricter(before, nested(changes), NAMES)
    after = applied(before, [nested(changes)])
    found = {one.field: one.value for one in differences(before, after)}
    assert found == {name: value for name, value in changes.items() if changeable(before)[name] != value}


@pytest.mark.parametrize(
    ("duty", "changes", "field"),
    [
        ("parcel-check", {"size": True}, "size"),
        ("parcel-check", {"size": "25"}, "size"),
        ("parcel-check", {"size": 0}, "size"),
        ("parcel-check", {"size": -25}, "size"),
        ("parcel-check", {"size": 10**9}, "size"),
        ("parcel-check", {"sessions": 8}, "sessions"),
        ("parcel-check", {"shrink": "population"}, "shrink"),
        ("parcel-check", {"kept": False}, "kept"),
        ("parcel-check", {"roles": ["carrier"]}, "roles"),
        ("parcel-check", {"percent": 50}, "percent"),
        ("receipt-sample", {"percent": 101}, "percent"),
        ("letter-check-city", {"strata.abroad": 3}, "strata.abroad"),
        ("letter-check-city", {"size": 12}, "size"),
        # Nobody can call at more points than there are.
        ("relay-monthly", {"shrink": None}, "shrink"),
        ("pre-shift-meeting", {"size": 2}, "size"),
        ("parcel-check", {"need.percent": 50}, "need.percent"),
        ("letter-review", {"need.percent": 100}, "need.percent"),  # all of them are more than any percent
        ("onsite-depts", {"need.city.percent": 101}, "need.city.percent"),
        ("onsite-depts", {"need.percent": 50}, "need.percent"),
        ("relay-county", {"each.points": 1001}, "each.points"),
        ("relay-county", {"each.methods": ["on-site"]}, "each.methods"),
        ("parcel-check", {}, "changes"),
        ("parcel-check", {"size": 20}, "changes"),
    ],
)
def test_what_no_override_can_change_or_makes_no_sense_is_named(duty, changes, field):
    problem = refused(duty, **changes)
    assert problem.code == "invalid"
    assert list(problem.fields) == [field]


def test_strata_that_are_no_table_are_an_error_not_a_crash():
    with pytest.raises(Problem) as caught:
        stricter(DUTIES["letter-check-city"], {"strata": 7})
    assert caught.value.code == "invalid"


def test_of_several_the_strictest_counts_whatever_the_order():
    duty = DUTIES["parcel-check"]
    several = [{"size": 25}, {"size": 22, "sessions": 3}, {"shrink": None}]
    for order in (several, several[::-1]):
        found = applied(duty, order)
        assert (found.size, found.sessions, found.shrink) == (25, 3, None)
    days = applied(DUTIES["shortage-damage"], [{"days": 2}, {"days": 1}])
    assert days.days == 1


def test_more_letters_of_one_kind_make_the_whole_session_larger():
    found = applied(DUTIES["letter-check-city"], [{"strata": {"local": 8}}])
    assert dict(found.strata) == {"nonlocal": 6, "local": 8}
    assert found.size == 14


def test_an_old_override_never_weakens_a_stricter_new_edition():
    source = shipped_source().replace("size = 20", "size = 30").replace('code = "2014"', 'code = "2027"')
    duty = parse(source).duties["parcel-check"]
    assert applied(duty, [{"size": 25}]) == duty
    assert applied(duty, [{"percent": 50, "strata": {"local": 3}}]) == duty


def test_what_is_stored_and_what_is_typed_say_the_same():
    assert flat({"size": 3, "strata": {"local": 5}}) == {"size": 3, "strata.local": 5}
    assert nested({"size": 3, "strata.local": 5}) == {"size": 3, "strata": {"local": 5}}


def test_the_phrase_is_there_in_both_languages_for_every_number():
    for duty in DUTIES.values():
        for name in changeable(duty):
            phrase = minimum(duty, name, NAMES)
            assert phrase.zh and phrase.en and "None" not in phrase.en, (duty.code, name)


class Place:
    """As much of a unit as the rules ask for."""

    path = "/15/1525/152502/"


def test_the_rules_of_a_day_are_those_of_its_edition_and_its_overrides():
    later = parse(
        shipped_source()
        .replace('code = "2014"', 'code = "2027"', 1)
        .replace("first_day = 2014-01-01", "first_day = 2027-01-01", 1)
        .replace("percent = 10\n", "percent = 20\n", 1)
    )
    more = Override("a", "1525", "parcel-check", date(2026, 11, 1), date(2027, 1, 31), {"size": 25})
    over = {"15": (), "1525": (more,), "152502": ()}
    rules = Rules(Editions((load(), later)), over)
    sizes = [rules.at(Place, day).duties["parcel-check"].size for day in _days()]
    shares = [rules.at(Place, day).duties["receipt-sample"].percent for day in _days()]
    assert sizes == [20, 25, 25, 25, 25, 20]
    assert shares == [10, 10, 10, 20, 20, 20]
    assert rules.at(Place, date(2026, 10, 31)) is load()
    assert rules.at(Place, date(2026, 11, 5)) is rules.at(Place, date(2026, 11, 6))


def _days() -> list[date]:
    return [
        date(2026, 10, 31),
        date(2026, 11, 1),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 31),
        date(2027, 2, 1),
    ]


def test_of_a_coverage_only_the_numbers_change():
    duty = DUTIES["parcel-onsite"]
    found = applied(duty, [{"need.size": 8}, {"spread.percent": 60, "each.items": 10}, {"need.size": 6}])
    assert (found.coverage.needs[0].size, found.coverage.spread.need.percent) == (8, 60)
    assert found.coverage.each == duty.coverage.each  # ten are fewer than twenty
    assert (found.coverage.over, found.kinds, found.roles) == (duty.coverage.over, duty.kinds, duty.roles)
    assert found.coverage.spread.over == duty.coverage.spread.over
    assert {one.field for one in differences(duty, found)} == {"need.size", "spread.percent"}
