"""The pages of notices: the inbox and its badge, one's own choices, group robots, what is sent, the calendar's address."""

import re
from datetime import timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY
from tests.mail import mail_server
from tests.notices import group_settings, mail_settings, queued, robot, run, tell
from tests.webhooks import group_server
from webapp.core import clock
from webapp.core.clock import local_date
from webapp.core.database import db
from webapp.notices import deadlines
from webapp.notices.deadlines import Deadline, provide
from webapp.notices.models import CalendarFeed, GroupRobot, Notice, NoticeChoice


@pytest.fixture
def cast(app):
    return company.build_in(app)


def badge(page: str) -> str:
    found = re.search(r'<a class="menu-button inbox-link".*?</a>', page, re.DOTALL)[0]
    count = re.search(r'class="count number"[^>]*>([^<]+)<', found)
    return count[1].strip() if count else ""


def test_the_badge_counts_what_is_unseen_and_opening_a_notice_leads_on_and_marks_it(app, cast):
    director = company.client_for(app, cast, "director")
    assert badge(director.get("/ledger").text) == ""
    now = clock.now()
    with app.app_context():
        tell(cast, "director", "a", now)
        tell(cast, "director", "b", now, grave=True)
        mine = db.session.query(Notice).filter_by(key="a").one().id
    page = director.get("/notices").text
    assert badge(page) == badge(director.get("/ledger").text) == "2"
    answer = director.post(f"/notices/{mine}/open")
    assert (answer.status_code, answer.location) == (303, "/problems?q=a")
    page = director.get("/notices").text
    assert badge(page) == "1" and page.count("inbox-row") == 1 and "紧急" in page
    assert director.get("/notices?show=all").text.count("inbox-row") == 2
    assert director.post("/notices/seen", data={"show": "all"}).location == "/notices?show=all"
    assert badge(director.get("/ledger").text) == ""
    assert "没有未读通知" in director.get("/notices").text


def test_a_long_inbox_has_pages_and_marking_stays_on_the_page(app, cast):
    with app.app_context():
        for number in range(65):
            tell(cast, "lead", f"n{number}", clock.now() - timedelta(minutes=number))
    lead = company.client_for(app, cast, "lead")
    first, third = lead.get("/notices").text, lead.get("/notices?page=3").text
    assert (first.count("inbox-row"), third.count("inbox-row")) == (30, 5)
    assert 'rel="next"' in first and 'rel="next"' not in third
    one = re.search(r"/notices/([\w-]+)/seen", third)[1]
    answer = lead.post(f"/notices/{one}/seen", data={"show": "unseen", "page": "3"})
    assert answer.location == "/notices?show=unseen&page=3"
    for odd in ("0", "-1", "x", "9" * 30, "３"):
        assert lead.get(f"/notices?page={odd}&show=nothing").status_code == 200


def test_an_address_is_entered_proven_by_its_code_and_removed_on_the_page(app, cast):
    director = company.client_for(app, cast, "director")
    page = director.get("/account/notices").text
    assert "本服务器不发邮件" in page and 'name="mail_address"' not in page
    assert director.post("/account/notices/mail", data={"mail_address": "a@example.cn"}).status_code == 404
    with mail_server() as box:
        app.config.update(mail_settings(box))
        wrong = director.post(
            "/account/notices/mail", data={"mail_address": "a@example.cn\r\nBcc: b@example.cn"}
        )
        assert wrong.status_code == 422 and "请填一个邮箱地址" in wrong.text
        assert (
            director.post(
                "/account/notices/mail", data={"mail_address": " gaowa@post.example.cn "}
            ).status_code
            == 303
        )
        with app.app_context():
            run(app, clock.now())
        code = box.letters[0]["Subject"].split()[-1]
        assert director.post("/account/notices/mail/proof", data={"code": "12"}).status_code == 422
        assert director.post("/account/notices/mail/proof", data={"code": code}).status_code == 303
        assert "邮件发往" in director.get("/account/notices").text
        director.post("/account/notices", data={"hour": "0"})
        with app.app_context():
            tell(cast, "director", "a", clock.now())
            run(app, clock.now())
        assert box.recipients == ["gaowa@post.example.cn"] * 2
    director.post("/account/notices/mail/remove")
    with app.app_context():
        choice = db.session.get(NoticeChoice, cast.people["director"])
        assert (choice.mail_address, choice.channels, choice.hour) == (None, [], 0)


def test_a_robot_is_entered_tried_and_removed_and_its_address_is_never_shown_again(app, cast):
    county = company.client_for(app, cast, "county")
    form = {"channel": "wecom", "group": "质检群", "hour": "9", "language": "zh"}
    for address in ("https://evil.example/cgi-bin/webhook/send?key=k", "no address", ""):
        answer = county.post(f"/units/{CITY}/robots", data=form | {"webhook": address})
        assert answer.status_code == 422 and "field-error" in answer.text
    with group_server() as group:
        app.config.update(group_settings(group))
        hook = group.webhook("/cgi-bin/webhook/send?key=secret-key-1234")
        assert county.post(f"/units/{CITY}/robots", data=form | {"webhook": hook}).status_code == 303
        page = county.get(f"/units/{CITY}/robots").text
        assert "质检群" in page and "…1234" in page and "secret-key" not in page
        with app.app_context():
            one = db.session.query(GroupRobot).one().id
        for _ in range(2):
            assert county.post(f"/units/{CITY}/robots/{one}/test").status_code == 303
        page = county.get("/notices/queue").text
        assert page.count("等待发出") == 2  # the filter's and the one message's
        with app.app_context():
            run(app, clock.now())
        assert len(group.posted) == 1 and "测试消息" in group.texts[0]
    assert county.post(f"/units/{CITY}/robots/{one}/remove").status_code == 303
    assert "没有群机器人" in county.get(f"/units/{CITY}/robots").text


def test_the_queue_says_what_went_wrong_in_words_and_tries_again_on_demand(app, cast):
    county = company.client_for(app, cast, "county")
    with group_server() as group:
        app.config.update(group_settings(group))
        with app.app_context():
            robot(app, cast, COUNTY, "dingtalk", group.webhook("/robot/send?access_token=t"), hour=0)
            group.says(310000)
            tell(cast, "director", "a", clock.now(), unit=CITY)
            run(app, clock.now())
            [one] = [delivery.id for delivery in queued()]
        page = county.get("/notices/queue?state=failed").text
        assert "机器人拒收：地址、密钥、关键词或群已变化。代码 310000" in page and "下次重试" in page
        assert "310000" not in county.get("/notices/queue?state=sent").text
        assert county.post(f"/notices/queue/{one}/retry").status_code == 303
        with app.app_context():
            assert run(app, clock.now()).sent == 1
    assert county.post(f"/notices/queue/{one}/retry").status_code == 404, "sent is sent"
    english = county.get("/notices/queue?lang=en").text
    assert "Sent" in english and "立即重试" not in english


@pytest.fixture
def due(monkeypatch):
    monkeypatch.setattr(deadlines, "_PROVIDERS", [])

    def of(_session, person):
        return [
            Deadline(
                f"d-{person.login}", local_date(clock.now()), "答复问题", "Answer a problem", "/problems"
            )
        ]

    provide(of)
    provide(of)


def test_a_calendar_is_read_at_its_secret_address_until_that_is_revoked(app, cast, due):
    director, program = company.client_for(app, cast, "director"), app.test_client()
    page = director.post("/account/notices/calendar").text
    address = re.search(r'id="calendar-address">http://localhost(/calendar/[\w-]+\.ics)<', page)[1]
    assert address not in director.get("/account/notices").text
    answer = program.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.text.count("BEGIN:VEVENT") == 1 and "UID:d-director@toucha" in answer.text
    assert "答复问题" in answer.text and "no-cache" in answer.headers["Cache-Control"]
    again = program.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    second = re.search(
        r'id="calendar-address">http://localhost([^<]+)<', director.post("/account/notices/calendar").text
    )[1]
    assert program.get(address).status_code == 404, "the one before ended"
    assert program.get(second).status_code == 200
    director.post("/account/notices/calendar/revoke")
    assert program.get(second).status_code == 404
    with app.app_context():
        assert second.split("/")[2] not in {one.token_hash for one in db.session.query(CalendarFeed)}


def test_the_calendar_of_somebody_deactivated_is_closed_with_the_account(app, cast, due):
    director = company.client_for(app, cast, "director")
    address = re.search(
        r"http://localhost(/calendar/[\w-]+\.ics)", director.post("/account/notices/calendar").text
    )[1]
    company.client_for(app, cast, "county").post(f"/people/{cast.people['director']}/deactivate")
    assert app.test_client().get(address).status_code == 404


def test_the_robots_link_stands_on_the_unit_s_page_for_those_who_keep_them(app, cast):
    assert f"/units/{CITY}/robots" in company.client_for(app, cast, "county").get(f"/units/{CITY}").text
