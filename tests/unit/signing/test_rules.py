"""Who signs a month in whose name, as a table."""

from datetime import date

import pytest

from webapp.org.rules import Actor, Grant
from webapp.signing.rules import Capacity, Deputy, Place, capacity, list_digest, signers, wanted_by

TODAY = date(2026, 12, 7)
REGION, LEAGUE, COUNTY = (
    Place("15", "region", "/15/", True),
    Place("1525", "league", "/15/1525/", True),
    Place("152502", "county", "/15/1525/152502/", True),
)
ABOVE = [COUNTY, LEAGUE, REGION]  # of a department


def vacant(place: Place) -> Place:
    return Place(place.code, place.level, place.path, False)


def holder(role: str, place: Place, last: date | None = None) -> Actor:
    grant = Grant(role, place.code, place.path, date(2026, 1, 1), last)
    return Actor("p1", "p1", "某人", "zh", TODAY, (grant,))


MANAGER, INSPECTOR = holder("county_manager", COUNTY), holder("league_inspector", LEAGUE)
SUPERVISOR, CLERK = holder("region_supervisor", REGION), holder("admin", COUNTY)


@pytest.mark.parametrize(
    ("me", "above", "version", "found"),
    [
        (MANAGER, ABOVE, 1, Capacity("152502", "152502", "county_manager", "head")),
        (INSPECTOR, ABOVE, 1, None),
        (SUPERVISOR, ABOVE, 1, None),
        (MANAGER, ABOVE, 2, None),
        (INSPECTOR, ABOVE, 2, Capacity("1525", "1525", "league_inspector", "head")),
        (SUPERVISOR, ABOVE, 2, None),
        # Nobody heads the county: the league signs for it, and corrects it all the same.
        (INSPECTOR, [vacant(COUNTY), LEAGUE, REGION], 1, Capacity("152502", "1525", "league_inspector", "vacancy")),
        (SUPERVISOR, [vacant(COUNTY), LEAGUE, REGION], 1, None),
        (SUPERVISOR, [vacant(COUNTY), vacant(LEAGUE), REGION], 1, Capacity("152502", "15", "region_supervisor", "vacancy")),
        (holder("county_manager", COUNTY, date(2026, 12, 6)), [vacant(COUNTY), LEAGUE, REGION], 1, None),
        # A county's own lines, a league's own, and the region's, which nobody signs.
        (INSPECTOR, [LEAGUE, REGION], 1, Capacity("1525", "1525", "league_inspector", "head")),
        (SUPERVISOR, [REGION], 1, Capacity("15", "15", "region_supervisor", "head")),
        (SUPERVISOR, [REGION], 2, None),
        (SUPERVISOR, [], 1, None),
    ],
)  # fmt: skip
def test_who_signs(me, above, version, found):
    assert capacity(me, above, version) == found


def test_a_deputy_needs_the_grant_and_a_role_at_the_same_unit():
    grant = [Deputy("152502", "p1", "f1")]
    assert capacity(CLERK, ABOVE, 1) is None
    assert capacity(CLERK, ABOVE, 1, grant) == Capacity("152502", "152502", "county_manager", "deputy", "f1")
    assert capacity(holder("admin", LEAGUE), ABOVE, 1, grant) is None
    assert capacity(CLERK, ABOVE, 2, grant) is None


def test_the_proper_unit_comes_first_and_others_only_while_it_is_vacant():
    assert signers(ABOVE, 1) == (COUNTY,)
    assert signers([vacant(COUNTY), LEAGUE, REGION], 1) == (vacant(COUNTY), LEAGUE)


@pytest.mark.parametrize(
    ("month", "day"),
    [("2026-11", date(2026, 12, 8)), ("2026-12", date(2027, 1, 8)), ("2027-01", date(2027, 2, 8))],
)
def test_a_signature_is_wanted_by_the_eighth(month, day):
    assert wanted_by(month) == day


def test_the_digest_of_a_list_does_not_hang_on_its_order():
    assert list_digest(["b 1 x", "a 1 x"]) == list_digest(["a 1 x", "b 1 x"]) != list_digest(["a 1 x"])
