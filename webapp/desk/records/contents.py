"""What a record says beside its items, as rows for a page: the head of its form, a change of the register, volumes."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.core.database import Base, db
from webapp.core.ids import is_id
from webapp.core.problems import Problem
from webapp.desk.records.case_contents import rows_of_case
from webapp.desk.unit_and_period import period_name
from webapp.inspections.models import Inspection, Item
from webapp.journal.models import Conflict, Fact
from webapp.org.models import Role, Route, Unit
from webapp.org.names import names_of
from webapp.recording.facts.fact_type import CASE, CHOICE, FORM, REGISTER, VOLUMES
from webapp.recording.facts.registry import FACT_TYPES
from webapp.registers.models import RelayPoint
from webapp.rulebook.purposes import requirements
from webapp.rulebook.rules import Field, Kind
from webapp.sampling.rules import RETURNED
from webapp.web import labels
from webapp.web.access import editions
from webapp.web.language import day, figure, said, whole_day

Model = TypeVar("Model", bound=Base)
Line = tuple[str, str | None]  # words, and where they lead


@dataclass(frozen=True)
class Row:
    """One thing that a record says. ``lines`` may lead somewhere; none at all: it was deleted in time."""

    label: str
    lines: list[Line] = field(default_factory=list)
    differs: bool = False  # from the other content under the same number


def rows_of(content: Fact | Conflict, chosen: bool = False) -> list[Row]:
    """What the content says besides its items; empty where its kind has no such part.

    ``chosen``: the items of a choice too, where the page does not list them.
    """
    try:
        personal = json.loads(content.personal) if content.personal else {}
        return _rows(json.loads(content.open), personal, chosen, _unit_of(content))
    except (AttributeError, KeyError, TypeError, ValueError):
        # A second content is kept as it came: nobody has said yet that anything in it is right.
        return [_plain(_("Content"), _("It cannot be read."))]


def versions_of(first: Fact | Conflict, second: Fact | Conflict) -> tuple[list[Row], list[Row]]:
    """Both contents under one number, field by field, items too; marked where they say different things."""
    both = [[*_dated(one), *rows_of(one), *_items(one)] for one in (first, second)]
    ones, others = ({row.label: row.lines for row in rows} for rows in both)
    labels = {label for label in ones.keys() | others.keys() if ones.get(label) != others.get(label)}
    marked = [[replace(row, differs=row.label in labels) for row in rows] for rows in both]
    return marked[0], marked[1]


@dataclass(frozen=True)
class Ahead:
    """What many contents name, read at once for a page that shows them all: by id, None where there is no such thing."""

    rows: dict[tuple[type, str], Base | None]
    workers: frozenset[tuple[str, str]]  # (unit, person)


def read_ahead(contents: Iterable[Fact | Conflict]) -> None:
    """Read the relay points, routes and people that the contents name, for all rows that this answer makes of them."""
    named = {text for content in contents for text in _texts(_read(content)) if is_id(text)}
    rows: dict[tuple[type, str], Base | None] = {}
    for model in (RelayPoint, Route):
        rows |= {(model, key): None for key in named}
        found = db.session.scalars(select(model).where(model.id.in_(named))) if named else ()
        rows |= {(model, row.id): row for row in found}
    held = select(Role.unit_code, Role.person_id).where(Role.person_id.in_(named))
    workers = frozenset(tuple(row) for row in db.session.execute(held)) if named else frozenset()
    g.contents_ahead = Ahead(rows, workers)


def _texts(value: object) -> Iterator[str]:
    """Every text in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def rows_of_refused(open: dict, unit: str) -> list[Row]:
    """What something refused says, where its type says nothing of itself by its name alone: a move of a case, a work order."""
    try:
        return _rows(open, {}, False, unit) if _shown_as(open.get("type")) == CASE else []
    except (AttributeError, KeyError, TypeError, ValueError):
        return []  # it was refused because something in it is wrong


def _unit_of(content: Fact | Conflict) -> str:
    """The unit whose record it is, whatever a second content says: what it names elsewhere is told to nobody."""
    fact = content if isinstance(content, Fact) else db.session.get(Fact, content.fact_id)
    return fact.unit_code


def _dated(content: Fact | Conflict) -> Iterator[Row]:
    """When it was done, and the list's day that it is about."""
    said = _read(content)
    about = _("Chosen for") if _shown_as(said.get("type")) == CHOICE else _("About the list of")
    kind = editions().kinds().get(str(said.get("kind")))
    if kind and kind.period:
        about = _("The period that begins on")
    for name, label in (("date", _("Done on")), ("about", about)):
        with suppress(KeyError, TypeError, ValueError):
            yield _plain(label, whole_day(date.fromisoformat(said[name])))


def _items(content: Fact | Conflict) -> Iterator[Row]:
    """Each item with its verdict, where the record has items with numbers."""
    items, kind = _read(content).get("items"), editions().kinds().get(str(_read(content).get("kind")))
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("subject") not in (None, "-"):
            answers = item.get("answers") if isinstance(item.get("answers"), dict) else {}
            codes = sorted(str(code) for code, answer in answers.items() if answer == "fail")
            failed = [said(kind.fault(code)) if kind else code for code in codes]
            verdict = labels.VERDICTS.get(str(item.get("verdict")), "—")
            nothing = [_("None came:") + f" {title}" for title in _none_came(item, kind)]
            name = _name_of(item["subject"], kind, _unit_of(content))
            yield _plain(name, " · ".join([str(verdict), *failed, *nothing]))


def _name_of(subject: object, kind: Kind | None, unit: str) -> object:
    """What an item is called: a relay point and a unit by their names."""
    if kind and kind.subject == "unit" and subject == unit:
        return db.session.get(Unit, unit).name
    point = _known(RelayPoint, subject, unit)
    return point.name if point else subject


def _none_came(item: dict, kind: Kind | None) -> list[str]:
    said_so = item.get("none_came")
    codes = said_so if isinstance(said_so, list) else ()
    return [said(group.title) for group in (kind.groups if kind else ()) if group.code in codes]


def _read(content: Fact | Conflict) -> dict:
    try:
        said = json.loads(content.open)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _rows(open: dict, personal: dict, chosen: bool, unit: str) -> list[Row]:
    """By what the fact's type says of how it is shown."""
    shown = _shown_as(open["type"])
    if shown == REGISTER:
        return list(_point(open, personal, unit))
    if shown == VOLUMES:
        return list(_volumes(open))
    if shown == CASE:
        return [Row(str(label), lines) for label, lines in rows_of_case(open, personal, unit)]
    return [*(_choice(open) if chosen and shown == CHOICE else ()), *_head(open, personal, unit)]


def _shown_as(name: object) -> str:
    """A second content is kept as it came: what calls itself by no name that is known is shown like a form."""
    fact_type = FACT_TYPES.get(name) if isinstance(name, str) else None
    return fact_type.shown if fact_type else FORM


def _plain(label: object, *texts: object) -> Row:
    return Row(str(label), [(str(text), None) for text in texts])


def _known(model: type[Model], key: object, unit: str) -> Model | None:
    """The unit's row of that id; None for what is no id at all, and for what is another unit's."""
    if not is_id(key):
        return None
    ahead = g.get("contents_ahead")
    known = ahead is not None and (model, key) in ahead.rows
    row = ahead.rows[model, key] if known else db.session.get(model, key)
    return row if row is not None and row.unit_code == unit else None


def _day(text: object) -> str:
    return day(date.fromisoformat(str(text)))


# ---------------------------------------------------------------- volumes and the register


def _volumes(open: dict) -> Iterator[Row]:
    yield _plain(_("Day"), _day(open["about"]))
    names = editions().books[-1].classes
    for code, volume in open.get("volumes", {}).items():
        items, returned = volume.get("items"), volume.get("returned")
        known = _("unknown") if items is None else figure(items)
        back = "" if returned is None else " · " + _("returned %(n)s", n=returned)
        yield _plain(said(names.get(code, code)), known + back)
    if RETURNED in open:
        together = open[RETURNED]
        yield _plain(_("Returned, together"), _("unknown") if together is None else figure(together))


def _point(open: dict, personal: dict, unit: str) -> Iterator[Row]:
    values = open.get("values") or {}
    point = _known(RelayPoint, open["point"], unit)
    name = point.name if point else values.get("name") or "—"
    way = url_for("points.show", point_id=point.id) if point else None
    yield Row(_("Relay point"), [(name, way)])
    since = _day(open.get("day") or open["date"])
    yield _plain(labels.POINT_OPS.get(open["op"], open["op"]), _("from %(day)s", day=since))
    yield from (_plain(labels.POINT_FIELDS.get(code, code), _value(code, one, unit)) for code, one in (values | personal).items())  # fmt: skip
    if open.get("reason"):
        yield _plain(_("Reason"), open["reason"])


def _value(code: str, value: object, unit: str) -> str:
    if value is None:
        return "—"
    if code == "route":
        route = _known(Route, value, unit)
        return f"{route.code} {route.name}" if route else "—"
    if code == "photo":
        return _("Photo")
    return str({"kind": labels.POINT_KINDS, "agreement": labels.AGREEMENTS}.get(code, {}).get(value, value))


# ---------------------------------------------------------------- forms


def _choice(open: dict) -> Iterator[Row]:
    yield _plain(_("Chosen for"), _day(open["about"]))
    yield _plain(_("Items"), *(one["subject"] for one in open.get("items", ())))


def _head(open: dict, personal: dict, unit: str) -> Iterator[Row]:
    day = date.fromisoformat(open["date"])
    kind = editions().on(day).kinds.get(open.get("kind"))
    header, notes = open.get("header") or {}, personal.get("notes") or {}
    for one in kind.fields if kind else ():
        if one.code in header:
            yield Row(said(one.title), _shown(one, header[one.code], notes, unit, day))


def _shown(one: Field, value, notes: dict, unit: str, day: date) -> list[Line]:
    if value is None:
        return [(_("unknown"), None)]
    if one.type == "text":
        text = notes.get(f"header.{one.code}")
        return [(text, None)] if text is not None else []
    if one.type == "money":
        return [(f"¥{value / 100:,.2f}", None)]
    if one.type == "choice":
        titles = {option.code: said(option.title) for option in one.options}
        return [(titles.get(value, value), None)]
    if one.type == "people" and value:
        names = names_of(db.session, _workers(filter(is_id, value), unit), day)
        return [("、".join(names.get(person, "—") for person in value), None)]
    if one.type == "route":
        route = _known(Route, value, unit)
        return [(f"{route.code} {route.name}" if route else "—", None)]
    if one.type == "signature" and isinstance(value, list):
        return [_signed(str(line), unit) for line in value]
    if one.type in ("problems", "settled"):
        return list((_failed if one.type == "problems" else _required)(_references(value), unit)) or [
            ("0", None)
        ]
    if isinstance(value, list):
        return [(str(part), None) for part in value] or [("—", None)]
    return [(figure(value), None)]


def _signed(line: str, unit: str) -> Line:
    """A line that was seen when it was signed: its duty and period, and the way to it."""
    code, _space, rest = line.partition(" ")
    period = rest.partition(" ")[0]
    duty = next((book.duties[code] for book in reversed(editions().books) if code in book.duties), None)
    try:
        title = f"{said(duty.title) if duty else code} · {period_name(period)}"
    except Problem:
        return (line, None)
    return (title, url_for("ledger.line", unit=unit, duty=code, period=period) if duty else None)


def _workers(people: Iterable[str], unit: str) -> Iterable[str]:
    """Those of the people who work, or worked, in the unit."""
    if ahead := g.get("contents_ahead"):
        return [person for person in people if (unit, person) in ahead.workers]
    return db.session.scalars(
        select(Role.person_id).where(Role.person_id.in_(list(people)), Role.unit_code == unit)
    )


def _references(value: Iterable[str]) -> list[tuple[str, int]]:
    """``"<fact>/<row>"`` taken apart."""
    parts = (one.partition("/") for one in value)
    return [(fact, int(row)) for fact, _slash, row in parts if is_id(fact)]


def _failed(references: list[tuple[str, int]], unit: str) -> Iterator[Line]:
    """The items that failed, each leading to its inspection; those of other units are nobody's business here."""
    query = (
        select(Item.inspection_id, Item.ordinal, Item.subject, RelayPoint.name, Inspection.kind)
        .join(Inspection, Inspection.id == Item.inspection_id)
        .outerjoin(RelayPoint, (RelayPoint.id == Item.subject) & (RelayPoint.unit_code == unit))
        .where(Inspection.unit_code == unit, Item.inspection_id.in_({fact for fact, _row in references}))
    )
    found = {(fact, row): rest for fact, row, *rest in db.session.execute(query)}
    kinds = editions().kinds()
    for fact, row in references:
        if (fact, row) in found:
            subject, name, kind = found[fact, row]
            title = said(kinds[kind].title) if kind in kinds else kind
            about = "" if subject == "-" else f" · {name or _name_of(subject, kinds.get(kind), unit)}"
            yield f"{title}{about}", url_for("inspections.show", inspection_id=fact, _anchor=f"item-{row}")


def _required(references: list[tuple[str, int]], unit: str) -> Iterator[Line]:
    """What earlier meetings required, each leading to its meeting."""
    query = select(Inspection.id, Inspection.kind, Inspection.work_date, Inspection.header).where(
        Inspection.unit_code == unit, Inspection.id.in_({fact for fact, _row in references})
    )
    required = {
        fact: requirements(editions().kind_on(day, kind), header or {})
        for fact, kind, day, header in db.session.execute(query)
    }
    for fact, row in references:
        if row < len(required.get(fact, ())):
            yield required[fact][row], url_for("inspections.show", inspection_id=fact)
