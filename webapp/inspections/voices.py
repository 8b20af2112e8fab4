"""Voice notes of inspections and captures, read only: who may hear one, and how long each is."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.inspections.covert import hides_author
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.org.rules import Actor
from webapp.photos.models import PhotoRef, PhotoSender
from webapp.photos.queries import parts, sent_by, voices_of
from webapp.photos.rules import HERE, VOICE


@dataclass(frozen=True)
class Voice:
    """A voice note of an item, of that many seconds; ``state`` and ``type`` (None: it has not come) as of a photo."""

    sha256: str
    size: int
    type: str | None
    state: str
    seconds: int

    def as_dict(self) -> dict | None:
        """As a phone is told of it; None where it is not here."""
        if self.state != HERE:
            return None
        return {"sha256": self.sha256, "size": self.size, "type": self.type, "seconds": self.seconds}


def voices(session: Session, records: Collection[str]) -> dict[tuple[str, int], Voice]:
    """{(inspection or capture, ordinal): its voice note} of those records."""
    found = {}
    for part in parts(records):
        rows = session.execute(voices_of(part).add_columns(PhotoRef.size)).all()
        named = {row.fact_id for row in rows}
        texts = session.execute(select(Fact.id, Fact.open).where(Fact.id.in_(named))).all() if named else ()
        said = {one: json.loads(text)["items"] for one, text in texts}
        for fact, ordinal, digest, mime, state, size in rows:
            seconds = said[fact][ordinal]["voice"]["seconds"]
            found[fact, ordinal] = Voice(digest, size, mime, state, seconds)
    return found


def may_hear(session: Session, me: Actor, digest: str) -> bool:
    """Whether a record that the person may see names the voice note, and its author has sent the bytes.

    Of what was found covertly the inspected department reads the words, and does not hear who says them.
    """
    query = (
        select(PhotoRef.author_id, Inspection.method, Inspection.acting_code, Unit.code, Unit.path)
        .join(Inspection, Inspection.id == PhotoRef.fact_id)
        .join(Unit, Unit.code == PhotoRef.unit_code)
        .join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))
        .where(PhotoRef.digest == digest, PhotoRef.source == VOICE)
        .where((PhotoRef.author_id == me.person_id) | within(me.reach("see-inspections")))
    )
    return any(
        not hides_author(me, author, method, acting != code, path)
        for author, method, acting, code, path in session.execute(query)
    )
