"""The sheets of a workbook: what they are called."""

import io

import openpyxl

from webapp.formats.sheets import Sheet, write_book


def names_of(*names: str) -> list[str]:
    book = write_book([Sheet(name, ["项目"], [["一"]]) for name in names])
    return openpyxl.load_workbook(io.BytesIO(book)).sheetnames


def test_two_departments_of_one_name_have_a_sheet_each():
    assert names_of("城关投递部", "城关投递部", "城关投递部") == [
        "城关投递部",
        "城关投递部 (2)",
        "城关投递部 (3)",
    ]


def test_names_that_excel_takes_for_the_same_are_told_apart():
    long = "内蒙古" * 12
    assert names_of("Office", "office") == ["Office", "office (2)"]
    assert [len(name) for name in names_of(long, long)] == [31, 31]


def test_a_name_keeps_no_sign_that_excel_refuses():
    assert names_of("一/二:三", "'甲'") == ["一 二 三", "甲"]
