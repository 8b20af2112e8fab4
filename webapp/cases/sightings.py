"""What is hard to believe becomes a case of its own: whoever is asked explains, another clears or keeps it. It changes no line."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.cases import telling
from webapp.cases.models import Case
from webapp.cases.opening import PERSON
from webapp.cases.standing import refold
from webapp.core.clock import local_date
from webapp.core.ids import new_id
from webapp.rulebook.queries import Editions
from webapp.sampling.deliveries import parts
from webapp.signals.rules import Sighting


def unknown(session: Session, sightings: Sequence[Sighting]) -> list[Sighting]:
    """Those of which there is no case yet, each key once."""
    by_key = {one.key: one for one in sightings}
    here = select(Case.sole)
    known = {key for part in parts(by_key) for key in session.scalars(here.where(Case.sole.in_(part)))}
    return [one for key, one in by_key.items() if key not in known]


def open_for(
    session: Session, editions: Editions, sightings: Sequence[Sighting], now: datetime
) -> list[Case]:
    """Open a case for each; the caller has locked the journals of their units and looked which are new."""
    today = local_date(now)
    rules = editions.on(today).cases
    case_type, lightest = rules.of_sightings, next(iter(rules.severities))
    cases = [
        Case(
            id=new_id(), type=case_type.code, unit_code=one.unit, found_by=one.unit, place_kind=PERSON, place=one.person,
            severity=lightest, sole=one.key, opened_at=now, opened_on=today, found_on=one.day, first_owner=one.person,
            owner_id=one.person, state=case_type.first.code, entered_on=today,
            content={"rule": one.rule, "facts": list(one.facts), "evidence": dict(one.evidence)},
        )
        for one in sightings
    ]  # fmt: skip
    session.add_all(cases)
    session.flush()
    refold(session, editions, [case.id for case in cases], now)
    telling.opened(session, editions, cases, now)
    return cases
