"""A record that names another department's capture shows nothing of it, not even the name of its photo."""

from tests.cast import CITY, RURAL, build_in, client_for
from tests.desk_records import envelope, inspection, parcels
from tests.photos import HEADERS, named, picture, put


def test_a_capture_of_another_department_names_no_photo(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    photo, [item] = picture("teal"), parcels(1)
    theirs = envelope(inspection([{**item, "photos": [named(photo)]}], unit=RURAL, acting=RURAL))
    ours = envelope(inspection([{**item, "captures": [theirs["id"]]}]))
    head, lead = client_for(app, cast, "head"), client_for(app, cast, "lead")
    for client, fact in ((head, theirs), (lead, ours)):
        answer = client.post("/api/sync/push", json={"facts": [fact]}, headers=HEADERS)
        assert answer.json["results"][0]["state"] == "stored", answer.text
    assert put(head, photo).status_code == 201
    digest = named(photo)["sha256"]
    assert digest in client_for(app, cast, "county").get(f"/inspections/{theirs['id']}").text
    page = client_for(app, cast, "director").get(f"/inspections/{ours['id']}")
    assert page.status_code == 200 and CITY in page.text and digest not in page.text
