"""May this server be sent requests? For a load balancer; a phone asks the ping."""

from flask import current_app
from flask.views import MethodView
from flask_smorest import Blueprint

from webapp.sync.schemas import ReadySchema

blueprint = Blueprint("ready", __name__, url_prefix="/api", description="May this server be sent requests?")


@blueprint.route("/ready")
class Ready(MethodView):
    """Answers without a session; asks the database at most once a second."""

    @blueprint.doc(security=[])
    @blueprint.response(200, ReadySchema)
    @blueprint.alt_response(503, schema=ReadySchema)
    def get(self):
        """200, or 503 with the reasons: ``database`` away, its ``schema`` none of this release's, ``data`` cannot be written."""
        reasons = current_app.extensions["toucha_state"].reasons()
        return {"ready": not reasons, "reasons": reasons}, 503 if reasons else 200
