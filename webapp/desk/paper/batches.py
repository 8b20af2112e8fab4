"""A form for many departments as one PDF, made in the background: sheets in chunks, each set and joined in a process of its own.

One at a time a person: how far it is and the file lie in a folder of the data, for a day. A thread makes it; where the server stops
in the middle nobody goes on, and the page says so.
"""

import json
import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app
from flask_babel import force_locale

from webapp.core.clock import local_date
from webapp.core.database import db
from webapp.core.ids import new_id
from webapp.core.outages import told as told_of
from webapp.core.problems import Problem
from webapp.desk.paper import printing
from webapp.desk.paper.filling import fill_checks
from webapp.formats.files import forget_older
from webapp.formats.joining import join
from webapp.inquiries.checks import departments_with
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.rulebook.forms import Form, forms
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import parse_period

WORKING, DONE, FAILED, STOPPED = "working", "done", "failed", "stopped"
KEPT = 24 * 3600  # seconds
SILENT = 300  # seconds without a sign after which nobody works on it any more
ROWS = 800  # of a chunk, unless one department alone has more: typst takes some 150 MB for them
_AT_ONCE = threading.BoundedSemaphore(1)  # of this process
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    """What is made, and how far it is. ``done`` of ``total`` departments; ``said``: why it failed, in the reader's language."""

    key: str
    unit: str
    unit_name: str
    form: str
    period: str
    language: str
    made_at: str
    state: str = WORKING
    done: int = 0
    total: int = 0
    said: str | None = None


def folder_of(app: Flask) -> Path:
    """Where batches lie; ``tick`` deletes what is older than a day."""
    return app.config["DATA_DIRECTORY"] / "forms"


def told(person: str) -> Batch | None:
    """The person's last batch of the day."""
    path = _state(folder_of(current_app), person)
    try:
        batch = Batch(**json.loads(path.read_text()))
        age = time.time() - path.stat().st_mtime
    except (OSError, TypeError, ValueError):
        return None
    return replace(batch, state=STOPPED) if batch.state == WORKING and age > SILENT else batch


def result(person: str) -> Path:
    """The file of the person's batch; raises ``not-found`` where none is ready."""
    batch = told(person)
    path = _pdf(folder_of(current_app), person, batch) if batch and batch.state == DONE else None
    if path is None or not path.is_file():
        raise Problem("not-found")
    return path


def begin(me: Actor, unit: Unit, form: Form, period: Period, departments: int, language: str, now: datetime) -> None:  # fmt: skip
    """Start a batch in place of the person's former one, and return at once."""
    app: Flask = current_app._get_current_object()
    batch = Batch(new_id(), unit.code, unit.name, form.code, period.code, language, now.isoformat(), total=departments)  # fmt: skip
    folder = folder_of(app)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    forget_older(folder, time.time() - KEPT)
    _forget(folder, me.person_id)
    _tell(folder, me.person_id, batch)
    threading.Thread(target=make, args=(app, me, batch), name="forms", daemon=True).start()


def make(app: Flask, me: Actor, batch: Batch) -> None:
    """Make the file of a batch that was begun; a later batch of the same person ends it."""
    folder = folder_of(app)
    with app.app_context(), force_locale(batch.language), _turn(folder, me):
        try:
            if _make(folder, me, batch):
                _tell(folder, me.person_id, replace(batch, state=DONE, done=batch.total))
        except Problem as problem:
            _fail(folder, me, batch, problem.message(batch.language))
        except Exception as error:
            log.error("forms are not made: %s", told_of(error))
            _fail(folder, me, batch, Problem("server-error").message(batch.language))


@contextmanager
def _turn(folder: Path, me: Actor) -> Iterator[None]:
    """One after the other; whoever waits gives signs that it is not forgotten."""
    while not _AT_ONCE.acquire(timeout=SILENT / 10):
        with suppress(OSError):
            os.utime(_state(folder, me.person_id))
    try:
        yield
    finally:
        _AT_ONCE.release()


def _make(folder: Path, me: Actor, batch: Batch) -> bool:
    """Whether it was made to its end."""
    form, period = forms()[batch.form], parse_period(batch.period)
    path = db.session.get(Unit, batch.unit).path
    found = departments_with(db.session, path, form.kinds, period.first, period.last)
    made_at, parts, done = datetime.fromisoformat(batch.made_at), [], 0
    for chunk in chunks(found):
        if not _is_last(folder, me, batch):
            return False
        filled = [
            fill_checks(form, unit, period.first, period.last, me, editions_of(db.session), local_date(made_at))
            for unit, _rows in chunk
        ]  # fmt: skip
        db.session.rollback()  # no transaction stays open while typst works
        part = folder / f"{me.person_id}.{batch.key}.{len(parts):05}.part"
        part.write_bytes(printing.pdf(form, filled, made_at, batch.language))
        parts.append(part)
        done += len(chunk)
        _tell(folder, me.person_id, replace(batch, done=done, total=len(found)))
    join(parts, _pdf(folder, me.person_id, batch))
    for part in parts:
        part.unlink(missing_ok=True)
    return _is_last(folder, me, batch)


def chunks(found: Sequence[tuple[Unit, int]]) -> Iterator[list[tuple[Unit, int]]]:
    """Departments that are set together: at most ``ROWS`` rows, at least one department."""
    chunk: list[tuple[Unit, int]] = []
    for unit, rows in found:
        if chunk and sum(count for _unit, count in chunk) + rows > ROWS:
            yield chunk
            chunk = []
        chunk.append((unit, rows))
    if chunk:
        yield chunk


def _is_last(folder: Path, me: Actor, batch: Batch) -> bool:
    try:
        return json.loads(_state(folder, me.person_id).read_text())["key"] == batch.key
    except (OSError, ValueError):
        return False


def _fail(folder: Path, me: Actor, batch: Batch, said: str) -> None:
    if _is_last(folder, me, batch):
        _forget(folder, me.person_id)
        _tell(folder, me.person_id, replace(batch, state=FAILED, said=said))


def _tell(folder: Path, person: str, batch: Batch) -> None:
    draft = folder / f"{person}.{batch.key}.draft"
    draft.write_text(json.dumps(asdict(batch), ensure_ascii=False))
    os.replace(draft, _state(folder, person))


def _forget(folder: Path, person: str) -> None:
    for path in folder.glob(f"{person}.*"):
        path.unlink(missing_ok=True)


def _state(folder: Path, person: str) -> Path:
    return folder / f"{person}.json"


def _pdf(folder: Path, person: str, batch: Batch) -> Path:
    return folder / f"{person}.{batch.key}.pdf"
