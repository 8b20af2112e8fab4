"""A full disk: an honest answer, nothing by halves, and what was turned away is taken once there is room again."""

import resource

import psutil
import pytest
from sqlalchemy import event

from tests.cast import build_in, client_for
from tests.server.keeping import rows, whole
from tests.server.phones import Phone, check_of, shot
from webapp.core.database import db

LEAST = 4096  # bytes that a file may have on the full disk: existing pages can be read, none can be added


def turned_away(answer, *codes: str) -> None:
    """In the one shape of errors, to be tried again by itself: for a phone that is a busy server, not a refusal."""
    assert answer.status == 503 and answer.json["code"] in codes, answer
    assert set(answer.json) == {"code", "message", "fields"}
    assert int(answer.headers["Retry-After"]) > 0


def limit_files(server, size: int) -> None:
    """The kernel lets the server's processes make no file longer than ``size`` bytes: what is written comes to an end."""
    for process in psutil.Process(server.pid).children(recursive=True):
        process.rlimit(psutil.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_server_whose_disk_is_full_says_so_and_takes_everything_later(make_server):
    server = make_server()
    phone = Phone(server)
    before, facts, photos = shot(0), [check_of(n) for n in range(8)], [shot(n) for n in (1, 2)]
    assert phone.push(check_of(9)).status == 200 and phone.put(before).status == 201
    count = rows(server.data, "SELECT count(*) FROM facts")

    limit_files(server, LEAST)
    turned_away(phone.push(*facts), "disk-full", "cannot-write")  # SQLite tells it as an error of the disk
    turned_away(phone.push(facts[0]), "disk-full", "cannot-write")
    turned_away(phone.put(photos[0]), "disk-full")
    for page in ("/api/ping", "/api/sync/pull", "/login"):
        assert phone.request("GET", page).status in (200, 302), page
    assert rows(server.data, "SELECT count(*) FROM facts") == count
    assert list((server.data / "photos").glob("??/.*")) == [], "a draft was left behind"

    limit_files(server, resource.RLIM_INFINITY)
    answer = phone.push(*facts)
    assert [row["state"] for row in answer.json["results"]] == ["stored"] * len(facts)
    assert [phone.put(photo).status for photo in photos] == [201, 201]
    whole(server.data, phone)


@pytest.fixture
def small(make_app):
    """(app, the lead's phone, ``room(pages)``) on a SQLite database that may be made to have only so many more pages."""
    app = make_app("sqlite", TESTING=False)
    lead = client_for(app, build_in(app), "lead")
    allowed = [2**31]

    def narrow(connection, *_):
        connection.execute(f"PRAGMA max_page_count={allowed[0]}").close()

    def room(pages: int) -> None:
        with app.app_context():
            allowed[0] = db.session.execute(db.text("PRAGMA page_count")).scalar() + pages
            db.session.remove()

    with app.app_context():
        event.listen(db.engine, "checkout", narrow)
    return lead, room


def test_a_full_database_refuses_no_record(small):
    lead, room = small
    facts = [check_of(n) for n in range(40)]
    headers = {"X-Toucha": "1", "Origin": "http://localhost"}
    room(0)
    for batch in (facts, facts[:1]):
        answer = lead.post("/api/sync/push", json={"facts": batch}, headers=headers)
        if answer.status_code == 200 and len(batch) == 1:
            continue  # one record may still find room in a page that is there
        assert (answer.status_code, answer.json["code"]) == (503, "disk-full"), answer.text
        assert answer.headers["Retry-After"]
    room(1000)
    answer = lead.post("/api/sync/push", json={"facts": facts}, headers=headers)
    assert {row["state"] for row in answer.json["results"]} <= {"stored", "known"}
