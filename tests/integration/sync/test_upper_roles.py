"""What county managers, league inspectors and region supervisors carry with them, and what their work moves [15, 16]."""

import gzip
import json

import pytest

from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, REGION, RURAL, build_in, client_for
from tests.desk_records import envelope, inspection, parcels, today
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.org.dated_attributes import begin
from webapp.org.models import Unit
from webapp.registers.models import RelayPoint
from webapp.sync import pull as pulling

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}
GROUPS = ("express", "letters", "periodicals", "general")


@pytest.fixture
def cast(app):
    return build_in(app)


def pull(client, cursor: str | None = None, places: str | None = None) -> dict:
    asked = {name: value for name, value in (("cursor", cursor), ("places", places)) if value}
    answer = client.get("/api/sync/pull", query_string=asked)
    assert answer.status_code == 200, answer.text
    return answer.json


def rows(pulled: dict, unit: str, name: str) -> list[dict]:
    return next(one["rows"] for one in pulled["sections"] if (one["unit"], one["name"]) == (unit, name))


def held(pulled: dict) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in pulled["sections"]:
        found.setdefault(one["unit"], set()).add(one["name"])
    return found


def line(pulled: dict, unit: str, code: str) -> dict:
    return next(one for one in rows(pulled, unit, "duties") if one["code"] == code)


def push(client, *facts) -> list[tuple]:
    answer = client.post("/api/sync/push", json={"facts": list(facts)}, headers=HEADERS)
    return [(one["state"], one["problem"]) for one in answer.json["results"]]


def visit(unit: str, acting: str, none: tuple[str, ...] = ("periodicals",)) -> dict:
    answers = {
        "upload": "pass",
        "audited": "pass",
        "signed": "pass",
        "stamp": "pass",
        "backlog": "pass",
        "depth": "pass",
    }
    answers |= {"complaints": "pass", "self-checks": "na", "forced": "pass"}
    item = {"subject": unit, "verdict": "pass", "answers": answers, "photos": [], "none_came": list(none)}
    open = inspection([item], kind="dept-visit", unit=unit, acting=acting, header={"findings": 4})
    return envelope(open, {"notes": {"header.findings": "情况正常"}})


def follow(cast, unit: str, acting: str, count: int = 5) -> dict:
    item = {"class": "letter", "stratum": "nonlocal", "verdict": "pass", "answers": {}, "photos": []}
    items = [{**item, "subject": f"nonlocal-{n}"} for n in range(count)]
    header = {"route": cast.routes[unit, "1"]}
    return envelope(inspection(items, kind="letter-follow", unit=unit, acting=acting, header=header))


def test_a_county_manager_has_the_countys_own_duties_and_who_is_still_to_be_visited(app, cast):
    pulled = pull(client_for(app, cast, "county"))
    onsite = line(pulled, COUNTY, "onsite-depts")
    assert (onsite["measure"], onsite["kinds"], onsite["required"]) == ("departments", ["dept-visit"], 2)
    assert onsite["parts"] == [
        {"setting": "city", "required": 1, "done": 0},
        {"setting": "rural", "required": 1, "done": 0},
    ]
    assert [
        (one["unit"], one["name"], one["counts"], one["done"], one["required"]) for one in onsite["covered"]
    ] == [
        (CITY, "宝力根街道投递部", False, 0, 3),
        (RURAL, "宝力根苏木支局", False, 0, 3),
    ]
    assert onsite["covered"][0]["zh"] == "尚未检查"
    assert (onsite["each"]["groups"], onsite["each"]["told"]) == (["express", "letters", "periodicals"], True)
    assert line(pulled, CITY, "parcel-check")["covered"] is None
    assert [(one["code"], one["points"], one["services"]) for one in rows(pulled, COUNTY, "below")] == [
        (CITY, 8, ["delivery"]),
        (RURAL, 10, ["delivery"]),
    ]
    assert rows(pulled, CITY, "unit")[0]["above"] == [REGION, LEAGUE, COUNTY]
    assert "below" not in held(pulled)[CITY]


@pytest.mark.parametrize("login, own", [("league", LEAGUE), ("region", REGION)])
def test_above_the_county_a_phone_holds_what_is_needed_to_work_anywhere_below(app, cast, login, own):
    pulled = pull(client_for(app, cast, login))
    found = held(pulled)
    for department in (CITY, RURAL, NEXT_RURAL):
        assert found[department] == {"unit", "points", "people", "records"}
    assert set(found) == {own, CITY, RURAL, NEXT_RURAL}
    assert len(rows(pulled, CITY, "points")) == 8
    assert {one["code"] for one in rows(pulled, own, "below")} >= {COUNTY, NEXT_COUNTY, CITY, NEXT_RURAL}
    assert rows(pulled, own, "duties")


@pytest.mark.parametrize(
    "login, acting, code", [("county", COUNTY, "onsite-depts"), ("league", LEAGUE, "onsite-depts")]
)
def test_a_visit_with_one_group_of_which_nothing_came_counts_for_whoever_made_it(
    app, cast, login, acting, code
):
    client = client_for(app, cast, login)
    first = pull(client)
    assert line(first, acting, code)["done"] == 0
    assert push(client, visit(CITY, acting)) == [("stored", None)]
    tail = pull(client, first["cursor"])
    assert not tail["complete"]
    assert [one["counts"] for one in line(tail, acting, code)["covered"] if one["unit"] == CITY] == [True]
    assert line(tail, acting, code)["done"] == 1


def test_a_phone_above_learns_of_what_moved_below_by_somebody_elses_hand(app, cast):
    """The league's own line stands still; the county's visit moves the county's, and the letters of a department the review's."""
    league, county = client_for(app, cast, "league"), client_for(app, cast, "county")
    first = pull(league)
    assert pull(league, first["cursor"])["sections"] == []
    assert push(county, visit(CITY, COUNTY)) == [("stored", None)]
    tail = held(pull(league, first["cursor"]))
    assert tail[LEAGUE] == {"duties", "below"}
    assert tail[CITY] <= {"unit", "points", "people", "records"}


def test_letters_followed_parcels_and_points_each_move_the_line_that_asks_for_them(app, cast):
    county, league = client_for(app, cast, "county"), client_for(app, cast, "league")
    position = {"position": "no-signal", "photos": [{"sha256": "ab" * 32, "size": 9, "type": "image/jpeg"}]}
    point = {"subject": cast.points["兴盛社区居委会"], "verdict": "pass", "answers": {}, **position}
    relay = inspection([point], kind="relay", acting=COUNTY)
    assert push(county, follow(cast, CITY, COUNTY), envelope(relay)) == [("stored", None)] * 2
    pulled = pull(county)
    assert line(pulled, COUNTY, "letter-onsite-county-month")["done"] == 1
    assert line(pulled, COUNTY, "relay-county")["done"] == 1
    sent = envelope(inspection(parcels(20), acting=LEAGUE))
    assert push(league, sent, follow(cast, CITY, LEAGUE)) == [("stored", None)] * 2
    pulled = pull(league)
    assert [
        one["counts"] for one in line(pulled, LEAGUE, "parcel-onsite")["covered"] if one["unit"] == CITY
    ] == [True]
    assert line(pulled, LEAGUE, "letter-onsite-league-month")["done"] == 1


def test_the_regions_supervisor_works_on_site_in_any_league(app, cast):
    region = client_for(app, cast, "region")
    assert (
        push(region, visit(NEXT_RURAL, REGION), envelope(inspection(parcels(3), acting=REGION)))
        == [("stored", None)] * 2
    )
    special = line(pull(region), REGION, "region-special")
    assert (special["measure"], special["each"]["told"]) == ("leagues", False)
    assert [one["unit"] for one in special["covered"]] == [LEAGUE]
    assert special["covered"][0]["done"] > 0


def test_nobody_above_sees_or_visits_what_lies_beside(app, cast):
    pulled = pull(client_for(app, cast, "nextcounty"))
    assert set(held(pulled)) == {NEXT_COUNTY, NEXT_RURAL}
    assert CITY not in json.dumps(pulled["sections"], ensure_ascii=False)
    [(state, problem)] = push(client_for(app, cast, "nextcounty"), visit(CITY, NEXT_COUNTY))
    assert (state, problem["code"]) == ("refused", "unknown-unit")


def test_of_more_departments_than_a_phone_carries_only_the_chosen_come(app, cast, monkeypatch):
    monkeypatch.setattr(pulling, "PLACES", 2)
    league = client_for(app, cast, "league")
    first = pull(league)
    assert set(held(first)) == {LEAGUE}
    assert {one["code"] for one in rows(first, LEAGUE, "below")} >= {CITY, RURAL, NEXT_RURAL}
    chosen = pull(league, first["cursor"], places=f"{CITY},nonsense,{COUNTY}")
    assert chosen["complete"]
    assert set(held(chosen)) == {LEAGUE, CITY}
    assert pull(league, chosen["cursor"], places=CITY)["sections"] == []


def test_a_league_of_a_hundred_departments_is_a_light_load(app, cast):
    """Some 100 departments with 20 points each: packed it is as much as two photos."""
    with app.app_context(), transaction() as session:
        for n in range(97):
            code = f"15250220{n + 1:02}9"
            unit = Unit(code=code, parent_code=COUNTY, path=f"/{REGION}/{LEAGUE}/{COUNTY}/{code}/", level="department", setting="rural", name=f"第{n}苏木支局", opened_on=today().replace(year=2026, month=1, day=1))  # fmt: skip
            session.add(unit)
            session.flush()
            begin(session, unit)
            session.add_all(
                RelayPoint(id=new_id(), unit_code=code, name=f"{n}嘎查{k}号", initials=f"{n}gc{k}h", kind="village", opened_on=unit.opened_on, keeper="乌云", contact=f"0479-82{n:02}{k:03}", latitude=43 + n / 97 + k / 991, longitude=116 + k / 13)
                for k in range(20)
            )  # fmt: skip
    client = client_for(app, cast, "league")
    answer = client.get("/api/sync/pull", headers={"Accept-Encoding": "gzip"})
    packed, plain = len(answer.data), len(gzip.decompress(answer.data))
    print(f"{packed} bytes packed, {plain} bytes")
    assert packed < 250_000, (packed, plain)
