"""Documents as PDF: what is in them, that nothing from outside is ever markup, and what cannot be drawn is named."""

import io
from datetime import datetime
from itertools import pairwise

import pypdf
import pytest
from hypothesis import example, given, settings, strategies as st

from webapp.core.problems import Problem
from webapp.formats import typeset as engine
from webapp.formats.typeset import FontError, MissingGlyph, TemplateError, typeset

MADE_AT = "2026-12-01T10:20:30+08:00"
HOSTILE = [
    "#import \"paper.typ\": *", "#read(\"/etc/passwd\")", "*bold* _slanted_ `raw`", "\\ \\u{41} \\\"", "$x^2$ $", "<sheet-end>", "@ref", "// gone",
    "/* gone", "= heading", "- list\n+ list", "[", "]", "#", "{{ title }}", "http://a.example", "~", "---", "'quoted' \"quoted\"",
]  # fmt: skip


def document(*texts: str, **more) -> dict:
    """A form with one row."""
    columns = [f"列{n}" for n in range(len(texts))]
    sheet = {
        "title": "检查记录表", "bookmark": "甲投递部", "head": [["检查单位", "甲投递部"]], "columns": columns, "widths": [3] * len(texts), "figures": [], "rows": [list(texts)],
        "notes": [],
    }  # fmt: skip
    return {"title": "检查记录表", "language": "zh", "made_at": MADE_AT, "sheets": [sheet], **more}


def sheets(count: int, rows: int) -> dict:
    one = document("甲", "乙")["sheets"][0]
    return document(sheets=[{**one, "bookmark": f"表{n}", "rows": [["1", "2"]] * rows} for n in range(count)])


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    """All its text without spaces and ends of lines, which a reader of PDF guesses."""
    return "".join("".join(page.extract_text() for page in read(data).pages).split())


def test_a_document_says_that_it_is_pdf_a_and_what_it_is_called_in_which_language_and_when():
    pdf = read(typeset("form", document("甲")))
    catalog, said = pdf.trailer["/Root"], pdf.xmp_metadata
    assert catalog["/Type"] == "/Catalog"
    assert catalog["/Lang"] == "zh"
    packet = catalog["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in packet and "<pdfaid:conformance>B</pdfaid:conformance>" in packet
    assert said.dc_title == {"x-default": "检查记录表"} or "检查记录表" in str(said.dc_title)
    assert said.xmp_create_date == datetime(2026, 12, 1, 2, 20, 30)
    assert catalog["/OutputIntents"]


def test_only_our_font_is_used_and_it_is_whole_in_the_file():
    fonts = {
        font["/BaseFont"].partition("+")[2]: font["/DescendantFonts"][0]["/FontDescriptor"]
        for page in read(typeset("form", document("甲 bold 1"))).pages
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values())
    }
    assert set(fonts) == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert all("/FontFile2" in descriptor for descriptor in fonts.values())


def test_the_same_data_give_the_same_bytes_and_other_data_give_others():
    one = typeset("form", document("甲"))
    assert typeset("form", document("甲")) == one
    assert typeset("form", document("甲", made_at="2026-12-01T10:20:31+08:00")) != one
    assert typeset("form", document("乙")) != one


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_is_drawn_as_it_stands(text):
    assert "".join(text.split()) in text_of(typeset("form", document(text, "乙")))


@given(st.text(max_size=40))
@example("e\u0301")
@example("שלום")
@example("\u202e正")
@example("正\u20dd")
@example("葛\U000e0100")
@settings(max_examples=40, deadline=None)
def test_whatever_the_text_it_is_drawn_or_its_character_is_named(text):
    try:
        data = typeset("form", document(text))
    except MissingGlyph as missing:
        assert missing.character in text
        assert missing.place == "sheets[0].rows[0][0]"
    else:
        assert len(read(data).pages) == 1


@pytest.mark.parametrize(
    ("text", "point"),
    [("王\U00020bb7", "U+20BB7"), ("ᠮᠣᠩᠭᠣᠯ", "U+182E"), ("好😀", "U+1F600"), ("مرحبا", "U+0645"), ("a\0b", "U+0000"), ("\ud800", "U+D800")],
)  # fmt: skip
def test_a_character_that_the_font_lacks_is_named_with_its_code_point_and_place(text, point):
    with pytest.raises(MissingGlyph) as caught:
        typeset("form", document("甲", text))
    assert point in caught.value.message("zh")
    assert "sheets[0].rows[0][1]" in caught.value.message("en")
    caught.value.message("en").encode()  # it can be shown, whatever the character


def test_what_turns_the_direction_of_text_turns_nothing():
    data = typeset("form", document("\u202e123\u202c \u2066456"))
    assert "123456" in text_of(data)
    assert data == typeset("form", document("123 456"))


def test_each_sheet_begins_a_page_has_a_bookmark_and_counts_its_own_pages():
    pdf = read(typeset("form", sheets(3, 60)))
    starts = [pdf.get_destination_page_number(one) for one in pdf.outline]
    assert [one.title for one in pdf.outline] == ["表0", "表1", "表2"]
    each = len(pdf.pages) // 3
    assert each > 1 and starts == [0, each, 2 * each]
    assert all(b - a == each for a, b in pairwise(starts))
    feet = ["".join(page.extract_text().split()) for page in pdf.pages]
    assert all(f"第{n % each + 1}页，共{each}页" in foot for n, foot in enumerate(feet))
    assert all("列0" in foot for foot in feet)  # the head of the table repeats


def test_an_english_document_counts_its_pages_in_english():
    pdf = read(typeset("form", {**sheets(1, 1), "language": "en"}))
    assert "Page 1 of 1" in pdf.pages[0].extract_text()
    assert pdf.trailer["/Root"]["/Lang"] == "en"


def test_a_long_word_goes_on_in_the_next_line_of_its_own_cell():
    narrow = document("9" * 60, *["x"] * 9)
    lines = set()

    def visit(text, ctm, matrix, _font, _size):
        if "9" in text:
            lines.add((round(ctm[5]), round(matrix[5])))

    pdf = read(typeset("form", narrow))
    pdf.pages[0].extract_text(visitor_text=visit)
    assert "9" * 60 in text_of(typeset("form", narrow))
    assert len(lines) > 1


def test_a_digest_stands_at_the_foot():
    assert "ab" * 8 in text_of(typeset("form", document("甲", digest="ab" * 32)))


def test_a_template_that_is_wrong_or_not_there_is_said_plainly(tmp_path, monkeypatch):
    with pytest.raises(TemplateError, match="nowhere"):
        typeset("nowhere", document("甲"))
    monkeypatch.setattr(engine, "TEMPLATES", tmp_path)
    for source in (
        "#nothing",
        '#read("/etc/hostname")',
        '#read("../secret")',
        '#image("../../static/icons/icon.png")',
    ):
        (tmp_path.parent / "secret").write_text("secret")
        (tmp_path / "wrong.typ").write_text(source)
        with pytest.raises(TemplateError, match="wrong"):
            typeset("wrong", document("甲"))


def test_a_server_without_its_font_says_how_it_gets_one(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "FONTS", tmp_path)
    engine._drawn.cache_clear()
    try:
        with pytest.raises(FontError, match=r"run\.py prepare"):
            typeset("form", document("甲"))
    finally:
        engine._drawn.cache_clear()


def test_a_document_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0.001)
    with pytest.raises(Problem) as caught:
        typeset("form", document("甲"))
    assert caught.value.code == "busy"


def test_no_template_evaluates_text_reads_other_files_or_asks_the_network():
    sources = {path.name: path.read_text() for path in engine.TEMPLATES.glob("*.typ")}
    assert {"paper.typ", "form.typ"} <= set(sources)
    for name, source in sources.items():
        for word in ("eval(", "@preview", "read(", "plugin(", 'mode: "markup"'):
            assert word not in source, (name, word)
