"""Data to measure on: real counties with one inspector's phone in each department, their lists, and what they check.

Everything is drawn from ``random.Random`` with a fixed seed: two runs measure the same work.
"""

import hashlib
import json
import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import stamp
from sqlalchemy import insert, select

from webapp import create_app
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.journal.rules import fact_digest, personal_hash
from webapp.org.models import Device, Person, Role, Unit
from webapp.org.queries import sha256
from webapp.registers import divisions
from webapp.registers.models import RelayPoint
from webapp.sampling.models import Manifest, ManifestItem

SECRET_KEY = "measured, not guarded"
LIST_ITEMS = 100  # numbered items on a department's list of one day, of which ten are drawn
CLASSES = ("express", "registered", "parcel")
DAY = timedelta(days=1)
# What a department checks, by kind: of twelve inspections one is of parcels, three of receipts, eight of points.
MIX = ("relay", "receipt", "relay", "relay", "parcel", "relay", "receipt", "relay", "relay", "receipt", "relay", "relay")  # fmt: skip


@dataclass
class Phone:
    """An inspector's phone: whose it is, where it works, and the cookie of its session."""

    unit: str
    setting: str
    person: str
    device: str
    cookie: str
    points: list[str] = field(default_factory=list)


def open_app(data: Path, url: str | None = None) -> Flask:
    """The application on the data (or the database at ``url``), its tables made."""
    data.mkdir(parents=True, exist_ok=True)
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": url or f"sqlite:///{data / 'toucha.sqlite'}",
            "DATA_DIRECTORY": data,
            "PHOTO_DIRECTORY": data / "photos",
            "SECRET_KEY": SECRET_KEY,
            "SESSION_COOKIE_SECURE": False,
            "HTTPS": False,
        }
    )
    with app.app_context():
        db.create_all()  # the tests prove that migrations make the same
        stamp()
    return app


def close(app: Flask) -> None:
    """Give every connection back."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def counties() -> list[str]:
    """The codes of all counties that have departments."""
    rows = divisions.rows()
    parents = {row["parent"] for row in rows}
    return [row["code"] for row in rows if row["level"] == "county" and row["code"] in parents]


def build(app: Flask, codes: list[str], first_day: date) -> list[Phone]:
    """The counties, and in each department one inspector with a phone."""
    with app.app_context(), transaction() as session:
        phones = []
        for code in codes:
            phones += [
                _phone(app, session, unit, first_day)
                for unit in divisions.add_county(session, code, first_day)
            ]
        _points(session, phones)
    return phones


def _phone(app: Flask, session, unit: Unit, first_day: date) -> Phone:
    person, device, cookie = sign_in(app, session, unit.code, "inspector", first_day)
    return Phone(unit.code, unit.setting, person, device, cookie)


def sign_in(app: Flask, session, unit: str, role: str, first_day: date) -> tuple[str, str, str]:
    """A new person with one role, signed in: the ids of person and device, and the cookie."""
    person, device, token, now = new_id(), new_id(), secrets.token_urlsafe(16), clock.now()
    session.add(Person(id=person, login=f"{role[:1]}{unit}", name="质检员", language="zh", created_at=now))
    session.flush()
    session.add(Role(id=new_id(), person_id=person, unit_code=unit, role=role, first_day=first_day))
    hashed = sha256(token)
    session.add(
        Device(id=device, person_id=person, token_hash=hashed, name="Android", created_at=now, seen_at=now)
    )
    session.flush()
    signer = app.session_interface.get_signing_serializer(app)
    cookie = signer.dumps({"_user_id": f"{device}.{token}", "_fresh": True, "_permanent": True})
    return person, device, f"toucha={cookie}"


def _points(session, phones: list[Phone]) -> None:
    by_unit: dict[str, list[str]] = {}
    for unit, point in session.execute(select(RelayPoint.unit_code, RelayPoint.id).order_by(RelayPoint.id)):
        by_unit.setdefault(unit, []).append(point)
    for phone in phones:
        phone.points = by_unit.get(phone.unit, [])


# ---------------------------------------------------------------- lists


def numbers_of(unit: str, day: date, items: int = LIST_ITEMS) -> list[str]:
    """The numbers on the list of a department's day, the drawn ones first; at most a thousand."""
    start = int(hashlib.sha256(f"{unit} {day}".encode()).hexdigest()[:9], 16) % 10**9
    return [f"9{start:09}{n:03}" for n in range(items)]


def seal_lists(app: Flask, phones: list[Phone], days: list[date], items: int = LIST_ITEMS) -> None:
    """A sealed list of so many items with its draw (a tenth) revealed, for each department and day."""
    now = clock.now()
    with app.app_context(), transaction() as session:
        for phone in phones:
            lists = [{"id": new_id(), "day": day} for day in days]
            session.execute(insert(Manifest), [{**one, **_sealed(phone, now, items)} for one in lists])
            rows = [row for one in lists for row in _listed(one["id"], phone.unit, one["day"], items)]
            session.execute(insert(ManifestItem), rows)


def _sealed(phone: Phone, now: datetime, items: int) -> dict:
    return {
        "unit_code": phone.unit, "number": 1, "created_by": phone.person, "created_at": now, "sealed_at": now,
        "sealed_by": phone.person, "seal": "0" * 64, "seed": "0" * 64, "sample_percent": 10, "sample_size": items // 10,
        "announced": False, "revealed_at": now, "revealed_by": phone.person,
    }  # fmt: skip


def _listed(manifest: str, unit: str, day: date, items: int) -> Iterator[dict]:
    for n, number in enumerate(numbers_of(unit, day, items)):
        yield {
            "manifest_id": manifest,
            "number": number,
            "mail_class": CLASSES[n % 3],
            "returned": False,
            "rank": n + 1,
        }


# ---------------------------------------------------------------- inspections


def inspections(phone: Phone, days: list[date], count: int, seed: object) -> Iterator[dict]:
    """``count`` inspections of a department over the days, as the open part of facts; no day has a kind twice but
    for calls at points."""
    rng = random.Random(f"{phone.unit} {seed}")
    turn = {kind: rng.randrange(10**6) for kind in MIX}
    for n in range(count):
        kind = MIX[n % len(MIX)]
        if kind == "relay" and not phone.points:
            kind = "receipt"
        turn[kind] += 1
        yield _open(phone, kind, days[turn[kind] % len(days)], turn[kind], rng)


def _open(phone: Phone, kind: str, day: date, turn: int, rng: random.Random) -> dict:
    begun = datetime(day.year, day.month, day.day, 9, rng.randrange(60), tzinfo=clock.LOCAL)
    found = {
        "v": 1, "type": "inspection", "unit": phone.unit, "acting": phone.unit, "date": day.isoformat(),
        "kind": kind, "method": "on-site", "started": begun.isoformat(),
        "ended": (begun + timedelta(minutes=20)).isoformat(), "elapsed_ms": 1_200_000,
        "items": _ITEMS[kind](phone, day, turn, rng),
    }  # fmt: skip
    return {**found, "about": day.isoformat()} if kind == "receipt" else found


def _item(subject: str, mail_class: str | None, failed: str | None, photos: list) -> dict:
    row = {
        "subject": subject,
        "verdict": "fail" if failed else "pass",
        "answers": {failed: "fail"} if failed else {},
    }
    return {**row, "photos": photos, **({"class": mail_class} if mail_class else {})}


def _parcels(phone: Phone, day: date, turn: int, rng: random.Random) -> list[dict]:
    start = rng.randrange(10**9)
    return [
        _item(f"8{start:09}{n:03}", "parcel", "feedback" if rng.random() < 0.03 else None, [])
        for n in range(20)
    ]


def _receipts(phone: Phone, day: date, turn: int, rng: random.Random) -> list[dict]:
    drawn = numbers_of(phone.unit, day)[: LIST_ITEMS // 10]
    return [
        _item(number, CLASSES[n % 3], "signed" if rng.random() < 0.03 else None, [])
        for n, number in enumerate(drawn)
    ]


def _call(phone: Phone, day: date, turn: int, rng: random.Random) -> list[dict]:
    photo = {"sha256": f"{rng.getrandbits(256):064x}", "size": 180_000, "type": "image/jpeg"}
    point = phone.points[turn % len(phone.points)]
    return [{**_item(point, None, "handover" if rng.random() < 0.03 else None, [photo]), "position": "given"}]


_ITEMS = {"parcel": _parcels, "receipt": _receipts, "relay": _call}


def envelope(open: dict, rng: random.Random, milliseconds: int | None = None) -> dict:
    """What the phone sends for a fact."""
    text = json.dumps(open, ensure_ascii=False, separators=(",", ":"))
    personal = '{"notes":{"0":"门锁着，放在收发室。"}}' if open["kind"] == "relay" else ""
    salt = f"{rng.getrandbits(128):032x}"
    digest = fact_digest(text, personal_hash(salt, personal))
    return {"id": new_id(milliseconds), "open": text, "personal": personal, "salt": salt, "digest": digest}
