"""One inspection with its photos, and its withdrawal."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import OutOfSight
from webapp.desk.cases.story import cases_of
from webapp.desk.records.contents import rows_of
from webapp.desk.unit_and_period import period_name
from webapp.inquiries import records as queries
from webapp.inspections.covert import hides_author
from webapp.journal.models import Fact
from webapp.recording import withdrawals
from webapp.web.access import actor, editions, now

blueprint = Blueprint("inspections", __name__)


@blueprint.app_template_filter("kind_name")
def kind_name(code: str):
    """The rulebook's name of a kind of record, in both languages; the bare code of one that it no longer has."""
    kind = editions().kinds().get(code)
    return kind.title if kind else code


@blueprint.app_template_filter("judged_kind")
def judged_kind(code: str) -> bool:
    """Whether records of this kind carry verdicts: a balance or a meeting has nothing that passes."""
    kind = editions().kinds().get(code)
    return kind is None or kind.judged


@blueprint.app_template_filter("judged")
def judged(duty) -> bool:
    """Whether a duty (anything with its code) is fulfilled by records that carry verdicts."""
    found = editions().books[-1].duties.get(duty.code)
    return found is None or any(judged_kind(code) for code in found.kinds)


@blueprint.app_template_filter("class_name")
def class_name(code: str | None):
    """The rulebook's name of a class of mail."""
    return editions().books[-1].classes.get(code, code or "")


@blueprint.get("/inspections/<inspection_id>")
def show(inspection_id: str):
    """The inspection, its items with verdicts and photos, what corrects it and what it corrects."""
    me = actor()
    found = _in_sight(me, inspection_id)
    from_above = found.acting_code != found.unit.code
    hidden = hides_author(me, found.author_id, found.method, from_above, found.unit.path)
    sees = me.can("see-inspections", found.unit.path)
    return render_template(
        "records/inspections/show.html",
        check=found,
        sees=sees,
        rows=rows_of(db.session.get(Fact, found.id)),
        period=period_name(found.period) if found.period else None,
        keep_days=current_app.config["PERSONAL_DAYS"],
        cases=cases_of(db.session, found.id) if sees else {},
        author=_("The inspection team") if hidden else found.author_name,
        hidden=hidden,
        may_withdraw=withdrawals.may_withdraw(db.session, me, inspection_id),
    )


def _in_sight(me, inspection_id: str):
    """The inspection for those who may see the unit's, and for its author; for all others there is none."""
    found = queries.inspection_detail(db.session, inspection_id)
    if me.can("see-inspections", found.unit.path) or found.author_id == me.person_id:
        return found
    raise OutOfSight(found.unit.code)


@blueprint.post("/inspections/<inspection_id>/withdraw")
def withdraw(inspection_id: str):
    """Withdraw with a reason: the author until somebody judged it, afterwards the county manager."""
    me = actor()
    _in_sight(me, inspection_id)
    with transaction() as session:
        withdrawals.withdraw(session, me, now(), inspection_id, (request.form.get("reason") or "").strip())
    flash(_("Withdrawn. It counts no more, and the ledger shows that it was withdrawn."), "ok")
    return redirect(url_for("inspections.show", inspection_id=inspection_id))
