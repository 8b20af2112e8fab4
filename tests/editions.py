"""Other editions than the shipped one: with every kind and duty called otherwise, and with a form for a whole unit.

Whatever names a kind or a duty does not find the first one's.
"""

import hashlib
import re
from datetime import date

from webapp.core import clock
from webapp.core.database import transaction
from webapp.rulebook.editions import read
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
    if not table.startswith(("[[duty]]", "[[population]]")):
        return table
    if table.startswith("[[duty]]"):
        table = re.sub(r'(?m)^code = "(.+)"$', lambda own: f'code = "{DUTIES[own[1]]}"', table, count=1)
    named = r'(?:kinds|forms|chosen_by) = (?:\[[^\]]*\]|"[^"]*")'
    return re.sub(named, lambda row: re.sub(r'"(.+?)"', lambda one: f'"{KINDS[one[1]]}"', row[0]), table)


# A department visited: one item whose subject is the unit, its criteria in two groups and outside of them.
VISIT = """
[[kind]]
code = "unit-visit"
type = "inspection"
subject = "unit"
about = false
photo = "none"
position = false
roles = ["county_manager"]
zh = "部门检查"
en = "Department visit"
criteria = [
  { code = "kept", zh = "台账齐全", en = "Books kept", fail_zh = "台账不全", fail_en = "Books not kept" },
  { code = "express-time", group = "express", severity = "serious", zh = "特快及时", en = "Express in time" },
  { code = "letters-time", group = "letters", severity = "grave", zh = "平信及时", en = "Letters in time" },
]
[[kind.group]]
code = "express"
zh = "特快部分"
en = "Express part"
[[kind.group]]
code = "letters"
zh = "平信部分"
en = "Letters part"
"""


def with_visits(first_day: date) -> str:
    """The shipped edition with that form, under another code."""
    source = shipped_source().replace('code = "2014"', 'code = "visits"', 1)
    return source.replace("first_day = 2014-01-01", f"first_day = {first_day.isoformat()}", 1) + VISIT


def enter(app, source: str) -> None:
    """Let the edition be in force from its first day on, past or not."""
    book = read(source)
    with app.app_context(), transaction() as session:
        digest = hashlib.sha256(source.encode()).hexdigest()
        session.add(Edition(code=book.edition, first_day=book.first_day, source=source, sha256=digest, entered_at=clock.now()))  # fmt: skip
