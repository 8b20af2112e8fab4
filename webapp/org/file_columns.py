"""What the columns of somebody's file are taken for: by their headings, by what was chosen last time, or by choice. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.core.problems import Problem
from webapp.formats.tables import Line, Table
from webapp.org.column_headings import HEADER_ROWS, ColumnOf, key

LONGEST = 60  # characters of a heading's key that is remembered
NOT_READ = ""
_DIGITS = 5  # a cell of so many digits is what a row says, never a heading
BY_HEADING, REMEMBERED, CHOSEN = "heading", "remembered", "chosen"


@dataclass(frozen=True)
class Column:
    """A column of a file: its heading (may be empty), what it is taken for (``""``: not read), and why."""

    heading: str
    taken: str = NOT_READ
    why: str = BY_HEADING


def heading_key(heading: str) -> str:
    """A heading as it is remembered; empty where there is nothing to know it by again."""
    return key(heading)[:LONGEST]


def laid_out(table: Table, column_of: ColumnOf, needed: Sequence[str]) -> Table:
    """The table below its heading, a title or two passed over; headed by the headings as they stand in the file.

    The heading is the line that names all that is needed, else the one that names most, else the first of several
    words without a number. ``header_line`` is 0 where there is none: then no line is passed over.
    """
    lines = [(table.header_line, table.header), *table.rows]
    place, rows = _heading_at(lines, column_of, needed)
    if place is None:
        width = max(len(cells) for _, cells in lines)
        return _below(table, 0, [""] * width, lines)
    line, cells = lines[place]
    heads = _merged(cells, lines[place + 1][1], column_of) if rows == 2 else list(cells)
    below = lines[place + rows :]
    width = max((len(cells) for _, cells in below), default=len(heads))
    return _below(table, line, heads + [""] * (width - len(heads)), below)


def _heading_at(lines: list[Line], column_of: ColumnOf, needed: Sequence[str]) -> tuple[int | None, int]:
    """Where the heading stands, and of how many rows it is: its cells may be merged downwards."""
    named = [{name for cell in cells if (name := column_of(cell))} for _, cells in lines[: HEADER_ROWS + 1]]
    for place, names in enumerate(named[:HEADER_ROWS]):
        if names.issuperset(needed):
            twice = place + 1 < len(named) and named[place + 1].issuperset(needed)
            return place, 2 if twice else 1
    most = max(range(len(named[:HEADER_ROWS])), key=lambda place: len(named[place]))
    if named[most]:
        return most, 1
    worded = (place for place, (_, cells) in enumerate(lines[:HEADER_ROWS]) if _words_alone(cells))
    return next(worded, None), 1


def _words_alone(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and all(sum(char.isdigit() for char in cell) < _DIGITS for cell in filled)


def _merged(first: list[str], second: list[str], column_of: ColumnOf) -> list[str]:
    """The headings of two rows: the second says more, the first where that says nothing."""
    told = {column_of(cell) for cell in second}
    above = [cell if column_of(cell) not in told else "" for cell in first]
    width = max(len(first), len(second))
    pairs = zip(above + [""] * (width - len(above)), second + [""] * (width - len(second)), strict=True)
    return [below if column_of(below) or not column_of(over) else over for over, below in pairs]


def _below(table: Table, line: int, heads: list[str], rows: list[Line]) -> Table:
    padded = [(number, cells + [""] * (len(heads) - len(cells))) for number, cells in rows]
    hidden = table.hidden_rows & {number for number, _ in rows}
    return replace(table, header=heads, rows=padded, header_line=line, hidden_rows=hidden)


def assigned(headings: Sequence[str], column_of: ColumnOf, remembered: Mapping[str, str]) -> list[Column]:
    """What each column is taken for: what the file's own headings say comes before what is remembered of others.

    ``remembered``: {key of a heading: column, or ``""``}. Of a heading that names a column of its own only what
    somebody chose for that very heading counts; one that stands twice is not told apart, so nothing is remembered of it.
    """
    keys = [heading_key(one) for one in headings]
    known = {one: remembered[one] for one in keys if one and keys.count(one) == 1 and one in remembered}
    own = [column_of(heading) if keys[place] not in known else None for place, heading in enumerate(headings)]
    taken, found = set(filter(None, own)), []
    for heading, code, name in zip(headings, keys, own, strict=True):
        if code not in known:
            found.append(Column(heading, name or NOT_READ))
        elif known[code] in taken:
            found.append(Column(heading))
        else:
            taken |= {known[code]} - {NOT_READ}
            found.append(Column(heading, known[code], REMEMBERED))
    return _each_once(found)


def _each_once(columns: list[Column]) -> list[Column]:
    """Of two columns of one heading the first is read."""
    seen: set[str] = set()
    found = []
    for one in columns:
        found.append(replace(one, taken=NOT_READ) if one.taken in seen else one)
        seen |= {one.taken} - {NOT_READ}
    return found


def chosen(headings: Sequence[str], choices: Mapping[int, str], known: Sequence[str]) -> list[Column]:
    """The columns as somebody chose them: {place: column, or ``""``}; places that are not named are not read.

    Raises ``invalid`` naming ``columns``: ``unknown:…`` for a column or a place that there is not, ``twice:…``.
    """
    for place, name in choices.items():
        if name and name not in known or not 0 <= place < len(headings):
            raise Problem("invalid", {"columns": f"unknown:{name or place}"})
    names = [name for name in choices.values() if name]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Problem("invalid", {"columns": f"twice:{twice}"})
    return [Column(heading, choices.get(place, NOT_READ), CHOSEN) for place, heading in enumerate(headings)]


def otherwise(columns: Sequence[Column], column_of: ColumnOf) -> dict[str, str]:
    """What is worth remembering: {key of a heading: column}, where the heading does not say so by itself."""
    keys = [heading_key(one.heading) for one in columns]
    return {
        code: one.taken
        for code, one in zip(keys, columns, strict=True)
        if code and keys.count(code) == 1 and one.taken != (column_of(one.heading) or NOT_READ)
    }


def missing(columns: Sequence[Column], needed: Sequence[str]) -> list[str]:
    """The needed columns that none is taken for."""
    return [name for name in needed if all(one.taken != name for one in columns)]


def read_as(table: Table, columns: Sequence[Column]) -> Table:
    """The columns that are read, headed by their codes, as :func:`column_headings.narrowed` gives them."""
    places = [place for place, one in enumerate(columns) if one.taken]
    rows = [(line, [cells[place] for place in places]) for line, cells in table.rows]
    return Table([columns[place].taken for place in places], rows)
