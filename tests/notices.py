"""What tests of notices build upon: a sort, somebody who is told, a run of the queue at a given moment."""

from datetime import datetime

from sqlalchemy import select

from tests.cast import Cast
from webapp.core.clock import LOCAL
from webapp.core.database import db, transaction
from webapp.notices import choices, operations, robots
from webapp.notices.channels.registry import senders
from webapp.notices.digests import compose_digests
from webapp.notices.models import NoticeChoice, NoticeDelivery
from webapp.notices.queue import Told, deliver
from webapp.notices.sorts import Sort, register

DUE = register(
    Sort("test-due", ("unit", "day"), "{unit}的问题 {day} 到期。", "A problem at {unit} is due on {day}.")
)
MORNING = datetime(2026, 11, 20, 8, 5, tzinfo=LOCAL)
SITE = "https://toucha.example.cn"


def mail_settings(box) -> dict:
    """The settings of a mail server on loopback without TLS."""
    return {
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": box.port, "SMTP_SECURITY": "none",
        "MAIL_FROM": "toucha@post.example.cn", "SITE": SITE, "SENDING_SECONDS": 2,
    }  # fmt: skip


def group_settings(group) -> dict:
    """The settings that let a robot's webhook lead to loopback."""
    return {"WEBHOOK_ORIGINS": (f"http://127.0.0.1:{group.port}",), "SITE": SITE, "SENDING_SECONDS": 2}


def tell(cast: Cast, who: str, key: str, now: datetime = MORNING, **more) -> int:
    """Tell the people with these logins something; how many had not been told."""
    with transaction() as session:
        values = {"unit": "宝力根街道投递部", "day": "2026-11-27"}
        people = [cast.people[one] for one in who.split()]
        return operations.tell(
            session, people, "test-due", values, f"/problems?q={key}", key=key, now=now, **more
        )


def proven(cast: Cast, who: str, address: str, hour: int = 8, quiet: bool = False) -> None:
    """The person has an address that is proven."""
    with transaction() as session:
        choices.choose(session, cast.people[who], hour, quiet)
        row = session.get(NoticeChoice, cast.people[who])
        row.mail_address, row.mail_verified_at, row.channels = address, MORNING, ["mail"]


def robot(app, cast: Cast, unit: str, channel: str, webhook: str, hour: int = 8, **more) -> str:
    """A robot of the unit, entered by the administrator; its id."""
    form = {
        "channel": channel,
        "group": "质检群",
        "webhook": webhook,
        "secret": None,
        "hour": hour,
        "language": "zh",
    }
    with transaction() as session:
        admin = cast.actor(session, "admin")
        return robots.add_robot(session, admin, MORNING, app.config, unit, form | more).id


def run(app, now: datetime) -> Told:
    """What the command does each minute, at a given moment."""
    on = senders(app.config)
    with transaction() as session:
        compose_digests(session, now, on)
    return deliver(transaction, on, app.config, lambda: now, lambda: 0.5)


def queued() -> list[NoticeDelivery]:
    """All deliveries, the oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(NoticeDelivery).order_by(NoticeDelivery.id)))
