"""What becomes of photos in time: deleted when it is over, swept when nothing names them, never otherwise."""

import json
import logging
import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.cast import CITY, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.photos import named, picture, put
from tests.serving import ROOT, environment
from webapp.core import clock
from webapp.core.daily_log import DailyLog
from webapp.core.database import transaction
from webapp.formats.files import DigestStore
from webapp.photos import sweeping
from webapp.photos.keeping import Upload
from webapp.photos.models import LeavingPhoto, Photo
from webapp.registers.models import RelayPoint
from webapp.upkeep.models import UpkeepMark

DATA = picture("red")
NAME = named(DATA)["sha256"]
LONG_AGO = timedelta(days=40)


@pytest.fixture
def cast(app):
    return build_in(app)


def store(app) -> DigestStore:
    return DigestStore(app.config["PHOTO_DIRECTORY"])


def files(app) -> list[str]:
    """Everything on the disk."""
    folder = app.config["PHOTO_DIRECTORY"]
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def age(app, by: timedelta = LONG_AGO) -> None:
    """As if everything about photos had happened ``by`` earlier."""
    with app.app_context(), transaction() as session:
        session.execute(update(Photo).values(received_at=clock.now() - by))
        session.execute(update(UpkeepMark).values(begun_at=clock.now() - by))
    then = (clock.now() - by).timestamp()
    for path in app.config["PHOTO_DIRECTORY"].rglob("*"):
        os.utime(path, (then, then))


def tick(app) -> None:
    done = app.test_cli_runner().invoke(args=["tick"])
    assert done.exit_code == 0, done.output


def with_photo(**more) -> dict:
    items = parcels(20, failed=1)
    items[-1]["photos"] = [named(DATA)]
    return inspection(items, **more)


def rows(app) -> list[str]:
    return read(app, lambda session: [photo.digest for photo in session.query(Photo)])


def test_a_photo_that_no_record_names_goes_after_thirty_days(app, cast):
    put(client_for(app, cast, "lead"), DATA)
    tick(app)
    assert files(app) == [NAME, f"{NAME}.thumbnail"]
    age(app, timedelta(days=29))
    tick(app)
    assert files(app) == [NAME, f"{NAME}.thumbnail"]
    age(app)
    tick(app)
    assert (files(app), rows(app)) == ([], [])


def test_a_photo_that_a_record_names_stays(app, cast):
    assert send(app, cast, "lead", envelope(with_photo())).state == "stored"
    put(client_for(app, cast, "lead"), DATA)
    age(app)
    tick(app)
    assert store(app).read(NAME) == DATA


def test_a_photo_of_a_withdrawn_or_corrected_record_stays_its_time(app, cast):
    first = envelope(with_photo())
    send(app, cast, "lead", first)
    send(app, cast, "lead", envelope(inspection(parcels(20), amends=first["id"])))
    put(client_for(app, cast, "lead"), DATA)
    age(app)
    tick(app)
    assert store(app).read(NAME) == DATA


def test_a_photo_of_a_record_that_waits_for_its_parent_stays(app, cast):
    waiting = envelope(with_photo(amends="01970000-0000-7000-8000-000000000000"))
    assert send(app, cast, "lead", waiting).state == "waiting"
    put(client_for(app, cast, "lead"), DATA)
    age(app)
    tick(app)
    assert store(app).read(NAME) == DATA


def test_a_photo_of_a_second_content_stays_until_somebody_has_decided(app, cast):
    first = envelope(inspection(parcels(20)))
    send(app, cast, "lead", first)
    second = envelope(with_photo(), id=first["id"])
    assert send(app, cast, "lead", second).state == "conflict"
    put(client_for(app, cast, "lead"), DATA)
    age(app)
    tick(app)
    assert store(app).read(NAME) == DATA
    path = f"/attention/conflicts/{first['id']}/{second['digest']}"
    client_for(app, cast, "director").post(path, data={"decision": "first"})
    tick(app)
    assert files(app) == []


def test_a_photo_of_a_refused_record_stays_that_its_author_may_send_again(app, cast):
    assert (
        send(app, cast, "lead", envelope(with_photo(acting="152502200", unit="152502200"))).state == "refused"
    )
    put(client_for(app, cast, "lead"), DATA)
    age(app)
    tick(app)
    assert store(app).read(NAME) == DATA


def test_a_photo_that_a_relay_point_shows_stays(app, cast):
    put(client_for(app, cast, "director"), DATA)
    with app.app_context(), transaction() as session:
        session.get(RelayPoint, next(iter(cast.points.values()))).photo_digest = NAME
    age(app, timedelta(days=400))
    tick(app)
    assert store(app).read(NAME) == DATA


def test_files_without_a_row_and_half_written_ones_go_when_they_are_old(app, cast):
    folder = app.config["PHOTO_DIRECTORY"] / NAME[:2]
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(DATA)  # the server died before the database heard of it
    (folder / f"{NAME[:2]}{'0' * 62}.thumbnail").write_bytes(b"a rest")
    (folder / ".0123456789abcdef").write_bytes(b"half")
    tick(app)
    assert len(files(app)) == 3
    age(app)
    tick(app)
    assert files(app) == []


def test_a_sweep_that_dies_between_database_and_disk_is_finished_by_the_next(app, cast):
    put(client_for(app, cast, "lead"), DATA)
    age(app)
    with app.app_context(), transaction() as session:
        assert sweeping.forget_unreferenced(session, clock.now()).gone == [NAME]
    assert NAME in files(app)  # here it died
    tick(app)
    assert files(app) == []


def test_a_sweep_that_dies_over_the_files_is_finished_when_its_claim_is_over(app, cast):
    put(client_for(app, cast, "lead"), DATA)
    age(app)
    now = clock.now()
    with app.app_context():
        with transaction() as session:
            sweeping.forget_unreferenced(session, now)
        with transaction() as session:
            assert sweeping.claim(session, now) == [NAME]  # here it died
        with transaction() as session:
            assert sweeping.claim(session, now + timedelta(minutes=59)) == [], "another tick leaves it alone"
    tick(app)
    assert NAME in files(app)
    with app.app_context(), transaction() as session:
        session.execute(update(LeavingPhoto).values(claimed_until=now - timedelta(seconds=1)))
    tick(app)
    assert files(app) == []
    assert put(client_for(app, cast, "lead"), DATA).status_code == 201


def test_a_photo_that_comes_again_while_its_file_is_deleted_is_asked_to_come_later(app, cast):
    """Whatever the phone is told, it is true: a photo that is said to be stored is there."""
    lead = client_for(app, cast, "lead")
    put(lead, DATA)
    age(app)
    now = clock.now()
    with app.app_context():
        with transaction() as session:
            sweeping.forget_unreferenced(session, now)
        answer = put(lead, DATA)
        assert (answer.status_code, answer.json["code"]) == (503, "busy")
        with transaction() as session:
            mine = sweeping.claim(session, now)
        assert put(lead, DATA).status_code == 503
        assert sweeping.delete_files(store(app), mine) == [NAME]
        assert put(lead, DATA).status_code == 503, "the one that deletes has not said yet that it is done"
        with transaction() as session:
            sweeping.forget_left(session, mine)
    assert put(lead, DATA).status_code == 201
    tick(app)
    assert store(app).read(NAME) == DATA


def test_a_photo_that_is_written_while_it_is_swept_and_noted_afterwards_is_there(app, cast):
    """Its bytes were in the store before the sweep, its row comes after it."""
    lead = client_for(app, cast, "lead")
    put(lead, DATA)
    age(app)
    waiting, go_on, answers = threading.Event(), threading.Event(), []
    whole = Upload.write

    def write(upload, its_store):
        whole(upload, its_store)
        if not waiting.is_set():
            waiting.set()
            assert go_on.wait(30)

    again = threading.Thread(target=lambda: answers.append(put(lead, DATA).status_code))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Upload, "write", write)
        again.start()
        assert waiting.wait(30)
        tick(app)
        assert files(app) == []
        go_on.set()
        again.join(30)
    assert answers == [201]
    assert store(app).read(NAME) == DATA


def test_after_its_time_a_photo_is_deleted_and_says_so_instead_of_being_on_the_phone(app, cast):
    sent = envelope(with_photo(), {"notes": {"19": "张* 代收"}})
    send(app, cast, "lead", sent)
    lead, director = client_for(app, cast, "lead"), client_for(app, cast, "director")
    put(lead, DATA)
    with app.app_context(), transaction() as session:
        session.execute(update(Photo).values(received_at=clock.now() - timedelta(days=181)))
    tick(app)
    assert files(app) == []
    page = director.get(f"/inspections/{sent['id']}").text
    assert "已按规定删除" in page and "尚未收到" not in page
    answer = director.get(f"/api/photos/{NAME}")
    assert (answer.status_code, answer.json["code"]) == (410, "photo-purged")
    assert client_for(app, cast, "nextcounty").get(f"/api/photos/{NAME}").status_code == 404
    week = clock.local_date(clock.now()).isocalendar()
    line = director.get(f"/ledger/{CITY}/parcel-check/{week.year}-W{week.week:02d}").text
    assert "已到期删除" in line and f"/api/photos/{NAME}" not in line
    # The phone may send it once more; it is not kept again.
    assert put(lead, DATA).status_code == 200
    assert files(app) == []
    records = [s for s in lead.get("/api/sync/pull").json["sections"] if s["name"] == "records"]
    assert [row["photos_missing"] for row in records[0]["rows"]] == [[]]
    assert today()  # the record itself stays


def test_who_looked_at_a_photo_is_written_down_and_who_might_not_is_not(app, cast, tmp_path):
    send(app, cast, "lead", envelope(with_photo()))
    put(client_for(app, cast, "lead"), DATA)
    log, views = DailyLog(tmp_path / "views"), logging.getLogger("toucha.views")
    views.addHandler(log)  # as webapp.wsgi does
    views.setLevel(logging.INFO)
    try:
        client_for(app, cast, "director").get(f"/api/photos/{NAME}")
        client_for(app, cast, "county").get(f"/api/photos/{NAME}/thumbnail")
        client_for(app, cast, "nextcounty").get(f"/api/photos/{NAME}")
    finally:
        views.removeHandler(log)
        views.setLevel(logging.NOTSET)
    [file] = (tmp_path / "views").iterdir()
    seen = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(one["person"], one["photo"], one["size"]) for one in seen] == [
        (cast.people["director"], NAME, "full"),
        (cast.people["county"], NAME, ".thumbnail"),
    ]


def test_the_server_that_gunicorn_starts_writes_the_view_log(demo_template, tmp_path):
    data = demo_template.copy(tmp_path)
    script = "from webapp.wsgi import app, views; views.info('somebody looked'); print(views.propagate)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data), capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
    [file] = (data / "views").iterdir()
    assert file.read_text() == "somebody looked\n"


def test_a_tick_forgets_who_looked_a_year_ago(sqlite_app):
    folder = sqlite_app.config["VIEWS_DIRECTORY"]
    folder.mkdir()
    for days in (400, 366, 364, 0):
        (folder / f"{today() - timedelta(days=days)}.log").touch()
    tick(sqlite_app)
    assert len(list(folder.iterdir())) == 2
