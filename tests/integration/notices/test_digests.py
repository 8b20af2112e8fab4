"""From what somebody is told to a mail in a real mailbox: what goes when, and what never."""

from datetime import datetime, timedelta

import pytest

from tests import cast as company
from tests.mail import mail_server
from webapp.core.clock import LOCAL
from webapp.core.database import transaction
from webapp.notices import choices, operations
from webapp.notices.channels.registry import senders
from webapp.notices.digests import compose_digests
from webapp.notices.models import NoticeChoice
from webapp.notices.queue import deliver
from webapp.notices.sorts import Sort, register

DUE = register(
    Sort("test-due", ("unit", "day"), "{unit}的问题 {day} 到期。", "A problem at {unit} is due on {day}.")
)
MORNING = datetime(2026, 11, 20, 8, 5, tzinfo=LOCAL)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def settings(box) -> dict:
    return {
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": box.port, "SMTP_SECURITY": "none",
        "MAIL_FROM": "toucha@post.example.cn", "SITE": "https://toucha.example.cn", "SENDING_SECONDS": 5,
    }  # fmt: skip


def tell(cast, who: str, key: str, now=MORNING, **more) -> None:
    with transaction() as session:
        values = {"unit": "宝力根街道投递部", "day": "2026-11-27"}
        people = [cast.people[one] for one in who.split()]
        operations.tell(session, people, "test-due", values, f"/problems?q={key}", key=key, now=now, **more)


def proven(cast, who: str, address: str, hour: int = 8, quiet: bool = False, now=MORNING) -> None:
    with transaction() as session:
        choices.choose(session, cast.people[who], hour, quiet)
        row = session.get(NoticeChoice, cast.people[who])
        row.mail_address, row.mail_verified_at, row.channels = address, now, ["mail"]


def run(app, now) -> None:
    """What the command does each minute, at a given moment."""
    on = senders(app.config)
    with transaction() as session:
        compose_digests(session, now, on)
    deliver(transaction, on, app.config, lambda: now, lambda: 0.5)


def test_a_day_s_news_are_one_mail_at_the_person_s_hour(app, cast):
    with mail_server() as box, app.app_context():
        app.config.update(settings(box))
        proven(cast, "director", "gaowa@post.example.cn", hour=9)
        for key in ("a", "b"):
            tell(cast, "director lead", key)
        run(app, MORNING)
        assert box.letters == []
        nine = MORNING + timedelta(hours=1)
        run(app, nine)
        run(app, nine)
        [letter] = box.letters
        assert box.recipients == ["gaowa@post.example.cn"]
        assert letter["Subject"] == "投查：2 条新通知"
        text = letter.get_content()
        assert "陈高娃，您好" in text and "宝力根街道投递部的问题2026年11月27日到期。" in text
        assert "https://toucha.example.cn/problems?q=a" in text
        tell(cast, "director", "c", nine)
        run(app, nine + timedelta(hours=5))
        assert len(box.letters) == 1, "a digest a day"
        run(app, nine + timedelta(days=1))
        assert [one["Subject"] for one in box.letters] == ["投查：2 条新通知", "投查：1 条新通知"]
        run(app, nine + timedelta(days=2))
        assert len(box.letters) == 2, "nothing new, no mail"
