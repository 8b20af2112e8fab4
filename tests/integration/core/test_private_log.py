"""What is logged of an error: its kind and place, never its words."""

import logging
import subprocess
import sys
import uuid

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from tests.cast import build_in, client_for
from tests.photos import HEADERS
from tests.server.test_logs import NOTE, WORD, marked, silent
from tests.serving import ROOT, environment
from webapp.core import private_log
from webapp.core.database import db


def test_a_database_that_breaks_off_or_quotes_rows_is_told_without_them(app, caplog, capfd):
    app.config["TESTING"] = False
    cast = build_in(app)
    lead, (sent, marks) = client_for(app, cast, "lead"), marked()
    struck = []

    def strike(_connection, cursor, statement, parameters, _context, _many) -> None:
        if struck and statement.startswith("INSERT INTO facts"):
            cursor.execute(struck[0])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", strike)
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        struck.append("SELECT pg_terminate_backend(pg_backend_pid())")
        answer = lead.post("/api/sync/push", json={"facts": [sent]}, headers=HEADERS)
        assert answer.status_code == 503, answer.text
        struck.clear()
    with app.app_context():
        # Databases quote the whole row.
        try:
            db.session.execute(text("UPDATE people SET name = :note, login = NULL"), {"note": NOTE})
        except DBAPIError:
            app.logger.exception("a row is refused")
        db.session.rollback()
        try:
            db.session.execute(text("UPDATE people SET login = :note"), {"note": NOTE})
        except DBAPIError as error:
            app.logger.error("a statement is refused: %s", error)
            logging.getLogger("elsewhere").error(error)
        db.session.remove()
    said = caplog.text + "".join(capfd.readouterr())
    assert "a row is refused" in said and "a statement is refused" in said
    silent(said, [*marks, *cast.people, "李斯琴"])


def test_a_command_that_fails_tells_the_place_alone(tmp_path):
    code = f"""
import warnings
from webapp.core import private_log
private_log.guard_stderr()
warnings.warn({NOTE!r})
try:
    int({WORD!r})
except ValueError as error:
    raise LookupError({NOTE!r}) from error
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "UserWarning" in done.stderr and "ValueError" in done.stderr and "LookupError" in done.stderr
    silent(done.stderr, [NOTE, WORD])


def test_an_error_of_a_file_names_the_folder_and_not_the_photo():
    digest = "ab" * 32
    error = OSError(28, "No space left on device", f"/var/lib/toucha/photos/ab/{digest}")
    assert private_log.kind_of(error) == "OSError ENOSPC /var/lib/toucha/photos/ab/…"
    other = FileNotFoundError(2, "No such file", f"/var/lib/toucha/rescue/{uuid.uuid4()}.zip")
    assert private_log.kind_of(other) == "FileNotFoundError ENOENT /var/lib/toucha/rescue/….zip"


def test_an_error_in_a_circle_of_causes_is_told_once():
    one, other = ValueError(NOTE), KeyError(NOTE)
    one.__cause__, other.__cause__ = other, one
    assert private_log.frames(one).count("ValueError") == 1
