"""Documents at the desk: make a step with one, and issue it with its figures frozen under the lock of all units that they speak of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.documents import queries, telling, wording
from webapp.documents.models import Document
from webapp.documents.operations import held
from webapp.documents.queries import Shown, document_for
from webapp.documents.rules import MOVES, acting, digest, leads, plain
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.queries import within
from webapp.org.rules import Actor
from webapp.recording.facts.document import number_of
from webapp.recording.operations import record_at_desk
from webapp.recording.writing import writing
from webapp.reports.queries import Tables, tables_of
from webapp.rulebook.documents import DocumentType
from webapp.rulebook.periods import parse_period
from webapp.rulebook.queries import editions_of

NOBODY = "-"  # a unit that nobody acts for: refused by the guard like any other


@dataclass(frozen=True)
class Unready:
    """Why a document cannot be issued yet: sections without their text, and references that no figure has, by section."""

    empty: tuple[str, ...]
    unknown: Mapping[str, list[str]]

    def __bool__(self) -> bool:
        return bool(self.empty or self.unknown)


def figures_of(session: Session, shown: Shown, now: datetime) -> Tables:
    """The tables of the document as they stand now."""
    document = shown.document
    return tables_of(
        session, editions_of(session), shown.standing.type, shown.unit, parse_period(document.period), now, shown.addressed
    )  # fmt: skip


def unready(kind: DocumentType, texts: Mapping[str, str], figures: Collection[str]) -> Unready:
    """What is missing before it can be checked or issued."""
    empty = tuple(one.code for one in kind.sections if one.needed and one.code not in texts)
    return Unready(empty, wording.unknown(texts, figures))


def check(session: Session, actor: Actor, now: datetime, document_id: str, texts: str) -> Fact:
    """Another person has read it: ``texts`` is the digest of what was read. Raises ``document-unready`` where something is missing."""
    shown = document_for(session, actor, document_id)
    _whole(
        shown,
        unready(shown.standing.type, plain(shown.document.texts), figures_of(session, shown, now).figures),
    )
    return _step(session, actor, now, shown, "check", texts=texts)


def move(
    session: Session, actor: Actor, now: datetime, document_id: str, code: str, reason: str = ""
) -> Fact:
    """Send, receive, accept, return or declare void; raises what the guard finds."""
    if code not in MOVES or code == "check":
        raise Problem("not-found")
    shown = document_for(session, actor, document_id)
    said = {"reason": reason.strip()} if reason.strip() else {}
    if MOVES[code].reason and not said:
        raise Problem("reason-needed", {"reason": "empty"})
    fact = _step(session, actor, now, shown, code, **said)
    telling.moved(session, shown, code, actor.person_id, now)
    return fact


def _step(session: Session, actor: Actor, now: datetime, shown: Shown, code: str, **said) -> Fact:
    mine = acting(actor, shown.standing, MOVES[code].side)
    if mine is None and code == "check" and actor.person_id in shown.standing.writers:
        raise Problem("document-same-person")
    if mine is None:
        raise Problem("forbidden")
    body = {
        "type": "document-move", "unit": _about(shown, mine), "acting": mine, "date": local_date(now).isoformat(),
        "document": shown.document.id, "move": code, **said,
    }  # fmt: skip
    return record_at_desk(session, actor, now, body)


def _about(shown: Shown, acting_code: str) -> str:
    """The unit that the step is about: the one that wrote it; of a receiver below that itself."""
    below = shown.addressed is not None and shown.addressed.path.startswith(shown.unit.path)
    return shown.addressed.code if below and acting_code == shown.addressed.code else shown.unit.code


def issue(session: Session, actor: Actor, now: datetime, document_id: str) -> Fact:
    """Issue it: figures, texts and number are frozen as they stand while nobody below can record anything."""
    unit = document_for(session, actor, document_id).unit
    if not leads(actor, unit.code, unit.level):
        raise Problem("forbidden")
    codes = session.scalars(select(Unit.code).where(within([unit.path]))).all()
    with writing(session, now, codes, actor) as work:
        shown = held(session, work.actor, document_id)
        tables = figures_of(session, shown, now)
        _whole(shown, unready(shown.standing.type, plain(shown.document.texts), tables.figures))
        body = {
            "type": "document", "unit": shown.unit.code, "acting": shown.unit.code, "date": local_date(now).isoformat(),
            "document": document_id, "body": _body(session, work.actor, now, shown, tables),
        }  # fmt: skip
        fact = record_at_desk(session, actor, now, body)
        telling.issued(session, document_for(session, actor, document_id), actor.person_id, now)
    return fact


def _whole(shown: Shown, missing: Unready) -> None:
    if missing:
        names = {one.code: one.title for one in shown.standing.type.sections}
        faults = {names[code].zh: "empty" for code in missing.empty}
        faults |= {names[code].zh: "、".join(codes) for code, codes in missing.unknown.items()}
        raise Problem("document-unready", faults)


def _body(session: Session, actor: Actor, now: datetime, shown: Shown, tables: Tables) -> dict:
    """All that the document says, as plain JSON: it is printed from this alone."""
    document, unit, kind = shown.document, shown.unit, shown.standing.type
    year, n = number_of(session, shown, local_date(now).year)
    return {
        "type": kind.code,
        "title": kind.title.as_dict(),
        "unit": _unit(unit),
        "period": document.period,
        "number": kind.number(year, n),
        "year": year,
        "n": n,
        "version": document.version,
        "as_of": now.isoformat(),
        "edition": editions_of(session).on(parse_period(document.period).first).edition,
        "to": [_unit(one) for one in queries.receivers(session, document, unit)],
        "copies": _copies(session, unit) if kind.copy == "above" else [],
        "seal": kind.seal,
        "sections": _sections(document, kind, tables),
        "digests": dict(tables.digests),
        **_people(session, actor, now, document),
    }


def _unit(unit: Unit) -> dict:
    return {"code": unit.code, "name": unit.name}


def _copies(session: Session, unit: Unit) -> list[dict]:
    above = session.get(Unit, unit.parent_code) if unit.parent_code else None
    return [_unit(above)] if above else []


def _sections(document: Document, kind: DocumentType, tables: Tables) -> list[dict]:
    texts = plain(document.texts)
    said = {code: figure.said.as_dict() for code, figure in tables.figures.items()}
    return [
        {
            "code": one.code,
            "title": one.title.as_dict(),
            "tables": tables.by_section[one.code],
            "text": wording.segments(texts.get(one.code, ""), said),
        }
        for one in kind.sections
    ]


def _people(session: Session, actor: Actor, now: datetime, document: Document) -> dict:
    names = queries.names(session, [document.drafted_by, document.checked_by or NOBODY, actor.person_id])
    drafted = {"id": document.drafted_by, "name": names[document.drafted_by]}
    checked = {"id": document.checked_by, "name": names.get(document.checked_by or "", "")}
    at = document.checked_at.isoformat() if document.checked_at else None
    return {
        "drafted": drafted | {"at": document.drafted_at.isoformat()},
        "checked": checked | {"at": at},
        "issued": {"id": actor.person_id, "name": names[actor.person_id], "at": now.isoformat()},
    }


def body_digest(body: Mapping) -> str:
    """The SHA-256 that is printed on the document: of the canonical text of its body."""
    return digest(body)
