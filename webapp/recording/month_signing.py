"""Make the facts of a month's signature on a page: the lines that were seen go in as they were seen."""

import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.core.problems import Problem
from webapp.inspections.models import Inspection
from webapp.journal import chain
from webapp.journal.models import Fact
from webapp.notices.operations import tell
from webapp.notices.sorts import Sort, register
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import workers_on
from webapp.org.rules import HEADS, Actor
from webapp.recording.facts import month_consent, month_dispute, month_signature, signing_grant
from webapp.recording.operations import record_at_desk
from webapp.rulebook.periods import parse_period
from webapp.signing import queries
from webapp.signing.rules import Capacity, capacity, month_words, signers

SIGNED = register(
    Sort("month-signed", ("unit", "month"), "{unit} {month}已审签", "{unit}: {month} is signed")
)
CORRECTED = register(
    Sort(
        "month-corrected", ("unit", "month", "version"),
        "{unit} {month}更正审签（第 {version} 版）", "{unit}: {month} is corrected, version {version}",
    )
)  # fmt: skip
DISPUTED = register(
    Sort(
        "month-disputed", ("unit", "month", "day"),
        "{unit}对{month}的审签有异议，请在 {day} 前裁定", "{unit} disputes the signature of {month}: decide by {day}",
    )
)  # fmt: skip
RULED = register(
    Sort(
        "month-ruled", ("unit", "month"),
        "{unit} {month}的异议已裁定：审签不变", "{unit}: the dispute about {month} is decided, the signature stands",
    )
)  # fmt: skip


def capacity_of(session: Session, me: Actor, unit: Unit, version: int) -> Capacity | None:
    """In which name the actor may sign this version of the unit's months today."""
    places = queries.above(session, unit, me.today)
    named = [place.code for place in signers(places, version)]
    return capacity(me, places, version, queries.deputies(session, named, me.today))


def own_checks(session: Session, person_id: str, unit: Unit, month: str) -> int:
    """Records in force that the signer made in the unit (and below) in the month: the sheet says how many."""
    period = parse_period(month)
    query = (
        select(func.count())
        .select_from(Inspection)
        .join(Unit, Unit.code == Inspection.unit_code)
        .where(Unit.path.startswith(unit.path, autoescape=True), Inspection.author_id == person_id)
        .where(Inspection.in_force, Inspection.work_date.between(period.first, period.last))
    )
    return session.scalar(query)


def sign(
    session: Session,
    me: Actor,
    now: datetime,
    unit: Unit,
    month: str,
    version: int,
    seen: list[str],
    words: dict,
) -> Fact:
    """Sign the month with the lines that were ``seen`` (``<duty> <period> <digest>``). ``words``: ``note``, and the ``reason`` of a correction.

    Raises what the guard of the fact raises: ``not-yours-to-sign``, ``month-open``, ``below-unsigned``, ``lines-moved``.
    """
    found = capacity_of(session, me, unit, version)
    if found is None:
        raise Problem("not-yours-to-sign")
    body = {
        **_head(month_signature.TYPE.name, unit, found.acting, month, now),
        "version": version,
        "role": found.role,
        "how": found.how,
        "for": found.signer,
        **({"grant": found.grant} if found.grant else {}),
        "lines": _lines(seen),
        "heads": chain.heads(session, sorted({unit.code, found.acting})),
        "own": own_checks(session, me.person_id, unit, month),
        "note": words.get("note", ""),
        **({"reason": words.get("reason", "")} if version > 1 else {}),
    }
    fact = record_at_desk(session, me, now, body)
    _tell_signed(session, unit, month, version, now)
    return fact


def _head(type: str, unit: Unit, acting: str, month: str, now: datetime) -> dict:
    own = {"type": type, "unit": unit.code, "acting": acting}
    return {**own, "date": local_date(now).isoformat(), "month": month}


def _lines(seen: list[str]) -> list[list[str]]:
    return [text.split(" ") for text in sorted(seen)]


def _tell_signed(session: Session, unit: Unit, month: str, version: int, now: datetime) -> None:
    people = queries.heads_of(session, [unit.code], local_date(now)).get(unit.code, ())
    sort, more = (SIGNED, {}) if version == 1 else (CORRECTED, {"version": version})
    tell(
        session, people, sort.code, {"unit": unit.name, "month": month_words(month), **more}, _page(unit, month),
        key=f"{sort.code} {unit.code} {month} {version}", now=now, unit=unit.code,
    )  # fmt: skip


def _page(unit: Unit, month: str) -> str:
    return f"/signing/{unit.code}/{month}"


def _must_head(me: Actor, unit: Unit) -> None:
    if HEADS[unit.level] not in me.roles_at(unit.code, me.today):
        raise Problem("forbidden")


def consent(session: Session, me: Actor, now: datetime, unit: Unit, month: str, seen: list[str]) -> Fact:
    """The head of the unit confirms its month."""
    _must_head(me, unit)
    body = {**_head(month_consent.TYPE.name, unit, unit.code, month, now), "lines": _lines(seen)}
    return record_at_desk(session, me, now, body)


def dispute(
    session: Session, me: Actor, now: datetime, unit: Unit, month: str, version: int, reason: str
) -> Fact:
    """The head of the unit disputes a signature; whoever decides is told."""
    _must_head(me, unit)
    body = _head(month_dispute.DISPUTE.name, unit, unit.code, month, now)
    fact = record_at_desk(session, me, now, {**body, "version": version, "reason": reason})
    row = queries.standing_of(session, [unit.code], month)[unit.code].disputed
    deciding = signers(queries.above(session, unit, me.today), version + 1)
    heads = queries.heads_of(session, [place.code for place in deciding], me.today)
    tell(
        session, set().union(*heads.values()), DISPUTED.code, {"unit": unit.name, "month": month_words(month), "day": row.due},
        _page(unit, month), key=f"{DISPUTED.code} {fact.id}", now=now, unit=unit.code,
    )  # fmt: skip
    return fact


def rule(
    session: Session, me: Actor, now: datetime, unit: Unit, month: str, version: int, reason: str
) -> Fact:
    """The dispute is not upheld: the signature stands. That it is right is said by a correction."""
    found = capacity_of(session, me, unit, version + 1)
    if found is None:
        raise Problem("not-yours-to-sign")
    disputed = queries.standing_of(session, [unit.code], month)[unit.code].disputed
    body = _head(month_dispute.RULING.name, unit, found.acting, month, now)
    fact = record_at_desk(session, me, now, {**body, "version": version, "reason": reason})
    tell(
        session, {disputed.person_id}, RULED.code, {"unit": unit.name, "month": month_words(month)}, _page(unit, month),
        key=f"{RULED.code} {fact.id}", now=now, unit=unit.code,
    )  # fmt: skip
    return fact


def able_deputies(session: Session, me: Actor, unit: Unit) -> dict[str, str]:
    """{id: name} of those who may sign in the head's place: others with a role at the unit today."""
    names = names_of(session, workers_on(session, unit.code, me.today) - {me.person_id})
    return dict(sorted(names.items(), key=lambda one: one[1]))


def words_of(session: Session, standing: queries.Standing) -> dict[str, dict]:
    """{fact: its open part without the lines} of all that was said about a month."""
    ids = [one.fact_id for one in (*standing.versions, *standing.disputes)]
    ids += [one.ruling_id for one in standing.disputes if one.ruling_id]
    rows = session.execute(select(Fact.id, Fact.open).where(Fact.id.in_(ids)))
    return {
        id: {name: value for name, value in json.loads(open).items() if name != "lines"} for id, open in rows
    }


def grant(session: Session, me: Actor, now: datetime, unit: Unit, to: str, first: str, last: str) -> Fact:
    """Somebody of the unit signs in the head's place from a day to a day."""
    _must_head(me, unit)
    return record_at_desk(
        session, me, now,
        {**_grant_head(unit, now), "op": signing_grant.GIVE, "to": to, "first_day": first, "last_day": last},
    )  # fmt: skip


def end_grant(session: Session, me: Actor, now: datetime, unit: Unit, grant_id: str) -> Fact:
    """The grant ends today."""
    _must_head(me, unit)
    return record_at_desk(
        session, me, now, {**_grant_head(unit, now), "op": signing_grant.END, "grant": grant_id}
    )


def _grant_head(unit: Unit, now: datetime) -> dict:
    own = {"type": signing_grant.TYPE.name, "unit": unit.code, "acting": unit.code}
    return {**own, "date": local_date(now).isoformat()}
