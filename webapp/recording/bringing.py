"""What somebody else's hand may bring in an author's name [docs/offline.md].

A file proves that its texts are whole, not who wrote them. So whoever brings one acts within the own right: records of the
field, of units that the bringer leads today, made in roles at or below the bringer's. A person's own file has no such
bound, and what a person sends with the own hand no other hand changes.
"""

from collections.abc import Collection, Iterable
from datetime import date

from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.rules import ACTIONS, RANK, Actor
from webapp.photos.rules import named_in
from webapp.recording.entries import Entry
from webapp.recording.facts.registry import FACT_TYPES
from webapp.recording.guards import Context, judged

NOT_LED, AUTHOR_ONLY = "not-led", "author-only"
REASONS = (NOT_LED, AUTHOR_ONLY)


def check(context: Context, entry: Entry, first: Fact | None = None, coming: Collection[str] = ()) -> None:
    """Raise ``not-led`` or ``author-only`` where the context's bringer may not bring this; nothing without a bringer.

    ``first``: what is known under its id: the very same is no news, whoever brings it. ``coming``: ids of the same file
    that will be stored before it.
    """
    if context.bringer is None or _is_the_same(context, entry, first):
        return
    if not FACT_TYPES[entry.type].by_another_hand:
        raise Problem(AUTHOR_ONLY)
    _led(context, entry.units, entry.acting, entry.date)
    if first is not None and first.author_id == context.actor.person_id:
        _led_fact(context, first)
    for fact_id in (entry.amends, entry.target):
        if fact_id and fact_id not in coming:
            _changeable(context, context.session.get(Fact, fact_id))
    if named_in([entry.open_text]) & context.unseen:
        raise Problem(NOT_LED)


def concerns(context: Context, entry: Entry) -> bool:
    """Whether the record, here already, is one of those that the context's bringer could bring."""
    try:
        if context.bringer is not None:
            _led(context, entry.units, entry.acting, entry.date)
    except Problem:
        return False
    return True


def leads(bringer: Actor, path: str, roles: Iterable[str] = ()) -> bool:
    """Whether the bringer leads the unit today, and nobody there who holds one of the roles stands above."""
    ranks = [
        RANK[grant.role]
        for grant in bringer.current
        if grant.role in ACTIONS["rescue"] and grant.reaches(path)
    ]
    return bool(ranks) and all(RANK[role] <= max(ranks) for role in roles)


def _is_the_same(context: Context, entry: Entry, first: Fact | None) -> bool:
    return first is not None and (first.author_id, first.digest) == (context.actor.person_id, entry.digest)


def _changeable(context: Context, target: Fact | None) -> None:
    """What is corrected or withdrawn: the author's, come by such a hand too, and judged by nobody."""
    if target is None:
        raise Problem(AUTHOR_ONLY)  # of which unit it is nobody knows
    _led_fact(context, target)
    own = target.author_id == context.actor.person_id
    if not own or target.brought_by is None or judged(context.session, [target]):
        raise Problem(AUTHOR_ONLY)


def _led_fact(context: Context, fact: Fact) -> None:
    _led(context, {fact.unit_code, fact.acting_code}, fact.acting_code, fact.work_date)


def _led(context: Context, codes: Iterable[str], acting: str, day: date) -> None:
    """The bringer leads all of the units, and the author stood no higher where the work was done.

    On a day on which the author held no role there (a wrong clock, say) every role counts that was ever held there.
    """
    author = context.actor
    held = author.roles_at(acting, day) or {
        grant.role for grant in author.grants if grant.unit_code == acting
    }
    for code in codes:
        unit = context.ahead.units.get(code) or context.session.get(Unit, code)
        if unit is None or not leads(context.bringer, unit.path, held):
            raise Problem(NOT_LED)
