"""Every file that leaves the desk: its name, its days and instants, and that no cache keeps it."""

import io
import json
import re
import time
from datetime import date, datetime, timedelta
from urllib.parse import unquote

import openpyxl
import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY
from tests.desk_lists import imported, listed, post
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.document_office import Papers
from webapp.core.clock import LOCAL, local_date, now
from webapp.core.database import db, transaction
from webapp.ledger.models import LedgerLine
from webapp.ledger.operations import open_lines
from webapp.org.models import Device, Unit
from webapp.org.unit_columns import HEADERS
from webapp.rulebook.periods import period_of

ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")
MARKUP = re.compile(r"</?[a-zA-Z]")
ENDINGS = ("csv", "xlsx", "txt", "toml", "pdf")


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def worked(app, cast):
    """A check of today, a phone that holds something back, a sealed list; the addresses of all files with who asks."""
    assert send(app, cast, "lead", envelope(inspection(parcels(20, failed=1)))).state == "stored"
    with app.app_context(), transaction() as session:
        open_lines(session, session.get(Unit, CITY), now())
        device, _ = company.device_for(session, cast.people["lead"], "Android · Edge")
        row = session.get(Device, device)
        row.held_records, row.held_photos, row.synced_at = 3, 7, now() - timedelta(hours=2)
    director = company.client_for(app, cast, "director")
    manifest = imported(director, listed(31), day=today() - timedelta(days=1))
    post(director, manifest, "seal")
    document = Papers(app, cast).issued(now(), period=f"{today():%Y-%m}")
    return [
        ("county", f"/ledger.xlsx?unit={COUNTY}&period={today():%Y-%m}"),
        ("county", f"/ledger.xlsx?unit={CITY}&period={today()}"),
        *(("director", f"/points/export.{end}?unit={CITY}&state=all") for end in ("xlsx", "csv")),
        *(("director", f"/manifests/template.{end}?unit={CITY}") for end in ("xlsx", "csv")),
        *(("county", f"/units/import/template.{end}?sort={sort}") for end in ("xlsx", "csv") for sort in HEADERS),
        *(("county", f"/cases/export.{end}?unit={COUNTY}&state=all") for end in ("xlsx", "csv")),
        *(("county", f"/cases/figures.{end}?unit={COUNTY}&month={today():%Y-%m}") for end in ("xlsx", "csv")),
        *(("county", f"/forms/checks.{end}?unit={COUNTY}&period={today():%Y-%m}&form=parcel") for end in ("xlsx", "pdf")),
        *(("director", f"/points/register.{end}?unit={CITY}&state=all") for end in ("xlsx", "pdf")),
        *(("county", f"/cases/register.{end}?unit={COUNTY}&state=all") for end in ("xlsx", "pdf")),
        ("county", made_in_the_background(company.client_for(app, cast, "county"))),
        ("director", f"/manifests/{manifest}/list.txt"),
        ("county", "/rules/editions/source.toml"),
        *(("county", f"/documents/{document}.{end}") for end in ("xlsx", "pdf")),
    ]  # fmt: skip


def made_in_the_background(client) -> str:
    """The address of a form of many departments, once it is there."""
    client.post("/forms/batch", query_string={"unit": COUNTY, "period": f"{today():%Y-%m}", "form": "parcel"})
    until = time.monotonic() + 60
    while "Refresh" in client.get("/forms/batch").headers and time.monotonic() < until:
        time.sleep(0.2)
    return "/forms/batch/sheets.pdf"


def named(answer) -> str:
    """The name under which a browser saves the file: the one of RFC 5987, where there is one."""
    return unquote(re.search(r"filename\*=UTF-8''([^;]+)$", answer.headers["Content-Disposition"])[1])


def book(answer) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def rows(sheet) -> list[dict]:
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_every_file_has_a_chinese_name_is_kept_by_no_cache_and_holds_real_dates(app, cast, worked):
    for login, path in worked:
        answer = company.client_for(app, cast, login).get(path)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["Content-Disposition"].isascii(), path
        assert re.match(r'attachment; filename="[\w.-]+"; ', answer.headers["Content-Disposition"]), path
        ending = path.partition("?")[0].rpartition(".")[2]
        assert re.fullmatch(rf"[一-鿿][^/\\:*?\"<>|]*\.{ending}", named(answer)), named(answer)
        if ending == "xlsx":
            every_cell_is_what_it_says(book(answer), path)
    [log] = app.config["EVENTS_DIRECTORY"].glob("*.log")
    kept = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["kind"] for one in kept] == ["export"] * len(worked)  # each is an event, by its name


def every_cell_is_what_it_says(found: openpyxl.Workbook, path: str) -> None:
    for sheet in found:
        assert sheet.freeze_panes == "B2", path
        assert sheet.auto_filter.ref == sheet.dimensions, path
        columns = sheet.column_dimensions.values()
        for cell in (one for row in sheet.iter_rows() for one in row if one.value is not None):
            said = str(cell.value) if isinstance(cell.value, str) else ""
            assert not MARKUP.search(said), (path, cell.coordinate, said)
            assert not ISO.fullmatch(said), (path, cell.coordinate, said)
            wide = max(len(line.encode("gb18030")) for line in str(cell.value).split("\n"))
            width = next(one.width for one in columns if one.min <= cell.column <= one.max)
            assert cell.is_date or width >= min(wide, 60), (path, cell.coordinate, said)
        assert all(one.font.bold for one in sheet[1]), path


def test_no_file_of_the_desk_is_forgotten_here(app, worked):
    told = {re.sub(r"/(\w+)s/[0-9a-f-]{36}", r"/\1s/<\1_id>", path.partition("?")[0]) for _, path in worked}
    there = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.endswith(ENDINGS) and "GET" in rule.methods and "." in rule.rule.rpartition("/")[2]
    }
    assert there - told <= {"/robots.txt"}


def test_the_details_say_when_each_line_closes_in_the_local_time_of_a_date_cell(app, cast, worked):
    county = company.client_for(app, cast, "county")
    # The week, not the month: its Thursday may lie in the next one.
    found = book(county.get(f"/ledger.xlsx?unit={CITY}&period={period_of('week', today()).code}"))
    lines = {(row["职责"], row["起始日期"]): row for row in rows(found["明细"])}
    week = period_of("week", today())
    parcel = lines["国内小包检查", datetime.combine(week.first, datetime.min.time())]
    with app.app_context():
        stored = db.session.get(LedgerLine, (CITY, "parcel-check", week.code))
        closes = stored.closes_at.astimezone(LOCAL).replace(tzinfo=None)
    assert parcel["截止"] == closes
    assert parcel["截止日期"].date() == week.last
    assert parcel["期间"].startswith(f"{week.code[:4]}年第")
    assert (parcel["要求"], parcel["完成"], parcel["件数"]) == (2, 1, 20)
    daily = [row for row in rows(found["明细"]) if row["起始日期"] == row["截止日期"]]
    assert daily and all(re.fullmatch(r"\d{4}年\d+月\d+日", row["期间"]) for row in daily)
    [held] = rows(found["仍在手机上"])
    assert (held["记录"], held["照片"]) == (3, 7)
    assert abs(held["最近联络"] - (datetime.now(LOCAL).replace(tzinfo=None) - timedelta(hours=2))) < timedelta(minutes=5)  # fmt: skip


def test_the_register_of_a_department_holds_its_days_as_dates(app, cast):
    director = company.client_for(app, cast, "director")
    found = rows(book(director.get(f"/points/export.xlsx?unit={CITY}&state=all")).active)
    assert {row["启用日期"].date() for row in found} == {company.FIRST_DAY}
    assert len(found) == 8


def test_the_templates_show_a_day_as_a_date_and_not_as_a_text(app, cast):
    director, county = (company.client_for(app, cast, login) for login in ("director", "county"))
    [example] = rows(book(director.get(f"/manifests/template.xlsx?unit={CITY}")).active)
    assert example["投递日期"].date() == local_date(now())
    assert example["邮件号"] == "9876543210987"  # a number that Excel would round is a text
    [person] = rows(book(county.get("/units/import/template.xlsx?sort=staff")).active)
    assert (person["起始日期"].date(), person["截止日期"]) == (date(2026, 12, 1), None)


def test_an_english_reader_gets_an_english_name_and_the_unit_keeps_its_own(app, cast, worked):
    county = company.client_for(app, cast, "county")
    answer = county.get(f"/ledger.xlsx?unit={COUNTY}&period=2026-11&lang=en")
    assert named(answer) == "Delivery ledger_锡林浩特市_November 2026.xlsx"
    assert (
        named(county.get(f"/ledger.xlsx?unit={COUNTY}&period=2026-11"))
        == "投递台账_锡林浩特市_2026年11月.xlsx"
    )


def test_a_unit_whose_name_no_file_may_bear_still_gives_a_file(app, cast):
    with app.app_context(), transaction() as session:
        session.get(Unit, CITY).name = 'a/b\\c:d*e?"f"<g>|\r\n投递部'
    answer = company.client_for(app, cast, "county").get(f"/ledger.xlsx?unit={CITY}&period=2026-11")
    assert answer.status_code == 200
    assert named(answer) == "投递台账_a b c d e f g 投递部_2026年11月.xlsx"
