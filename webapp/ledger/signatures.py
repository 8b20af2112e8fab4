"""What somebody signs: stored lines by their digests, so that whatever moves later is seen."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

from webapp.ledger.models import LedgerLine

# The columns that a digest speaks of. Not `as_of`: a new day alone changes nothing of what was seen. A later release may
# keep more of a line; what is signed stays what it was, so this list does not grow.
SIGNED = (
    "announced", "applicable", "closes_at", "done", "drawn", "drawn_passed", "duty", "edition", "failed", "items",
    "last_day", "met", "month", "passed", "period", "required", "started", "uncertain", "unit_code", "voided", "why",
    "withdrawn",
)  # fmt: skip


def line_digest(line: LedgerLine) -> str:
    """SHA-256 in hex of the stored line without ``as_of``: its columns as JSON by name, in UTF-8, without blanks."""
    return digest_of(values_of({name: getattr(line, name) for name in SIGNED}))


def values_of(row: Mapping) -> dict:
    """The signed columns of a line as JSON knows them: days and instants as ISO texts."""
    return {name: _plain(row[name]) for name in SIGNED}


def digest_of(values: Mapping) -> str:
    """The digest of such values."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def signature(line: LedgerLine) -> str:
    """``<duty> <period> <digest>``: one text of a field of type signature."""
    return f"{line.duty} {line.period} {line_digest(line)}"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()  # as the database gives it back
    return value.isoformat() if isinstance(value, date) else value
