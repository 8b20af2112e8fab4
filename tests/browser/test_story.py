"""The whole story: a sealed list, phones without signal, a server that dies in the middle, and a ledger that agrees."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser import story_field as field, story_office as office
from tests.browser.story_county import CITY, COUNTY, County
from tests.browser.story_phone import Phone
from tests.desk_records import today
from tests.serving import RunningServer


@dataclass
class Company:
    """The county's server, what is known of the county, and everybody's phone by login."""

    server: RunningServer
    county: County
    phones: dict[str, Phone]


@pytest.fixture
def company(story_server):
    """The county on a database of its own, served by a gunicorn that can be killed; nobody has a phone yet."""
    return Company(*story_server, {})


def _with_phones(company: Company, new_phone, *logins: str) -> None:
    """Each signs in once, with signal; from then on the phone needs none."""
    for login in logins:
        phone = Phone(new_phone(company.server), login, company.county.people[login])
        phone.sign_in()
        company.phones[login] = phone


def _desk(company: Company, new_context, login: str) -> Page:
    page = new_context(company.server).new_page()
    office.sign_in(page, login)
    return page


def test_from_the_sealed_list_through_the_cellar_and_a_dead_server_to_the_ledger(
    company, new_desk, new_phone
):
    draw = office.the_director_seals_the_list(_desk(company, new_desk, "chen"))
    _with_phones(company, new_phone, "zhang", "li", "zhao", "chen")
    zhang, li, zhao, chen = company.phones.values()

    own = field.the_carrier_photographs_in_the_cellar(zhang, draw.drawn)
    field.the_team_lead_checks_twenty_parcels(li)
    field.the_inspector_calls_at_two_points(zhao, company.county)

    field.the_signal_comes_back_and_the_server_dies(company.server, zhang, li, zhao)
    field.the_carrier_corrects_and_takes_back(zhang, own[0])
    field.the_director_judges_without_and_with_signal(chen, draw.drawn, own)

    office.everything_is_there_exactly_once(company.server, company.phones.values())
    field.the_carrier_prefers_english(zhang)
    assert office.the_server_speaks_to(company.server, zhang) == "en"

    manager = _desk(company, new_phone, "zhou")
    office.the_figures_are_those_worked_out_by_hand(manager)
    seen = office.from_a_figure_to_the_photos_in_two_taps(manager)
    of_ours = [draw.page, f"/ledger?unit={COUNTY}", f"/api/ledger?unit={CITY}&period={today()}", *seen]
    office.the_next_county_finds_nothing(_desk(company, new_desk, "wu"), of_ours)
    for command in (("ledger", "verify"), ("check",)):
        assert company.server.flask(*command).strip() == "No fault found."
    assert [phone.said for phone in company.phones.values()] == [[]] * 4
