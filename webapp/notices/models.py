"""Tables of notices, the queue of what is sent, each person's choices, group robots and calendar feeds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, Id, Json, UtcDateTime, line

# Of a delivery: not tried yet, given to the channel, tried and to be tried again, no longer tried.
WAITING, SENT, FAILED, GIVEN_UP = "waiting", "sent", "failed", "given-up"
MORNING = 8  # the hour of the digest where nobody chose another


class Notice(Base):
    """One thing that one person is told. The same ``key`` told again is the same row."""

    __tablename__ = "notices"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("units.code"))
    code: Mapped[str] = mapped_column(String(40))  # the sort, see sorts.py
    key: Mapped[str] = mapped_column(String(120), index=True)
    values: Mapped[dict] = mapped_column(Json)  # what its sentence holds
    address: Mapped[str] = mapped_column(String(200))  # a path of the desk that opens the thing
    phone_address: Mapped[str | None] = mapped_column(String(200))  # the same in the field app, below /app/
    grave: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When a channel of the person took it over, or that none ever shall: a digest holds what is still empty here.
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notices_person_id_created_at", "person_id", "created_at"),
        Index("ix_notices_told_at_seen_at", "told_at", "seen_at"),
        Index("ix_notices_created_at", "created_at"),
    )


class NoticeChoice(Base):
    """How a person wants to be told; who has no row has the defaults: the inbox alone."""

    __tablename__ = "notice_choices"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, default=MORNING)  # local, of the digest
    quiet: Mapped[bool] = mapped_column(default=False)  # no digest: only what is grave leaves the inbox
    channels: Mapped[list] = mapped_column(Json, default=list)  # codes of channels that reach a person
    mail_address: Mapped[str | None] = mapped_column(String(254))
    mail_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The code that proves the address is made of this salt, the address and the server's key; it is stored nowhere.
    mail_salt: Mapped[str | None] = mapped_column(String(32))
    mail_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_asked: Mapped[int] = mapped_column(Integer, default=0)  # codes sent on that day
    mail_tries: Mapped[int] = mapped_column(Integer, default=0)  # wrong codes typed since
    __table_args__ = (CheckConstraint("hour >= 0 AND hour <= 23", name="hour"),)


class GroupRobot(Base):
    """A robot of a group chat, by whose webhook one text at a time is put into the group."""

    __tablename__ = "group_robots"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    channel: Mapped[str] = mapped_column(String(12))  # wecom, dingtalk
    name: Mapped[str] = mapped_column(line(40))  # of the group, as its keeper calls it
    webhook: Mapped[str] = mapped_column(String(500))  # a secret: whoever has it writes into the group
    secret: Mapped[str | None] = mapped_column(String(200))  # DingTalk's, for the signature
    webhook_digest: Mapped[str | None] = mapped_column(
        Digest, unique=True
    )  # one robot is counted in one place
    hour: Mapped[int] = mapped_column(Integer, default=MORNING)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    made_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Instants (ISO) of the last minute's texts: more than its limit the robot does not take.
    lately: Mapped[list] = mapped_column(Json, default=list)
    __table_args__ = (CheckConstraint("hour >= 0 AND hour <= 23", name="hour"),)


class GroupMatter(Base):
    """What waits for the next text into a group: one thing, however many people were told of it."""

    __tablename__ = "group_matters"
    robot_id: Mapped[str] = mapped_column(ForeignKey("group_robots.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    grave: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeDelivery(Base):
    """The queue: one message to one person or one group, by one channel. Its id is the message's id, try after try."""

    __tablename__ = "notice_deliveries"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(12))
    sort: Mapped[str] = mapped_column(String(12))  # digest, grave, proof, test
    key: Mapped[str] = mapped_column(String(160), unique=True)  # what is queued twice is one row
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    robot_id: Mapped[str | None] = mapped_column(ForeignKey("group_robots.id"), index=True)
    params: Mapped[dict] = mapped_column(Json)  # what the text is made of when it is sent
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    first_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Until when a worker has it: one that died leaves it to the next. The claim tells whose answer counts.
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim: Mapped[str | None] = mapped_column(Id)
    last_error: Mapped[str | None] = mapped_column(String(120))  # a code, see channels/channel.py
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'given-up')", name="state"),
        CheckConstraint("(person_id IS NULL) <> (robot_id IS NULL)", name="recipient"),
        Index("ix_notice_deliveries_state_not_before", "state", "not_before"),
        Index("ix_notice_deliveries_created_at", "created_at"),
    )


class CalendarFeed(Base):
    """A secret address under which a calendar program reads a person's deadlines, until it is revoked."""

    __tablename__ = "calendar_feeds"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
