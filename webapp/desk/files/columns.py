"""A file that somebody brings, and what its columns are taken for: one way for all sorts of file.

The headings say it, or what the office chose last time, or a choice on the preview: then what was brought comes back
out of the page, where it waits signed. The server keeps nothing of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature
from sqlalchemy.orm import Session

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.core.signing import timed
from webapp.desk.files.hidden_cells import LEAVE, TAKE, question, told
from webapp.desk.files.waiting import SECONDS, wait, waited
from webapp.formats.tables import Table, read_table
from webapp.org.column_choices import forget, remember, remembered
from webapp.org.column_headings import ColumnOf
from webapp.org.file_columns import (
    CHOSEN,
    REMEMBERED,
    Column,
    assigned,
    chosen,
    heading_key,
    laid_out,
    missing,
    otherwise,
    read_as,
)
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.web.access import now

MOST_WAITING = 3 * 1024 * 1024  # characters: a form holds four millions, and the rows wait beside it
_EXAMPLES, _LONGEST_EXAMPLE, _LOOKED_AT = 3, 24, 200

Row = list[str]


def _as_it_is(_headings: Sequence[str]) -> Callable[[Row], Row]:
    return lambda cells: cells


@dataclass(frozen=True)
class Sort:
    """A sort of file: how it is signed and remembered, the columns that are read and their names, those that are needed.

    ``veil`` makes, of the headings, what a row is left as before it waits in a page.
    """

    code: str
    names: Callable[[], Mapping[str, str]]
    needed: Sequence[str]
    column_of: ColumnOf
    reason: str  # of ``bad-file``, where what is needed is not there and cannot be asked for
    veil: Callable[[Sequence[str]], Callable[[Row], Row]] = _as_it_is


@dataclass(frozen=True)
class Brought:
    """A file of a unit and day: ``laid`` below its headings, whether its hidden cells are taken, and its columns."""

    sort: Sort
    unit: Unit
    day: date
    laid: Table
    answer: str
    columns: list[Column]
    known: Mapping[str, str]  # what is remembered of headings
    chosen: bool = False
    fault: Problem | None = None  # of a choice of columns that cannot be

    @property
    def asks(self) -> bool:
        """Whether it hides something about which nobody has been asked."""
        return self.laid.hides and not self.answer

    @property
    def seen(self) -> Table:
        """What of it is looked at."""
        return self.laid.visible() if self.answer == LEAVE else self.laid.whole()

    @property
    def veiled(self) -> Table:
        """What of it may wait in a page: names and addresses as they may be kept."""
        veil = self.sort.veil(self.laid.header)
        return replace(self.laid, rows=[(line, veil(cells)) for line, cells in self.laid.rows])

    @property
    def table(self) -> Table:
        """What is read of it, headed by the codes of the columns."""
        return read_as(self.seen, self.columns)

    @property
    def missing(self) -> list[str]:
        """The needed columns that none is taken for."""
        return missing(self.columns, self.sort.needed)

    @property
    def told(self) -> str | None:
        """The sentence about what Excel hides."""
        return told(self.laid, self.answer)

    def choices(self) -> dict[str, str | None]:
        """What is to be remembered once it is imported: {key of a heading: column}, None to be forgotten."""
        if not self.chosen:
            return {}
        said = otherwise(self.columns, self.sort.column_of)
        here = {heading_key(one.heading) for one in self.columns} & self.known.keys()
        return dict.fromkeys(here - said.keys()) | said


def received(
    me: Actor, sort: Sort, place: Callable[[], tuple[Unit, date]], unit_of: Callable[[str], Unit]
) -> Brought:
    """The file that this request brings for ``place()``, or what waited in its page (``unit_of`` looks at whose it is).

    Raises ``bad-file``, ``form-expired``, and what the two functions raise.
    """
    answer = request.form.get("hidden", "")
    answer = answer if answer in (LEAVE, TAKE) else ""
    if text := request.form.get("brought") or (answer and request.form.get("rows")):
        code, day, laid = waited(me, text, f"{sort.code}-brought")
        unit = unit_of(code)
    else:
        unit, day = place()
        laid, answer = _laid(sort, unit), ""
    if request.form.get("forget"):
        with transaction() as session:
            forget(session, unit.code, sort.code)
    known = remembered(db.session, unit.code, sort.code)
    brought = Brought(sort, unit, day, laid, answer, [], known)
    columns = assigned(brought.seen.header, sort.column_of, known)
    return _as_chosen(replace(brought, columns=columns))


def _laid(sort: Sort, unit: Unit) -> Table:
    file = request.files.get("file")
    if not file or not file.filename:
        raise Problem("bad-file", {"file": "missing"})
    known = remembered(db.session, unit.code, sort.code)
    table = read_table(file.read(), file.filename)
    laid = laid_out(table, lambda cell: known.get(heading_key(cell)) or sort.column_of(cell), sort.needed)
    # What nobody would read and nobody sees is not asked about.
    names = [one or known.get(heading_key(heading)) for heading, one in _named(laid, sort)]
    idle = {place for place in laid.hidden_columns if not names[place]}
    bare = replace(laid, hidden_rows=frozenset(), hidden_columns=frozenset(idle)).visible()
    kept = [place for place in range(len(laid.header)) if place not in idle]
    hidden = frozenset(kept.index(place) for place in laid.hidden_columns - idle)
    return replace(bare, hidden_rows=laid.hidden_rows, hidden_columns=hidden)


def _named(table: Table, sort: Sort) -> list[tuple[str, str | None]]:
    return [(heading, sort.column_of(heading)) for heading in table.header]


def _as_chosen(brought: Brought) -> Brought:
    """The columns as the form chose them, if it did: ``column-3=route`` by place, ``needs-number=3`` where one was missing."""
    form, header = request.form, brought.seen.header
    if request.form.get("forget") or not any(name.startswith("column-") for name in form):
        return brought
    try:
        choices = {_place(name): form[name] for name in form if name.startswith("column-")}
        for name in brought.sort.needed:
            if place := form.get(f"needs-{name}"):
                choices[_place(f"-{place}")] = name
        columns = chosen(header, choices, list(brought.sort.names()))
    except Problem as problem:
        return replace(brought, fault=problem)
    same = zip(columns, brought.columns, strict=True)
    columns = [old if one.taken == old.taken else one for one, old in same]
    return replace(brought, columns=columns, chosen=True)


def _place(name: str) -> int:
    text = name.partition("-")[2]
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Problem("invalid", {"columns": f"unknown:{text[:20]}"})
    return int(text)


# ---------------------------------------------------------------- on the page


@dataclass(frozen=True)
class Shown:
    """The part of a page about the columns: ``waiting`` is None where the file is too large to wait in it."""

    action: str
    more: Mapping[str, str]
    waiting: str | None
    brought: Brought
    names: Mapping[str, str]
    examples: list[str]
    fault: str | None = None

    @property
    def as_last_time(self) -> bool:
        """Whether something is taken for what was chosen last time."""
        return any(one.why == REMEMBERED for one in self.brought.columns)

    @property
    def altered(self) -> bool:
        """Whether somebody chose something else on this page."""
        return any(one.why == CHOSEN for one in self.brought.columns)

    @property
    def read(self) -> list[tuple[str, str]]:
        """(heading, name of the column) of those that are read."""
        return [
            (one.heading or self.letter(place), self.names[one.taken])
            for place, one in enumerate(self.brought.columns)
            if one.taken
        ]

    @property
    def lacks(self) -> list[tuple[str, str]]:
        """(code, name) of the columns that are needed and not there."""
        return [(name, self.names[name]) for name in self.brought.missing]

    @staticmethod
    def letter(place: int) -> str:
        """A column as a spreadsheet calls it: A, B, … AA."""
        text, place = "", place + 1
        while place:
            place, rest = divmod(place - 1, 26)
            text = chr(65 + rest) + text
        return _("Column %(letter)s", letter=text)


def shown(me: Actor, brought: Brought, action: str, more: Mapping[str, str] | None = None) -> Shown:
    """The columns as a page shows them; ``action`` previews again. Raises ``bad-file`` where a large one lacks some."""
    text = _waiting(me, brought)
    waiting = text if len(text) <= MOST_WAITING else None
    if waiting is None and brought.missing:
        raise Problem("bad-file", {"file": brought.sort.reason})
    names, veil = brought.sort.names(), brought.sort.veil(brought.seen.header)
    examples = _examples(
        [veil(cells) for _line, cells in brought.seen.rows[:_LOOKED_AT]], len(brought.columns)
    )
    return Shown(action, more or {}, waiting, brought, names, examples, _why(brought, names))


def _waiting(me: Actor, brought: Brought) -> str:
    return wait(me, brought.unit, brought.day, brought.veiled, f"{brought.sort.code}-brought")


def _examples(rows: list[Row], width: int) -> list[str]:
    """The first different values of each column."""
    found: list[dict[str, None]] = [{} for _ in range(width)]
    for cells in rows:
        for held, cell in zip(found, cells, strict=True):
            if cell and len(held) < _EXAMPLES:
                held[cell[:_LONGEST_EXAMPLE]] = None
    return [" · ".join(held) for held in found]


def _why(brought: Brought, names: Mapping[str, str]) -> str | None:
    """Why a choice of columns cannot be, naming it."""
    if brought.fault is None:
        return None
    why, _colon, what = brought.fault.fields["columns"].partition(":")
    if why == "twice":
        return _("Two columns of the file are taken for “%(name)s”. Choose one of them.", name=names[what])
    return _("There is no column “%(name)s” to choose.", name=what)


def asked(me: Actor, brought: Brought, title: str, action: str, back: str, more: Mapping | None = None):
    """The page that asks about what Excel hides."""
    names = brought.sort.names()
    columns = [brought.columns[place] for place in sorted(brought.laid.hidden_columns)]
    named = [
        names.get(one.taken or brought.sort.column_of(one.heading) or "", one.heading) for one in columns
    ]
    return question(
        brought.unit, brought.laid, _waiting(me, brought), named, title=title, action=action, back=back, more=more
    )  # fmt: skip


# ---------------------------------------------------------------- remembered


def promise(me: Actor, brought: Brought) -> str:
    """The choices as they wait beside the rows in the form that confirms; for this person, unit and sort only."""
    choices = brought.choices()
    return _signer(brought.sort).dumps([me.person_id, brought.unit.code, choices]) if choices else ""


def keep_promise(session: Session, me: Actor, unit: Unit, sort: Sort) -> None:
    """Remember what the form that confirms holds; raises ``form-expired`` if it is not what :func:`promise` gave."""
    text = request.form.get("columns")
    if not text:
        return
    try:
        person, code, choices = _signer(sort).loads(text, max_age=SECONDS)
    except (BadSignature, ValueError) as error:
        raise Problem("form-expired") from error
    if (person, code) != (me.person_id, unit.code):
        raise Problem("form-expired")
    remember(session, me, now(), unit, sort.code, choices)


def _signer(sort: Sort):
    return timed(current_app.config["SECRET_KEY"], f"{sort.code}-columns")
