"""Where stored documents differ from what their facts give: for `flask check`. Read only."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.documents.models import Document, DocumentMove, DocumentNumber
from webapp.documents.rules import ISSUED, MOVES
from webapp.journal.models import Fact

ROWS = 500  # at a time


def differences(session: Session) -> list[str]:
    """One line for each thing that is not as the facts give it; empty when all is well."""
    return [*_issues(session), *_states(session), *_numbers(session)]


def _issues(session: Session) -> Iterator[str]:
    """Documents that say another number, type, unit or version than the fact that issued them."""
    query = select(Document, Fact).outerjoin(Fact, Fact.id == Document.fact_id)
    query = query.where(Document.fact_id.is_not(None)).order_by(Document.id)
    for document, fact in session.execute(query.execution_options(yield_per=ROWS)):
        body = json.loads(fact.open)["body"] if fact else {}
        said = {name: body.get(name) for name in ("type", "period", "number", "year", "n", "version")}
        for name, value in said.items():
            if (stored := getattr(document, name)) != value:
                yield f"document {document.id} of {document.unit_code}: {name} is {stored!r}, its fact says {value!r}"


def _states(session: Session) -> Iterator[str]:
    """Documents that stand otherwise than their steps leave them; steps that say otherwise than their facts."""
    last: dict[str, str] = {}
    query = select(DocumentMove, Fact).outerjoin(Fact, Fact.id == DocumentMove.fact_id)
    rows = session.execute(query.order_by(DocumentMove.document_id, DocumentMove.seq))
    for move, fact in rows:
        said = json.loads(fact.open) if fact else {}
        if (said.get("document"), said.get("move")) != (move.document_id, move.move):
            yield f"step {move.fact_id} with document {move.document_id}: its fact is gone or another one"
        if move.move != "check":
            last[move.document_id] = MOVES[move.move].to
    for document in session.scalars(
        select(Document).where(Document.fact_id.is_not(None)).order_by(Document.id)
    ):
        if (state := last.get(document.id, ISSUED)) != document.state:
            yield f"document {document.id} of {document.unit_code}: state is {document.state!r}, facts give {state!r}"


def _numbers(session: Session) -> Iterator[str]:
    """Numbers that were given twice or left out."""
    given: dict[tuple, set[int]] = {}
    query = select(Document).where(Document.n.is_not(None), Document.version == 1)
    for one in session.scalars(query):
        given.setdefault((one.unit_code, one.type, one.year), set()).add(one.n)
    for row in session.scalars(select(DocumentNumber)):
        there = given.pop((row.unit_code, row.type, row.year), set())
        if there != set(range(1, row.last + 1)):
            yield f"numbers of {row.type} {row.year} of {row.unit_code}: not 1 to {row.last}"
    for unit, kind, year in given:
        yield f"numbers of {kind} {year} of {unit}: none is noted"
