"""Pull: a person's working set, first whole, then only the parts that a journal's tail names."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app
from flask.views import MethodView
from flask_smorest import Blueprint
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, or_, select

from webapp.core.clock import local_date
from webapp.core.database import db
from webapp.core.signing import untimed
from webapp.journal.models import JournalHead, JournalRow
from webapp.notices.queries import on_phone
from webapp.org.models import Unit
from webapp.org.queries import below, within
from webapp.org.rules import CAMPAIGN_INSPECTOR, COUNTY_MANAGER, DEPARTMENT_ROLES, MANAGERS, Actor
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Rulebook
from webapp.settings import VERSION
from webapp.sync.forms import rules_of_forms
from webapp.sync.guard import PERSON_HEADER, guard
from webapp.sync.schemas import ProblemSchema, PullAnswerSchema, PullQuerySchema
from webapp.sync.sections import BUILDERS, CHANGED_BY, PLACE
from webapp.sync.working import Working
from webapp.web.access import actor, now

UNITS = 25  # a phone holds no more of those that it holds whole
PLACES = 150  # and of a league's departments, of which it holds what is needed to work there
ABOVE = frozenset({"duties", "below"})  # what follows from the journals below

blueprint = Blueprint("pull", __name__, url_prefix="/api/sync", description="A person's working set")
blueprint.before_request(guard)


@dataclass(frozen=True)
class Cursor:
    """Where a phone stopped: ``{unit: seq}``, the version of roles and rules, the day, and what all journals below add up to.

    ``below``: {unit above departments: sum of the numbers of all journals below it}; a phone holds only some of them.
    ``told``: a mark of the person's notices. A cursor of before they were sent has none: then they are.
    """

    seqs: dict[str, int]
    version: str
    day: str
    below: dict[str, int]
    told: str = ""

    def sealed(self) -> str:
        """Signed, so that it cannot be made up."""
        return _serializer().dumps([self.seqs, self.version, self.day, self.below, self.told])


def _serializer() -> URLSafeSerializer:
    return untimed(current_app.config["SECRET_KEY"], "pull")


def _read(text: str | None) -> Cursor | None:
    """The cursor, or None for none, a forged one or one of another shape: then everything is sent."""
    try:
        return Cursor(*_serializer().loads(text)) if text else None
    except (BadSignature, TypeError, ValueError):
        return None


@blueprint.route("/pull")
class Pull(MethodView):
    """The phones' way out."""

    @blueprint.doc(parameters=[PERSON_HEADER])
    @blueprint.arguments(PullQuerySchema, location="query")
    @blueprint.response(200, PullAnswerSchema)
    @blueprint.alt_response(401, schema=ProblemSchema)
    @blueprint.alt_response(403, schema=ProblemSchema)
    @blueprint.alt_response(409, schema=ProblemSchema)
    @blueprint.alt_response(422, schema=ProblemSchema)
    def get(self, asked):
        """All of the working set without a cursor, else the sections that changed since."""
        return working_set(actor(), now(), asked["cursor"], asked["places"])


def working_set(me: Actor, time: datetime, cursor: str | None = None, places: Collection[str] = ()) -> dict:
    """What a pull answers: without a cursor all, else the sections that changed since."""
    editions = editions_of(db.session)
    units = working_units(me, places)
    heads = _heads(units)
    mark, notices = on_phone(db.session, me.person_id, time)
    version = _version(me, editions.on(local_date(time)), units)
    known = _read(cursor)
    present = _present(units, heads, version, local_date(time).isoformat(), mark)
    complete = known is None or known.version != present.version
    held = _held(me, units)
    names = held if complete or known.day != present.day else _changed(known, present, held)
    answer = {
        "cursor": present.sealed(),
        "complete": complete,
        "server_time": time.isoformat(),
        "version": VERSION,
        "sections": _sections(Working(db.session, me, units, time, heads=heads, editions=editions), names),
    }
    if complete or known.told != mark:  # of the person, in whatever unit: no journal tells of it
        answer["notices"] = notices
    return (
        {**answer, "person": _person(me), **_forms(me, editions.on(local_date(time)))} if complete else answer
    )


def _sections(whole: Working, names: dict[str, set[str]]) -> list[dict]:
    """Unit by unit; each section is read for all units that get the same ones at once."""
    alike: dict[frozenset[str], list[Unit]] = {}
    for unit in whole.units:  # a county gets what its departments get, and besides it who lies below
        alike.setdefault(frozenset(names[unit.code] - {"below"}), []).append(unit)
    found: dict[tuple[str, str], list[dict]] = {}
    for here in alike.values():
        wanted = [name for name in BUILDERS if any(name in names[unit.code] for unit in here)]
        working = replace(whole, units=here, names=wanted)
        for name in wanted:
            rows = BUILDERS[name](working)
            found |= {(unit.code, name): rows.get(unit.code, []) for unit in here}
    return [
        {"unit": unit.code, "name": name, "rows": found[unit.code, name]}
        for unit in whole.units
        for name in BUILDERS
        if name in names[unit.code]
    ]


def _forms(me: Actor, book: Rulebook) -> dict:
    return rules_of_forms(book, {grant.role for grant in me.current})


def working_units(me: Actor, places: Collection[str] = ()) -> list[Unit]:
    """Where the person works: the own units, a county's departments, those of a league or region, and those of a plan.

    Of more than a phone carries, only those of ``places``: the departments that the person chose lately.
    """
    own = {grant.unit_code for grant in me.current if grant.role in DEPARTMENT_ROLES | MANAGERS}
    counties = [grant.path for grant in me.current if grant.role == COUNTY_MANAGER]
    units = list(db.session.scalars(select(Unit).where(Unit.code.in_(own)).order_by(Unit.code)))
    units += [unit for unit in below(db.session, counties, "department") if unit.code not in own]
    units, known = units[:UNITS], {unit.code for unit in units}
    others = [unit for unit in below(db.session, _far(me), "department") if unit.code not in known]
    if len(units) + len(others) > PLACES:
        others = [unit for unit in others if unit.code in set(places)][:UNITS]
    return units + others


def _far(me: Actor) -> list[str]:
    """Paths of the leagues and regions in which the person works, and of the units that a plan lets the person check."""
    far = (MANAGERS - {COUNTY_MANAGER}) | {CAMPAIGN_INSPECTOR}
    return [grant.path for grant in me.current if grant.role in far]


def _held(me: Actor, units: list[Unit]) -> dict[str, set[str]]:
    """Which sections of each unit the phone holds: of a far department only what is needed to work there."""
    near = [grant for grant in me.current if grant.role == COUNTY_MANAGER]
    own = {grant.unit_code for grant in me.current}
    whole = {unit.code for unit in units if unit.code in own or any(g.reaches(unit.path) for g in near)}
    departments = {unit.code for unit in units if unit.level == "department"}
    return {
        unit.code: set(BUILDERS) - ({"below"} if unit.code in departments else set())
        if unit.code in whole
        else set(PLACE)
        for unit in units
    }


def _heads(units: list[Unit]) -> dict[str, tuple[int, str]]:
    query = select(JournalHead.unit_code, JournalHead.seq, JournalHead.hash)
    rows = db.session.execute(query.where(JournalHead.unit_code.in_([unit.code for unit in units])))
    return {code: (seq, digest) for code, seq, digest in rows}


def _version(me: Actor, book: Rulebook, units: list[Unit]) -> str:
    """A mark of roles and rules: where it differs everything is sent. The forms are those of the work to come."""
    told = [book.digest, VERSION, me.name, sorted((g.role, g.unit_code) for g in me.current)]
    return hashlib.sha256(repr([*told, [unit.code for unit in units]]).encode()).hexdigest()[:16]


def _present(units: list[Unit], heads: dict, version: str, day: str, mark: str) -> Cursor:
    return Cursor(
        {unit.code: heads.get(unit.code, (0, ""))[0] for unit in units},
        version,
        day,
        {unit.code: _sum_below(unit) for unit in units if unit.level != "department"},
        mark,
    )


def _sum_below(unit: Unit) -> int:
    """It moves whenever a journal below does: one number, however many departments there are."""
    query = select(func.coalesce(func.sum(JournalHead.seq), 0))
    query = query.join(Unit, Unit.code == JournalHead.unit_code)
    return int(db.session.scalar(query.where(within([unit.path]))))


def _changed(known: Cursor, present: Cursor, held: dict[str, set[str]]) -> dict[str, set[str]]:
    """The sections that the tails of the journals name; what a unit above counts changes with any journal below."""
    # A journal that is shorter than the phone saw is an older copy's: all of that unit is told anew.
    shorter = {code for code, seq in present.seqs.items() if seq < known.seqs.get(code, 0)}
    names: dict[str, set[str]] = {code: set(BUILDERS) if code in shorter else set() for code in present.seqs}
    for code, total in present.below.items():
        if total != known.below.get(code):
            names[code] |= ABOVE
    moved = {
        code: known.seqs.get(code, 0) for code, seq in present.seqs.items() if seq != known.seqs.get(code, 0)
    }
    if moved:
        tails = [(JournalRow.unit_code == code) & (JournalRow.seq > seq) for code, seq in moved.items()]
        query = select(JournalRow.unit_code, JournalRow.entry).where(or_(*tails)).distinct()
        for code, entry in db.session.execute(query):
            names[code] |= CHANGED_BY[entry]
    return {code: found & held[code] for code, found in names.items()}


def _person(me: Actor) -> dict:
    return {
        "id": me.person_id,
        "name": me.name,
        "login": me.login,
        "language": me.language,
        "roles": [{"role": grant.role, "unit": grant.unit_code} for grant in me.current],
    }
