"""Notices in a browser: the desk's pages and the phone's inbox, in both languages and colours; what is seen without signal."""

import os
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk_pages import Served, browsing, serving
from tests.cast import CITY, COUNTY
from tests.notices import DUE, robot
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.notices import choices, operations
from webapp.notices.models import FAILED, GIVEN_UP, SENT, WAITING, Notice, NoticeChoice, NoticeDelivery

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
LOOKS = [("light", "zh"), ("dark", "en")]
MAIL = {"SMTP_HOST": "127.0.0.1", "MAIL_FROM": "toucha@post.example.cn"}
HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"


@pytest.fixture
def served(make_app):
    with serving(make_app, _work) as found:
        yield found


def _work(served: Served) -> None:
    with served.app.app_context():
        _told(served)


def _told(served: Served) -> None:
    """Three notices for the director and the county, robots, messages in each state, an address half proven."""
    cast, now = served.cast, clock.now()
    served.app.config.update(MAIL)
    served.app.config["WEBHOOK_ORIGINS"] = ("https://gateway.example.cn",)
    both = [cast.people["director"], cast.people["county"]]
    values = {"unit": "宝力根街道投递部", "day": "2026-11-27"}
    with transaction() as session:
        for key, grave in (("late", False), ("grave", True), ("due", False)):
            phone = "/app/records" if key == "due" else None
            operations.tell(
                session,
                both,
                DUE.code,
                values,
                "/problems",
                key=key,
                now=now,
                grave=grave,
                unit=CITY,
                phone=phone,
            )
        for who in ("director", "county"):
            choices.enter_mail(session, cast.people[who], f"{who}@post.example.cn", now)
    one = robot(served.app, cast, CITY, "wecom", HOOK)
    robot(
        served.app,
        cast,
        CITY,
        "dingtalk",
        "https://oapi.dingtalk.com/robot/send?access_token=9f8e",
        secret="SEC1",
    )
    errors = {FAILED: "smtp 452", GIVEN_UP: "robot 93000", SENT: None, WAITING: None}
    with transaction() as session:
        session.get(NoticeChoice, cast.people["county"]).mail_verified_at = now
        for state, error in errors.items():
            to = {"robot_id": one} if state in (GIVEN_UP, WAITING) else {"person_id": cast.people["director"]}
            row = NoticeDelivery(
                id=new_id(), sort="digest", key=f"shown {state}", params={}, state=state, **to
            )
            row.channel, row.created_at, row.not_before = ("wecom" if "robot_id" in to else "mail"), now, now
            row.not_before, row.tries, row.last_error = now + timedelta(minutes=8), 3 if error else 0, error
            session.add(row)


def whole(page: Page, name: str, width: int = 360) -> None:
    """Nothing for axe to find, nothing wider than the screen."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    found = [
        (rule["id"], node["html"][:200])
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"]
    ]
    assert found == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


PAGES = {
    "inbox": "/notices?show=all",
    "choices": "/account/notices",
    "robots": f"/units/{CITY}/robots",
    "queue": "/notices/queue",
}


@pytest.mark.parametrize(("scheme", "language"), LOOKS)
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_desk_s_pages_and_nothing_is_cut_off(
    served, new_desk, new_phone, scheme, language, width
):
    make = new_phone if width == 360 else new_desk
    context = make(served, color_scheme=scheme, reduced_motion="reduce")
    with browsing(context, served, "county", strict=False) as page:
        for name, path in PAGES.items():
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            whole(page, f"{name}-{width}-{language}-{scheme}", width)


def test_a_notice_is_opened_and_marked_and_the_badge_counts_down(served, new_desk):
    with browsing(new_desk(served), served, "director") as page:
        page.goto("/ledger")
        badge = page.locator(".inbox-link .count")
        expect(badge).to_have_text("3")
        page.locator(".inbox-link").click()
        expect(page.locator(".inbox-row")).to_have_count(3)
        page.locator(".inbox-row form[action$=seen] button").first.click()
        expect(badge).to_have_text("2")
        expect(page.locator(".inbox-row")).to_have_count(2)
        page.locator(".inbox-open").first.click()
        expect(page).to_have_url(re.compile("/cases[?]unit="))  # the list of problems lives there now
        expect(badge).to_have_text("1")
        page.goto("/notices")
        page.get_by_role("button", name="全部标为已读").click()
        expect(page.locator(".inbox-link .count")).to_have_count(0)


def _unseen(served: Served) -> int:
    with served.app.app_context(), transaction() as session:
        who = served.cast.people["director"]
        return session.query(Notice).filter(Notice.person_id == who, Notice.seen_at.is_(None)).count()


@pytest.mark.parametrize(("scheme", "language"), LOOKS)
def test_what_is_seen_on_the_phone_without_signal_is_seen_at_the_desk_when_it_is_back(
    served, new_phone, scheme, language
):
    context = new_phone(served, color_scheme=scheme, reduced_motion="reduce")
    context.add_init_script(f"localStorage.setItem('toucha-language', '{language}')")
    with browsing(context, served, "director", strict=False) as page:
        page.set_default_timeout(30_000)
        page.goto("/app/")
        badge = page.locator(".tab-count")
        expect(badge).to_have_text("3", timeout=30_000)
        whole(page, f"phone-today-{language}-{scheme}")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.locator('.tab[href="/app/notices"]').tap()
        rows = page.locator("[data-notice]")
        expect(rows).to_have_count(3)
        whole(page, f"phone-inbox-{language}-{scheme}")
        context.set_offline(True)
        page.locator('[data-notice][href="/app/records"]').tap()
        expect(page.locator('[data-screen="records"]')).to_be_visible()
        expect(badge).to_have_text("2")
        page.locator('.tab[href="/app/notices"]').tap()
        page.locator("[data-see-all]").tap()
        expect(badge).to_have_count(0)
        assert _unseen(served) == 3
        context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-status]")).to_have_attribute("data-status", "all-in", timeout=30_000)
        for _ in range(100):
            if not _unseen(served):
                break
            page.wait_for_timeout(100)
        assert _unseen(served) == 0
        page.reload()
        expect(page.locator('[data-notice][data-seen="true"]')).to_have_count(3)
        expect(badge).to_have_count(0)


def test_the_pages_work_without_script(served, new_desk):
    context = new_desk(served, java_script_enabled=False)
    with browsing(context, served, "county", strict=False) as page:  # a refused form is told to the console
        page.goto("/notices")
        page.locator(".inbox-row form[action$=seen] button").first.click()
        expect(page.locator(".inbox-row")).to_have_count(2)
        page.goto(f"/units/{COUNTY}/robots")
        page.locator("#group").fill("县局群")
        page.locator("#webhook").fill("https://evil.example/cgi-bin/webhook/send?key=k")
        page.get_by_role("button", name="录入", exact=True).click()
        expect(page.locator(".field-error")).to_be_visible()
        expect(page.locator("#group")).to_have_value("县局群")
