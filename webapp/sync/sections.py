"""The parts of a unit's working set as a phone holds them; each is sent whole, so that none can half-apply."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.inspections.models import Inspection, Item
from webapp.inspections.relay import Seen, seen
from webapp.inspections.voices import voices
from webapp.journal.models import Conflict, Fact, JournalHead
from webapp.journal.rules import HELD
from webapp.ledger import operations as ledger, rules
from webapp.ledger.deliveries import own_items
from webapp.ledger.inputs import points_in
from webapp.ledger.measures import measure_of
from webapp.ledger.models import LedgerLine
from webapp.ledger.own import told_anew
from webapp.ledger.queries import wire_status
from webapp.ledger.reasons import explain, sentence
from webapp.ledger.rules import Inputs
from webapp.ledger.touched import Key, duties_at, keys
from webapp.org.models import Person
from webapp.org.names import name_on
from webapp.org.queries import carriers_on, routes_of
from webapp.org.rules import CARRIER
from webapp.photos.models import Photo, PhotoRef, PhotoSender
from webapp.photos.queries import awaited, is_picture, sent_by
from webapp.photos.rules import RECORD
from webapp.recording.dating import possible
from webapp.recording.facts.registry import JOURNAL_ENTRIES
from webapp.recording.guards import judged
from webapp.registers.models import RelayPoint
from webapp.registers.queries import points_of
from webapp.rulebook.binding import confirmed_for
from webapp.rulebook.periods import parse_period, period_of
from webapp.rulebook.purposes import capturing, judging_drawn
from webapp.rulebook.queries import rules_of
from webapp.rulebook.rules import Duty, Rulebook
from webapp.sampling import queries as sampling
from webapp.sampling.deliveries import deliverers
from webapp.sync import cases, duty_sections, learned, upper
from webapp.sync.listed import listed
from webapp.sync.upper import above, coverage_row, names_of
from webapp.sync.working import Working

CLOSED_FOR = timedelta(days=400)  # a point closed longer ago is reopened at the desk


def unit(working: Working) -> list[dict]:
    """The unit itself, my roles here, its routes, and the head of its journal."""
    session, here = working.session, working.unit
    head = session.get(JournalHead, here.code)
    walked = carriers_on(session, here.code, working.today)
    routes = [
        {
            "id": route.id,
            "code": route.code,
            "name": route.name,
            "mine": walked.get(route.id) == working.actor.person_id,
        }
        for route in routes_of(session, here.code)
    ]
    return [
        {
            "code": here.code,
            "name": here.name,
            "level": here.level,
            "setting": here.setting,
            "closed": here.closed_on.isoformat() if here.closed_on else None,
            "roles": list(working.roles),
            "above": above(here),
            "checked_for": working.checked_for,
            "routes": routes,
            "head": [head.seq, head.hash] if head else None,
        }
    ]


def points(working: Working) -> list[dict]:
    """The relay points with their last visit and confirmation, those closed of late too: they can be reopened.

    A carrier who is nothing else gets the own routes'.
    """
    session, code = working.session, working.unit.code
    fresh = confirmed_for(session, working.unit, working.today)
    last = seen(session, code, working.today - fresh, working.today)
    walked = carriers_on(session, code, working.today)
    own = {route for route, person in walked.items() if person == working.actor.person_id}
    return [
        _point(point, last, working.today)
        for point in points_of(session, code)
        if point.opened_on <= working.today
        if point.closed_on is None or working.today - CLOSED_FOR < point.closed_on
        if set(working.roles) != {CARRIER} or point.route_id in own
    ]


def _point(point: RelayPoint, last: Seen, today: date) -> dict:
    over = point.closed_on is not None and point.closed_on <= today
    closed, closes = (point.closed_on, None) if over else (None, point.closed_on)
    checked, confirmed = last.visited.get(point.id), last.confirmed.get(point.id)
    return {
        "id": point.id,
        "name": point.name,
        "initials": point.initials,
        "kind": point.kind,
        "address": point.address,
        "keeper": point.keeper,
        "contact": point.contact,
        "note": point.note,
        "route": point.route_id,
        "agreement": point.agreement,
        "latitude": point.latitude,
        "longitude": point.longitude,
        "photo": point.photo_digest,
        "closed": closed.isoformat() if closed else None,
        "closes": closes.isoformat() if closes else None,
        "checked": checked.isoformat() if checked else None,
        "confirmed": confirmed.isoformat() if confirmed else None,
    }


def draws(working: Working) -> list[dict]:
    """Revealed draws; a carrier who is nothing else gets only the own deliveries."""
    me = working.actor.person_id
    books = working.editions.books
    captured, decided = _seen(working, capturing(books)), _seen(working, judging_drawn(books))
    found = []
    for draw in sampling.draws_for(working.session, working.unit.code, working.since, working.today):
        items = []
        for item in draw["items"]:
            mine = me in item.pop("delivered_by")
            key = (draw["day"], item["number"])
            if mine or set(working.roles) != {CARRIER}:
                items.append({**item, "mine": mine, "captured": key in captured, "judged": key in decided})
        if items:
            found.append({**draw, "items": items})
    return found


def _seen(working: Working, kinds: Collection[str]) -> set[tuple[str, str]]:
    query = (
        select(Inspection.id, Inspection.day, Item.subject)
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code == working.unit.code, Inspection.kind.in_(kinds), Inspection.in_force)
        .where(Inspection.day >= working.since)
    )
    rows = working.session.execute(query).all()
    own = working.own_items(kinds, working.since)
    return {(day.isoformat(), subject) for one, day, subject in rows if subject not in own.get(one, ())}


def captures(working: Working) -> list[dict]:
    """Captures in force that await this person's verdict: nobody judges the own deliveries."""
    if not working.actor.can("judge", working.unit.path):
        return []
    session = working.session
    query = (
        select(Fact)
        .join(Inspection, Inspection.id == Fact.id)
        .where(Inspection.unit_code == working.unit.code, Inspection.in_force)
        .where(Inspection.kind.in_(capturing(working.editions.books)))
        .where(Inspection.day >= working.since, Inspection.author_id != working.actor.person_id)
        .order_by(Fact.id)
    )
    waiting = session.scalars(query).all()
    done = judged(session, list(waiting)) if waiting else set()
    found = _with_items(session, [fact.id for fact in waiting if fact.id not in done])
    return _of_others(working, found)


def _of_others(working: Working, found: list[dict]) -> list[dict]:
    """Without what this person delivers by now: a photo may show an item that changed hands since."""
    code, me = working.unit.code, working.actor.person_id
    keys = {
        (row["id"], item["subject"]): (code, date.fromisoformat(row["day"]), item["subject"])
        for row in found
        for item in row["items"]
    }
    known = deliverers(working.session, keys.values())
    for row in found:
        row["items"] = [
            one for one in row["items"] if me not in known.get(keys[row["id"], one["subject"]], ())
        ]
    return [row for row in found if row["items"]]


def _with_items(session: Session, ids: list[str]) -> list[dict]:
    heads = select(
        Inspection.id, Inspection.day, Person.id, name_on(Inspection.work_date, Inspection.ended_at)
    ).join(Person, Person.id == Inspection.author_id)
    found = {
        one: {"id": one, "day": day.isoformat(), "author": {"id": author, "name": name}, "items": []}
        for one, day, author, name in session.execute(
            heads.where(Inspection.id.in_(ids)).order_by(Inspection.id)
        )
    }
    photos: dict[tuple[str, int], list[dict]] = {}
    refs = select(PhotoRef, Photo.mime).join(Photo, Photo.digest == PhotoRef.digest)
    refs = refs.join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))
    here = refs.where(PhotoRef.source == RECORD, PhotoRef.fact_id.in_(ids), Photo.purged_at.is_(None))
    for ref, mime in session.execute(here.where(is_picture())):
        row = {"sha256": ref.digest, "size": ref.size, "type": mime}
        photos.setdefault((ref.fact_id, ref.ordinal), []).append(row)
    spoken = voices(session, ids)
    items = select(Item).where(Item.inspection_id.in_(ids)).order_by(Item.inspection_id, Item.ordinal)
    for item in session.scalars(items):
        row = {
            "subject": item.subject,
            "class": item.mail_class,
            "photos": photos.get((item.inspection_id, item.ordinal), []),
            "voice": said.as_dict() if (said := spoken.get((item.inspection_id, item.ordinal))) else None,
        }
        found[item.inspection_id]["items"].append(row)
    return list(found.values())


def checked(working: Working) -> list[dict]:
    """What was checked this month, so that a repeat is pointed out on the phone."""
    query = (
        select(Inspection.kind, Item.subject, func.max(Inspection.work_date))
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code == working.unit.code, Inspection.in_force)
        .where(Inspection.kind.not_in(capturing(working.editions.books)))
        .where(Inspection.day >= working.today.replace(day=1))
        .group_by(Inspection.kind, Item.subject)
    )
    return [
        {"kind": kind, "subject": subject, "day": day.isoformat()}
        for kind, subject, day in working.session.execute(query)
    ]


def records(working: Working) -> list[dict]:
    """This person's own records of the last weeks, with what became of them."""
    session = working.session
    query = (
        select(Fact, Inspection.day, func.count(Item.ordinal))
        .join(Inspection, Inspection.id == Fact.id)
        .join(Item, Item.inspection_id == Fact.id)
        .where(Fact.author_id == working.actor.person_id, Fact.unit_code == working.unit.code)
        .where(or_(Inspection.work_date >= working.since, Fact.state == HELD))
        .group_by(Fact.id, Inspection.day)
        .order_by(Fact.id)
    )
    rows = session.execute(query).all()
    facts = [fact for fact, _, _ in rows]
    ids = [fact.id for fact in facts]
    missing = _missing(session, ids)
    contested = set(
        session.scalars(
            select(Conflict.fact_id).where(Conflict.fact_id.in_(ids), Conflict.decision.is_(None))
        )
    )
    done = judged(session, facts) if any(fact.type == "capture" for fact in facts) else set()
    own = own_items(session, working.editions.kinds(), Inspection.id.in_(ids)) if ids else {}
    return [
        {
            "id": fact.id,
            "type": fact.type,
            "kind": fact.kind,
            "acting": fact.acting_code,
            "day": day.isoformat(),
            "items": count,
            "state": fact.state,
            "held": fact.hold if fact.state == HELD else None,
            "days": _workable_days(fact),
            "photos_missing": missing.get(fact.id, []),
            "conflict": fact.id in contested,
            "judged": fact.id in done,
            "amends": fact.amends,
            "own": sorted(own.get(fact.id, ())),
        }
        for fact, day, count in rows
    ]


def _workable_days(fact: Fact) -> dict | None:
    """On which days the work of a record with a wrong clock can have been done."""
    if fact.state != HELD or fact.hold != "clock":
        return None
    days = possible(fact)
    return {"first": days.first.isoformat() if days.first else None, "last": days.last.isoformat()}


def _missing(session: Session, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for inspection_id, digest in session.execute(awaited(PhotoRef.fact_id.in_(ids))):
        found.setdefault(inspection_id, []).append(digest)
    return found


def duties(working: Working) -> list[dict]:
    """The lines of the unit that are open now, those of today's periods included where no tick has opened them yet."""
    session, here, now = working.session, working.unit, working.now
    kept = duties_at(session, here.level)
    query = select(LedgerLine).where(LedgerLine.unit_code == here.code)
    current = {period_of(duty.period, working.today).code for duty in kept}
    still = LedgerLine.closes_at > now
    if here.level == "department":  # what those above look at afterwards stays open for a month and longer
        still &= LedgerLine.last_day >= working.today - timedelta(days=14)
    rows = query.where(or_(LedgerLine.period.in_(current), still))
    lines = {(line.duty, line.period): line for line in session.scalars(rows)}
    wanted = {key for duty in kept for key in keys(here.code, [duty], [working.today])}
    for _, fresh in ledger.fold_all(session, {key for key in wanted if key[1:] not in lines}, now):
        lines |= {(key.duty, key.period): line for key, _, line in fresh}
    covering = {duty.code for duty in kept if duty.coverage or duty.way.planned}
    asked = {Key(here.code, *key) for key in lines if key[0] in covering and now < lines[key].closes_at}
    fresh = told_anew(session, asked, now)
    names = names_of(working, fresh.values())
    binding = rules_of(session, [here])
    places = Inputs(today=working.today, points=points_in(session, here.code))
    found = []
    for (code, period), line in sorted(lines.items()):
        book, duty = binding.bound(here, code, parse_period(period))
        covered = coverage_row(fresh.get(Key(here.code, code, period)), duty, book, names)
        found.append(_duty(book, duty, period, line, now, places) | covered)
    return found


def _duty(book: Rulebook, duty: Duty, period: str, line, now: datetime, places: Inputs) -> dict:
    span, measure = parse_period(period), measure_of(duty)
    why = explain(line, duty, span, book, now, readings=False)
    return {
        "code": duty.code,
        "article": duty.article,
        **duty.title.as_dict(),
        "kind": None if duty.way.passive or not duty.kinds else duty.kinds[0],
        "period": period,
        "required": measure.required_now(line),
        "done": line.done,
        "measure": duty.counts,
        "items": line.items,
        "closes_at": line.closes_at.isoformat(),
        "status": wire_status(rules.status(line, now)),
        # By the rules in force for the unit and the period, the relay points that there are considered.
        "batch": measure.session_size(duty, span, places) if line.applicable else None,
        "roles": sorted(duty.roles),
        "strata": dict(duty.strata) or None,
        "why": [text.as_dict() for text in why],
        "days": _days(line, book),
        "pairs": duty.distinct_pair,
        "kinds": [] if duty.way.passive else list(duty.kinds),
    }


def _days(line, book: Rulebook) -> list[dict]:
    """What the line says of single days of work, whether each counts: a phone shows it beside the day's records."""
    return [
        {"day": values["day"], "counts": code == "session-counts", **sentence((code, values), book).as_dict()}
        for code, values in line.why
        if "day" in values and code.startswith(("session-", "not-counted-"))
    ]


BUILDERS: dict[str, Callable[[Working], list[dict]]] = {
    "unit": unit,
    "points": points,
    "draws": draws,
    "captures": captures,
    "checked": checked,
    "records": records,
    "duties": duties,
    **duty_sections.BUILDERS,
    "listed": listed,
    **upper.BUILDERS,
    **cases.BUILDERS,
    **learned.BUILDERS,
}
# What is needed to work at a department of a league or region, and no more: there can be hundreds of them.
PLACE = frozenset({"unit", "points", "people", "records"})
# Which parts a journal entry changes; the unit's own part carries the new head.
CHANGED_BY: dict[str, frozenset[str]] = {entry.name: entry.sections for entry in JOURNAL_ENTRIES}
