"""A case as a page or a phone shows it: where, what, whose, by when, its words, photos and whole history. Read only."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from webapp.cases.models import Case, CaseMove, Finding, Occurrence
from webapp.inspections.covert import COVERT
from webapp.inspections.models import Inspection
from webapp.inspections.voices import Voice, voices
from webapp.journal.models import Fact
from webapp.org.models import Person, Route, Unit
from webapp.org.names import name_on, shown_name
from webapp.photos.models import Photo, PhotoRef, PhotoSender
from webapp.photos.queries import photo_state, sent_by
from webapp.photos.rules import CASE, RECORD, VOICE
from webapp.registers.models import RelayPoint
from webapp.sampling.deliveries import parts

TEXT = "text"  # the words of a move among the notes of its personal part
PAIRS = 4  # of photos that are shown beside a signal


@dataclass(frozen=True)
class Shot:
    """A photo. ``state``: missing, lost, here, purged."""

    sha256: str
    size: int | None
    type: str | None
    state: str


@dataclass(frozen=True)
class Seen:
    """One failed item of the case: in which record, what it is called, the words, photos and voice note of who found it.

    ``marks``: the circles and arrows beside photos of that record, by digest.
    """

    inspection: str
    ordinal: int
    label: str
    day: date
    method: str
    finder: str
    finder_id: str
    in_force: bool
    words: str | None
    photos: tuple[Shot, ...]
    marks: Mapping[str, list[dict]]
    voice: Voice | None = None


@dataclass(frozen=True)
class Step:
    """One move of its history."""

    id: str
    move: str
    day: date
    at: datetime
    author_id: str
    author: str
    acting: str
    content: Mapping
    words: str | None
    photos: tuple[Shot, ...]


@dataclass(frozen=True)
class Detail:
    """All that is shown of a case."""

    case: Case
    unit_name: str
    found_by_name: str
    owner_name: str | None
    place_name: str | None
    seen: tuple[Seen, ...]
    steps: tuple[Step, ...]
    words: str | None = None  # of an order: what is asked for
    people: Mapping[str, str] = field(default_factory=dict)  # names of those whom its moves speak of

    @property
    def covert(self) -> bool:
        """Whether who found it is not named to the inspected."""
        return any(one.method == COVERT for one in self.seen)


def details(session: Session, cases: Sequence[Case]) -> dict[str, Detail]:
    """The cases with everything, in a fixed number of queries."""
    ids = [case.id for case in cases]
    grounds = sorted({case.parent or case.id for case in cases})
    seen, steps = _seen(session, grounds), _steps(session, ids)
    units = _named(
        session, Unit.code, Unit.name, {code for case in cases for code in (case.unit_code, case.found_by)}
    )
    spoken = {
        step.content["owner"] for several in steps.values() for step in several if step.content.get("owner")
    }
    people = _people(
        session, {case.owner_id for case in cases if case.owner_id} | spoken | _at(cases, "person")
    )
    points = _named(session, RelayPoint.id, RelayPoint.name, _at(cases, "point"))
    routes = _named(session, Route.id, Route.name, _at(cases, "route"))
    orders = _words(session, [case.id for case in cases if case.number])
    places = {"point": points, "route": routes, "person": people, "unit": units}
    return {
        case.id: Detail(
            case, units.get(case.unit_code, case.unit_code), units.get(case.found_by, case.found_by),
            people.get(case.owner_id), places[case.place_kind].get(case.place),
            tuple(seen.get(case.parent or case.id, ())), tuple(steps.get(case.id, ())), orders.get(case.id), people,
        )
        for case in cases
    }  # fmt: skip


def _at(cases: Iterable[Case], kind: str) -> set[str]:
    return {case.place for case in cases if case.place_kind == kind}


def _named(session: Session, code, name, wanted: Collection[str]) -> dict[str, str]:
    return {
        row[0]: row[1] for part in parts(wanted) for row in session.execute(select(code, name).where(code.in_(part)))
    }  # fmt: skip


def _people(session: Session, wanted: Collection[str]) -> dict[str, str]:
    return _named(session, Person.id, shown_name(), wanted)


def _seen(session: Session, ids: Collection[str]) -> dict[str, list[Seen]]:
    query = (
        select(
            Occurrence.case_id, Finding, Inspection.method, Inspection.author_id, Fact.personal, RelayPoint.name,
            Unit.name, name_on(Inspection.work_date, Inspection.ended_at),
        )
        .join(Finding, (Finding.inspection_id == Occurrence.inspection_id) & (Finding.ordinal == Occurrence.ordinal))
        .join(Inspection, Inspection.id == Occurrence.inspection_id)
        .join(Fact, Fact.id == Inspection.id)
        .join(Person, Person.id == Inspection.author_id)
        .join(Unit, Unit.code == Finding.unit_code)
        .outerjoin(RelayPoint, (RelayPoint.id == Finding.subject) & (RelayPoint.unit_code == Finding.unit_code))
        .order_by(Occurrence.case_id, Finding.day, Occurrence.inspection_id, Occurrence.ordinal)
    )  # fmt: skip
    rows = [row for part in parts(ids) for row in session.execute(query.where(Occurrence.case_id.in_(part)))]
    records = {row[1].inspection_id for row in rows}
    photos, spoken = _photos(session, records, RECORD), voices(session, records)
    found: dict[str, list[Seen]] = {}
    for case, finding, method, author, personal, point, unit, name in rows:
        said = json.loads(personal) if personal else {}
        label = point or (unit if finding.subject == finding.unit_code else finding.subject)
        found.setdefault(case, []).append(
            Seen(
                finding.inspection_id, finding.ordinal, label, finding.day, method, name, author, finding.in_force,
                said.get("notes", {}).get(str(finding.ordinal)),
                photos.get((finding.inspection_id, finding.ordinal), ()), said.get("marks", {}),
                spoken.get((finding.inspection_id, finding.ordinal)),
            )
        )  # fmt: skip
    return found


def _steps(session: Session, ids: Collection[str]) -> dict[str, list[Step]]:
    query = (
        select(CaseMove, Fact.personal, name_on(CaseMove.day, CaseMove.at), Unit.name)
        .join(Fact, Fact.id == CaseMove.fact_id)
        .join(Person, Person.id == CaseMove.author_id)
        .join(Unit, Unit.code == CaseMove.acting_code)
        .order_by(CaseMove.case_id, CaseMove.seq)
    )
    rows = [row for part in parts(ids) for row in session.execute(query.where(CaseMove.case_id.in_(part)))]
    photos = _photos(session, {row[0].fact_id for row in rows}, CASE)
    found: dict[str, list[Step]] = {}
    for move, personal, name, acting in rows:
        shots = tuple(
            shot for (fact, _), several in photos.items() if fact == move.fact_id for shot in several
        )
        found.setdefault(move.case_id, []).append(
            Step(
                move.fact_id, move.move, move.day, move.at, move.author_id, name, acting, move.content,
                _words_in(personal), shots,
            )
        )  # fmt: skip
    return found


def _words(session: Session, ids: Collection[str]) -> dict[str, str | None]:
    """What orders ask for: the words of their own facts."""
    query = select(Fact.id, Fact.personal)
    return {one: _words_in(personal) for part in parts(ids) for one, personal in session.execute(query.where(Fact.id.in_(part)))}  # fmt: skip


def _words_in(personal: str | None) -> str | None:
    return (json.loads(personal).get("notes") or {}).get(TEXT) if personal else None


def _photos(session: Session, facts: Collection[str], source: str) -> dict[tuple[str, int], tuple[Shot, ...]]:
    query = select(
        PhotoRef.fact_id, PhotoRef.ordinal, PhotoRef.digest, PhotoRef.size, Photo.mime, photo_state()
    )
    query = query.outerjoin(Photo, Photo.digest == PhotoRef.digest).where(PhotoRef.source == source)
    found: dict[tuple[str, int], tuple[Shot, ...]] = {}
    for part in parts(facts):
        for fact, ordinal, *shot in session.execute(
            query.where(PhotoRef.fact_id.in_(part)).order_by(PhotoRef.digest)
        ):
            found[fact, ordinal] = (*found.get((fact, ordinal), ()), Shot(*shot))
    return found


def compared(session: Session, case: Case) -> list[tuple[Shot, ...]]:
    """The photos that a signal holds against each other, the earlier one first, at most ``PAIRS`` pairs; of others none."""
    pairs = case.content.get("evidence", {}).get("pairs", ())[:PAIRS]
    if not pairs:
        return []
    named = _photos(session, case.content["facts"], RECORD)
    shots = {shot.sha256: shot for several in named.values() for shot in several}
    return [tuple(shots[digest] for digest in pair if digest in shots) for pair in pairs]


def shows_photo(session: Session, person_id: str, digest: str) -> bool:
    """Whether a case of this person shows the photo: to who owns it, and to who answered it once, what was found is shown.

    Its author has sent the bytes: to name the digest of another's photo in an answer opens nothing.
    """
    found, answered = _of_own_cases(person_id, digest, RECORD), _answered(person_id, digest)
    return any(session.scalar(query.limit(1)) is not None for query in (found, answered))


def plays_voice(session: Session, person_id: str, digest: str) -> bool:
    """The same of a voice note, but for what was found covertly: who owns the case is of the inspected."""
    query = _of_own_cases(person_id, digest, VOICE)
    query = query.join(Inspection, Inspection.id == PhotoRef.fact_id).where(Inspection.method != COVERT)
    return session.scalar(query.limit(1)) is not None


def _own(person_id: str):
    """The cases that are the person's, or that the person did something with."""
    mine = aliased(CaseMove)
    return (Case.owner_id == person_id) | Case.id.in_(select(mine.case_id).where(mine.author_id == person_id))


def _of_own_cases(person_id: str, digest: str, source: str) -> Select:
    return (
        select(PhotoRef.digest)
        .join(
            Occurrence,
            (Occurrence.inspection_id == PhotoRef.fact_id) & (Occurrence.ordinal == PhotoRef.ordinal),
        )
        .join(Case, Case.id == Occurrence.case_id)
        .join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))
        .where(PhotoRef.digest == digest, PhotoRef.source == source, _own(person_id))
    )


def _answered(person_id: str, digest: str) -> Select:
    return (
        select(PhotoRef.digest)
        .join(CaseMove, CaseMove.fact_id == PhotoRef.fact_id)
        .join(Case, Case.id == CaseMove.case_id)
        .join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))
        .where(PhotoRef.digest == digest, PhotoRef.source == CASE, _own(person_id))
    )
