"""A phone's queue as a file, as the phone makes it, and somebody who brings it."""

import hashlib
import io
import json
import re
import zipfile

from tests.desk_records import envelope, inspection
from tests.photos import named
from webapp.core import clock


def manifest(cast, login: str = "lead", **more) -> dict:
    who = {"id": cast.people[login], "login": login, "name": login}
    own = {"format": 1, "version": "0.1.0", "person": who, "device": "Mozilla/5.0 (Linux; Android 10; K)"}
    return {**own, "device_time": clock.now().isoformat(), "counts": {}, "lost": [], **more}


def packed(
    said: dict, facts: list[dict], photos: list[bytes] = (), drafts: list | None = None, **more
) -> bytes:
    """The file as a phone makes it; ``more``: other entries by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps(said))
        archive.writestr("facts.jsonl", "".join(json.dumps(fact) + "\n" for fact in facts))
        archive.writestr("drafts.json", json.dumps(drafts or []))
        for data in photos:
            archive.writestr(f"photos/{hashlib.sha256(data).hexdigest()}", data)
        for name, data in more.items():
            archive.writestr(name, data)
    return file.getvalue()


def look(client, data: bytes):
    """The answer to bringing the file."""
    return client.post("/rescue", data={"file": (io.BytesIO(data), "toucha-lead-2026-11-21.zip")})


def waiting(answer) -> dict:
    """The form that an answer leads on with."""
    fields = re.findall(r'name="(file|after)" value="([^"]+)"', answer.text)
    assert fields, answer.text
    return dict(fields)


def bring(client, data: bytes) -> str:
    """Look at the file, import it, and go on until it is done; what the pages said."""
    answer = look(client, data)
    assert answer.status_code == 200, answer.text
    said = ""
    while 'name="file" value' in answer.text:
        answer = client.post("/rescue/import", data=waiting(answer))
        assert answer.status_code == 200, answer.text
        said += answer.text
    return said


def visit(cast, photo: bytes) -> dict:
    """A call at a relay point, with its photo."""
    point = cast.points["额尔敦社区居委会"]
    item = {
        "subject": point,
        "verdict": "pass",
        "answers": {},
        "photos": [named(photo)],
        "position": "no-signal",
    }
    return envelope(inspection([item], kind="relay"))
