"""A phone's queue as a file [docs/offline.md]: what stands in it, who may bring it in, and how its facts are recorded.

The file is a plain ZIP: ``manifest.json``, ``facts.jsonl`` (a fact a line, verbatim as a push would send it, in order),
``drafts.json`` (counted, never imported) and ``photos/<sha256>``. Nothing in it is trusted more than a push: whose it is
only says in whose name its facts are read, and each then passes the checks of a push by that person. Where somebody else
brings it, each must also be one that the bringer may bring (``bringing``).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.ids import FORM, is_id
from webapp.core.problems import Problem
from webapp.core.ranges import Few, NearestInstant
from webapp.formats.archives import Archive, bad
from webapp.journal.models import Conflict, Fact
from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.org.rules import Actor
from webapp.photos.queries import photos_unseen
from webapp.photos.rules import named_in
from webapp.recording.bringing import concerns, leads
from webapp.recording.entries import Entry
from webapp.recording.guards import Context
from webapp.recording.operations import Outcome, record
from webapp.recording.schemas import read_safely
from webapp.rulebook.queries import Editions, editions_of

FORMAT = 1
MANIFEST, FACTS, DRAFTS, PHOTOS = "manifest.json", "facts.jsonl", "drafts.json", "photos/"
NAMES = re.compile(r"manifest\.json|facts\.jsonl|drafts\.json|photos/[0-9a-f]{64}")
MOST_ENTRIES, MOST_FACTS = 20_000, 5_000
MANIFEST_BYTES, DRAFTS_BYTES = 2 * 1024 * 1024, 16 * 1024 * 1024
# A fact's two texts, each character of them escaped for a second JSON, and what stands around them.
LINE_TIMES, LINE_MORE = 6, 1024


@dataclass(frozen=True)
class Manifest:
    """What the file says of itself."""

    person_id: str
    login: str
    name: str
    made: datetime  # by the phone's clock, which nobody has measured
    device: str
    version: str
    lost: dict[str, str]  # {photo: gone | damaged}: the phone had no bytes any more, or others


@dataclass(frozen=True)
class Line:
    """A line of ``facts.jsonl``, from 1: a readable fact, or the problem."""

    number: int
    id: str
    entry: Entry | None = None
    problem: Problem | None = None
    envelope: object = None


class _WhoSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    id = fields.String(required=True, validate=validate.Regexp(FORM))
    login = fields.String(load_default="", validate=validate.Length(max=80))
    name = fields.String(load_default="", validate=validate.Length(max=80))


class _LostSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    why = fields.String(load_default="gone", validate=validate.OneOf(("gone", "damaged")))


class _ManifestSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    person = fields.Nested(_WhoSchema, required=True)
    device_time = NearestInstant(required=True)
    device = fields.String(load_default="", validate=validate.Length(max=500))
    version = fields.String(load_default="", allow_none=True, validate=validate.Length(max=80))
    lost = Few(fields.Nested(_LostSchema), MOST_ENTRIES, load_default=list)


_MANIFEST = _ManifestSchema()


def open_file(path: Path) -> Archive:
    """The file, if it is a whole ZIP with nothing strange in it; raises ``bad-file``."""
    return Archive(path, NAMES, MOST_ENTRIES)


def manifest_of(archive: Archive) -> Manifest:
    """Whose and from when; raises ``bad-file``."""
    if not {MANIFEST, FACTS} <= set(archive.names):
        raise bad("not-ours")
    content = _json(archive.read(MANIFEST, MANIFEST_BYTES))
    if not isinstance(content, dict):
        raise bad("manifest")
    if content.get("format") != FORMAT:
        raise bad("format")
    try:
        data = _MANIFEST.load(content)
    except ValidationError as error:
        raise bad("manifest") from error
    who = data["person"]
    lost = {row["sha256"]: row["why"] for row in data["lost"]}
    return Manifest(
        who["id"], who["login"], who["name"], data["device_time"], data["device"], data["version"] or "", lost
    )


def _json(data: bytes):
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise bad("manifest") from error


def drafts_in(archive: Archive) -> int:
    """How many drafts the file keeps; they stay in it, only the phone can go on with them."""
    drafts = _json(archive.read(DRAFTS, DRAFTS_BYTES)) if DRAFTS in archive.names else []
    if not isinstance(drafts, list):
        raise bad("manifest")
    return len(drafts)


def author_of(session: Session, actor: Actor, manifest: Manifest) -> Person:
    """Whose file it is, if the actor may bring it; else the same ``bad-file`` as for nobody."""
    person = session.get(Person, manifest.person_id)
    if person is None or not may_bring(actor, person):
        raise bad("stranger")
    return person


def may_bring(actor: Actor, person: Person) -> bool:
    """The person itself, and who leads a unit in which the person holds, held or will hold a role.

    Past roles and deactivated people too: what was done while a role held still counts. It only opens the file: of each
    fact ``bringing`` says whether it may come by this hand.
    """
    return person.id == actor.person_id or any(
        leads(actor, role.unit.path, [role.role]) for role in person.roles
    )


def lines_of(archive: Archive, rulebook: Editions, fact_bytes: int) -> Iterator[Line]:
    """The facts, each checked for form, size and digest like one of a push; raises ``bad-file`` beyond 5,000."""
    most = LINE_TIMES * fact_bytes + LINE_MORE
    for number, line in enumerate(archive.lines(FACTS, most), 1):
        if number > MOST_FACTS:
            raise bad("many")
        if line.strip():
            yield _line(number, line, rulebook, fact_bytes)


def _line(number: int, line: bytes, rulebook: Editions, fact_bytes: int) -> Line:
    try:
        envelope = json.loads(line)
    except (ValueError, RecursionError):
        return Line(number, "", problem=Problem("bad-fact", {"line": "not JSON"}))
    given = envelope.get("id") if isinstance(envelope, dict) else None
    name = given if isinstance(given, str) and is_id(given) else ""
    try:
        return Line(number, name, read_safely(envelope, rulebook, fact_bytes))
    except Problem as problem:
        return Line(number, name, problem=problem, envelope=envelope)


def photos_in(archive: Archive) -> list[str]:
    """Digests by which photos are called in the file, sorted."""
    return sorted(name.removeprefix(PHOTOS) for name in archive.names if name.startswith(PHOTOS))


def context_of(session: Session, actor: Actor, now: datetime, author_id: str) -> Context:
    """The author as who records, brought by the actor; raises ``bad-file`` where the actor may not bring it (any more).

    No skew is known, so that only a date ahead of the server's is held for its clock.
    """
    person = session.get(Person, author_id)
    if person is None or not may_bring(actor, person):
        raise bad("stranger")
    return Context(
        session, actor_of(session, person, actor.today), now, editions_of(session),
        brought_by=actor.person_id, bringer=None if actor.person_id == author_id else actor,
    )  # fmt: skip


def whole_photos(archive: Archive, entries: Iterable[Entry]) -> frozenset[str]:
    """Which of the photos that the facts name stand in the file with their very bytes: a name proves nothing.

    Reads the file, so it is asked before a transaction and not in it.
    """
    named = named_in(entry.open_text for entry in entries) & set(photos_in(archive))
    return frozenset(digest for digest in named if archive.digest(PHOTOS + digest) == digest)


def looking_at(context: Context, brought: frozenset[str], entries: Iterable[Entry]) -> Context:
    """The context that knows which of the author's photos the facts name though the bringer neither sees nor brings them.

    ``brought``: the :func:`whole_photos` of these facts.
    """
    if context.bringer is None:
        return context
    paths = context.bringer.reach("rescue")
    named = named_in(entry.open_text for entry in entries)
    unseen = photos_unseen(context.session, context.actor.person_id, named, paths)
    return replace(context, unseen=frozenset(unseen - brought))


def bring(context: Context, brought: frozenset[str], entries: list[Entry]) -> list[Outcome]:
    """Record the facts in their author's name, as brought by the actor: an outcome each, as of a push."""
    return record(looking_at(context, brought, entries), entries)


def known_of(session: Session, lines: list[Line]) -> dict[str, Fact]:
    """Which of the facts are here already, by id."""
    ids = [line.id for line in lines if line.entry]
    return {fact.id: fact for fact in session.scalars(select(Fact).where(Fact.id.in_(ids)))}


def naming(context: Context, lines: list[Line]) -> list[Entry]:
    """The facts whose photos may come: of the author's own file all; else those that are here, in force or beside a
    first content, as far as they are the bringer's to bring.
    """
    entries = [line.entry for line in lines if line.entry]
    if context.bringer is None:
        return entries
    known = known_of(context.session, lines)
    own = {fact_id for fact_id, fact in known.items() if fact.author_id == context.actor.person_id}
    seconds = select(Conflict.fact_id, Conflict.digest).where(Conflict.fact_id.in_(own))
    here = {(fact_id, known[fact_id].digest) for fact_id in own} | set(
        map(tuple, context.session.execute(seconds))
    )
    return [entry for entry in entries if (entry.id, entry.digest) in here and concerns(context, entry)]
