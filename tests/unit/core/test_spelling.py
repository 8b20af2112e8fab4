"""One name, written in all the ways that keyboards, phones and files write it, is one name; two names stay two."""

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from webapp.core.spelling import sought, spelt, spelt_code, spelt_login, spelt_name

DOTS = "·・•‧･∙⋅⸱●ꞏᐧ"
HYPHENS = "-‐‑‒–—―−－﹣﹘⁃➖"


@pytest.mark.parametrize("written", ["王芳", "王　芳", "王 芳", " 王\u200b芳\ufeff", "王\u00a0芳", "⺩芳".replace("⺩", "王"), "王\u3000\u3000芳", "王\u2060芳\ufe0f"])  # fmt: skip
def test_a_two_letter_name_spread_over_three_is_the_same_name(written):
    assert spelt_name(written) == "王芳"


@pytest.mark.parametrize("dot", [*DOTS, ".", "．", " · ", "\u200b·", " • "])
def test_every_middle_dot_of_a_mongolian_name_is_one(dot):
    assert spelt_name(f"孟和{dot}巴图") == "孟和·巴图"


@pytest.mark.parametrize("hyphen", HYPHENS)
def test_every_hyphen_is_one(hyphen):
    assert spelt_login(f"Ｌi{hyphen}Na") == "li-na"
    assert spelt_name(f"Anna{hyphen}Maria Berg") == "Anna-Maria Berg"
    assert spelt_code(f"abcd{hyphen}２３４５") == "ABCD2345"


@pytest.mark.parametrize("written", ["ABCD2345", "abcd 2345", "ＡＢＣＤ　２３４５", "ab\u200bcd_2345", "ABCD·2345", "abcd.2345\r\n", "\ufeffABCD–2345"])  # fmt: skip
def test_an_enrolment_code_may_be_typed_in_any_form(written):
    assert spelt_code(written) == "ABCD2345"


def test_names_of_two_people_stay_two():
    assert spelt_login("li-na") != spelt_login("lina")
    assert spelt_login("li.na") != spelt_login("li-na")
    assert spelt_name("乌兰 1-1") != spelt_name("乌兰 11")
    assert spelt_name("Бат") != spelt_name("Bат")


def test_chinese_punctuation_stays_chinese_and_brackets_are_one():
    assert spelt_name("投递部(东)") == spelt_name("投递部（东）") == "投递部（东）"
    assert spelt("甲，乙：丙") == "甲，乙：丙"
    assert spelt_name("Office (east)") == "Office (east)"


def test_traditional_mongolian_keeps_the_marks_that_spell_it():
    assert spelt_name("ᠮᠣᠩᠭᠣᠯ\u180eᠠ") == "ᠮᠣᠩᠭᠣᠯ\u180eᠠ"
    assert spelt_name("王\u180e芳") == "王芳"


def test_a_part_of_a_name_is_sought_without_its_dots_and_spaces():
    assert sought("孟和 巴图") == sought("孟和·巴图") == sought("孟和巴图") == "孟和巴图"
    assert sought("ANNA‐m") in sought("Anna-Maria")


@pytest.mark.parametrize("spell", [spelt, spelt_name, spelt_login, spelt_code, sought])
@given(st.text())
def test_what_is_spelt_once_stays_as_it_is(spell, text):
    assert spell(spell(text)) == spell(text)


VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "names.json").read_text())


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: ascii(row["written"]))
def test_desk_and_phone_seek_alike(row):
    assert sought(row["written"]) == row["sought"]


@pytest.mark.parametrize("written", ["王\n芳", "王\t芳", "王\x00芳", "王\x1f芳"])
def test_a_line_break_is_left_for_the_form_to_refuse(written):
    assert spelt_name(written) == written
