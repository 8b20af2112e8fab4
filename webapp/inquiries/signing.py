"""What whoever signs a month looks at: how it stands below a unit, its lines as they are signed, and what is still open."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.inquiries.attention import waiting
from webapp.ledger import frozen, queries as ledger, rules
from webapp.ledger.cells import departments_below
from webapp.ledger.models import LedgerMonth, LineSupplement
from webapp.ledger.signable import Readiness, readiness, supplemented, unsigned_below
from webapp.ledger.signatures import digest_of
from webapp.ledger.touched import Key
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import child_path
from webapp.rulebook.periods import Period, parse_period
from webapp.rulebook.queries import Rules, rules_of
from webapp.rulebook.rules import Duty
from webapp.signing.models import MonthSignature
from webapp.signing.queries import Standing, standing_of


@dataclass(frozen=True)
class MonthRow:
    """A unit with a month to sign: how its lines stand, and what was done with it."""

    unit: Unit
    ready: Readiness
    standing: Standing
    supplements: int = 0

    @property
    def is_signed(self) -> bool:
        """Whether some version is in force."""
        return self.standing.signature is not None

    @property
    def moved_since_consent(self) -> bool:
        """Whether a line has moved since the head of the unit confirmed the month, as far as its signature tells."""
        given, signed = self.standing.consent, self.standing.signature
        return bool(given and signed and given.digest != signed.digest)


@dataclass(frozen=True)
class ShownLine:
    """A line by its JSON, with its duty as it bound the unit."""

    key: Key
    duty: Duty
    period: Period
    values: Mapping
    status: str


@dataclass
class DutyLines:
    """The lines of one duty in a month, by period."""

    duty: Duty
    lines: list[ShownLine] = field(default_factory=list)

    @property
    def statuses(self) -> Counter:
        """How many lines have which status."""
        return Counter(line.status for line in self.lines)


@dataclass(frozen=True)
class Beside:
    """A line of a signed month and what it would be today; either may be None."""

    duty: Duty
    period: Period
    signed: ShownLine | None
    today: ShownLine | None
    since: datetime | None = None


@dataclass
class Month:
    """All that the page of one unit's month shows. ``version``: the one whose lines are shown; None: they are not signed."""

    row: MonthRow
    version: MonthSignature | None
    duties: list[DutyLines]
    texts: list[str]  # what is signed: <duty> <period> <digest> of each line
    beside: list[Beside]
    unsigned: list[Unit]
    open: list[ShownLine]
    phones: list[ledger.Phone]
    waiting: int


def months_below(session: Session, unit: Unit, month: str, now: datetime) -> list[MonthRow]:
    """The units right below that have a month to sign, by code."""
    units = ledger.children(session, unit) if unit.level != "department" else []
    return [row for row in _rows(session, units, month, now) if row.ready.lines or row.is_signed]


def month_row(session: Session, unit: Unit, month: str, now: datetime) -> MonthRow:
    """The unit's own month."""
    (row,) = _rows(session, [unit], month, now)
    return row


def _rows(session: Session, units: list[Unit], month: str, now: datetime) -> list[MonthRow]:
    codes = [unit.code for unit in units]
    ready, standing = readiness(session, codes, month, now), standing_of(session, codes, month)
    beside = supplemented(session, codes, month)
    return [MonthRow(unit, ready[unit.code], standing[unit.code], beside.get(unit.code, 0)) for unit in units]


def month_of(session: Session, unit: Unit, month: str, now: datetime, version: int | None = None) -> Month:
    """The unit's month with its lines: of the version asked for, else of the one in force, else as they stand today."""
    row = month_row(session, unit, month, now)
    in_force = rules_of(session, [unit])
    shown = next((one for one in row.standing.versions if one.version == version), row.standing.signature)
    if shown is None:
        lines = frozen.lines_of(session, unit.code, month)
    else:
        lines = frozen.as_signed(session, shown, row.standing.versions[shown.version :])
    told = [_told(in_force, unit, key, values, now) for key, values in lines.items()]
    return Month(
        row,
        shown,
        _by_duty(told),
        frozen.signed_texts(frozen.corrected(session, unit.code, month)),
        _beside(session, in_force, unit, month, now),
        unsigned_below(session, unit, month),
        [line for line in told if datetime.fromisoformat(line.values["closes_at"]) > now],
        [one for one in ledger.phones(session, unit, now) if one.records or one.photos or one.silent],
        waiting(session, unit),
    )


def _told(in_force: Rules, unit: Unit, key: Key, values: Mapping, now: datetime) -> ShownLine:
    period = parse_period(key.period)
    line = SimpleNamespace(**{**values, "closes_at": datetime.fromisoformat(values["closes_at"])})
    _book, duty = in_force.bound(unit, key.duty, period)
    return ShownLine(key, duty, period, values, rules.status(line, now))


def _by_duty(lines: list[ShownLine]) -> list[DutyLines]:
    found: dict[str, DutyLines] = {}
    for line in lines:
        found.setdefault(line.key.duty, DutyLines(line.duty)).lines.append(line)
    return list(found.values())


def _beside(session: Session, in_force: Rules, unit: Unit, month: str, now: datetime) -> list[Beside]:
    signed = frozen.lines_of(session, unit.code, month)
    return [
        _pair(in_force, unit, one, signed.get(Key(one.unit_code, one.duty, one.period)), now)
        for one in frozen.supplements(session, unit.code, month)
    ]


def _pair(in_force: Rules, unit: Unit, one: LineSupplement, signed: Mapping | None, now: datetime) -> Beside:
    key = Key(one.unit_code, one.duty, one.period)
    before, after = (
        None if values is None else _told(in_force, unit, key, values, now) for values in (signed, one.line)
    )
    there = after or before
    return Beside(there.duty, there.period, before, after, one.since)


def moved(
    session: Session, unit: Unit, month: str, seen: Mapping[Key, str], now: datetime
) -> list[tuple[Duty, Period, Key, ShownLine | None]]:
    """The lines that are no longer as somebody saw them (digests by key), with what they say now; None: gone."""
    in_force = rules_of(session, [unit])
    there = frozen.corrected(session, unit.code, month)
    found = []
    for key in sorted({*seen, *there}):
        line = there.get(key)
        if line is None or digest_of(line) != seen.get(key):
            period = parse_period(key.period)
            now_told = None if line is None else _told(in_force, unit, key, line, now)
            found.append((in_force.bound(unit, key.duty, period)[1], period, key, now_told))
    return found


def departments_signed(session: Session, unit: Unit, month: str) -> dict[str, tuple[int, int]]:
    """{path of the unit right below: (its departments with a line in the month, how many of these are signed)}."""
    owing = select(LedgerMonth.unit_code).where(LedgerMonth.month == month).distinct().subquery()
    signed = select(MonthSignature.unit_code).where(MonthSignature.month == month).distinct().subquery()
    child = child_path(session, unit)
    query = (
        select(child, func.count(), func.count(signed.c.unit_code))
        .join(owing, owing.c.unit_code == Unit.code)
        .outerjoin(signed, signed.c.unit_code == Unit.code)
        .where(departments_below(unit))
        .group_by(child)
    )
    return {path: (owed, done) for path, owed, done in session.execute(query)}


@dataclass(frozen=True)
class SignedLine:
    """What the page of a single line says of its month's signature, and of what stands beside it."""

    signature: MonthSignature
    signer: str  # the person's name
    beside: Beside | None


def signed_line(session: Session, unit: Unit, duty: str, period: Period, now: datetime) -> SignedLine | None:
    """The signature of the line's month; None where the unit has no such line, or nobody signed it."""
    signature = standing_of(session, [unit.code], period.month)[unit.code].signature
    if signature is None:
        return None
    key = Key(unit.code, duty, period.code)
    signed = frozen.lines_of(session, unit.code, period.month).get(key)
    one = session.get(LineSupplement, key)
    if signed is None and one is None:
        return None
    names = names_of(session, [signature.person_id])
    in_force = rules_of(session, [unit])
    there = None if one is None else _pair(in_force, unit, one, signed, now)
    return SignedLine(signature, names[signature.person_id], there)
