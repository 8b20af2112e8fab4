"""The shipped edition with every kind and every duty called otherwise: whatever names one of them does not find it."""

import hashlib
import re
from datetime import date

from webapp.core import clock
from webapp.core.database import transaction
from webapp.rulebook.models import Edition
from webapp.rulebook.rules import load, shipped_source

KINDS = {code: f"x{number}" for number, code in enumerate(load().kinds, 1)}
DUTIES = {code: f"y{number}" for number, code in enumerate(load().duties, 1)}
NAMES = {**{new: old for old, new in KINDS.items()}, **{new: old for old, new in DUTIES.items()}}


def renamed_source(first_day: date, code: str = "renamed") -> str:
    """The TOML of that edition: ``x1``, ``x2`` … for kinds, ``y1``, ``y2`` … for duties."""
    tables = re.split(r"(?m)^(?=\[)", shipped_source())
    source = "".join(_renamed(table) for table in tables)
    source = source.replace('code = "2014"', f'code = "{code}"', 1)
    return source.replace("first_day = 2014-01-01", f"first_day = {first_day.isoformat()}", 1)


def _renamed(table: str) -> str:
    if table.startswith("[[kind]]"):
        return re.sub(r'(?m)^code = "(.+)"$', lambda own: f'code = "{KINDS[own[1]]}"', table, count=1)
    if not table.startswith("[[duty]]"):
        return table
    table = re.sub(r'(?m)^code = "(.+)"$', lambda own: f'code = "{DUTIES[own[1]]}"', table, count=1)
    named = r"(?m)^(?:kinds|chosen_by) = .+$"
    return re.sub(named, lambda row: re.sub(r'"(.+?)"', lambda one: f'"{KINDS[one[1]]}"', row[0]), table)


def enter(app, first_day: date) -> None:
    """Let the renamed edition be in force from ``first_day`` on."""
    source = renamed_source(first_day)
    with app.app_context(), transaction() as session:
        digest = hashlib.sha256(source.encode()).hexdigest()
        session.add(Edition(code="renamed", first_day=first_day, source=source, sha256=digest, entered_at=clock.now()))  # fmt: skip
