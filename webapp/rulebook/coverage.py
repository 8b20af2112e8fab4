"""What upper duties ask for as values [15, 16]: whom to cover, when one of them counts, how many are enough. Pure.

A population is data: units below by level, service, setting and by what they have; an edition may bring new ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from webapp.rulebook.texts import Text

# How an inspection is made at the place itself [8, 13; Reading: methods].
FIELD = ("on-site", "open", "covert", "unannounced")


@dataclass(frozen=True)
class Recorded:
    """Records of ``kinds`` about a unit in the period; ``by``: levels of the units that acted (empty: any)."""

    kinds: tuple[str, ...]
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Having:
    """What a unit must have in the period: a setting, a relay point, a delivery day, records; all that is said here."""

    settings: tuple[str, ...] = ()
    points: bool = False
    delivers: bool = False
    records: Recorded | None = None


@dataclass(frozen=True)
class Population:
    """Units of a ``level`` below whoever owes the duty [Reading: upper-population].

    ``service`` and setting hold as on the period's first day or the opening; ``any``: one of these is enough;
    ``holds``: a population of which at least one member lies below; ``without``: bureaus that are none of it.
    """

    code: str
    title: Text
    level: str
    service: str | None = None
    having: Having = Having()
    any: tuple[Having, ...] = ()
    holds: str | None = None
    without: tuple[str, ...] = ()

    def havings(self) -> tuple[Having, ...]:
        """Everything that it asks of a unit."""
        return (self.having, *self.any)


@dataclass(frozen=True)
class Each:
    """When a member counts: what the records about it must hold, on one date (``per`` "date") or over the period.

    ``items``, ``points``, ``opened`` and ``audited`` are never more than there are [U4]: distinct subjects (of these
    ``strata``), relay points called at, records of ``forms`` opened, departments of the population ``among`` whose
    records were opened.
    """

    kinds: tuple[str, ...]
    methods: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    header: tuple[str, ...] = ()  # fields that each record fills in
    together: tuple[str, ...] = ()  # fields that the records fill in together
    items: int | None = None
    strata: tuple[str, ...] = ()
    points: int | None = None
    opened: int | None = None
    forms: tuple[str, ...] = ()
    audited: int | None = None
    among: str | None = None
    classes: tuple[str, ...] = ()
    per: str = "period"


@dataclass(frozen=True)
class Need:
    """How many members are enough: a percent rounded up, a number, or all; of one setting or of everybody."""

    setting: str | None = None
    percent: int | None = None
    size: int | None = None

    def of(self, members: int) -> int:
        """How many of so many: ⌈p·N/100⌉, min(n, N), or all [U4]."""
        if self.percent is not None:
            return -(-members * self.percent // 100)
        return members if self.size is None else min(self.size, members)

    @property
    def all(self) -> bool:
        """Whether everybody is needed: who leaves is missed by nobody [U3]."""
        return self.percent is None and self.size is None


@dataclass(frozen=True)
class Spread:
    """A second threshold: so many units of ``over`` in which a member counts, or which count by an ``each`` of their own."""

    over: str
    need: Need
    each: Each | None = None


class Asked(NamedTuple):
    """What a duty asks of the records of a kind: whether ``many`` are about a unit of ``level``, or those below it.

    ``by_level``: only of those whose makers acted at certain levels.
    """

    level: str
    many: int
    by_level: bool = False


class _Asking:
    """What follows from the populations that a duty asks about."""

    def populations(self, known: Mapping[str, "Population"]) -> list["Population"]:
        """All populations that it asks about, those that they hold too."""
        raise NotImplementedError

    def asks_days(self, known: Mapping[str, "Population"]) -> bool:
        """Whether the calendars of those below decide it."""
        return any(one.delivers for population in self.populations(known) for one in population.havings())

    def asks_points(self, known: Mapping[str, "Population"]) -> bool:
        """Whether relay points decide it."""
        return any(one.points for population in self.populations(known) for one in population.havings())

    def reads(self, known: Mapping[str, "Population"]) -> dict[str, frozenset[Asked]]:
        """The kinds of record that decide who is a member, whoever made them: what is asked of each, whether a unit of a
        level has (so many of) it."""
        found: dict[str, set[Asked]] = {}
        for population in self.populations(known):
            for records in (having.records for having in population.havings() if having.records):
                for kind in records.kinds:
                    found.setdefault(kind, set()).add(Asked(population.level, 1, bool(records.by)))
        return {kind: frozenset(asked) for kind, asked in found.items()}


def _with_held(codes: Iterable[str], known: Mapping[str, Population]) -> list[Population]:
    """The populations of these codes, and those that they hold."""
    wanted, found = list(codes), {}
    while wanted:
        code = wanted.pop()
        if code not in found:
            found[code] = known[code]
            wanted += [found[code].holds] if found[code].holds else []
    return list(found.values())


@dataclass(frozen=True)
class Owing(_Asking):
    """A duty of one thing that is owed only where somebody of a population lies below: a report on relay points."""

    over: str

    def populations(self, known: Mapping[str, Population]) -> list[Population]:
        """The one that has to have a member, and what it holds."""
        return _with_held([self.over], known)


@dataclass(frozen=True)
class Coverage(_Asking):
    """The whole of such a duty."""

    over: str
    each: Each
    needs: tuple[Need, ...]
    spread: Spread | None = None

    def eaches(self) -> tuple[Each, ...]:
        """Both conditions where the spread has its own."""
        return (self.each, *((self.spread.each,) if self.spread and self.spread.each else ()))

    def kinds(self) -> tuple[str, ...]:
        """The kinds of record that fulfil it."""
        return tuple(dict.fromkeys(kind for each in self.eaches() for kind in each.kinds))

    def populations(self, known: Mapping[str, Population]) -> list[Population]:
        """All populations that it asks about, those that they hold too."""
        spread = (self.spread.over,) if self.spread else ()
        among = (one.among for one in self.eaches() if one.among)
        return _with_held([self.over, *spread, *among], known)

    def reads(self, known: Mapping[str, Population]) -> dict[str, frozenset[Asked]]:
        """The kinds of record that decide who is a member, or how much there is to look at, whoever made them: what is asked
        of each, whether a unit of a level has (so many of) it."""
        found = {kind: set(asked) for kind, asked in super().reads(known).items()}
        overs = [self.over, *([self.spread.over] if self.spread and self.spread.each else [])]
        for each, over in zip(self.eaches(), overs, strict=True):
            for kind in each.forms:
                found.setdefault(kind, set()).add(Asked(known[over].level, each.opened or 1))
        return {kind: frozenset(asked) for kind, asked in found.items()}

    def asks_points(self, known: Mapping[str, Population]) -> bool:
        """Whether relay points decide it."""
        return super().asks_points(known) or any(each.points for each in self.eaches())


# ---------------------------------------------------------------- reading the tables of an edition


def population_of(table: Mapping) -> Population:
    """A ``[[population]]``; raises ``KeyError``, ``TypeError``."""
    return Population(
        table["code"],
        Text(table["zh"], table["en"]),
        table["level"],
        table.get("service"),
        _having(table),
        tuple(_having(one) for one in table.get("any", ())),
        table.get("holds"),
        tuple(table.get("without", ())),
    )


def _having(table: Mapping) -> Having:
    records = table.get("records")
    return Having(
        tuple(table.get("settings", ())),
        table.get("points", False),
        table.get("delivers", False),
        Recorded(tuple(records["kinds"]), tuple(records.get("by", ()))) if records else None,
    )


def coverage_of(table: Mapping) -> Coverage | None:
    """The coverage of a ``[[duty]]``; None where it asks for none."""
    if "each" not in table:
        return None
    spread = table.get("spread")
    return Coverage(
        table["over"],
        _each(table["each"]),
        tuple(_needs(table["need"])),
        Spread(spread["over"], _need(spread), _each(spread["each"]) if "each" in spread else None)
        if spread
        else None,
    )


def _each(table: Mapping) -> Each:
    several = {
        name: tuple(table[name])
        for name in ("methods", "groups", "header", "together", "forms", "classes", "strata")
        if name in table
    }
    single = {
        name: table[name]
        for name in ("items", "points", "opened", "audited", "among", "per")
        if name in table
    }
    return Each(tuple(table["kinds"]), **several, **single)


def _needs(table: Mapping | str) -> Iterable[Need]:
    if table == "all":
        return [Need()]
    if table.keys() <= {"percent", "size"}:
        return [_need(table)]
    return [_need(part, setting) for setting, part in table.items()]


def _need(table: Mapping, setting: str | None = None) -> Need:
    return Need(setting, table.get("percent"), table.get("size"))
