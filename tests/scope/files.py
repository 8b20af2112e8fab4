"""What stands beside the database: the daily files of events, and queues of phones as files; and codes of second factors."""

import io
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pyotp
from flask import Flask

from tests.scope.company import BESIDE, PLACES, SALT, Company
from webapp.core import clock
from webapp.desk.records import rescue_files
from webapp.org import second_factors
from webapp.org.events import Event, Recorder


def events_of(app: Flask) -> list[Path]:
    """The files of events."""
    return list(Path(app.config["EVENTS_DIRECTORY"]).glob("*.log"))


def note_events(app: Flask, company: Company) -> None:
    """Of each department a download and a role; and a stranger's doing, which only those above all units see."""
    recorder, now = Recorder(app.config["EVENTS_DIRECTORY"]), clock.now()
    for name, place in PLACES.items():
        carrier, director = company.things[name]["carrier"], company.things[name]["director"]
        recorder.record(Event(now, "export", carrier, what=f"台账{place.sign}.xlsx"))
        recorder.record(Event(now, "role", director, about=carrier, unit=place.code, what="carrier"))
    recorder.record(Event(now, "enrolment-failed", what=f"陌生{BESIDE.sign}"))


def code_of(app: Flask, person: str) -> str:
    """The code of the present half minute, of a second factor made of ``SALT``."""
    return pyotp.TOTP(second_factors.secret_of(app.config["SECRET_KEY"], person, SALT)).now()


def queue(author: str, facts: list[dict]) -> bytes:
    """A phone's queue as a file."""
    manifest = {"format": 1, "person": {"id": author}, "device_time": clock.now().isoformat()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("facts.jsonl", "\n".join(json.dumps(fact) for fact in facts))
    return file.getvalue()


def put_aside(app: Flask, person: str, data: bytes) -> str:
    """The file after it was looked at: the text by which the person finds it again."""
    with app.app_context():
        me = SimpleNamespace(person_id=person)
        return rescue_files.keep(me, io.BytesIO(data), clock.now().timestamp())
