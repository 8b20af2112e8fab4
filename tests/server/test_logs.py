"""No log names a person, an item, a place, a secret or a photo, whatever goes wrong."""

import json
import resource
import time
from contextlib import suppress
from http.client import HTTPException

import psutil

from tests.desk_records import envelope, inspection, parcels
from tests.photos import named
from tests.server.keeping import rows
from tests.server.phones import Phone, shot

NOTE, PLACE, WORD = "寄递人王翠花不在家", 43.93312, "a-Wrong-Password-71"


def marked(number: int = 1) -> tuple[dict, list[str]]:
    """A check with all that is personal, and the marks by which it would be known."""
    photo = named(shot(number, 20))
    item = {**parcels(1, first=number)[0], "photos": [photo]}
    personal = {
        "notes": {"0": NOTE},
        "positions": {"0": {"latitude": PLACE, "longitude": 116.1, "accuracy": 5}},
    }
    sent = envelope(inspection([item]), personal)
    return sent, [item["subject"], photo["sha256"], sent["salt"], NOTE, str(PLACE)]


def pushed(phone: Phone, sent: dict):
    headers = {"X-Toucha": "1", "Content-Type": "application/json"}
    return phone.request("POST", "/api/sync/push", json.dumps({"facts": [sent]}), **headers)


def silent(log: str, marks: list[str]) -> None:
    """None of the marks is in the log, written in any of the usual ways."""
    for mark in marks:
        for form in {mark, mark.encode("unicode_escape").decode(), repr(mark.encode())[2:-1], mark[:24]}:
            assert form not in log, f"{form!r} in\n{log}"


def test_a_server_in_every_trouble_tells_nothing_about_anybody(make_server, monkeypatch):
    monkeypatch.setattr("tests.serving.RunningServer.app", "tests.server.troubled:app")
    server = make_server(TOUCHA_WORKERS="1")
    phone = Phone(server)
    sent, marks = marked()
    people = [
        word
        for row in rows(server.data, "SELECT name, login FROM people WHERE length(login) > 3")
        for word in row
    ]
    marks += [phone.cookie.partition("=")[2][:40], WORD, *people]

    # First of all: the log is a file, too, and must still find room.
    for process in psutil.Process(server.pid).children(recursive=True):
        process.rlimit(psutil.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    (full, more), large = marked(2), shot(2)
    more.append(named(large)["sha256"])
    assert pushed(phone, full).status == 503
    assert phone.put(large).status == 503
    for process in psutil.Process(server.pid).children(recursive=True):
        process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    (server.data / "photos").mkdir(exist_ok=True)
    assert phone.put(shot(3, 20)).status == 201

    assert (
        pushed(phone, sent).json["results"][0]["problem"]["code"] == "server-error"
    )  # it raises with all it has
    assert phone.request("GET", "/fails/page?q=" + sent["salt"]).status == 500
    assert phone.request("GET", f"/fails/statement?login={people[1]}").status == 500
    assert phone.request("GET", "/enrol/" + sent["salt"]).status == 500  # beside the application
    phone.request("POST", "/login", f"login={people[1]}&password={WORD}")  # without a token
    assert phone.put(b"\xff\xd8 no picture").status in (415, 422)
    assert phone.request("GET", "/login", Referer="http://[::1" + sent["salt"]).status < 500

    with suppress(HTTPException, OSError):  # the worker may be gone before its answer is
        phone.request("GET", "/fails/worker?q=" + sent["salt"])
    for _ in range(200):
        if "Exception in worker process" in server.log:
            break
        time.sleep(0.05)
    log = server.log
    for trouble in ("unhandled error at GET /fails/page", "SQLITE_CONSTRAINT", "cannot be stored: ValueError at",
                    "Exception while serving", "EFBIG", "Exception in worker process"):  # fmt: skip
        assert trouble in log, f"{trouble} did not happen:\n{log}"
    silent(log, marks + more)
