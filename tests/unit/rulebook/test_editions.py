"""An edition that somebody wrote: each mistake is named with its place, in both languages."""

import tomllib
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from tests.desk_records import envelope, inspection, parcels
from tests.editions import VISIT, with_visits
from webapp.core.problems import Problem
from webapp.recording.schemas import read as read_fact
from webapp.rulebook.comparison import compare, marked, side_by_side
from webapp.rulebook.editions import MAX_BYTES, read
from webapp.rulebook.queries import Editions
from webapp.rulebook.rules import load, parse, shipped_source

SOURCE = shipped_source()


def wrong(old: str, new: str) -> dict:
    assert old in SOURCE, old
    with pytest.raises(Problem) as caught:
        read(SOURCE.replace(old, new, 1))
    assert caught.value.code == "bad-edition"
    assert [text.en for _place, text in caught.value.values["faults"]] == list(caught.value.fields.values())
    assert all(text.zh for _place, text in caught.value.values["faults"])
    return caught.value.fields


def test_the_shipped_edition_is_one_that_could_be_entered():
    assert read(SOURCE) == load()


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("percent = 10\n", "percent = 0\n", "duty[1] receipt-sample.percent"),
        ("percent = 10\n", "percent = 101\n", "duty[1] receipt-sample.percent"),
        ("percent = 10\n", 'percent = "10"\n', "duty[1] receipt-sample.percent"),
        ("percent = 10\n", "percent = true\n", "duty[1] receipt-sample.percent"),
        ("percent = 10\n", "", "duty[1] receipt-sample.percent"),
        ("percent = 10\n", "percentage = 10\npercent = 10\n", "duty[1] receipt-sample.percentage"),
        ('of = ["parcel"]', 'of = ["parcels"]', "duty[6] parcel-check.of"),
        ("local = 4 }", "lokal = 4 }", "duty[7] letter-check-city.strata.lokal"),
        ("local = 4 }", "local = -4 }", "duty[7] letter-check-city.strata.local"),
        ('measure = "share"', 'measure = "part"', "duty[1] receipt-sample.measure"),
        (
            'period = "week"\ncloses = "period"',
            'period = "fortnight"\ncloses = "period"',
            "duty[6] parcel-check.period",
        ),
        ('period = "week"\nphoto', 'period = "fortnight"\nphoto', "kind[15] form-review.period"),
        ("first_day = 2014-01-01", 'first_day = "2014-01-01"', "edition.first_day"),
        ("first_day = 2014-01-01\n", "", "edition.first_day"),
        ('code = "parcel-check"', 'code = "Parcel Check"', "duty[6] Parcel Check.code"),
        ('code = "letter-check-rural"', 'code = "letter-check-city"', "duty[8] letter-check-city.code"),
        ('roles = ["carrier"]', 'roles = ["boss"]', "kind[1] capture.roles"),
        ('[[reading]]\ncode = "session"', '[[reading]]\ncode = "sitting"', "duty[6] parcel-check.readings"),
        ('subject = "point"', 'subject = "place"', "kind[4] relay.subject"),
        ('{ code = "signed", zh', '{ kode = "signed", zh', "kind[2] receipt.criteria[1].kode"),
        ('type = "count"', 'type = "kount"', "kind[6] balance.fields[1].type"),
        ('zh = "班前会"', 'zh = ""', "kind[11] meeting.zh"),
        ("kept = true", "kept = 1", "duty[1] receipt-sample.kept"),
        ('chosen_by = "watch-pick"', 'chosen_by = "pick"', "duty[5] advance-watch.chosen_by"),
        ("population_days = 7\n", "population_days = 29\n", "duty[9] relay-register.population_days"),
        ('code = "letter"\nnumbered = false', 'code = "letter"\nnumbered = true', "class[4] letter.numbered"),
        (
            'code = "express"\nnumbered = true',
            'code = "express"\nnumbered = false',
            "class[1] express.numbered",
        ),
        ('code = "letter"\nnumbered', 'code = "ordinary-mail"\nnumbered', "class[4] ordinary-mail.code"),
        ('chosen_by = "watch-pick"\n', "", "duty[5] advance-watch.chosen_by"),
        (
            'beside = "problems-in-time"',
            'beside = "problems-in-words"',
            "duty[13] relay-coverage.beside",
        ),
        (
            'measure = "once"\ncounts = "records"',
            'measure = "once"\nbeside = "problems-in-time"\ncounts = "records"',
            "duty[14] pre-shift-meeting.beside",
        ),
        ("[edition]", "[editio]", "editio"),
        ("[[duty]]", "[[duty", "TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(old, new, place):
    fields = wrong(old, new)
    assert any(name == place or name.startswith(f"{place}[") for name in fields), fields


def test_only_some_of_very_many_mistakes_are_named_at_once():
    with pytest.raises(Problem) as caught:
        read(SOURCE.replace("zh =", "hz ="))
    assert 5 < len(caught.value.fields) <= 20


def test_a_text_that_is_too_long_is_not_even_parsed():
    with pytest.raises(Problem) as caught:
        read("#" * (MAX_BYTES + 1))
    assert caught.value.code == "too-large"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_one_value_becomes_it_is_an_edition_or_a_named_mistake(data):
    """A value of another type anywhere gives the problem, never another error."""
    lines = SOURCE.splitlines()
    places = [
        number for number, line in enumerate(lines) if " = " in line and not line.startswith(("#", " "))
    ]
    number = data.draw(st.sampled_from(places))
    value = data.draw(
        st.sampled_from(["1", "-5", '"x"', "true", "[]", "[1]", "[{}]", "{}", "2026-01-01", "1.5", '""'])
    )
    lines[number] = lines[number].split(" = ")[0] + " = " + value
    changed = "\n".join(lines)
    try:
        tomllib.loads(changed)
        read(changed)
    except tomllib.TOMLDecodeError:
        return  # a list of several lines was cut
    except Problem as problem:
        assert problem.code == "bad-edition"
        assert problem.fields


def test_what_differs_between_two_editions_is_told_table_by_table():
    changed = SOURCE.replace("percent = 10\n", "percent = 20\n", 1).replace(
        '"relay-coverage"', '"relay-all"', 1
    )
    changed = changed.replace('zh = "特快"', 'zh = "特快专递"', 1)
    found = {(one.table, one.code): one for one in compare(load(), parse(changed))}
    assert found["duties", "receipt-sample"].fields == (("percent", 10, 20),)
    assert found["duties", "relay-coverage"].what == "removed"
    assert found["duties", "relay-all"].what == "added"
    assert found["classes", "express"].what == "changed"
    assert len(found) == 4
    assert compare(load(), load()) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('severity = "grave"', 'severity = "fatal"', "unit-visit.criteria[3].severity"),
        ('severity = "grave"', "severity = 3", "unit-visit.criteria[3].severity"),
        ('group = "letters",', 'group = "parcels",', "unit-visit.criteria[3].group"),
        ('group = "letters",', "", "unit-visit.group[2]"),
        ('group = "letters",', "group = 1,", "unit-visit.criteria[3].group"),
        ('code = "letters"\nzh', 'code = "express"\nzh', "unit-visit.group[2].code"),
        ('en = "Letters part"', "", "unit-visit.group[2].en"),
        ('en = "Letters part"', 'en = "Letters part"\nof = "x"', "unit-visit.group[2].of"),
        ('code = "kept"', f'code = "{"k" * 25}"', "unit-visit.criteria[1].code"),
        ('subject = "unit"', 'subject = "department"', "unit-visit.subject"),
    ],
)
def test_a_mistake_in_the_groups_of_a_form_is_named_with_its_place(old, new, place):
    source = with_visits(date(2027, 1, 1))
    assert read(source).kinds["unit-visit"].groups[1].title.zh == "平信部分"
    assert VISIT.count(old) == 1
    with pytest.raises(Problem) as caught:
        read(source.replace(VISIT, VISIT.replace(old, new)))
    assert f"kind[{len(load().kinds) + 1}] {place}" in caught.value.fields, caught.value.fields


def test_a_stored_edition_with_a_subject_that_is_gone_says_which_there_are():
    with pytest.raises(ValueError, match="kind unit-visit is about 'department', but .* one of .*unit"):
        gone = VISIT.replace('subject = "unit"', 'subject = "department"')
        parse(with_visits(date(2027, 1, 1)).replace(VISIT, gone))


def test_groups_and_severities_are_among_what_differs_between_two_editions():
    before = with_visits(date(2027, 1, 1))
    otherwise = VISIT.replace('severity = "serious", ', "").replace('zh = "平信部分"', 'zh = "函件部分"')
    after = before.replace(VISIT, otherwise)
    [change] = compare(parse(before), parse(after))
    told = {name: (old, new) for name, old, new in change.fields}
    assert told["groups"] == ("express 特快部分, letters 平信部分", "express 特快部分, letters 函件部分")
    assert "express-time 特快及时 · express · serious" in told["criteria"][0]
    assert "express-time 特快及时 · express, " in told["criteria"][1]


def test_a_record_is_read_by_the_edition_of_the_day_of_its_work_however_late_it_comes():
    kind = SOURCE[SOURCE.index('[[kind]]\ncode = "parcel"') : SOURCE.index('[[kind]]\ncode = "relay"')]
    source = SOURCE.replace('code = "2014"', 'code = "2027"', 1).replace("2014-01-01", "2027-01-01", 1)
    later = read(source.replace(kind, kind + kind.replace('code = "parcel"', 'code = "locker"', 1), 1))
    editions = Editions((load(), later))
    made = {"kind": "locker", "date": "2027-01-01"}
    assert read_fact(envelope(inspection(parcels(2), **made)), editions, 65536).kind == "locker"
    with pytest.raises(Problem) as caught:
        read_fact(envelope(inspection(parcels(2), **made | {"date": "2026-12-31"})), editions, 65536)
    assert caught.value.code == "bad-fact"
    assert "kind" in caught.value.fields


def test_an_edition_that_shows_nothing_beside_a_line_is_one_too():
    silent = read(SOURCE.replace('beside = "problems-in-time"\n', ""))
    assert {duty.beside for duty in silent.duties.values()} == {None}
    assert {duty.beside for duty in load().duties.values()} == {None, "problems-in-time"}


def test_an_edition_of_before_that_says_nothing_of_a_points_days_means_seven():
    older = read(SOURCE.replace("population_days = 7\n", ""))
    assert older.duties == load().duties


def test_two_editions_stand_side_by_side_with_what_differs():
    source = (
        shipped_source()
        .replace("percent = 10", "percent = 20", 1)
        .replace("每日检查不少于10%", "每日检查不少于20%", 1)
    )
    first, last = (
        source.index('[[duty]]\ncode = "registered-balance"'),
        source.index('[[duty]]\ncode = "shortage-damage"'),
    )
    shorter = parse(source[:first] + source[last:])
    pairs = side_by_side(load(), shorter)
    found = {one.code: one for one in pairs if one.table == "duties"}
    assert [code for code, one in found.items() if one.what != "same"] == [
        "receipt-sample",
        "registered-balance",
    ]
    assert found["registered-balance"].what == "removed" and found["registered-balance"].after is None
    assert ("percent", 10, 20) in found["receipt-sample"].fields
    # What is gone stands where it stood.
    assert list(found)[:4] == ["receipt-sample", "return-audit", "registered-balance", "shortage-damage"]
    back = {one.code: one for one in side_by_side(shorter, load()) if one.table == "duties"}
    assert back["registered-balance"].what == "added" and back["registered-balance"].before is None
    assert {one.what for one in side_by_side(load(), load())} == {"same"}


def test_of_two_texts_what_only_one_has_is_marked():
    assert marked("每日检查不少于10%的", "每日检查不少于20%的") == (
        [(False, "每日检查不少于"), (True, "10"), (False, "%的")],
        [(False, "每日检查不少于"), (True, "20"), (False, "%的")],
    )
    assert marked("at least ten", "at least ten items") == (
        [(False, "at least ten")],
        [(False, "at least ten"), (True, " items")],
    )
    assert marked("", "new") == ([], [(True, "new")])
