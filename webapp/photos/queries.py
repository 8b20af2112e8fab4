"""Photos and who names them, read only: what became of each, and who may see it."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from sqlalchemy import ColumnElement, Select, and_, case, exists, not_, or_, select
from sqlalchemy.orm import Session

from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.org.rules import Actor
from webapp.photos.models import Photo, PhotoLoss, PhotoRef, PhotoSender
from webapp.photos.rules import CASE, HERE, LOST, MISSING, POINT, PURGED, RECORD, STORED, VOICE

AT_ONCE = 5000  # values in one IN list: SQLite takes 32,766


def parts(values: Collection[str], most: int = AT_ONCE) -> Iterator[list[str]]:
    """The values, sorted, at most so many at a time."""
    rest = iter(sorted(values))
    while part := list(islice(rest, most)):
        yield part


def sent_by(person, digest) -> ColumnElement[bool]:
    """The row that says that the bytes of the photo came in the name of the person."""
    return and_(PhotoSender.digest == digest, PhotoSender.person_id == person)


def lost_by(person, digest) -> ColumnElement[bool]:
    """The row that says that the person's phone cannot send the photo."""
    return and_(PhotoLoss.digest == digest, PhotoLoss.author_id == person)


def awaited(*which) -> Select:
    """A query of (fact, digest) of photos that the authors of stored facts have not sent yet."""
    query = select(PhotoRef.fact_id, PhotoRef.digest)
    query = query.outerjoin(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))
    return query.where(*which, PhotoRef.source.in_(STORED), PhotoSender.digest.is_(None)).distinct()


def is_picture() -> ColumnElement[bool]:
    """Whether what arrived is a picture; else it is a voice note, whatever a fact calls it."""
    return Photo.mime.startswith("image/")


def photo_state() -> ColumnElement[str]:
    """The state as a column, of a query of :class:`PhotoRef` that joins :class:`Photo` from outside.

    By the author: another's word about the same photo, or another's bytes, tell nothing of this one. A voice note that is
    called a photo is no evidence, nor the other way round: it will not come.
    """
    lost = exists().where(lost_by(PhotoRef.author_id, PhotoRef.digest))
    away = or_(Photo.digest.is_(None), ~exists().where(sent_by(PhotoRef.author_id, PhotoRef.digest)))
    other = or_(
        and_(PhotoRef.source == VOICE, is_picture()), and_(PhotoRef.source != VOICE, not_(is_picture()))
    )
    return case(
        (and_(away, lost), LOST), (away, MISSING), (other, LOST), (Photo.purged_at.is_not(None), PURGED), else_=HERE
    )  # fmt: skip


def of_records(ids: Iterable[str]) -> Select:
    """A query of (inspection, ordinal, digest, state) of the photos that the inspections and captures name."""
    query = select(PhotoRef.fact_id, PhotoRef.ordinal, PhotoRef.digest, photo_state())
    query = query.outerjoin(Photo, Photo.digest == PhotoRef.digest)
    return query.where(PhotoRef.source == RECORD, PhotoRef.fact_id.in_(list(ids)))


def voices_of(ids: Iterable[str]) -> Select:
    """A query of (inspection, ordinal, digest, MIME type, state) of the voice notes that the inspections and captures name."""
    query = select(PhotoRef.fact_id, PhotoRef.ordinal, PhotoRef.digest, Photo.mime, photo_state())
    query = query.outerjoin(Photo, Photo.digest == PhotoRef.digest)
    return query.where(PhotoRef.source == VOICE, PhotoRef.fact_id.in_(list(ids)))


def photos_sent(session: Session, person_id: str, digests: Collection[str]) -> set[str]:
    """Those of the photos whose bytes came in the person's name."""
    mine = select(PhotoSender.digest).where(PhotoSender.person_id == person_id)
    return {
        one for some in parts(digests) for one in session.scalars(mine.where(PhotoSender.digest.in_(some)))
    }


def photos_unseen(
    session: Session, author_id: str, digests: Collection[str], paths: Iterable[str]
) -> set[str]:
    """Those that the author has sent, but for no stored fact of a unit at or below one of the ``paths``."""
    sent, inside = photos_sent(session, author_id, digests), within(paths)
    query = select(PhotoRef.digest).join(Unit, Unit.code == PhotoRef.unit_code)
    query = query.where(PhotoRef.author_id == author_id, PhotoRef.source.in_(STORED), inside).distinct()
    seen = {one for some in parts(sent) for one in session.scalars(query.where(PhotoRef.digest.in_(some)))}
    return sent - seen


def may_see(session: Session, me: Actor, digest: str) -> bool:
    """Whether something that the person may see names the photo, and its author has sent the bytes.

    That is an inspection or a move of a case, of the own or in sight, or the register of a unit where the person works or sees
    it: what a relay point shows or once showed. To name the digest of another's photo opens nothing. Of voice notes see
    ``inspections.voices``.
    """
    record = or_(PhotoRef.author_id == me.person_id, within(me.reach("see-inspections")))
    point = within({*me.reach("see-register"), *me.reach("work")})
    query = (
        select(PhotoRef.digest)
        .join(Unit, Unit.code == PhotoRef.unit_code)
        .join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))
        .where(PhotoRef.digest == digest)
        .where(
            or_(
                and_(PhotoRef.source.in_((RECORD, CASE)), record),
                and_(PhotoRef.source == POINT, point),
            )
        )
    )
    return session.scalar(query.limit(1)) is not None
