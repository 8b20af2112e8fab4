"""A phone's queue that comes as a file: looked at first, then recorded like a push, in its author's name."""

import logging
import time
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext

from webapp.core.database import db, transaction
from webapp.core.outages import told
from webapp.core.problems import Problem
from webapp.desk.accounts.recorder import concerns
from webapp.desk.records import rescue_files
from webapp.desk.records.inspections import kind_name
from webapp.desk.records.rescue_reports import BARRED, OUTCOMES, REASONS, Report, what_became, worded
from webapp.formats.archives import Archive
from webapp.journal.models import Fact
from webapp.org.user_agents import device_name
from webapp.photos.operations import photos_lost
from webapp.photos.queries import photos_sent
from webapp.photos.rules import named_in
from webapp.recording import bringing, rescue
from webapp.recording.entries import Entry
from webapp.recording.facts.registry import FACT_TYPES
from webapp.recording.guards import Context
from webapp.recording.operations import Outcome
from webapp.recording.refusals import refuse, refuse_unread
from webapp.recording.rescue import PHOTOS, Line
from webapp.recording.taking import stop_at_outage, take
from webapp.web.access import actor, editions, now
from webapp.web.bodies import takes
from webapp.web.language import language
from webapp.web.photo_uploads import keep as keep_photo

log = logging.getLogger(__name__)
blueprint = Blueprint("rescue", __name__)
SHOWN = 200  # lines of a table
# Photos that one request takes: then the page says how far it is, and a button goes on.
PATIENCE = 6.0  # seconds; after eight a second tap on the button goes through


@blueprint.app_template_filter("sort_name")
def sort_name(code: str):
    """What records of this kind, or of this type where it has none, are called."""
    fact_type = FACT_TYPES.get(code)
    return fact_type.title if fact_type and fact_type.title else kind_name(code)


@blueprint.get("/rescue")
def index():
    """Choose a file."""
    return _form(actor())


def _form(me, problem: Problem | None = None):
    most = current_app.config["RESCUE_MAX_BYTES"] // 2**20
    error = REASONS.get(problem.fields.get("file")) or problem.message(language()) if problem else None
    too_large = gettext("The file is larger than %(size)s MB.", size=most)
    page = render_template("records/rescue/index.html", me=me, most=most, too_large=too_large, error=error)
    return page, problem.entry.status if problem else 200


@blueprint.post("/rescue")
@takes("RESCUE_MAX_BYTES")
def preview():
    """Look at the file: whose it is, from when, and what would become of each record and photo."""
    me = actor()
    file = request.files.get("file")
    try:
        if not file or not file.filename:
            raise Problem("bad-file", {"file": "missing"})
        waiting = rescue_files.keep(me, file.stream, now().timestamp())
        with rescue_files.found(me, waiting) as path, rescue.open_file(path) as archive:
            manifest = rescue.manifest_of(archive)
            person = rescue.author_of(db.session, me, manifest)
            concerns(person.id)
            found = _look(archive, rescue.context_of(db.session, me, now(), person.id), set(manifest.lost))
            drafts = rescue.drafts_in(archive)
    except Problem as problem:
        if problem.code != "bad-file":
            raise
        return _form(me, problem)
    return render_template(
        "records/rescue/preview.html", manifest=manifest, person=person, found=found, drafts=drafts, shown=SHOWN,
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


def _look(archive: Archive, context: Context, lost: set[str]) -> Report:
    found, named, coming = Report(), set(), set()
    for lines in _lines(archive):
        readable = [line.entry for line in lines if line.entry]
        brought = rescue.whole_photos(archive, readable) if context.bringer else frozenset()
        context = rescue.looking_at(context, brought, readable)
        known = rescue.known_of(db.session, lines)
        for line in lines:
            state, said = _fate(context, line, known.get(line.id), coming)
            found.count(line, state, said)
            if state in ("new", "known", "conflict"):
                coming.add(line.id)
        named |= named_in(one.open_text for one in readable if one.id in coming or context.bringer is None)
    _look_at_photos(archive, context.actor.person_id, named, lost, found)
    return found


def _fate(context: Context, line: Line, first: Fact | None, coming: set[str]) -> tuple[str, str]:
    """What would become of the fact, and what is to be said of it; its author's roles are judged only at the import."""
    if line.problem:
        return "refused", worded(line.problem)
    try:
        bringing.check(context, line.entry, first, coming)
    except Problem as problem:
        return BARRED, worded(problem)
    if first is None:
        return "new", ""
    if first.author_id != context.actor.person_id:
        return "refused", worded(Problem("foreign-id"))
    return ("known", "") if first.digest == line.entry.digest else ("conflict", str(OUTCOMES["conflict"]))


def _look_at_photos(archive: Archive, author_id: str, named: set[str], lost: set[str], found: Report) -> None:
    inside = rescue.photos_in(archive)
    here = photos_sent(db.session, author_id, named)
    for digest in inside:
        if digest not in named:
            found.photo("spare")
        elif archive.digest(PHOTOS + digest) != digest:
            found.faulty.append((digest, worded(Problem("photo-digest"))))
        else:
            found.photo("here" if digest in here else "new")
    for digest in named - set(inside) - here:
        found.photo("lost" if digest in lost else "absent")


# ---------------------------------------------------------------- import


@blueprint.post("/rescue/import")
def confirm():
    """Take the records, then the photos; ``after``: the last photo that an earlier request took."""
    me = actor()
    waiting, after = request.form.get("file", ""), request.form.get("after", "")
    start = time.monotonic()
    report = Report()
    try:
        with rescue_files.found(me, waiting) as path, rescue.open_file(path) as archive:
            manifest = rescue.manifest_of(archive)
            person = rescue.author_of(db.session, me, manifest)
            author, name = person.id, person.name
            concerns(author)
            named = _record(archive, me, author, report, again=bool(after))
            wanted = [digest for digest in rescue.photos_in(archive) if digest in named]
            last = _take_photos(archive, me, author, [one for one in wanted if one > after], report, start)
    except Problem as problem:
        if problem.code != "bad-file":
            raise
        return _form(me, problem)
    if last is None:
        own = author == me.person_id
        lost = {one: why for one, why in manifest.lost.items() if own or one in named}
        with transaction() as session:
            photos_lost(session, author, lost, me.person_id, now(), ("/",) if own else me.reach("rescue"))
        rescue_files.forget(me, waiting)
    return render_template(
        "records/rescue/result.html", name=name, report=report, shown=SHOWN, waiting=waiting, after=last, first=not after,
        done=sum(one <= last for one in wanted) if last else len(wanted), total=len(wanted),
    )  # fmt: skip


def _record(archive: Archive, me, author_id: str, report: Report, again: bool) -> set[str]:
    """Record the facts and return the photos that may come; ``again``: an earlier request recorded them."""
    named: set[str] = set()
    for lines in _lines(archive):
        readable = [line for line in lines if line.entry]
        if not again:
            entries = [line.entry for line in readable]
            brought = rescue.whole_photos(archive, entries) if author_id != me.person_id else frozenset()
            outcomes = take(
                entries,
                partial(_in_one, brought, me, author_id),
                partial(_keep, me, author_id),
            )
            _keep_unread(me, author_id, [line for line in lines if line.problem])
            became = {line.number: outcome for line, outcome in zip(readable, outcomes, strict=True)}
            for line in lines:
                report.count(line, *what_became(line, became.get(line.number)))
        naming = rescue.naming(rescue.context_of(db.session, me, now(), author_id), readable)
        named |= named_in(entry.open_text for entry in naming)
    return named


def _keep_unread(me, author_id: str, lines: list[Line]) -> None:
    """Of what is no right record, whatever can be read is kept with its reason, as after a push."""
    if not lines:
        return
    with transaction() as session:
        context, limit = (
            rescue.context_of(session, me, now(), author_id),
            current_app.config["FACT_MAX_BYTES"],
        )
        for line in lines:
            refuse_unread(
                session, context.actor, context.now, line.envelope, limit, line.problem, context.bringer
            )


def _in_one(brought: frozenset[str], me, author_id: str, entries: list) -> list[Outcome]:
    with transaction() as session:
        return rescue.bring(rescue.context_of(session, me, now(), author_id), brought, entries)


def _keep(me, author_id: str, entry: Entry, problem: Problem) -> None:
    with transaction() as session:
        refuse(rescue.context_of(session, me, now(), author_id), entry, problem)


def _take_photos(
    archive: Archive, me, author_id: str, digests: list[str], report: Report, start: float
) -> str | None:
    """Take photos until patience ends; the last one taken where some are left, else None."""
    most = current_app.config["PHOTO_MAX_BYTES"]
    for number, digest in enumerate(digests, 1):
        try:
            if archive.size(PHOTOS + digest) > most:
                raise Problem("photo-too-large")
            new = keep_photo(me, now(), digest, archive.read(PHOTOS + digest, most), author_id)
            report.photo("new" if new else "here")
        except Problem as problem:
            if problem.entry.retry_after:
                raise  # the server's own trouble: it goes on later
            report.faulty.append((digest, worded(problem)))
        except Exception as error:
            stop_at_outage(error)
            log.error("a photo cannot be kept: %s", told(error))
            report.faulty.append((digest, worded(Problem("server-error"))))
        if number < len(digests) and time.monotonic() - start > PATIENCE:
            return digest
    return None
