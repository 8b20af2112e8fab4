"""A single line is what it is, wherever it is shown; only several lines together are rolled up [Reading: status]."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY
from tests.desk_lists import words
from tests.desk_records import today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.ledger.operations import open_lines
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

DUTY, TITLE = "receipt-sample", "签收质量抽查"


@pytest.fixture
def day(app):
    """A day that has closed and of which nobody told the volume."""
    found = today() - timedelta(days=7)
    app.cast = company.build_in(app)
    with app.app_context(), transaction() as session:
        for code in (CITY, "152502200"):
            open_lines(session, session.get(Unit, code), clock.now() - timedelta(days=7))
    return found


@pytest.fixture
def county(app, day):
    return company.client_for(app, app.cast, "county")


def asked(client, unit: str, period: str) -> dict:
    answer = client.get(f"/api/ledger?unit={unit}&period={period}").json["ledger"]
    return next(line for line in answer if line["duty"] == DUTY)


def shown(answer, row: str) -> str:
    """The status in the matrix's cell of a unit."""
    [found] = [part for part in re.split(r'<tr role="row"', answer.text)[1:] if f">{row}<" in part]
    cells = re.findall(r'(?s)<td role="cell" class="cell cell-([\w-]+)">(.*?)</td>', found)
    return next(status for status, body in cells if TITLE in body)


def test_programs_read_unknown_of_an_undecided_day_and_missed_of_its_week(county, day):
    line = asked(county, CITY, day.isoformat())
    assert (line["status"], line["lines"]) == ("unknown", {"unknown": 1})
    week = asked(county, CITY, period_of("week", day).code)
    assert sum(count for name, count in week["lines"].items() if name == "unknown") >= 1
    assert week["status"] == ("unknown" if week["lines"] == {"unknown": 1} else "missed")
    both = asked(county, COUNTY, day.isoformat())
    assert (both["status"], both["lines"]["unknown"]) == ("missed", 2)


def test_the_page_of_the_line_and_the_cell_of_the_matrix_say_that_it_cannot_be_told(county, day):
    page = county.get(f"/ledger/{CITY}/{DUTY}/{day}")
    assert 'class="card verdict verdict-unknown"' in page.text
    assert "无法判定" in words(page)
    assert shown(county.get(f"/ledger?unit={COUNTY}&period={day}"), "宝力根街道投递部") == "unknown"
    # Of the county there are two: that page rolls them up, and says so.
    assert 'class="card verdict verdict-missed"' in county.get(f"/ledger/{COUNTY}/{DUTY}/{day}").text


def test_the_spreadsheet_says_so_too(county, day):
    file = county.get(f"/ledger.xlsx?unit={CITY}&period={day}").data
    for sheet in openpyxl.load_workbook(io.BytesIO(file)).worksheets[:2]:
        head, *lines = sheet.iter_rows(values_only=True)
        said = [dict(zip(head, line, strict=True)) for line in lines]
        assert [one["状态"] for one in said if one["职责"].startswith(TITLE)] == ["无法判定"], sheet.title
