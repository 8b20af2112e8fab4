"""One's own phones and computers, and what a superior sees of them."""

import pytest

from tests.cast import build_in, client_for, read
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import Device


@pytest.fixture
def cast(app):
    return build_in(app)


def hold(app, device_id, **values):
    with app.app_context(), transaction() as session:
        device = session.get(Device, device_id)
        for name, value in values.items():
            setattr(device, name, value)


def revoked(app, device_id):
    return read(app, lambda session: session.get(Device, device_id).revoked_at) is not None


def test_my_phones_are_listed_with_what_they_still_hold(app, cast):
    here, there = client_for(app, cast, "carrier"), client_for(app, cast, "carrier")
    hold(app, there.device_id, held_records=3, held_photos=7, synced_at=clock.now())
    page = here.get("/devices?lang=en").text
    assert page.count("/revoke") == 2
    assert "This device" in page
    assert "Still holds 3 records, 7 photos" in page


def test_nobody_elses_phones_are_listed(app, cast):
    here, other = client_for(app, cast, "carrier"), client_for(app, cast, "carrier2")
    assert other.device_id not in here.get("/devices").text


def test_a_lost_phone_is_signed_out_from_the_other_one(app, cast):
    here, lost = client_for(app, cast, "carrier"), client_for(app, cast, "carrier")
    assert here.post(f"/devices/{lost.device_id}/revoke").location == "/devices"
    assert lost.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_a_signed_out_phone_stays_in_the_list_while_it_holds_something(app, cast):
    here, lost = client_for(app, cast, "carrier"), client_for(app, cast, "carrier")
    here.post(f"/devices/{lost.device_id}/revoke")
    assert here.get("/devices").text.count('<li class="card row">') == 1
    hold(app, lost.device_id, held_records=1)
    page = here.get("/devices?lang=en").text
    assert page.count('<li class="card row">') == 2
    assert "Still holds 1 records" in page
    assert page.count("/revoke") == 1


def test_a_superior_sees_and_ends_the_phones_of_a_person(app, cast):
    phone, director = client_for(app, cast, "carrier"), client_for(app, cast, "director")
    where = f"/people/{cast.people['carrier']}"
    assert phone.device_id in director.get(where).text
    assert director.post(f"/devices/{phone.device_id}/revoke").location == where
    assert revoked(app, phone.device_id)


@pytest.mark.parametrize(
    ("login", "status"),
    [("carrier2", 404), ("lead", 404), ("nextcounty", 404), ("region", 403), ("county", 302)],
)
def test_a_phone_is_ended_by_its_person_or_a_superior_alone(app, cast, login, status):
    phone = client_for(app, cast, "carrier")
    assert client_for(app, cast, login).post(f"/devices/{phone.device_id}/revoke").status_code == status
    assert revoked(app, phone.device_id) is (status == 302)


@pytest.mark.parametrize("device", ["x", "%00", "01a1fc6a-365c-7990-803d-2b9eeb7f8b52"])
def test_a_phone_that_does_not_exist_is_not_found(app, cast, device):
    assert client_for(app, cast, "county").post(f"/devices/{device}/revoke").status_code == 404
