"""So many of the units below covered by one's own work [15, 16]. Pure.

A member counts by the records that the owner made about it; a line of several parts is met when each part is, and no
surplus of one helps another: required and done are the sums of the parts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from webapp.ledger.counting import closing, not_applicable, notes, qualifying, sums
from webapp.ledger.lines import Check, Checked, Covered, Inputs, Line
from webapp.ledger.measures.measure import Measure
from webapp.ledger.points import as_of
from webapp.ledger.populations import (
    Below,
    Member,
    Moment,
    ever_about,
    ever_of,
    leavers_of,
    left_points,
    members_of,
    points_of,
    records_about,
    setting_of,
)
from webapp.rulebook import coverage as coverages
from webapp.rulebook.coverage import Each, Need, Population
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


class Coverage(Measure):
    """Members of a population that count, against a percent, a number or all of them."""

    code = "coverage"

    def asks_points(self, duty: Duty) -> bool:
        """The points of those below are read with them."""
        return False

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """Who counts, part by part."""
        view = _View.of(duty, period, inputs)
        if not view.members(duty.coverage.over):
            return not_applicable(duty, period, inputs, "nobody-to-cover")
        covered = view.covered(duty.coverage.each, duty.coverage.over)
        parts = [*_needed(duty, covered), *_spread(duty, view, covered)]
        required, done = (
            sum(part.required for part in parts),
            sum(min(part.done, part.required) for part in parts),
        )
        items = _judged(view.checks)
        return Line(
            closing(duty, period, inputs),
            required=required,
            done=done,
            met=done >= required,
            started=any(one.done or one.reason == "short-opened" for one in covered),
            withdrawn=inputs.withdrawn,
            why=(*(part.reason for part in parts), *view.faults, *notes(duty, period, view.checks, inputs)),
            covered=tuple(covered),
            **sums(items),
        )


@dataclass(frozen=True)
class Part:
    """One threshold of the line: how many it asks for, how many there are, and the sentence about it."""

    required: int
    done: int
    reason: tuple[str, dict]


def _needed(duty: Duty, covered: list[Covered]) -> Iterable[Part]:
    """A part for each need; one of a setting in which there is nobody drops out [U4]."""
    for need in duty.coverage.needs:
        asked = [one for one in covered if need.setting in (None, one.setting)]
        members = [one for one in asked if not one.left]
        if not members:
            continue
        if duty.counts == "points":
            yield _in_points(members)
            continue
        counting = [one for one in (members if need.all else asked) if one.counts]
        yield _part("cover", need, len(members), len(counting))


def _in_points(members: list[Covered]) -> Part:
    required, done = sum(one.required for one in members), sum(min(one.done, one.required) for one in members)
    return Part(
        required, done, ("cover-points", {"members": len(members), "required": required, "covered": done})
    )


def _part(code: str, need: Need, members: int, covered: int) -> Part:
    values = {"members": members, "required": need.of(members), "covered": covered}
    if need.setting:
        values["setting"] = need.setting
    if need.percent is not None:
        values["percent"] = need.percent
    form = "percent" if need.percent is not None else "all" if need.size is None else "size"
    return Part(need.of(members), covered, (f"{code}-{form}", values))


def _spread(duty: Duty, view: "_View", covered: list[Covered]) -> Iterable[Part]:
    """The second threshold: in so many units somebody counts, or they count by a condition of their own."""
    spread = duty.coverage.spread
    if spread is None:
        return
    members = view.members(spread.over)
    if not members:
        return
    if spread.each:
        found = {one.unit for one in view.covered(spread.each, spread.over) if one.counts}
    else:
        above = {code for one in covered if one.counts for code in view.below.path(one.unit)}
        found = above & {*members, *view.leavers(spread.over)}
    yield _part(
        "spread", spread.need, len(members), len(found if not spread.need.all else found & members.keys())
    )


@dataclass(frozen=True)
class _View:
    """What the parts of one line look at: the checks that may count, and everybody below."""

    duty: Duty
    below: Below
    moment: Moment
    checks: list[Check]
    faults: list[tuple[str, dict]]
    levels: Mapping[str, tuple[str, ...]]  # of the units that a kind of record may be about
    _known: dict = field(default_factory=dict)  # populations that were told

    @classmethod
    def of(cls, duty: Duty, period: Period, inputs: Inputs) -> "_View":
        moment = Moment(period, as_of(period, inputs), closing(duty, period, inputs))
        checks, faults = qualifying(duty, period, inputs), _wrong_methods(duty, period, inputs)
        levels = {kind.code: kind.levels for kind in inputs.kinds}
        return cls(duty, inputs.below, moment, checks, faults, levels)

    def members(self, code: str) -> dict[str, Member]:
        """Who is a member of the population; told once a line, however often it is asked."""
        return self._told(members_of, code)

    def leavers(self, code: str) -> dict[str, Member]:
        """Who left it in the period."""
        return self._told(leavers_of, code)

    def ever(self, code: str) -> dict[str, Member]:
        """Who is or was one, whatever was closed, corrected or withdrawn since."""
        return self._told(ever_of, code)

    def _told(
        self, of: Callable[[Population, Below, Moment], dict[str, Member]], code: str
    ) -> dict[str, Member]:
        if (of, code) not in self._known:
            self._known[of, code] = of(self.below.populations[code], self.below, self.moment)
        return self._known[of, code]

    def covered(self, each: Each, population: str) -> list[Covered]:
        """Every member, and of those that left who counted before, by code."""
        members, leavers = self.members(population), self.leavers(population)
        fitting = [check for check in self.checks if check.kind in each.kinds and fits(each, check)]
        by_member: dict[str, list[Check]] = {code: [] for code in (*members, *leavers)}
        for check in fitting:
            for code in self.below.path(check.unit):
                if code in by_member and self._speaks_of(check, self.below.members[code]):
                    by_member[code].append(check)
        found = [self._one(each, one, by_member[code]) for code, one in members.items()]
        gone = [replace(self._one(each, one, by_member[code]), left=True) for code, one in leavers.items()]
        return sorted(found + [one for one in gone if one.counts], key=lambda one: one.unit)

    def _speaks_of(self, check: Check, member: Member) -> bool:
        """A visit speaks of all units above it; the review of a department is none of its county [U1]."""
        return check.unit == member.code or member.level not in self.levels.get(check.kind, ())

    def _one(self, each: Each, member: Member, checks: list[Check]) -> Covered:
        """The best date of the member, or the whole period."""
        parts: dict[date | None, list[Check]] = {}
        for check in checks:
            parts.setdefault(check.work_date if each.per == "date" else None, []).append(check)
        states = [self._state(each, member, part) for part in parts.values()] or [
            self._state(each, member, [])
        ]
        counts, done, required, reason = max(states, key=lambda state: (state[0], state[1]))
        setting = setting_of(member, self.moment.period) if member.settings else None
        return Covered(member.code, setting, counts, done, required, reason=reason)

    def _state(self, each: Each, member: Member, checks: list[Check]) -> tuple[bool, int, int, str]:
        """(whether it counts, how much was done, how much is asked for, what is missing) of these checks."""
        asked = [part for part in self._asked(each, member, checks) if part[1]]
        if not asked:  # a record is enough
            return bool(checks), int(bool(checks)), 1, "" if checks else "not-begun"
        done, required = (
            sum(min(had, needed) for had, needed, _ in asked),
            sum(needed for _, needed, _ in asked),
        )
        short = next((reason for had, needed, reason in asked if had < needed), "")
        counts = bool(checks) and not short
        # A review of which nothing was opened has no items, and was begun all the same.
        begun = done or any(check.items or each.opened for check in checks)
        return counts, max(done, int(counts)), required, short if begun or counts else "not-begun"

    def _asked(self, each: Each, member: Member, checks: list[Check]) -> Iterable[tuple[int, int, str]]:
        """(had, needed, what is said where it is short) of each thing that makes a member count."""
        if each.groups:
            yield len(answered_groups(each, checks)), len(each.groups), "short-groups"
        if each.together:
            said = {code for check in checks for code in each.together if check.header.get(code)}
            yield len(said), len(each.together), "short-header"
        if each.classes:
            yield len(self._classes(each, checks)), len(each.classes), "short-classes"
        if each.items:
            yield len(subjects(each, checks)), each.items, "short-items"
        if each.points:
            here = points_of(member, self.moment)
            called = subjects(each, checks) & (here | left_points(member, self.moment))
            yield len(called), min(each.points, len(here)), "short-points"
        if each.opened:
            there = records_about(member, each.forms, (), self.below, self.moment)
            forms = {one.id for one in ever_about(member, each.forms, (), self.below, self.moment)}
            yield len(subjects(each, checks) & forms), min(each.opened, len(there)), "short-opened"
        if each.audited:
            yield self._audited(each, member, checks)

    def _audited(self, each: Each, member: Member, checks: list[Check]) -> tuple[int, int, str]:
        population, opened = self.below.populations[each.among], subjects(each, checks)
        here = self.members(each.among).values()
        there = [one for one in self.ever(each.among).values() if member.code in one.above]
        asked = [having.records for having in population.havings() if having.records]
        seen = [
            one
            for one in there
            if any(
                record.id in opened
                for records in asked
                for record in ever_about(one, records.kinds, records.by, self.below, self.moment)
            )
        ]
        inside = sum(member.code in one.above for one in here)
        return len(seen), min(each.audited, inside), "short-audited"

    def _classes(self, each: Each, checks: list[Check]) -> set[str]:
        """Classes looked at: by items of the class, and by groups of criteria that speak of one."""
        seen = {item.mail_class for check in checks for item in check.items}
        return {name for name in each.classes if name in seen} | {
            speaks for check in checks for speaks in check.group_classes if speaks in each.classes
        }


def fits(each: Each, check: Check) -> bool:
    """Whether the check is made as the condition asks: by one of its methods, with these fields of the head filled in."""
    return (not each.methods or check.method in each.methods) and all(
        check.header.get(code) for code in each.header
    )


def made_as_asked(coverage: coverages.Coverage, check: Check) -> bool:
    """Whether the check is made as one of the coverage's conditions asks."""
    return any(check.kind in each.kinds and fits(each, check) for each in coverage.eaches())


def subjects(each: Each, checks: Iterable[Check]) -> set[str]:
    """Distinct subjects of the checks, of its strata where the condition names some."""
    return {
        item.subject
        for check in checks
        for item in check.items
        if not each.strata or item.stratum in each.strata
    }


def answered_groups(each: Each, checks: Iterable[Check]) -> set[str]:
    """Groups of which a criterion was answered, or of which it was said that nothing came [U5]."""
    return {group for check in checks for group in check.groups if group in each.groups}


def _judged(checks: Iterable[Check]) -> list[Checked]:
    """One verdict a subject of each unit; of two a fail wins."""
    found: dict[tuple[str, str, str], Checked] = {}
    for check in checks:
        for item in check.items:
            key = (check.unit, check.kind, item.subject)
            if key not in found or item.verdict == "fail":
                found[key] = item
    return list(found.values())


def _wrong_methods(duty: Duty, period: Period, inputs: Inputs) -> list[tuple[str, dict]]:
    """How many checks are not made as the article asks: by telephone where it says on site, without a route …"""
    wrong = [check for check in qualifying(duty, period, inputs) if not made_as_asked(duty.coverage, check)]
    return [("not-as-asked", {"checks": len(wrong)})] if wrong else []
