"""What people of each department are told, and what is sent of it: a notice, a robot with a text that failed, a mail, a feed."""

from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from tests.scope.company import Company, Place
from webapp.core import clock
from webapp.core.ids import new_id
from webapp.notices import choices, operations, robots
from webapp.notices.codes import code_of
from webapp.notices.models import FAILED, Notice, NoticeChoice, NoticeDelivery
from webapp.notices.sorts import Sort, register

TOLD = register(Sort("scope-told", ("what",), "有一件事：{what}", "Something: {what}"))


def tell(session: Session, company: Company, place: Place, things: dict[str, str]) -> None:
    """Note the ids of what there is then."""
    now, director = clock.now(), things["director"]
    key = f"scope {place.code}"
    operations.tell(
        session,
        [director],
        TOLD.code,
        {"what": place.sign},
        "/points",
        key=key,
        now=now,
        phone="/app/register",
    )
    operations.tell(
        session,
        [director],
        TOLD.code,
        {"what": place.sign * 2},
        "/points",
        key=f"{key} 2",
        now=now,
        unit=place.code,
    )
    things["notice"] = session.query(Notice).filter_by(key=key).one().id
    form = {"channel": "wecom", "group": f"群{place.sign}", "secret": None, "hour": 8, "language": "zh"}
    form["webhook"] = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={place.digits}"
    admin = company.actor(session, "admin")
    robot = robots.add_robot(session, admin, now, current_app.config, place.code, form)
    things["robot"] = robot.id
    things["text"] = _failed(session, now, "wecom", robot_id=robot.id)
    things["letter_queued"] = _failed(session, now, "mail", person_id=things["inspector"])
    things["feed"] = choices.make_feed(session, director, now)
    choices.enter_mail(session, director, f"{place.prefix}director@post.example.cn", now)
    choice = session.get(NoticeChoice, director)
    things["mail_code"] = code_of(current_app.config["SECRET_KEY"], choice)


def _failed(session: Session, now, channel: str, **to) -> str:
    """A message that could not be sent and waits for its next try."""
    row = NoticeDelivery(id=new_id(), channel=channel, sort="test", key=f"scope {new_id()}", params={}, **to)
    row.created_at = row.first_tried_at = now
    row.not_before, row.state, row.tries, row.last_error = now + timedelta(hours=1), FAILED, 1, "timeout"
    session.add(row)
    session.flush()
    return row.id
