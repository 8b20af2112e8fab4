"""Whether a signed month's archive is what this server has: what differs, by file and by what it speaks of, never by a guess."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.formats.archives import Archive
from webapp.inquiries.month_archive import FACTS, FORMAT, JOURNAL, MANIFEST, is_sealed, lines_name
from webapp.journal.models import Fact, JournalRow
from webapp.ledger import frozen
from webapp.org.models import Unit
from webapp.signing.queries import Standing, standing_of

NAMES = re.compile(r"manifest\.json|(facts|journal|supplements)\.jsonl|lines-[1-9][0-9]{0,2}\.jsonl")
MOST_FILES, MOST_MANIFEST, MOST_LINE = 1000, 256 * 1024, 512 * 1024  # bytes
SHOWN = 200  # differences that are named
Row = Mapping[str, object]


@dataclass
class Checked:
    """What an archive is about, and where it differs from what this server has.

    ``differs``: it is not what was signed; ``since``: what is signed stands, but the line would say something else today.
    """

    unit: Unit
    month: str
    version: int
    differs: list[str] = field(default_factory=list)
    since: list[str] = field(default_factory=list)


def check(session: Session, path: Path, may_see: Callable[[Unit], bool], secret: str) -> Checked:
    """Compare the archive with the database; raises ``bad-file``, and ``not-found`` for a unit that is not in sight."""
    with Archive(path, NAMES, MOST_FILES) as archive:
        manifest = _manifest(archive)
        unit = session.get(Unit, manifest["unit"])
        if unit is None or not may_see(unit):
            raise Problem("not-found")
        standing = standing_of(session, [unit.code], manifest["month"])[unit.code]
        found = Checked(unit, manifest["month"], manifest["versions"])
        if not is_sealed(manifest, secret):
            found.differs.append(f"{MANIFEST}: is not as this server wrote it")
        found.differs += list(_files(archive, manifest))
        found.differs += list(_facts(session, archive))
        found.differs += list(_journal(session, archive, unit))
        for version in range(1, manifest["versions"] + 1):
            found.differs += list(_lines(session, archive, standing, version))
        found.since = _since(session, unit, manifest["month"])
    del found.differs[SHOWN:]
    return found


def _manifest(archive: Archive) -> dict:
    if MANIFEST not in archive.names:
        raise Problem("bad-file", {"file": "no-month"})
    try:
        manifest = json.loads(archive.read(MANIFEST, MOST_MANIFEST))
        texts = [manifest["format"], manifest["unit"], manifest["month"], *manifest["files"].values()]
        whole = isinstance(manifest["versions"], int) and 0 < manifest["versions"] < MOST_FILES
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem("bad-file", {"file": "no-month"}) from error
    if not whole or not all(isinstance(text, str) for text in texts) or manifest["format"] != FORMAT:
        raise Problem("bad-file", {"file": "no-month"})
    return manifest


def _files(archive: Archive, manifest: Mapping) -> Iterator[str]:
    named = manifest["files"]
    for name in sorted({*named, *archive.names} - {MANIFEST}):
        if name not in archive.names:
            yield f"{name}: missing"
        elif name not in named:
            yield f"{name}: nobody speaks of it"
        elif archive.digest(name) != named[name]:
            yield f"{name}: is not what the manifest names"


def _rows(archive: Archive, name: str) -> Iterator[tuple[int, Row | None]]:
    """Number and content of each line; None where it cannot be read."""
    if name not in archive.names:
        return
    for number, line in enumerate(archive.lines(name, MOST_LINE), 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        yield number, row if isinstance(row, dict) else None


def _facts(session: Session, archive: Archive) -> Iterator[str]:
    """Facts that are not there, or whose open part is another one."""
    for number, row in _rows(archive, FACTS):
        fact = session.get(Fact, str(row["id"])) if row and "id" in row else None
        if fact is None:
            yield f"{FACTS} line {number}: there is no such fact"
        elif (row.get("open"), row.get("digest"), row.get("personal_hash"), row.get("type")) != (
            fact.open, fact.digest, fact.personal_hash, fact.type,
        ):  # fmt: skip
            yield f"{FACTS} line {number}: fact {fact.id} says something else"
        if fact is not None:
            session.expunge(fact)


def _journal(session: Session, archive: Archive, unit: Unit) -> Iterator[str]:
    query = select(JournalRow.seq, JournalRow.hash, JournalRow.digest, JournalRow.entry, JournalRow.previous)
    there = {row.seq: row for row in session.execute(query.where(JournalRow.unit_code == unit.code))}
    for number, row in _rows(archive, JOURNAL):
        ours = there.get(row.get("seq")) if row and isinstance(row.get("seq"), int) else None
        if ours is None:
            yield f"{JOURNAL} line {number}: the journal has no such row"
        elif [row.get(name) for name in ("hash", "digest", "entry", "previous")] != [
            ours.hash, ours.digest, ours.entry, ours.previous,
        ]:  # fmt: skip
            yield f"{JOURNAL} line {number}: row {ours.seq} of the journal says something else"


def _lines(session: Session, archive: Archive, standing: Standing, version: int) -> Iterator[str]:
    """Each figure of a version's lines that is not the signed one."""
    name = lines_name(version)
    signature = next((one for one in standing.versions if one.version == version), None)
    if signature is None:
        yield f"{name}: version {version} was never signed"
        return
    signed = {
        (key.duty, key.period): line
        for key, line in frozen.as_signed(session, signature, standing.versions[version:]).items()
    }
    for number, row in _rows(archive, name):
        key = (row.get("duty"), row.get("period")) if row else None
        line = signed.pop(key, None) if key and all(isinstance(part, str) for part in key) else None
        if line is None:
            yield f"{name} line {number}: no such line was signed"
            continue
        for figure in sorted({*line, *row}):
            if row.get(figure) != line.get(figure):
                yield f"{name} {' '.join(key)}: {figure} is {row.get(figure)!r}, signed was {line.get(figure)!r}"
    for duty, period in sorted(signed):
        yield f"{name} {duty} {period}: missing"


def _since(session: Session, unit: Unit, month: str) -> list[str]:
    """Which figures of the version in force would be others today."""
    signed = frozen.lines_of(session, unit.code, month)
    found = []
    for one in frozen.supplements(session, unit.code, month):
        line = next((line for key, line in signed.items() if key[1:] == (one.duty, one.period)), {})
        now = one.line or {}
        moved = [name for name in sorted({*line, *now}) if line.get(name) != now.get(name) and name != "why"]
        figures = ", ".join(f"{name} {line.get(name)!r} → {now.get(name)!r}" for name in moved)
        found.append(f"{one.duty} {one.period}: {figures}")
    return found
