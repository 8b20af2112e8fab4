"""A signed month as files that a stranger can check without this program: docs/month-archive.md has the format."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core.clock import LOCAL
from webapp.core.problems import Problem
from webapp.core.signing import untimed
from webapp.journal.models import Fact, JournalRow
from webapp.ledger import frozen
from webapp.org.models import Unit
from webapp.rulebook.periods import parse_period
from webapp.signing.queries import Standing, standing_of

FORMAT = "toucha-month/1"
MANIFEST, FACTS, JOURNAL, SUPPLEMENTS = "manifest.json", "facts.jsonl", "journal.jsonl", "supplements.jsonl"


SEAL = "seal"


def files(session: Session, unit: Unit, month: str, now: datetime, secret: str) -> dict[str, bytes]:
    """The archive's files by name, the manifest first; raises ``month-unsigned``.

    ``secret``: by which this server alone knows its own manifests again.
    """
    standing = standing_of(session, [unit.code], month)[unit.code]
    if standing.signature is None:
        raise Problem("month-unsigned")
    first, rows = _rows(session, unit, month)
    content = {
        **_versions(session, standing),
        SUPPLEMENTS: _lines(
            {"duty": one.duty, "period": one.period, "line": one.line, "since": one.since.isoformat()}
            for one in frozen.supplements(session, unit.code, month)
        ),
        JOURNAL: _lines(rows),
        FACTS: _lines(_facts(session, {row["fact"] for row in rows if row["fact"]})),
    }
    manifest = {
        "format": FORMAT, "unit": unit.code, "name": unit.name, "month": month, "made": now.isoformat(),
        "first_row": first, "rows": len(rows), "versions": len(standing.versions),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in content.items()},
    }  # fmt: skip
    return {MANIFEST: _json({**manifest, SEAL: _signer(secret).dumps(digest_of(manifest))}), **content}


def digest_of(manifest: Mapping) -> str:
    """SHA-256 of a manifest without its seal."""
    return hashlib.sha256(_json({name: one for name, one in manifest.items() if name != SEAL})).hexdigest()


def is_sealed(manifest: Mapping, secret: str) -> bool:
    """Whether this server wrote the manifest as it stands."""
    try:
        return _signer(secret).loads(str(manifest.get(SEAL, ""))) == digest_of(manifest)
    except BadSignature:
        return False


def _signer(secret: str) -> URLSafeSerializer:
    return untimed(secret, "month-archive")


def lines_name(version: int) -> str:
    """The file of one version's lines."""
    return f"lines-{version}.jsonl"


def _versions(session: Session, standing: Standing) -> dict[str, bytes]:
    return {
        lines_name(one.version): _lines(
            frozen.as_signed(session, one, standing.versions[one.version :]).values()
        )
        for one in standing.versions
    }


def _rows(session: Session, unit: Unit, month: str) -> tuple[int, list[dict]]:
    """The unit's journal from the first row of the month on: without a gap, so that its chain can be followed."""
    begins = datetime.combine(parse_period(month).first, time(), LOCAL)
    here = JournalRow.unit_code == unit.code
    first = session.scalar(select(func.min(JournalRow.seq)).where(here, JournalRow.at >= begins)) or 1
    query = select(JournalRow).where(here, JournalRow.seq >= first).order_by(JournalRow.seq)
    return first, [
        {
            "seq": row.seq, "entry": row.entry, "fact": row.fact_id, "digest": row.digest,
            "previous": row.previous, "hash": row.hash, "at": row.at.isoformat(),
        }
        for row in session.scalars(query)
    ]  # fmt: skip


def _facts(session: Session, ids: Iterable[str]) -> Iterable[Mapping]:
    """Open parts verbatim; of the personal part only the hash that the digest holds."""
    query = select(Fact.id, Fact.type, Fact.open, Fact.personal_hash, Fact.digest)
    rows = session.execute(query.where(Fact.id.in_(list(ids))).order_by(Fact.id))
    names = ("id", "type", "open", "personal_hash", "digest")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _lines(rows: Iterable[Mapping]) -> bytes:
    return b"".join(_json(row) + b"\n" for row in rows)


def _json(value: Mapping) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
