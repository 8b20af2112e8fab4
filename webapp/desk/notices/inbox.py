"""The inbox: what one is told, to be opened and marked as seen."""

from flask import Blueprint, redirect, render_template, request, url_for

from webapp.core.database import db, transaction
from webapp.core.ids import is_id
from webapp.core.problems import OutOfSight, Problem
from webapp.notices import operations, queries
from webapp.notices.models import Notice
from webapp.notices.sorts import sentence
from webapp.web.access import actor, now
from webapp.web.language import language

PAGE = 30
LAST_PAGE = 1_000

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
def index():
    """``?show=unseen|grave|all&page=``: the latest first."""
    me, shown, number = actor(), _shown(), page_number()
    found, more = queries.inbox(db.session, me.person_id, shown, number, PAGE)
    rows = [(one, sentence(one.code, one.values, language())) for one in found]
    return render_template(
        "notices/inbox.html", me=me, rows=rows, shown=shown, number=number, more=more,
        unseen=queries.unseen(db.session, me.person_id),
    )  # fmt: skip


def _shown() -> str:
    shown = request.values.get("show")
    return shown if shown in queries.SHOWN else queries.SHOWN[0]


def page_number() -> int:
    """Which page the address or the form names; the first, where it names none."""
    text = request.values.get("page", "")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


@blueprint.post("/notices/seen")
def see_all():
    """All of them are seen."""
    me = actor()
    with transaction() as session:
        operations.see(session, me.person_id, None, now())
    return redirect(url_for("notices.index", show=_shown()), 303)


@blueprint.post("/notices/<notice_id>/seen")
def see(notice_id: str):
    """This one is seen; back to the page of the list."""
    _see(notice_id)
    return redirect(url_for("notices.index", show=_shown(), page=page_number()), 303)


@blueprint.post("/notices/<notice_id>/open")
def open_one(notice_id: str):
    """This one is seen; on to what it is about."""
    return redirect(_see(notice_id), 303)


def _see(notice_id: str) -> str:
    """Mark an own notice as seen; its address. Somebody else's is ``not-found``."""
    me = actor()
    notice = db.session.get(Notice, notice_id) if is_id(notice_id) else None
    if notice is None:
        raise Problem("not-found")
    if notice.person_id != me.person_id:
        raise OutOfSight(person=notice.person_id)
    address = notice.address
    with transaction() as session:
        operations.see(session, me.person_id, [notice_id], now())
    return address
