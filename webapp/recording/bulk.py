"""Plain facts of a push: their rows are gathered and inserted together, which is most of what a batch gains.

Plain is an inspection, capture or selection that amends nothing and that no other fact speaks of: nothing has to be
read back, and it needs no savepoint, because all its guards have spoken before the first row is written.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Insert, insert
from sqlalchemy.orm import Session

from webapp.core.prepared import put
from webapp.journal.models import Fact
from webapp.ledger.touched import Key, Recorded, by_new_records
from webapp.recording.entries import Entry
from webapp.recording.lookahead import Ahead
from webapp.recording.refusals import forget
from webapp.rulebook.queries import Editions


@cache
def _into(table: str) -> Insert:
    return insert(Fact.metadata.tables[table])


class Gathered:
    """Takes inserts as a session does (``execute``), and sends them table by table in :meth:`flush`."""

    def __init__(self, session: Session):
        self._session = session
        self._rows: dict[str, list[dict]] = {}
        self._records: list[Recorded] = []
        self.failed: list[str] = []  # records that can have found something wrong

    def tell(self, record: Recorded) -> None:
        """A record that counts: which lines it moves is told before it stands among the others."""
        self._records.append(record)

    def moved(self, editions: Editions, now: datetime) -> set[Key]:
        """The lines that what is gathered can move; asked before :meth:`flush`."""
        keys, self._records = by_new_records(self._session, editions, self._records, now), []
        return keys

    def execute(self, statement: Insert, rows: Sequence[dict]) -> None:
        """Keep the rows; tables are filled in the order in which they are first named."""
        self._rows.setdefault(statement.table.name, []).extend(rows)

    def flush(self) -> None:
        """Insert everything; what was refused before under these ids by the same author is forgotten."""
        facts = self._rows.get(Fact.__tablename__, [])
        for name, rows in self._rows.items():
            put(self._session, _into(name), rows)
        self._rows = {}
        if facts:
            forget(self._session, [fact["id"] for fact in facts], facts[0]["author_id"])


def is_plain(entry: Entry, known: dict[str, Fact], ahead: Ahead) -> bool:
    """Whether the fact can be stored without looking at any other."""
    return (
        entry.draft is not None
        and entry.amends is None
        and entry.id not in known
        and entry.id not in ahead.spoken_of
    )
