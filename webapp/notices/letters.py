"""The message of a delivery, made when it is sent: the words of today, to the address of today."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.notices import texts
from webapp.notices.channels.channel import Message
from webapp.notices.codes import code_of
from webapp.notices.models import GroupRobot, Notice, NoticeChoice, NoticeDelivery
from webapp.notices.sorts import sentence
from webapp.org.models import Person, Unit


def message_of(session: Session, config: Mapping, delivery: NoticeDelivery) -> Message | None:
    """What is to be sent; None where there is nobody any more to send it to."""
    if delivery.robot_id is not None:
        return _into_group(session, config["SITE"], delivery)
    person, choice = session.get(Person, delivery.person_id), session.get(NoticeChoice, delivery.person_id)
    if choice is None or choice.mail_address is None or not person.active:
        return None
    if delivery.sort == "proof":
        if choice.mail_salt is None or delivery.key != f"proof:{choice.mail_salt}":
            return None
        code = code_of(config["SECRET_KEY"], choice)
        letter = texts.proof_letter(person.language, person.name, code)
    else:
        if choice.mail_verified_at is None:
            return None
        letter = _of_notices(session, config["SITE"], person, delivery)
    return Message(delivery.id, choice.mail_address, letter.subject, letter.text, config["SITE"])


def _of_notices(session: Session, site: str, person: Person, delivery: NoticeDelivery) -> texts.Letter:
    query = select(Notice).where(Notice.id.in_(delivery.params["notices"]))
    rows = session.scalars(query.order_by(Notice.grave.desc(), Notice.created_at, Notice.id))
    told = [(sentence(one.code, one.values, person.language), one.address) for one in rows]
    return texts.notices_letter(person.language, person.name, told, delivery.sort == "grave", site)


def _into_group(session: Session, site: str, delivery: NoticeDelivery) -> Message | None:
    robot = session.get(GroupRobot, delivery.robot_id)
    if robot.removed_at is not None:
        return None
    if delivery.sort == "test":
        text = texts.test_text(robot.language)
    else:
        counts = Counter(delivery.params["counts"])
        names = dict(session.execute(select(Unit.code, Unit.name).where(Unit.code.in_(list(counts)))).all())
        told = [(names[code], n) for code, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
        text = texts.group_text(robot.language, told, delivery.params["grave"], site)
    return Message(delivery.id, robot.webhook, "", text, site, robot.secret)
