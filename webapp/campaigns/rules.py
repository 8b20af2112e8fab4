"""A plan of a special check as values: what its facts add up to, where it stands, who may check what by it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
ENTER, CHANGE, CANCEL, SUMMARISE = OPS = ("enter", "change", "cancel", "summarise")
OPEN, RUNNING, SUMMARISED, CANCELLED = STATES = ("open", "running", "summarised", "cancelled")
LONGEST = timedelta(days=92)  # from the first to the last day
REPORTED = timedelta(days=92)  # from the last day to the report day at most
# So long after its first day a check can still be one of a plan that is reported: what a ledger has to look back.
REACH = LONGEST + REPORTED
LATE = timedelta(days=31)  # a summary is told at most so many days after it was issued
BACK = timedelta(days=30)  # as long as a role may begin before it is given
MOST_POINTS = 100  # a unit's minimum
MOST_UNITS, MOST_TEAM = 200, 100
# What an entry or a change of a plan may say.
FIELDS = ("title", "subject", "first_day", "last_day", "units", "minimum", "team", "report_day")


@dataclass(frozen=True)
class Member:
    """Somebody who checks a unit of the plan (or one below it) on these days, both included."""

    person: str
    unit: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Summary:
    """The summary of a plan as it was issued; ``document``: its number where it has one."""

    issued: date
    text: str
    document: str | None = None


@dataclass(frozen=True)
class Step:
    """One fact about a plan. ``said`` holds what it sets, read; ``at`` when it came, ``day`` its own day."""

    id: str
    plan: str
    op: str
    day: date
    at: datetime
    author: str
    said: Mapping = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """A plan as its facts have it. ``subject``: the kind of record that counts for it.

    ``team`` as it stands, ``grants`` with those who left it and until when.
    """

    id: str
    entered_at: datetime
    title: str
    subject: str
    first_day: date
    last_day: date
    report_day: date
    units: tuple[str, ...]
    minimum: int
    team: tuple[Member, ...] = ()
    grants: tuple[Member, ...] = ()
    summary: Summary | None = None
    cancelled: str | None = None  # why

    def state(self, today: date) -> str:
        """Where it stands on a day: nobody has to move it on."""
        if self.cancelled is not None:
            return CANCELLED
        if self.summary is not None:
            return SUMMARISED
        return OPEN if today < self.first_day else RUNNING

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def plans_of(steps: Iterable[Step], until: datetime | None = None) -> list[Plan]:
    """The plans that the facts add up to, by id: what came after ``until`` changes none, a summary excepted.

    A summary counts by the day on which it was issued.
    """
    found: dict[str, Plan] = {}
    for step in sorted(steps, key=lambda step: (step.at, step.id)):
        if until is not None and step.at > until and step.op != SUMMARISE:
            continue
        if step.op == ENTER:
            found[step.plan] = _entered(step)
        elif step.plan in found:
            found[step.plan] = _after(found[step.plan], step)
    return [found[code] for code in sorted(found)]


def _entered(step: Step) -> Plan:
    return Plan(step.plan, step.at, grants=step.said["team"], **{name: step.said[name] for name in FIELDS})


def _after(plan: Plan, step: Step) -> Plan:
    if step.op == SUMMARISE:
        return replace(plan, summary=Summary(**step.said))
    if step.op == CANCEL:
        return replace(plan, cancelled=step.reason, team=(), grants=_regranted(plan.grants, (), step.day))
    values = {name: step.said[name] for name in FIELDS if name in step.said}
    team = values.get("team", plan.team)
    return replace(plan, **values, grants=_regranted(plan.grants, team, step.day))


def _regranted(before: Sequence[Member], team: Sequence[Member], day: date) -> tuple[Member, ...]:
    """The grants after a change made on ``day``: what it takes away, it takes away from that day on, never from the past."""
    after = {_key(one): one for one in team}
    kept = []
    for one in before:
        wanted = after.pop(_key(one), None)
        last = wanted.last_day if wanted else day - DAY
        kept.append(replace(one, last_day=max(last, min(one.last_day, day - DAY))))
    return (*(one for one in kept if one.first_day <= one.last_day), *after.values())


def _key(one: Member) -> tuple[str, str, date]:
    return one.person, one.unit, one.first_day


# ---------------------------------------------------------------- what is wrong with one


@dataclass(frozen=True)
class Ground:
    """What a plan is held against: the owner's path, units below it {code: (path, spans)}, and where people work.

    ``spans``: (first day, first day closed or None); ``posts``: {person: [(path, first day, last day or None)]}.
    """

    path: str
    units: Mapping[str, tuple[str, Sequence[tuple[date, date | None]]]]
    posts: Mapping[str, Sequence[tuple[str, date, date | None]]]

    def stands(self, code: str, first: date, last: date) -> bool:
        """Whether the unit is open on one of the days."""
        return any(begun <= last and (end is None or first < end) for begun, end in self.units[code][1])


def faults_of(plan: Plan, ground: Ground, before: Plan | None, today: date) -> dict[str, str]:
    """What is wrong with a plan that was entered or changed today: {field: reason}, empty where nothing is."""
    found: dict[str, str] = {}
    if plan.last_day < plan.first_day:
        found["last_day"] = "before"
    elif plan.last_day - plan.first_day > LONGEST:
        found["last_day"] = "far"
    if plan.report_day < plan.last_day:
        found["report_day"] = "before"
    elif plan.report_day - plan.last_day > REPORTED:
        found["report_day"] = "far"
    elif before is None and plan.report_day < today - LONGEST:
        found["report_day"] = "early"
    if found:
        return found
    return _units(plan, ground) or _team(plan, ground, before, today)


def _units(plan: Plan, ground: Ground) -> dict[str, str]:
    if not plan.units:
        return {"units": "empty"}
    for number, code in enumerate(plan.units):
        if code not in ground.units:
            return {f"units[{number}]": "choice"}
        path = ground.units[code][0]
        others = [ground.units[one][0] for one in plan.units[:number]]
        if any(path.startswith(other) or other.startswith(path) for other in others):
            return {f"units[{number}]": "inside"}
        if not ground.stands(code, plan.first_day, plan.last_day):
            return {f"units[{number}]": "closed"}
    return {}


def _team(plan: Plan, ground: Ground, before: Plan | None, today: date) -> dict[str, str]:
    known = {_key(one): one for one in (before.team if before else ())}
    seen: list[Member] = []
    for number, one in enumerate(plan.team):
        if reason := _member(plan, ground, one, known.get(_key(one)), seen, today):
            return {f"team[{number}].{reason[0]}": reason[1]}
        seen.append(one)
    return {}


def _member(
    plan: Plan, ground: Ground, one: Member, known: Member | None, seen: Sequence[Member], today: date
) -> tuple[str, str] | None:
    if one.unit not in ground.units:
        return "unit", "choice"
    path = ground.units[one.unit][0]
    if not any(path.startswith(ground.units[code][0]) for code in plan.units):
        return "unit", "choice"
    if one.last_day < one.first_day:
        return "last_day", "before"
    if one.first_day not in plan or one.last_day not in plan:
        return "first_day" if one.first_day not in plan else "last_day", "outside"
    if known is None and one.first_day < today - BACK:
        return "first_day", "early"
    if known is not None and one.last_day < min(known.last_day, today - DAY):
        return "last_day", "early"
    held = [post for post, first, last in ground.posts.get(one.person, ()) if _meets(first, last, one)]
    if not held:
        return "person", "stranger"
    if any(home and path.startswith(home) for home in (_home(ground.path, post) for post in held)):
        return "unit", "own"
    if any(_same(one, other) for other in seen):
        return "person", "twice"
    return None


def _meets(first: date, last: date | None, one: Member) -> bool:
    return first <= one.last_day and (last is None or one.first_day <= last)


def _same(one: Member, other: Member) -> bool:
    same = (one.person, one.unit) == (other.person, other.unit)
    return same and one.first_day <= other.last_day and other.first_day <= one.last_day


def _home(owner: str, post: str) -> str | None:
    """The path right below the owner in which a post lies: of a league's plan the county, of a region's the league.

    Nobody checks the own one; who works at the owner itself has none.
    """
    rest = post.removeprefix(owner) if post.startswith(owner) else ""
    return f"{owner}{rest.partition('/')[0]}/" if rest else None
