"""What a row of an office's form says, by the names that the form's columns ask for. Pure: values in, values out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from webapp.inquiries.checks import Check, Checked
from webapp.registers.models import RelayPoint
from webapp.rulebook.forms import CRITERION
from webapp.rulebook.rules import Kind

Value = str | int | date | datetime | list[date] | None


@dataclass(frozen=True)
class Names:
    """The words of codes in the reader's language. ``said``: of a text that has both; ``day``: of a day."""

    said: Callable[[object], str]
    day: Callable[[date], str]
    verdicts: Mapping[str, object]
    methods: Mapping[str, object]
    point_kinds: Mapping[str, object]
    agreements: Mapping[str, object]
    not_applicable: str
    diamond: str
    other: str
    on_route: str  # how letters are checked by whoever goes along
    comma: str

    def of(self, table: str, code: str | None) -> str | None:
        """The word of a code; the code itself of one that has none."""
        return str(getattr(self, table).get(code, code)) if code else None

    def each(self, values: Iterable[str | None]) -> str | None:
        """Several in their order, each once; None of none."""
        return self.comma.join(dict.fromkeys(one for one in values if one)) or None


# ---------------------------------------------------------------- checks


def check_values(number: int, check: Check, item: Checked, kind: Kind, names: Names) -> dict[str, Value]:
    """One item of a check: the forms of parcels, letters and relay points."""
    values: dict[str, Value] = {
        "n": number,
        "subject": item.subject if item.subject != "-" else None,
        "route": item.route or check.route,
        "carrier": names.each(item.carriers),
        "method": names.of("methods", check.method),
        "moment": check.ended_at or check.work_date,
        "verdict": names.of("verdicts", item.verdict),
        "problem": _problem(item, kind, names),
        "tag": item.tag,
        "photos": item.photos or None,
        **_stratum(item, kind, names),
    }
    if item.point is not None:
        values |= _point(item.point, names)
    if item.followed:
        values |= {"owner": names.each(item.followed.owners), "deadline": item.followed.deadline}
    return values | {CRITERION + one.code: _answer(item, one.code, names) for one in kind.criteria}


def _answer(item: Checked, code: str, names: Names) -> str | None:
    """What is said of a criterion; an item that passed as a whole passed in each."""
    answer = item.answers.get(code, "pass" if item.verdict == "pass" and not item.answers else None)
    return names.not_applicable if answer == "na" else names.of("verdicts", answer)


def _problem(item: Checked, kind: Kind, names: Names) -> str | None:
    failed = [
        names.said(kind.fault(one.code)) for one in kind.criteria if item.answers.get(one.code) == "fail"
    ]
    return names.each([*failed, item.note])


def _stratum(item: Checked, kind: Kind, names: Names) -> dict[str, Value]:
    """A letter of a diamond customer is a nonlocal one; whose customer it is, is asked of nonlocal letters alone."""
    titles = {one.code: one.title for one in kind.strata}
    asked = "diamond" in titles and item.stratum in ("diamond", "nonlocal")
    customer = (names.diamond if item.stratum == "diamond" else names.other) if asked else None
    title = titles.get("nonlocal" if item.stratum == "diamond" else item.stratum)
    return {"stratum": names.said(title) if title else item.stratum, "customer": customer}


def _point(point: RelayPoint, names: Names) -> dict[str, Value]:
    kind = names.of("point_kinds", point.kind)
    return {"point_kind": kind, "keeper": point.keeper, "contact": point.contact}


def checks_head(unit: str, several: Iterable[Check], logged: date, names: Names) -> dict[str, Value]:
    """The head of a sheet of checks: of several each thing once, in their order. ``days`` and ``months`` are lists."""
    several = list(several)
    return {
        "unit": unit,
        "acting": names.each(one.acting for one in several),
        "days": sorted({one.work_date for one in several}),
        "months": sorted({one.work_date.replace(day=1) for one in several}),
        "inspectors": names.each(one.author for one in several),
        "methods": names.each(
            names.on_route if one.route else names.of("methods", one.method) for one in several
        ),
        "followed": names.each(one.route for one in several),
        "logged": logged,
    }


# ---------------------------------------------------------------- relay points


@dataclass(frozen=True)
class Known:
    """What is known of a point beside its row: its route, when it was confirmed and checked last, why it was closed."""

    route: str | None = None
    confirmed: date | None = None
    visited: date | None = None
    why_closed: str | None = None


def point_values(number: int, point: RelayPoint, known: Known, names: Names) -> dict[str, Value]:
    """One point of the register."""
    closed = point.closed_on
    return {
        "n": number,
        "subject": point.name,
        "address": point.address,
        "route": known.route,
        "agreement": names.of("agreements", point.agreement),
        "opened": point.opened_on,
        "closed": f"{names.day(closed)} {known.why_closed}" if closed and known.why_closed else closed,
        "confirmed": known.confirmed,
        "visited": known.visited,
        "note": point.note,
        **_point(point, names),
    }


# ---------------------------------------------------------------- cases


@dataclass(frozen=True)
class Story:
    """A case as the register of problems tells it: what its moves say, in words."""

    title: str
    number: str | None
    found_on: date
    found_by: str
    methods: tuple[str, ...]
    unit: str
    places: tuple[str, ...]
    severity: str
    owner: str | None
    deadline: date | None
    extensions: int
    cause: str | None
    answer: str | None
    answered_on: date | None
    photos: int
    checker: str | None
    checked_on: date | None
    outcome: str | None
    recurs: bool
    orders: tuple[str, ...]
    closed_on: date | None


def case_values(number: int, story: Story, names: Names, yes: str, photos: str | None) -> dict[str, Value]:
    """One case. ``yes``: the word for a recurrence; ``photos``: how many there are as evidence, in words."""
    return {
        "number": story.number or str(number),
        "found": story.found_on,
        "found_by": story.found_by,
        "method": names.each(names.of("methods", one) for one in story.methods),
        "unit": story.unit,
        "place": names.each(story.places),
        "problem": story.title,
        "severity": story.severity,
        "owner": story.owner,
        "deadline": story.deadline,
        "extensions": story.extensions or None,
        "cause": story.cause,
        "answer": story.answer,
        "answered": story.answered_on,
        "photos": photos if story.photos else None,
        "checker": story.checker,
        "checked": story.checked_on,
        "outcome": story.outcome,
        "recurs": yes if story.recurs else None,
        "orders": names.each(story.orders),
        "closed": story.closed_on,
    }
