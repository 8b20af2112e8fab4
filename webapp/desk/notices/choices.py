"""How I am told: the hour of the digest, my mail address with its proof, my calendar's secret address."""

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.accounts.proving import asks_password
from webapp.desk.forms import again
from webapp.notices import choices, queries
from webapp.notices.channels.registry import senders
from webapp.web.access import actor, now
from webapp.web.limits import KNOCKING, limiter

HOURS = range(24)

blueprint = Blueprint("notice_choices", __name__)


@blueprint.get("/account/notices")
def show():
    """The page."""
    return _page()


def _page(problem: Problem | None = None, **more):
    me = actor()
    return again(
        "notices/choices.html", problem, me=me, choice=queries.choice_of(db.session, me.person_id), hours=HOURS,
        feed=queries.feed_of(db.session, me.person_id), mail_on="mail" in senders(current_app.config),
        keeps=me.reach("keep-robots"), **more,
    )  # fmt: skip


@blueprint.post("/account/notices")
def save():
    """The hour, and whether there is a digest at all."""
    hour = request.form.get("hour", "")
    if not (hour.isascii() and hour.isdecimal() and len(hour) < 3 and int(hour) in HOURS):
        return _page(Problem("invalid", {"hour": "choice"}))
    me = actor()
    with transaction() as session:
        choices.choose(session, me.person_id, int(hour), "quiet" in request.form)
    flash(_("Saved."), "ok")
    return redirect(url_for("notice_choices.show"), 303)


@blueprint.post("/account/notices/mail")
@asks_password
def enter_mail():
    """Another address, to which a code goes."""
    me = actor()
    try:
        if "mail" not in senders(current_app.config):
            raise Problem("not-found")
        with transaction() as session:
            choices.enter_mail(session, me.person_id, request.form.get("mail_address", "").strip(), now())
    except Problem as problem:
        if problem.code == "not-found":
            raise
        return _page(problem)
    flash(_("A code is on its way to that address. It may take some minutes."), "ok")
    return redirect(url_for("notice_choices.show"), 303)


@blueprint.post("/account/notices/mail/proof")
@limiter.limit(KNOCKING)
def prove_mail():
    """The code out of the mail."""
    me, code = actor(), request.form.get("code", "")
    with transaction() as session:  # a wrong one is counted: that stays
        refused = choices.prove_mail(session, current_app.config["SECRET_KEY"], me.person_id, code, now())
    if refused:
        return _page(refused)
    flash(_("From now on notices are mailed to you."), "ok")
    return redirect(url_for("notice_choices.show"), 303)


@blueprint.post("/account/notices/mail/remove")
def remove_mail():
    """No mails any more."""
    me = actor()
    with transaction() as session:
        choices.remove_mail(session, me.person_id)
    flash(_("Nothing is mailed to you any more."), "ok")
    return redirect(url_for("notice_choices.show"), 303)


@blueprint.post("/account/notices/calendar")
@asks_password
def make_feed():
    """A new secret address, shown this once; the one before ends."""
    me = actor()
    with transaction() as session:
        token = choices.make_feed(session, me.person_id, now())
    site = current_app.config["SITE"] or request.host_url.rstrip("/")
    return _page(address=f"{site}{url_for('calendar_feed.show', token=token)}")


@blueprint.post("/account/notices/calendar/revoke")
def revoke_feed():
    """The address opens nothing any more."""
    me = actor()
    with transaction() as session:
        choices.revoke_feed(session, me.person_id, now())
    flash(_("The calendar’s address no longer works."), "ok")
    return redirect(url_for("notice_choices.show"), 303)
