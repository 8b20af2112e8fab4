"""Units of somebody's working set: what every section is built from, each thing read once for all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import Row, exists, func, or_, select
from sqlalchemy.orm import Session, defer

from webapp.core.clock import local_date
from webapp.inspections.looked import Headed, Looked, headed, looked_at
from webapp.inspections.models import Inspection, Item
from webapp.inspections.queries import captures_named
from webapp.journal.models import Conflict, Fact
from webapp.journal.rules import HELD
from webapp.ledger.binding import Binding
from webapp.ledger.deliveries import counts_deliverer
from webapp.org.models import Unit
from webapp.org.queries import routes_walked
from webapp.org.rules import CAMPAIGN_INSPECTOR, CARRIER, Actor
from webapp.registers.queries import Register, register_of
from webapp.rulebook import purposes
from webapp.rulebook.queries import Editions, Rules
from webapp.sampling import deliveries, queries as sampling
from webapp.sampling.deliveries import Asked, Deliveries
from webapp.sampling.recent_lists import Reach, RecentLists, counts_of, recent_lists, volumes_from

HEADED = (purposes.balancing, purposes.settling, purposes.listing_problems)
Rows = Mapping[str, list[dict]]  # of a section, by unit
REACH = timedelta(days=35)
WEEKS = timedelta(days=14)
MEETINGS = timedelta(days=62)  # a requirement comes back at the next meeting until it is settled
# A list's day stays open to the end of the next delivery day, which may lie behind a long weekend.
LISTED = timedelta(days=6)


@dataclass(frozen=True)
class Working:
    """Units of somebody's working set that get the same sections."""

    session: Session
    actor: Actor
    units: Sequence[Unit]
    now: datetime
    editions: Editions  # all of the Measures: a record is of a kind of any of them
    names: Collection[str] = ()  # of the sections: those not built need nobody's deliveries
    heads: Mapping[str, Sequence] = field(default_factory=dict)  # of the journals: [seq, hash]

    @cached_property
    def codes(self) -> list[str]:
        """The codes of the units."""
        return [unit.code for unit in self.units]

    @cached_property
    def today(self) -> date:
        """The local day."""
        return local_date(self.now)

    @property
    def since(self) -> date:
        """The first day that still matters to a phone."""
        return self.today - REACH

    @cached_property
    def binding(self) -> Binding:
        """What decides which duties bind the units."""
        return Binding(self.session, {unit.code: unit for unit in self.units}, self.editions)

    @property
    def rules(self) -> Rules:
        """What binds the units on any day."""
        return self.binding.rules

    def checked_for(self, unit: Unit) -> str | None:
        """The unit for which I may check here by the plan of a special check; None: by no plan."""
        grants = [one for one in self.actor.current if one.role == CAMPAIGN_INSPECTOR]
        return next((one.unit_code for one in grants if one.reaches(unit.path)), None)

    def roles(self, unit: Unit) -> tuple[str, ...]:
        """My roles held exactly there."""
        return self.actor.roles_at(unit.code, self.today)

    def carries_alone(self, unit: Unit) -> bool:
        """Whether I am a carrier there and nothing else."""
        return set(self.roles(unit)) == {CARRIER}

    def where(self, action: str) -> list[Unit]:
        """The units where I may do that."""
        return [unit for unit in self.units if self.actor.can(action, unit.path)]

    # ---------------------------------------------------------------- what several sections read

    @cached_property
    def routes(self) -> Mapping[str, Sequence[Row]]:
        """The routes of each unit with who walks them today."""
        return routes_walked(self.session, self.codes, self.today)

    @cached_property
    def register(self) -> Register:
        """The relay points of the units."""
        return register_of(self.session, self.codes)

    @cached_property
    def lists(self) -> RecentLists:
        """The lists of the last weeks."""
        reach = Reach(self.since, self.today - WEEKS, self.today - LISTED, self.today)
        return recent_lists(self.session, self.codes, reach)

    @cached_property
    def typed(self) -> Mapping[str, tuple[sampling.Typed, sampling.Together]]:
        """The volumes typed in the last two weeks."""
        return sampling.typed_of(self.session, self.codes, self.today - WEEKS, self.today)

    def said(self, unit: Unit) -> tuple[sampling.Typed, sampling.Together]:
        """Those of one unit: by class, and of all numbered classes together."""
        return self.typed.get(unit.code, ({}, {}))

    @cached_property
    def volumes(self) -> Mapping[str, dict[tuple[date, str], int]]:
        """{unit: {(day, class): items}} of the last two weeks."""
        reach = self.lists.reach
        counts = counts_of(self.session, self.codes, reach.returned, reach.listed - timedelta(days=1))
        return {
            code: volumes_from(self.lists, counts, self.typed.get(code, ({}, {}))[0], code)
            for code in self.codes
        }

    @cached_property
    def capturing(self) -> frozenset[str]:
        """The kinds that are evidence."""
        return self.editions.serving(purposes.capturing)

    @cached_property
    def looked(self) -> Sequence[Looked]:
        """The items of records in force of the last weeks: those captured, chosen, and judged from a list."""
        serving = (purposes.judging_drawn, purposes.judging_returned, purposes.following, purposes.choosing)
        kinds = self.capturing.union(*map(self.editions.serving, serving))
        return looked_at(self.session, self.codes, kinds, self.since)

    @cached_property
    def headed(self) -> Mapping[str, Sequence[Headed]]:
        """Of each unit the records of the last weeks at whose head something stands that comes back."""
        kinds = frozenset().union(*map(self.editions.serving, HEADED))
        return headed(self.session, self.codes, kinds, self.today - MEETINGS, self.since)

    def seen(self, kinds: Collection[str], since: date) -> list[Looked]:
        """The items about days from ``since`` on of these kinds that count: nobody judges the own deliveries."""
        return [
            one for one in self.looked if one.kind in kinds and one.day >= since and not self._is_own(one)
        ]

    def _is_own(self, one: Looked) -> bool:
        judged = counts_deliverer(self.editions.kinds().get(one.kind))
        return judged and one.author in self.delivered.get((one.unit, one.day, one.subject), ())

    @cached_property
    def mine(self) -> Sequence[Row]:
        """(fact, day, items, contested) of my own records of the last weeks, by id."""
        contested = exists().where(Conflict.fact_id == Fact.id, Conflict.decision.is_(None))
        query = (
            select(Fact, Inspection.day, func.count(Item.ordinal), contested)
            .options(defer(Fact.open), defer(Fact.personal))
            .join(Inspection, Inspection.id == Fact.id)
            .join(Item, Item.inspection_id == Fact.id)
            .where(Fact.author_id == self.actor.person_id, Fact.unit_code.in_(self.codes))
            .where(or_(Inspection.work_date >= self.since, Fact.state == HELD))
            .group_by(Fact.id, Inspection.day)
            .order_by(Fact.id)
        )
        return self.session.execute(query).all()

    @cached_property
    def judged_by_me(self) -> Sequence[tuple[str, Asked]]:
        """(record, what is asked of it) for each item of my records that does not count if I delivered it."""
        kinds = [code for code, kind in self.editions.kinds().items() if counts_deliverer(kind)]
        ids = [fact.id for fact, *_ in self.mine if fact.kind in kinds]
        if not ids:
            return ()
        query = select(Inspection.id, Inspection.unit_code, Inspection.day, Item.subject)
        query = query.join(Item, Item.inspection_id == Inspection.id).where(Inspection.id.in_(ids))
        return [(one, (unit, day, subject)) for one, unit, day, subject in self.session.execute(query)]

    @cached_property
    def _asked(self) -> set[Asked]:
        """The items of which the sections to be built ask who delivered them."""
        asked: set[Asked] = set()
        if {"draws", "returns"} & set(self.names):
            asked |= self.lists.asked()
        if {"draws", "captures", "returns", "watch"} & set(self.names):
            asked |= {(one.unit, one.day, one.subject) for one in self.looked}
        if "records" in self.names:
            asked |= {one for _, one in self.judged_by_me}
        return asked

    @cached_property
    def deliveries(self) -> Deliveries:
        """What tells who delivered what is asked about, and the hand-overs of the listed days, all read at once."""
        if not {"draws", "returns", "listed"} & set(self.names):
            return deliveries.read(self.session, self._asked)
        days = self.lists.listed_days if "listed" in self.names else {}
        return deliveries.read(self.session, self._asked, self.lists.known, days)

    @cached_property
    def delivered(self) -> Mapping[Asked, frozenset[str]]:
        """Who delivered what is asked about, as far as somebody is known."""
        return {one: carried.people for one, carried in self.deliveries.of(self._asked).items()}

    @cached_property
    def judged_captures(self) -> frozenset[str]:
        """The captures, of those that wait here and of my own, that a verdict in force names."""
        captures = {one.record: one for one in self.looked if one.kind in self.capturing}
        authors = {one.record: one.author for one in captures.values()}
        where = {(one.unit, one.day) for one in captures.values()}
        if "records" in self.names:
            mine = [(fact, day) for fact, day, *_ in self.mine if fact.type == "capture"]
            authors |= {fact.id: fact.author_id for fact, _ in mine}
            where |= {(fact.unit_code, day) for fact, day in mine}
        if not where:
            return frozenset()
        named = captures_named(
            self.session, {unit for unit, _ in where}, {day for _, day in where}, self.capturing
        )
        # Nobody judges the own deliveries.
        return frozenset(
            one for several, judge in named for one in several if authors.get(one, judge) != judge
        )
