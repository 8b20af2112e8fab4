"""Rules and calendars in force, read only: which edition, which overrides, which delivery days."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from webapp.core.prepared import ask, several
from webapp.org.models import Unit
from webapp.org.rules import LEVELS
from webapp.rulebook import models
from webapp.rulebook.coverage import Asked, Population
from webapp.rulebook.models import DayException, DeliveryDays
from webapp.rulebook.overrides import Override, applied
from webapp.rulebook.periods import DAY, NOT_SET, Calendar, Period, period_of
from webapp.rulebook.rules import Duty, Kind, Rulebook, Text, load, parse

# Parsed editions by the SHA-256 of their source: a text never changes, and is read once a process.
_books: dict[str, Rulebook] = {}


@dataclass(frozen=True)
class Editions:
    """The editions by their first day: the one that ships with Toucha first."""

    books: tuple[Rulebook, ...]

    def on(self, day: date) -> Rulebook:
        """The edition in force on ``day``; before the first one the first."""
        return next((book for book in reversed(self.books) if book.first_day <= day), self.books[0])

    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of record of all editions; of one that changed the latest."""
        return self._kinds

    @cached_property
    def _kinds(self) -> Mapping[str, Kind]:
        return MappingProxyType({code: kind for book in self.books for code, kind in book.kinds.items()})

    def classes(self) -> dict[str, Text]:
        """The classes of mail of all editions, in the order in which they came; of one that changed the latest."""
        return {code: title for book in self.books for code, title in book.classes.items()}

    def kind_on(self, day: date, code: str) -> Kind:
        """The kind as it stands on ``day``; as the latest edition has it where that day's does not know it."""
        return self.on(day).kinds.get(code) or self.kinds()[code]

    def serving(self, purpose: Callable[[Sequence[Rulebook]], frozenset[str]]) -> frozenset[str]:
        """The kinds that serve a purpose (``rulebook.purposes``) by any edition; looked for once."""
        if purpose not in self._serving:
            self._serving[purpose] = purpose(self.books)
        return self._serving[purpose]

    @cached_property
    def _serving(self) -> dict:
        return {}

    def populations(self) -> Mapping[str, Population]:
        """The populations of all editions; of one that changed the latest."""
        return self._populations

    @cached_property
    def _populations(self) -> Mapping[str, Population]:
        return MappingProxyType({code: one for book in self.books for code, one in book.populations.items()})

    def duties(self) -> tuple[Duty, ...]:
        """Every duty as any edition has it, each once: what a fact could ever touch, now or by an older rule."""
        return self._duties

    @cached_property
    def _duties(self) -> tuple[Duty, ...]:
        return tuple(dict.fromkeys(duty for book in self.books for duty in book.duties.values()))

    def during(self, period: Period) -> dict[str, Duty]:
        """The duties of all editions in force in the period; of one that changed as it was at first."""
        found = dict(self.on(period.first).duties)
        for book in self.books:
            if book.first_day in period:
                found |= {code: duty for code, duty in book.duties.items() if code not in found}
        return found

    def duties_with(self, kind: str) -> list[Duty]:
        """The kept duties of all editions that a record of ``kind`` fulfils, or chooses the items of."""
        return self._duties_with.get(kind, [])

    @cached_property
    def _duties_with(self) -> dict[str, list[Duty]]:
        found: dict[str, list[Duty]] = {}
        for duty in (one for one in self.duties() if one.kept):
            for kind in dict.fromkeys((*duty.kinds, duty.chosen_by)):
                found.setdefault(kind, []).append(duty)
        return found

    def duties_reading(self, kind: str) -> Mapping[Duty, frozenset[Asked]]:
        """The kept upper duties of all editions that ask who below has a record of ``kind``, whoever made it; what they ask."""
        return self._duties_reading.get(kind, {})

    @cached_property
    def _duties_reading(self) -> dict[str, dict[Duty, frozenset[Asked]]]:
        reading: dict[str, dict[Duty, frozenset[Asked]]] = {}
        for book in self.books:  # each edition has populations of its own
            for duty in book.duties.values():
                asked = duty.population.reads(book.populations) if duty.kept and duty.population else {}
                for kind, questions in asked.items():
                    duties = reading.setdefault(kind, {})
                    duties[duty] = duties.get(duty, frozenset()) | questions
        return reading


# The editions that were read last, by the digests of their sources: what is worked out of them is kept with them.
_known: dict[tuple[str, ...], Editions] = {}
_EDITIONS = select(models.Edition.code, models.Edition.sha256).order_by(models.Edition.first_day)


def editions_of(session: Session) -> Editions:
    """All editions, those to come too."""
    rows = [tuple(row) for row in ask(session, _EDITIONS)]
    key = tuple(digest for _, digest in rows)
    if key not in _known:
        _known.clear()
        _known[key] = Editions((load(), *(_book(session, code, digest) for code, digest in rows)))
    return _known[key]


def _book(session: Session, code: str, digest: str) -> Rulebook:
    if digest not in _books:
        _books[digest] = parse(session.get(models.Edition, code).source)
    return _books[digest]


@dataclass(frozen=True)
class Rules:
    """The rulebooks of the units that were asked for, by unit and day. A period's rules are those of its first day."""

    editions: Editions
    overrides: dict[str, tuple[Override, ...]]  # by unit
    _books: dict = field(default_factory=dict, compare=False)

    def in_force(self, unit: Unit, day: date) -> list[Override]:
        """The overrides that hold for the unit on ``day``, those of the farthest unit first."""
        return [
            one for code in unit.path.strip("/").split("/") for one in self.overrides[code] if one.holds(day)
        ]

    def at(self, unit: Unit, day: date) -> Rulebook:
        """What binds the unit on ``day``: the edition, made stricter by the unit's overrides and those above it.

        The very edition where nothing differs. Raises ``KeyError`` for a unit that :func:`rules_of` was not asked for.
        """
        book, held = self.editions.on(day), self.in_force(unit, day)
        if not held:
            return book
        key = (book.edition, *(one.id for one in held))
        if key not in self._books:
            self._books[key] = overridden(book, held)
        return self._books[key]

    def bound(self, unit: Unit, code: str, period: Period) -> tuple[Rulebook, Duty | None]:
        """The rulebook of the unit's period and the duty as it stands there; None where it has none of this length.

        The rules are those of the first day [Reading: calendar]. A duty to which an edition gives a longer period goes
        on as it was until the first such period begins; else nothing would be due between the two.
        """
        day = first = max(period.first, unit.opened_on)
        while True:
            book = self.at(unit, day)
            duty = book.duties.get(code)
            if duty is None or duty.period == period.kind:
                return book, duty
            if duty.period == NOT_SET:
                return book, None
            longer, since = period_of(duty.period, first), self.editions.on(day).first_day
            if _length(longer) < _length(period) or not longer.first < since <= day:
                return book, None
            day = since - DAY


def _length(period: Period) -> timedelta:
    return period.last - period.first


def overridden(book: Rulebook, overrides: Sequence[Override]) -> Rulebook:
    """The edition with the overrides applied."""
    changes: dict[str, list] = {}
    for one in overrides:
        changes.setdefault(one.duty, []).append(one.changes)
    duties = {
        code: applied(duty, changes[code]) if code in changes else duty for code, duty in book.duties.items()
    }
    return replace(book, duties=duties)


def duties_below(book: Rulebook, unit: Unit) -> list[Duty]:
    """The duties that bind the unit, and for one above departments those of all levels below it."""
    lowest = LEVELS.index(unit.level)
    return [
        duty
        for duty in book.duties.values()
        if duty.binds(unit.level, unit.setting) or LEVELS.index(duty.level) > lowest
    ]


_OVERRIDES = (
    select(models.Override.__table__)
    .where(models.Override.unit_code.in_(several("codes")))
    .order_by(models.Override.first_day, models.Override.id)
)


def rules_of(session: Session, units: Iterable[Unit], editions: Editions | None = None) -> Rules:
    """The rules of the units on any day, in two queries; in one where the caller has the ``editions``."""
    codes = {code for unit in units for code in unit.path.strip("/").split("/")}
    found: dict[str, list[Override]] = {code: [] for code in codes}
    for row in ask(session, _OVERRIDES, codes=list(codes)):
        found[row.unit_code].append(as_value(row))
    return Rules(editions or editions_of(session), {code: tuple(several) for code, several in found.items()})


def as_value(row: models.Override | Row) -> Override:
    """The stored override as a value."""
    return Override(row.id, row.unit_code, row.duty, row.first_day, row.last_day, row.changes, row.reason)


# ---------------------------------------------------------------- calendars


def calendars_of(session: Session, units: Sequence[Unit]) -> dict[str, Calendar]:
    """The calendar of each unit, in a fixed number of queries; the nearer unit beats the farther.

    Public holidays are read only where a unit keeps them, and none from long before the first unit opened.
    """
    units = list(units)
    if not units:
        return {}
    masks = _masks(session, [unit.code for unit in units])
    since = min(unit.opened_on for unit in units) - timedelta(days=62)
    local = _exceptions(session, {code for unit in units for code in _path(unit)}, since)
    observing = any(row.holidays for rows in masks.values() for row in rows)
    public, years = _public(session, since) if observing else ({}, frozenset())
    return {
        unit.code: Calendar(
            tuple((row.first_day, row.mask) for row in masks[unit.code]),
            {day: delivers for code in _path(unit) for day, delivers in local.get(code, {}).items()},
            tuple((row.first_day, row.holidays) for row in masks[unit.code]),
            public,
            years,
        )
        for unit in units
    }


def _path(unit: Unit) -> list[str]:
    return unit.path.strip("/").split("/")


_MASKS = (
    select(DeliveryDays.unit_code, DeliveryDays.first_day, DeliveryDays.mask, DeliveryDays.holidays)
    .where(DeliveryDays.unit_code.in_(several("codes")))
    .order_by(DeliveryDays.first_day)
)


def _masks(session: Session, codes: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {code: [] for code in codes}
    for row in ask(session, _MASKS, codes=codes):
        found[row.unit_code].append(row)
    return found


_LOCAL_DAYS = select(DayException.unit_code, DayException.day, DayException.delivers).where(
    DayException.unit_code.in_(several("codes")),
    DayException.day >= bindparam("since"),
    DayException.source == "local",
)
_PUBLIC_DAYS = select(DayException.day, DayException.delivers).where(
    DayException.source == "public", DayException.day >= bindparam("since")
)


def _exceptions(session: Session, codes: set[str], since: date) -> dict[str, dict[date, bool]]:
    found: dict[str, dict[date, bool]] = {}
    for code, day, delivers in ask(session, _LOCAL_DAYS, codes=list(codes), since=since):
        found.setdefault(code, {})[day] = delivers
    return found


def _public(session: Session, since: date) -> tuple[dict[date, bool], frozenset[int]]:
    days = dict(ask(session, _PUBLIC_DAYS, since=since.replace(month=1, day=1)).all())
    return days, frozenset(day.year for day in days)


_EVERY_PUBLIC_DAY = select(DayException.day, DayException.delivers).where(DayException.source == "public")


def public_days(session: Session) -> dict[date, bool]:
    """The state's calendar as far as it is known: {day: whether it is worked} of public holidays and make-up days."""
    return dict(ask(session, _EVERY_PUBLIC_DAY).all())
