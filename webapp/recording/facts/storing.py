"""The row of a fact: its texts verbatim, whose it is, how and when it came."""

from webapp.journal.models import Fact
from webapp.recording.entries import Entry
from webapp.recording.guards import Context


def row_of(context: Context, entry: Entry, state: str, hold: str | None = None) -> dict:
    """The fact's columns; the actor of the context is its author."""
    return {
        "id": entry.id, "type": entry.type, "kind": entry.kind, "unit_code": entry.unit,
        "acting_code": entry.acting, "author_id": context.actor.person_id, "device_id": context.device_id,
        "open": entry.open_text, "personal": entry.personal_text or None, "salt": entry.salt,
        "personal_hash": entry.personal_hash, "digest": entry.digest, "amends": entry.amends,
        "target": entry.target, "work_date": entry.date, "received_at": context.now,
        "skew_ms": None if context.skew is None else int(context.skew.total_seconds() * 1000),
        "contact_at": context.contact, "state": state, "hold": hold, "brought_by": context.brought_by,
    }  # fmt: skip


def store(context: Context, entry: Entry, state: str, hold: str | None = None, **changes: object) -> Fact:
    """Store the fact; ``changes``: columns that say otherwise than it came."""
    fact = Fact(**{**row_of(context, entry, state, hold), **changes})
    context.session.add(fact)
    context.session.flush()
    return fact
