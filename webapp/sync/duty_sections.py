"""Parts of a unit's working set that single duties need: volumes, returns, balances, the watch list, meetings."""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import func, select

from webapp.cases.models import Finding
from webapp.inspections.looked import watch_list
from webapp.inspections.models import Inspection
from webapp.org.models import Person, Role, Unit
from webapp.org.names import shown_name
from webapp.org.rules import CARRIER
from webapp.rulebook import purposes
from webapp.sampling.rules import SAMPLED
from webapp.sync.working import MEETINGS, WEEKS, Rows, Working

PROBLEMS = 200  # of a unit: more than a meeting speaks of


def volumes(working: Working) -> Rows:
    """What is in force for each of the last days; a class that is absent is missing."""
    offices = [unit for unit in working.units if not set(working.roles(unit)) <= {CARRIER}]
    return {unit.code: _volumes(working, unit) for unit in offices}


def _volumes(working: Working, unit: Unit) -> list[dict]:
    known, (said, together) = working.volumes[unit.code], working.said(unit)
    sealed = working.lists.sealed_days.get(unit.code, ())
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


def returns(working: Working) -> Rows:
    """Returned items of the sealed lists, with the reason, and whether somebody has judged it."""
    me, first = working.actor.person_id, working.today - WEEKS
    marked = {unit.code: working.lists.returned(unit.code) for unit in working.where("see-inspections")}
    if not any(marked.values()):
        return {}
    kinds = working.editions.serving(purposes.judging_returned)
    judged = {(one.unit, one.day, one.subject) for one in working.seen(kinds, first)}
    return {
        code: [
            {
                "day": day.isoformat(),
                "number": number,
                "class": row.mail_class,
                "reason": row.return_reason,
                "mine": me in working.delivered.get((code, day, number), ()),
                "judged": (code, day, number) in judged,
            }
            for day, rows in sorted(days.items())
            for number, row in rows.items()
        ]
        for code, days in marked.items()
    }


def balances(working: Working) -> Rows:
    """The balances in force; of several of one day the latest."""
    kinds, first = working.editions.serving(purposes.balancing), working.today - WEEKS
    found = {}
    for code, several in working.headed.items():
        rows = {one.day: one.header for one in several if one.kind in kinds and one.day >= first}
        found[code] = [
            {"day": day.isoformat(), "carried": header.get("carried"), "numbers": header.get("numbers") or []}
            for day, header in rows.items()
        ]
    return found


def watch(working: Working) -> Rows:
    """Items chosen in advance for the last and coming days, and whether their outcome was recorded."""
    first = working.today - WEEKS
    here = {unit.code for unit in working.where("see-inspections")}
    kinds = working.editions.serving(purposes.choosing)
    chosen = [one for one in working.looked if one.kind in kinds and one.day >= first and one.unit in here]
    outcomes = working.seen(working.editions.serving(purposes.following), first) if chosen else []
    found: dict[str, list[dict]] = {}
    for code in dict.fromkeys(one.unit for one in chosen):
        of_unit = ([one for one in several if one.unit == code] for several in (chosen, outcomes))
        found[code] = [
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
            for one in watch_list(*of_unit)
        ]
    return found


def people(working: Working) -> Rows:
    """Who works in the unit today, for the list of those present at a meeting."""
    today = working.today
    query = (
        select(Role.unit_code, Person.id, shown_name(), Role.role)
        .join(Role, Role.person_id == Person.id)
        .where(Role.unit_code.in_(working.codes), Role.first_day <= today, Person.active)
        .where(Role.last_day.is_(None) | (Role.last_day >= today))
        .order_by(Person.name, Person.id, Role.role)
    )
    found: dict[str, dict[str, dict]] = {}
    for code, person, name, role in working.session.execute(query):
        row = found.setdefault(code, {}).setdefault(person, {"id": person, "name": name, "roles": []})
        row["roles"].append(role)
    return {code: list(rows.values()) for code, rows in found.items()}


def requirements(working: Working) -> Rows:
    """What meetings required and none has settled yet: it comes back at the next one [14.5]."""
    editions, first = working.editions, working.today - MEETINGS
    kinds = editions.serving(purposes.settling)
    found = {}
    for code, several in working.headed.items():
        held = [
            (one, editions.kind_on(one.day, one.kind))
            for one in several
            if one.kind in kinds and one.day >= first
        ]
        settled = {done for one, kind in held for done in purposes.settled(kind, one.header)}
        found[code] = [
            {"fact": one.id, "row": number, "text": text, "day": one.day.isoformat(), "kind": kind.code}
            for one, kind in held
            for number, text in enumerate(purposes.requirements(kind, one.header))
            if f"{one.id}/{number}" not in settled
        ]
    return found


def problems(working: Working) -> Rows:
    """What was found wrong lately, and at which meetings it has stood on the list since it was found [14.5].

    Not for carriers, whose part in it comes with its workflow.
    """
    here = [unit.code for unit in working.where("see-inspections")]
    held = {code: _meetings(working, code) for code in here}
    found: dict[str, list[dict]] = {}
    for row, day in _found_wrong(working, here):
        found.setdefault(row.unit_code, []).append(
            {
                "inspection": row.inspection_id,
                "ordinal": row.ordinal,
                "kind": row.kind,
                "subject": row.subject,
                "criteria": row.criteria,
                "day": row.day.isoformat(),
                "found": day.isoformat(),
                "raised": {
                    kind: next(one for one in days if one > day).isoformat()
                    for kind, days in held[row.unit_code].items()
                    if days[-1] > day
                },
            }
        )
    return found


def _found_wrong(working: Working, codes: list[str]) -> Iterator[tuple[Finding, date]]:
    """(what failed, the day of the work), of each unit the latest."""
    order = (Finding.day.desc(), Finding.inspection_id, Finding.ordinal)
    place = func.row_number().over(partition_by=Finding.unit_code, order_by=order).label("place")
    ranked = (
        select(Finding.inspection_id, Finding.ordinal, place)
        .where(Finding.unit_code.in_(codes), Finding.in_force, Finding.day >= working.since)
        .subquery()
    )
    query = (
        select(Finding, Inspection.work_date)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .join(
            ranked,
            (ranked.c.inspection_id == Finding.inspection_id) & (ranked.c.ordinal == Finding.ordinal),
        )
        .where(ranked.c.place <= PROBLEMS)
        .order_by(*order)
    )
    yield from working.session.execute(query) if codes else ()


def _meetings(working: Working, code: str) -> dict[str, list[date]]:
    """The days on which records that list problems were made, by kind, the first first."""
    kinds = working.editions.serving(purposes.listing_problems)
    found: dict[str, list[date]] = {}
    for one in sorted(working.headed.get(code, ()), key=lambda one: one.work_date):
        if one.kind in kinds and one.work_date >= working.since:
            found.setdefault(one.kind, []).append(one.work_date)
    return found


BUILDERS: dict[str, Callable[[Working], Rows]] = {
    "volumes": volumes,
    "returns": returns,
    "balances": balances,
    "watch": watch,
    "people": people,
    "requirements": requirements,
    "problems": problems,
}
