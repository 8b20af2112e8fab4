"""Every route, asked by everybody, about one's own and others': exactly what the table in tests/scope says.

A new route fails `test_every_route_stands_in_the_table` until its row says who gets what; it goes into the file of its
noun in tests/scope/table. The planted holes prove that the table notices a guard that is gone.
"""

import pytest

from tests.scope.asking import Question, holes, told
from tests.scope.planted import HOLES
from tests.scope.rows import filled
from tests.scope.table import AREAS, TABLE
from tests.scope.world import World
from webapp.core.ids import new_id

WAYS_IN = ("/language", "/login", "/logout", "/enrol", "/app/", "/service-worker.js", "/manifest.webmanifest")
WAYS_IN += ("/calendar/<token>.ics", "/api/ping", "/api/ready", "/api/docs", "/api/openapi.json")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def world(sqlite_template, tmp_path_factory):
    built = World(sqlite_template, tmp_path_factory.mktemp("scope"))
    yield built
    built.close()


def _routes(app) -> set[str]:
    """All but what Flask adds by itself: a HEAD, which the table asks beside each GET, and OPTIONS."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_route_stands_in_the_table(world):
    missing = _routes(world.app) - set(TABLE)
    assert not missing, f"who gets what there? Add rows to tests/scope/table: {sorted(missing)}"


def test_no_row_speaks_of_a_route_that_is_gone(world):
    gone = set(TABLE) - _routes(world.app)
    assert not gone, f"no such routes: {sorted(gone)}"


def test_a_route_stands_in_one_area_and_has_rows():
    assert sum(len(area) for area in AREAS.values()) == len(TABLE)
    assert [route for route, rows in TABLE.items() if not rows] == []


@pytest.mark.parametrize("area", AREAS)
def test_everybody_gets_exactly_what_the_table_says(world, area):
    found = holes(world, AREAS[area])
    assert not found, told(found)


def _bare(question: Question) -> str:
    """The 404, without the names in its own address and without tokens."""
    answer = question.answer()
    assert answer.said == "404", question.name
    text = answer.text
    for name in (*question.row.args.values(), *question.row.query.values()):
        text = text.replace(filled(name, question.things), name)
    return "\n".join(line for line in text.splitlines() if "csrf_token" not in line)


def test_a_hidden_thing_is_answered_like_one_that_never_was(world):
    """Another county's director learns nothing from a 404, of 45 routes or more."""
    kept, asked = world.things["here"], 0
    never = {name: new_id() for name in kept} | {"unit": "152509999"}
    for route, rows in TABLE.items():
        row = rows[0]
        if (
            row.own
            or row.given
            or not (row.args or row.query)
            or row.expected("ndirector", "GET", "/", {}) != "404"
        ):
            continue
        hidden = _bare(Question(world, route, 1, "ndirector"))
        try:
            world.things["here"] = never
            assert _bare(Question(world, route, 1, "ndirector")) == hidden, route
        finally:
            world.things["here"] = kept
        asked += 1
    assert asked >= 45


def test_whoever_is_not_signed_in_is_shown_the_ways_in_alone():
    shown = {
        route.split(" ")[1]
        for route, rows in TABLE.items()
        for row in rows
        for said, actors in row.who.items()
        if "nobody" in actors.split() and not said.startswith("302 /login")
    }
    assert {path for path in shown if not path.startswith(WAYS_IN)} == set()


def test_no_address_answers_to_a_method_that_is_not_in_the_table(world):
    for rule in world.app.url_map.iter_rules():
        path = rule.rule
        for method in METHODS:
            if any(
                f"{method} {one.rule}" in TABLE for one in world.app.url_map.iter_rules() if one.rule == path
            ):
                continue
            answer = world.ask(
                "director", method, path.replace("<", "").replace(">", "").replace("path:", "")
            )
            assert (answer.said[:3] in ("404", "405"), answer.changed) == (True, {}), f"{method} {path}"


def test_what_is_changed_is_noticed_and_put_back(world):
    answer = world.ask(
        "director", "POST", f"/volumes?unit={world.things['here']['unit']}", data={"items-letter": "3"}
    )
    assert {"facts", "volumes", "journal"} <= answer.changed.keys()
    again = world.ask("director", "GET", "/volumes")
    assert again.changed == {}
    assert world.rows == world._rows()


def test_wherever_the_password_is_asked_for_again_a_row_says_so(world):
    asking = {
        f"{method} {rule.rule}"
        for rule in world.app.url_map.iter_rules()
        if getattr(world.app.view_functions[rule.endpoint], "asks_password", False)
        for method in rule.methods & set(METHODS)
    }
    assert len(asking) >= 15
    said = {route for route, rows in TABLE.items() for row in rows if row.name == "unproved"}
    assert said == asking


@pytest.mark.parametrize("hole", HOLES)
def test_a_planted_hole_is_noticed(world, hole):
    with HOLES[hole].planted():
        assert holes(world, HOLES[hole].routes, first=True)


def test_there_are_holes_enough_and_none_is_left_open(world):
    assert len(HOLES) >= 30
    routes = {route for hole in HOLES.values() for route in hole.routes}
    named = {f"{route} # {row.name}" for route, rows in TABLE.items() for row in rows if row.name}
    assert routes <= set(TABLE) | named
