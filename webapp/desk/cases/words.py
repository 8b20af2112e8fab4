"""Cases in words: what somebody reads of a state, a deadline, a rung of the ladder, a party. From the rules, never by their codes."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _, lazy_gettext, ngettext

from webapp.cases.clocks import Workdays, day_of
from webapp.cases.models import Case
from webapp.cases.naming import strange
from webapp.cases.reading import Detail
from webapp.core.dates import day_text
from webapp.inspections.covert import is_inspected
from webapp.org.rules import LEVELS, Actor
from webapp.rulebook.case_rules import CaseRules, CaseType, Move, Span
from webapp.rulebook.queries import Editions
from webapp.web import labels
from webapp.web.language import day as day_said, language, said

# Whose move it is (rulebook/case_rules.py: LATE).
TURNS = {
    "owner": lazy_gettext("Whoever puts it right"),
    "checker": lazy_gettext("Whoever looks again"),
    "county": lazy_gettext("The unit above decides"),
    "issuer": lazy_gettext("Whoever issued it"),
}
# What the guard of a move says of a field.
FAULTS = {
    "required": lazy_gettext("This is needed here."),
    "unknown": lazy_gettext("Please choose one of the list."),
    "does not work here": lazy_gettext("Choose somebody who works in the responsible unit today."),
    "from today up to the day before the deadline": lazy_gettext(
        "From today up to the day before the deadline."
    ),
    "after the deadline, by its first span at most": lazy_gettext(
        "After the present deadline, by as many days as there were at first."
    ),
    "after today, within a year": lazy_gettext("After today, within a year."),
    "old": lazy_gettext("This photo was used before, or taken before the problem was found."),
    "not an open case of this unit": lazy_gettext("One of the cases has ended, or is not of this unit."),
}


@dataclass(frozen=True)
class Due:
    """When somebody has to have moved, in words. ``late``: that day is behind us; ``soon``: within a day."""

    text: str
    day: date | None
    late: bool = False
    soon: bool = False


def due_words(case: Case, today: date) -> Due | None:
    """``Overdue by 3 days``, ``due today``, ``2 days left``; None where nothing is owed."""
    if case.ended or case.due_on is None:
        return None
    left = (case.due_on - today).days
    if left < 0:
        return Due(ngettext("%(num)s day overdue", "%(num)s days overdue", -left), case.due_on, late=True)
    if left == 0:
        return Due(_("Due today"), case.due_on, soon=True)
    return Due(ngettext("%(num)s day left", "%(num)s days left", left), case.due_on, soon=left == 1)


def span_words(span: Span) -> str:
    """``3 workdays``, ``7 days``."""
    if span.workdays:
        return ngettext("%(num)s workday", "%(num)s workdays", span.count)
    return ngettext("%(num)s day", "%(num)s days", span.count)


def clock_words(case: Case, case_type: CaseType, rules: CaseRules) -> str | None:
    """The clock that runs now: how long it is and on which day it ends; None where none runs."""
    state = case_type.states.get(case.state)
    if state is None or state.ends or case.due_on is None:
        return None
    until = day_text(case.due_on, language(), year=True)
    if isinstance(state.span, Span):
        words = {"span": span_words(state.span), "day": until}
        return _("To be done within %(span)s, until %(day)s", **words)
    if case.set_deadline is not None:
        return _("Until %(day)s, as it was laid down", day=until)
    words = {"span": span_words(rules.severities[case.severity].span), "day": until}
    return _("To be put right within %(span)s, until %(day)s", **words)


@dataclass(frozen=True)
class Rung:
    """A rung of the ladder: from which day on whom it is told, and whether that day has come."""

    level: str
    day: date
    after: int | None
    reached: bool


def rungs(case: Case, rules: CaseRules, today: date, workdays: Workdays) -> list[Rung]:
    """The ladder of a case that climbs, with the day of each rung."""
    if not case.climbs or case.deadline is None:
        return []
    found = []
    for step in rules.ladders[case.severity]:
        day = day_of(step, case.entered_on, case.deadline, workdays)
        found.append(Rung(step.to, day, step.after, day <= today))
    return found


def climbed(case: Case, rules: CaseRules, today: date, workdays: Workdays) -> str | None:
    """The level to which it has climbed, in words."""
    reached = [rung for rung in rungs(case, rules, today, workdays) if rung.reached]
    return str(labels.LEVELS[reached[-1].level]) if reached else None


def title_of(case: Case, editions: Editions, case_type: CaseType) -> str:
    """What it is about: the criterion that failed; of others what they are."""
    if case.kind and case.criterion:
        kind = editions.kinds().get(case.kind)
        return said(kind.fault(case.criterion)) if kind else case.criterion
    seen = strange(case)
    return said(seen[0] if seen else case_type.title)


def hides_finder(me: Actor, told: Detail, path: str) -> bool:
    """Whether who found it is not named to the reader: found covertly, and the reader is of the inspected unit."""
    return told.covert and is_inspected(me, path)


def author_of(step, told: Detail, hidden: bool) -> str:
    """The name beside a move; of who found it covertly the team's, wherever the name would stand."""
    finders = {one.finder_id for one in told.seen}
    return _("The inspection team") if hidden and step.author_id in finders else step.author


def faults_of(fields: dict[str, str]) -> dict[str, str]:
    """What is wrong with a move, by the names of its form."""
    return {name.partition("[")[0]: str(FAULTS.get(reason, reason)) for name, reason in fields.items()}


def needs_of(move: Move) -> tuple[str, ...]:
    """The fields of a move's form; words can be said with any."""
    return move.needs if "text" in move.needs else (*move.needs, "text")


def level_names() -> list[tuple[str, object]]:
    """The levels to which something can climb, the lowest first."""
    return [(level, labels.LEVELS[level]) for level in reversed(LEVELS)]


def until(day: date) -> str:
    """A day as the page says it."""
    return day_said(day, weekday=True)
