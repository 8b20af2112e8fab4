"""An app with the whole company in it, put back before whatever asks next; and what an answer says."""

import hashlib
import io
import os
import re
import sqlite3
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import event

from tests.cast import device_for
from tests.databases import SqliteTemplate, dispose, settings_for
from tests.scope import company, files, records
from tests.scope.actors import ACTORS, marks_of
from webapp import create_app
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.org import passwords
from webapp.org.models import Device

Rows = dict[str, set[tuple]]  # of each table


@dataclass(frozen=True)
class Answer:
    """What came back: its status and where it leads, its text (of files: what stands in them), and what it changed."""

    said: str
    text: str
    changed: dict[str, tuple[set, set]] = field(default_factory=dict)  # {table: (rows gone, rows new)}


class World:
    """The company behind an app. Whatever a question changed is put back before the next."""

    def __init__(self, template: SqliteTemplate, folder: Path):
        folder.mkdir(exist_ok=True)
        # Mails are queued; nothing sends them.
        mail = {"SMTP_HOST": "127.0.0.1", "MAIL_FROM": "toucha@post.example.cn"}
        self.app = create_app({**settings_for(template.fresh(folder), folder), **mail})
        self.file, self.photos = folder / "toucha.sqlite", folder / "photos"
        with self.app.app_context():
            event.listen(db.engine, "connect", _unsynchronised)
        self.honest_hasher, passwords._HASHER = passwords._HASHER, PasswordHasher(1, 8, 1)
        built = company.Company()
        with self.app.app_context():
            with transaction() as session:
                built = company.build(session)
            records.happen(built)
            with transaction() as session:
                self.sessions = {who: self._session(session, built, who) for who in ACTORS if who != "nobody"}
        files.note_events(self.app, built)
        self.events = {path: path.stat().st_size for path in files.events_of(self.app)}
        self.things, self.people = built.things, built.people
        self.marks = marks_of(self.things)
        dispose(self.app)
        self.pristine = sqlite3.connect(":memory:")
        self.restorer, self.watcher = sqlite3.connect(self.file), sqlite3.connect(self.file)
        self.restorer.backup(self.pristine)
        self.stored = set(self.photos.glob("*/*"))
        self.rows, self.version = self._rows(), self._version()
        self.client = self.app.test_client(use_cookies=False)

    def close(self) -> None:
        """Give back what is open."""
        passwords._HASHER = self.honest_hasher
        for connection in (self.pristine, self.restorer, self.watcher):
            connection.close()
        dispose(self.app)

    def _session(self, session, built: company.Company, who: str) -> dict:
        device, token = device_for(session, built.people[who], "desk")
        if who == "revoked":
            session.get(Device, device).revoked_at = clock.now()
        return {"_user_id": f"{device}.{token}", "_fresh": True, "_permanent": True}

    def _cookies(self, who: str, more: dict, others: dict[str, str]) -> str:
        """The header: the session, with what more stands in it, and other cookies."""
        found = self.sessions.get(who, {}) | more
        if found:
            signer = self.app.session_interface.get_signing_serializer(self.app)
            others = {self.app.config["SESSION_COOKIE_NAME"]: signer.dumps(found), **others}
        return "; ".join(f"{name}={value}" for name, value in others.items())

    # ------------------------------------------------------------ what a question changed

    def _version(self) -> int:
        """Another number after whatever another connection has committed (https://sqlite.org/pragma.html#pragma_data_version)."""
        return self.watcher.execute("PRAGMA data_version").fetchone()[0]

    def _rows(self) -> Rows:
        tables = self.watcher.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: set(self.watcher.execute(f'SELECT * FROM "{name}"')) for (name,) in tables}

    def _changed(self, before: Rows, version: int) -> dict[str, tuple[set, set]]:
        if self._version() == version:
            return {}
        now = self._rows()
        found = {
            name: (before.get(name, set()) - now[name], now[name] - before.get(name, set())) for name in now
        }
        return {name: both for name, both in found.items() if any(both)}

    def restore(self) -> None:
        """Everything as it was built, files too."""
        self.pristine.backup(self.restorer)
        self.version = self._version()
        for path in set(self.photos.glob("*/*")) - self.stored:
            path.unlink()

    def _forget_events(self) -> None:
        """Each answer may add events to the daily files: the next question is asked without them."""
        for path in files.events_of(self.app):
            size = self.events.get(path, 0)
            if path.stat().st_size != size:
                os.truncate(path, size)

    def _given(self, statements: tuple[str, ...]) -> tuple[Rows, int]:
        """What a question begins with, after the statements."""
        if not statements:
            return self.rows, self.version
        for statement in statements:
            assert self.restorer.execute(statement).rowcount, f"changes nothing: {statement}"
        self.restorer.commit()
        return self._rows(), self._version()

    # ------------------------------------------------------------ asking

    def ask(self, who: str, method: str, path: str, **more) -> Answer:
        """The answer to ``who``. What it changed is told, and put back.

        ``session``: what more stands in the session's cookie; ``cookies``: others; ``given``: SQL, done before.
        """
        headers = {"X-Toucha": "1", "Origin": "http://localhost", **more.pop("headers", {})}
        if cookies := self._cookies(who, more.pop("session", {}), more.pop("cookies", {})):
            headers["Cookie"] = cookies
        before, version = self._given(more.pop("given", ()))
        try:
            answer = self.client.open(path, method=method, headers=headers, buffered=True, **more)
        except Exception as error:  # a crash is an answer too, and never one that the table gives
            self.restore()
            return Answer(f"500 {type(error).__name__}: {error}", "")
        changed = self._changed(before, version)
        if self._version() != self.version:
            self.restore()
        self._forget_events()
        return Answer(_said(answer), _text(answer), changed)


def _unsynchronised(connection, _record) -> None:
    """What is thrown away in a second need not survive a power loss."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _said(answer) -> str:
    """``200``; ``302 /where``; of a push also what became of its fact: ``200 refused unknown-unit``.

    ``403 again`` asks for the password.
    """
    said = str(answer.status_code)
    if answer.status_code == 403 and b'name="present_password"' in answer.data:
        return f"{said} again"
    if "Location" in answer.headers:
        return f"{said} {answer.headers['Location']}"
    if answer.is_json and answer.data and isinstance(answer.json, dict) and answer.json.get("results"):
        [one] = answer.json["results"]
        held = f" held-{one['held']}" if one["held"] else ""
        return f"{said} {one['state']}{held}" + (f" {one['problem']['code']}" if one["problem"] else "")
    return said


def _text(answer) -> str:
    """What can be read in it: the parts of a workbook, and of a picture the digest."""
    data = answer.data
    if answer.mimetype.startswith("image/"):
        return hashlib.sha256(data).hexdigest()
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    text = data.decode(errors="replace")
    # JSON and addresses write signs as numbers.
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
