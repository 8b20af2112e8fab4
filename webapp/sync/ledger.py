"""The ledger for programs."""

from flask.views import MethodView
from flask_smorest import Blueprint

from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.ledger.details import api_lines, api_own_lines
from webapp.ledger.queries import phones
from webapp.org import second_factors
from webapp.org.queries import unit_for
from webapp.rulebook.rules import parse_period
from webapp.sync.guard import PERSON_HEADER, guard
from webapp.sync.schemas import LedgerAnswerSchema, LedgerQuerySchema, ProblemSchema
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("api_ledger", __name__, url_prefix="/api", description="The delivery ledger")
blueprint.before_request(guard)


@blueprint.before_request
def with_second_factor() -> None:
    """The ledger is a page of the desk: what is required there is required here. A phone's queue goes on without it."""
    if second_factors.is_missing(db.session, actor()):
        raise Problem("second-factor-missing")


@blueprint.route("/ledger")
class Ledger(MethodView):
    """A unit's lines of a period."""

    @blueprint.doc(parameters=[PERSON_HEADER])
    @blueprint.arguments(LedgerQuerySchema, location="query")
    @blueprint.response(200, LedgerAnswerSchema)
    @blueprint.alt_response(401, schema=ProblemSchema)
    @blueprint.alt_response(403, schema=ProblemSchema)
    @blueprint.alt_response(404, schema=ProblemSchema)
    @blueprint.alt_response(409, schema=ProblemSchema)
    @blueprint.alt_response(422, schema=ProblemSchema)
    def get(self, asked):
        """What was required, what was done, and why."""
        me = actor()
        unit = unit_for(db.session, me, asked["unit"], "see-ledger")
        period = parse_period(asked["period"])
        held = [phone for phone in phones(db.session, unit, now()) if phone.records or phone.photos]
        return {
            "unit": unit.code,
            "name": unit.name,
            "period": period.code,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "incomplete": {
                "phones": len(held),
                "records": sum(phone.records for phone in held),
                "photos": sum(phone.photos for phone in held),
            },
            "ledger": api_lines(db.session, unit, period, now(), language()),
            "own": api_own_lines(db.session, unit, period, now(), language()),
        }
