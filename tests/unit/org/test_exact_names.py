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
        ("1–1", "c"),
        ("１\u200b‐1", "c"),
        ("2 一段", "d"),
        ("十一段", "b"),
        (Figure("11"), "b"),
    ],
)
def test_what_looks_the_same_in_any_font_is_the_same(written, id):
    assert ROUTES.find(written).id == id


@pytest.mark.parametrize("written", ["1_1", "1 1", "01", "001-1", "1.0", "*11", "11:", ""])
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


PEOPLE = Names(
    [
        Named("wang", "王芳（d0001）", ("王芳", "王芳 (d0001)", "d0001")),
        Named("menghe", "孟和·巴图（d0002）", ("孟和·巴图", "d0002")),
        Named("anna", "Anna Berg（annab）", ("Anna Berg", "annab")),
    ]
)


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("王　芳", "wang"),
        (" 王 芳\u200b", "wang"),
        ("王芳(D0001)", "wang"),
        ("Ｄ０００１", "wang"),
        *((f"孟和{dot}巴图", "menghe") for dot in "·・•‧●." + "\uff65\u2219"),
        ("孟和 • 巴图", "menghe"),
        ("ANNA  BERG", "anna"),
        ("Anna B", None),
        ("AnnaBerg", None),
        ("孟和巴图", None),
    ],
)
def test_a_name_or_login_in_a_file_is_spelt_as_everywhere(written, id):
    assert PEOPLE.find(written).id == id


def test_two_that_were_stored_unlike_and_are_spelt_alike_are_asked_about():
    older = Names(
        [
            Named("a", "王　芳（a1）", ("王　芳", "a1")),
            Named("b", "王芳（li-na）", ("王芳", "li-na")),
            Named("c", "LI‐NA（c3）", ("LI‐NA", "c3")),
        ]
    )
    for written, labels in (
        ("王　芳", "王　芳（a1）、王芳（li-na）"),
        ("王芳", "王　芳（a1）、王芳（li-na）"),
        ("Li–Na", "王芳（li-na）、LI‐NA（c3）"),
    ):
        found = older.find(written)
        assert found.id is None and found.several and found.labels == labels
    assert [older.find(one).id for one in ("王芳（a1）", "王芳（li-na）", "Li‐Na（c3）")] == ["a", "b", "c"]
