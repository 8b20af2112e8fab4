"""A day is written in one form everywhere, and never in ISO where people read."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from webapp.core.dates import closed_up, closing_text, day_text, moment_text, written
from webapp.core.problems import Problem
from webapp.ledger import reasons
from webapp.rulebook.rules import load

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "dates.json").read_text())
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["day"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_day_reads_as_the_phone_writes_it(row, language):
    day = date.fromisoformat(row["day"])
    for short in (False, True):
        for weekday in (False, True):
            key = language + ("_short" if short else "") + ("_weekday" if weekday else "")
            assert day_text(day, language, weekday, year=not short) == row[key], key


def test_a_line_closes_at_the_end_of_its_day():
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert closing_text(midnight, "zh") == "2026年11月22日 24:00"
    assert closing_text(midnight + timedelta(hours=9), "en") == "23 Nov 2026 09:00"
    assert moment_text(midnight, "zh", year=False) == "11月23日 00:00"


@pytest.mark.parametrize("value", ["2026-W47", "20", 20, None, "2026-13-45", "9880123400001"])
def test_what_is_no_day_stays_as_it_is(value):
    assert written(value, "zh") == value


@pytest.mark.parametrize("code", sorted(reasons._SENTENCES))
def test_no_sentence_of_the_ledger_shows_a_day_in_iso(code):
    places = set(re.findall(r"\{(\w+)\}", "".join(reasons._SENTENCES[code])))
    values = {
        "day": "2026-11-20",
        "days": ["2026-11-20", "2026-11-21"],
        "after": "2026-11-02",
        "before": "2026-11-09",
    }
    values |= {
        "first": date(2026, 11, 1),
        "last": date(2026, 11, 30),
        "until": datetime(2026, 11, 30, 16, tzinfo=UTC),
    }
    said = reasons.sentence((code, {name: value for name, value in values.items() if name in places}), load())
    assert not ISO.search(said.zh + said.en)
    assert closed_up(said.zh) == said.zh


def test_a_refused_day_is_named_as_people_write_it():
    problem = Problem("bad-day", first="2026-11-01", last=date(2026, 11, 30))
    assert problem.message("zh") == "日期只能是2026年11月1日至2026年11月30日。"
    assert problem.message("en") == "The day must be between 1 Nov 2026 and 30 Nov 2026."
    held = Problem("role-not-held", {"date": "2026-11-20"}, date="2026-11-20")
    assert "2026年11月20日" in held.message("zh")
    assert held.fields == {"date": "2026-11-20"}  # for machines


def test_a_chinese_date_needs_no_space():
    assert (
        closed_up("期间：2026年11月1日 至 2026年11月30日，缺少")
        == "期间：2026年11月1日至2026年11月30日，缺少"
    )
    assert closed_up("11月20日 周五") == "11月20日 周五"
