"""Texts into groups: one for all that waits, nothing of a person in it, no more than the robot takes, to its own host alone."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, NEXT_RURAL, RURAL
from tests.notices import MORNING, SITE, group_settings, queued, robot, run, tell
from tests.webhooks import group_server
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.notices import robots
from webapp.notices.channels.dingtalk import signature
from webapp.notices.models import GroupMatter, GroupRobot, Notice

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WECOM, DINGTALK = "/cgi-bin/webhook/send?key=k", "/robot/send?access_token=t"


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def group(app, cast):
    with group_server() as group, app.app_context():
        app.config.update(group_settings(group))
        yield group


def test_a_day_s_news_are_one_text_of_counts_units_and_a_link(app, cast, group):
    robot(app, cast, COUNTY, "wecom", group.webhook(WECOM), hour=9)
    tell(cast, "director lead inspector", "a", unit=CITY)
    tell(cast, "director", "b", unit=CITY)
    tell(cast, "head", "c", unit=RURAL)
    tell(cast, "nextcarrier", "d", unit=NEXT_RURAL)
    tell(cast, "director", "of-no-unit")
    run(app, MORNING)
    assert group.texts == []
    run(app, MORNING + HOUR)
    run(app, MORNING + HOUR)
    [(path, content)] = group.posted
    assert (path, content["msgtype"]) == (WECOM, "text")
    assert content["text"]["content"] == (
        f"投查：3 条新通知\n宝力根街道投递部 2 条\n宝力根苏木支局 1 条\n请登录投查查看：{SITE}/notices"
    )
    tell(cast, "director", "e", unit=CITY)
    run(app, MORNING + 3 * HOUR)
    assert len(group.texts) == 1, "a text a day"
    run(app, MORNING + DAY + HOUR)
    assert len(group.texts) == 2 and group.texts[1].startswith("投查：1 条新通知\n")


def test_what_is_grave_is_told_at_once_and_takes_along_what_waits(app, cast, group):
    robot(app, cast, CITY, "dingtalk", group.webhook(DINGTALK), hour=18, language="en")
    tell(cast, "director", "a", unit=CITY)
    tell(cast, "director", "b", unit=CITY, grave=True)
    run(app, MORNING)
    run(app, MORNING + 12 * HOUR)
    [text] = group.texts
    assert text.startswith("投查 Toucha: 2 new notices, 1 of them grave\n")


def test_while_a_text_cannot_go_out_what_comes_meanwhile_goes_with_it(app, cast, group):
    robot(app, cast, CITY, "wecom", group.webhook(WECOM))
    group.says(0, 502)
    tell(cast, "director", "a", unit=CITY, grave=True)
    assert run(app, MORNING).failed == 1
    for key in ("b", "c"):
        tell(cast, "director", key, unit=CITY, grave=True)
        run(app, MORNING)
    assert len(group.posted) == 1
    assert run(app, MORNING + HOUR).sent == 1
    assert group.texts[-1].startswith("投查：3 条新通知，其中紧急 3 条\n")
    assert db.session.query(GroupMatter).count() == 0


@pytest.mark.parametrize(
    ("path", "channel", "too_fast", "wait", "gone"),
    [(WECOM, "wecom", 45009, MINUTE, 93000), (DINGTALK, "dingtalk", 130101, 10 * MINUTE, 300001)],
)
def test_an_errcode_in_a_good_answer_is_an_error(app, cast, group, path, channel, too_fast, wait, gone):
    robot(app, cast, CITY, channel, group.webhook(path))
    tell(cast, "director", "a", unit=CITY)
    now = MORNING
    for code, said in ((310000, "robot 310000"), (too_fast, "rate")):
        group.says(code)
        assert run(app, now).failed == 1
        assert queued()[-1].last_error == said
        before, now = now, queued()[-1].not_before
    assert now - before >= wait
    group.says(gone)
    assert run(app, now).given_up == 1
    told = db.session.query(Notice).filter_by(code="group-given-up").one()
    assert told.person_id == cast.people["county"], "the nearest who keeps the department's robots"
    assert told.values == {"group": "质检群", "unit": "宝力根街道投递部", "day": "2026-11-20"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((500, {}, "{}"), "http 500"),
        ((302, {"Location": "/elsewhere"}, ""), "http 302"),
        ((200, {}, "<html>"), "answer"),
        ((200, {}, "[]"), "answer"),
        ((200, {}, '{"errcode": "0"}'), "answer"),
        (None, "connection"),
    ],
)
def test_whatever_is_answered_is_an_error_in_the_queue(app, cast, group, answer, said):
    robot(app, cast, CITY, "wecom", group.webhook(WECOM))
    tell(cast, "director", "a", unit=CITY)
    group.answers.append(answer)
    assert run(app, MORNING).failed == 1
    assert queued()[0].last_error == said
    assert group.asked == [], "nobody is led elsewhere"
    assert run(app, MORNING + HOUR).sent == 1


def test_a_server_says_after_what_time_it_wants_to_be_asked_again(app, cast, group):
    robot(app, cast, CITY, "wecom", group.webhook(WECOM))
    tell(cast, "director", "a", unit=CITY)
    group.answers.append((429, {"Retry-After": "1200"}, "{}"))
    run(app, MORNING)
    assert queued()[0].not_before == MORNING + 20 * MINUTE


def test_a_robot_is_sent_twenty_texts_in_any_minute_and_another_is_not_held_up(app, cast, group):
    busy = robot(app, cast, CITY, "wecom", group.webhook(WECOM))
    other = robot(app, cast, CITY, "wecom", group.webhook(f"{WECOM}2"))
    for number in range(25):
        now = MORNING + timedelta(seconds=number)
        with transaction() as session:
            robots.test_robot(session, cast.actor(session, "county"), now, CITY, busy)
        run(app, now)
    assert len(group.posted) == 20
    late = MORNING + timedelta(seconds=30)
    with transaction() as session:
        robots.test_robot(session, cast.actor(session, "county"), late, CITY, other)
    assert run(app, late).sent == 1
    assert run(app, MORNING + timedelta(seconds=59)).sent == 0
    assert run(app, MORNING + timedelta(seconds=60)).sent == 1, "one waits: the others were the same test"
    assert len(group.posted) == 22


def test_a_signed_robot_is_asked_with_time_and_signature(app, cast, group):
    robot(app, cast, CITY, "dingtalk", group.webhook(DINGTALK), secret="SEC+/=")
    tell(cast, "director", "a", unit=CITY)
    run(app, MORNING)
    query = parse_qs(urlsplit(group.posted[0][0]).query)
    [moment] = query["timestamp"]
    assert query["access_token"] == ["t"] and query["sign"] == [signature("SEC+/=", int(moment))]


def test_a_robot_that_is_removed_is_told_nothing_and_its_address_is_gone(app, cast, group):
    one = robot(app, cast, CITY, "wecom", group.webhook(WECOM))
    group.says(310000)
    tell(cast, "director", "a", unit=CITY)
    run(app, MORNING)
    tell(cast, "director", "b", unit=CITY)
    with transaction() as session:
        robots.remove_robot(session, cast.actor(session, "county"), MORNING, CITY, one)
    assert run(app, MORNING + DAY).sent == 0 and len(group.posted) == 1
    row = db.session.get(GroupRobot, one)
    assert (row.webhook, row.secret) == ("", None)
    db.session.rollback()
    robot(app, cast, CITY, "wecom", group.webhook(WECOM))  # and may be entered anew


def test_one_robot_is_entered_once(app, cast, group):
    robot(app, cast, CITY, "wecom", group.webhook(WECOM))
    with pytest.raises(Problem) as refused:
        robot(app, cast, RURAL, "wecom", group.webhook(WECOM))
    assert refused.value.fields == {"webhook": "webhook-taken"}


def test_an_address_that_the_settings_no_longer_allow_is_not_asked(app, cast, group):
    robot(app, cast, CITY, "wecom", group.webhook(WECOM))
    tell(cast, "director", "a", unit=CITY)
    app.config["WEBHOOK_ORIGINS"] = ()
    assert run(app, MORNING).given_up == 1
    assert (group.posted, queued()[0].last_error) == ([], "host")
