"""What somebody above departments works from: who lies below, and whom each open duty still asks for [15, 16]."""

from collections.abc import Iterable

from sqlalchemy import func, select

from webapp.ledger.lines import Covered, Line
from webapp.ledger.reasons import sentence
from webapp.org.models import Unit
from webapp.org.queries import services_of, within
from webapp.org.services import services_on
from webapp.registers.models import RelayPoint
from webapp.rulebook.coverage import Coverage
from webapp.rulebook.rules import Duty, Rulebook
from webapp.sync.working import Rows, Working

THERE = 6  # decimals of a degree: some ten centimetres


def below(working: Working) -> Rows:
    """The open units below, light: a league has a hundred. A department stands where its relay points do, in their middle."""
    return {unit.code: _below(working, unit) for unit in working.units if unit.level != "department"}


def _below(working: Working, here: Unit) -> list[dict]:
    session, today = working.session, working.today
    query = select(Unit).where(within([here.path]), Unit.code != here.code)
    units = [unit for unit in session.scalars(query.order_by(Unit.path)) if unit.is_open(today)]
    services, middles = services_of(session, [unit.code for unit in units]), _middles(working, here)
    return [
        {
            "code": unit.code,
            "name": unit.name,
            "level": unit.level,
            "setting": unit.setting,
            "above": above(unit),
            "services": sorted(services_on(services.get(unit.code, ()), today)),
            **middles.get(unit.code, {"points": 0, "latitude": None, "longitude": None}),
        }
        for unit in units
    ]


def above(unit: Unit) -> list[str]:
    """The codes of the units above, the region first."""
    return unit.path.strip("/").split("/")[:-1]


def _middles(working: Working, here: Unit) -> dict[str, dict]:
    """How many open relay points departments below have, and the middle of those whose place is known."""
    query = (
        select(
            RelayPoint.unit_code,
            func.count(),
            func.avg(RelayPoint.latitude),
            func.avg(RelayPoint.longitude),
        )
        .join(Unit, Unit.code == RelayPoint.unit_code)
        .where(within([here.path]), RelayPoint.opened_on <= working.today)
        .where(RelayPoint.closed_on.is_(None) | (RelayPoint.closed_on > working.today))
        .group_by(RelayPoint.unit_code)
    )
    return {
        code: {"points": count, "latitude": _degrees(latitude), "longitude": _degrees(longitude)}
        for code, count, latitude, longitude in working.session.execute(query)
    }


def _degrees(value) -> float | None:
    return None if value is None else round(float(value), THERE)


def names_of(working: Working, here: Unit, lines: Iterable[Line]) -> dict[str, str]:
    """What the units that the lines of a unit cover are called."""
    if here.level == "department" or not any(line.covered for line in lines):
        return {}
    query = select(Unit.code, Unit.name).where(within([here.path]))
    return dict(working.session.execute(query).all())


def coverage_row(line: Line | None, duty: Duty, book: Rulebook, names: dict[str, str]) -> dict:
    """Of a duty that covers units below: each of them, the thresholds, what makes one count; else nothing of it.

    Of one that follows a plan its units: what is asked of each the plan says, and that one counts only the server can tell.
    """
    if duty.coverage is None and not duty.way.planned:
        return {"covered": None, "parts": [], "each": None}
    return {
        "covered": [_covered(one, book, names) for one in line.covered] if line else None,
        "parts": _parts(line) if line and duty.coverage else [],
        "each": _each(duty.coverage) if duty.coverage else None,
    }


def _covered(one: Covered, book: Rulebook, names: dict[str, str]) -> dict:
    values = {"done": one.done, "required": one.required}
    said = sentence((one.reason, values), book).as_dict() if one.reason else {"zh": "", "en": ""}
    return {
        "unit": one.unit,
        "name": names.get(one.unit, one.unit),
        "setting": one.setting,
        "counts": one.counts,
        "left": one.left,
        **values,
        **said,
    }


def _parts(line: Line) -> list[dict]:
    """The thresholds of members; those of a spread (counties among which they lie) are no members' own."""
    return [
        {
            "setting": values.get("setting"),
            "required": values["required"],
            "done": min(values["covered"], values["required"]),
        }
        for code, values in line.why
        if code.startswith("cover-")
    ]


def _each(coverage: Coverage) -> dict:
    """``told``: whether a phone can tell by its own records that one counts; what was opened or audited the server knows."""
    each = coverage.each
    return {
        "methods": list(each.methods),
        "groups": list(each.groups),
        "header": list(each.header),
        "items": each.items,
        "points": each.points,
        "strata": list(each.strata),
        "daily": each.per == "date",
        "told": not (each.opened or each.audited or each.classes or each.forms or coverage.spread),
    }


BUILDERS = {"below": below}
