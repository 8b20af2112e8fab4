"""Every number that the lists of a day bear, sealed or not, and short keyed marks of them for phones. Read only."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.sampling.models import Manifest, ManifestItem

MARK = 5  # bytes: of 2,000 numbers a strange one is taken for a listed one once in 500 million


@dataclass
class ListedNumber:
    """What the lists of one day say of a number."""

    mail_class: str
    returned: bool = False


def listed_on(
    session: Session, unit_code: str, first: date, last: date
) -> dict[date, dict[str, ListedNumber]]:
    """{day: {number: what its lists say}} of all lists that were not thrown away; of two classes the first list's."""
    query = (
        select(
            Manifest.day, ManifestItem.number, ManifestItem.mail_class, ManifestItem.returned
        )
        .join(Manifest, Manifest.id == ManifestItem.manifest_id)
        .where(Manifest.unit_code == unit_code, Manifest.day.between(first, last))
        .where(Manifest.discarded_at.is_(None))
        .order_by(Manifest.day, Manifest.number)
    )  # fmt: skip
    found: dict[date, dict[str, ListedNumber]] = {}
    for day, number, mail_class, returned in session.execute(query):
        row = found.setdefault(day, {}).setdefault(number, ListedNumber(mail_class))
        row.returned |= returned
    return found


def marks_key(secret: str, unit_code: str, day: date) -> str:
    """The key of a unit's day in hex: 32 bytes that say nothing to whoever lacks the server's secret."""
    return hmac.new(secret.encode(), f"listed {unit_code} {day}".encode(), hashlib.sha256).hexdigest()


def marks_of(key: str, numbers: Iterable[str]) -> str:
    """The sorted marks of the numbers, one after the other, in base64: HMAC-SHA256 cut to five bytes each.

    A phone can ask of a number that somebody holds in the hand whether it is listed; it cannot read the list. The
    phone makes the same marks (static/js/domain/listed.js, tests/vectors/marks.json).
    """
    secret = bytes.fromhex(key)
    marks = {hmac.new(secret, number.encode(), hashlib.sha256).digest()[:MARK] for number in numbers}
    return base64.b64encode(b"".join(sorted(marks))).decode()
