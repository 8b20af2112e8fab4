"""The rulebook as values: editions, duties, kinds, criteria. Read from ``measures.toml``, pure otherwise."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from webapp.org.rules import LEVELS
from webapp.rulebook import case_rules
from webapp.rulebook.case_rules import CaseRules
from webapp.rulebook.coverage import Coverage, Owing, Population, coverage_of, population_of
from webapp.rulebook.periods import Calendar, Period, parse_period, period_of
from webapp.rulebook.texts import Text
from webapp.rulebook.ways import WAYS, Way

__all__ = ["Calendar", "Criterion", "Duty", "Kind", "Period", "Rulebook", "load", "parse_period", "period_of"]


@dataclass(frozen=True)
class Criterion:
    """One thing an inspector ticks: pass, fail or n/a. ``title`` is what is so where it passes."""

    code: str
    title: Text
    fail: Text | None = None  # what is found where it fails; an edition may leave it out
    group: str | None = None  # the part of the form in which it stands
    severity: str = "ordinary"

    @property
    def failed(self) -> Text:
        """What is found where it fails: ``无签收``."""
        return self.fail or Text(f"不符合“{self.title.zh}”", f"Not met: {self.title.en}")


@dataclass(frozen=True)
class Group:
    """A part of a form: its criteria stand together, and a record may say that nothing of it came."""

    code: str
    title: Text
    mail_class: str | None = None  # of which it speaks


@dataclass(frozen=True)
class Reading:
    """How this project interprets what an article leaves open; an office can read and dispute it."""

    code: str
    article: str
    text: Text


@dataclass(frozen=True)
class Stratum:
    """A part of a check with a minimum of its own; ``distinct`` "tag": only distinct address tags count."""

    code: str
    title: Text
    distinct: str | None = None


@dataclass(frozen=True)
class Field:
    """A field in a form's head: count, money (fen), choice, people, list, numbers, problems, settled or text."""

    code: str
    type: str
    required: bool
    title: Text
    options: tuple[Criterion, ...] = ()


# Among the classes of what a duty is measured by: a day's returned items [Reading: returned].
RETURNED = "returned"
DIFFERENCE = "difference"  # the problem of a head whose sums do not agree
# How an inspection is made [8, 13]; ``call`` is 走访用户 [14.1(5)].
METHODS = ("on-site", "open", "covert", "unannounced", "recording", "system", "records", "call")
# What can be shown beside a line, never in its verdict; only of duties about relay points.
BESIDE = ("problems-in-time",)
KIND_TYPES = ("inspection", "capture", "selection")
SUBJECTS = ("item", "letter", "point", "unit", "record", "none")
SEVERITIES = ("ordinary", "serious", "grave")
FIELD_TYPES = (
    "count",
    "money",
    "choice",
    "people",
    "list",
    "numbers",
    "problems",
    "settled",
    "route",
    "signature",
    "text",
)


@dataclass(frozen=True)
class Kind:
    """A kind of record: its subject, photo rule (none, fail, always), criteria, who may make it."""

    code: str
    type: str
    subject: str
    about: bool
    photo: str
    position: bool
    roles: frozenset[str]
    batch: int | None
    title: Text
    criteria: tuple[Criterion, ...]
    methods: tuple[str, ...] = METHODS
    classes: tuple[str, ...] = ()
    tag: str = "none"
    strata: tuple[Stratum, ...] = ()
    fields: tuple[Field, ...] = ()
    sums: tuple[tuple[str, ...], tuple[str, ...]] | None = None  # fields that must add up to the same
    groups: tuple[Group, ...] = ()
    period: str | None = None  # it is about a whole period, named by its first day, and made after its end
    levels: tuple[str, ...] = ("department",)  # of the units that it may be about

    @property
    def judged(self) -> bool:
        """Whether its items carry a verdict: not evidence, not a choice, and something to judge."""
        return self.type == "inspection" and bool(self.criteria)

    def fields_of(self, type: str) -> tuple[str, ...]:
        """The codes of the fields of this type in its head, in their order."""
        return tuple(field.code for field in self.fields if field.type == type)

    def difference(self, header: Mapping) -> int | None:
        """What came in less what went out where the head's sums must agree; None where a part is not known."""
        if self.sums is None:
            return None
        came, went = ([header.get(code) for code in side] for side in self.sums)
        return None if None in came or None in went else sum(came) - sum(went)

    def fault(self, code: str) -> Text:
        """What a failed criterion, or a difference of the sums, is called; the bare code of one that is gone."""
        if code == DIFFERENCE:
            return Text("不平衡", "Does not balance")
        return next((one.failed for one in self.criteria if one.code == code), Text(code, code))


# A point counts for a month when it was open for at least so many days of it [Reading: population]: editions that do
# not say how many mean these.
POPULATION_DAYS = 7


@dataclass(frozen=True)
class Duty:
    """What somebody has to do, how often and how much; ``article`` names where the Measures say so."""

    code: str
    article: str
    levels: tuple[str, ...]
    settings: tuple[str, ...]
    roles: frozenset[str]
    kinds: tuple[str, ...]
    period: str
    closes: str
    measure: str
    counts: str
    kept: bool
    title: Text
    text: Text
    readings: tuple[str, ...]
    percent: int | None = None
    of: tuple[str, ...] = ()
    sessions: int | None = None
    size: int | None = None
    shrink: str | None = None
    distinct_pair: bool = False
    sole_person: bool = False
    days: int | None = None
    strata: tuple[tuple[str, int], ...] = ()
    chosen_by: str | None = None
    population_days: int = POPULATION_DAYS
    coverage: Coverage | None = None
    service: str = "delivery"  # which a department must have to owe it
    beside: str | None = None  # what is shown beside its lines and is not in their verdict
    document: str | None = None  # the type of document that fulfils it
    over: str | None = None  # of a document: the population without which none is owed

    @property
    def level(self) -> str:
        """The lowest level of unit that owes it."""
        return self.levels[0]

    @property
    def upper(self) -> bool:
        """Whether units above departments owe it: it counts what they did themselves [Reading: upper-own]."""
        return "department" not in self.levels

    @property
    def population(self) -> Coverage | Owing | None:
        """What it asks about the units below: whom it covers, or who has to be there that it is owed."""
        return self.coverage or (Owing(self.over) if self.over else None)

    @property
    def way(self) -> Way:
        """How it is counted."""
        return WAYS[self.measure]

    @property
    def sampled(self) -> bool:
        """Whether its items can be drawn, so that what is not drawn was chosen by a person."""
        return bool(self.chosen_by) or (self.way.drawn and self.percent < 100)

    def binds(self, level: str, setting: str | None) -> bool:
        """Whether the duty is one of a unit of this level and setting."""
        return level in self.levels and (not self.settings or setting in self.settings)


@dataclass(frozen=True)
class Rulebook:
    """One edition of the Measures."""

    edition: str
    first_day: date
    title: Text
    classes: dict[str, Text]
    kinds: dict[str, Kind]
    duties: dict[str, Duty]
    readings: dict[str, Reading]
    numbered: frozenset[str] = frozenset()  # classes whose items bear numbers
    populations: Mapping[str, Population] = field(default_factory=dict)
    digest: str = ""  # SHA-256 of the source: it changes whenever anything does
    cases: CaseRules = field(default_factory=case_rules.shipped)  # what becomes of what is found

    def on(self, day: date) -> "Rulebook":
        """Itself on any day: one edition can stand for all (``queries.Editions``) where nothing else is known."""
        return self

    def duties_of(self, level: str, setting: str | None, kept: bool = False) -> list[Duty]:
        """The duties of a unit in the order of the articles; only those that the ledger keeps if ``kept``."""
        return [d for d in self.duties.values() if d.binds(level, setting) and (d.kept or not kept)]

    def duties_with(self, kind: str) -> list[Duty]:
        """The kept duties that a record of ``kind`` can change."""
        return [duty for duty in self.duties.values() if duty.kept and kind in (*duty.kinds, duty.chosen_by)]

    def duties_by_volume(self) -> list[Duty]:
        """The kept duties whose threshold depends on a day's volume."""
        return [duty for duty in self.duties.values() if duty.kept and duty.of]


def _text(table: dict, prefix: str = "") -> Text:
    return Text(table[prefix + "zh"], table[prefix + "en"])


def _kind(table: dict) -> Kind:
    if table["subject"] not in SUBJECTS:
        said = f"is about {table['subject']!r}, but a record is about one of {', '.join(SUBJECTS)}"
        raise ValueError(f"kind {table['code']} {said}")
    criteria = tuple(map(_criterion, table["criteria"]))
    return Kind(
        table["code"], table["type"], table["subject"], table["about"], table["photo"], table["position"],
        frozenset(table["roles"]), table.get("batch"), _text(table), criteria,
        tuple(table.get("methods", METHODS)), tuple(table.get("classes", ())), table.get("tag", "none"),
        tuple(Stratum(row["code"], _text(row), row.get("distinct")) for row in table.get("strata", ())),
        tuple(_field(row) for row in table.get("fields", ())),
        tuple(tuple(table["sums"][side]) for side in ("came", "went")) if "sums" in table else None,
        tuple(Group(row["code"], _text(row), row.get("class")) for row in table.get("group", ())),
        table.get("period"),
        tuple(table.get("levels", ("department",))),
    )  # fmt: skip


def _criterion(row: dict) -> Criterion:
    fail = _text(row, "fail_") if "fail_zh" in row else None
    return Criterion(row["code"], _text(row), fail, row.get("group"), row.get("severity", SEVERITIES[0]))


def _field(row: dict) -> Field:
    options = tuple(Criterion(option["code"], _text(option)) for option in row.get("options", ()))
    return Field(row["code"], row["type"], row["required"], _text(row), options)


_OPTIONAL = (
    "percent",
    "sessions",
    "size",
    "shrink",
    "distinct_pair",
    "sole_person",
    "days",
    "chosen_by",
    "population_days",
    "service",
    "beside",
    "document",
)


def _levels(said: str | list[str]) -> tuple[str, ...]:
    """One level or several, the lowest first."""
    several = [said] if isinstance(said, str) else said
    return tuple(sorted(several, key=LEVELS.index, reverse=True))


def _duty(table: dict) -> Duty:
    optional = {name: table[name] for name in _OPTIONAL if name in table}
    return Duty(
        code=table["code"],
        article=table["article"],
        levels=_levels(table["level"]),
        settings=tuple(table.get("settings", ())),
        roles=frozenset(table["roles"]),
        kinds=coverage.kinds() if (coverage := coverage_of(table)) else tuple(table.get("kinds", ())),
        coverage=coverage,
        period=table["period"],
        closes=table["closes"],
        measure=table["measure"],
        counts=table["counts"],
        kept=table["kept"],
        title=_text(table),
        text=_text(table, "text_"),
        readings=tuple(table["readings"]),
        of=tuple(table.get("of", ())),
        strata=tuple(table.get("strata", {}).items()),
        over=None if coverage else table.get("over"),
        **optional,
    )


def parse(source: str) -> Rulebook:
    """The rulebook in a TOML text; raises ``KeyError`` or ``ValueError`` naming what is missing."""
    data = tomllib.loads(source)
    edition = data["edition"]
    readings = {row["code"]: Reading(row["code"], row["article"], _text(row)) for row in data["reading"]}
    duties = {row["code"]: _duty(row) for row in data["duty"]}
    for duty in duties.values():
        if unknown := set(duty.readings) - set(readings):
            raise ValueError(f"{duty.code}: no such reading: {', '.join(sorted(unknown))}")
    return Rulebook(
        edition["code"],
        edition["first_day"],
        _text(edition),
        {row["code"]: _text(row) for row in data["class"]},
        {row["code"]: _kind(row) for row in data["kind"]},
        duties,
        readings,
        frozenset(row["code"] for row in data["class"] if row["numbered"]),
        {row["code"]: population_of(row) for row in data.get("population", ())},
        hashlib.sha256(source.encode()).hexdigest(),
        case_rules.read(data) if any(name in data for name in case_rules.TABLES) else case_rules.shipped(),
    )


def shipped_source() -> str:
    """The text of the edition that ships with Toucha."""
    return (Path(__file__).parent / "measures.toml").read_text(encoding="utf-8")


@cache
def load() -> Rulebook:
    """The edition that ships with Toucha; :func:`webapp.rulebook.queries.rules_of` tells what binds a unit on a day."""
    return parse(shipped_source())
