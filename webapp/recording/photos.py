"""What recording does about photos and personal parts: journal their arrival or loss, delete them in time."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import insert, or_, select, update

from webapp.inspections.models import Inspection, PhotoLoss, PhotoRef, PhotoSender
from webapp.journal import chain
from webapp.journal.chain import Note
from webapp.journal.models import Conflict, Fact, Refusal
from webapp.org.models import Unit
from webapp.recording.schemas import Entry
from webapp.registers.models import RelayChange

AT_ONCE = 5000  # values in one IN list: SQLite takes 32,766
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def photos_named(entries: Iterable[Entry]) -> set[str]:
    """Digests that the facts speak of."""
    return {digest for entry in entries for digest in _DIGEST.findall(entry.open_text)}


def photos_sent(session, person_id: str, digests: Collection[str]) -> set[str]:
    """Those of the photos whose bytes came in the person's name."""
    mine = select(PhotoSender.digest).where(PhotoSender.person_id == person_id)
    return {
        one for some in _parts(digests) for one in session.scalars(mine.where(PhotoSender.digest.in_(some)))
    }


def photos_unseen(session, author_id: str, digests: Collection[str], paths: Iterable[str]) -> set[str]:
    """Those that the author has sent, but for no record of a unit at or below one of the ``paths``."""
    below = or_(*(Unit.path.startswith(path, autoescape=True) for path in paths))
    unseen = photos_sent(session, author_id, digests)
    for some in _parts(set(unseen)):
        for query in _named(author_id, some):
            unit = query.selected_columns[1]
            named = query.join(Unit, Unit.code == unit).where(below)
            unseen -= {digest for _, _, digest in session.execute(named)}
    return unseen


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    rest = iter(sorted(values))
    while part := list(islice(rest, AT_ONCE)):
        yield part


def photo_arrived(session, digest: str, author_id: str, now: datetime) -> None:
    """Journal the arrival of a photo for each unit in which the author's inspections or relay points name it."""
    rows = [row[:2] for query in _named(author_id, [digest]) for row in session.execute(query.distinct())]
    chain.lock(session, {code for _, code in rows})
    chain.append(
        session, [Note(code, "photo", fact_id, digest) for fact_id, code in sorted(map(tuple, rows))], now
    )


def photos_lost(
    session, author_id: str, lost: dict[str, str], reporter_id: str, now: datetime, paths: Collection[str] = ("/",)
) -> int:  # fmt: skip
    """Keep and journal that a phone cannot send these photos ``{digest: reason}``; how many of them were news.

    Only those that the author's own records name, that are not here, and of which nobody has said it yet; and those
    only that no record of a unit beyond the ``paths`` names.
    """
    known = _settled(session, author_id, lost) | _beyond(session, author_id, lost, paths)
    news = {digest: reason for digest, reason in lost.items() if digest not in known}
    rows = [row for query in _named(author_id, news) for row in session.execute(query.distinct())]
    rows += _contested(session, author_id, news) if news else []
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


def _beyond(session, author_id: str, digests: Collection[str], paths: Collection[str]) -> set[str]:
    """Those that the author's records of units outside of the ``paths`` name."""
    if "/" in paths:
        return set()
    rows = [row for query in _named(author_id, digests) for row in session.execute(query)]
    rows += _contested(session, author_id, digests)
    units = select(Unit.code, Unit.path).where(Unit.code.in_({code for _, code, _ in rows}))
    outside = {code for code, path in session.execute(units) if not path.startswith(tuple(paths))}
    return {digest for _, code, digest in rows if code in outside}


def _settled(session, author_id: str, digests) -> set[str]:
    """Those that the author has sent, or of which the author's loss is known."""
    lost = select(PhotoLoss.digest).where(PhotoLoss.digest.in_(digests), PhotoLoss.author_id == author_id)
    return photos_sent(session, author_id, digests) | set(session.scalars(lost))


def _contested(session, author_id: str, digests) -> list[tuple[str, str, str]]:
    """The same for the author's second contents that nobody has decided about: one may yet be put in force."""
    query = (
        select(Conflict.fact_id, Fact.unit_code, Conflict.open)
        .join(Fact, Fact.id == Conflict.fact_id)
        .where(Fact.author_id == author_id, Conflict.decision.is_(None))
    )
    return [
        (fact, unit, digest)
        for fact, unit, text in session.execute(query)
        for digest in sorted(set(_DIGEST.findall(text)) & set(digests))
    ]


def _named(author_id: str, digests):
    """Queries of (fact, unit, digest) for the author's records that name the photos."""
    of_points = (RelayChange.fact_id, RelayChange.unit_code, RelayChange.photo_digest)
    return (
        select(PhotoRef.inspection_id, Inspection.unit_code, PhotoRef.digest)
        .join(Inspection, Inspection.id == PhotoRef.inspection_id)
        .where(PhotoRef.digest.in_(digests), Inspection.author_id == author_id),
        select(*of_points).where(RelayChange.photo_digest.in_(digests), RelayChange.author_id == author_id),
    )


def purge_personal(session, before: datetime) -> int:
    """Delete notes, positions and salts of facts received before ``before``; returns how many.

    Second contents too, decided or not: afterwards only the first can be kept. Of what was refused the whole text goes,
    with what the reason quotes of it: who, when, of which unit and for which reason stays.
    """
    count = 0
    for table in (Fact, Conflict):
        stale = update(table).where(table.received_at < before, table.personal.is_not(None))
        count += session.execute(stale.values(personal=None, salt=None)).rowcount
    refused = update(Refusal).where(Refusal.received_at < before, Refusal.text != "")
    return count + session.execute(refused.values(text="", fields={})).rowcount
