"""The real application in this process, on a real SQLite file, under a clock and a chance that the seed decides."""

import io
import json
import logging
import random
import shutil
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

from sqlalchemy import event, select, update
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.cases import send_at
from tests.cast import CITY, Cast, build, device_for
from tests.databases import SqliteTemplate, dispose, settings_for
from tests.desk_records import inspection, parcels
from webapp import create_app
from webapp.core import clock, ids
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.formats.files import DigestStore
from webapp.journal.rules import fact_digest, personal_hash
from webapp.org.models import Device, Person, Role, Unit
from webapp.recording import operations as recording
from webapp.recording.changes import roles
from webapp.sync import pull

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # nine in the morning in Inner Mongolia
OPENED = date(
    2026, 11, 16
)  # on the Monday of that week, and CITY alone: a year's ledger of all would be checked for hours
FAILED = ("feedback", "on-time", "intact")
# What phones act upon when they send and receive; the other sections are built in every fifth run only: they cost most.
NEEDED = ("unit", "points", "captures", "checked", "records")


class Killed(BaseException):
    """The server's process ended here."""


@dataclass(frozen=True)
class Answer:
    """What left the server."""

    status: int
    headers: dict[str, str]
    body: bytes


class Heard(logging.Handler):
    """What the application logged as an error, instead of the terminal."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message and the error behind it."""
        cause = record.exc_info[1] if record.exc_info else None
        self.lines.append(f"{record.getMessage()}: {cause!r}")


class Time:
    """The true time, ms since 1970."""

    def __init__(self):
        self.ms = int(START.timestamp() * 1000)

    def now(self) -> datetime:
        """As webapp.core.clock.now."""
        return datetime.fromtimestamp(self.ms / 1000, UTC)


class Server:
    """One application; :meth:`reset` gives it a fresh database with the cast in it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.time = Time()
        self.chance = random.Random(0)
        self.crash: str | None = None  # where the process ends during the next request
        self.race = False  # the next look-up of known facts misses what another request has just stored
        self.heard = Heard()
        self._log = logging.getLogger("webapp")
        self._log.addHandler(self.heard)
        self._log.propagate = False
        self._stack = ExitStack()
        self._patch()
        self.template = folder / "cast.sqlite"
        self.app = None
        self.cast = self._build()
        event.listen(db.session, "before_commit", self._before_commit)
        self.open()

    def _patch(self) -> None:
        """Time and chance of the seed; the places at which a fault may strike."""
        for patch in (
            mock.patch.object(clock, "now", self.time.now),
            mock.patch.object(ids, "secrets", mock.Mock(randbits=lambda bits: self.chance.getrandbits(bits))),
            mock.patch.object(ids, "time", mock.Mock(time_ns=lambda: self.time.ms * 1_000_000)),
            mock.patch.object(recording, "_known", self._known(recording._known)),
            mock.patch.object(DigestStore, "write", self._write(DigestStore.write)),
        ):
            self._stack.enter_context(patch)

    def _known(self, honest):
        def known(session, wanted):
            if self.race:
                self.race = False
                return {}
            return honest(session, wanted)

        return known

    def _write(self, honest):
        def write(store, digest, data, variant=""):
            honest(store, digest, data, variant)
            if self.crash == "file" and not variant:
                raise Killed

        return write

    def _build(self) -> Cast:
        template = SqliteTemplate(self.folder)
        shutil.copyfile(template.file, self.template)
        app = create_app(self._settings(self.template))
        with app.app_context(), transaction() as session:
            cast = build(session)
            session.execute(update(Unit).values(opened_on=OPENED))
            elsewhere = (Unit.level == "department", Unit.code != CITY)
            session.execute(update(Unit).where(*elsewhere).values(opened_on=OPENED.replace(year=2027)))
        self._find(app, cast)
        self.tick(app)
        dispose(app)
        return cast

    def _find(self, app, cast: Cast) -> None:
        """A check that failed in several ways: there are cases from the beginning, which everybody's phone knows."""
        items = [
            {**one, "verdict": "fail", "answers": {code: "fail"}}
            for one, code in zip(parcels(3), FAILED, strict=True)
        ]
        more = {"date": START.date().isoformat(), "ended": (START - timedelta(hours=1)).isoformat()}
        text, salt = json.dumps(inspection(items, **more)), "0" * 32
        sent = {"id": ids.new_id(), "open": text, "personal": "", "salt": salt}
        sent["digest"] = fact_digest(text, personal_hash(salt, ""))
        if send_at(app, cast, "inspector", sent, START).state != "stored":
            raise RuntimeError("the first check was not taken")

    def _settings(self, file: Path) -> dict:
        return {**settings_for(f"sqlite:///{file}", self.folder), "TESTING": False}

    # ---------------------------------------------------------------- life and death

    def reset(self, seed: int) -> None:
        """A fresh database and photo folder; time and chance begin anew."""
        dispose(self.app)
        for path in self.folder.glob("toucha.sqlite*"):
            path.unlink()
        shutil.rmtree(self.folder / "photos", ignore_errors=True)
        shutil.copyfile(self.template, self.folder / "toucha.sqlite")
        self.time.ms = int(START.timestamp() * 1000)
        self.chance.seed(seed)
        self.heard.lines.clear()
        self.crash, self.race, self._deaths = None, False, 0
        full = {name: make for name, make in pull.BUILDERS.items() if seed % 5 == 0 or name in NEEDED}
        self._sections = mock.patch.object(pull, "BUILDERS", full)

    def open(self) -> None:
        """Start the application anew on the same file."""
        if self.app is not None:
            dispose(self.app)
        self.app = create_app(self._settings(self.folder / "toucha.sqlite"))

    def copy(self) -> None:
        """What `deploy/backup.py` does: the database as it is now, then the photos."""
        files = [self.folder / name for name in ("toucha.sqlite", "copy.sqlite")]
        with closing(sqlite3.connect(files[0])) as database, closing(sqlite3.connect(files[1])) as target:
            database.backup(target)
        self._copy_photos("photos", "copied-photos")

    def put_back(self) -> None:
        """The disk has died: the copy in its place, and the application starts on it."""
        dispose(self.app)
        for path in self.folder.glob("toucha.sqlite*"):
            path.unlink()
        shutil.copyfile(self.folder / "copy.sqlite", self.folder / "toucha.sqlite")
        self._copy_photos("copied-photos", "photos")
        self.open()

    def _copy_photos(self, source: str, target: str) -> None:
        shutil.rmtree(self.folder / target, ignore_errors=True)
        if (self.folder / source).is_dir():
            shutil.copytree(self.folder / source, self.folder / target)

    def _before_commit(self, session) -> None:
        if self.crash == "commit":
            raise Killed

    def close(self) -> None:
        """Give the machine its clock and its chance back."""
        dispose(self.app)
        event.remove(db.session, "before_commit", self._before_commit)
        self._log.removeHandler(self.heard)
        self._log.propagate = True
        self._stack.close()

    # ---------------------------------------------------------------- requests

    def request(self, method: str, url: str, headers: dict, body: bytes, length: int | None = None) -> Answer:
        """One request; ``length``: what its head says, where the body is cut. Raises Killed where a crash was ordered."""
        builder = EnvironBuilder(url, method=method, headers=headers, base_url="http://localhost")
        builder.input_stream = io.BytesIO(body)
        if method != "GET":
            builder.content_length = len(body) if length is None else length
        try:
            with self._sections:
                parts, status, answered = run_wsgi_app(
                    self.app.wsgi_app, builder.get_environ(), buffered=True
                )
        except Killed:
            self._die()
            raise
        finally:
            self.crash, self.race = None, False
        return Answer(int(status[:3]), {name.lower(): value for name, value in answered}, b"".join(parts))

    def _die(self) -> None:
        """Ended, and started again: every third time with a new application, else only with new connections."""
        self._deaths += 1
        if self._deaths % 3 == 1:
            self.open()
        else:
            dispose(self.app)

    def tick(self, app=None) -> None:
        """As cron calls it every ten minutes."""
        done = (app or self.app).test_cli_runner().invoke(args=["tick"])
        if done.exit_code:
            raise RuntimeError(done.output)

    # ---------------------------------------------------------------- people

    @contextmanager
    def writing(self):
        """A transaction of the desk."""
        with self.app.app_context(), transaction() as session:
            yield session

    def read(self, question):
        """The answer of ``question(session)``."""
        with self.app.app_context():
            return question(db.session)

    def sign_in(self, login: str) -> str:
        """A new session; its cookie."""
        with self.writing() as session:
            device, token = device_for(session, self.cast.people[login])
        saved = {"_user_id": f"{device}.{token}", "_fresh": True, "_permanent": True}
        with self.app.app_context():
            return self.app.session_interface.get_signing_serializer(self.app).dumps(saved)

    def revoke(self, cookie: str) -> None:
        """End the session of a cookie."""
        with self.app.app_context():
            device = self.app.session_interface.get_signing_serializer(self.app).loads(cookie)["_user_id"]
        with self.writing() as session:
            found = session.get(Device, device.partition(".")[0])
            if found is not None:  # an older copy does not know it
                found.revoked_at = self.time.now()

    def end_role(self, login: str, role: str, days_ago: int) -> None:
        """The county manager sets the last day of a role."""
        with self.writing() as session:
            county = self.cast.actor(session, "county")
            mine = (Role.person_id == self.cast.people[login], Role.role == role, Role.unit_code == CITY)
            found = session.scalars(select(Role).where(*mine, Role.last_day.is_(None))).first()
            if found is not None:
                last = clock.local_date(self.time.now()) - timedelta(days=days_ago)
                roles.end_role(session, county, self.time.now(), found.person_id, found.id, last)

    def give_role(self, login: str, role: str) -> None:
        """The county manager gives one more role, unless the person has it."""
        day = clock.local_date(self.time.now())
        form = {"unit": CITY, "role": role, "first_day": day, "last_day": None}
        with suppress(Problem), self.writing() as session:
            county = self.cast.actor(session, "county")
            roles.give_role(session, county, self.time.now(), self.cast.people[login], form)

    def person(self, login: str) -> dict:
        """As a page knows somebody: id, name, language."""
        row = self.read(lambda session: session.get(Person, self.cast.people[login]))
        return {"id": row.id, "name": row.name, "language": "zh"}
