"""Who a cell names: exactly one, several, or none; never the first that looks alike."""

import pytest
from hypothesis import given, strategies as st

from webapp.formats.cells import Figure
from webapp.org.exact_names import Named, Names, folded, word

ROUTES = Names(
    [
        Named("a", "1 一段", ("1", "一段")),
        Named("b", "11 十一段", ("11", "十一段")),
        Named("c", "1-1 一之一", ("1-1", "一之一")),
        Named("d", "2 一段", ("2", "一段")),
    ]
)


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("1", "a"),
        ("１１", "b"),
        (" 1-1 ", "c"),
        ("1－1", "c"),
        ("2 一段", "d"),
        ("十一段", "b"),
        (Figure("11"), "b"),
    ],
)
def test_what_looks_the_same_in_any_font_is_the_same(written, id):
    assert ROUTES.find(written).id == id


@pytest.mark.parametrize("written", ["1_1", "1 1", "01", "001-1", "1.0", "*11", "11:", "", "1–1"])
def test_what_is_only_alike_is_named_and_not_taken(written):
    found = ROUTES.find(written)
    assert found.id is None and not found.several


def test_two_of_one_name_are_a_question():
    found = ROUTES.find("一段")
    assert found.id is None and found.several and found.labels == "1 一段、2 一段"


def test_capitals_that_make_two_things_one_are_a_question():
    names = Names([Named("a", "A", ("A",)), Named("b", "a", ("a",))])
    assert names.find("A").several and names.find("ａ").several


def test_a_number_of_a_workbook_may_have_lost_its_zeros():
    names = Names([Named("a", "1 x", ("1",)), Named("b", "01 y", ("01",))])
    assert names.find("1").id == "a"
    assert names.find(Figure("1")).several
    only = Names([Named("b", "01 y", ("01",))])
    assert only.find(Figure("1")).id is None and only.find(Figure("1")).labels == "01 y"


def test_a_word_of_a_fixed_list_keeps_a_lonely_dash():
    assert word("Express-Mail") == word("express mail") == word("express_mail")
    assert word("-") == "-" and word("*") == "*"


NAMES = st.lists(
    st.text("0123-_. aA一段１－", min_size=1, max_size=4), min_size=1, max_size=6, unique_by=folded
)


@given(NAMES, st.text("0123-_. aA一段１－", max_size=4))
def test_one_is_only_ever_taken_for_what_looks_just_like_it(names, written):
    found = Names(Named(f"id{n}", f"label{n}", (name,)) for n, name in enumerate(names)).find(written)
    same = [n for n, name in enumerate(names) if folded(name) == folded(written)]
    assert found.id == (f"id{same[0]}" if same else None)
