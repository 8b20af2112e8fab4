"""Parts of a unit's working set that single duties need: volumes, returns, balances, the watch list, meetings."""

from collections.abc import Callable, Collection
from datetime import date, timedelta

from sqlalchemy import select

from webapp.cases.models import Finding
from webapp.inspections import queries as inspections
from webapp.inspections.models import Inspection, Item
from webapp.org.models import Person, Role
from webapp.org.names import shown_name
from webapp.org.rules import CARRIER
from webapp.rulebook import purposes
from webapp.sampling import queries as sampling, returns as returned
from webapp.sampling.deliveries import deliverers
from webapp.sampling.rules import SAMPLED
from webapp.sync.working import Working

WEEKS = timedelta(days=14)
MEETINGS = timedelta(days=62)  # a requirement comes back at the next meeting until it is settled


def volumes(working: Working) -> list[dict]:
    """What is in force for each of the last days; a class that is absent is missing."""
    if set(working.roles) <= {CARRIER}:
        return []
    code, first, last = working.unit.code, working.today - WEEKS, working.today
    known = sampling.volumes(working.session, code, first, last)
    said = sampling.typed(working.session, code, first, last)
    together = sampling.typed_together(working.session, code, first, last)
    sealed = sampling.sealed_days(working.session, code, first, last)
    found: dict[date, dict] = {}
    for day in sorted(
        {day for day, _ in known} | {day for day, count in together.items() if count is not None}
    ):
        source = "manifests" if day in sealed else "typed"
        total = None if day in sealed else together.get(day)
        found[day] = {"day": day.isoformat(), "volumes": {}, "returned": total, "source": source}
    for (day, name), items in sorted(known.items()):
        by_class = None if day in together and name in SAMPLED else said.get((day, name), (None, None))[1]
        found[day]["volumes"][name] = {"items": items, "returned": by_class}
    return list(found.values())


def returns(working: Working) -> list[dict]:
    """Returned items of the sealed lists, with the reason, and whether somebody has judged it."""
    if not working.actor.can("see-inspections", working.unit.path):
        return []
    code, first = working.unit.code, working.today - WEEKS
    marked = returned.marked(working.session, code, first, working.today)
    if not any(marked.values()):
        return []
    listed = sampling.numbers_on(working.session, code, first, working.today)
    asked = {(code, day, number) for day, found in marked.items() for number in found}
    delivered = deliverers(working.session, asked)
    judged = _judged(working, purposes.judging_returned(working.editions.books), first)
    return [
        {
            "day": day.isoformat(),
            "number": number,
            "class": listed[day][number],
            "reason": reason,
            "mine": working.actor.person_id in delivered.get((code, day, number), ()),
            "judged": (day, number) in judged,
        }
        for day, found in sorted(marked.items())
        for number, reason in found.items()
    ]


def _judged(working: Working, kinds: Collection[str], since: date) -> set[tuple[date, str]]:
    """What somebody else than its deliverer has judged."""
    query = (
        select(Inspection.id, Inspection.day, Item.subject)
        .join(Item, Item.inspection_id == Inspection.id)
        .where(Inspection.unit_code == working.unit.code, Inspection.kind.in_(kinds))
        .where(Inspection.in_force, Inspection.day >= since)
    )
    rows, own = working.session.execute(query).all(), working.own_items(kinds, since)
    return {(day, subject) for one, day, subject in rows if subject not in own.get(one, ())}


def balances(working: Working) -> list[dict]:
    """The balances in force; of several of one day the latest."""
    kinds = purposes.balancing(working.editions.books)
    query = _headers(working, kinds, working.today - WEEKS)
    rows = {day: header for _, _, day, header in working.session.execute(query)}
    return [
        {"day": day.isoformat(), "carried": header.get("carried"), "numbers": header.get("numbers") or []}
        for day, header in sorted(rows.items())
    ]


def _headers(working: Working, kinds: Collection[str], since: date):
    return (
        select(Inspection.id, Inspection.kind, Inspection.day, Inspection.header)
        .where(Inspection.unit_code == working.unit.code, Inspection.kind.in_(kinds))
        .where(Inspection.in_force, Inspection.day >= since)
        .order_by(Inspection.day, Inspection.id)
    )


def watch(working: Working) -> list[dict]:
    """Items chosen in advance for the last and coming days, and whether their outcome was recorded."""
    if not working.actor.can("see-inspections", working.unit.path):
        return []
    first = working.today - WEEKS
    own = working.own_items(purposes.following(working.editions.books), first)
    found = inspections.watched(working.session, working.unit.code, first, own)
    return [
        {
            "day": one.day.isoformat(),
            "subject": one.subject,
            "class": one.mail_class,
            "route": one.route_id,
            "tag": one.tag,
            "drawn": one.drawn,
            "fact": one.selection,
            "judged": one.verdict is not None,
        }
        for one in found
    ]


def people(working: Working) -> list[dict]:
    """Who works in the unit today, for the list of those present at a meeting."""
    today = working.today
    query = (
        select(Person.id, shown_name(), Role.role)
        .join(Role, Role.person_id == Person.id)
        .where(Role.unit_code == working.unit.code, Role.first_day <= today, Person.active)
        .where(Role.last_day.is_(None) | (Role.last_day >= today))
        .order_by(Person.name, Person.id, Role.role)
    )
    found: dict[str, dict] = {}
    for person, name, role in working.session.execute(query):
        found.setdefault(person, {"id": person, "name": name, "roles": []})["roles"].append(role)
    return list(found.values())


def requirements(working: Working) -> list[dict]:
    """What meetings required and none has settled yet: it comes back at the next one [14.5]."""
    editions = working.editions
    query = _headers(working, purposes.settling(editions.books), working.today - MEETINGS)
    rows = [
        (fact, editions.kind_on(day, code), day, header)
        for fact, code, day, header in working.session.execute(query)
    ]
    settled = {one for _, kind, _, header in rows for one in purposes.settled(kind, header)}
    return [
        {"fact": fact, "row": number, "text": text, "day": day.isoformat(), "kind": kind.code}
        for fact, kind, day, header in rows
        for number, text in enumerate(purposes.requirements(kind, header))
        if f"{fact}/{number}" not in settled
    ]


def problems(working: Working) -> list[dict]:
    """What was found wrong lately, and at which meetings it has stood on the list since it was found [14.5].

    Not for carriers, whose part in it comes with its workflow.
    """
    if not working.actor.can("see-inspections", working.unit.path):
        return []
    held = _meetings(working)
    query = (
        select(Finding, Inspection.work_date)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.unit_code == working.unit.code, Finding.in_force)
        .where(Finding.day >= working.since)
        .order_by(Finding.day.desc(), Finding.inspection_id, Finding.ordinal)
        .limit(200)
    )
    return [
        {
            "inspection": row.inspection_id,
            "ordinal": row.ordinal,
            "kind": row.kind,
            "subject": row.subject,
            "criteria": row.criteria,
            "day": row.day.isoformat(),
            "found": found.isoformat(),
            "raised": {
                kind: next(day for day in days if day > found).isoformat()
                for kind, days in held.items()
                if days[-1] > found
            },
        }
        for row, found in working.session.execute(query)
    ]


def _meetings(working: Working) -> dict[str, list[date]]:
    """The days on which records that list problems were made, by kind, the first first."""
    kinds = purposes.listing_problems(working.editions.books)
    query = (
        select(Inspection.kind, Inspection.work_date)
        .where(Inspection.unit_code == working.unit.code, Inspection.kind.in_(kinds))
        .where(Inspection.in_force, Inspection.work_date >= working.since)
        .order_by(Inspection.work_date)
    )
    found: dict[str, list[date]] = {}
    for kind, day in working.session.execute(query):
        found.setdefault(kind, []).append(day)
    return found


BUILDERS: dict[str, Callable[[Working], list[dict]]] = {
    "volumes": volumes,
    "returns": returns,
    "balances": balances,
    "watch": watch,
    "people": people,
    "requirements": requirements,
    "problems": problems,
}
