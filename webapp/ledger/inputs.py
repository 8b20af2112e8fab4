"""Load what a unit's lines are folded from: a fixed number of queries for a unit, however many lines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, null, select
from sqlalchemy.orm import Session

from webapp.campaigns.queries import steps_of
from webapp.core.prepared import ask, several
from webapp.documents.queries import written_by
from webapp.documents.rules import Written
from webapp.inspections.drafts import GROUP
from webapp.inspections.models import Inspection, Item
from webapp.ledger import deliveries
from webapp.ledger.below import load as load_below
from webapp.ledger.lines import RETURNED, Check, Checked, Inputs, Point
from webapp.ledger.measures import measure_of
from webapp.org.models import Role, Unit
from webapp.org.rules import DEPARTMENT_ROLES
from webapp.registers.queries import confirmations, point_spans
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.queries import Editions, calendars_of
from webapp.rulebook.rules import Duty, Kind, Rulebook
from webapp.sampling import queries as sampling, returns
from webapp.sampling.day_lists import day_lists
from webapp.sampling.rules import SAMPLED

# Whose call at a point confirms it [Reading: confirmed].
CONFIRMING = frozenset({"director", "inspector"})


@dataclass(frozen=True)
class Material:
    """Everything about one unit and span of days, from which the inputs of its lines are cut."""

    whole: Inputs
    checks: dict[str, list[Check]]  # by kind
    withdrawn: list[tuple[str, date]]  # (kind, day)
    voided: dict[date, int]

    def cut(self, duty: Duty, period: Period, book: Rulebook) -> Inputs:
        """The inputs of one line: only what lies in its period and is of its kinds, as its edition has them."""
        kinds, below = book.kinds, self.whole.below
        days = measure_of(duty).looks_at(duty, period)
        withdrawn = sum(kind in duty.kinds and day in period for kind, day in self.withdrawn)
        voids = measure_of(duty).counts_voids(duty)
        voided = sum(n for day, n in self.voided.items() if day in period) if voids else 0
        return replace(
            self.whole,
            checks=tuple(check for check in self._of(duty.kinds) if check.day in days),
            picks=tuple(check for check in self._of([duty.chosen_by]) if check.day in period),
            balances=tuple(self._of(duty.kinds)) if duty.way.balances else (),
            kinds=tuple(kinds[kind] for kind in duty.kinds if kind in kinds),
            withdrawn=withdrawn,
            voided=voided,
            below=replace(below, populations=book.populations) if below else None,
            documents=tuple(
                one for one in self.whole.documents if one.type == duty.document and one.period == period.code
            ),
        )

    def _of(self, kinds: Iterable[str | None]) -> list[Check]:
        return [check for kind in kinds for check in self.checks.get(kind, ())]


def load(
    session: Session, unit: Unit, work: Sequence[tuple[Duty, Period]], today: date, editions: Editions
) -> Material:
    """The material of a unit for these duties and periods."""
    kinds = editions.kinds()
    first, last = _span(work)
    duties = {duty for duty, _ in work}
    if unit.level != "department":
        whole = _above(session, unit, duties, (first, last), today, editions)
        return replace(whole, whole=replace(whole.whole, documents=_documents(session, unit, work)))
    checks = deliveries.leave_out(session, unit.code, _all_checks(session, unit.code, work, kinds), kinds)
    calls = {kind for duty in duties if duty.way.confirms for kind in duty.kinds}
    whole = Inputs(
        calendar=calendars_of(session, [unit])[unit.code],
        today=today,
        points=points_in(session, unit.code)
        if any(measure_of(duty).asks_points(duty) for duty in duties)
        else (),
        confirmed=_confirmed(
            session,
            unit.code,
            first - _furthest(duties),
            last,
            [c for kind in sorted(calls) for c in checks[kind]],
        )
        if calls
        else {},
        opened_on=unit.opened_on,
        ledger_from=unit.ledger_first,
        closed_on=unit.closed_on,
        pauses=unit.pauses,
        sole_days=_sole_days(session, unit.code, checks),
        **_day_lists(session, unit.code, work),
    )
    voids = _of(work, lambda duty: measure_of(duty).counts_voids(duty))
    voided = sampling.voided(session, unit.code, *_span(voids)) if voids else {}
    withdrawn = ask(
        session, _WITHDRAWN["unit_code"], unit=unit.code, kinds=list(checks), first=first, last=last
    )
    return Material(whole, checks, [tuple(row) for row in withdrawn], voided)


def _above(
    session: Session, unit: Unit, duties: set[Duty], days: tuple[date, date], today: date, editions: Editions
) -> Material:
    """Of a county, league or region: what was done in its own name, and who lies below [Reading: upper-own]."""
    wanted = sorted({kind for duty in duties for kind in duty.kinds})
    planned = any(duty.way.planned for duty in duties)
    since = days[0] - _furthest(duties)
    acted = {"unit": unit.code, "kinds": wanted, "first": since, "last": days[1]}
    checks: dict[str, list[Check]] = {kind: [] for kind in wanted}
    for kind, check in _checks(session, acted, editions.kind_on, "acting_code", answers=True):
        checks[kind].append(check)
    withdrawn = ask(session, _WITHDRAWN["acting_code"], **acted)
    steps = tuple(steps_of(session, unit.code)) if planned else ()
    whole = Inputs(
        today=today,
        opened_on=unit.opened_on,
        ledger_from=unit.ledger_first,
        closed_on=unit.closed_on,
        pauses=unit.pauses,
        below=load_below(session, unit, duties, editions, *days),
        steps=steps,
    )
    return Material(whole, checks, [tuple(row) for row in withdrawn], {})


def _documents(session: Session, unit: Unit, work: Sequence[tuple[Duty, Period]]) -> tuple[Written, ...]:
    """What the unit has issued about the periods of its duties that ask for a document; no query where none does."""
    asked = [(duty.document, period.code) for duty, period in work if duty.document]
    if not asked:
        return ()
    return written_by(session, unit.code, (kind for kind, _ in asked), (code for _, code in asked))


Due = tuple[Duty, Period]


def _of(work: Iterable[Due], asks: Callable[[Duty], bool]) -> list[Due]:
    """Those whose duty asks for something: what only some ask for is loaded for their days and no others."""
    return [one for one in work if asks(one[0])]


def _span(work: Sequence[Due]) -> tuple[date, date]:
    return min(period.first for _, period in work), max(period.last for _, period in work)


def _day_lists(session: Session, code: str, work: Sequence[Due]) -> dict:
    """Volumes and lists of the days of the duties that are measured by them."""
    work = _of(work, lambda duty: measure_of(duty).asks_lists(duty))
    if not work:
        return {}
    first, last = _span(work)
    lists = day_lists(session, code, first, last)
    found = {
        "volumes": sampling.volumes(session, code, first, last, lists),
        "listed": {day: one.classes for day, one in lists.items()},
        "held": {day: frozenset(one.sealed) for day, one in lists.items() if one.sealed and not one.whole},
        "drawn": sampling.samples(session, code, first, last),
        "sealed": frozenset(day for day, one in lists.items() if one.whole),
    }
    if any(RETURNED in duty.of for duty, _ in work):
        together = sampling.typed_together(session, code, first, last)
        said = returns.typed_returns(sampling.typed(session, code, first, last), together)
        counts = returns.counts(said, lists)
        found["volumes"] = found["volumes"] | {(day, RETURNED): count for day, count in counts.items()}
        found["returned"] = {day: frozenset(one.returned) for day, one in lists.items()}
        found["returned_typed"] = said
    return found


def _all_checks(
    session: Session, code: str, work: Sequence[Due], kinds: Mapping[str, Kind]
) -> dict[str, list[Check]]:
    """The checks of the duties' kinds, each kind of the days of its duties, further back where a duty reaches back."""
    spans: dict[str, tuple[date, date]] = {}
    for duty, period in work:
        first = period.first - measure_of(duty).reach(duty)
        for kind in (*duty.kinds, *([duty.chosen_by] if duty.chosen_by else [])):
            since, until = spans.get(kind, (first, period.last))
            spans[kind] = min(since, first), max(until, period.last)
    found: dict[str, list[Check]] = {kind: [] for kind in spans}
    # What is chosen in advance is known again by its label, with or without a number.
    chosen = {kind for duty, _ in work if duty.chosen_by for kind in (*duty.kinds, duty.chosen_by)}
    placed = {code: kind for code, kind in kinds.items() if code not in chosen}
    for first, last in sorted(set(spans.values())):
        wanted = sorted(kind for kind, span in spans.items() if span == (first, last))
        which = {"unit": code, "kinds": wanted, "first": first, "last": last}
        for kind, check in _checks(session, which, lambda day, kind: placed.get(kind)):
            found[kind].append(check)
    return found


@cache
def _picking(whose: str, answers: bool) -> tuple[Select, Select]:
    """The items and the heads of what is in force: about the ``unit`` (``unit_code``), or made in its name (``acting_code``).

    The ``answers`` are unpacked only where groups of criteria are asked for: a fold reads thousands of items.
    """
    here = (*_of_days(whose), Inspection.in_force)
    items = select(
        Inspection.id, Item.ordinal, Item.subject, Item.mail_class, Item.verdict, Item.stratum, Item.tag,
        (Item.answers if answers else null()).label("answers"),
    )  # fmt: skip
    items = items.join(Item, Item.inspection_id == Inspection.id).where(*here)
    heads = select(
        Inspection.kind, Inspection.id, Inspection.day, Inspection.work_date, Inspection.roles,
        Inspection.acting_code, Inspection.header, Inspection.drawn, Inspection.ended_at, Inspection.author_id,
        Inspection.unit_code, Inspection.method,
    ).where(*here)  # fmt: skip
    return items.order_by(Inspection.id, Item.ordinal), heads.order_by(Inspection.id)


def _of_days(whose: str) -> tuple:
    """Records of a ``unit``, of some ``kinds``, from a ``first`` day to a ``last``."""
    return (
        getattr(Inspection, whose) == bindparam("unit"),
        Inspection.kind.in_(several("kinds")),
        Inspection.day.between(bindparam("first"), bindparam("last")),
    )


_WITHDRAWN = {
    whose: select(Inspection.kind, Inspection.day).where(*_of_days(whose), Inspection.withdrawn)
    for whose in ("unit_code", "acting_code")
}


def _checks(
    session: Session, which: dict, kind_on: Callable[[date, str], Kind | None], whose: str = "unit_code", answers: bool = False
) -> list[tuple[str, Check]]:  # fmt: skip
    """Those in force that ``which`` picks; ``kind_on``: of a day, whose items may be known by their place, stand in groups."""
    items, heads = _picking(whose, answers)
    by_check: dict[str, list] = {}
    for row in ask(session, items, **which).all():
        by_check.setdefault(row.id, []).append(row)
    return [
        (
            head.kind,
            _check(head, by_check.get(head.id, ()), which["unit"], kind_on(head.work_date, head.kind)),
        )
        for head in ask(session, heads, **which).all()
    ]


def _check(head, rows: Sequence, code: str, placed: Kind | None) -> Check:
    items = tuple(
        Checked(
            f"{row.id}/{row.ordinal}" if _by_place(placed, row.mail_class) else row.subject,
            row.mail_class, row.verdict, row.stratum, row.tag,
        )
        for row in rows
    )  # fmt: skip
    return Check(
        head.id, head.day, head.work_date, frozenset(head.roles.split()), head.acting_code == code, items,
        head.header or {}, head.drawn, head.ended_at, head.author_id, unit=head.unit_code, kind=head.kind,
        method=head.method, **_of_kind(placed, head.day, rows),
    )  # fmt: skip


def _of_kind(kind: Kind | None, day: date, rows: Sequence) -> dict:
    """What its kind says of the record: the groups that it answered, and after which day it had to be made."""
    if kind is None or not (kind.groups or kind.period):
        return {}
    group_of = {one.code: one.group for one in kind.criteria}
    groups = set()
    for row in rows:
        answers = row.answers or {}
        answered = {code: answer for code, answer in answers.items() if not code.startswith(GROUP)}
        groups |= {code.removeprefix(GROUP) for code in answers if code.startswith(GROUP)}
        # Nothing answered is passed as a whole, but for what did not come.
        said = answered or dict.fromkeys(group_of, "pass")
        groups |= {group_of.get(code) for code, answer in said.items() if answer != "na"}
    speaking = {one.mail_class for one in kind.groups if one.code in groups}
    after = period_of(kind.period, day).last if kind.period else None
    return {
        "groups": frozenset(groups - {None}),
        "group_classes": frozenset(speaking - {None}),
        "made_after": after,
    }


def _by_place(kind: Kind | None, mail_class: str | None) -> bool:
    """A letter bears no number: nothing but its place in the record tells it from another."""
    if kind is None:
        return False
    return kind.subject == "letter" or (mail_class is not None and mail_class not in SAMPLED)


def _furthest(duties: Iterable[Duty]) -> timedelta:
    return max((measure_of(duty).reach(duty) for duty in duties), default=timedelta(0))


def points_in(session: Session, unit_code: str) -> tuple[Point, ...]:
    """A point that was closed and reopened is there once for each of its lives."""
    return tuple(Point(*row) for row in point_spans(session, unit_code))


def _confirmed(
    session: Session, code: str, first: date, last: date, calls: Sequence[Check]
) -> dict[str, tuple[date, ...]]:
    """{point: days on which it was entered or confirmed, or on which director or inspector called}."""
    found = {point: set(days) for point, days in confirmations(session, code, first, last).items()}
    for check in calls:
        if check.own and check.roles & CONFIRMING:
            for item in check.items:
                found.setdefault(item.subject, set()).add(check.work_date)
    return {point: tuple(sorted(days)) for point, days in found.items()}


def _sole_days(session: Session, unit_code: str, checks: dict[str, list[Check]]) -> frozenset[date]:
    days = {check.work_date for found in checks.values() for check in found if not check.own}
    return sole_days(session, {unit_code: days})[unit_code]


def sole_days(session: Session, days: Mapping[str, set[date]]) -> dict[str, frozenset[date]]:
    """Those of the days, by unit, on which exactly one person held department roles there; one query.

    Asked only of days of a county's checks: nobody else stands in for a department.
    """
    found: dict[str, frozenset[date]] = dict.fromkeys(days, frozenset())
    asked = [code for code, several in days.items() if several]
    if not asked:
        return found
    query = select(Role.unit_code, Role.person_id, Role.first_day, Role.last_day).where(
        Role.unit_code.in_(asked), Role.role.in_(DEPARTMENT_ROLES)
    )
    holders: dict[tuple[str, date], set[str]] = {}
    for code, person, first, last in session.execute(query):
        for day in days[code]:
            if first <= day and (last is None or day <= last):
                holders.setdefault((code, day), set()).add(person)
    for code in asked:
        found[code] = frozenset(day for day in days[code] if len(holders.get((code, day), ())) == 1)
    return found
