"""What the columns of a file are taken for: headings before memory, memory before nothing, and a choice before both."""

import pytest

from webapp.core.problems import Problem
from webapp.formats.tables import Table
from webapp.org.file_columns import (
    CHOSEN,
    REMEMBERED,
    Column,
    assigned,
    chosen,
    heading_key,
    laid_out,
    missing,
    otherwise,
    read_as,
)

NAMES = {"邮件号": "number", "条码": "number", "种类": "class", "道段": "route"}
NEEDED = ("number", "class")


def column_of(cell: str) -> str | None:
    return NAMES.get(cell)


def laid(*lines: str) -> Table:
    first, *rows = [line.split(",") for line in lines]
    return laid_out(Table(first, [(n, cells) for n, cells in enumerate(rows, 2)]), column_of, NEEDED)


def taken(headings: str, **remembered: str) -> list[str]:
    return [one.taken for one in assigned(headings.split(","), column_of, remembered)]


def test_a_title_above_the_headings_is_passed_over():
    table = laid("清单,", "邮件号,种类,道段", "1,特快,2")
    assert (table.header, table.header_line, table.rows) == (
        ["邮件号", "种类", "道段"],
        2,
        [(3, ["1", "特快", "2"])],
    )


def test_where_something_needed_is_missing_the_line_that_names_most_is_the_heading():
    table = laid("清单,", "单号,种类,道段", "9876543210001,特快,2")
    assert (table.header, len(table.rows)) == (["单号", "种类", "道段"], 1)


def test_where_nothing_is_known_a_line_of_words_is_the_heading_and_a_line_with_a_number_is_a_row():
    assert laid("Waybill,Sort", "9876543210001,EMS").header == ["Waybill", "Sort"]
    table = laid("9876543210001,特快", "9876543210002,特快")
    assert (table.header, table.header_line, len(table.rows)) == (["", ""], 0, 2)


def test_a_heading_of_two_rows_is_one():
    table = laid("邮件号,种类,备", "邮件号,种类,道段", "1,特快,2")
    assert (table.header, len(table.rows)) == (["邮件号", "种类", "道段"], 1)


def test_what_the_file_says_itself_is_never_taken_by_memory():
    assert taken("单号,种类", 单号="number") == ["number", "class"]
    assert taken("单号,邮件号,种类", 单号="number") == ["", "number", "class"]
    found = assigned(["单号", "种类"], column_of, {"单号": "number"})
    assert [one.why for one in found] == [REMEMBERED, "heading"]


def test_a_choice_about_a_known_heading_holds_for_that_heading():
    assert taken("单号,邮件号,种类", 单号="number", 邮件号="") == ["number", "", "class"]
    assert taken("邮件号,条码,种类", 邮件号="") == ["", "number", "class"]


def test_of_a_heading_that_stands_twice_nothing_is_remembered_and_the_first_is_read():
    assert taken("单号,单号,种类", 单号="number") == ["", "", "class"]
    assert taken("邮件号,条码,种类") == ["number", "", "class"]


def test_a_choice_is_refused_by_its_name():
    for choices, said in (
        ({0: "number", 1: "number"}, "twice:number"),
        ({0: "seal"}, "unknown:seal"),
        ({7: "number"}, "unknown:number"),
        ({-1: ""}, "unknown:-1"),
    ):
        with pytest.raises(Problem) as caught:
            chosen(["甲", "乙"], choices, list(NAMES.values()))
        assert (caught.value.code, caught.value.fields) == ("invalid", {"columns": said})


def test_only_what_the_heading_does_not_say_is_worth_remembering():
    columns = [
        Column("单号", "number", CHOSEN),
        Column("种类", "class"),
        Column("道段", "", CHOSEN),
        Column("备注"),
    ]
    assert otherwise(columns, column_of) == {"单号": "number", "道段": ""}
    assert otherwise([Column("", "number"), Column("甲", "class"), Column("甲", "route")], column_of) == {}
    assert len(heading_key("很" * 200)) == 60


def test_what_is_read_is_headed_by_codes_and_what_is_missing_is_named():
    columns = [Column("单号", "number"), Column("备注"), Column("道段", "route")]
    assert missing(columns, NEEDED) == ["class"]
    table = read_as(Table(["单号", "备注", "道段"], [(2, ["1", "x", "2"])]), columns)
    assert (table.header, table.rows) == (["number", "route"], [(2, ["1", "2"])])
