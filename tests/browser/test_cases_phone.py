"""A failed check becomes somebody's case: answered on a phone without signal, looked at again, closed; refusals are told."""

import re
from contextlib import contextmanager
from datetime import datetime, time, timedelta, timezone

import pytest
from playwright.sync_api import expect

from tests.browser.story_cases import (
    POINT,
    WORDS,
    Place,
    a_point_fails,
    a_receipt_fails,
    an_order_comes,
    answer,
    look,
    open_case,
)  # fmt: skip
from tests.browser.story_county import PARCELS, build
from tests.browser.story_phone import Phone
from tests.databases import dispose, settings_for
from tests.desk_records import today
from tests.serving import RunningServer
from webapp import create_app

BEIJING = timezone(timedelta(hours=8))


@pytest.fixture
def place_with(sqlite_template, tmp_path, new_phone):
    """``with place_with(work, …)``: the county after the work, served."""

    @contextmanager
    def make(*work):
        data = tmp_path / "data"
        data.mkdir()
        url = sqlite_template.fresh(data)
        county = build(url, data)
        app = create_app(settings_for(url, data))
        for one in work:
            one(app, county)
        dispose(app)
        server = RunningServer(data)
        server.start()
        try:
            yield Place(server, county, new_phone)
        finally:
            server.stop()

    return make


def test_a_carrier_answers_without_signal_and_is_killed_in_between_and_two_look_again(place_with):
    with place_with(a_point_fails) as place:
        zhang = place.phone("zhang")
        _answered_in_the_cellar(zhang)
        zhao, chen = place.phone("zhao"), place.phone("chen")
        _the_director_begins_to_return_it_without_signal(chen)
        _the_inspector_closes_it(zhao)
        _the_director_is_told_that_somebody_was_first(chen)
        page = zhang.page
        page.goto("/app/mine")
        zhang.find_signal()
        zhang.today()
        zhang.settled()
        page.goto("/app/mine")
        expect(page.locator("[data-group=ended] [data-case]")).to_contain_text("已销号")
        assert zhang.said + zhao.said + chen.said == []


def _answered_in_the_cellar(zhang: Phone) -> None:
    page = zhang.page
    zhang.today()
    expect(page.locator("[data-mine]")).to_contain_text("1 件待办理")
    expect(page.locator("tc-case-count")).to_contain_text("1")
    look(page, "today")
    page.locator("[data-mine]").tap()
    card = page.locator("[data-group=turn] [data-case]")
    expect(card).to_contain_text("交接登记不全")
    expect(card).to_contain_text(f"接转点检查 · {POINT}")
    expect(card).to_contain_text("赵那仁：两件小包没有登记")
    expect(card.locator("[data-due]")).to_contain_text("还有 7 天")
    look(page, "mine")
    zhang.awaits_photos(1)  # what was found can be looked at without signal
    zhang.lose_signal()
    card.tap()
    look(page, "case")
    page.locator("[data-move=answer]").tap()
    page.locator("[data-submit]").tap()
    expect(page.locator(".field-error")).to_have_count(3)
    page.locator("[data-fold]").tap()
    answer(zhang)
    look(page, "answer")
    case = page.url
    zhang.reopen()  # the app is killed with the answer half done
    page = zhang.page
    expect(page.locator(".tile-draft")).to_contain_text("问题办理")
    page.locator(".tile-draft").tap()
    expect(page.locator("#m-text")).to_have_value(WORDS)
    expect(page.locator("#m-cause")).to_have_value("method")
    expect(page.locator("[data-form] tc-photo")).to_have_count(1)
    page.locator("[data-submit]").tap()
    expect(page.locator("[data-ahead]")).to_contain_text("已保存，待上传")
    expect(page.locator(".case-expected")).to_contain_text("预计：待复查")
    expect(page.locator("[data-move]")).to_have_count(0)  # nothing more before the server has told of it
    look(page, "ahead")
    zhang.reopen()
    page = zhang.page
    expect(page.locator("[data-mine]")).to_have_count(0)
    page.goto("/app/mine")
    expect(page.locator("[data-group=waiting] [data-case]")).to_contain_text("已保存，待上传")
    zhang.find_signal()
    zhang.today()
    zhang.settled()
    [record] = zhang.records().values()
    assert (record["type"], record["state"], record["photos"][0]["state"]) == (
        "case-move",
        "stored",
        "arrived",
    )
    page.goto(case)
    expect(page.locator("[data-history='1'] [data-step]")).to_have_count(1)
    expect(page.locator("[data-ahead]")).to_have_count(0)
    expect(page.locator("[data-state=answered]").first).to_be_visible()


def _the_director_begins_to_return_it_without_signal(chen: Phone) -> None:
    chen.today()
    expect(chen.page.locator("[data-mine]")).to_contain_text("1 件待复查")
    chen.awaits_photos(2)
    chen.lose_signal()
    open_case(chen, "check")
    page = chen.page
    compared = page.locator("[data-compared]")
    expect(compared.locator("tc-photo img")).to_have_count(2)  # before and after, in the cellar
    expect(compared).to_contain_text(WORDS)
    look(page, "check")
    page.locator("[data-move=return]").tap()
    page.locator("[data-submit]").tap()
    expect(page.locator(".field-error")).to_have_text("请写明情况")
    page.locator("#m-text").fill("登记簿还缺日期")
    page.locator("[data-submit]").tap()
    expect(page.locator("[data-ahead]")).to_contain_text("已保存，待上传")


def _the_inspector_closes_it(zhao: Phone) -> None:
    open_case(zhao, "check")
    page = zhao.page
    page.locator("[data-move=close]").tap()
    page.locator("dialog .button-primary").tap()
    expect(page.locator("[data-state=closed]").first).to_be_visible()
    zhao.today()
    zhao.settled()
    assert [row["state"] for row in zhao.records().values()] == ["stored"]


def _the_director_is_told_that_somebody_was_first(chen: Phone) -> None:
    page = chen.page
    case = page.url
    chen.find_signal()
    chen.today()
    expect(page.locator("[data-status]")).to_have_attribute("data-status", "stuck")
    page.goto(case)
    refused = page.locator("[data-refused]")
    expect(refused).to_have_attribute("data-problem", "case-moved")
    expect(refused).to_contain_text("现在是“已销号”")
    expect(refused).to_contain_text("登记簿还缺日期")
    expect(refused.locator("[data-again]")).to_have_count(0)  # there is nothing to return any more
    expect(page.locator("[data-ahead]")).to_have_count(0)
    look(page, "refused")
    page.goto("/app/records")
    row = page.locator("[data-stuck] a[data-record]")
    expect(row).to_contain_text("复查不合格，退回 · 交接登记不全")
    expect(row).to_contain_text("现在是“已销号”")
    row.tap()
    expect(page.locator("[data-told]")).to_contain_text("登记簿还缺日期")
    look(page, "refused-record")


def test_a_failed_receipt_is_told_with_its_reason_and_a_dispute_stands_beside_it(place_with):
    with place_with(a_receipt_fails) as place:
        zhang = place.phone("zhang")
        page = zhang.page
        open_case(zhang, "turn")
        head = page.locator("tc-case")
        expect(head).to_contain_text("无签收")
        expect(head).to_contain_text(PARCELS[3])
        expect(head).to_contain_text("检查组")
        expect(page.locator("[data-found]")).to_contain_text("签收联空白")
        expect(page.locator("tc-case")).not_to_contain_text("赵那仁")
        # Two steps of one case in a row: what leaves its state comes first and both arrive in their order.
        zhang.lose_signal()
        page.locator("[data-move=dispute]").tap()
        page.locator("#m-text").fill("签收联在背面")
        page.locator("[data-submit]").tap()
        expect(page.locator("[data-ahead]")).to_contain_text("已保存，待上传")
        expect(page.locator("[data-move=dispute]")).to_have_count(0)
        answer(zhang)
        page.locator("[data-submit]").tap()
        expect(page.locator("[data-step]")).to_have_count(2)
        expect(page.locator("[data-move]")).to_have_count(0)
        zhang.find_signal()
        zhang.today()
        zhang.settled()
        assert [row["state"] for row in zhang.records().values()] == ["stored", "stored"]
        page.goto("/app/mine")
        expect(page.locator("[data-group=waiting] [data-case]")).to_have_count(2)
        dispute = page.locator("[data-case]", has_text="异议")
        expect(dispute).to_contain_text("等待旗县局裁定")
        expect(page.locator("tc-mine")).not_to_contain_text("赵那仁")  # found covertly
        look(page, "waiting")
        dispute.tap()
        expect(page.locator("tc-case h1")).to_have_text("异议")
        expect(page.locator("tc-case [data-head]")).to_contain_text("签收联在背面")
        county = place.phone("zhou")
        county.page.goto("/app/mine")
        expect(county.page.locator("[data-group=check] [data-case]", has_text="异议")).to_contain_text(
            "请到管理台办理"
        )
        assert zhang.said + county.said == []


def test_the_same_screens_in_english(place_with):
    with place_with(a_point_fails) as place:
        zhang = place.phone("zhang")
        page = zhang.page
        page.evaluate("localStorage.setItem('toucha-language', 'en')")
        zhang.today()
        expect(page.locator("[data-mine]")).to_contain_text("1 to do")
        look(page, "en-today")
        page.locator("[data-mine]").tap()
        expect(page.locator("[data-group=turn]")).to_contain_text("7 days left")
        look(page, "en-mine")
        page.locator("a[data-case]").tap()
        expect(page.locator("tc-case [data-head]")).to_contain_text("Hand-over register incomplete")
        look(page, "en-case")
        page.locator("[data-move=ask]").tap()
        first = (today() + timedelta(days=8)).isoformat()  # the day after the deadline
        expect(page.locator("#m-day")).to_have_attribute("min", first)
        last = (today() + timedelta(days=14)).isoformat()  # the first span once more
        expect(page.locator("#m-day")).to_have_attribute("max", last)
        page.locator("[data-fold]").tap()
        answer(zhang)
        look(page, "en-answer")
        page.locator("[data-submit]").tap()
        expect(page.locator("[data-history] [data-step]")).to_have_count(1)
        zhang.today()
        zhang.settled()
        page.goto("/app/mine")
        expect(page.locator("[data-group=waiting]")).to_contain_text("Waits to be looked at again")
        look(page, "en-waiting")
        assert zhang.said == []


def test_today_says_what_is_due_and_what_is_overdue_by_the_phones_day(place_with):
    with place_with(a_point_fails) as place:
        zhang = place.phone("zhang")
        zhang.lose_signal()
        page = zhang.page
        for days, today_says, chip in (
            (7, "1 件今天到期", "今天到期"),
            (8, "1 件已超期", "已超期 1 天"),
        ):
            morning = datetime.combine(today() + timedelta(days=days), time(8), BEIJING)
            page.clock.set_fixed_time(morning)
            page.goto("/app/")
            expect(page.locator("[data-mine]")).to_contain_text(today_says)
            if days == 8:
                look(page, "today-over")
            page.goto("/app/mine")
            expect(page.locator("[data-group=turn] [data-due]")).to_have_text(chip)
        look(page, "over")
        page.locator("a[data-case]").tap()
        expect(page.locator("[data-move=answer]")).to_be_visible()
        expect(page.locator("[data-move=ask]")).to_have_count(0)  # more time is asked for before it is over
        assert zhang.said == []


def test_a_director_receives_a_work_order_and_answers_it_in_two_steps(place_with):
    with place_with(an_order_comes) as place:
        chen = place.phone("chen")
        page = chen.page
        case = open_case(chen, "turn")
        expect(page.locator("tc-case h1")).to_contain_text(re.compile(r"督办单 督〔20\d\d〕1号"))
        expect(page.locator("[data-head] [data-due]")).to_contain_text("还有 1 天")
        expect(page.locator("[data-found]")).to_contain_text("本周内补齐交接登记簿")
        chen.lose_signal()
        page.locator("[data-move=receive]").tap()
        page.locator("dialog .button-primary").tap()
        expect(page.locator(".case-expected")).to_contain_text("预计：已签收")
        expect(page.locator("[data-move]")).to_have_count(0)
        chen.find_signal()
        chen.today()
        chen.settled()
        page.goto(case)
        page.locator("[data-move=report]").tap()
        page.locator("#m-text").fill("已补齐")
        page.locator("[data-submit]").tap()
        expect(page.locator("[data-step]")).to_have_count(2)
        chen.today()
        chen.settled()
        page.goto("/app/mine")
        expect(page.locator("[data-group=waiting] [data-case]")).to_contain_text("等待签发单位审核")
        look(page, "order")
        assert chen.said == []
