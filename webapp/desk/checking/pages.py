"""Is this file what was issued? Somebody brings it, and the page says what differs, and which figures are others today."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, g, render_template, request
from flask_babel import lazy_gettext as _

from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.desk.checking.results import Result, check_file
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
    "no-pdf": _("This PDF cannot be read."),
    "no-document": _("No document that you may see has the number that this file names."),
    "large": _("This is no file that is issued here."),
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
        file = request.files.get("file")
        if not file or not file.filename:
            raise Problem("bad-file", {"file": "missing"})
        with TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            file.save(path)
            return _page(check_file(db.session, path, me))
    except Problem as problem:
        if problem.code not in ("bad-file", "not-found"):
            raise
        return _page(None, problem)


def _page(found: Result | None, problem: Problem | None = None):
    g.problem = problem
    error = None
    if problem:
        error = REASONS.get(problem.fields.get("file")) or problem.message(language())
    page = render_template("checking/verify.html", found=found, error=error, most=MOST_BYTES // 2**20)
    return page, problem.entry.status if problem else 200
