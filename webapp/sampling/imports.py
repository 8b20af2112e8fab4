"""The day's manifest from a file: every row looked at, all the good ones taken or none. Known columns only are kept.

``preview`` says what an import would do, ``kept_table`` is what may wait for the confirmation (masked, never the
file), ``import_rows`` does it. The same file again changes nothing.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.formats.tables import Table
from webapp.org.models import Person, Role, Route, Unit
from webapp.org.queries import carriers_on, routes_of
from webapp.org.rules import Actor
from webapp.sampling.columns import HEADERS, column_of, key, tidy
from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.schemas import Reading, Remark, Row, Surroundings, read_row

HEADER_ROWS = 10  # a title or two may stand above the header


@dataclass
class Preview:
    """What an import would do: take ``good``, refuse ``bad``, pass over the ``already`` listed ones."""

    good: list[Row] = field(default_factory=list)
    bad: list[Remark] = field(default_factory=list)
    already: int = 0
    warnings: list[Remark] = field(default_factory=list)
    # {field: rows} of which less is kept than the file says: addresses, reasons of return.
    trimmed: Counter[str] = field(default_factory=Counter)

    @property
    def bad_lines(self) -> int:
        """How many lines are refused: one may have several faults."""
        return len({remark.line for remark in self.bad})


def preview(session: Session, unit: Unit, day: date, table: Table) -> Preview:
    """What importing ``table`` into the unit's list of ``day`` would do; raises ``bad-file`` without its columns."""
    columns, lines = _located(table)
    around = _surroundings(session, unit, day)
    listed = set(_listed(session, unit.code, day))
    found, seen = Preview(), {}
    for line, cells in lines:
        reading = Reading(line, _picked(columns, cells), around)
        row = read_row(reading, seen)
        if row is None:
            found.bad += reading.faults
        elif row.number in listed:
            found.already += 1
        else:
            found.good.append(row)
            found.warnings += reading.warnings
            found.trimmed.update(reading.trimmed)
    return found


def _located(table: Table) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Where each known column stands, and the lines below the header; a title above it is passed over."""
    lines = [(table.header_line, table.header), *table.rows]
    for place, (_, cells) in enumerate(lines[:HEADER_ROWS]):
        columns: dict[str, int] = {}
        for index, cell in enumerate(cells):
            if (name := column_of(cell)) is not None:
                columns.setdefault(name, index)
        if "number" in columns and "class" in columns:
            return columns, lines[place + 1 :]
    raise Problem("bad-file", {"file": "header"})


def _picked(columns: dict[str, int], cells: list[str]) -> dict[str, str]:
    return {name: tidy(cells[index]) if index < len(cells) else "" for name, index in columns.items()}


def _surroundings(session: Session, unit: Unit, day: date) -> Surroundings:
    routes: dict[str, str] = {}
    for route in routes_of(session, unit.code):
        routes[key(route.code)] = route.id
    for route in routes_of(session, unit.code):
        routes.setdefault(key(route.name), route.id)
    return Surroundings(day, routes, carriers_on(session, unit.code, day), _people(session, unit, day))


def _people(session: Session, unit: Unit, day: date) -> dict[str, str | None]:
    """Who held a role at the unit that day, by login and by name."""
    held = (
        Role.unit_code == unit.code,
        Role.first_day <= day,
        or_(Role.last_day.is_(None), Role.last_day >= day),
    )
    query = select(Person.id, Person.login, Person.name).join(Role, Role.person_id == Person.id).where(*held)
    rows = session.execute(query.distinct()).all()
    people: dict[str, str | None] = {}
    for person, _, name in rows:
        people[key(name)] = None if key(name) in people else person
    return people | {key(login): person for person, login, _ in rows}


def _listed(session: Session, unit_code: str, day: date) -> list[str]:
    query = select(ManifestItem.number).join(Manifest, Manifest.id == ManifestItem.manifest_id)
    standing = Manifest.unit_code == unit_code, Manifest.day == day, Manifest.discarded_at.is_(None)
    return list(session.scalars(query.where(*standing)))


# ---------------------------------------------------------------- what waits for the confirmation


def kept_table(session: Session, rows: list[Row]) -> Table:
    """The good rows as a table with the known columns, names masked: ``preview`` of it gives the same rows again."""
    routes = dict(
        session.execute(select(Route.id, Route.code).where(Route.id.in_({r.route_id for r in rows}))).all()
    )
    logins = dict(session.execute(select(Person.id, Person.login).where(Person.id.in_({r.delivered_by for r in rows}))).all())  # fmt: skip
    lines = [
        (row.line, [
            row.number, row.mail_class, routes.get(row.route_id, ""), logins.get(row.delivered_by, ""),
            row.masked_name or "", row.address_tag or "", "1" if row.returned else "0", row.return_reason or "",
        ])
        for row in rows
    ]  # fmt: skip
    return Table(["number", "class", "route", "carrier", "name", "tag", "returned", "reason"], lines)


def template(language: str) -> tuple[list[str], list[str]]:
    """Header and one example row of the file to fill in, in ``zh`` or ``en``."""
    column = 0 if language == "zh" else 1
    return [names[column] for names in HEADERS.values()], [
        "9876543210987", "给据函件" if column == 0 else "registered", "1", "", "", "张三" if column == 0 else "Anna Berg",
        "3号楼" if column == 0 else "Building 3", "否" if column == 0 else "no", "",
    ]  # fmt: skip


# ---------------------------------------------------------------- doing it


def import_rows(
    session: Session, actor: Actor, now: datetime, unit: Unit, day: date, rows: list[Row]
) -> Manifest | None:
    """Put the rows on the open draft of the day, making one where there is none; after a seal it is a supplement.

    Numbers that stand on the unit's lists of the day already are passed over; None where nothing is left to add.
    Raises ``forbidden``, and ``nothing-to-import`` without any row.
    """
    if unit.level != "department" or not actor.can("keep-lists", unit.path):
        raise Problem("forbidden")
    if not rows:
        raise Problem("nothing-to-import")
    _lock(session, unit.code)
    listed = set(_listed(session, unit.code, day))
    fresh = {row.number: row for row in rows if row.number not in listed}
    if not fresh:
        return None
    manifest = _draft(session, unit.code, day) or _new_draft(session, actor, now, unit.code, day)
    session.execute(insert(ManifestItem), [_values(manifest, row) for row in fresh.values()])
    return manifest


def _lock(session: Session, unit_code: str) -> None:
    """One import of a unit at a time; lists are numbered without gaps."""
    session.execute(select(Unit.code).where(Unit.code == unit_code).with_for_update(key_share=True))


def _draft(session: Session, unit_code: str, day: date) -> Manifest | None:
    # Locked: whoever seals it in this moment goes first, and then it is no draft any more.
    query = select(Manifest).where(
        Manifest.unit_code == unit_code,
        Manifest.day == day,
        Manifest.discarded_at.is_(None),
        Manifest.sealed_at.is_(None),
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def _new_draft(session: Session, actor: Actor, now: datetime, unit_code: str, day: date) -> Manifest:
    query = select(func.max(Manifest.number)).where(Manifest.unit_code == unit_code, Manifest.day == day)
    number = max(session.scalar(query) or 0, 0) + 1
    manifest = Manifest(
        id=new_id(), unit_code=unit_code, day=day, number=number, created_by=actor.person_id, created_at=now
    )
    session.add(manifest)
    session.flush()
    return manifest


def _values(manifest: Manifest, row: Row) -> dict:
    values = {name: getattr(row, name) for name in Row.__dataclass_fields__ if name != "line"}
    return {"manifest_id": manifest.id, **values}


def discard(session: Session, actor: Actor, now: datetime, manifest: Manifest) -> Manifest:
    """Throw a draft away with its items; raises ``sealed``: what is sealed stays, ``not-found``: it is gone already."""
    if not actor.can("keep-lists", session.get(Unit, manifest.unit_code).path):
        raise Problem("forbidden")
    _lock(session, manifest.unit_code)
    session.refresh(manifest, with_for_update=True)
    if manifest.sealed_at is not None:
        raise Problem("sealed")
    if manifest.discarded_at is not None:
        raise Problem("not-found")
    session.execute(delete(ManifestItem).where(ManifestItem.manifest_id == manifest.id))
    # Its number becomes free for the next list of the day; those thrown away count down from −1.
    same = Manifest.unit_code == manifest.unit_code, Manifest.day == manifest.day
    lowest = session.scalar(select(func.min(Manifest.number)).where(*same))
    manifest.number = min(lowest, 0) - 1
    manifest.discarded_at = now
    session.flush()
    return manifest
