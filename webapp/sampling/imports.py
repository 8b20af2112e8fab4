"""The day's manifest from a file: every row looked at, all the good ones taken or none. Known columns only are kept.

``preview`` says what an import would do, ``kept_table`` is what may wait for the confirmation (masked, never the
file), ``import_rows`` does it. The same file again changes nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.formats.tables import Line, Table
from webapp.org.column_headings import located
from webapp.org.exact_names import Named, Names
from webapp.org.models import Person, Role, Unit
from webapp.org.queries import carriers_on, routes_of
from webapp.org.rules import Actor
from webapp.rulebook.rules import Text
from webapp.sampling.columns import HEADERS, column_of, tidy
from webapp.sampling.corrections import COLUMNS, Change, Standing, compared, parted, standing_on
from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.privacy import address_tag, return_reason
from webapp.sampling.rules import mask
from webapp.sampling.schemas import Reading, Remark, Row, Surroundings, read_row

NEEDED = ("number", "class")
# What the heading of a column that is not read may say of people; and what tells of one wherever it stands.
_PERSONAL = {
    "telephone": re.compile(r"电话|手机|联系方式|证件|身份证|phone|mobile|\btel", re.IGNORECASE),
    "tag": re.compile(r"地址|住址|address", re.IGNORECASE),
    "name": re.compile(r"(?!.*(?:[号码编单]|no\b|number|code)).*(?:人|姓名|客户|name)", re.IGNORECASE),
}
_TRACED = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|[0-9]{17}[0-9Xx])(?![0-9])")
MEANWHILE = Text("预览以后，清单上的这件邮件有了变化", "this item has changed on the list since the preview")


@dataclass
class Preview:
    """What an import would do: enter ``good``, change ``changed``, refuse ``bad``; ``final`` differs, but is sealed.

    ``marks`` go on a supplement: they say that a sealed item came back.
    """

    good: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    marks: list[Change] = field(default_factory=list)
    final: list[Change] = field(default_factory=list)
    bad: list[Remark] = field(default_factory=list)
    same: list[Row] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    # {field: rows} of which less is kept than the file says: addresses, reasons of return.
    trimmed: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> list[Row]:
        """The rows that would do something."""
        return [*self.good, *(change.row for change in (*self.changed, *self.marks))]

    @property
    def already(self) -> int:
        """How many stand on the list just so."""
        return len(self.same)

    @property
    def bad_lines(self) -> int:
        """How many lines are refused: one may have several faults."""
        return len({remark.line for remark in self.bad})


def impersonal(headings: Sequence[str]) -> Callable[[list[str]], list[str]]:
    """What is left of a row of a file before it waits in a page: names and addresses as they may be kept.

    Of a column that our headings do not name, the heading tells by its words whether it holds names or addresses;
    telephones and numbers of identity cards are taken out wherever they stand.
    """
    columns = [column_of(heading) or _personal(heading) for heading in headings]
    called = columns.index("name") if "name" in columns else None

    def left(cells: list[str]) -> list[str]:
        name = tidy(cells[called]) if called is not None else ""
        return [_left(column, cell, name) for column, cell in zip(columns, cells, strict=True)]

    return left


def _personal(heading: str) -> str | None:
    return next((column for column, words in _PERSONAL.items() if words.search(heading)), None)


def _left(column: str | None, cell: str, name: str) -> str:
    if column == "name":
        return mask(tidy(cell))
    if column == "tag":
        return address_tag(tidy(cell), name)
    if column == "reason":
        return return_reason(tidy(cell), name)
    if column == "telephone":
        return "…" if cell else ""
    # A cell without such a number stays what it is, marked as a number of a workbook or not.
    return cell if column or not _TRACED.search(cell) else _TRACED.sub("…", cell)


def preview(session: Session, unit: Unit, day: date, table: Table) -> Preview:
    """What importing ``table`` into the unit's list of ``day`` would do; raises ``bad-file`` without its columns."""
    return _previewed(session, unit, day, *located(table, column_of, NEEDED, "header"))


def preview_kept(session: Session, unit: Unit, day: date, table: Table) -> Preview:
    """The same of a :func:`kept_table`; what is not as it was in the preview any more is refused."""
    columns = {name: place for place, name in enumerate(table.header)}
    return _previewed(session, unit, day, columns, table.rows)


def _previewed(
    session: Session, unit: Unit, day: date, columns: dict[str, int], lines: list[Line]
) -> Preview:
    around, standing = _surroundings(session, unit, day), standing_on(session, unit.code, day)
    found, seen = Preview(), {}
    for line, cells in lines:
        reading = Reading(line, _picked(columns, cells), around)
        row = read_row(reading, seen)
        if row is None:
            found.bad += reading.faults
        elif _sort(found, row, standing.get(row.number)):
            found.warnings += reading.warnings
            found.trimmed.update(reading.trimmed)
    return found


def _sort(found: Preview, row: Row, item: Standing | None) -> bool:
    """Put the row where it belongs; whether it is a new one."""
    change = compared(row, item) if item else None
    if row.seen is not None and row.seen != (item.digest if item else "") and (not item or change):
        found.bad.append(Remark(row.line, "number", MEANWHILE))
    elif item is None:
        found.good.append(row)
        return True
    elif change is None:
        found.same.append(row)
    elif not item.sealed:
        found.changed.append(change)
    else:
        mark, rest = parted(change)
        found.marks += [mark] if mark else []
        found.final += [rest] if rest else []
    return False


def _picked(columns: dict[str, int], cells: list[str]) -> dict[str, str]:
    return {name: tidy(cells[index]) if index < len(cells) else "" for name, index in columns.items()}


def _surroundings(session: Session, unit: Unit, day: date, present: Iterable[Standing] = ()) -> Surroundings:
    """What the file may name; by id also what stands on the list, even if it would not be entered there today."""
    routes = [
        Named(route.id, f"{route.code} {route.name}", (route.code, route.name))
        for route in routes_of(session, unit.code)
    ]
    ids = [(item.value("route"), item.value("carrier")) for item in present]
    old_routes = [Named(id, id, ()) for id in {route for route, _ in ids if route} - {r.id for r in routes}]
    people = _people(session, unit, day)
    old_people = [Named(id, id, ()) for id in {one for _, one in ids if one} - {one.id for one in people}]
    return Surroundings(
        day,
        Names([*routes, *old_routes]),
        carriers_on(session, unit.code, day),
        Names([*people, *old_people]),
    )


def _people(session: Session, unit: Unit, day: date) -> list[Named]:
    """Who held a role at the unit that day, by login and by name."""
    held = (
        Role.unit_code == unit.code,
        Role.first_day <= day,
        or_(Role.last_day.is_(None), Role.last_day >= day),
    )
    query = select(Person.id, Person.login, Person.name).join(Role, Role.person_id == Person.id).where(*held)
    rows = session.execute(query.distinct().order_by(Person.login)).all()
    return [
        Named(person, f"{name}（{login}）", (login, name, f"{name} ({login})"))
        for person, login, name in rows
    ]


# ---------------------------------------------------------------- what waits for the confirmation


# What a row keeps besides what the file said: who delivers it, and as which the item stood in the preview.
_KEPT = ("deliverer", "seen")


def kept_table(session: Session, unit: Unit, day: date, rows: list[Row]) -> Table:
    """The rows as a table with ids for names, personal names masked: ``preview_kept`` of it gives the same rows again."""
    standing = standing_on(session, unit.code, day)
    header = [name for name in HEADERS if name in ("number", *(rows[0].said if rows else ()))] + [*_KEPT]
    cells = [(row.line, _cells(row, standing)) for row in rows]
    return Table(header, [(line, [said[name] for name in header]) for line, said in cells])


def _cells(row: Row, standing: dict[str, Standing]) -> dict[str, str]:
    item = standing.get(row.number)
    return {
        "number": row.number, "class": row.mail_class, "route": row.route_id or "", "carrier": row.delivered_by or "",
        "name": row.masked_name or "", "tag": row.address_tag or "", "returned": "1" if row.returned else "0",
        "reason": row.return_reason or "", "deliverer": row.delivered_by or "", "seen": item.digest if item else "",
    }  # fmt: skip


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

    What stands on the draft already is changed to what the row says; of a sealed item only its return is entered, on the
    supplement. None where nothing is left to do. Raises ``forbidden``, and ``nothing-to-import`` without any row.
    """
    if unit.level != "department" or not actor.can("keep-lists", unit.path):
        raise Problem("forbidden")
    if not rows:
        raise Problem("nothing-to-import")
    _lock(session, unit.code)
    manifest = _draft(session, unit.code, day)
    standing, found = standing_on(session, unit.code, day), Preview()
    for row in {row.number: row for row in rows}.values():
        _sort(found, row, standing.get(row.number))
    fresh = [*found.good, *(change.row for change in found.marks)]
    if not fresh and not found.changed:
        return None
    manifest = manifest or _new_draft(session, actor, now, unit.code, day)
    if fresh:
        session.execute(insert(ManifestItem), [_values(manifest, row) for row in fresh])
    if found.changed:
        session.execute(update(ManifestItem), [_values(manifest, one.row) for one in found.changed])
        session.expire_all()
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
    return {"manifest_id": manifest.id, "number": row.number} | {
        name: getattr(row, name) for name in COLUMNS.values()
    }


def declare_empty(session: Session, actor: Actor, now: datetime, unit: Unit, day: date) -> Manifest:
    """A list of the day without an item: nothing came. Sealed, it is a recorded zero; till then it is a draft.

    Raises ``forbidden``, and ``day-has-list`` where the day has a list already.
    """
    if unit.level != "department" or not actor.can("keep-lists", unit.path):
        raise Problem("forbidden")
    _lock(session, unit.code)
    same = Manifest.unit_code == unit.code, Manifest.day == day, Manifest.discarded_at.is_(None)
    if session.scalar(select(Manifest.id).where(*same).limit(1)):
        raise Problem("day-has-list")
    return _new_draft(session, actor, now, unit.code, day)


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
