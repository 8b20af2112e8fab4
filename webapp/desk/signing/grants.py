"""Who signs in the head's place (授权代签): given and ended on the page of months."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.accounts.proving import asks_password
from webapp.desk.forms import beside
from webapp.org.models import Unit
from webapp.org.queries import unit_for
from webapp.recording import month_signing
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("signing_grants", __name__)


@blueprint.post("/signing/<unit>/grants")
@asks_password
def give(unit: str):
    """``to, first_day, last_day``: somebody of the unit may sign from a day to a day."""
    form = request.form

    def deed(session, me, about):
        days = form.get("first_day", ""), form.get("last_day", "")
        month_signing.grant(session, me, now(), about, form.get("to", ""), *days)

    return _done(unit, deed, _("The grant is entered."))


@blueprint.post("/signing/<unit>/grants/<grant>/end")
def end(unit: str, grant: str):
    """The grant ends today."""
    return _done(
        unit,
        lambda session, me, about: month_signing.end_grant(session, me, now(), about, grant),
        _("The grant is ended."),
    )


def _done(unit: str, deed, said: str):
    about = unit_for(db.session, actor(), unit, "see-ledger")
    try:
        with transaction() as session:
            deed(session, actor(), session.get(Unit, about.code))
        flash(said, "ok")
    except Problem as problem:
        if problem.code not in ("invalid", "bad-fact"):
            raise
        flash(" ".join(dict.fromkeys(beside(problem).values())) or problem.message(language()), "bad")
    return redirect(url_for("signing.index", unit=about.code, _anchor="grants"))
