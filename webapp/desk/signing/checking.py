"""Is this file what was issued? Somebody brings it, and the page says what differs, and which figures are others today."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, current_app, g, render_template, request
from flask_babel import lazy_gettext as _

from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.inquiries.archive_checking import Checked, check
from webapp.web.access import actor
from webapp.web.bodies import takes
from webapp.web.language import language

blueprint = Blueprint("checking", __name__)
MOST_BYTES = 48 * 1024 * 1024
REASONS = {
    "missing": _("Please choose a file."),
    "not-zip": _("This is no file that is issued here."),
    "no-month": _("This is no file that is issued here."),
    "strange-name": _("This is no file that is issued here."),
    "packed": _("It was packed anew. Please bring the file as it was downloaded."),
    "cut": _("The end of the file is missing."),
}


@blueprint.get("/verify")
def index():
    """Choose a file."""
    actor()
    return _page(None)


@blueprint.post("/verify")
@takes(MOST_BYTES)
def verify():
    """``file``: compared with what this server has; of units that the reader does not see nothing is said."""
    me = actor()
    try:
        return _page(_checked(lambda unit: me.can("see-inspections", unit.path)))
    except Problem as problem:
        if problem.code not in ("bad-file", "not-found"):
            raise
        return _page(None, problem)


def _checked(may_see) -> Checked:
    file = request.files.get("file")
    if not file or not file.filename:
        raise Problem("bad-file", {"file": "missing"})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        file.save(path)
        return check(db.session, path, may_see, current_app.config["SECRET_KEY"])


def _page(found: Checked | None, problem: Problem | None = None):
    g.problem = problem
    error = None
    if problem:
        error = REASONS.get(problem.fields.get("file")) or problem.message(language())
    page = render_template("signing/verify.html", found=found, error=error, most=MOST_BYTES // 2**20)
    return page, problem.entry.status if problem else 200
