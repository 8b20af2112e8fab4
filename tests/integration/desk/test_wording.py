"""What a postal worker reads on the pages: fails say what was found, a balance has no verdict, no question marks, no ISO days."""

import re
from datetime import timedelta

import pytest

from tests.cast import CITY, build_in, client_for
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.rulebook.rules import load, parse, shipped_source

ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{4}-W\d\d\b")


@pytest.fixture
def cast(app):
    return build_in(app)


@pytest.mark.parametrize(("language", "said", "never"), [("zh", "反馈码与实际不符", "反馈码与实际相符"), ("en", "Feedback code differs", "Feedback code agrees")])  # fmt: skip
def test_what_failed_is_said_as_it_was_found_on_every_page(sqlite_app, language, said, never):
    cast = build_in(sqlite_app)
    sent = envelope(inspection(parcels(20, failed=1)))
    send(sqlite_app, cast, "lead", sent)
    county = client_for(sqlite_app, cast, "county")
    month = f"{today():%Y-%m}"
    for path in (
        f"/inspections/{sent['id']}?lang={language}",
        f"/cases?unit={CITY}&found={month}&lang={language}",
        f"/ledger/charts?unit={CITY}&duty=parcel-check&period={month}&lang={language}",
    ):
        page = county.get(path)
        assert page.status_code == 200, path
        text = page.text
        assert said in text, path
        assert never not in text, path


def test_the_phone_gets_both_statements_of_each_criterion(sqlite_app):
    cast = build_in(sqlite_app)
    kinds = client_for(sqlite_app, cast, "lead").get("/api/sync/pull").json["kinds"]
    [receipt] = [kind for kind in kinds if kind["code"] == "receipt"]
    assert receipt["criteria"][0] == {
        "code": "signed", "zh": "有签收", "en": "Signed at all", "fail_zh": "无签收", "fail_en": "Not signed",
        "group": None, "severity": "ordinary",
    }  # fmt: skip


def test_an_edition_without_statements_for_the_fail_still_reads_sensibly():
    older = parse(re.sub(r', fail_zh = "[^"]*", fail_en = "[^"]*"', "", shipped_source()))
    assert older.kinds["receipt"].fault("signed").zh == "不符合“有签收”"
    assert older.kinds["receipt"].fault("signed").en == "Not met: Signed at all"
    assert load().kinds["receipt"].fault("signed").zh == "无签收"


BALANCE = {"opening": 5, "received": 1, "delivered": 3, "returned": 0, "forwarded": 0, "carried": 3}


def test_a_balance_has_neither_passed_nor_failed(sqlite_app):
    cast = build_in(sqlite_app)
    item = {"subject": "-", "verdict": None, "answers": {}, "photos": []}
    day = today().isoformat()
    send(
        sqlite_app, cast, "inspector", envelope(inspection([item], kind="balance", about=day, header=BALANCE))
    )
    page = client_for(sqlite_app, cast, "county").get(f"/ledger/{CITY}/registered-balance/{day}")
    assert page.status_code == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]  # the sheet of keys speaks of other pages
    assert "平衡" in main and "合格" not in main.replace("服务质量", "")


@pytest.mark.parametrize(
    "duty", ["parcel-check", "receipt-sample", "advance-watch", "shortage-damage", "relay-monthly"]
)
def test_a_missed_line_never_shows_a_question_mark_beside_it(app, cast, duty):
    county = client_for(app, cast, "county")
    month = f"{(today().replace(day=1) - timedelta(days=1)):%Y-%m}"
    for path in (f"/ledger?unit={CITY}&period={month}", f"/ledger/{CITY}/{duty}/{month}"):
        page = county.get(path)
        assert page.status_code == 200, path
        assert not re.search(r"\d ?/ ?\?", words(page)), path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_the_ledger_shows_a_day_in_iso(app, cast, language):
    send(
        app,
        cast,
        "lead",
        envelope(inspection(parcels(20, failed=1), date=(today() - timedelta(days=3)).isoformat())),
    )
    county = client_for(app, cast, "county")
    day, week, month = today(), f"{today():%G-W%V}", f"{today():%Y-%m}"
    for path in (
        f"/ledger?unit={CITY}&period={month}",
        f"/ledger/{CITY}/parcel-check/{week}",
        f"/ledger/{CITY}/parcel-check/{month}",
        f"/ledger/{CITY}/receipt-sample/{day - timedelta(days=1)}",
        f"/ledger/{CITY}/shortage-damage/{month}",
        f"/ledger/print?unit={CITY}&period={month}",
        f"/cases?unit={CITY}&found={month}",
        f"/people/{cast.people['mover']}",
        f"/calendar?unit={CITY}",
        f"/units/{CITY}",
        f"/units?unit={CITY}",
    ):
        page = county.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status_code == 200, path
        assert not ISO.search(words(page)), (path, ISO.search(words(page)))
