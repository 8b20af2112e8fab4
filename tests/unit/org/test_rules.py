"""Who may do what where, by example."""

from datetime import date

import pytest

from webapp.org import rules
from webapp.org.rules import Actor, Grant

PATHS = {"15": "/15/", "1525": "/15/1525/", "152502": "/15/1525/152502/", "152501": "/15/1525/152501/"}
PATHS |= {"152502002": "/15/1525/152502/152502002/", "152502200": "/15/1525/152502/152502200/"}
TODAY = date(2026, 11, 20)


def actor(*grants):
    """An actor with (role, unit, first day, last day) grants."""
    made = tuple(
        Grant(role, unit, PATHS[unit], *(days or (date(2026, 1, 1), None))) for role, unit, *days in grants
    )
    return Actor("p", "login", "名", "zh", TODAY, made)


def test_a_role_holds_from_its_first_to_its_last_day():
    grant = Grant("carrier", "152502002", PATHS["152502002"], date(2026, 11, 1), date(2026, 11, 20))
    assert not grant.holds(date(2026, 10, 31))
    assert grant.holds(date(2026, 11, 1))
    assert grant.holds(date(2026, 11, 20))
    assert not grant.holds(date(2026, 11, 21))


def test_an_ended_role_opens_nothing_today_but_is_known_for_its_days():
    former = actor(("director", "152502002", date(2026, 1, 1), date(2026, 11, 19)))
    assert not former.can("see-people", PATHS["152502002"])
    assert former.roles_at("152502002", date(2026, 11, 19)) == ("director",)
    assert former.roles_at("152502002", TODAY) == ()


def test_a_county_manager_reaches_the_departments_and_not_the_next_county():
    county = actor(("county_manager", "152502"))
    assert county.can("see-ledger", PATHS["152502002"])
    assert not county.sees(PATHS["152501"])
    assert not county.sees(PATHS["1525"])


def test_a_unit_whose_code_begins_alike_is_not_below():
    assert not Grant("county_manager", "152502", PATHS["152502"], TODAY, None).reaches("/15/1525/1525020/")


def test_two_roles_reach_what_either_reaches_and_nothing_twice():
    both = actor(("director", "152502002"), ("county_manager", "152502"), ("director", "152502200"))
    assert both.reach("see-ledger") == (PATHS["152502"],)
    assert both.reach("keep-lists") == (PATHS["152502002"], PATHS["152502200"])


@pytest.mark.parametrize(
    ("giver", "role", "level", "unit", "allowed"),
    [
        (("county_manager", "152502"), "director", "department", "152502002", True),
        (("county_manager", "152502"), "county_manager", "county", "152502", True),
        (("county_manager", "152502"), "league_inspector", "league", "1525", False),
        (("county_manager", "152502"), "carrier", "county", "152502", False),
        (("county_manager", "152502"), "county_manager", "county", "152501", False),
        (("director", "152502002"), "carrier", "department", "152502002", False),
        (("region_supervisor", "15"), "carrier", "department", "152502002", False),
        (("league_inspector", "1525"), "admin", "league", "1525", False),
        (("admin", "1525"), "admin", "county", "152502", True),
        (("admin", "1525"), "region_supervisor", "region", "15", False),
        (("admin", "15"), "region_supervisor", "region", "15", True),
    ],
)
def test_roles_are_given_at_or_below_the_own_rank_where_they_fit(giver, role, level, unit, allowed):
    assert actor(giver).may_give(role, level, PATHS[unit]) is allowed


def test_a_director_enrols_the_own_people_and_nobody_above():
    director = actor(("director", "152502002"))
    assert director.outranks("carrier", PATHS["152502002"])
    assert director.outranks("director", PATHS["152502002"])
    assert not director.outranks("county_manager", PATHS["152502"])
    assert not director.outranks("carrier", PATHS["152502200"])


def test_every_role_has_a_rank_and_a_level_and_every_action_names_known_roles():
    assert set(rules.RANK) == set(rules.GIVEN) | {rules.CAMPAIGN_INSPECTOR}  # which a plan gives, no person
    assert all(roles <= set(rules.RANK) for roles in rules.ACTIONS.values())
    assert not any(
        rules.ADMIN in rules.ACTIONS[action] for action in ("work", "judge", "keep-lists", "see-inspections")
    )


def test_one_acts_for_the_nearest_unit_whose_role_entitles_to_it():
    both = actor(("county_manager", "152502"), ("carrier", "152502002"))
    here = PATHS["152502002"]
    assert both.acting_for("withdraw-judged", here) == "152502"
    assert both.acting_for("work", here) == "152502002"
    assert both.acting_for(None, here) == "152502002"
    assert both.acting_for("keep-lists", here) is None
    assert both.acting_for("withdraw-judged", PATHS["152501"]) is None


def test_nobody_acts_by_a_role_that_ended():
    ended = (date(2026, 1, 1), date(2026, 11, 19))
    moved = actor(("county_manager", "152502"), ("director", "152502002", *ended))
    assert moved.acting_for("keep-register", PATHS["152502002"]) == "152502"
    assert moved.acting_for("keep-lists", PATHS["152502002"]) is None
