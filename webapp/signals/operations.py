"""Photos that arrived are marked and compared with all before them; what is purged is forgotten. Flush, never commit.

One photo at a time: :func:`look` only reads, for it takes a tenth of a second and more, in which nobody shall wait to write;
:func:`note` writes what was seen, in a short transaction. Whatever ends it in the middle, the next one goes on from there.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice

from sqlalchemy import TextClause, bindparam, delete, insert, or_, select, text
from sqlalchemy.orm import Session

from webapp.core.database import insert_missing
from webapp.core.problems import Problem
from webapp.photos.models import Photo
from webapp.photos.queries import is_picture
from webapp.photos.store import PhotoStore
from webapp.photos.thumbnails import thumbnail_of
from webapp.signals.finding import OF_A_KEY, Row, picture_of, twins_of
from webapp.signals.likeness import Picture
from webapp.signals.models import MarkedPhoto, PhotoMark, PhotoTwin
from webapp.signals.photo_hash import METHOD, Mark, folded, packed, unpacked

MARKED, PLAIN, BROKEN = "marked", "plain", "broken"
_SELECTS = 400  # of one query: SQLite takes 500
_log = logging.getLogger(__name__)


class Kept:
    """The marks of the database as :class:`webapp.signals.finding.Index`."""

    def __init__(self, session: Session, store: PhotoStore):
        self.session, self.store = session, store
        self.digests: dict[int, str] = {}

    def having(self, keys: Sequence[int]) -> Iterable[Row]:
        """Some queries whose number does not grow: so many selects in each, each with a limit of its own."""
        rest = iter(keys)
        while some := list(islice(rest, _SELECTS)):
            yield from self.session.execute(
                _latest(len(some)), {f"key{n}": key for n, key in enumerate(some)}
            )

    def marks(self, photos: Sequence[int]) -> Mapping[int, Sequence[Mark]]:
        """One query; their digests are remembered, to open them."""
        query = select(MarkedPhoto.number, MarkedPhoto.digest, MarkedPhoto.marks)
        query = query.where(MarkedPhoto.number.in_(photos), MarkedPhoto.method == METHOD)
        rows = self.session.execute(query).all()
        self.digests.update({row.number: row.digest for row in rows})
        return {row.number: unpacked(row.marks or b"") for row in rows}

    def thumbnail(self, photo: int) -> bytes | None:
        """From the store, or made now."""
        return thumbnail_of(self.store, self.digests[photo])


@cache
def _latest(keys: int) -> TextClause:
    """The latest photos of each of so many keys, ``:key0`` and on. As text: to put so many selects together takes SQLAlchemy longer
    than all the rest that is done for a photo.
    """
    one = (
        f"SELECT * FROM (SELECT key, photo, says FROM photo_marks WHERE key = :key{{}} "  # noqa: S608  (numbers alone)
        f"ORDER BY photo DESC LIMIT {OF_A_KEY}) AS told{{}}"
    )
    return text(" UNION ALL ".join(one.format(n, n) for n in range(keys)))


@dataclass(frozen=True)
class Looked:
    """What was seen of a photo: its marks, and which photos are one with it, with the share of parts that agree."""

    digest: str
    state: str
    marks: Sequence[Mark] = ()
    twins: Mapping[str, float] = field(default_factory=dict)


def waiting(session: Session, most: int, since: datetime | None = None) -> list[str]:
    """Digests of photos that are here and were not looked at by this method, those that came first first; ``since``: of all
    that came before it that is known.
    """
    done = select(MarkedPhoto.digest).where(MarkedPhoto.digest == Photo.digest, MarkedPhoto.method == METHOD)
    query = select(Photo.digest).where(Photo.purged_at.is_(None), is_picture(), ~done.exists())
    query = query if since is None else query.where(Photo.received_at >= since)
    return list(session.scalars(query.order_by(Photo.received_at, Photo.digest).limit(most)))


def look(session: Session, store: PhotoStore, digest: str) -> Looked:
    """Look at the photo and compare it with all that were noted before; reads only."""
    state, picture = _seen(store, digest)
    if picture is None:
        return Looked(digest, state)
    index = Kept(session, store)
    twins = {index.digests[twin.photo]: twin.likeness for twin in twins_of(picture, index)}
    return Looked(
        digest, state, picture.marks, {other: like for other, like in twins.items() if other != digest}
    )


def note(session: Session, looked: Looked, now: datetime) -> None:
    """Write down what was seen, instead of what an older method saw; nothing where the photo was purged meanwhile."""
    here = select(Photo.digest).where(Photo.digest == looked.digest, Photo.purged_at.is_(None))
    # Held, so that whoever purges it now forgets afterwards what is noted here.
    if session.scalar(here.with_for_update(read=True)) is None:
        return
    _unmark(session, [looked.digest])
    row = MarkedPhoto(digest=looked.digest, method=METHOD, state=looked.state, marked_at=now)
    row.marks = packed(looked.marks) or None
    session.add(row)
    session.flush()
    if looked.marks:
        marks = [{"key": one.key, "photo": row.number, "says": folded(one)} for one in looked.marks]
        session.execute(insert(PhotoMark), marks)
    rows = [
        {"first": other, "second": looked.digest, "likeness": like} for other, like in looked.twins.items()
    ]
    if rows:
        insert_missing(session, PhotoTwin, rows)


def _seen(store: PhotoStore, digest: str) -> tuple[str, Picture | None]:
    """What is to be seen of the photo. Whatever a damaged file does to the decoder, it is that photo alone that is broken.

    A store that is away says nothing of any photo: raises its problem.
    """
    try:
        data = thumbnail_of(store, digest)
        picture = None if data is None else picture_of(data)
    except Problem as problem:
        if problem.entry.retry_after:
            raise
        return BROKEN, None
    except Exception as error:
        _log.warning("a photo cannot be read: %s", type(error).__name__)
        return BROKEN, None
    if data is None:
        return BROKEN, None
    return (MARKED, picture) if picture else (PLAIN, None)


def forget(session: Session, digests: Sequence[str]) -> None:
    """Photos that are deleted lose their marks, and their twins are strangers again; so many that one query takes them."""
    _unmark(session, digests)


def _unmark(session: Session, digests: Sequence[str]) -> None:
    query = select(MarkedPhoto.number, MarkedPhoto.marks).where(MarkedPhoto.digest.in_(digests))
    marked = [(row.number, one.key) for row in session.execute(query) for one in unpacked(row.marks or b"")]
    if marked:
        here = (PhotoMark.key == bindparam("k"), PhotoMark.photo == bindparam("p"))
        rows = [{"k": key, "p": number} for number, key in marked]
        session.connection().execute(delete(PhotoMark).where(*here), rows)
    twin = or_(PhotoTwin.first.in_(digests), PhotoTwin.second.in_(digests))
    session.execute(delete(PhotoTwin).where(twin))
    session.execute(delete(MarkedPhoto).where(MarkedPhoto.digest.in_(digests)))
