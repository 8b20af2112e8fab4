"""Parts of a working set that tell of records: what was drawn and captured, what was checked, what became of the own ones."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select

from webapp.inspections.looked import Looked
from webapp.inspections.models import Inspection, Item
from webapp.inspections.voices import voices
from webapp.journal.models import Fact
from webapp.journal.rules import HELD
from webapp.org.models import Person
from webapp.org.names import name_on
from webapp.photos.models import Photo, PhotoRef, PhotoSender
from webapp.photos.queries import awaited, is_picture, sent_by
from webapp.photos.rules import RECORD
from webapp.recording.dating import possible
from webapp.rulebook.purposes import judging_drawn
from webapp.sync.working import Rows, Working

Photos = dict[tuple[str, int], list[dict]]


def draws(working: Working) -> Rows:
    """Revealed draws; a carrier who is nothing else gets only the own deliveries."""
    me, delivered = working.actor.person_id, working.delivered
    captured = _about(working.seen(working.capturing, working.since))
    decided = _about(working.seen(working.editions.serving(judging_drawn), working.since))
    alone = {unit.code for unit in working.units if working.carries_alone(unit)}
    routes = {route.id: route.code for several in working.routes.values() for route in several}
    found: dict[str, list[dict]] = {}
    for head, rows in working.lists.draws:
        items = []
        for row in rows:
            key = (head.unit_code, head.day, row.number)
            mine = me in delivered.get(key, ())
            if mine or head.unit_code not in alone:
                told = {"mine": mine, "captured": key in captured, "judged": key in decided}
                items.append(_drawn(row, routes) | told)
        if items:
            draw = {"manifest": head.id, "day": head.day.isoformat(), "announced": head.announced}
            found.setdefault(head.unit_code, []).append({**draw, "items": items})
    return found


def _about(looked: list[Looked]) -> set[tuple[str, date, str]]:
    return {(one.unit, one.day, one.subject) for one in looked}


def _drawn(row, routes: dict[str, str]) -> dict:
    return {
        "number": row.number,
        "class": row.mail_class,
        "route": routes.get(row.route_id),
        "tag": row.address_tag,
        "name": row.masked_name,
        "rank": row.rank,
    }


def captures(working: Working) -> Rows:
    """Captures in force that await this person's verdict: nobody judges the own deliveries."""
    me, here = working.actor.person_id, {unit.code for unit in working.where("judge")}
    waiting = [
        one for one in working.looked if one.kind in working.capturing and one.unit in here and one.author != me
    ]  # fmt: skip
    done = working.judged_captures if waiting else frozenset()
    # Without what this person delivers by now: a photo may show an item that changed hands since.
    shown = [
        one
        for one in waiting
        if one.record not in done and me not in working.delivered.get((one.unit, one.day, one.subject), ())
    ]
    return _with_photos(working, shown) if shown else {}


def _with_photos(working: Working, shown: list[Looked]) -> Rows:
    ids = sorted({one.record for one in shown})
    session = working.session
    named = select(Inspection.id, name_on(Inspection.work_date, Inspection.ended_at))
    named = named.join(Person, Person.id == Inspection.author_id).where(Inspection.id.in_(ids))
    names, photos, spoken = dict(session.execute(named).all()), _photos(working, ids), voices(session, ids)
    records: dict[str, dict] = {}
    found: dict[str, list[dict]] = {}
    for one in shown:
        if one.record not in records:
            author = {"id": one.author, "name": names[one.record]}
            records[one.record] = {
                "id": one.record,
                "day": one.day.isoformat(),
                "author": author,
                "items": [],
            }
            found.setdefault(one.unit, []).append(records[one.record])
        said = spoken.get((one.record, one.ordinal))
        records[one.record]["items"].append(
            {
                "subject": one.subject,
                "class": one.mail_class,
                "photos": photos.get((one.record, one.ordinal), []),
                "voice": said.as_dict() if said else None,
            }
        )
    return found


def _photos(working: Working, ids: list[str]) -> Photos:
    found: Photos = {}
    refs = select(PhotoRef, Photo.mime).join(Photo, Photo.digest == PhotoRef.digest)
    refs = refs.join(PhotoSender, sent_by(PhotoRef.author_id, PhotoRef.digest))
    here = refs.where(PhotoRef.source == RECORD, PhotoRef.fact_id.in_(ids), Photo.purged_at.is_(None))
    for ref, mime in working.session.execute(here.where(is_picture())):
        row = {"sha256": ref.digest, "size": ref.size, "type": mime}
        found.setdefault((ref.fact_id, ref.ordinal), []).append(row)
    return found


def checked(working: Working) -> Rows:
    """What was checked this month, so that a repeat is pointed out on the phone."""
    query = (
        select(Inspection.unit_code, Inspection.kind, Item.subject, func.max(Inspection.work_date))
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code.in_(working.codes), Inspection.in_force)
        .where(Inspection.kind.not_in(working.capturing))
        .where(Inspection.day >= working.today.replace(day=1))
        .group_by(Inspection.unit_code, Inspection.kind, Item.subject)
    )
    found: dict[str, list[dict]] = {}
    for unit, kind, subject, day in working.session.execute(query):
        found.setdefault(unit, []).append({"kind": kind, "subject": subject, "day": day.isoformat()})
    return found


def records(working: Working) -> Rows:
    """This person's own records of the last weeks, with what became of them."""
    rows, me = working.mine, working.actor.person_id
    missing = _missing(working, [fact.id for fact, *_ in rows])
    own: dict[str, set[str]] = {}
    for record, asked in working.judged_by_me:
        if me in working.delivered.get(asked, ()):
            own.setdefault(record, set()).add(asked[-1])
    captured = any(fact.type == "capture" for fact, *_ in rows)
    done = working.judged_captures if captured else frozenset()
    found: dict[str, list[dict]] = {}
    for fact, day, count, contested in rows:
        found.setdefault(fact.unit_code, []).append(
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
                "conflict": bool(contested),
                "judged": fact.id in done,
                "amends": fact.amends,
                "own": sorted(own.get(fact.id, ())),
            }
        )
    return found


def _workable_days(fact: Fact) -> dict | None:
    """On which days the work of a record with a wrong clock can have been done."""
    if fact.state != HELD or fact.hold != "clock":
        return None
    days = possible(fact)
    return {"first": days.first.isoformat() if days.first else None, "last": days.last.isoformat()}


def _missing(working: Working, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if ids:
        for record, digest in working.session.execute(awaited(PhotoRef.fact_id.in_(ids))):
            found.setdefault(record, []).append(digest)
    return found


BUILDERS: dict[str, Callable[[Working], Rows]] = {
    "draws": draws,
    "captures": captures,
    "checked": checked,
    "records": records,
}
