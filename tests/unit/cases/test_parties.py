"""Who may make which move, and who may not although they might: tables worked by hand [DOMAIN2 C.2]."""

from dataclasses import replace

import pytest

from webapp.cases.folding import Given, Standing
from webapp.cases.parties import Ground, barred, checking_units, leaders, may, owners, parties
from webapp.rulebook.case_rules import shipped

REGION, LEAGUE, COUNTY, OFFICE = "15", "1525", "152502", "152502002"
UNITS = (REGION, LEAGUE, COUNTY, OFFICE)
PROBLEM = shipped().types["problem"].moves


def roles(**held) -> dict:
    return {person: frozenset(several.split()) for person, several in held.items()}


# An office with everybody in it.
STAFF = {
    REGION: roles(region="region_supervisor"),
    LEAGUE: roles(league="league_inspector"),
    COUNTY: roles(county="county_manager", county2="county_manager", clerk="letters_desk"),
    OFFICE: roles(director="director", inspector="inspector", carrier="carrier", lead="team_lead"),
}
# One person is all of it.
ALONE = {**STAFF, OFFICE: roles(head="director inspector carrier")}
NO_DIRECTOR = {**STAFF, OFFICE: roles(inspector="inspector", carrier="carrier")}


def ground(found_by: str = OFFICE, *finders: str) -> Ground:
    return Ground(UNITS, found_by, frozenset(finders))


def standing(
    owner: str | None = None, answerer: str | None = None, *before: str, state: str = "answered"
) -> Standing:
    named = frozenset({owner, *before} - {None})
    return Standing(state, owner, None, None, None, named, answerer=answerer)


def who_may(code: str, ground: Ground, standing: Standing, staff: dict, moves=PROBLEM) -> set[str]:
    """``person@unit`` of everybody who may make the move."""
    return {
        f"{person}@{unit}"
        for unit, people in staff.items()
        for person in people
        if may(
            moves[code],
            parties(ground, standing, person, unit, staff),
            barred(ground, standing, person, staff),
        )
    }


# found by · owner · answerer · who is there → who may look again
RECHECKS = [
    # The department found it: those who check there, but for owner and answerer.
    (OFFICE, "carrier", "carrier", STAFF, {f"director@{OFFICE}", f"inspector@{OFFICE}"}),
    (OFFICE, None, "director", STAFF, {f"inspector@{OFFICE}"}),
    # The inspector answered for it: the director is left.
    (OFFICE, "inspector", "inspector", STAFF, {f"director@{OFFICE}"}),
    # The county found it: the county, and not the department, which did not find it.
    (COUNTY, "carrier", "carrier", STAFF, {f"county@{COUNTY}", f"county2@{COUNTY}"}),
    # The league: itself, and the county between it and the department.
    (LEAGUE, "carrier", "carrier", STAFF, {f"league@{LEAGUE}", f"county@{COUNTY}", f"county2@{COUNTY}"}),
    # The region: itself and everybody between.
    (REGION, "carrier", "carrier", STAFF, {f"region@{REGION}", f"league@{LEAGUE}", f"county@{COUNTY}", f"county2@{COUNTY}"}),
    # One-person office: the county.
    (OFFICE, "head", "head", ALONE, {f"county@{COUNTY}", f"county2@{COUNTY}"}),
    (OFFICE, None, "head", ALONE, {f"county@{COUNTY}", f"county2@{COUNTY}"}),
    # No director: the county answers for the department, so of the county's own find the league looks again …
    (COUNTY, None, "county", NO_DIRECTOR, {f"league@{LEAGUE}"}),
    # … and of what the department found its inspector.
    (OFFICE, None, "county", NO_DIRECTOR, {f"inspector@{OFFICE}"}),
    # The owner has left the office: the director answers, and the inspector looks again.
    (OFFICE, "gone", "director", STAFF, {f"inspector@{OFFICE}"}),
]  # fmt: skip


@pytest.mark.parametrize(("found_by", "owner", "answerer", "staff", "expected"), RECHECKS)
@pytest.mark.parametrize("move", ["close", "return"])
def test_who_looks_again_follows_from_who_found_it(move, found_by, owner, answerer, staff, expected):
    assert who_may(move, ground(found_by), standing(owner, answerer), staff) == expected


def test_who_owned_it_before_does_not_look_again_either():
    one = standing("carrier", "carrier", "inspector")
    assert who_may("close", ground(), one, STAFF) == {f"director@{OFFICE}"}


def test_at_turn_is_the_named_one_while_at_work_there_else_the_director_else_who_leads_above():
    assert owners(ground(), standing("carrier"), STAFF) == {"carrier"}
    assert owners(ground(), standing("gone"), STAFF) == {"director"}
    assert owners(ground(), standing(), STAFF) == {"director"}
    assert owners(ground(), standing(), NO_DIRECTOR) == {"county", "county2"}
    nobody = {REGION: roles(region="region_supervisor")}
    assert leaders(ground(), nobody) == {"region"} and leaders(ground(), {}) == frozenset()


# move → who may, of an open problem that the department found and the carrier owns
OPEN = {
    "answer": {f"carrier@{OFFICE}"},
    # Director or above.
    "assign": {f"director@{OFFICE}", f"county@{COUNTY}", f"county2@{COUNTY}", f"league@{LEAGUE}", f"region@{REGION}"},
    "shorten": {f"director@{OFFICE}", f"county@{COUNTY}", f"county2@{COUNTY}", f"league@{LEAGUE}", f"region@{REGION}"},
    # The inspected: the owner, and whoever leads the department.
    "ask": {f"carrier@{OFFICE}", f"director@{OFFICE}"},
    "dispute": {f"carrier@{OFFICE}", f"director@{OFFICE}"},
    # County or above.
    "press": {f"county@{COUNTY}", f"county2@{COUNTY}", f"league@{LEAGUE}", f"region@{REGION}"},
    "reopen": {f"county@{COUNTY}", f"county2@{COUNTY}", f"league@{LEAGUE}", f"region@{REGION}"},
}  # fmt: skip


@pytest.mark.parametrize("move", OPEN)
def test_who_may_make_a_move(move):
    assert who_may(move, ground(), standing("carrier", state="open"), STAFF) == OPEN[move]


def test_only_who_gave_it_by_the_latest_move_takes_it_back_and_only_while_leading():
    given = Given("county", "carrier", frozenset({"carrier"}), None)
    one = replace(standing("inspector", "carrier", state="open"), given=given)
    assert who_may("take-back", ground(), one, STAFF) == {f"county@{COUNTY}"}
    assert who_may("take-back", ground(), replace(one, given=replace(given, by="carrier")), STAFF) == set()
    assert who_may("take-back", ground(), replace(one, given=None), STAFF) == set()


def test_nobody_grants_what_they_asked_for():
    asked = Standing("open", None, None, None, None, asked="ask", asker="county")
    assert f"county@{COUNTY}" not in who_may("grant", ground(COUNTY), asked, NO_DIRECTOR)
    assert f"county2@{COUNTY}" in who_may("grant", ground(COUNTY), asked, NO_DIRECTOR)


def test_a_dispute_is_decided_by_the_county_and_never_by_the_finder():
    raised = Standing("raised", None, None, None, None, asker="director")
    decide = shipped().types["dispute"].moves
    everybody = {f"county@{COUNTY}", f"county2@{COUNTY}", f"league@{LEAGUE}", f"region@{REGION}"}
    for move in ("uphold", "annul"):
        assert who_may(move, ground(COUNTY, "inspector"), raised, STAFF, decide) == everybody
        assert who_may(move, ground(COUNTY, "county"), raised, STAFF, decide) == everybody - {
            f"county@{COUNTY}"
        }


def test_an_order_is_its_issuers_to_decide_and_the_leaders_to_answer():
    moves = shipped().types["work-order"].moves
    issued = Standing("issued", None, None, None, None)
    assert who_may("report", ground(LEAGUE), issued, STAFF, moves) == {f"director@{OFFICE}"}
    assert who_may("refuse", ground(LEAGUE), issued, STAFF, moves) == {f"director@{OFFICE}"}
    for move in ("accept", "send-back", "insist", "release", "grant"):
        assert who_may(move, ground(LEAGUE), issued, STAFF, moves) == {f"league@{LEAGUE}"}


def test_who_holds_no_role_there_is_no_party_for_whichever_unit():
    assert parties(ground(), standing("carrier"), "carrier", COUNTY, STAFF) == frozenset()
    assert parties(ground(), standing("stranger"), "stranger", OFFICE, STAFF) == frozenset()
    # A desk's role leads nothing.
    assert parties(ground(COUNTY), standing("carrier"), "clerk", COUNTY, STAFF) == frozenset()


def test_a_finder_from_elsewhere_leaves_it_to_those_above():
    """A region's team may hold people of other leagues: what no unit of the line found is looked at again by all above."""
    assert checking_units(ground("1501"), standing("carrier"), STAFF) == (REGION, LEAGUE, COUNTY)
