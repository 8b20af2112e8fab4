"""Today's first picture, told from a pull: the corners that the demo's people do not reach (tests/browser/test_first_picture.py has these)."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from webapp import settings
from webapp.core.clock import LOCAL
from webapp.sync.picture.today import picture
from webapp.sync.picture.words import read_words

ROOT = Path(settings.ROOT)
NOW = datetime(2026, 11, 27, 10, 0, tzinfo=LOCAL)  # a Friday
WORDS = read_words(Path(settings.folder("static")))
PARCELS = {
    "code": "p", "zh": "邮件", "en": "Parcels", "subject": "item", "type": "inspection", "roles": ["team_lead"], "levels": None,
    "class": None, "list": None, "period": False,
}  # fmt: skip


def unit(**said) -> dict:
    told = {
        "code": "1",
        "name": "街道",
        "level": "department",
        "closed": None,
        "roles": ["team_lead"],
        "above": ["0"],
    }
    return {**told, "checked_for": None, "routes": [], **said}


def duty(**said) -> dict:
    told = {
        "code": "d", "zh": "抽检", "en": "Check", "kind": "p", "kinds": ["p"], "roles": ["team_lead"], "measure": "items", "required": 20,
        "done": 5, "status": "partial", "period": "2026-11-27", "closes_at": "2026-11-28T00:00:00+08:00", "batch": None, "article": "9.1",
        "why": [], "covered": None,
    }  # fmt: skip
    return {**told, **said}


def pull(*duties: dict, here: dict | None = None, **more) -> dict:
    code = (here or unit())["code"]
    sections = {"unit": [here or unit()], "duties": list(duties), **more}
    return {
        "person": {"id": "me", "name": "李", "roles": [{"role": "team_lead", "unit": code}]},
        "kinds": [PARCELS],
        "sections": [{"unit": code, "name": name, "rows": rows} for name, rows in sections.items()],
    }


def drawn(*duties: dict, language: str = "zh", **more) -> dict:
    return picture(pull(*duties, **more), WORDS[language], NOW)


@pytest.mark.parametrize(
    ("closes_at", "zh", "en"),
    [
        ("2026-11-27T09:59:00+08:00", "已截止", "closed"),
        ("2026-11-28T00:00:00+08:00", "今天截止", "due today"),
        ("2026-11-29T00:00:00+08:00", "明天截止", "due tomorrow"),
        ("2026-11-30T00:00:00+08:00", "周日截止", "by Sun"),
        ("2027-01-01T00:00:00+08:00", "12月31日截止", "by 31 Dec"),
    ],
)
def test_by_when_is_told_as_people_say_it(closes_at, zh, en):
    for language, told in (("zh", zh), ("en", en)):
        [found] = drawn(duty(closes_at=closes_at), language=language)["duties"]
        assert found["by"] == told


def test_what_is_open_stands_first_and_what_is_met_is_folded_away():
    found = drawn(
        duty(code="later", closes_at="2026-12-01T00:00:00+08:00"),
        duty(code="met", done=20, status="met"),
        duty(code="over", closes_at="2026-11-27T00:00:00+08:00"),
        duty(code="soon"),
        duty(code="none", status="not applicable"),
    )
    assert [one["code"] for one in found["duties"]] == ["soon", "later", "over"]
    assert [one["code"] for one in found["done"]] == ["met", "none"]
    assert found["left"] == 2  # what is closed is left to nobody


def test_a_missing_volume_is_told_and_typed_by_the_director_alone():
    line = duty(required=None, done=3, status="unknown", roles=["director", "team_lead"])
    [as_lead] = drawn(line)["duties"]
    [as_director] = drawn(line, here=unit(roles=["director"]))["duties"]
    assert (as_lead["open"], as_lead["volumes"], as_lead["progress"]) == ("应查数待定：缺业务量", None, None)
    assert "已查 3 件" in as_lead["small"]
    assert as_director["volumes"] == "2026-11-27"


def test_of_another_period_is_said_which():
    [yesterday] = drawn(duty(period="2026-11-26"))["duties"]
    [week] = drawn(duty(period="2026-W47"), language="en")["duties"]
    [this] = drawn(duty(period="2026-11"))["duties"]
    assert yesterday["small"].startswith("昨天 · ")
    assert week["small"].startswith("16 Nov–22 Nov · ")
    assert this["small"] == "第\u00a09.1\u00a0条"


def test_who_is_still_to_be_visited_is_named_up_to_three():
    members = [{"unit": str(n), "name": f"单位{n}", "counts": n == 0, "left": n == 5} for n in range(6)]
    [found] = drawn(duty(covered=members, measure="departments"))["duties"]
    assert (found["still"], found["still_count"]) == ("还有：单位1；单位2；单位3 等 4 个", 4)
    assert (found["covered"], found["href"]) == (True, "/app/places/d")


def test_few_occasions_are_shown_one_by_one():
    [few] = drawn(duty(measure="sessions", required=2, done=1, batch=20))["duties"]
    [many] = drawn(duty(measure="sessions", required=7, done=1))["duties"]
    assert few["progress"]["pips"] == [True, False]
    assert "每次不少于 20 件" in few["small"]
    assert many["progress"]["pips"] is None


def test_a_closed_unit_begins_nothing():
    soon, over = (drawn(duty(), here=unit(closed=day)) for day in ("2026-12-01", "2026-11-27"))
    assert soon["closed"] == ("soon", "2026年11月30日 周一")
    assert [one["name"] for one in soon["starts"]] == ["邮件"]
    assert (over["closed"][0], over["starts"]) == ("closed", [])


def test_whoever_has_no_work_is_told_so_and_shown_the_desk():
    answer = {
        **pull(),
        "sections": [],
        "person": {"id": "me", "name": "管", "roles": [{"role": "admin", "unit": "0"}]},
    }
    found = picture(answer, WORDS["zh"], NOW)
    assert (found["empty"], found["desk"], found["name"], found["greeted"]) == (True, "/", "投查", True)


def test_each_sentence_of_the_picture_is_one_that_the_build_hands_on():
    """Words of later screens come with these: a key that is not among the first would stand there as it is."""
    places = [ROOT / "templates" / "app" / "today.html", *(ROOT / "webapp" / "sync" / "picture").glob("*.py")]
    keys = {key for place in places for key in re.findall(r'say\("([\w.-]+)"[,)]', place.read_text())}
    assert len(keys) > 30
    for words in WORDS.values():
        assert keys - words.texts.keys() == set()
