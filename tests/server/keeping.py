"""What must be true of a server's data whatever happened to it: checked from outside, in its files."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from tests.server.phones import Phone
from tests.serving import flask


def rows(data: Path, query: str, url: str = "") -> list[tuple]:
    """The answer of the SQLite database in ``data``, or of the PostgreSQL at ``url``; read only."""
    if url:
        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
            return connection.execute(query).fetchall()
    with closing(sqlite3.connect(f"file:{data / 'toucha.sqlite'}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def missing(data: Path, *phones: Phone, url: str = "") -> list[str]:
    """What was acknowledged and is not there as it was sent; empty when all is well."""
    kept = {id: (open, digest) for id, open, digest in rows(data, "SELECT id, open, digest FROM facts", url)}
    told = {digest for (digest,) in rows(data, "SELECT digest FROM photos", url)}
    faults = []
    for phone in phones:
        for id, fact in phone.facts.items():
            if kept.get(id) != (fact["open"], fact["digest"]):
                faults.append(f"fact {id}: {kept.get(id)}")
        for name, photo in phone.photos.items():
            file = data / "photos" / name[:2] / name
            if name not in told or not file.is_file() or file.read_bytes() != photo:
                faults.append(f"photo {name}: {'no row' if name not in told else 'no such file'}")
    return faults


def halves(data: Path, url: str = "") -> list[str]:
    """Records of which only a part is there."""
    every = {
        "facts without an inspection": "SELECT f.id FROM facts f LEFT JOIN inspections i ON i.id = f.id"
        " WHERE f.type = 'inspection' AND i.id IS NULL",
        "inspections without a fact": "SELECT i.id FROM inspections i LEFT JOIN facts f ON f.id = i.id WHERE f.id IS NULL",
        "inspections without an item": "SELECT i.id FROM inspections i LEFT JOIN items t ON t.inspection_id = i.id"
        " WHERE t.inspection_id IS NULL",
    }
    return [f"{what}: {found}" for what, query in every.items() if (found := rows(data, query, url))]


def whole(data: Path, *phones: Phone, url: str = "") -> None:
    """Everything acknowledged is there, nothing is there by halves, and ``flask check`` finds nothing."""
    assert missing(data, *phones, url=url) == []
    assert halves(data, url) == []
    more = {"DATABASE_URL": url} if url else {}
    assert flask(data, "check", **more).strip() == "No fault found."
