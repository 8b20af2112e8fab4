"""How figures, days and periods are put on a desk page."""

from collections import Counter
from types import SimpleNamespace

import pytest

from webapp.desk.ledger.figures import bounded, ordered, overall, rate, worst_in
from webapp.web.language import percent


def cell(status="met", done=0, **more):
    values = {"lines": Counter({status: 1}), "status": status, "done": done, "items": done, "interval": None}
    return SimpleNamespace(**{**values, "drawn": 0, "passive": False, **more})


def row(code, **cells):
    return SimpleNamespace(unit=SimpleNamespace(code=code), cells=cells)


def test_departments_where_nobody_did_anything_come_first_and_those_without_duties_last():
    rows = [
        row("1", a=cell("met", 20), b=cell("met", 20)),
        row("2", a=cell("missed", 3)),
        row("3", a=cell("due"), b=cell("due")),
        row("4", a=cell("not-applicable")),
        row("5", a=cell("missed", 3), b=cell("unknown", 1)),
    ]
    assert [each.unit.code for each in ordered(rows)] == ["3", "5", "2", "1", "4"]


def test_by_one_duty_the_worst_department_comes_first_and_where_it_does_not_apply_last():
    def done(status, number, missed=1):
        lines = Counter({status: missed})
        return cell(status, number, required=8, unknown_required=False, lines=lines)

    rows = [
        row("1", a=done("met", 8)),
        row("2", a=done("missed", 5)),
        row("3", a=done("not-applicable", 0)),
        row("4", a=done("missed", 2)),
        row("5", b=done("missed", 0)),
        row("6", a=done("due", 0)),
        row("7", a=done("unknown", 3)),
        row("8", a=done("missed", 2, missed=2)),
    ]
    assert [each.unit.code for each in worst_in(rows, "a")] == ["8", "4", "2", "7", "6", "1", "3", "5"]


def test_a_row_counts_its_lines_and_never_adds_sessions_to_points():
    sums = overall(
        row(
            "1",
            a=cell(lines=Counter(met=4, missed=1, due=2), done=30),
            b=cell("partial", 12),
            c=cell("not-applicable"),
        )
    )
    assert (sums.met, sums.applicable, sums.status, sums.idle) == (4, 8, "missed", False)
    assert not hasattr(sums, "required")


def test_a_row_without_applicable_lines_is_not_called_idle():
    sums = overall(row("1", a=cell("not-applicable")))
    assert (sums.applicable, sums.idle, sums.status) == (0, False, "not-applicable")


def test_a_missed_week_in_which_nobody_did_anything_is_idle_too():
    assert overall(row("1", a=cell("missed"), b=cell("due"))).idle


def test_only_drawn_items_have_an_interval():
    assert bounded(cell(interval=(0.9, 0.99), drawn=40))
    assert not bounded(cell(interval=None, drawn=0))
    assert not bounded(cell(interval=(0.0, 1.0), drawn=0))


def test_nothing_checked_has_no_rate_rather_than_a_rate_of_zero():
    assert rate(0, 0) is None
    assert rate(0, 4) == 0
    assert percent(None) == "—"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1, "100%"),
        (0.999, "99.9%"),
        (0.9999, "99.9%"),
        (0.5, "50%"),
        (0.001, "0.1%"),
        (0.00001, "0.1%"),
        (0, "0%"),
    ],
)
def test_one_failure_in_a_thousand_is_never_rounded_away(share, text):
    assert percent(share) == text
