"""Tables as offices really send them: from Excel in China, from other systems, broken on the way."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, strategies as st

from webapp.core.problems import Problem
from webapp.formats import tables
from webapp.formats.tables import read_table, write_csv, write_xlsx

TEXT = "邮件号,邮件种类,道段\n9876543210987,给据函件,东1段\nRR473124829CN,特快,2\n"
HEADER = ["邮件号", "邮件种类", "道段"]
ROWS = [(2, ["9876543210987", "给据函件", "东1段"]), (3, ["RR473124829CN", "特快", "2"])]


def workbook(*rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(Problem) as caught:
        read_table(data)
    assert caught.value.code == "bad-file"
    return caught.value.fields["file"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encodings_of_a_chinese_office_are_read_alike(encoding):
    table = read_table(TEXT.encode(encoding))
    assert (table.header, table.rows) == (HEADER, ROWS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_of_every_system(delimiter, end):
    table = read_table(TEXT.replace(",", delimiter).replace("\n", end).encode())
    assert (table.header, table.rows) == (HEADER, ROWS)


def test_empty_lines_are_skipped_and_the_others_keep_their_numbers():
    table = read_table("\n邮件号,道段\n\n , \n1,2\n,,\n3\n".encode())
    assert table.header_line == 2
    assert table.rows == [(5, ["1", "2"]), (7, ["3", ""])]


def test_a_cell_with_a_line_break_counts_from_where_it_begins():
    table = read_table(b'a,b\n"x\ny",1\nz,"2,5"\n')
    assert table.rows == [(2, ["x\ny", "1"]), (4, ["z", "2,5"])]


def test_a_quote_that_is_never_closed_swallows_no_rows():
    assert refused(b'a,b\n1,2\n"3,4\n5,6\n7,8\n') == "quotes:3"


def test_a_number_kept_from_rounding_by_a_formula_is_read_as_the_number():
    assert read_table(b'a,b\n="9876543210987",2\t\n').rows == [(2, ["9876543210987", "2"])]


def test_numbers_in_a_workbook_have_no_exponent_and_no_fraction():
    data = workbook(
        ["号", "日期", "时间", "重", "空"],
        [9876543210987, date(2026, 11, 20), datetime(2026, 11, 20, 8, 30), 1.5, None],
    )
    assert read_table(data).rows == [(2, ["9876543210987", "2026-11-20", "2026-11-20 08:30:00", "1.5", ""])]
    data = workbook(["号"], [1.23e12], [4.0], [0.00001], [True])
    assert [cells for _, cells in read_table(data).rows] == [["1230000000000"], ["4"], ["0.00001"], ["1"]]


def test_the_first_sheet_is_read_with_its_own_line_numbers():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A2"], book.active["B2"], book.active["A5"] = "号", "类", "x"
    book.create_sheet("other").append(["nothing"])
    book.save(out)
    table = read_table(out.getvalue())
    assert (table.header, table.header_line, table.rows) == (["号", "类"], 2, [(5, ["x", ""])])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\n \r\n", "empty"),
        (b",,\n,,\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "encoding"),
        (b"a,b\n\xff\xff\xff\n", "encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-excel"),
        (b"PK\x03\x04 and then nothing", "broken"),
        (b"a," * 61 + b"a\n", "columns"),
        (b"a\n" * 20_003, "rows"),
        (b"a" * (tables.MAX_BYTES + 1), "large"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data, reason):
    assert refused(data) == reason


def test_a_workbook_cut_short_is_refused():
    whole = write_xlsx(HEADER, [["1", "2", "3"]] * 50)
    assert refused(whole[: len(whole) // 2]) == "broken"


def test_a_workbook_with_a_damaged_sheet_is_refused():
    source, out = zipfile.ZipFile(io.BytesIO(write_xlsx(HEADER, [["1", "2", "3"]]))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-30] if "sheet1" in name else content)
    assert refused(out.getvalue()) == "broken"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (tables.MAX_UNPACKED + 1))
    assert len(out.getvalue()) < tables.MAX_BYTES
    assert refused(out.getvalue()) == "large"


def test_a_row_said_to_be_the_billionth_does_not_keep_the_server_busy():
    source, out = zipfile.ZipFile(io.BytesIO(workbook(["a"], ["b"]))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'r="2"', b'r="999999999"'))
    assert refused(out.getvalue()) == "rows"


def test_no_cell_of_an_export_is_a_formula():
    data = write_csv(["=A1"], [["+1"], ["-2"], ["@x"], ["\tz"], ["plain"], [None], [7]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n") == [
        "'=A1",
        "'+1",
        "'-2",
        "'@x",
        "'\tz",
        "plain",
        '""',
        "7",
        "",
    ]
    book = openpyxl.load_workbook(
        io.BytesIO(write_xlsx(["=A1"], [["=1+1"], ["http://x.example"], ["007"], [7]]))
    )
    cells = [row[0] for row in book.active.iter_rows()]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=A1", "s"), ("=1+1", "s"), ("http://x.example", "s"), ("007", "s"), (7, "n"),
    ]  # fmt: skip
    assert not any(cell.hyperlink for cell in cells)


cell = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Z"], exclude_characters="'\"\ufeff"),
    min_size=1,
    max_size=12,
)


@given(st.lists(st.lists(cell, min_size=3, max_size=3), max_size=8))
def test_what_is_written_is_read_back(rows):
    assert [cells for _, cells in read_table(write_csv(HEADER, rows)).rows] == rows


@given(st.binary(max_size=400))
def test_no_bytes_do_anything_but_become_a_table_or_a_problem(data):
    for start in (b"", b"PK\x03\x04", b"a,b\n"):
        try:
            table = read_table(start + data)
        except Problem as problem:
            assert problem.code == "bad-file"
        else:
            assert all(len(cells) >= len(table.header) for _, cells in table.rows)
