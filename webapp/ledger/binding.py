"""Which duties bind units in a period: rules, settings, services and the unit's life, each read once for all units."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.ledger.rules import lives
from webapp.org.models import Unit
from webapp.org.queries import services_of, setting_on, settings_of
from webapp.org.services import Span, services_on
from webapp.rulebook.binding import Settings
from webapp.rulebook.periods import Period
from webapp.rulebook.queries import Editions, Rules, rules_of
from webapp.rulebook.rules import Duty, Rulebook


@dataclass(frozen=True)
class Binding:
    """What decides it for these units; each thing is read when it is first asked for."""

    session: Session
    units: Mapping[str, Unit]
    editions: Editions | None = None

    @cached_property
    def rules(self) -> Rules:
        """Editions and overrides."""
        return rules_of(self.session, self.units.values(), self.editions)

    @cached_property
    def settings(self) -> Settings:
        """City or rural, by the day."""
        return settings_of(self.session, self.units)

    @cached_property
    def services(self) -> Mapping[str, list[Span]]:
        """What the departments offer, by the day."""
        return services_of(self.session, self.units)

    def in_force(self, unit: Unit, code: str, period: Period) -> tuple[Rulebook, Duty] | None:
        """The duty as it binds the unit in the period with the rulebook in which it stands, or None.

        Settings, editions and overrides hold for a period as on its first day [Reading: calendar].
        """
        book, duty = self.rules.bound(unit, code, period)
        if duty is None or not duty.kept or not _lives(unit, duty, period):
            return None
        day = max(period.first, unit.opened_on)
        if not duty.binds(unit.level, setting_on(unit, self.settings, day)):
            return None
        if unit.level == "department" and duty.service not in services_on(
            self.services.get(unit.code, ()), day
        ):
            return None
        return book, duty


def _lives(unit: Unit, duty: Duty, period: Period) -> bool:
    return lives(duty, period, unit.opened_on, unit.closed_on, unit.pauses, unit.ledger_first)


def binding_of(session: Session, codes: list[str], editions: Editions | None = None) -> Binding:
    """Of the units with these codes."""
    units = session.scalars(select(Unit).where(Unit.code.in_(codes)))
    return Binding(session, {unit.code: unit for unit in units}, editions)
