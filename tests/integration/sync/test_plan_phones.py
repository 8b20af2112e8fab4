"""What somebody carries whom the plan of a special check names: the departments to be checked, and the right to do it."""

import pytest

from tests.cast import CITY, LEAGUE, NEXT_RURAL, build_in, client_for
from tests.desk_records import envelope, inspection, today
from tests.ledger_stories import called
from tests.plan_office import DAY, member, step, whole
from webapp.core import clock
from webapp.core.database import transaction

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}


@pytest.fixture
def cast(app):
    return build_in(app)


def desk(app, cast, op: str, **said) -> str:
    with app.app_context(), transaction() as session:
        return step(session, cast.actor(session, "league"), clock.now(), op, **said)


def pull(client, cursor: str | None = None) -> dict:
    answer = client.get("/api/sync/pull", query_string={"cursor": cursor} if cursor else {})
    assert answer.status_code == 200, answer.text
    return answer.json


def units(pulled: dict) -> dict[str, dict]:
    """The rows of the units that the phone holds, by code."""
    return {one["unit"]: one["rows"][0] for one in pulled["sections"] if one["name"] == "unit"}


def rows(pulled: dict, unit: str, name: str) -> list[dict]:
    return next(one["rows"] for one in pulled["sections"] if (one["unit"], one["name"]) == (unit, name))


def push(client, cast, unit: str, points: list[str], kind: str = "relay") -> list[tuple]:
    made = inspection(called(points), kind=kind, unit=unit, acting=LEAGUE)
    answer = client.post("/api/sync/push", json={"facts": [envelope(made)]}, headers=HEADERS)
    return [(one["state"], (one["problem"] or {}).get("code")) for one in answer.json["results"]]


def test_who_is_named_carries_the_department_and_checks_it_for_the_league(app, cast):
    client = client_for(app, cast, "carrier")
    before = pull(client)
    assert set(units(before)) == {CITY}
    desk(app, cast, "enter", **whole(today(), member(cast, "carrier", NEXT_RURAL, today(), today() + DAY)))
    pulled = pull(client, before["cursor"])
    assert pulled["complete"]
    assert {code: one["checked_for"] for code, one in units(pulled).items()} == {
        CITY: None,
        NEXT_RURAL: LEAGUE,
    }
    assert {"role": "campaign_inspector", "unit": LEAGUE} in pulled["person"]["roles"]
    assert {"relay", "parcel"} <= {kind["code"] for kind in pulled["kinds"]}
    points = [one["id"] for one in rows(pulled, NEXT_RURAL, "points")]
    assert len(points) == 3
    assert push(client, cast, NEXT_RURAL, points) == [("stored", None)]
    (record,) = rows(pull(client), NEXT_RURAL, "records")
    assert (record["acting"], record["state"]) == (LEAGUE, "in-force")


def test_the_right_ends_with_the_plan(app, cast):
    client = client_for(app, cast, "carrier")
    plan = desk(
        app, cast, "enter", **whole(today(), member(cast, "carrier", NEXT_RURAL, today(), today() + DAY))
    )
    held = pull(client)
    desk(app, cast, "cancel", plan=plan, reason="改由区公司检查")
    again = pull(client, held["cursor"])
    assert again["complete"] and set(units(again)) == {CITY}
    points = [one["id"] for one in rows(held, NEXT_RURAL, "points")]
    # A right that never held on a whole day leaves nothing behind: the unit is as unknown as any other.
    assert push(client, cast, NEXT_RURAL, points) == [("refused", "unknown-unit")]


def test_a_league_sees_the_units_of_its_plan_among_its_duties(app, cast):
    client = client_for(app, cast, "league")
    day = today().isoformat()
    desk(app, cast, "enter", **whole(today(), last_day=day, report_day=day))
    duty = next(one for one in rows(pull(client), LEAGUE, "duties") if one["code"] == "relay-league-quarter")
    assert [(one["unit"], one["required"], one["counts"]) for one in duty["covered"]] == [
        (CITY, 3, False),
        (NEXT_RURAL, 3, False),
    ]
    assert (duty["measure"], duty["required"], duty["done"]) == ("parts", 3, 0)
