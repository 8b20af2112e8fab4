"""Tables of photos: those that came, who sent them, who cannot, and every fact that names one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, UtcDateTime

_HERE = text("purged_at IS NULL")


class Photo(Base):
    """A photo or voice note that arrived, stored as a file named by its digest: one store, one way, told apart by ``mime``."""

    __tablename__ = "photos"
    digest: Mapped[str] = mapped_column(Digest, primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    mime: Mapped[str] = mapped_column(String(12))
    width: Mapped[int] = mapped_column(Integer)  # in pixels; 0 of a voice note
    height: Mapped[int] = mapped_column(Integer)
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether the sweep has seen that something names it. It looks only at the others, and never twice at one that is named.
    named: Mapped[bool] = mapped_column(default=False, server_default=false())
    __table_args__ = (
        Index("ix_photos_here", "received_at", sqlite_where=_HERE, postgresql_where=_HERE),
        Index(
            "ix_photos_unnamed",
            "received_at",
            sqlite_where=text("named = 0"),
            postgresql_where=text("NOT named"),
        ),
    )


class LeavingPhoto(Base):
    """The file of this photo is to be deleted: the database has decided, the disk has not followed yet.

    Whoever sends the photo meanwhile is asked to come again. Who deletes the files has them until ``claimed_until``; one that
    died leaves them to the next tick.
    """

    __tablename__ = "leaving_photos"
    digest: Mapped[str] = mapped_column(Digest, primary_key=True)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PhotoSender(Base):
    """In whose name the bytes of a photo came: from the person's own phone or page, or out of the person's file.

    A record shows its photo only where its author is one of them: who merely names a digest sees nothing by it.
    """

    __tablename__ = "photo_senders"
    digest: Mapped[str] = mapped_column(ForeignKey("photos.digest"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PhotoLoss(Base):
    """The author's phone said that it cannot send this photo: its bytes are gone or damaged, or the server would not take them.

    It stays here when the photo arrives after all, from another phone or in a file: then the photo itself counts.
    """

    __tablename__ = "photo_losses"
    digest: Mapped[str] = mapped_column(Digest, primary_key=True)
    author_id: Mapped[str] = mapped_column(
        ForeignKey("people.id"), primary_key=True
    )  # of the records that name it
    reason: Mapped[str] = mapped_column(String(12))  # gone, damaged, refused
    reported_by: Mapped[str] = mapped_column(
        ForeignKey("people.id")
    )  # the author, or who brought the queue as a file
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PhotoRef(Base):
    """A fact names this photo or voice note; the photo itself may still be on the phone.

    Of every fact that does, whatever became of it: what shows, asks for, keeps or sweeps a photo looks here alone.
    """

    __tablename__ = "photo_refs"
    fact_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source: Mapped[str] = mapped_column(
        String(8), primary_key=True
    )  # record, voice, point, case, second, refused
    # Of a second or refused content its digest, for there may be several under one id; else empty.
    content: Mapped[str] = mapped_column(Digest, primary_key=True, default="")
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True
    )  # the item it belongs to; -1: it is of none
    digest: Mapped[str] = mapped_column(Digest, primary_key=True, index=True)
    size: Mapped[int | None] = mapped_column(Integer)  # in bytes, where the fact was read
    unit_code: Mapped[str | None] = mapped_column(
        String(20)
    )  # that the fact is about; None: refused, and no unit of its author's
    __table_args__ = (
        CheckConstraint("source IN ('record', 'voice', 'point', 'case', 'second', 'refused')", name="source"),
    )
