"""One unit of somebody's working set: what every section is built from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.inspections.models import Inspection
from webapp.ledger.deliveries import own_items
from webapp.org.models import Unit
from webapp.org.rules import CAMPAIGN_INSPECTOR, Actor
from webapp.rulebook.queries import Editions, editions_of

REACH = timedelta(days=35)


@dataclass(frozen=True)
class Working:
    """One unit of somebody's working set."""

    session: Session
    actor: Actor
    unit: Unit
    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return local_date(self.now)

    @property
    def since(self) -> date:
        """The first day that still matters to a phone."""
        return self.today - REACH

    @property
    def editions(self) -> Editions:
        """All editions of the Measures: a record is of a kind of any of them."""
        return editions_of(self.session)

    def own_items(self, kinds: Collection[str], since: date) -> dict[str, set[str]]:
        """{inspection: numbers whose verdict does not count: its author delivered them} of these kinds, from ``since`` on."""
        here = (Inspection.unit_code == self.unit.code, Inspection.kind.in_(kinds))
        known = self.editions.kinds()
        return own_items(self.session, known, *here, Inspection.in_force, Inspection.day >= since)

    @property
    def checked_for(self) -> str | None:
        """The unit for which I may check here by the plan of a special check; None: by no plan."""
        grants = [one for one in self.actor.current if one.role == CAMPAIGN_INSPECTOR]
        return next((one.unit_code for one in grants if one.reaches(self.unit.path)), None)

    @property
    def roles(self) -> tuple[str, ...]:
        """My roles held exactly here."""
        return self.actor.roles_at(self.unit.code, self.today)
