"""A phone's queue as a file [docs/offline.md]: what stands in it, who may bring it in, and how its facts are recorded.

The file is a plain ZIP: ``manifest.json``, ``facts.jsonl`` (a fact a line, verbatim as a push would send it, in order),
``drafts.json`` (counted, never imported) and ``photos/<sha256>``. Nothing in it is trusted more than a push: whose it is
only says in whose name its facts are read, and each then passes the checks of a push by that person.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.ids import FORM, is_id
from webapp.core.problems import Problem
from webapp.core.ranges import Few, NearestInstant
from webapp.formats.archives import Archive, bad
from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.org.rules import Actor
from webapp.recording.guards import Context
from webapp.recording.models import Fact
from webapp.recording.operations import Outcome, record
from webapp.recording.refusals import refuse
from webapp.recording.schemas import Entry, read
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
    said = _json(archive.read(MANIFEST, MANIFEST_BYTES))
    if not isinstance(said, dict):
        raise bad("manifest")
    if said.get("format") != FORMAT:
        raise bad("format")
    try:
        data = _MANIFEST.load(said)
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

    Past roles and deactivated people too: what was done while a role held still counts.
    """
    return person.id == actor.person_id or any(actor.can("rescue", role.unit.path) for role in person.roles)


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
    said = envelope.get("id") if isinstance(envelope, dict) else None
    name = said if isinstance(said, str) and is_id(said) else ""
    try:
        return Line(number, name, read(envelope, rulebook, fact_bytes))
    except Problem as problem:
        return Line(number, name, problem=problem)


def photos_in(archive: Archive) -> list[str]:
    """Digests by which photos are called in the file, sorted."""
    return sorted(name.removeprefix(PHOTOS) for name in archive.names if name.startswith(PHOTOS))


def bring(
    session: Session, actor: Actor, now: datetime, author_id: str, entries: list[Entry]
) -> list[Outcome]:
    """Record the facts in their author's name, as brought by the actor: an outcome each, as of a push.

    No skew is known, so that only a date ahead of the server's is held for its clock. Raises ``bad-file`` where the
    actor may not bring them any more.
    """
    person = session.get(Person, author_id)
    if person is None or not may_bring(actor, person):
        raise bad("stranger")
    author = actor_of(session, person, actor.today)
    context = Context(session, author, now, editions_of(session), brought_by=actor.person_id)
    return record(context, entries)


def keep_refused(session: Session, now: datetime, author_id: str, entry: Entry, problem: Problem) -> None:
    """Keep a fact of the file that cannot be recorded, as one that its author's phone sent."""
    author = actor_of(session, session.get(Person, author_id), local_date(now))
    refuse(Context(session, author, now, editions_of(session)), entry, problem)


def known_of(session: Session, lines: list[Line]) -> dict[str, tuple[str, str]]:
    """Which of the facts are here already: {id: (digest, author)}."""
    ids = [line.id for line in lines if line.entry]
    rows = session.execute(select(Fact.id, Fact.digest, Fact.author_id).where(Fact.id.in_(ids)))
    return {one: (digest, author) for one, digest, author in rows}
