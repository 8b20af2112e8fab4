"""What the register shows of relay points, and whether it has arrived, read only."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from webapp.org.models import Person, Unit
from webapp.org.names import shown_name
from webapp.org.queries import within
from webapp.photos.models import Photo, PhotoLoss, PhotoRef, PhotoSender
from webapp.photos.queries import lost_by, sent_by
from webapp.photos.rules import HERE, LOST, MISSING, POINT, PURGED
from webapp.registers.models import RelayChange, RelayPoint

# What the changes of a point name, and their author's word that it will not come.
_NAMED_BY_A_CHANGE = and_(PhotoRef.fact_id == RelayChange.fact_id, PhotoRef.source == POINT)
_LOST_BY_ITS_AUTHOR = lost_by(PhotoRef.author_id, PhotoRef.digest)


@dataclass(frozen=True)
class LostPicture:
    """A relay point whose picture on the register will not come."""

    point_id: str
    name: str
    author_name: str
    unit_name: str
    reported_at: datetime
    reason: str


def lost_pictures(session: Session, unit: Unit, today: date) -> list[LostPicture]:
    """Of open points, until the register shows another picture or none, or the picture comes from elsewhere."""
    query = (
        select(RelayPoint, shown_name(), Unit.name, PhotoLoss)
        .join(RelayChange, RelayChange.point_id == RelayPoint.id)
        .join(PhotoRef, and_(_NAMED_BY_A_CHANGE, PhotoRef.digest == RelayPoint.photo_digest))
        .join(PhotoLoss, _LOST_BY_ITS_AUTHOR)
        .outerjoin(PhotoSender, sent_by(PhotoLoss.author_id, PhotoLoss.digest))
        .join(Person, Person.id == PhotoLoss.author_id)
        .join(Unit, Unit.code == RelayPoint.unit_code)
        .where(
            within([unit.path]),
            RelayPoint.closed_on.is_(None) | (RelayPoint.closed_on > today),
            PhotoSender.digest.is_(None),
        )
        .order_by(PhotoLoss.reported_at.desc(), RelayPoint.id)
        .distinct()
        .limit(200)
    )
    return [
        LostPicture(point.id, point.name, name, unit_name, loss.reported_at, loss.reason)
        for point, name, unit_name, loss in session.execute(query)
    ]


def picture_state(session: Session, point: RelayPoint) -> str | None:
    """What became of the picture that the register shows of a point; None where it shows none."""
    if point.photo_digest is None:
        return None
    changes = select(RelayChange.fact_id).join(PhotoRef, _NAMED_BY_A_CHANGE).limit(1)
    changes = changes.where(RelayChange.point_id == point.id, PhotoRef.digest == point.photo_digest)
    sent = changes.join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))
    if session.scalar(sent):
        photo = session.get(Photo, point.photo_digest)
        return LOST if not photo.mime.startswith("image/") else PURGED if photo.purged_at else HERE
    return LOST if session.scalar(changes.join(PhotoLoss, _LOST_BY_ITS_AUTHOR)) else MISSING
