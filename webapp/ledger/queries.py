"""The ledger as a page reads it: a constant number of queries, whatever the departments and inspections."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.ledger.cells import Cell, below, cells_below, problems_below
from webapp.ledger.idleness import Idleness, idleness_below
from webapp.ledger.models import LedgerClock
from webapp.org.models import Device, Person, Role, Unit
from webapp.org.names import shown_name
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Duty, Text

SILENT = timedelta(days=3)  # a phone not heard from for so long is named


@dataclass(frozen=True)
class DutyHead:
    """A duty as the head of a column."""

    code: str
    article: str
    title: Text
    text: Text
    measure: str  # what is counted: items, sessions, points
    chosen: bool = False  # its items are chosen in advance


@dataclass
class Row:
    """A unit with its cells by duty."""

    unit: Unit
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Phone:
    """A phone that said it still holds something, or that has been silent for days."""

    name: str
    person: str
    seen_at: datetime
    records: int
    photos: int
    paths: tuple[str, ...] = ()  # of the units where its person works
    silent: bool = False
    person_id: str = ""

    def below(self, unit: Unit) -> bool:
        """Whether what it holds may be about the unit."""
        return any(path.startswith(unit.path) for path in self.paths)


@dataclass(frozen=True)
class LedgerPage:
    """The matrix of a unit and period."""

    unit: Unit
    period: Period
    duties: list[DutyHead]
    rows: list[Row]
    total: Row
    problems: int
    phones: list[Phone]
    ticked_at: datetime | None  # when the oldest of its departments was last looked at
    idleness: dict[str, Idleness] = field(default_factory=dict)  # by the path of each row


def head(duty: Duty) -> DutyHead:
    """The duty as a column's head."""
    return DutyHead(duty.code, duty.article, duty.title, duty.text, duty.counts, duty.chosen_by is not None)


def page(session: Session, unit: Unit, period: Period, now: datetime) -> LedgerPage:
    """The unit's children (or the department itself) by duties in the period, with what is still on phones."""
    problems = problems_below(session, unit, period)
    cells = cells_below(session, unit, period, now, problems)
    rows = [Row(child) for child in children(session, unit)]
    total, rows_by_path = Row(unit), {row.unit.path: row for row in rows}
    for (path, duty), cell in cells.items():
        total.cells.setdefault(duty, Cell()).add(cell)
        if path in rows_by_path:
            rows_by_path[path].cells[duty] = cell
    there = editions_of(session).during(period)
    duties = [head(duty) for duty in there.values() if duty.code in total.cells]
    return LedgerPage(
        unit,
        period,
        duties,
        rows,
        total,
        sum(problems.values()),
        phones(session, unit, now),
        ticked_at(session, unit),
        idleness_below(session, unit, period),
    )


def ticked_at(session: Session, unit: Unit) -> datetime | None:
    """When the unit or the one below it that was longest not looked at was looked at last; None: one never was."""
    ticked = select(func.min(LedgerClock.ticked_at)).join(Unit, Unit.code == LedgerClock.unit_code)
    return session.scalar(ticked.where(below(unit)))


def children(session: Session, unit: Unit) -> list[Unit]:
    """The units right below, or the department itself."""
    if unit.level == "department":
        return [unit]
    return list(session.scalars(select(Unit).where(Unit.parent_code == unit.code).order_by(Unit.code)))


def phones(session: Session, unit: Unit, now: datetime) -> list[Phone]:
    """Phones of people who work below the unit that hold something back, or were not heard from for three days.

    Only devices that ever synchronised: a computer at the desk holds nothing.
    """
    today = local_date(now)
    query = (
        select(Device, shown_name(), Unit.path)
        .join(Person, Person.id == Device.person_id)
        .join(Role, Role.person_id == Person.id)
        .join(Unit, Unit.code == Role.unit_code)
        .where(below(unit), Person.active, Role.first_day <= today)
        .where(or_(Role.last_day.is_(None), Role.last_day >= today))
        .where(Device.revoked_at.is_(None), Device.synced_at.is_not(None))
        .where(or_(Device.held_records > 0, Device.held_photos > 0, Device.synced_at < now - SILENT))
        .order_by(Device.synced_at, Device.id, Unit.path)
    )
    found: dict[str, tuple] = {}
    for device, name, path in session.execute(query):
        found.setdefault(device.id, (device, name, []))[2].append(path)
    return [
        Phone(
            device.name, name, device.synced_at, device.held_records, device.held_photos,
            tuple(dict.fromkeys(paths)), device.synced_at < now - SILENT, device.person_id,
        )
        for device, name, paths in found.values()
    ]  # fmt: skip


def wire_status(status: str) -> str:
    """The status as the wire says it: ``not applicable`` in two words, as in the Measures' reading."""
    return status.replace("-", " ")
