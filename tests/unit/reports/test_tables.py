"""Figures as values: what they say in both languages, and that frozen they hold no fraction."""

from datetime import date

import pytest

from webapp.documents.rules import canonical
from webapp.reports.tables import Cell, Column, Row, Table, figures_in, said, share_text
from webapp.rulebook.texts import Text


@pytest.mark.parametrize(
    ("cell", "sort", "zh"),
    [
        ({"v": 1234}, "count", "1,234"),
        ({"v": 6, "of": 7}, "of", "6/7"),
        ({"v": 6, "of": 7}, "rate", "85.7%"),
        ({"v": 0, "of": 0}, "rate", "—"),
        ({}, "count", "—"),
        ({"v": 0}, "count", "0"),
        ({"v": [912, 987]}, "interval", "91.2%–98.7%"),
        ({"v": "2026-11-20"}, "day", "2026年11月20日"),
        ({"v": {"zh": "达标", "en": "met"}}, "text", "达标"),
    ],
)
def test_what_a_figure_says(cell, sort, zh):
    assert said(cell, sort).zh == zh


@pytest.mark.parametrize(
    ("top", "bottom", "text"),
    [(1, 2, "50%"), (2999, 3000, "99.9%"), (1, 3000, "0.1%"), (0, 5, "0%"), (5, 5, "100%"), (1, 8, "12.5%"), (2, 3, "66.7%")],
)  # fmt: skip
def test_a_share_is_never_rounded_to_what_it_is_not(top, bottom, text):
    assert share_text(top, bottom) == text


def test_a_table_is_frozen_as_plain_json_and_its_figures_are_found_by_their_codes():
    columns = (
        Column("n", Text("数", "Number")),
        Column("day", Text("日", "Day"), "day"),
        Column("w", Text("词", "Word"), "text"),
    )
    cells = (
        Cell(3, lines=("1 a 2026-11",)),
        Cell(date(2026, 11, 20), at="/cases/1"),
        Cell(Text("是", "yes")),
    )
    frozen = Table("t", Text("表", "Table"), columns, (Row("u", Text("部", "Dept"), cells),)).frozen()
    assert "." not in canonical(frozen).replace("没有记录。", "").replace("None.", "")
    assert [(one.code, one.said.en) for one in figures_in([frozen])] == [
        ("t.u.n", "3"), ("t.u.day", "20 Nov 2026"), ("t.u.w", "yes"),
    ]  # fmt: skip
    assert next(figures_in([frozen])).title.zh == "部：数"
