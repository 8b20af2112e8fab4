"""Pull: a person's working set, first whole, then only the parts that a journal's tail names."""

import gzip
import hashlib
from dataclasses import dataclass

from flask import Response, current_app, request
from flask.views import MethodView
from flask_smorest import Blueprint
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import or_, select

from webapp.core.clock import local_date
from webapp.core.database import db
from webapp.core.signing import untimed
from webapp.journal.models import JournalHead, JournalRow
from webapp.org.models import Unit
from webapp.org.queries import below
from webapp.org.rules import COUNTY_MANAGER, DEPARTMENT_ROLES, Actor
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Rulebook
from webapp.settings import VERSION
from webapp.sync.forms import rules_of_forms
from webapp.sync.guard import PERSON_HEADER, guard
from webapp.sync.schemas import ProblemSchema, PullAnswerSchema, PullQuerySchema
from webapp.sync.sections import BUILDERS, CHANGED_BY
from webapp.sync.working import Working
from webapp.web.access import actor, now

UNITS = 25  # a phone holds no more
PACKED_FROM = 1000  # bytes; below that gzip gains nothing

blueprint = Blueprint("pull", __name__, url_prefix="/api/sync", description="A person's working set")
blueprint.before_request(guard)


@blueprint.after_request
def pack(response: Response) -> Response:
    """A first pull goes over a bad line: gzip makes it a quarter. Nothing secret stands in it that others could guess at."""
    response.vary.add("Accept-Encoding")
    if "gzip" in request.accept_encodings and (response.content_length or 0) > PACKED_FROM:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.content_encoding = "gzip"
    return response


@dataclass(frozen=True)
class Cursor:
    """Where a phone stopped: ``{unit: seq}``, the version of roles and rules, and the day."""

    seqs: dict[str, int]
    version: str
    day: str

    def sealed(self) -> str:
        """Signed, so that it cannot be made up."""
        return _serializer().dumps([self.seqs, self.version, self.day])


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
        me, time = actor(), now()
        units = working_units(me)
        known, present = _read(asked["cursor"]), _present(me, units, local_date(time).isoformat())
        complete = known is None or known.version != present.version
        names = _all(units) if complete or known.day != present.day else _changed(known, present)
        answer = {
            "cursor": present.sealed(),
            "complete": complete,
            "server_time": time.isoformat(),
            "version": VERSION,
            "sections": [
                {"unit": unit.code, "name": name, "rows": BUILDERS[name](Working(db.session, me, unit, time))}
                for unit in units
                for name in BUILDERS
                if name in names[unit.code]
            ],
        }
        return {**answer, "person": _person(me), **rules_of_forms(_edition(time))} if complete else answer


def working_units(me: Actor) -> list[Unit]:
    """Where the person works: the own departments, and for a county manager the county and its departments."""
    own = {grant.unit_code for grant in me.current if grant.role in DEPARTMENT_ROLES | {COUNTY_MANAGER}}
    counties = [grant.path for grant in me.current if grant.role == COUNTY_MANAGER]
    units = list(db.session.scalars(select(Unit).where(Unit.code.in_(own)).order_by(Unit.code)))
    units += [unit for unit in below(db.session, counties, "department") if unit.code not in own]
    return units[:UNITS]


def _present(me: Actor, units: list[Unit], day: str) -> Cursor:
    codes = [unit.code for unit in units]
    heads = dict(
        db.session.execute(
            select(JournalHead.unit_code, JournalHead.seq).where(JournalHead.unit_code.in_(codes))
        ).all()
    )
    told = repr(
        [_edition(now()).digest, VERSION, me.name, sorted((g.role, g.unit_code) for g in me.current), codes]
    )
    return Cursor(
        {code: heads.get(code, 0) for code in codes}, hashlib.sha256(told.encode()).hexdigest()[:16], day
    )


def _edition(time) -> Rulebook:
    """The edition in force today: its forms are those of the work to come."""
    return editions_of(db.session).on(local_date(time))


def _all(units: list[Unit]) -> dict[str, set[str]]:
    return {unit.code: set(BUILDERS) for unit in units}


def _changed(known: Cursor, present: Cursor) -> dict[str, set[str]]:
    """The sections that the tails of the journals name."""
    # A journal that is shorter than the phone saw is an older copy's: all of that unit is told anew.
    shorter = {code for code, seq in present.seqs.items() if seq < known.seqs.get(code, 0)}
    names: dict[str, set[str]] = {code: set(BUILDERS) if code in shorter else set() for code in present.seqs}
    moved = {
        code: known.seqs.get(code, 0) for code, seq in present.seqs.items() if seq != known.seqs.get(code, 0)
    }
    if not moved:
        return names
    tails = [(JournalRow.unit_code == code) & (JournalRow.seq > seq) for code, seq in moved.items()]
    query = select(JournalRow.unit_code, JournalRow.entry).where(or_(*tails)).distinct()
    for code, entry in db.session.execute(query):
        names[code] |= CHANGED_BY[entry]
    return names


def _person(me: Actor) -> dict:
    return {
        "id": me.person_id,
        "name": me.name,
        "login": me.login,
        "language": me.language,
        "roles": [{"role": grant.role, "unit": grant.unit_code} for grant in me.current],
    }
