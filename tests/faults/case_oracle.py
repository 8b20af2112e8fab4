"""What must be true of cases, whatever happened on the way: one winner of each race, the loser kept with its reason."""

from collections.abc import Iterator

from sqlalchemy import func, select

from webapp.cases.models import CaseMove, Occurrence
from webapp.cases.verifying import differences
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact, Refusal
from webapp.photos.models import PhotoRef
from webapp.photos.rules import CASE, REFUSED, named_in
from webapp.recording.facts import case_move, case_order
from webapp.rulebook.queries import editions_of

# From which states each may be made, and to which it leads: told here once more, as the domain has it [C.2].
STEPS = {
    "answer": ({"open"}, "answered"), "close": ({"answered"}, "closed"), "return": ({"answered"}, "open"),
    "ask": ({"open"}, None), "assign": ({"open"}, None), "shorten": ({"open"}, None),
    "dispute": ({"open", "answered"}, None),
}  # fmt: skip
# Why a move that came too late, or from somebody else, is refused.
REASONS = {
    "case-moved",
    "not-your-move",
    "too-late-for-move",
    "bad-fact",
    "evidence-old",
    "unknown-unit",
    "role-not-held",
}


def faults_of_cases(session, restored: bool) -> Iterator[str]:
    """Everything about cases on the server. ``restored``: it was put back to a copy, which may lack what was refused since."""
    yield from differences(session, editions_of(session), case_move.TYPE.name, case_order.TYPE.name)
    yield from _one_winner(session)
    yield from _unfolded(session)
    if not restored:
        yield from _kept(session)


def _one_winner(session) -> Iterator[str]:
    """Each move was made from a state in which it can be: of two at once one alone; and nobody looked at the own answer."""
    query = select(CaseMove).order_by(CaseMove.case_id, CaseMove.seq)
    state: dict[str, str] = {}
    answered: dict[str, str] = {}
    seen: dict[str, int] = {}
    for move in session.scalars(query):
        here = state.get(move.case_id, "open")
        seen[move.case_id] = seen.get(move.case_id, 0) + 1
        if move.seq != seen[move.case_id]:
            yield f"case {move.case_id}: its move {move.fact_id} is number {move.seq}, not {seen[move.case_id]}"
        if move.move not in STEPS:
            continue  # of a dispute
        start, end = STEPS[move.move]
        if here not in start:
            yield f"case {move.case_id}: {move.move} {move.fact_id} won from {here}"
        if move.move in ("close", "return") and answered.get(move.case_id) == move.author_id:
            yield f"case {move.case_id}: {move.author_id} looked again at the own answer"
        if move.move == "answer":
            answered[move.case_id] = move.author_id
        state[move.case_id] = end or here


def _unfolded(session) -> Iterator[str]:
    """Each move once, with each of its photos."""
    for fact in session.scalars(select(Fact).where(Fact.type == "case-move")):
        rows = session.scalar(select(func.count()).select_from(CaseMove).where(CaseMove.fact_id == fact.id))
        names = select(PhotoRef.digest).where(PhotoRef.fact_id == fact.id, PhotoRef.source == CASE)
        photos = session.scalars(names).all()
        if rows != 1 or sorted(photos) != sorted(set(named_in([fact.open]))):
            yield f"move {fact.id} is unfolded wrongly: {rows} rows, {len(photos)} photos"


def _kept(session) -> Iterator[str]:
    """What was refused of moves has a reason of its own, and its photos are still asked for."""
    for row in session.scalars(select(Refusal).where(Refusal.text.contains('"case-move"'))):
        if row.code not in REASONS:
            yield f"move {row.fact_id} was refused for {row.code}: {row.fields}"
        names = select(PhotoRef.digest).where(
            PhotoRef.fact_id == row.fact_id, PhotoRef.source == REFUSED, PhotoRef.content == row.digest
        )
        if set(session.scalars(names)) != set(named_in([row.text])):
            yield f"the photos of the refused move {row.fact_id} are not named"


def refused_there(session, fact_id: str, digest: str) -> bool:
    """Whether the server keeps that it refused this."""
    mine = (Refusal.fact_id == fact_id, Refusal.digest == digest)
    return session.scalar(select(func.count()).select_from(Refusal).where(*mine)) > 0


def grounds_of(session, case_id: str) -> list[tuple[str, str]]:
    """The records in force behind a case, and who made them."""
    query = (
        select(Inspection.id, Inspection.author_id)
        .join(Occurrence, Occurrence.inspection_id == Inspection.id)
        .where(Occurrence.case_id == case_id, Inspection.in_force)
        .distinct()
        .order_by(Inspection.id)
    )
    return [tuple(row) for row in session.execute(query)]
