"""Group robots of a unit: who may keep them (``keep-robots``), and what becomes of what waits for one."""

from collections.abc import Mapping
from datetime import datetime

from marshmallow import fields, validate
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.core.ids import is_id, new_id
from webapp.core.problems import OutOfSight, Problem
from webapp.core.text_lengths import Characters
from webapp.notices.channels.registry import CHANNELS, GROUPS
from webapp.notices.models import GroupMatter, GroupRobot, NoticeDelivery
from webapp.notices.queue import enqueue
from webapp.org.models import Unit
from webapp.org.queries import sha256, unit_for
from webapp.org.rules import Actor
from webapp.org.schemas import Form, is_line, needed

ACTION = "keep-robots"


class RobotForm(Form):
    """A robot as its group's settings show it."""

    channel = needed(fields.String, "choice", validate.OneOf(GROUPS, error="choice"))
    group = needed(fields.String, "characters", is_line, Characters(40, error="long"))
    webhook = needed(fields.String, "webhook", is_line, validate.Length(max=500, error="webhook"))
    secret = fields.String(load_default=None, validate=[is_line, validate.Length(max=200, error="long")])
    hour = needed(fields.Integer, "choice", validate.Range(0, 23, error="choice"))
    language = needed(fields.String, "choice", validate.OneOf(("zh", "en"), error="choice"))


ROBOT = RobotForm()


def add_robot(
    session: Session, actor: Actor, now: datetime, config: Mapping, unit_code: str, form: dict
) -> GroupRobot:
    """A new robot of the unit, from a read ``RobotForm``. Problem ``invalid``: its address is none of the channel's."""
    unit = unit_for(session, actor, unit_code, ACTION)
    channel = CHANNELS[form["channel"]]
    if fault := channel.webhook_fault(config, form["webhook"]):
        raise Problem("invalid", {"webhook": fault})
    robot = GroupRobot(
        id=new_id(), unit_code=unit.code, channel=channel.code, name=form["group"], webhook=form["webhook"],
        secret=form["secret"] if channel.signs else None, webhook_digest=sha256(form["webhook"]),
        hour=form["hour"], language=form["language"], made_by=actor.person_id, made_at=now, lately=[],
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(robot)
    except IntegrityError:  # counted in two places it would get twice as many texts a minute
        raise Problem("invalid", {"webhook": "webhook-taken"}) from None
    return robot


def robot_for(session: Session, actor: Actor, unit_code: str, robot_id: str) -> GroupRobot:
    """The robot, if it is one of the unit's and the actor keeps them there; else ``not-found``."""
    unit: Unit = unit_for(session, actor, unit_code, ACTION)
    robot = session.get(GroupRobot, robot_id) if is_id(robot_id) else None
    if robot is None or robot.unit_code != unit.code or robot.removed_at is not None:
        raise OutOfSight(robot.unit_code) if robot else Problem("not-found")
    return robot


def remove_robot(session: Session, actor: Actor, now: datetime, unit_code: str, robot_id: str) -> None:
    """It is told nothing any more; its address and secret are deleted."""
    robot = robot_for(session, actor, unit_code, robot_id)
    waiting = update(NoticeDelivery).where(
        NoticeDelivery.robot_id == robot.id, NoticeDelivery.state.in_(("waiting", "failed"))
    )
    session.execute(
        waiting.values(state="given-up", last_error="recipient")
    )  # before the robot, as a worker locks them
    session.execute(delete(GroupMatter).where(GroupMatter.robot_id == robot.id))
    robot.removed_at, robot.webhook, robot.secret, robot.webhook_digest = now, "", None, None
    session.flush()


def test_robot(session: Session, actor: Actor, now: datetime, unit_code: str, robot_id: str) -> None:
    """Queue a text that says that it works; one that still waits is enough."""
    robot = robot_for(session, actor, unit_code, robot_id)
    waiting = select(NoticeDelivery.id).where(
        NoticeDelivery.robot_id == robot.id, NoticeDelivery.sort == "test",
        NoticeDelivery.state.in_(("waiting", "failed")),
    )  # fmt: skip
    if session.scalar(waiting.limit(1)) is None:
        enqueue(session, robot.channel, "test", f"test:{new_id()}", {}, now, robot=robot.id)
