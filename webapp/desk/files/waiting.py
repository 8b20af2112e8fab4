"""A previewed import that waits for its confirmation: in a signed form field, so that the file is never kept."""

from datetime import date

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.core.problems import Problem
from webapp.core.signing import timed
from webapp.formats.cells import Figure
from webapp.formats.tables import Table
from webapp.org.models import Unit
from webapp.org.rules import Actor

SECONDS = 12 * 3600  # a preview left open over night is made again


def _signer(what: str) -> URLSafeTimedSerializer:
    # It compresses with zlib by itself. What was previewed as one thing is never imported as another.
    return timed(current_app.config["SECRET_KEY"], f"{what}-import")


def wait(me: Actor, unit: Unit, day: date, table: Table, what: str = "manifest") -> str:
    """The form field's text: the columns as they may wait (names masked), for this person, unit and day only."""
    rows = [(line, [_told(cell) for cell in cells]) for line, cells in table.rows]
    hidden = sorted(table.hidden_rows), sorted(table.hidden_columns)
    return _signer(what).dumps([me.person_id, unit.code, day.isoformat(), table.header, rows, *hidden])


def _told(cell: str) -> str | list[str]:
    return [cell] if isinstance(cell, Figure) else cell


def _heard(cell: str | list[str]) -> str:
    return Figure(cell[0]) if isinstance(cell, list) else cell


def waited(me: Actor, text: str, what: str = "manifest") -> tuple[str, date, Table]:
    """(unit code, day, table) of the text; raises ``form-expired`` if it is not what :func:`wait` gave this person."""
    try:
        person, unit, day, header, rows, lines, columns = _signer(what).loads(text, max_age=SECONDS)
    except (BadSignature, ValueError) as error:
        raise Problem("form-expired") from error
    if person != me.person_id:
        raise Problem("form-expired")
    rows = [(line, [_heard(cell) for cell in cells]) for line, cells in rows]
    hidden = {"hidden_rows": frozenset(lines), "hidden_columns": frozenset(columns)}
    return unit, date.fromisoformat(day), Table(header, rows, **hidden)
