"""Chains of corrections: which of several facts about one thing is in force, and which lines that changes."""

import json
from datetime import date

from sqlalchemy import or_, select

from webapp.cases import operations as findings
from webapp.cases.opening import follow
from webapp.core.problems import Problem
from webapp.inspections import operations as inspections
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.journal.rules import IN_FORCE, SUPERSEDED, WAITING, WITHDRAWN, Link, states
from webapp.ledger.touched import Key, by_inspections
from webapp.recording import dating
from webapp.recording.dating import CONFIRMATION
from webapp.recording.guards import Context
from webapp.rulebook.rules import KIND_TYPES

WITHDRAWAL = "withdrawal"


def referring(context: Context, fact_id: str) -> list[Fact]:
    """Facts that came before the one they speak of."""
    query = select(Fact).where(or_(Fact.amends == fact_id, Fact.target == fact_id))
    return list(context.session.scalars(query))


def awaken(context: Context, fact: Fact) -> None:
    """Facts that waited for this one count from now on, if they may; what waited for them in turn does too."""
    if fact.state == WAITING:
        return
    for waiting in referring(context, fact.id):
        if waiting.state == WAITING and _fits(context, waiting, fact):
            waiting.state = IN_FORCE if waiting.target else SUPERSEDED
            context.session.flush()
            awaken(context, waiting)


def _fits(context: Context, waiting: Fact, fact: Fact) -> bool:
    """Whether a fact that came before the one it speaks of would have been taken after it: only its own author's.

    Nobody confirms the own work of a role that ended long ago.
    """
    if (waiting.author_id, waiting.unit_code) != (fact.author_id, fact.unit_code):
        return False
    if waiting.type == CONFIRMATION:
        return fact.hold == "clock" and _datable(context, waiting, fact)
    return (
        fact.type in KIND_TYPES if waiting.target else (waiting.type, waiting.kind) == (fact.type, fact.kind)
    )


def _datable(context: Context, waiting: Fact, fact: Fact) -> bool:
    day = json.loads(waiting.open).get("day")
    try:
        dating.check(context, fact, date.fromisoformat(day) if day else None)
    except Problem:
        return False
    return True


def settle(context: Context, fact: Fact) -> set[Key]:
    """Work out which fact of the chain is in force; returns the lines that all of them can change."""
    chain = _chain(context.session, fact)
    withdrawn = _withdrawn(context.session, list(chain))
    days = dating.confirmed_days(context.session, chain)
    links = [
        Link(
            member.id,
            member.amends,
            held=member.hold is not None and member.id not in days,
            withdrawn=member.id in withdrawn,
        )
        for member in chain.values()
        if member.state != WAITING
    ]
    for fact_id, state in states(links).items():
        chain[fact_id].state = state
    context.session.flush()
    for fact_id, day in days.items():
        dating.apply(context.session, chain[fact_id], day)
    counted = [member.id for member in chain.values() if member.state == IN_FORCE]
    idle = [member.id for member in chain.values() if member.state != IN_FORCE]
    for setter in (inspections.set_in_force, findings.set_in_force):
        setter(context.session, counted, True)
        setter(context.session, idle, False)
    inspections.set_withdrawn(
        context.session, [member.id for member in chain.values() if member.state == WITHDRAWN]
    )
    follow(context.session, context.rulebook, chain, context.now, chain)
    return touched(context, list(chain))


def _chain(session, fact: Fact) -> dict[str, Fact]:
    """The fact's whole chain of corrections, from the first on."""
    root = fact
    while root.amends and (parent := session.get(Fact, root.amends)) is not None:
        root = parent
    chain, level = {root.id: root}, [root.id]
    while level:
        children = session.scalars(select(Fact).where(Fact.amends.in_(level))).all()
        level = [child.id for child in children if child.id not in chain]
        chain |= {child.id: child for child in children}
    return chain


def _withdrawn(session, ids: list[str]) -> set[str]:
    query = select(Fact.target).where(Fact.target.in_(ids), Fact.type == WITHDRAWAL, Fact.state == IN_FORCE)
    return set(session.scalars(query))


def touched(context: Context, ids: list[str]) -> set[Key]:
    """The lines that inspections with these ids can change."""
    return by_inspections(context.session, context.rulebook, Inspection.id.in_(ids))
