"""The department ``here`` many times over: its rows under other codes, in the same county, with ids and people of their own."""

import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.scope.company import HERE

KEPT = 27  # characters of an id that a copy keeps; the nine digits of its unit follow
# In this order: what a row refers to is copied before it.
TABLES = (
    "people", "units", "roles", "devices", "routes", "route_carriers", "relay_points", "facts", "relay_changes", "volumes",
    "manifests", "manifest_items", "handovers", "inspections", "items", "photo_refs", "problems", "cases",
    "case_occurrences", "case_moves", "conflicts", "ledger_lines", "ledger_months", "ledger_clock", "journal",
    "journal_heads", "unit_settings", "unit_services", "unit_operators", "delivery_days",
)  # fmt: skip


# What bears no code of a unit: whose part it is.
_PARTS = {
    "people": "id", "devices": "person_id", "route_carriers": "route_id", "manifest_items": "manifest_id",
    "items": "inspection_id", "case_occurrences": "case_id", "case_moves": "case_id", "conflicts": "fact_id",
}  # fmt: skip


def multiply(file: Path, people: Collection[str], codes: Collection[str]) -> None:
    """Copy ``here`` and these people of it once for each of the codes."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    own, ids = {}, set(people)
    for table in TABLES:
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
        own[table] = [row for row in rows if _is_own(table, row, ids)]
        ids |= {row[key] for row in own[table] for key in ("id", "fact_id") if len(str(row.get(key))) == 36}
    for code in codes:
        for table, rows in own.items():
            for row in rows:
                _insert(connection, table, _renamed(row, ids, code))
    connection.commit()
    connection.close()


def _is_own(table: str, row: Mapping, ids: Collection[str]) -> bool:
    if table == "units":
        return row["code"] == HERE.code
    if table in _PARTS:
        return row[_PARTS[table]] in ids
    return row["unit_code"] == HERE.code


def _renamed(row: Mapping, ids: Collection[str], code: str) -> dict:
    """The row as the copy has it: of ids and codes its own, of a name that is there once another one."""
    found = {}
    for name, value in row.items():
        if value in ids:
            value = f"{value[:KEPT]}{code}"
        elif isinstance(value, str) and (value == HERE.code or name in ("path", "login", "token_hash")):
            value = value.replace(HERE.code, code) if HERE.code in value else f"{code}{value}"[:64]
        found[name] = value
    return found


def _insert(connection: sqlite3.Connection, table: str, row: Mapping) -> None:
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))
