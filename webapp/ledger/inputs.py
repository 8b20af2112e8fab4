"""Load what lines are folded from: a fixed number of queries, however many lines and departments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial

from sqlalchemy import Row, Select, bindparam, null, select
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
from webapp.registers.queries import Register, register_of
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.queries import Editions, calendars_of
from webapp.rulebook.rules import Duty, Kind, Rulebook
from webapp.sampling import queries as sampling, returns
from webapp.sampling.day_lists import DayList, day_lists_of
from webapp.sampling.rules import SAMPLED

# Whose call at a point confirms it [Reading: confirmed].
CONFIRMING = frozenset({"director", "inspector"})
Work = Sequence[tuple[Duty, Period]]  # of one unit


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


def load(session: Session, unit: Unit, work: Work, today: date, editions: Editions) -> Material:
    """The material of a unit for these duties and periods."""
    if unit.level == "department":
        return load_departments(session, {unit: work}, today, editions)[unit.code]
    whole = _above(session, unit, {duty for duty, _ in work}, _span(work), today, editions)
    return replace(whole, whole=replace(whole.whole, documents=_documents(session, unit, work)))


def load_departments(
    session: Session, works: Mapping[Unit, Work], today: date, editions: Editions
) -> dict[str, Material]:
    """The material of departments, each with its duties and periods: as many queries as for one, however many there are.

    Each gets what lies in the days of all of them: :meth:`Material.cut` takes what a line asks for.
    """
    units, kinds = list(works), editions.kinds()
    codes = [unit.code for unit in units]
    work = [one for several in works.values() for one in several]
    duties = {duty for duty, _ in work}
    first, last = _span(work)
    # What is chosen in advance is known again by its label, with or without a number.
    chosen = {unit.code: _chosen({duty for duty, _ in several}) for unit, several in works.items()}
    checks = deliveries.leave_out(session, _all_checks(session, codes, work, kinds, chosen), kinds)
    calls = sorted({kind for duty in duties if duty.way.confirms for kind in duty.kinds})
    asks_points = any(measure_of(duty).asks_points(duty) for duty in duties)
    register = register_of(session, codes) if calls or asks_points else Register({}, {})
    since = first - _furthest(duties)
    calendars, lists = calendars_of(session, units), _day_lists(session, codes, work)
    alone = sole_days(session, {code: _days_of_others(found) for code, found in checks.items()})
    voids = _of(work, lambda duty: measure_of(duty).counts_voids(duty))
    voided = sampling.voided_of(session, codes, *_span(voids)) if voids else {}
    withdrawn = _withdrawn(session, codes, list(next(iter(checks.values()))), first, last)
    found = {}
    for unit in units:
        code, here = unit.code, checks[unit.code]
        visits = [check for kind in calls for check in here[kind]]
        whole = Inputs(
            calendar=calendars[code],
            today=today,
            points=points_in(register, code) if asks_points else (),
            confirmed=_confirmed(register.confirmations(code, since, last), visits) if calls else {},
            opened_on=unit.opened_on,
            ledger_from=unit.ledger_first,
            closed_on=unit.closed_on,
            pauses=unit.pauses,
            sole_days=alone[code],
            **lists.get(code, {}),
        )
        found[code] = Material(whole, here, withdrawn.get(code, []), voided.get(code, {}))
    return found


def _above(
    session: Session, unit: Unit, duties: set[Duty], days: tuple[date, date], today: date, editions: Editions
) -> Material:
    """Of a county, league or region: what was done in its own name, and who lies below [Reading: upper-own]."""
    wanted = sorted({kind for duty in duties for kind in duty.kinds})
    planned = any(duty.way.planned for duty in duties)
    since = days[0] - _furthest(duties)
    acted = {"units": [unit.code], "kinds": wanted, "first": since, "last": days[1]}
    checks: dict[str, list[Check]] = {kind: [] for kind in wanted}
    for kind, check in _checks(
        session, acted, lambda head: editions.kind_on(head.work_date, head.kind), lambda head: True, "acting_code", answers=True
    ):  # fmt: skip
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
    return Material(whole, checks, [(kind, day) for _, kind, day in withdrawn], {})


def _documents(session: Session, unit: Unit, work: Sequence[tuple[Duty, Period]]) -> tuple[Written, ...]:
    """What the unit has issued about the periods of its duties that ask for a document; no query where none does."""
    asked = [(duty.document, period.code) for duty, period in work if duty.document]
    if not asked:
        return ()
    return written_by(session, unit.code, (kind for kind, _ in asked), (code for _, code in asked))


def _of(work: Work, asks: Callable[[Duty], bool]) -> Work:
    """Those whose duty asks for something: what only some ask for is loaded for their days and no others."""
    return [one for one in work if asks(one[0])]


def _span(work: Work) -> tuple[date, date]:
    return min(period.first for _, period in work), max(period.last for _, period in work)


def _day_lists(session: Session, codes: Sequence[str], work: Work) -> dict[str, dict]:
    """Volumes and lists by unit, of the days of the duties that are measured by them."""
    work = _of(work, lambda duty: measure_of(duty).asks_lists(duty))
    if not work:
        return {}
    first, last = _span(work)
    lists = day_lists_of(session, codes, first, last)
    drawn = sampling.samples_of(session, codes, first, last)
    typed = sampling.typed_of(session, codes, first, last)
    back = any(RETURNED in duty.of for duty, _ in work)
    return {
        code: _lists_of(lists.get(code, {}), drawn.get(code, {}), *typed.get(code, ({}, {})), back)
        for code in codes
    }


def _lists_of(
    lists: Mapping[date, DayList], drawn: Mapping, typed: sampling.Typed, together: sampling.Together, back: bool
) -> dict:  # fmt: skip
    """Of one unit; ``back``: what came back, too."""
    found = {
        "volumes": sampling.volumes_by(typed, lists),
        "listed": {day: one.classes for day, one in lists.items()},
        "held": {day: frozenset(one.sealed) for day, one in lists.items() if one.sealed and not one.whole},
        "drawn": drawn,
        "sealed": frozenset(day for day, one in lists.items() if one.whole),
    }
    if back:
        said = returns.typed_returns(typed, together)
        counts = returns.counts(said, lists)
        found["volumes"] = found["volumes"] | {(day, RETURNED): count for day, count in counts.items()}
        found["returned"] = {day: frozenset(one.returned) for day, one in lists.items()}
        found["returned_typed"] = said
    return found


def _chosen(duties: Iterable[Duty]) -> set[str]:
    return {kind for duty in duties if duty.chosen_by for kind in (*duty.kinds, duty.chosen_by)}


def _all_checks(
    session: Session, codes: Sequence[str], work: Work, kinds: Mapping[str, Kind], chosen: Mapping[str, set[str]]
) -> dict[str, dict[str, list[Check]]]:  # fmt: skip
    """The checks of the duties' kinds by unit and kind, each kind of the days of its duties, further back where a duty reaches back."""
    spans: dict[str, tuple[date, date]] = {}
    for duty, period in work:
        first = period.first - measure_of(duty).reach(duty)
        for kind in (*duty.kinds, *([duty.chosen_by] if duty.chosen_by else [])):
            since, until = spans.get(kind, (first, period.last))
            spans[kind] = min(since, first), max(until, period.last)
    found: dict[str, dict[str, list[Check]]] = {code: {kind: [] for kind in spans} for code in codes}
    placed = partial(_placed, kinds, chosen)
    for first, last in sorted(set(spans.values())):
        wanted = sorted(kind for kind, span in spans.items() if span == (first, last))
        which = {"units": codes, "kinds": wanted, "first": first, "last": last}
        for kind, check in _checks(session, which, placed, lambda head: head.acting_code == head.unit_code):
            found[check.unit][kind].append(check)
    return found


def _placed(kinds: Mapping[str, Kind], chosen: Mapping[str, set[str]], head: Row) -> Kind | None:
    return None if head.kind in chosen[head.unit_code] else kinds.get(head.kind)


@cache
def _picking(whose: str, answers: bool) -> tuple[Select, Select]:
    """The items and the heads of what is in force: about the ``units`` (``unit_code``), or made in their name (``acting_code``).

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
    """Records of some ``units``, of some ``kinds``, from a ``first`` day to a ``last``."""
    return (
        getattr(Inspection, whose).in_(several("units")),
        Inspection.kind.in_(several("kinds")),
        Inspection.day.between(bindparam("first"), bindparam("last")),
    )


_WITHDRAWN = {
    whose: select(getattr(Inspection, whose), Inspection.kind, Inspection.day).where(
        *_of_days(whose), Inspection.withdrawn
    )
    for whose in ("unit_code", "acting_code")
}


def _checks(
    session: Session, which: dict, kind_of: Callable[[Row], Kind | None], is_own: Callable[[Row], bool],
    whose: str = "unit_code", answers: bool = False,
) -> list[tuple[str, Check]]:  # fmt: skip
    """Those in force that ``which`` picks; ``kind_of``: of a record, whose items may be known by their place, stand in groups."""
    items, heads = _picking(whose, answers)
    by_check: dict[str, list] = {}
    for row in ask(session, items, **which).all():
        by_check.setdefault(row.id, []).append(row)
    return [
        (head.kind, _check(head, by_check.get(head.id, ()), is_own(head), kind_of(head)))
        for head in ask(session, heads, **which).all()
    ]


def _check(head, rows: Sequence, own: bool, placed: Kind | None) -> Check:
    items = tuple(
        Checked(
            f"{row.id}/{row.ordinal}" if _by_place(placed, row.mail_class) else row.subject,
            row.mail_class, row.verdict, row.stratum, row.tag,
        )
        for row in rows
    )  # fmt: skip
    return Check(
        head.id, head.day, head.work_date, frozenset(head.roles.split()), own, items,
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


def _withdrawn(
    session: Session, codes: Sequence[str], kinds: list[str], first: date, last: date
) -> dict[str, list[tuple[str, date]]]:
    found: dict[str, list[tuple[str, date]]] = {}
    for code, kind, day in ask(
        session, _WITHDRAWN["unit_code"], units=codes, kinds=kinds, first=first, last=last
    ):
        found.setdefault(code, []).append((kind, day))
    return found


def _furthest(duties: Iterable[Duty]) -> timedelta:
    return max((measure_of(duty).reach(duty) for duty in duties), default=timedelta(0))


def points_in(register: Register, unit_code: str) -> tuple[Point, ...]:
    """A point that was closed and reopened is there once for each of its lives."""
    return tuple(Point(*row) for row in register.spans(unit_code))


def _confirmed(entered: Mapping[str, list[date]], calls: Sequence[Check]) -> dict[str, tuple[date, ...]]:
    """{point: days on which it was entered or confirmed, or on which director or inspector called}."""
    found = {point: set(days) for point, days in entered.items()}
    for check in calls:
        if check.own and check.roles & CONFIRMING:
            for item in check.items:
                found.setdefault(item.subject, set()).add(check.work_date)
    return {point: tuple(sorted(days)) for point, days in found.items()}


def _days_of_others(checks: Mapping[str, list[Check]]) -> set[date]:
    return {check.work_date for found in checks.values() for check in found if not check.own}


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
