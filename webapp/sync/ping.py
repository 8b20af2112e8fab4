"""Is the server there? Whoever reads anything else than this is not online."""

from flask.views import MethodView
from flask_smorest import Blueprint

from webapp.sync.schemas import PingSchema
from webapp.web.access import now

blueprint = Blueprint("ping", __name__, url_prefix="/api", description="Is the server there?")


@blueprint.route("/ping")
class Ping(MethodView):
    """Answers without a session and without the database."""

    @blueprint.doc(security=[])
    @blueprint.response(200, PingSchema)
    def get(self):
        """Whether the phone is online: only if it reads exactly this."""
        return {"toucha": "ok", "time": now().isoformat()}
