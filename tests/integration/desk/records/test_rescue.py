"""A phone's queue brought in as a file: looked at, checked like a push, taken once, and never in another's right."""

import io
import json
import os
import re
import struct
import zipfile

import pytest
from PIL import Image

from tests.cast import CITY, NEXT_RURAL, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, today
from tests.photos import HEADERS, named, picture, put
from tests.queue_files import bring, look, manifest, packed, visit, waiting
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.desk.records import rescue as rescue_pages
from webapp.journal import chain
from webapp.journal.models import Conflict, Fact, Refusal
from webapp.ledger.operations import differences
from webapp.org.models import Person, Unit
from webapp.photos.models import Photo


@pytest.fixture
def cast(app):
    return build_in(app)


def facts(app) -> dict[str, Fact]:
    return read(app, lambda session: {fact.id: fact for fact in session.query(Fact)})


def faults(app) -> list[str]:
    with app.app_context():
        found = chain.broken_rows(db.session)
        return found + differences(db.session, db.session.get(Unit, CITY), clock.now())


def test_a_directors_colleague_lost_the_line_and_the_director_brings_the_queue(app, cast):
    photo = picture("navy")
    check, call = envelope(inspection(parcels(20, failed=2))), visit(cast, photo)
    data = packed(manifest(cast, "inspector"), [check, call], [photo], drafts=[{"id": "d"}])
    director = client_for(app, cast, "director")
    answer = look(director, data)
    assert "赵那仁" in answer.text and 'class="tile-figure">2<' in answer.text
    assert facts(app) == {}, "looking records nothing"
    bring(director, data)
    found = facts(app)
    assert {fact.author_id for fact in found.values()} == {cast.people["inspector"]}
    assert {fact.brought_by for fact in found.values()} == {cast.people["director"]}
    assert {fact.device_id for fact in found.values()} == {None}
    assert found[check["id"]].open == check["open"]
    name = named(photo)["sha256"]
    assert director.get(f"/api/photos/{name}").data == photo
    assert "陈高娃" in director.get(f"/inspections/{check['id']}").text
    assert not list((app.config["PHOTO_DIRECTORY"] / "aside").glob("*")), "the file is gone from the server"
    assert faults(app) == []


def test_the_same_file_twice_and_the_phone_afterwards_change_nothing(app, cast):
    photo = picture("teal")
    sent = [envelope(inspection(parcels(20))), visit(cast, photo)]
    data = packed(manifest(cast, "inspector"), sent, [photo])
    director = client_for(app, cast, "director")
    bring(director, data)
    rows = read(app, lambda session: session.query(chain.JournalRow).count())
    again = look(director, data)
    assert "rescue/import" not in again.text, "there is nothing left to import"
    inspector = client_for(app, cast, "inspector")
    answer = inspector.post("/api/sync/push", json={"facts": sent}, headers=HEADERS)
    assert [one["state"] for one in answer.json["results"]] == ["known", "known"]
    assert read(app, lambda session: session.query(chain.JournalRow).count()) == rows
    assert {fact.brought_by for fact in facts(app).values()} == {cast.people["director"]}


def test_what_the_phone_sent_before_is_known_and_only_the_rest_is_recorded(app, cast):
    photo = picture("olive")
    first, second = envelope(inspection(parcels(20))), visit(cast, photo)
    inspector = client_for(app, cast, "inspector")
    inspector.post("/api/sync/push", json={"facts": [first]}, headers=HEADERS)
    bring(inspector, packed(manifest(cast, "inspector"), [first, second], [photo]))
    found = facts(app)
    assert found[first["id"]].brought_by is None
    assert found[second["id"]].brought_by == cast.people["inspector"]
    assert faults(app) == []


@pytest.mark.parametrize(
    ("bringer", "author", "taken"),
    [
        ("lead", "lead", True), ("director", "lead", True), ("county", "director", True), ("league", "county", True),
        ("county", "former", True), ("director", "mover", True), ("director", "county", False),
        ("inspector", "lead", False), ("nextcounty", "lead", False), ("region", "lead", False),
        ("admin", "lead", False), ("lead", "director", False),
    ],
)  # fmt: skip
def test_only_the_person_and_who_leads_the_unit_bring_a_file(sqlite_app, bringer, author, taken):
    cast = build_in(sqlite_app)
    answer = look(client_for(sqlite_app, cast, bringer), packed(manifest(cast, author), []))
    assert answer.status_code == (200 if taken else 422)
    if not taken:
        nobody = manifest(cast, author)
        nobody["person"]["id"] = new_id()
        other = look(client_for(sqlite_app, cast, bringer), packed(nobody, []))
        strip = re.compile(r'csrf_token" value="[^"]*"')
        assert strip.sub("", other.text) == strip.sub("", answer.text), "nobody learns who exists"


def test_a_deactivated_inspectors_days_are_still_counted(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    with app.app_context(), transaction() as session:
        session.get(Person, cast.people["inspector"]).active = False
    sent = envelope(inspection(parcels(20)))
    bring(client_for(app, cast, "director"), packed(manifest(cast, "inspector"), [sent]))
    assert facts(app)[sent["id"]].state == "in-force"


def test_each_record_is_checked_as_in_a_push_and_one_bad_one_sinks_no_neighbour(app, cast):
    good = envelope(inspection(parcels(20)))
    unroled = envelope(inspection(parcels(20, first=40), kind="receipt", about=today().isoformat()))
    stranger = envelope(inspection(parcels(20, first=60), unit=NEXT_RURAL, acting=NEXT_RURAL))
    edited = envelope(inspection(parcels(20, first=80)))
    edited["open"] = edited["open"].replace("9880123400080", "9880123400099")
    ahead = envelope(inspection(parcels(20, first=20), date="2126-11-21"))
    seal = envelope({**inspection([]), "type": "seal", "manifest": new_id()})
    sent = [unroled, good, {"id": "nonsense"}, stranger, edited, seal, ahead]
    lead = client_for(app, cast, "lead")
    data = packed(manifest(cast), sent)
    preview = look(lead, data).text
    assert "与校验值不符" in preview and preview.count('<th scope="row" class="numeric">') == 3
    said = bring(lead, data)
    assert said.count('<th scope="row" class="numeric">') == 6
    assert "您没有做此项检查的岗位" in said
    found = facts(app)
    assert {one: found[one].state for one in found} == {good["id"]: "in-force", ahead["id"]: "held"}
    assert (
        read(app, lambda session: session.query(Refusal).count()) == 3
    )  # the seal, which no phone makes, too
    assert faults(app) == []


def test_who_brought_a_second_content_does_not_decide_for_it(app, cast):
    first = envelope(inspection(parcels(20, failed=2)))
    client_for(app, cast, "lead").post("/api/sync/push", json={"facts": [first]}, headers=HEADERS)
    polished = envelope(inspection(parcels(20)), id=first["id"])
    director, county = client_for(app, cast, "director"), client_for(app, cast, "county")
    bring(director, packed(manifest(cast), [polished]))
    assert read(app, lambda session: session.query(Conflict.brought_by).scalar()) == cast.people["director"]
    address = f"/attention/conflicts/{first['id']}/{polished['digest']}"
    assert address not in director.get(f"/attention?unit={CITY}").text
    assert director.post(address, data={"decision": "second"}).status_code == 403
    assert address in county.get(f"/attention?unit={CITY}").text
    assert county.post(address, data={"decision": "second"}).status_code == 302
    found = facts(app)
    assert len(found) == 2 and {fact.brought_by for fact in found.values()} == {None, cast.people["director"]}
    assert faults(app) == []


def test_photos_are_checked_and_those_that_no_record_names_stay_out(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    good, text, draft = picture("red"), b"no picture at all", picture("pink")
    sent = [visit(cast, good), visit(cast, text)]
    wrong = {f"photos/{'a' * 64}": picture("gold")}
    absent = visit(cast, picture("brown"))
    named_wrong = json.loads(absent["open"])
    named_wrong["items"][0]["photos"][0]["sha256"] = "a" * 64
    data = packed(
        manifest(cast, "inspector"), [*sent, absent, envelope(named_wrong)], [good, text, draft], **wrong
    )
    inspector = client_for(app, cast, "inspector")
    preview = look(inspector, data).text
    assert "1 张照片既不在文件里，也不在服务器上" in preview
    said = bring(inspector, data)
    assert "与校验值不符" in preview and "只收 JPEG" in said
    kept = read(app, lambda session: {photo.digest for photo in session.query(Photo)})
    assert kept == {named(good)["sha256"]}
    assert len(facts(app)) == 4


def test_a_slow_import_goes_on_where_it_stopped(sqlite_app, monkeypatch):
    app, cast = sqlite_app, build_in(sqlite_app)
    monkeypatch.setattr("webapp.desk.records.rescue.PATIENCE", 0.0)
    photos = [picture(colour) for colour in ("red", "green", "blue")]
    inspector = client_for(app, cast, "inspector")
    answer = look(
        inspector, packed(manifest(cast, "inspector"), [visit(cast, one) for one in photos], photos)
    )
    steps = 0
    while 'name="file" value' in answer.text:
        answer, steps = inspector.post("/rescue/import", data=waiting(answer)), steps + 1
    assert steps == 3
    assert read(app, lambda session: session.query(Photo).count()) == 3


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _deflated(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


def _bomb(data: bytes) -> bytes:
    """Every entry's bytes are the same ones, under names of their own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", b"x" * 5000)
        first = archive.infolist()[0]
        for n in range(50):
            again = zipfile.ZipInfo(f"photos/{n:064x}")
            again.CRC, again.file_size, again.compress_size = first.CRC, 5000, 5000
            again.header_offset, again.create_system = 0, 3
            archive.filelist.append(again)
        archive._didModify = True
    return file.getvalue()


def _flipped(data: bytes) -> bytes:
    """One bit of the facts."""
    place = data.index(b"digest") + 12
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _many(data: bytes) -> bytes:
    """The end says that there are more parts than any phone has."""
    end = bytearray(data)
    struct.pack_into("<2H", end, len(end) - 14, 60_000, 60_000)
    return bytes(end)


SPOILED = {
    "not a ZIP": (lambda data: "今天的清单".encode() * 20, "这不是投查的文件"),
    "empty": (lambda data: b"", "这不是投查的文件"),
    "cut off": (_cut, "文件不完整"),
    "packed anew": (_deflated, "重新压缩"),
    "one part over another": (_bomb, "文件已损坏"),
    "a flipped bit": (_flipped, "文件已损坏"),
    "a list without end": (_many, "文件里的内容比任何手机"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_file_is_refused_with_its_reason(sqlite_app, how):
    cast = build_in(sqlite_app)
    spoil, said = SPOILED[how]
    data = spoil(packed(manifest(cast), [envelope(inspection(parcels(20)))], [picture("red")]))
    answer = look(client_for(sqlite_app, cast, "lead"), data)
    assert (answer.status_code, said in answer.text) == (422, True), answer.text
    assert facts(sqlite_app) == {}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"../../etc/cron.d/evil": b"x"}, "手机不会放进去"),
        ({"/etc/passwd": b"x"}, "手机不会放进去"),
        ({"photos/IMG_1.jpg": b"x"}, "手机不会放进去"),
        ({"draftsX.json": b"[]"}, "手机不会放进去"),
    ],
)
def test_a_name_that_no_phone_gives_is_refused(sqlite_app, more, said):
    cast = build_in(sqlite_app)
    # A name with a NUL in it is cut there by many readers.
    data = packed(manifest(cast), [], **more).replace(b"draftsX", b"drafts\0")
    answer = look(client_for(sqlite_app, cast, "lead"), data)
    assert (answer.status_code, said in answer.text) == (422, True)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_there_twice_is_refused(sqlite_app):
    cast = build_in(sqlite_app)
    answer = look(
        client_for(sqlite_app, cast, "lead"), packed(manifest(cast), [], **{"manifest.json": b"{}"})
    )
    assert (answer.status_code, "同一内容出现了两次" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"format": 2}, "更新的投查"), ({"format": None}, "更新的投查"), ({"device_time": "yesterday"}, "目录读不出来"),
        ({"person": {"id": "1"}}, "目录读不出来"), ({"person": None}, "目录读不出来"), ({"lost": [7]}, "目录读不出来"),
    ],
)  # fmt: skip
def test_a_wrong_manifest_is_refused(sqlite_app, said, reason):
    cast = build_in(sqlite_app)
    answer = look(client_for(sqlite_app, cast, "lead"), packed(manifest(cast, **said), []))
    assert (answer.status_code, reason in answer.text) == (422, True)


def test_a_file_may_be_larger_than_anything_else_but_not_larger_than_its_own_limit(make_app):
    app = make_app("sqlite", RESCUE_MAX_BYTES=60_000)
    cast = build_in(app)
    lead = client_for(app, cast, "lead")
    fits, over = (packed(manifest(cast), [], [picture() + bytes(size)]) for size in (80_000, 130_000))
    assert look(lead, fits).status_code == 200
    assert look(lead, over).status_code == 413
    assert look(client_for(app, cast, "nobody"), fits).status_code == 302, "a stranger is led to the login"


def test_nobody_takes_over_a_file_that_another_person_looked_at(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    director = client_for(app, cast, "director")
    form = waiting(look(director, packed(manifest(cast), [envelope(inspection(parcels(20)))])))
    assert client_for(app, cast, "county").post("/rescue/import", data=form).status_code == 400
    assert (
        client_for(app, cast, "director").post("/rescue/import", data={"file": "made-up"}).status_code == 400
    )
    assert director.post("/rescue/import", data=form).status_code == 200
    assert director.post("/rescue/import", data=form).status_code == 400, "it was taken and deleted"


def test_a_file_that_nobody_imported_is_deleted_after_a_day(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    look(client_for(app, cast, "lead"), packed(manifest(cast), [envelope(inspection(parcels(20)))]))
    look(client_for(app, cast, "lead"), packed(manifest(cast), [envelope(inspection(parcels(20)))]))
    [waits] = (app.config["PHOTO_DIRECTORY"] / "aside").glob("*")  # one a person
    app.test_cli_runner().invoke(args=["tick"])
    assert waits.is_file()
    old = clock.now().timestamp() - 25 * 3600
    os.utime(waits, (old, old))
    app.test_cli_runner().invoke(args=["tick"])
    assert not waits.exists()


def test_photos_that_the_phone_had_lost_are_told_apart_from_those_left_out(sqlite_app):
    app, cast = sqlite_app, build_in(sqlite_app)
    gone, left, here = (picture(colour) for colour in ("red", "green", "blue"))
    inspector = client_for(app, cast, "inspector")
    put(inspector, here)
    lost = [{"sha256": named(photo)["sha256"], "why": "gone"} for photo in (gone, here)]
    sent = [visit(cast, photo) for photo in (gone, left, here)]
    said = look(inspector, packed(manifest(cast, "inspector", lost=lost), sent)).text
    assert "1 张照片在手机上已读不出来" in said and "1 张照片既不在文件里" in said


def test_a_file_with_photos_that_no_phone_makes_goes_on_with_its_next_photo(sqlite_app, monkeypatch):
    app = sqlite_app
    cast = build_in(app)
    several = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(
        several, "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))]
    )
    photos = sorted(
        [several.getvalue(), picture("green"), picture("blue"), b"no photo"],
        key=lambda data: named(data)["sha256"],
    )
    honest = rescue_pages.keep_photo
    unlucky = named(picture("blue"))["sha256"]

    def keep(me, time, digest, data, author_id):
        if digest == unlucky:
            raise ValueError("something that nobody thought of")
        return honest(me, time, digest, data, author_id)

    monkeypatch.setattr(rescue_pages, "keep_photo", keep)
    inspector = client_for(app, cast, "inspector")
    data = packed(manifest(cast, "inspector"), [visit(cast, one) for one in photos], photos)
    said = bring(inspector, data)
    assert "只收 JPEG" in said and "服务器出错了" in said
    kept = read(app, lambda session: {photo.digest for photo in session.query(Photo)})
    assert kept == {named(picture("green"))["sha256"]}


def test_a_file_whose_list_was_made_by_a_clock_at_the_end_of_the_calendar_is_taken(sqlite_app):
    cast = build_in(sqlite_app)
    inspector = client_for(sqlite_app, cast, "inspector")
    for device_time in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        sent = [envelope(inspection(parcels(2)))]
        bring(inspector, packed(manifest(cast, "inspector", device_time=device_time), sent))
        assert sent[0]["id"] in facts(sqlite_app)
