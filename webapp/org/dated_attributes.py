"""What a department is from a day on: which services it has, and who runs it. City or rural stands in ``org.units``.

What the services move in the ledger is computed anew in ``recording.changes.units``.
"""

import re
from collections.abc import Sequence
from datetime import date

from marshmallow import ValidationError, fields, validate
from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.core.ranges import Day
from webapp.org.models import Unit, UnitOperator, UnitService
from webapp.org.queries import operators_of, services_of
from webapp.org.rules import ROLE_GRACE, Actor
from webapp.org.schemas import Form, needed
from webapp.org.services import (
    DELIVERY,
    OPERATORS,
    OWN,
    SERVICES,
    changed,
    has_open,
    left_bare,
    said_last,
)

YES, NO = "yes", "no"
_SEPARATORS = re.compile(r"[\s、,，;；/]+")


def listed(text: str) -> list[str]:
    """The words of a list in one cell or field, whatever usual sign stands between them."""
    return [one for one in _SEPARATORS.split(text) if one]


class Services(fields.String):
    """Services with any usual sign between them, ``delivery、counter``: a tuple in the order of ``SERVICES``, each once."""

    def _deserialize(self, value, attr, data, **options):
        said = set(listed(super()._deserialize(value, attr, data, **options)))
        if not said or not said <= set(SERVICES):
            raise ValidationError("choice")
        return tuple(one for one in SERVICES if one in said)


class ServiceForm(Form):
    """Whether a department ``offers`` (yes, no) a ``service`` from ``first_day`` on."""

    service = needed(fields.String, "choice", validate.OneOf(SERVICES, error="choice"))
    offers = needed(fields.String, "choice", validate.OneOf((YES, NO), error="choice"))
    first_day = needed(Day, "day")


class OperatorForm(Form):
    """Who runs a department from ``first_day`` on."""

    operator = needed(fields.String, "choice", validate.OneOf(OPERATORS, error="choice"))
    first_day = needed(Day, "day")


SERVICE, OPERATOR = ServiceForm(), OperatorForm()


def begin(session: Session, unit: Unit, services: Sequence[str] = (DELIVERY,), operator: str = OWN) -> None:
    """What a new department offers, and who runs it, from its opening on; a unit of another level has neither."""
    if unit.level != "department":
        return
    opened = unit.opened_on
    session.add_all(UnitService(unit_code=unit.code, service=one, first_day=opened) for one in services)
    session.add(UnitOperator(unit_code=unit.code, first_day=opened, operator=operator))
    session.flush()


def check_turning_day(actor: Actor, unit: Unit, first: date, since: date) -> None:
    """A dated attribute changes on a day of the last 30 on which the unit was open, not before ``since``, what was said
    of it last; raises ``invalid``."""
    if first > actor.today:
        raise Problem("invalid", {"first_day": "not-ahead"})
    if first < max(actor.today - ROLE_GRACE, since):
        raise Problem("invalid", {"first_day": "early"})
    if unit.closed_on and first >= unit.closed_on:
        raise Problem("invalid", {"first_day": "closed"})


def set_service(session: Session, actor: Actor, unit: Unit, form: dict) -> None:
    """The department has a service from a day on, or no longer; the same day again takes back what was said of it.

    The last service is never taken: who offers nothing any more is closed. Raises ``invalid``.
    """
    service, offers, first = form["service"], form["offers"] == YES, form["first_day"]
    if unit.level != "department":
        raise Problem("invalid", {"service": "departments-only"})
    spans = services_of(session, [unit.code]).get(unit.code, [])
    check_turning_day(actor, unit, first, said_last(spans, service) or unit.opened_on)
    if has_open(spans, service) == offers:
        raise Problem("invalid", {"service": "service-already" if offers else "service-never"})
    after = changed(spans, service, offers, first)
    if left_bare(after, first):
        raise Problem("invalid", {"service": "last-service"})
    mine = (UnitService.unit_code == unit.code) & (UnitService.service == service)
    session.execute(delete(UnitService).where(mine))
    rows = [span for span in after if span[0] == service]
    session.add_all(
        UnitService(unit_code=unit.code, service=one, first_day=a, last_day=b) for one, a, b in rows
    )
    session.flush()


def set_operator(session: Session, actor: Actor, unit: Unit, form: dict) -> None:
    """Who runs the department from a day on; the same day again corrects what was said of it. Raises ``invalid``."""
    operator, first = form["operator"], form["first_day"]
    if unit.level != "department":
        raise Problem("invalid", {"operator": "departments-only"})
    rows = operators_of(session, [unit.code]).get(unit.code) or [(unit.opened_on, OWN)]
    check_turning_day(actor, unit, first, rows[-1][0])
    if rows[-1][1] == operator:
        raise Problem("invalid", {"operator": "no-change"})
    session.merge(UnitOperator(unit_code=unit.code, first_day=first, operator=operator))
    session.flush()
