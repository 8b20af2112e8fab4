"""A document that comes back as a file: what was issued is known again, and whatever was changed in it is named by its place."""

import io
from copy import deepcopy
from datetime import timedelta

import pytest
from flask_babel import force_locale
from openpyxl import load_workbook
from pypdf import PdfReader, PdfWriter

from tests.cast import CITY, COUNTY, build_in, client_for
from tests.desk_lists import words
from tests.document_office import Papers, tenth
from tests.ledger_stories import called, form, noon
from tests.ledger_tables import MON
from tests.upper_histories import Region, upper_sealed
from webapp.core.ids import new_id
from webapp.desk.documents import paper
from webapp.formats.typeset import typeset
from webapp.recording.documents import body_digest

WRITTEN = tenth(9, day=2)


@pytest.fixture
def region(app):
    made = Region(app, build_in(app))
    made.advance(noon(MON, 1))
    made.advance(WRITTEN - timedelta(hours=1))
    return made


@pytest.fixture
def papers(region):
    return Papers(region.app, region.cast)


@pytest.fixture
def report(region, papers):
    """A county's report on relay points, issued with a call at one of five."""
    calls(region, 1)
    return papers.issued(WRITTEN)


def calls(region: Region, day: int) -> None:
    point = list(region.cast.points.values())[day - 1]
    sent = upper_sealed(form("relay", MON, called([point]), CITY, COUNTY), new_id())
    (outcome,) = region.push("county", WRITTEN, sent)
    assert outcome.problem is None, outcome.problem.fields


def downloaded(region, one: str, ending: str, lang: str = "zh", login: str = "county") -> bytes:
    answer = client_for(region.app, region.cast, login).get(f"/documents/{one}.{ending}?lang={lang}")
    assert answer.status_code == 200
    return answer.data


def asked(region, data: bytes, name: str = "x.pdf", login: str = "county"):
    return client_for(region.app, region.cast, login).post("/verify", data={"file": (io.BytesIO(data), name)})


def checked(region, path, data: bytes):
    path.write_bytes(data)
    return region.app.test_cli_runner().invoke(args=["verify", str(path)])


def forged(papers, one: str, lang: str = "zh", digest: str | None = None) -> bytes:
    """What somebody with the same tools would make who wants another figure on the same paper."""
    body = papers.body(one)
    other = deepcopy(body)
    table = other["sections"][0]["tables"][0]
    cell = next(cell for row in table["rows"] for cell in row["cells"] if cell.get("of") == 5)
    assert cell["v"] == 1
    cell["v"] = 5
    with papers.app.test_request_context(), force_locale(lang):
        return typeset("document", paper.data_of(other, digest or body_digest(body)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pdf_as_it_was_downloaded_is_known_to_the_last_byte(region, report, tmp_path, lang):
    data = downloaded(region, report, "pdf", lang)
    done = checked(region, tmp_path / "x", data)
    assert done.exit_code == 0 and "No fault found." in done.output and "saved it anew" not in done.output
    said = words(asked(region, data))
    assert "这份文件与签发的完全一致" in said and "转报〔2026〕1号" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_figure_that_was_changed_is_named_with_its_page(region, papers, report, tmp_path, lang):
    done = checked(region, tmp_path / "x", forged(papers, report, lang))
    assert done.exit_code == 1 and "page 1: “" in done.output, done.output
    assert "5/5" in done.output and "issued was" in done.output and "1/5" in done.output
    assert "第 1 页" in words(asked(region, forged(papers, report, lang)))


def test_without_its_digest_it_is_found_by_number_and_unit(region, papers, report, tmp_path):
    done = checked(region, tmp_path / "x", forged(papers, report, digest="0" * 64))
    assert done.exit_code == 1 and "5/5" in done.output


def test_one_that_a_program_saved_anew_says_the_same_and_is_not_the_same(region, report, tmp_path):
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(downloaded(region, report, "pdf")))), io.BytesIO()
    writer.add_metadata({"/Producer": "other"})
    writer.write(out)
    done = checked(region, tmp_path / "x", out.getvalue())
    assert done.exit_code == 0 and "saved it anew" in done.output
    assert "重新保存过" in words(asked(region, out.getvalue()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_is_compared_cell_by_cell(region, report, tmp_path, lang):
    data = downloaded(region, report, "xlsx", lang)
    assert checked(region, tmp_path / "x", data).exit_code == 0
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[1]
    place = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "1/5")
    place.value = "5/5"
    out = io.BytesIO()
    book.save(out)
    done = checked(region, tmp_path / "x", out.getvalue())
    assert done.exit_code == 1, done.output
    [named] = [line for line in done.output.splitlines() if "5/5" in line]
    assert f"sheet “{sheet.title}”, row {place.row}, column {place.column}" in named and "1/5" in named


def test_what_became_of_it_is_said(region, papers, report, tmp_path):
    data = downloaded(region, report, "pdf")
    papers.move("county", WRITTEN, report, "send")
    papers.move("league", WRITTEN, report, "receive")
    papers.move("league", WRITTEN, report, "reject", "请补充原因")
    assert "It was returned" in checked(region, tmp_path / "x", data).output
    again = papers.correct("county", WRITTEN, report)
    papers.check("league", WRITTEN, again)
    papers.issue("county", WRITTEN, again)
    assert "version 2" in checked(region, tmp_path / "x", data).output
    assert checked(region, tmp_path / "x", downloaded(region, again, "pdf")).exit_code == 0
    papers.move("county", WRITTEN, again, "void", "月份写错")
    assert "It was declared void." in checked(region, tmp_path / "x", downloaded(region, again, "pdf")).output


def test_what_would_be_otherwise_today_is_told_to_who_may_write_it(region, papers, report, tmp_path):
    data = downloaded(region, report, "pdf")
    calls(region, 2)
    done = checked(region, tmp_path / "x", data)
    assert done.exit_code == 0, done.output
    assert "Today: " in done.output and "1/5 → 2/5" in done.output
    assert "1/5 → 2/5" in words(asked(region, data))
    page = words(client_for(region.app, region.cast, "county").get(f"/documents/{report}"))
    assert "项与签发时不同" in page


def test_nobody_learns_of_a_document_that_is_not_in_sight(region, report):
    data = downloaded(region, report, "pdf")
    answer = asked(region, data, login="nextcounty")
    assert answer.status_code == 422 and "您能查看的文书中" in words(answer) and "1号" not in words(answer)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 5000, b"PK\x03\x04xl/workbook.xml" + b"0" * 400]
)
def test_what_cannot_be_read_is_said_in_words(region, data):
    answer = asked(region, data)
    assert answer.status_code == 422 and ("PDF" in words(answer) or "文件" in words(answer))


def test_a_pdf_with_a_flood_of_lines_is_named_by_its_page_and_cut(region, papers, report, tmp_path):
    body = deepcopy(papers.body(report))
    body["sections"][1]["text"] = [
        "\n".join(f"{n % 7}号线已按要求检查并登记在册，没有发现问题" for n in range(3000))
    ]
    with papers.app.test_request_context(), force_locale("zh"):
        data = typeset("document", paper.data_of(body, body_digest(papers.body(report))))
    done = checked(region, tmp_path / "x", data)
    assert done.exit_code == 1 and "page 1: " in done.output
    assert max(map(len, done.output.splitlines())) < 600


def test_another_pdf_is_no_document(region):
    data = typeset("form", FORM)
    answer = asked(region, data)
    assert answer.status_code == 422 and "文号" in words(answer)


FORM = {"title": "国内小包检查记录表", "language": "zh", "made_at": "2026-12-02T09:00:00+08:00", "sheets": []}
