"""Voice notes: stored, shown, asked for and deleted like photos, and never taken for one."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, update

from tests import cast as company
from tests.cases import cases_in
from tests.cast import CITY, COUNTY, client_for, read
from tests.desk_lists import imported, listed, post
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.photos import HEADERS, named, picture
from tests.queue_files import bring, manifest, packed
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.ledger.evidence import photos_of
from webapp.photos.models import Photo, PhotoRef
from webapp.photos.rules import HERE, LOST

FILES = Path(__file__).parents[2] / "files"
WEBM, MP4 = (FILES / "voice.webm").read_bytes(), (FILES / "voice.mp4").read_bytes()
PHOTO = picture("red")
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 10) Chrome/80 Mobile"}


@pytest.fixture
def cast(app):
    app.cast = company.build_in(app)
    return app.cast


def spoken(data: bytes, seconds: int = 2, mime: str = "audio/webm") -> dict:
    """How an item names its voice note."""
    return {**named(data), "type": mime, "seconds": seconds}


def put(client, data: bytes, mime: str = "audio/webm"):
    headers = {**HEADERS, "Content-Type": mime}
    return client.put(f"/api/photos/{hashlib.sha256(data).hexdigest()}", data=data, headers=headers)


def address(data: bytes) -> str:
    return f"/api/photos/{hashlib.sha256(data).hexdigest()}"


def told(voice: bytes | None = WEBM, photo: bytes | None = None, **more) -> dict:
    """A record of one parcel with a voice note, and maybe a photo."""
    [item] = parcels(1)
    item |= {"voice": spoken(voice, **more)} if voice else {}
    return envelope(inspection([{**item, "photos": [named(photo)] if photo else []}]))


def push(client, sent: dict) -> dict:
    answer = client.post("/api/sync/push", json={"facts": [sent]}, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json["results"][0]


@pytest.mark.parametrize("data, mime", [(WEBM, "audio/webm"), (MP4, "audio/mp4")])
def test_a_voice_note_is_asked_for_taken_and_heard_by_those_who_may(app, cast, data, mime):
    lead, director, foreign = (client_for(app, cast, one) for one in ("lead", "director", "nextcounty"))
    sent = told(data, mime=mime, seconds=1)
    result = push(lead, sent)
    assert (result["state"], result["photos_missing"]) == ("stored", [named(data)["sha256"]])
    page = f"/inspections/{sent['id']}"
    assert "语音说明，1 秒" in director.get(page).text and "尚未收到" in director.get(page).text
    assert director.get(address(data)).status_code == 404
    assert put(lead, data, mime).status_code == 201
    assert push(lead, sent)["photos_missing"] == []
    shown = director.get(page).text
    assert f'<audio controls preload="none" src="{address(data)}"' in shown
    assert f"{address(data)}/thumbnail" not in shown, "it is no picture"
    answer = director.get(address(data))
    assert (answer.status_code, answer.mimetype, answer.data) == (200, mime, data)
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "immutable" in lead.get(address(data), headers=PHONE).headers["Cache-Control"]
    assert foreign.get(address(data)).status_code == 404
    assert director.get(f"{address(data)}/thumbnail").status_code == 404


def test_safari_gets_the_part_that_it_asks_for(app, cast):
    lead = client_for(app, cast, "lead")
    push(lead, told(MP4, mime="audio/mp4"))
    put(lead, MP4, "audio/mp4")
    part = lead.get(address(MP4), headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.data) == (206, MP4[:2])
    assert part.headers["Content-Range"] == f"bytes 0-1/{len(MP4)}"
    assert lead.get(address(MP4), headers={"Range": f"bytes={len(MP4)}-"}).status_code == 416


def failed(**more) -> dict:
    """A record of one parcel that fails, and in which somebody speaks."""
    [item] = parcels(1, failed=1)
    return envelope(inspection([{**item, "voice": spoken(WEBM)}], **more))


def rows(client, name: str) -> list[dict]:
    """The rows of the city department on somebody's phone."""
    sections = client.get("/api/sync/pull").json["sections"]
    return [row for one in sections if (one["unit"], one["name"]) == (CITY, name) for row in one["rows"]]


def test_the_inspected_read_what_was_found_covertly_and_do_not_hear_who_says_it(app, cast):
    county = client_for(app, cast, "county")
    sent = failed(acting=COUNTY, method="covert")
    assert push(county, sent)["state"] == "stored" and put(county, WEBM).status_code == 201
    [case] = cases_in(app)
    for login in ("director", "lead", "inspector"):
        one = client_for(app, cast, login)
        for path in (f"/inspections/{sent['id']}", f"/cases/{case.id}"):
            page = one.get(path).text
            assert "语音说明，2 秒" in page and "只有检查方可以听" in page, (login, path)
            assert named(WEBM)["sha256"] not in page
        assert one.get(address(WEBM)).status_code == 404
    assert [row["voices"] for row in rows(client_for(app, cast, "director"), "cases")] == [[]]
    for login in ("county", "league"):
        one = client_for(app, cast, login)
        assert one.get(address(WEBM)).data == WEBM
        assert address(WEBM) in one.get(f"/cases/{case.id}").text


@pytest.mark.parametrize(("method", "heard"), [("on-site", True), ("covert", False)])
def test_who_puts_it_right_hears_what_is_wrong(app, cast, method, heard):
    lead, carrier = client_for(app, cast, "lead"), client_for(app, cast, "carrier")
    push(lead, failed(method=method))
    put(lead, WEBM)
    [case] = cases_in(app)
    assert carrier.get(address(WEBM)).status_code == 404
    form = {"owner": cast.people["carrier"]}
    assert client_for(app, cast, "director").post(f"/cases/{case.id}/assign", data=form).status_code == 302
    assert carrier.get(address(WEBM)).status_code == (200 if heard else 404)
    assert (address(WEBM) in carrier.get(f"/cases/{case.id}").text) == heard
    wanted = [{**spoken(WEBM), "type": "audio/webm"}] if heard else []
    assert [row["voices"] for row in rows(carrier, "cases")] == [wanted]
    assert client_for(app, cast, "carrier2").get(address(WEBM)).status_code == 404


def test_who_judges_a_receipt_hears_what_its_carrier_says(app, cast):
    carrier, judge, director = (client_for(app, cast, one) for one in ("carrier", "inspector", "director"))
    manifest = imported(director, listed(20))
    for step in ("seal", "reveal"):
        assert post(director, manifest, step).status_code == 302
    drawn = rows(carrier, "draws")[0]["items"][0]["number"]
    item = {"subject": drawn, "photos": [named(PHOTO)], "voice": spoken(WEBM)}
    sent = envelope(inspection([item], type="capture", kind="capture", about=today().isoformat()))
    result = push(carrier, sent)
    assert result["state"] == "stored", result
    put(carrier, PHOTO, "image/jpeg"), put(carrier, WEBM)
    [capture] = rows(judge, "captures")
    assert [one["voice"] for one in capture["items"]] == [spoken(WEBM)]
    assert judge.get(address(WEBM)).data == WEBM


def test_a_voice_note_that_is_called_a_photo_is_no_evidence(app, cast):
    """A record whose photo turns out to be a sound has no photo; nor does a photo speak."""
    lead = client_for(app, cast, "lead")
    loud, silent = told(None, photo=WEBM), told(PHOTO)
    assert send(app, cast, "lead", loud).state == send(app, cast, "lead", silent).state == "stored"
    assert put(lead, WEBM).status_code == put(lead, PHOTO, "image/jpeg").status_code == 201
    ids = [loud["id"], silent["id"]]
    found = read(app, lambda session: photos_of(session, ids))
    assert found == {loud["id"]: [(named(WEBM)["sha256"], LOST)], silent["id"]: []}
    director = client_for(app, cast, "director")
    for one, data in ((loud, WEBM), (silent, PHOTO)):
        page = director.get(f"/inspections/{one['id']}").text
        assert address(data) not in page and "在手机上丢失" in page


def test_a_photo_beside_a_voice_note_is_evidence_as_ever(app, cast):
    lead = client_for(app, cast, "lead")
    sent = told(WEBM, photo=PHOTO)
    assert set(push(lead, sent)["photos_missing"]) == {named(one)["sha256"] for one in (WEBM, PHOTO)}
    put(lead, WEBM), put(lead, PHOTO, "image/jpeg")
    found = read(app, lambda session: photos_of(session, [sent["id"]]))
    assert found == {sent["id"]: [(named(PHOTO)["sha256"], HERE)]}


def test_no_signal_is_looked_for_in_a_sound(app, cast):
    lead = client_for(app, cast, "lead")
    push(lead, told())
    put(lead, WEBM)
    done = app.test_cli_runner().invoke(args=["tick"])
    assert done.exit_code == 0, done.output
    assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0


def test_after_its_time_the_page_says_that_it_is_deleted(app, cast):
    lead, director = client_for(app, cast, "lead"), client_for(app, cast, "director")
    sent = told()
    push(lead, sent)
    put(lead, WEBM)
    with app.app_context(), transaction() as session:
        session.execute(update(Photo).values(received_at=clock.now() - timedelta(days=181)))
    assert app.test_cli_runner().invoke(args=["tick"]).exit_code == 0
    assert director.get(address(WEBM)).status_code == 410
    page = director.get(f"/inspections/{sent['id']}").text
    assert "<audio" not in page and "满 180 天" in page
    assert not [one for one in app.config["PHOTO_DIRECTORY"].rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    "data, mime, status, code",
    [
        (b"<!doctype html><script>alert(1)</script>", "audio/webm", 415, "photo-format"),
        (WEBM[:-40], "audio/webm", 422, "photo-broken"),
        (b"\x1a\x45\xdf\xa3" + bytes(1024 * 1024), "audio/webm", 413, "voice-too-large"),
        (MP4.replace(b"soun", b"vide"), "audio/mp4", 415, "photo-format"),
        (WEBM, "audio/ogg", 415, "wrong-type"),
        (WEBM, "video/webm", 415, "wrong-type"),
        (WEBM, "text/html", 415, "wrong-type"),
    ],
)
def test_what_is_no_voice_note_is_refused(sqlite_app, data, mime, status, code):
    lead = client_for(sqlite_app, company.build_in(sqlite_app), "lead")
    answer = put(lead, data, mime)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert not [one for one in sqlite_app.config["PHOTO_DIRECTORY"].rglob("*") if one.is_file()]


def test_what_its_sender_calls_it_does_not_matter(sqlite_app):
    cast = company.build_in(sqlite_app)
    lead = client_for(sqlite_app, cast, "lead")
    push(lead, told(WEBM, mime="audio/mp4"))
    assert put(lead, WEBM, "image/jpeg").status_code == 201
    assert lead.get(address(WEBM)).mimetype == "audio/webm"


@pytest.mark.parametrize(
    "voice, field",
    [
        ({"sha256": "x"}, "items[0].voice.sha256"),
        ({"seconds": 0}, "items[0].voice.seconds"),
        ({"seconds": 61}, "items[0].voice.seconds"),
        ({"seconds": "2"}, "items[0].voice.seconds"),
        ({"size": 2 * 1024 * 1024}, "items[0].voice.size"),
        ({"sha256": named(PHOTO)["sha256"]}, "items[0].voice"),
    ],
)
def test_what_a_record_may_say_of_it(sqlite_app, voice, field):
    lead = client_for(sqlite_app, company.build_in(sqlite_app), "lead")
    [item] = parcels(1)
    item |= {"voice": {**spoken(WEBM), **voice}, "photos": [named(PHOTO)]}
    result = push(lead, envelope(inspection([item])))
    assert (result["state"], result["problem"]["code"]) == ("refused", "bad-fact")
    assert field in result["problem"]["fields"]


def test_a_queue_that_comes_as_a_file_brings_them(sqlite_app):
    cast = company.build_in(sqlite_app)
    sent = told(WEBM, photo=PHOTO)
    director = client_for(sqlite_app, cast, "director")
    bring(director, packed(manifest(cast), [sent], [WEBM, PHOTO]))
    assert director.get(address(WEBM)).data == WEBM
    assert f'src="{address(WEBM)}"' in director.get(f"/inspections/{sent['id']}").text


def test_what_records_named_before_the_upgrade_they_name_afterwards(app, cast):
    lead = client_for(app, cast, "lead")
    push(lead, told(WEBM, photo=PHOTO))
    rows = select(PhotoRef.source, PhotoRef.digest).order_by(PhotoRef.source)
    with app.app_context():
        before = [tuple(row) for row in db.session.execute(rows)]
        db.session.remove()
        downgrade(revision="0020")
        older = [tuple(row) for row in db.session.execute(rows)]
        db.session.remove()
        upgrade()
        after = [tuple(row) for row in db.session.execute(rows)]
    record, voice = (named(one)["sha256"] for one in (PHOTO, WEBM))
    assert before == [("record", record), ("voice", voice)]
    assert older == after == [("record", record)], "what the older release cannot say is gone"
    assert push(lead, told(WEBM, photo=PHOTO))["state"] == "stored"


def test_a_record_without_one_names_none(sqlite_app):
    """As phones of earlier releases send them."""
    cast = company.build_in(sqlite_app)
    assert send(sqlite_app, cast, "lead", envelope(inspection(parcels(2)))).state == "stored"
    assert read(sqlite_app, lambda session: session.query(PhotoRef).count()) == 0
