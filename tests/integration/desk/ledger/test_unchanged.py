"""The sums of counties and leagues: a browser may keep them for itself, and is told in few words that nothing has changed."""

from datetime import timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, REGION
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import Device
from webapp.rulebook.periods import period_of


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def region(app, cast):
    return company.client_for(app, cast, "region")


def page(client, unit: str = REGION, etag: str | None = None):
    headers = {"If-None-Match": etag} if etag else {}
    return client.get(f"/ledger?unit={unit}&period={period_of('week', today()).code}", headers=headers)


def test_what_has_not_changed_is_not_sent_again(region):
    first = page(region)
    assert first.headers["Cache-Control"] == "private, no-cache" and "Cookie" in first.headers["Vary"]
    again = page(region, etag=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"


def test_after_a_record_from_below_it_is(app, cast, region):
    etag = page(region).headers["ETag"]
    send(app, cast, "lead", envelope(inspection(parcels(20))))
    assert page(region, etag=etag).status_code == 200


def test_nobody_gets_anything_by_anothers_mark(app, cast, region):
    etag = page(region, LEAGUE).headers["ETag"]
    league = company.client_for(app, cast, "league")
    assert page(league, LEAGUE, etag).status_code == 200
    again = company.client_for(
        app, cast, "region"
    )  # the same person in another browser: its forms bear another token
    assert page(again, LEAGUE, etag).status_code == 200
    assert page(company.client_for(app, cast, "county"), REGION, etag).status_code == 404


def test_a_page_that_names_whose_phone_holds_something_is_kept_nowhere(app, cast, region):
    lead = company.client_for(app, cast, "lead")
    with app.app_context(), transaction() as session:
        phone = session.get(Device, lead.device_id)
        phone.synced_at, phone.held_records = clock.now() - timedelta(hours=1), 2
    answer = page(region)
    assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers


@pytest.mark.parametrize("unit", [COUNTY, CITY])
def test_departments_and_counties_are_kept_nowhere(app, cast, unit):
    answer = page(company.client_for(app, cast, "county"), unit)
    assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers
