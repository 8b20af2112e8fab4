"""What somebody signs: stored lines by their digests, so that whatever moves later is seen."""

import hashlib
import json
from datetime import date, datetime

from webapp.ledger.models import LedgerLine

NOT_SIGNED = frozenset({"as_of"})  # a new day alone changes nothing of what was seen


def line_digest(line: LedgerLine) -> str:
    """SHA-256 in hex of the stored line without ``as_of``: its columns as JSON by name, in UTF-8, without blanks."""
    columns = sorted(set(LedgerLine.__table__.columns.keys()) - NOT_SIGNED)
    values = {name: _plain(getattr(line, name)) for name in columns}
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def signature(line: LedgerLine) -> str:
    """``<duty> <period> <digest>``: one text of a field of type signature."""
    return f"{line.duty} {line.period} {line_digest(line)}"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
