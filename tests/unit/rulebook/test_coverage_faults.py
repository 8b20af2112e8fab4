"""What somebody wrote of populations and coverages: each mistake is named with its place, in both languages."""

import re
import tomllib

import pytest

from webapp.core.problems import Problem
from webapp.rulebook.coverage_faults import Known, coverage_faults, population_faults
from webapp.rulebook.editions import read
from webapp.rulebook.rules import load, shipped_source

SOURCE = shipped_source()
TABLES = tomllib.loads(SOURCE)
KNOWN = Known(
    {row["code"]: row for row in TABLES["kind"]},
    {row["code"] for row in TABLES["class"]},
    {row["code"]: row for row in TABLES["population"]},
)
DUTIES = {row["code"]: number for number, row in enumerate(TABLES["duty"], 1)}
POPULATIONS = {row["code"]: number for number, row in enumerate(TABLES["population"], 1)}


def changed(table: str, code: str, old: str, new: str) -> str:
    """The shipped text with one change in one of its tables."""
    head = f'[[{table}]]\ncode = "{code}"\n'
    before, rest = SOURCE.split(head)
    own, mark, after = rest.partition("\n[[")
    assert own.count(old) == 1, (old, own)
    return before + head + own.replace(old, new) + mark + after


def faults(source: str) -> dict:
    with pytest.raises(Problem) as caught:
        read(source)
    assert caught.value.code == "bad-edition"
    for _, text in caught.value.values["faults"]:
        assert re.search("[\u4e00-\u9fff]", text.zh) and text.en, text
    return caught.value.fields


ONSITE, SPREAD, REVIEW, AUDIT = "onsite-depts", "parcel-onsite", "letter-review-league", "region-reports"


@pytest.mark.parametrize(
    ("code", "old", "new", "place", "said"),
    [
        (ONSITE, 'over = "departments"', 'over = "offices"', "over", "one of city-departments, counties"),
        (ONSITE, 'over = "departments"', "over = 1", "over", "one of"),
        (ONSITE, 'over = "departments"\n', "", "over", "needed where measure is coverage"),
        (ONSITE, 'over = "departments"', 'over = "counties"', "over", "must lie below a county"),
        (ONSITE, 'over = "departments"', 'over = "leagues"', "over", "must lie below a league"),
        (ONSITE, 'level = ["county", "league"]', 'level = "department"', "over", "must lie below a department"),
        (ONSITE, 'level = ["county", "league"]', 'level = ["county", "department"]', "level", "a department's duty stands alone"),
        (ONSITE, 'kinds = ["dept-visit"]', 'kinds = ["visit"]', "each.kinds", "there is no visit"),
        (ONSITE, 'kinds = ["dept-visit"]', "kinds = []", "each.kinds", "empty"),
        (ONSITE, 'kinds = ["dept-visit"], ', "", "each.kinds", "a list of texts"),
        (ONSITE, 'kinds = ["dept-visit"]', "kinds = [1]", "each.kinds", "a list of texts"),
        (ONSITE, 'kinds = ["dept-visit"]', 'kinds = [["dept-visit"]]', "each.kinds", "a list of texts"),
        (ONSITE, 'methods = ["on-site", ', 'methods = ["by-train", ', "each.methods", "there is no by-train"),
        (ONSITE, 'groups = ["express", ', 'groups = ["parcels", ', "each.groups", "there is no parcels"),
        (ONSITE, 'header = ["findings"]', 'header = ["signed"]', "each.header", "there is no signed"),
        (ONSITE, 'header = ["findings"]', 'strata = ["nonlocal"]', "each.strata", "there is no nonlocal"),
        (ONSITE, 'header = ["findings"]', 'classes = ["letters"]', "each.classes", "there is no letters"),
        (ONSITE, 'header = ["findings"]', 'per = "week"', "each.per", "one of date, period"),
        (ONSITE, 'header = ["findings"]', "least = 3", "each.least", "unknown key"),
        (ONSITE, 'header = ["findings"]', "items = 0", "each.items", "from 1 to 1000"),
        (ONSITE, 'header = ["findings"]', "points = 1001", "each.points", "from 1 to 1000"),
        (ONSITE, 'header = ["findings"]', "items = true", "each.items", "from 1 to 1000"),
        (ONSITE, 'header = ["findings"]', 'items = "20"', "each.items", "from 1 to 1000"),
        (ONSITE, 'rural = { percent = 15 }', "rural = { percent = 0 }", "need.rural.percent", "from 1 to 100"),
        (ONSITE, 'rural = { percent = 15 }', "rural = { percent = 101 }", "need.rural.percent", "from 1 to 100"),
        (ONSITE, 'rural = { percent = 15 }', "rural = { percent = 15, size = 2 }", "need.rural", "either a percent or a size"),
        (ONSITE, 'rural = { percent = 15 }', "rural = {}", "need.rural", "either a percent or a size"),
        (ONSITE, 'rural = { percent = 15 }', "rural = 15", "need.rural", "not a table"),
        (ONSITE, 'rural = { percent = 15 }', "steppe = { percent = 15 }", "need.steppe", "unknown key"),
        (ONSITE, 'rural = { percent = 15 }', "rural = { share = 15 }", "need.rural.share", "unknown key"),
        (ONSITE, 'need = { city = { percent = 30 }, rural = { percent = 15 } }', 'need = "some"', "need", 'should be "all" or a table'),
        (ONSITE, 'need = { city = { percent = 30 }, rural = { percent = 15 } }', "need = {}", "need", 'should be "all" or a table'),
        (ONSITE, 'need = { city = { percent = 30 }, rural = { percent = 15 } }\n', "", "need", "needed where measure is coverage"),
        (SPREAD, 'over = "counties", percent = 50', 'over = "towns", percent = 50', "spread.over", "one of"),
        (SPREAD, 'over = "counties", percent = 50', 'over = "leagues", percent = 50', "spread.over", "must lie below a league"),
        (SPREAD, 'over = "counties", percent = 50', 'over = "counties"', "spread", "either a percent or a size"),
        (SPREAD, 'over = "counties", percent = 50', 'over = "counties", size = 0', "spread.size", "from 1 to 1000"),
        (SPREAD, 'over = "counties", percent = 50', 'over = "counties", of = 3, size = 1', "spread.of", "unknown key"),
        (SPREAD, '{ over = "counties", percent = 50 }', "3", "spread", "not a table"),
        (SPREAD, 'over = "counties", percent = 50', 'over = "counties", size = 1, each = { kinds = ["x"] }', "spread.each.kinds", "there is no x"),
        (SPREAD, 'over = "counties", percent = 50', 'over = "counties", size = 1, each = 1', "spread.each", "not a table"),
        (REVIEW, ', forms = ["letter", "form-review"]', "", "each.forms", "goes with opened"),
        (REVIEW, ', forms = ["letter", "form-review"]', ', forms = ["paper"]', "each.forms", "there is no paper"),
        (AUDIT, ', among = "visited-departments"', "", "each.among", "goes with audited"),
        (AUDIT, "audited = 5, ", "", "each.among", "goes with audited"),
        (AUDIT, 'among = "visited-departments"', 'among = "offices"', "each.among", "one of"),
        (AUDIT, 'among = "visited-departments"', "among = []", "each.among", "one of"),
        (AUDIT, 'among = "visited-departments"', 'among = "departments"', "each.among", "must be told by records"),
        ("quality-bulletin", 'document = "bulletin"', 'document = "leaflet"', "document", "one of bulletin, inspection-report"),
        ("quality-bulletin", 'document = "bulletin"', 'document = "relay-report"', "document", "of other levels"),
        ("relay-county-report", 'over = "point-departments"', 'over = "nobody"', "over", "one of"),
        ("relay-county-report", 'level = "county"', "level = 1", "level", ""),
        ("relay-county-report", 'level = "county"', "level = [{}]", "level", ""),
        ("relay-county-report", 'period = "month"', 'period = "week"', "closes", "only for a month or longer"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_coverage_is_named_with_its_place(code, old, new, place, said):
    found = faults(changed("duty", code, old, new))
    where = f"duty[{DUTIES[code]}] {code}.{place}"
    assert where in found, found
    assert said in found[where]


@pytest.mark.parametrize(
    ("code", "old", "new", "place", "said"),
    [
        ("departments", 'level = "department"', 'level = "region"', "level", "one of county, department, league"),
        ("departments", 'level = "department"', 'level = "office"', "level", "one of"),
        ("departments", 'level = "department"\n', "", "level", "missing"),
        ("counties", 'level = "county"', 'level = "shire"', "level", "one of"),
        ("departments", 'service = "delivery"', 'service = "banking"', "service", "one of counter, delivery, financial"),
        ("city-departments", 'settings = ["city"]', 'settings = ["town"]', "settings", "there is no town"),
        ("city-departments", 'settings = ["city"]', 'settings = "city"', "settings", "a list of texts"),
        ("point-departments", "points = true", "points = 1", "points", "should be true or false"),
        ("point-departments", "points = true", "parks = true", "parks", "unknown key"),
        ("letter-departments", "delivers = true", 'delivers = "yes"', "any[1].delivers", "should be true or false"),
        ("letter-departments", "delivers = true", "sells = true", "any[1].sells", "unknown key"),
        ("letter-departments", 'kinds = ["letter"]', 'kinds = ["note"]', "any[2].records.kinds", "there is no note"),
        ("letter-departments", 'records = { kinds = ["letter"] }', 'records = "letter"', "any[2].records", "not a table"),
        ("visited-departments", '["dept-visit"], by', "[], by", "records.kinds", "empty"),
        ("visited-departments", 'kinds = ["dept-visit"], by', "by", "records.kinds", "a list of texts"),
        ("visited-departments", 'by = ["county", "league"]', 'by = ["shire"]', "records.by", "there is no shire"),
        ("visited-departments", 'by = ["county", "league"]', 'on = ["county"]', "records.on", "unknown key"),
        ("counties", 'holds = "departments"', 'holds = "offices"', "holds", "there is no offices"),
        ("counties", 'holds = "departments"', "holds = []", "holds", "there is no []"),
        ("counties", 'holds = "departments"', 'holds = "leagues"', "holds", "must lie below"),
        ("counties", 'holds = "departments"', 'holds = "counties"', "holds", "must lie below"),
        ("counties", 'without = ["counter"]', 'without = ["village"]', "without", "there is no village"),
        ("counties", 'zh = "旗县局（含投递局）"', 'zh = ""', "zh", "empty"),
        ("counties", 'en = "counties (delivery bureaus too)"', "", "en", "missing"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_population_is_named_with_its_place(code, old, new, place, said):
    found = faults(changed("population", code, old, new))
    where = f"population[{POPULATIONS[code]}] {code}.{place}"
    assert where in found, found
    assert said in found[where]


def test_two_populations_of_one_code():
    found = faults(SOURCE.replace('code = "city-departments"', 'code = "departments"', 1))
    assert found["population[2] departments.code"] == "twice"


def test_an_edition_of_before_upper_duties_has_no_populations_and_is_one_still():
    tables = [table for table in re.split(r"(?m)^(?=\[)", SOURCE) if not table.startswith("[[population]]")]
    older = "".join(
        table for table in tables if 'measure = "coverage"' not in table and 'over = "' not in table
    )
    book = read(older)
    assert not book.populations
    assert {duty.code for duty in load().duties.values() if not duty.upper} <= book.duties.keys()


VALUES = [1, -5, 0, "x", "", True, 1.5, [], [1], [[]], [{}], {}, {"kinds": 1}, {"x": {}}, {"city": 1}, None]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_whatever_one_value_of_a_coverage_becomes_is_a_named_mistake_or_none(value):
    """A value of another type anywhere is never another error: each key of each table, and of the tables in it."""
    for table, rows in (
        ("population", TABLES["population"]),
        ("duty", [row for row in TABLES["duty"] if "over" in row]),
    ):
        ask = population_faults if table == "population" else coverage_faults
        for row in rows:
            for key, inner in row.items():
                list(ask("here", {**row, key: value}, KNOWN))
                if isinstance(inner, dict):
                    for name in inner:
                        list(ask("here", {**row, key: {**inner, name: value}}, KNOWN))
            known = Known(KNOWN.kinds, KNOWN.classes, {code: {**one, "level": value} for code, one in KNOWN.populations.items()})  # fmt: skip
            list(ask("here", row, known))
