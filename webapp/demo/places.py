"""Where the relay points of the demo's city department stand: invented, around the middle of the real town.

One is left out: its place comes with the first visit.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.recording.together import record_all_at_desk
from webapp.registers.models import RelayPoint

# Degrees WGS 84: latitude, longitude.
PLACES = {
    "乌兰图嘎社区居委会": (43.9476, 116.0689),
    "伊利勒特社区居委会": (43.9581, 116.0837),
    "兴盛社区居委会": (43.9402, 116.0913),
    "回民社区居委会": (43.9338, 116.0718),
    "宝力根社区居委会": (43.9527, 116.0541),
    "拉布仁社区居委会": (43.9429, 116.0468),
    "甘珠尔社区居委会": (43.9361, 116.0583),
}


def enter_places(session: Session, now: datetime, unit: str, day: date, director: Person) -> None:
    """The director enters the places of the unit's points, on the day of its opening."""
    points = session.scalars(select(RelayPoint).where(RelayPoint.unit_code == unit).order_by(RelayPoint.name))
    own = {
        "type": "point", "unit": unit, "acting": unit, "date": day.isoformat(), "day": day.isoformat(), "op": "change"
    }  # fmt: skip
    facts = [
        ({**own, "point": point.id, "values": {"latitude": latitude, "longitude": longitude}}, None)
        for point in points
        if point.name in PLACES
        for latitude, longitude in [PLACES[point.name]]
    ]
    record_all_at_desk(session, actor_of(session, director, day), now, facts)
