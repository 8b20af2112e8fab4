"""The find box leads to what one may see, and never to the neighbouring county."""

import pytest

from tests.cast import build_in, client_for
from tests.desk_lists import imported, listed, post, words
from tests.desk_records import envelope, inspection, parcels
from tests.integration.sync.test_push import push


@pytest.fixture
def cast(app):
    return build_in(app)


def sought(client, text: str):
    return client.get(client.post("/find", data={"q": text}).location)


def test_a_number_leads_to_its_only_inspection(app, cast):
    sent = envelope(inspection(parcels(3)))
    push(client_for(app, cast, "lead"), sent)
    answer = sought(client_for(app, cast, "county"), " 9880 1234 00001 ")
    assert (answer.status_code, answer.location) == (302, f"/inspections/{sent['id']}")


def test_a_number_on_a_list_leads_to_the_list(app, cast):
    director = client_for(app, cast, "director")
    manifest = imported(director, listed(9))
    post(director, manifest, "seal")
    assert sought(director, "9876543200004").location == f"/manifests/{manifest}"


def test_a_point_is_found_by_its_initials_and_a_person_by_name(app, cast):
    county = client_for(app, cast, "county")
    assert sought(county, "hmsq").location.startswith("/points/")  # 回民社区
    assert sought(county, "张巴图").location == f"/people/{cast.people['carrier']}"
    assert "宝力根街道投递部" in words(sought(county, "宝力根"))


def test_the_next_county_finds_nothing_of_ours(app, cast):
    push(client_for(app, cast, "lead"), envelope(inspection(parcels(3))))
    neighbour = client_for(app, cast, "nextcounty")
    for text in ("9880123400001", "hmsq", "张巴图", "宝力根街道"):
        answer = sought(neighbour, text)
        assert answer.status_code == 200
        assert "没有找到" in words(answer), text


@pytest.mark.parametrize("text", ["", "a", "%", "_", "\x00", "' OR 1=1 --", "🐎" * 90])
def test_strange_words_find_nothing_and_break_nothing(app, cast, text):
    assert sought(client_for(app, cast, "county"), text).status_code == 200


def test_a_carrier_finds_neither_people_nor_lists(app, cast):
    assert "没有找到" in words(sought(client_for(app, cast, "carrier"), "张巴图"))
