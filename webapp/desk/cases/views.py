"""Lists of cases that somebody keeps under a name: a view is the filters of an address, and each person has the own ones."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from webapp.cases.models import CaseView
from webapp.core.database import transaction
from webapp.core.ids import is_id, new_id
from webapp.core.problems import Problem
from webapp.core.text_lengths import fits
from webapp.desk.cases.asked import asked, query_of
from webapp.web.access import actor, now

blueprint = Blueprint("case_views", __name__)

MOST = 30  # of one person
LONGEST = 40  # characters


@blueprint.post("/cases/views")
def save():
    """Keep the list of the form's filters under a name; of an own name that is there already the filters change."""
    me = actor()
    wanted = asked(me, request.form)
    name = request.form.get("name", "").strip()
    back = redirect(wanted.address(), 303)
    if not name or not fits(name, LONGEST):
        flash(_("A view needs a name of at most %(most)s characters.", most=LONGEST), "bad")
        return back
    with transaction() as session:
        mine = CaseView.person_id == me.person_id
        view = session.scalar(select(CaseView).where(mine, CaseView.name == name))
        if view is None and session.scalar(select(func.count()).select_from(CaseView).where(mine)) >= MOST:
            raise Problem("invalid", {"name": _("At most %(most)s views; delete one first.", most=MOST)})
        if view is None:
            view = CaseView(id=new_id(), person_id=me.person_id, name=name, query="", created_at=now())
            session.add(view)
        view.query = query_of(wanted.where)
    flash(_("Kept: “%(name)s”.", name=name), "ok")
    return back


@blueprint.post("/cases/views/<view_id>/delete")
def delete(view_id: str):
    """Delete an own view; another's does not exist."""
    me = actor()
    with transaction() as session:
        view = session.get(CaseView, view_id) if is_id(view_id) else None
        if view is None or view.person_id != me.person_id:
            raise Problem("not-found")
        session.delete(view)
    flash(_("The view is deleted."), "ok")
    return redirect(url_for("cases.index"), 303)
