"""The types of documents that ship, and the mistakes that their reader names."""

import re

import pytest

from webapp.reports.queries import QUERIES
from webapp.rulebook.documents import TABLES, document_types, read
from webapp.rulebook.rules import load

SOURCE = """
[[document]]
code = "note"
zh = "便函"
en = "Note"
level = ["county"]
abbreviation = "便"
period = "month"
to = "above"
copy = "none"
moves = ["send"]
seal = true

[[document.section]]
code = "words"
zh = "内容"
en = "Words"
text = true
needed = true
hint_zh = "写"
hint_en = "Write"
"""


def test_numbers_have_no_leading_zeros():
    assert read(SOURCE)["note"].number(2026, 3) == "便〔2026〕3号"


def test_every_table_has_a_query_and_every_query_a_table():
    assert set(TABLES) == QUERIES.keys()
    used = {name for kind in document_types().values() for one in kind.sections for name in one.tables}
    assert used == set(TABLES)


def test_the_inspection_report_has_ten_sections():
    assert len(document_types()["inspection-report"].sections) == 10


def test_every_duty_that_asks_for_a_document_finds_its_type_at_its_levels():
    asking = [duty for duty in load().duties.values() if duty.document]
    assert len(asking) == 4
    for duty in asking:
        kind = document_types()[duty.document]
        assert set(duty.levels) <= set(kind.levels) and duty.period == kind.period


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('level = ["county"]', 'level = ["office"]', "document note.level: 'office' is none of region"),
        ('level = ["county"]', "level = []", "document note.level: a list of texts"),
        ('level = ["county"]', 'level = ["region"]', "document note.level: nobody of that level"),
        ('abbreviation = "便"', 'abbreviation = "一二三四五六七八九"', "abbreviation: at most 8"),
        ('period = "month"', 'period = "week"', "document note.period: 'week' is none of month, quarter"),
        ('moves = ["send"]', 'moves = ["receive"]', "document note.moves: in this order"),
        ('to = "above"', "to = 1", "document note.to: a str is needed"),
        ("seal = true", "", "document note.seal: a bool is needed"),
        ("text = true", "text = false", "section[1].needed: it has no text"),
        ("needed = true", 'needed = true\ntables = ["weather"]', "section[1].tables: 'weather' is none of"),
        ("needed = true", 'needed = true\ntables = ["duties"]', "section[1].duties: goes with members, duties"),
        ('hint_zh = "写"', "", "section[1].hint_zh: a str is needed"),
        ('code = "note"\n', "", "document[1].code: a str is needed"),
        (SOURCE, "", "document: at least one"),
        (SOURCE, SOURCE + SOURCE, "document.code: 'note' twice"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(old, new, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        read(SOURCE.replace(old, new, 1))
