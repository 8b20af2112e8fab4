"""A new type of fact is one file and its name in the registry: the example of docs/architecture.md, put in and used."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.cast import CITY, build_in, read
from tests.desk_records import envelope, send, today
from webapp.journal.models import Fact, JournalRow
from webapp.recording.facts.registry import FACT_TYPES

PAGE = Path(__file__).parents[3] / "docs" / "architecture.md"


@pytest.fixture
def remark(monkeypatch):
    """The page's example as a file of the house, registered."""
    part = PAGE.read_text(encoding="utf-8").split("### A new type of fact")[1]
    module = ModuleType("remark")
    exec(re.search(r"```python\n(.*?)```", part, re.DOTALL)[1], vars(module))
    monkeypatch.setitem(FACT_TYPES, module.TYPE.name, module.TYPE)


def sent() -> dict:
    own = {"v": 1, "type": "remark", "unit": CITY, "acting": CITY, "date": today().isoformat()}
    return envelope({**own, "text": "雪大"})


def test_the_example_is_taken_journalled_and_guarded(app, remark):
    cast, one = build_in(app), sent()
    assert send(app, cast, "director", one).state == "stored"
    assert send(app, cast, "carrier", sent()).problem.code == "forbidden"
    assert read(app, lambda session: session.get(Fact, one["id"]).state) == "in-force"
    rows = read(app, lambda session: session.query(JournalRow.entry, JournalRow.fact_id).all())
    assert [tuple(row) for row in rows] == [("remark", one["id"])]


def test_without_its_registration_there_is_no_such_type(app):
    cast = build_in(app)
    with pytest.raises(Exception, match="bad-fact"):
        send(app, cast, "director", sent())
