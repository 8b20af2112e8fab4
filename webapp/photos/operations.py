"""Photos as facts name them, come and get lost: noted, and journalled in the units that wait for them. Flush, never commit."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.journal import chain
from webapp.journal.chain import Note
from webapp.journal.models import Refusal
from webapp.org.models import Unit
from webapp.photos.models import Photo, PhotoLoss, PhotoRef
from webapp.photos.queries import parts, photos_sent
from webapp.photos.rules import CASE, NO_ITEM, POINT, RECORD, REFUSED, SECOND, STORED, VOICE, named_in

_REFS = insert(PhotoRef)

# ---------------------------------------------------------------- what names a photo


def name_in_record(
    into, fact_id: str, unit_code: str, author_id: str, photos: Iterable[tuple[int, str, int]],
    voices: Iterable[tuple[int, str, int]] = (),
) -> None:  # fmt: skip
    """An inspection or capture names photos and voice notes ``(ordinal, digest, size)``; ``into`` a session or what gathers
    rows like one.
    """
    who = {"fact_id": fact_id, "content": "", "author_id": author_id, "unit_code": unit_code}
    rows = [
        {**who, "source": source, "ordinal": n, "digest": digest, "size": size}
        for source, named in ((RECORD, photos), (VOICE, voices))
        for n, digest, size in named
    ]
    if rows:
        into.execute(_REFS, rows)


def name_in_point(
    session: Session, fact_id: str, unit_code: str, author_id: str, digest: str | None, size: int | None
) -> None:
    """A change of a relay point names this photo, or none."""
    if digest is not None:
        row = {"fact_id": fact_id, "source": POINT, "content": "", "author_id": author_id, "ordinal": NO_ITEM}
        session.execute(insert(PhotoRef), [{**row, "digest": digest, "size": size, "unit_code": unit_code}])


def name_in_case(
    session: Session, fact_id: str, unit_code: str, author_id: str, photos: Iterable[tuple[str, int]]
) -> None:
    """A move of a case names photos ``(digest, size)``."""
    row = {"fact_id": fact_id, "source": CASE, "content": "", "author_id": author_id, "ordinal": NO_ITEM}
    rows = [{**row, "digest": digest, "size": size, "unit_code": unit_code} for digest, size in photos]
    if rows:
        session.execute(insert(PhotoRef), rows)


def name_in_second(
    session: Session, fact_id: str, content: str, unit_code: str, author_id: str, text: str
) -> None:
    """A second content under the id names what its text speaks of: one may yet be put in force."""
    _name_in_text(session, SECOND, fact_id, content, unit_code, author_id, text)


def name_in_refused(
    session: Session, fact_id: str, content: str, unit_code: str | None, author_id: str, text: str
) -> None:
    """Something refused names what its text speaks of: its author may send it again."""
    _name_in_text(session, REFUSED, fact_id, content, unit_code, author_id, text)


def _name_in_text(
    session: Session, source: str, fact_id: str, content: str, unit_code: str | None, author_id: str, text: str
) -> None:  # fmt: skip
    who = {"fact_id": fact_id, "source": source, "content": content, "author_id": author_id}
    rows = [
        {**who, "ordinal": NO_ITEM, "digest": digest, "size": None, "unit_code": unit_code}
        for digest in sorted(named_in([text]))
    ]
    if rows:
        session.execute(insert(PhotoRef), rows)


def forget_second(session: Session, fact_id: str, content: str) -> None:
    """Somebody has decided about the second content: put in force, it is a record of its own."""
    _forget(session, PhotoRef.fact_id == fact_id, PhotoRef.source == SECOND, PhotoRef.content == content)


def forget_refused(
    session: Session, fact_ids: Collection[str], author_id: str, content: str | None = None
) -> None:
    """What the author was refused under these ids is kept no more; of one ``content`` only, if it is given."""
    mine = [PhotoRef.fact_id.in_(fact_ids), PhotoRef.source == REFUSED, PhotoRef.author_id == author_id]
    mine += [] if content is None else [PhotoRef.content == content]
    _forget(session, *mine)


def forget_refused_before(session: Session, before: datetime) -> None:
    """What was refused before that instant and still has its text names nothing any more; the caller takes the text."""
    stale = select(Refusal.fact_id, Refusal.author_id, Refusal.digest)
    for row in session.execute(stale.where(Refusal.received_at < before, Refusal.text != "")).all():
        forget_refused(session, [row.fact_id], row.author_id, row.digest)


def _forget(session: Session, *which) -> None:
    """Something names its photos no more; the sweep looks again whether anything does."""
    freed = session.scalars(select(PhotoRef.digest).where(*which).distinct()).all()
    for some in parts(freed):
        session.execute(update(Photo).where(Photo.digest.in_(some)).values(named=False))
    session.execute(delete(PhotoRef).where(*which))


# ---------------------------------------------------------------- what comes, and what does not


def photo_arrived(session: Session, digest: str, author_id: str, now: datetime) -> None:
    """Journal the arrival of a photo for each unit in which the author's stored facts name it."""
    rows = sorted(tuple(row[:2]) for row in session.execute(_named(author_id, [digest], STORED)))
    chain.lock(session, {code for _, code in rows})
    chain.append(session, [Note(code, "photo", fact_id, digest) for fact_id, code in rows], now)


def photos_lost(
    session: Session, author_id: str, lost: dict[str, str], reporter_id: str, now: datetime, paths: Collection[str] = ("/",)
) -> int:  # fmt: skip
    """Keep and journal that a phone cannot send these photos ``{digest: reason}``; how many of them were news.

    Only those that the author's own facts name, second contents that nobody has decided about included, that are not
    here, and of which nobody has said it yet; and those only that no fact of a unit beyond the ``paths`` names.
    """
    known = _settled(session, author_id, lost) | _beyond(session, author_id, lost, paths)
    news = {digest: reason for digest, reason in lost.items() if digest not in known}
    rows = session.execute(_named(author_id, news)).all() if news else []
    if not rows:
        return 0
    chain.lock(session, {code for _, code, _ in rows})
    # Another request may have said the same, or brought the photo, while this one waited for the lock.
    settled = _settled(session, author_id, news)
    rows = sorted({tuple(row) for row in rows if row[2] not in settled})
    told = sorted({digest for _, _, digest in rows})
    if told:
        common = {"author_id": author_id, "reported_by": reporter_id, "reported_at": now}
        session.execute(insert(PhotoLoss), [{"digest": one, "reason": news[one], **common} for one in told])
    chain.append(session, [Note(code, "photo-lost", fact, digest) for fact, code, digest in rows], now)
    return len(told)


def _beyond(session: Session, author_id: str, digests: Collection[str], paths: Collection[str]) -> set[str]:
    """Those that the author's facts of units outside of the ``paths`` name."""
    if "/" in paths:
        return set()
    rows = session.execute(_named(author_id, digests)).all()
    units = select(Unit.code, Unit.path).where(Unit.code.in_({code for _, code, _ in rows}))
    outside = {code for code, path in session.execute(units) if not path.startswith(tuple(paths))}
    return {digest for _, code, digest in rows if code in outside}


def _settled(session: Session, author_id: str, digests: Collection[str]) -> set[str]:
    """Those that the author has sent, or of which the author's loss is known."""
    lost = select(PhotoLoss.digest).where(PhotoLoss.digest.in_(digests), PhotoLoss.author_id == author_id)
    return photos_sent(session, author_id, digests) | set(session.scalars(lost))


def _named(author_id: str, digests: Collection[str], sources: Collection[str] = (*STORED, SECOND)):
    """A query of (fact, unit, digest) for the author's facts that name the photos."""
    query = select(PhotoRef.fact_id, PhotoRef.unit_code, PhotoRef.digest).distinct()
    mine = (PhotoRef.author_id == author_id, PhotoRef.source.in_(sources))
    return query.where(PhotoRef.digest.in_(digests), *mine)
