"""From what somebody is told to a mail in a real mailbox: what goes when, and what never."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.mail import mail_server
from tests.notices import MORNING, mail_settings, proven, queued, run, tell
from webapp.core.database import db, transaction
from webapp.notices import choices, operations
from webapp.notices.codes import code_of
from webapp.notices.models import Notice, NoticeChoice
from webapp.notices.queries import inbox, unseen
from webapp.org.models import Person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def box(app, cast):
    with mail_server() as box, app.app_context():
        app.config.update(mail_settings(box))
        yield box


def test_a_day_s_news_are_one_mail_at_the_person_s_hour(app, cast, box):
    proven(cast, "director", "gaowa@post.example.cn", hour=9)
    for key in ("a", "b"):
        tell(cast, "director lead", key)
    run(app, MORNING)
    assert box.letters == []
    nine = MORNING + HOUR
    run(app, nine)
    run(app, nine)
    [letter] = box.letters
    assert box.recipients == ["gaowa@post.example.cn"]
    assert (letter["Subject"], letter["Auto-Submitted"]) == ("投查：2 条新通知", "auto-generated")
    text = letter.get_content()
    assert "陈高娃，您好" in text and "宝力根街道投递部的问题2026年11月27日到期。" in text
    assert "https://toucha.example.cn/problems?q=a" in text
    tell(cast, "director", "c", nine)
    run(app, nine + 5 * HOUR)
    assert len(box.letters) == 1, "a digest a day"
    run(app, nine + DAY)
    assert [one["Subject"] for one in box.letters] == ["投查：2 条新通知", "投查：1 条新通知"]
    run(app, nine + 2 * DAY)
    assert len(box.letters) == 2, "nothing new, no mail"


def test_what_is_grave_goes_at_once_and_not_again_with_the_digest(app, cast, box):
    proven(cast, "director", "gaowa@post.example.cn", hour=18)
    tell(cast, "director", "a")
    tell(cast, "director", "b", grave=True)
    run(app, MORNING)
    [letter] = box.letters
    assert letter["Subject"] == "投查：1 条紧急通知" and "q=b" in letter.get_content()
    run(app, MORNING + 11 * HOUR)
    assert len(box.letters) == 2 and "q=b" not in box.letters[1].get_content()


def test_what_was_seen_meanwhile_is_not_sent(app, cast, box):
    proven(cast, "director", "gaowa@post.example.cn", hour=9)
    tell(cast, "director", "a")
    with transaction() as session:
        assert operations.see(session, cast.people["director"], None, MORNING) == 1
    run(app, MORNING + HOUR)
    assert box.letters == []


def test_who_wants_quiet_gets_only_what_is_grave(app, cast, box):
    proven(cast, "director", "gaowa@post.example.cn", quiet=True)
    tell(cast, "director", "a")
    tell(cast, "director", "b", grave=True)
    run(app, MORNING)
    assert [one["Subject"] for one in box.letters] == ["投查：1 条紧急通知"]
    with transaction() as session:
        choices.choose(session, cast.people["director"], 8, False)
    tell(cast, "director", "c")
    run(app, MORNING)
    assert box.letters[1]["Subject"] == "投查：1 条新通知", "what was kept back stays back"


def test_who_has_no_address_or_is_deactivated_gets_nothing_and_keeps_the_inbox(app, cast, box):
    proven(cast, "lead", "siqin@post.example.cn")
    with transaction() as session:
        session.get(Person, cast.people["lead"]).active = False
    tell(cast, "lead director", "a", grave=True)
    run(app, MORNING)
    assert (box.letters, queued()) == ([], [])
    assert unseen(db.session, cast.people["director"]) == unseen(db.session, cast.people["lead"]) == 1


def test_the_same_thing_told_twice_is_one_row_and_a_later_person_is_told_too(app, cast):
    with app.app_context():
        assert tell(cast, "director", "a") == 1
        assert tell(cast, "director lead", "a", MORNING + DAY) == 1
        rows = db.session.scalars(select(Notice).where(Notice.person_id == cast.people["director"])).all()
        assert [one.created_at for one in rows] == [MORNING]


def test_a_mistake_of_the_caller_is_said_at_once(app, cast):
    with app.app_context():
        for wrong in ({"key": ""}, {"key": "k" * 121}):
            with pytest.raises(ValueError):
                tell(cast, "director", **wrong)
        for address in (
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "notices",
        ):
            with transaction() as session, pytest.raises(ValueError):
                values = {"unit": "部", "day": "2026-11-27"}
                operations.tell(session, [], "test-due", values, address, key="k", now=MORNING)
        with transaction() as session, pytest.raises(ValueError):
            operations.tell(session, [], "test-due", {"unit": "部"}, "/notices", key="k", now=MORNING)


def test_an_address_is_proven_by_the_code_that_was_mailed_to_it(app, cast, box):
    person, key = cast.people["director"], app.config["SECRET_KEY"]
    tell(cast, "director", "before")
    with transaction() as session:
        choices.enter_mail(session, person, "gaowa@post.example.cn", MORNING)
    run(app, MORNING)
    [letter] = box.letters
    code = letter["Subject"].split()[-1]
    assert code.isdecimal() and len(code) == 8 and code in letter.get_content()
    assert code == code_of(key, db.session.get(NoticeChoice, person))
    with transaction() as session:
        assert choices.prove_mail(session, key, person, "00000000", MORNING).fields == {"code": "code"}
    with transaction() as session:
        assert choices.prove_mail(session, key, person, f" {code[:4]} {code[4:]} ", MORNING) is None
    run(app, MORNING)
    assert len(box.letters) == 1, "what was told before stays in the inbox"
    tell(cast, "director", "after")
    run(app, MORNING)
    assert len(box.letters) == 2
    with transaction() as session:
        choices.remove_mail(session, person)
    tell(cast, "director", "later", grave=True)
    run(app, MORNING + DAY)
    assert len(box.letters) == 2


def test_a_code_is_good_for_a_day_and_eight_guesses_and_five_are_sent_a_day(app, cast, box):
    person, key = cast.people["director"], app.config["SECRET_KEY"]

    def enter(now):
        with transaction() as session:
            choices.enter_mail(session, person, "gaowa@post.example.cn", now)

    def prove(code, now):
        with transaction() as session:
            return choices.prove_mail(session, key, person, code, now)

    enter(MORNING)
    right = code_of(key, db.session.get(NoticeChoice, person))
    db.session.rollback()
    assert prove(right, MORNING + DAY) is not None, "too late"
    for _ in range(8):
        assert prove("x", MORNING) is not None
    assert prove(right, MORNING) is not None, "too many guesses"
    for _ in range(4):
        enter(MORNING)
    with pytest.raises(Exception, match="too-many-requests"):
        enter(MORNING)
    run(app, MORNING)
    assert len(box.letters) == 1, "an earlier code is of no use, so it is not sent"
    enter(MORNING + DAY)


def test_mail_that_is_switched_off_queues_nothing_and_begins_with_what_comes_then(app, cast):
    with app.app_context():
        proven(cast, "director", "gaowa@post.example.cn")
        tell(cast, "director", "a", grave=True)
        assert run(app, MORNING).sent == 0 and queued() == []
        with mail_server() as box:
            app.config.update(mail_settings(box))
            assert run(app, MORNING + HOUR).sent == 1


def test_notices_and_messages_go_after_their_time(app, cast, box):
    proven(cast, "director", "gaowa@post.example.cn")
    tell(cast, "director", "a")
    run(app, MORNING)
    tell(cast, "director", "b", MORNING + DAY)
    with transaction() as session:
        assert operations.forget(session, MORNING + HOUR) == 1
    rows, more = inbox(db.session, cast.people["director"], "all", 1, 10)
    assert ([one.key for one in rows], more, queued()) == (["b"], False, [])
