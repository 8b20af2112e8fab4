"""A phone's queue that comes as a file: looked at first, then recorded like a push, in its author's name."""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext, lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select

from webapp.core.database import db, transaction
from webapp.core.outages import told
from webapp.core.problems import Problem
from webapp.desk import rescue_files
from webapp.desk.access import actor, editions, now
from webapp.desk.inspections import kind_name
from webapp.desk.language import language
from webapp.desk.recorder import concerns
from webapp.formats.archives import Archive
from webapp.inspections.models import Photo
from webapp.org.models import Person
from webapp.org.user_agents import device_name
from webapp.recording import rescue
from webapp.recording.operations import Outcome
from webapp.recording.photos import photos_lost, photos_named
from webapp.recording.rescue import PHOTOS, Line
from webapp.recording.schemas import Entry
from webapp.sync.photos import keep as keep_photo
from webapp.sync.taking import stop_at_outage, take

log = logging.getLogger(__name__)
blueprint = Blueprint("rescue", __name__)
SHOWN = 200  # lines of a table
FORM_BYTES = 1024 * 1024  # what stands around a file in a form
# Photos that one request takes: then the page says how far it is, and a button goes on.
PATIENCE = 6.0  # seconds; after eight a second tap on the button goes through
REASONS = {
    "missing": _("Please choose a file."),
    "no-room": _("The server has no room for this file just now. Tell whoever runs it; nothing is lost."),
    "not-zip": _("This is not a file of Toucha’s: a queue is a ZIP file (.zip)."),
    "cut": _("The file is not whole: its end is missing. Copy it again, or make it again on the phone."),
    "broken": _("The file is damaged. Copy it again, or make it again on the phone."),
    "many": _("The file holds more parts than any phone’s queue has."),
    "strange-name": _("There is something in the file that no phone puts there. Bring it as the phone made it."),
    "twice": _("The file holds the same part twice. Bring it as the phone made it."),
    "packed": _("The file was packed anew by another program. Bring it as the phone made it."),
    "large-part": _("A part of the file is larger than any phone makes it."),
    "not-ours": _("This ZIP file is not a phone’s queue: its list of contents is missing."),
    "manifest": _("The list of contents of the file cannot be read. Make the file again on the phone."),
    "format": _("The file comes from a newer Toucha than this server runs. Keep it, and try again after the upgrade."),
    "stranger": _("This file is not yours, and not of anybody whose unit you lead. Its author, the director or the county manager can bring it."),
}  # fmt: skip


DAMAGED = _("It does not fit its digest: it was changed or damaged after the phone made it.")
# Records that are of no kind.
SORTS = {
    "withdrawal": _("Withdrawal"),
    "confirmation": _("Confirmation"),
    "volume": _("Volumes of a day"),
    "point": _("Relay register"),
}


@dataclass
class Report:
    """What was found in a file, or became of it."""

    counts: dict[str, int] = field(default_factory=dict)  # state of a fact: how many
    kinds: dict[str, int] = field(default_factory=dict)  # kind or type: how many
    lines: list[tuple[Line, str, str]] = field(
        default_factory=list
    )  # (line, state, what is to be said of it)
    photos: dict[str, int] = field(default_factory=dict)  # new, here, absent, lost, spare: how many
    faulty: list[tuple[str, str]] = field(default_factory=list)  # (digest, why it is not taken)

    def count(self, line: Line, state: str, said: str = "") -> None:
        """One fact more; it is listed where there is something to say."""
        self.counts[state] = self.counts.get(state, 0) + 1
        if line.entry and state != "refused":
            kind = line.entry.kind or line.entry.type
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if said:
            self.lines.append((line, state, said))

    def photo(self, state: str) -> None:
        """One photo more."""
        self.photos[state] = self.photos.get(state, 0) + 1


@blueprint.url_value_preprocessor
def allow_large(_endpoint, _values) -> None:
    """Before the form is read: whoever is signed in may send a large file here, and nobody one of unknown length."""
    if request.method != "POST" or request.endpoint != "rescue.preview" or not current_user.is_authenticated:
        return
    request.max_content_length = current_app.config["RESCUE_MAX_BYTES"] + FORM_BYTES


@blueprint.app_template_filter("sort_name")
def sort_name(code: str):
    """What records of this kind, or of this type where it has none, are called."""
    return str(SORTS[code]) if code in SORTS else kind_name(code)


@blueprint.get("/rescue")
def index():
    """Choose a file."""
    return _form(actor())


def _form(me, problem: Problem | None = None):
    most = current_app.config["RESCUE_MAX_BYTES"] // 2**20
    error = REASONS.get(problem.fields.get("file")) or problem.message(language()) if problem else None
    too_large = gettext("The file is larger than %(size)s MB.", size=most)
    page = render_template("rescue/index.html", me=me, most=most, too_large=too_large, error=error)
    return page, problem.entry.status if problem else 200


@blueprint.post("/rescue")
def preview():
    """Look at the file: whose it is, from when, and what would become of each record and photo."""
    me = actor()
    file = request.files.get("file")
    try:
        if not file or not file.filename:
            raise Problem("bad-file", {"file": "missing"})
        waiting = rescue_files.keep(me, file.stream, now().timestamp())
        with rescue.open_file(rescue_files.find(me, waiting)) as archive:
            manifest = rescue.manifest_of(archive)
            person = rescue.author_of(db.session, me, manifest)
            concerns(person.id)
            found = _look(archive, person, set(manifest.lost))
            drafts = rescue.drafts_in(archive)
    except Problem as problem:
        if problem.code != "bad-file":
            raise
        return _form(me, problem)
    return render_template(
        "rescue/preview.html", manifest=manifest, person=person, found=found, drafts=drafts, shown=SHOWN,
        waiting=waiting, device=device_name(manifest.device) if manifest.device else None, own=person.id == me.person_id,
    )  # fmt: skip


def _lines(archive: Archive) -> Iterator[list[Line]]:
    """The facts, as many at a time as a phone sends."""
    lines = rescue.lines_of(archive, editions(), current_app.config["FACT_MAX_BYTES"])
    return _batches(lines, current_app.config["PUSH_MAX_FACTS"])


def _batches(values: Iterable, size: int) -> Iterator[list]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def _look(archive: Archive, person: Person, lost: set[str]) -> Report:
    found, named = Report(), set()
    for lines in _lines(archive):
        known = rescue.known_of(db.session, lines)
        named |= photos_named(line.entry for line in lines if line.entry)
        for line in lines:
            found.count(line, *_fate(line, known, person))
    _look_at_photos(archive, named, lost, found)
    return found


def _fate(line: Line, known: dict[str, tuple[str, str]], person: Person) -> tuple[str, str]:
    """What would become of the fact, and what is to be said of it; its author's roles are judged only at the import."""
    if line.problem:
        return "refused", _worded(line.problem)
    if line.entry.id not in known:
        return "new", ""
    digest, author = known[line.entry.id]
    if author != person.id:
        return "refused", _worded(Problem("foreign-id"))
    return ("known", "") if digest == line.entry.digest else ("conflict", str(OUTCOMES["conflict"]))


def _worded(problem: Problem) -> str:
    """The problem, told to somebody who holds a file: it cannot be sent again."""
    return str(DAMAGED) if problem.code in ("bad-digest", "photo-digest") else problem.message(language())


def _look_at_photos(archive: Archive, named: set[str], lost: set[str], found: Report) -> None:
    inside = rescue.photos_in(archive)
    here = _here(named)
    for digest in inside:
        if digest not in named:
            found.photo("spare")
        elif archive.digest(PHOTOS + digest) != digest:
            found.faulty.append((digest, _worded(Problem("photo-digest"))))
        else:
            found.photo("here" if digest in here else "new")
    for digest in named - set(inside) - here:
        found.photo("lost" if digest in lost else "absent")


def _here(digests: set[str]) -> set[str]:
    return {
        one
        for some in _batches(sorted(digests), 500)
        for one in db.session.scalars(select(Photo.digest).where(Photo.digest.in_(some)))
    }


# ---------------------------------------------------------------- import

OUTCOMES = {
    "conflict": _("Another content came under this number before. It is kept beside the first; the director decides."),
    "waiting": _("It waits for the record that it corrects or withdraws."),
    "clock": _("Its day lies ahead: its author or the director confirms it."),
    "role": _("The role had ended more than 30 days before: the county manager decides."),
}  # fmt: skip


@blueprint.post("/rescue/import")
def confirm():
    """Take the records, then the photos; ``after``: the last photo that an earlier request took."""
    me = actor()
    waiting, after = request.form.get("file", ""), request.form.get("after", "")
    start = time.monotonic()
    report = Report()
    try:
        with rescue.open_file(rescue_files.find(me, waiting)) as archive:
            manifest = rescue.manifest_of(archive)
            person = rescue.author_of(db.session, me, manifest)
            author, name = person.id, person.name
            concerns(author)
            named = _record(archive, me, author, report, again=bool(after))
            wanted = [digest for digest in rescue.photos_in(archive) if digest in named]
            last = _take_photos(archive, me, [one for one in wanted if one > after], report, start)
    except Problem as problem:
        if problem.code != "bad-file":
            raise
        return _form(me, problem)
    if last is None:
        with transaction() as session:
            photos_lost(session, author, manifest.lost, me.person_id, now())
        rescue_files.forget(me, waiting)
    return render_template(
        "rescue/result.html", name=name, report=report, shown=SHOWN, waiting=waiting, after=last, first=not after,
        done=sum(one <= last for one in wanted) if last else len(wanted), total=len(wanted),
    )  # fmt: skip


def _record(archive: Archive, me, author_id: str, report: Report, again: bool) -> set[str]:
    """Record the facts and return the photos that they name; ``again``: an earlier request recorded them."""
    named: set[str] = set()
    for lines in _lines(archive):
        readable = [line for line in lines if line.entry]
        named |= photos_named(line.entry for line in readable)
        if again:
            continue
        outcomes = take(
            [line.entry for line in readable], partial(_in_one, me, author_id), partial(_keep, author_id)
        )
        became = {line.number: outcome for line, outcome in zip(readable, outcomes, strict=True)}
        for line in lines:
            report.count(line, *_said(line, became.get(line.number)))
    return named


def _in_one(me, author_id: str, entries: list) -> list[Outcome]:
    with transaction() as session:
        return rescue.bring(session, me, now(), author_id, entries)


def _keep(author_id: str, entry: Entry, problem: Problem) -> None:
    with transaction() as session:
        rescue.keep_refused(session, now(), author_id, entry, problem)


def _said(line: Line, outcome: Outcome | None) -> tuple[str, str]:
    """State, and what is to be said of it."""
    problem = outcome.problem if outcome else line.problem
    if problem:
        return "refused", _worded(problem)
    return outcome.state, str(OUTCOMES.get(outcome.held or outcome.state, ""))


def _take_photos(archive: Archive, me, digests: list[str], report: Report, start: float) -> str | None:
    """Take photos until patience ends; the last one taken where some are left, else None."""
    most = current_app.config["PHOTO_MAX_BYTES"]
    for number, digest in enumerate(digests, 1):
        try:
            if archive.size(PHOTOS + digest) > most:
                raise Problem("photo-too-large")
            new = keep_photo(me, now(), digest, archive.read(PHOTOS + digest, most))
            report.photo("new" if new else "here")
        except Problem as problem:
            if problem.entry.retry_after:
                raise  # the server's own trouble: it goes on later
            report.faulty.append((digest, _worded(problem)))
        except Exception as error:
            stop_at_outage(error)
            log.error("a photo cannot be kept: %s", told(error))
            report.faulty.append((digest, _worded(Problem("server-error"))))
        if number < len(digests) and time.monotonic() - start > PATIENCE:
            return digest
    return None
