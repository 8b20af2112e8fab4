"""The offices' forms over the whole way: a check arrives, and stands in the form of its department."""

import io
import json
import os
import time
from urllib.parse import unquote

import openpyxl
import pypdf
import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, RURAL
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core.database import transaction
from webapp.desk.paper import batches
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.org.models import Unit

MONTH = f"{today():%Y-%m}"


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def checked(app, cast):
    """A parcel check of today with one that failed."""
    assert send(app, cast, "lead", envelope(inspection(parcels(20, failed=1)))).state == "stored"


def get(app, cast, login: str, path: str, **query):
    return company.client_for(app, cast, login).get(path, query_string=query)


def text_of(answer) -> str:
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_a_check_stands_in_the_form_of_its_department(app, cast, checked):
    answer = get(app, cast, "county", "/forms/checks.pdf", unit=COUNTY, period=MONTH, form="parcel")
    text = text_of(answer)
    assert "国内小包投递服务质量检查记录表" in text and "宝力根街道投递部" in text
    assert "不合格" in text and "第1页，共1页" in text
    book = openpyxl.load_workbook(
        io.BytesIO(
            get(app, cast, "county", "/forms/checks.xlsx", unit=COUNTY, period=MONTH, form="parcel").data
        )
    )
    assert book.sheetnames == ["宝力根街道投递部"]
    head, *rows = book.active.iter_rows(values_only=True)
    assert head[:4] == ("序号", "邮件号码", "段道", "投递员")
    assert len(rows) == 20 and [row[0] for row in rows] == list(range(1, 21))
    verdicts = [dict(zip(head, row, strict=True))["结论"] for row in rows]
    assert sorted(verdicts) == ["不合格"] + ["合格"] * 19
    failed = next(dict(zip(head, row, strict=True)) for row in rows if "不合格" in row)
    assert failed["问题描述"] and failed["整改期限"]
    assert failed["检查日期"].date() == today()


def test_one_check_alone_is_taken_from_its_own_page(app, cast):
    first, second = envelope(inspection(parcels(20))), envelope(inspection(parcels(3, first=40)))
    for sent in (first, second):
        assert send(app, cast, "lead", sent).state == "stored"
    director = company.client_for(app, cast, "director")
    page = director.get(f"/inspections/{second['id']}").text
    assert f"/forms/checks.pdf?check={second['id']}" in page
    answer = director.get("/forms/checks.xlsx", query_string={"check": second["id"]})
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).active.max_row == 4
    for check in ("nothing", cast.people["director"]):
        assert director.get("/forms/checks.pdf", query_string={"check": check}).status_code == 404


def test_the_page_says_what_a_form_would_hold_and_who_took_it_out_last(app, cast, checked):
    director = company.client_for(app, cast, "director")
    where = {"unit": CITY, "period": MONTH, "form": "parcel"}
    page = director.get("/forms", query_string=where).text
    assert "20 行" in page and "还没有导出过" in page
    director.get("/forms/checks.xlsx", query_string=where)
    page = director.get("/forms", query_string=where).text
    assert "还没有导出过" not in page and "国内小包检查记录表_宝力根街道投递部" in page
    assert "陈高娃（国内" in page  # who it was
    # Of another form, and of the county as a whole, nothing was taken out.
    assert "还没有导出过" in director.get("/forms", query_string={**where, "form": "relay"}).text
    assert "还没有导出过" in get(app, cast, "county", "/forms", unit=COUNTY, period=MONTH).text


def test_of_a_period_without_records_there_is_no_file(app, cast, checked):
    answer = get(app, cast, "director", "/forms/checks.pdf", unit=CITY, period="2026-01", form="parcel")
    assert answer.status_code == 302


def test_words_that_were_deleted_in_time_are_missed_below_the_table(app, cast, checked):
    where = {"unit": CITY, "period": MONTH, "form": "parcel"}
    assert "按期删除" not in text_of(get(app, cast, "director", "/forms/checks.pdf", **where))
    with app.app_context(), transaction() as session:
        session.query(Fact).filter(Fact.kind == "parcel").update({"personal": None, "salt": None})
    assert "1次检查的文字说明已满180天" in text_of(get(app, cast, "director", "/forms/checks.pdf", **where))


def test_a_character_that_cannot_be_printed_is_named_with_its_place_and_excel_is_made(app, cast, checked):
    with app.app_context(), transaction() as session:
        session.get(Unit, CITY).name = "王\U00020bb7投递部"
    where = {"unit": CITY, "period": MONTH, "form": "parcel"}
    answer = get(app, cast, "director", "/forms/checks.pdf", **where)
    assert answer.status_code == 422
    assert "U+20BB7" in answer.text and "投递部" in answer.text and "Excel" in answer.text
    assert get(app, cast, "director", "/forms/checks.xlsx", **where).status_code == 200


def test_who_found_something_covertly_is_named_to_nobody_of_the_inspected_department(app, cast, checked):
    with app.app_context(), transaction() as session:
        session.query(Inspection).update({"method": "covert", "acting_code": COUNTY})
    where = {"unit": CITY, "period": MONTH, "form": "parcel"}
    assert "检查组" in text_of(get(app, cast, "director", "/forms/checks.pdf", **where))
    assert "检查组" not in text_of(get(app, cast, "county", "/forms/checks.pdf", **where))


def test_the_registers_hold_what_their_lists_show(app, cast, checked):
    text = text_of(get(app, cast, "director", "/points/register.pdf", unit=CITY, state="all"))
    assert "接转点管理台账" in text
    assert "填报人：陈高娃" in text
    text = text_of(get(app, cast, "county", "/cases/register.pdf", unit=COUNTY))
    assert "服务质量问题整改台账" in text and "宝力根街道投递部" in text
    assert "宝力根街道投递部" not in text_of(get(app, cast, "county", "/cases/register.pdf", unit=RURAL))


# ---------------------------------------------------------------- in the background


def begun(app, cast, login: str):
    client = company.client_for(app, cast, login)
    answer = client.post("/forms/batch", query_string={"unit": COUNTY, "period": MONTH, "form": "parcel"})
    assert answer.status_code == 303
    return client


def finished(client) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = client.get("/forms/batch")
        if "Refresh" not in answer.headers:
            return answer.text
        time.sleep(0.2)
    raise AssertionError("it is not made within a minute")


def test_sheets_of_many_departments_are_made_in_the_background_and_taken_by_who_asked(
    app, cast, checked, monkeypatch
):
    visit = inspection(parcels(3), unit=RURAL, acting=COUNTY)
    assert send(app, cast, "county", envelope(visit)).state == "stored"
    monkeypatch.setattr(batches, "ROWS", 1)  # each department is set by itself
    client = begun(app, cast, "county")
    page = finished(client)
    assert "保留一天" in page
    answer = client.get("/forms/batch/sheets.pdf", query_string={"unit": COUNTY})
    assert answer.mimetype == "application/pdf"
    assert "国内小包检查记录表_锡林浩特市" in unquote(answer.headers["Content-Disposition"])
    pdf = pypdf.PdfReader(io.BytesIO(answer.data))
    assert [mark.title for mark in pdf.outline] == ["宝力根街道投递部", "宝力根苏木支局"]
    assert [pdf.get_destination_page_number(mark) for mark in pdf.outline] == [0, 1]
    assert "pdfaid:conformance>B<" in pdf.trailer["/Root"]["/Metadata"].get_data().decode()
    assert pdf.trailer["/ID"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    # It is nobody else's.
    assert get(app, cast, "director", "/forms/batch/sheets.pdf").status_code == 404
    assert get(app, cast, "director", "/forms/batch").status_code == 302


def test_what_cannot_be_made_says_why(app, cast, checked):
    with app.app_context(), transaction() as session:
        session.get(Unit, CITY).name = "王\U00020bb7投递部"
    client = begun(app, cast, "county")
    assert "U+20BB7" in finished(client)
    assert client.get("/forms/batch/sheets.pdf").status_code == 404


def test_a_batch_that_nobody_works_on_any_more_is_said_to_have_stopped(app, cast, checked):
    client = begun(app, cast, "county")
    finished(client)
    [state] = batches.folder_of(app).glob("*.json")
    state.write_text(json.dumps({**json.loads(state.read_text()), "state": batches.WORKING}))
    os.utime(state, (time.time() - 3600,) * 2)
    assert "中途停止" in client.get("/forms/batch").text
    state.write_text("{")
    assert client.get("/forms/batch").status_code == 302


def test_tick_deletes_what_was_made_a_day_ago(app, cast, checked):
    finished(begun(app, cast, "county"))
    made = sorted(batches.folder_of(app).iterdir())
    assert len(made) == 2  # the file, and how far it is
    app.test_cli_runner().invoke(args=["tick"])
    assert sorted(batches.folder_of(app).iterdir()) == made
    for path in made:
        os.utime(path, (time.time() - 25 * 3600,) * 2)
    app.test_cli_runner().invoke(args=["tick"])
    assert not list(batches.folder_of(app).iterdir())


def test_departments_are_set_together_up_to_so_many_rows():
    sizes = [500, 300, 1, 900, 10, 20]
    made = list(batches.chunks([(n, rows) for n, rows in enumerate(sizes)]))
    assert [[rows for _, rows in chunk] for chunk in made] == [[500, 300], [1], [900], [10, 20]]
