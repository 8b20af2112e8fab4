"""The whole database goes into another one, SQLite to PostgreSQL say: `flask database move`. Wholly and the same, or not at all.

Nobody may write meanwhile: the servers are stopped. All rows are read in one transaction and written in one; before it is committed
each table is read back and must say the same, row by row, whatever order either database gives them.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, func, insert, select, text

BATCH = 1000  # rows on their way
RELEASES = "schema_floor"  # who may serve the database: what made the tables has written it
_ALL = 1 << 256


class NotMoved(Exception):
    """Why nothing was moved; for whoever gave the command."""


@dataclass(frozen=True)
class Told:
    """How many rows a table has, and a number that any other rows would hardly have."""

    rows: int
    mark: int


def move(source: Engine, target: Engine, metadata: MetaData) -> dict[str, int]:
    """How many rows each table got. ``target`` has the tables of this release, and nothing in them. Raises :class:`NotMoved`."""
    tables = [table for table in metadata.sorted_tables if table.name != RELEASES]
    with source.connect() as old, target.begin() as new:
        if full := [table.name for table in tables if _any(new, table)]:
            raise NotMoved(f"the new database is not empty: {', '.join(full[:5])}")
        found = {}
        for table in tables:
            for rows in _batches(old, table):
                new.execute(insert(table), rows)
            _go_on_counting(new, table)
            before, after = _told(old, table), _told(new, table)
            if before != after:
                raise NotMoved(f"{table.name}: {before.rows} rows became {after.rows}, or say something else")
            found[table.name] = after.rows
        return found


def _any(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table).limit(1)).first() is not None


def _rows(connection: Connection, table: Table) -> Iterator[dict]:
    for part in connection.execute(select(table).execution_options(yield_per=BATCH)).partitions():
        yield from (dict(row._mapping) for row in part)


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[dict]]:
    """The rows, in an order in which none names one of its own table that is not there yet."""
    own = [key.parent for key in table.foreign_keys if key.column.table is table]
    batch: list[dict] = []
    for row in _after_those_they_name(connection, table, own[0]) if own else _rows(connection, table):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _after_those_they_name(connection: Connection, table: Table, naming: Column) -> Iterator[dict]:
    """Units after the unit above, corrections after what they correct: tables of which all rows fit into memory."""
    [key] = table.primary_key.columns
    waiting: dict[object, list[dict]] = {}
    for row in _rows(connection, table):
        waiting.setdefault(row[naming.name], []).append(row)
    ready = waiting.pop(None, [])
    while ready:
        row = ready.pop()
        yield row
        ready += waiting.pop(row[key.name], [])
    if waiting:
        raise NotMoved(f"{table.name}: rows name others that are not there")


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Numbers that PostgreSQL gives by itself begin after those that came."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if not isinstance(column.type, Integer):
            continue
        counter = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        last = connection.scalar(select(func.max(column)))
        if counter and last:
            connection.execute(text("SELECT setval(:counter, :last)"), {"counter": counter, "last": last})


def _told(connection: Connection, table: Table) -> Told:
    rows = mark = 0
    for row in _rows(connection, table):
        said = json.dumps(list(row.values()), sort_keys=True, default=str, ensure_ascii=False)
        rows, mark = rows + 1, (mark + int.from_bytes(hashlib.sha256(said.encode()).digest())) % _ALL
    return Told(rows, mark)
