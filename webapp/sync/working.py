"""One unit of somebody's working set: what every section is built from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from webapp.core.clock import local_date
from webapp.org.models import Unit
from webapp.org.rules import Actor

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
    def roles(self) -> tuple[str, ...]:
        """My roles held exactly here."""
        return self.actor.roles_at(self.unit.code, self.today)
