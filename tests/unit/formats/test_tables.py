"""Tables as offices really send them: from Excel in China, from other systems, broken on the way."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, strategies as st

from webapp.core.problems import Problem
from webapp.formats import tables, workbooks
from webapp.formats.cells import Figure
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


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, **parts) -> bytes:
    """The workbook with parts replaced (``None`` in a name's place keeps it) or added, deflated."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.pop(name, source.read(name)))
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def test_the_first_visible_sheet_with_rows_is_read_with_its_own_line_numbers():
    book = openpyxl.Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("empty")
    list_ = book.create_sheet("list")
    list_["A2"], list_["B2"], list_["A5"], list_["C7"] = "号", "类", "x", " "
    book.create_sheet("other").append(["nothing"])
    book.active = 2
    table = read_table(saved(book))
    assert (table.header, table.header_line, table.rows) == (["号", "类"], 2, [(5, ["x", ""])])


def test_a_number_shown_with_leading_zeros_keeps_them():
    book = openpyxl.Workbook()
    book.active.append(["号", "道段", "件"])
    book.active.append([1234567890, 7, 7])
    book.active["A2"].number_format = "0000000000000"
    book.active["B2"].number_format = "000"
    book.active["C2"].number_format = "0"
    assert read_table(saved(book)).rows == [(2, ["0001234567890", "007", "7"])]


@pytest.mark.parametrize(
    "shown", ["yyyy/m/d;@", 'yyyy"年"m"月"d"日"', "[$-804]yyyy-mm-dd", "m/d/yy", "dddd, d mmmm yyyy"]
)
def test_a_day_is_a_day_however_it_is_shown(shown):
    book = openpyxl.Workbook()
    book.active.append(["日期"])
    book.active.append([date(2026, 11, 20)])
    book.active["A2"].number_format = shown
    assert read_table(saved(book)).rows == [(2, ["2026-11-20"])]
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert read_table(saved(book)).rows == [(2, ["2026-11-20"])]


def test_reading_marks_and_several_fonts_in_a_cell_do_not_change_its_text():
    text = "<si><r><t>特</t></r><r><rPr><b/></rPr><t>快</t></r><rPh sb='0' eb='1'><t>te kuai</t></rPh></si><si><t>b_x000D_</t></si>"
    shared = f"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>{text}</sst>"
    data = changed(write_xlsx(["a", "b"], []), **{"xl/sharedStrings.xml": shared})
    assert read_table(data).header == ["特快", "b"]


def test_a_workbook_of_a_program_that_writes_less_is_read():
    """No styles, no references, texts in the cells, names with backslashes, the strict edition's namespace."""
    sheet = (
        "<x:worksheet xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'><x:sheetData><x:row><x:c t='inlineStr'><x:is>"
        "<x:t>号</x:t></x:is></x:c><x:c t='str'><x:f>1</x:f><x:v>类</x:v></x:c></x:row><x:row><x:c><x:v>42</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    book = (
        "<workbook xmlns:r='http://purl.oclc.org/ooxml/officeDocument/relationships'><sheets>"
        "<sheet name='a' sheetId='1' r:id='r1'/></sheets></workbook>"
    )
    links = "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='/xl/one.xml'/></Relationships>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in (
            ("xl\\workbook.xml", book),
            ("xl\\_rels\\workbook.xml.rels", links),
            ("xl\\One.xml", sheet),
        ):
            target.writestr(name, content)
    table = read_table(out.getvalue())
    assert (table.header, table.rows) == (["号", "类"], [(2, ["42", ""])])


@pytest.mark.parametrize("title", ["投递清单,2026年11月20日", "投递清单（一段,二段,三段,四段）", "清单,,,"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_title_above_does_not_decide_what_delimits(title, delimiter):
    table = read_table(f"{title}\n{TEXT.replace(',', delimiter)}".encode())
    found = [(line - 1, cells[:3]) for line, cells in table.rows]
    assert found == [(1, HEADER), *ROWS]


@pytest.mark.parametrize("header", ["邮件号（13 位,必填）;邮件种类(特快,挂号,小包);道段", "a,b"])
def test_commas_in_brackets_of_a_header_delimit_nothing(header):
    if ";" in header:
        assert len(read_table(f"{header}\n1;2;3\n".encode()).header) == 3
    else:
        assert len(read_table(f"{header}\n1,2\n".encode()).header) == 2


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_the_delimiter_that_excel_writes_above_is_believed_and_counts_as_a_line(first):
    table = read_table(f"{first}\r\n号;名\r\n1;a,b,c\r\n".encode("utf-8-sig"))
    assert (table.header_line, table.header, table.rows) == (2, ["号", "名"], [(3, ["1", "a,b,c"])])


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
        (b"a," * 64 + b"a\n", "columns"),
        (b"," * 200_000 + b"\n", "columns"),
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


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = b"<x xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"xl/media/image1.png": b" " * (workbooks.MAX_UNPACKED + 1)}, "unpacked"),
        ({SHEET: MAIN + b"<row>" + b"<c/>" * 3_000_000 + b"</row></x>"}, "columns"),
        ({SHEET: MAIN + b"<row>" + b"<c><v>1</v></c>" * 600_000 + b"</row></x>"}, "columns"),
        ({SHEET: MAIN + b"<row><c r='XFD1'><v>1</v></c></row></x>"}, "columns"),
        ({SHEET: MAIN + b"<row><c><v>1</v></c></row>" * 30_000 + b"</x>"}, "rows"),
        ({STRINGS: MAIN + b"<si/>" * 500_000 + b"</x>"}, "unpacked"),
        ({"xl/styles.xml": MAIN + b"<cellXfs>" + b"<xf/>" * 100_000 + b"</cellXfs></x>"}, "unpacked"),
        ({"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "broken"),
        ({"xl/vbaProject.bin": b"Sub Auto_Open"}, "macros"),
    ],
    ids=[
        "huge-part",
        "empty-cells",
        "cells-in-a-row",
        "far-column",
        "rows",
        "texts",
        "styles",
        "entities",
        "macros",
    ],
)
def test_a_small_file_that_unpacks_to_gigabytes_is_refused_while_it_is_read(parts, reason):
    data = changed(write_xlsx(["a"], [["b"]]), **parts)
    assert len(data) < 200_000
    tracemalloc.start()
    try:
        assert refused(data) == reason
        assert tracemalloc.get_traced_memory()[1] < 100 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_row_said_to_be_the_billionth_does_not_keep_the_server_busy():
    source, out = zipfile.ZipFile(io.BytesIO(workbook(["a"], ["b"]))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'r="2"', b'r="999999999"'))
    assert refused(out.getvalue()) == "rows"


def test_hidden_rows_and_columns_are_there_and_named():
    book = openpyxl.Workbook()
    for row in (["号", "类", "道段", "空"], ["1", "a", "x"], ["2", "b", "y"], ["3", "c", "z"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.row_dimensions[9].hidden = True  # nothing stands there
    book.active.column_dimensions["B"].hidden = True
    book.active.column_dimensions["F"].hidden = True
    path = "xl/worksheets/sheet1.xml"
    sheet = zipfile.ZipFile(io.BytesIO(saved(book))).read(path).replace(b'<row r="4"', b'<row r="4" ht="0"')
    table = read_table(changed(saved(book), **{path: sheet}))
    assert (sorted(table.hidden_rows), sorted(table.hidden_columns)) == ([3, 4], [1])
    assert table.hides and not table.whole().hides and len(table.whole().rows) == 3
    seen = table.visible()
    assert (seen.header, seen.rows, seen.hides) == (["号", "道段", "空"], [(2, ["1", "x", ""])], False)
    assert not read_table(TEXT.encode()).hides


def test_a_filter_hides_what_it_filters_out():
    book = openpyxl.Workbook()
    for row in (["号", "道段"], ["1", "x"], ["2", "y"]):
        book.active.append(row)
    book.active.auto_filter.ref = "A1:B3"
    book.active.auto_filter.add_filter_column(1, ["x"])
    book.active.row_dimensions[3].hidden = True
    assert read_table(saved(book)).visible().rows == [(2, ["1", "x"])]


def test_the_value_of_a_merged_range_belongs_to_each_row_and_column_of_it():
    book = openpyxl.Workbook()
    for row in (
        ["号", "道段", "员", "备"],
        ["1", "东", "王", "甲"],
        ["2"],
        ["3"],
        ["4", "西", "李"],
        [None, None, None, None],
    ):
        book.active.append(row)
    for cells in ("B2:B4", "C2:D3", "A5:A6"):
        book.active.merge_cells(cells)
    assert read_table(saved(book)).rows == [
        (2, ["1", "东", "王", "王"]), (3, ["2", "东", "王", "王"]), (4, ["3", "东", "", ""]), (5, ["4", "西", "李", ""]),
    ]  # fmt: skip


def test_a_number_cell_is_told_from_a_text_and_from_one_shown_with_zeros():
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    book.active.append([1, "1", 1])
    book.active["C2"].number_format = "00"
    cells = read_table(saved(book)).rows[0][1]
    assert [isinstance(cell, Figure) for cell in cells] == [True, False, False]
    assert cells == ["1", "1", "01"]


def merged_many(count: int, ref: str) -> str:
    cells = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 3000))
    merges = f'<mergeCell ref="{ref}"/>' * count
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData><mergeCells>{merges}</mergeCells></worksheet>"
    )


@pytest.mark.parametrize(("count", "ref"), [(2_000, "A1:XFD1048576"), (70_000, "A1:A2")])
def test_merged_ranges_without_end_are_refused(count, ref):
    data = changed(write_xlsx(["a"], [["b"]]), **{"xl/worksheets/sheet1.xml": merged_many(count, ref)})
    assert refused(data) == "unpacked"


def test_a_number_that_no_machine_can_hold_stays_as_written():
    parts = {"xl/worksheets/sheet1.xml": merged_many(0, "").replace("<v>1</v>", "<v>1e999</v>", 2)}
    assert read_table(changed(write_xlsx(["a"], [["b"]]), **parts)).rows[0][1] == ["1e999"]


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
