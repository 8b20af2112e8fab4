"""What was sent and what waits: to groups and people of the reader's units, with what went wrong in plain words."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.notices.inbox import page_number
from webapp.notices import queries, queue
from webapp.notices.channels.registry import CHANNELS, senders
from webapp.notices.models import FAILED, GIVEN_UP, SENT, WAITING
from webapp.web.access import actor, now

PAGE = 50
STATES = {
    WAITING: lazy_gettext("Waits"),
    FAILED: lazy_gettext("Tried, will be tried again"),
    GIVEN_UP: lazy_gettext("Given up"),
    SENT: lazy_gettext("Sent"),
}
SORTS = {
    "digest": lazy_gettext("Digest"),
    "grave": lazy_gettext("Grave, at once"),
    "proof": lazy_gettext("Code for an address"),
    "test": lazy_gettext("Test"),
}
# Why a try was in vain, by the first word of its code; a number follows as it is.
ERRORS = {
    "connection": lazy_gettext("The other side could not be reached."),
    "timeout": lazy_gettext("The other side did not answer in time."),
    "tls": lazy_gettext("No secure connection: the certificate or the settings are wrong."),
    "login": lazy_gettext("The mail server refused our name and password."),
    "address": lazy_gettext("The mail server does not know this address."),
    "smtp": lazy_gettext("The mail server refused it."),
    "http": lazy_gettext("The robot’s server answered with an error."),
    "answer": lazy_gettext("The robot’s server gave an answer that is none."),
    "rate": lazy_gettext("The robot takes no more texts at the moment."),
    "robot": lazy_gettext("The robot refused it: key, secret, keyword or group no longer fit."),
    "host": lazy_gettext("This address is not allowed by the server’s settings."),
    "recipient": lazy_gettext("Nobody is there any more: an address or a robot was removed."),
    "error": lazy_gettext("A mistake of this server; its log tells more."),
}

blueprint = Blueprint("notice_queue", __name__)


@blueprint.get("/notices/queue")
def index():
    """``?state=&page=``: the latest first."""
    me = actor()
    if not me.reach("keep-robots"):
        raise Problem("forbidden")
    state, number = request.args.get("state", ""), page_number()
    state = state if state in STATES else ""
    rows, more = queries.queue_of(db.session, me, state, number, PAGE)
    on = senders(current_app.config)
    off = [code for code, channel in CHANNELS.items() if channel.reaches == "person" and code not in on]
    return render_template(
        "notices/queue.html", me=me, rows=rows, state=state, states=STATES, sorts=SORTS, number=number, more=more,
        off=off, at=now(),
    )  # fmt: skip


@blueprint.post("/notices/queue/<delivery_id>/retry")
def retry(delivery_id: str):
    """Once more, now."""
    me = actor()
    if not me.reach("keep-robots"):
        raise Problem("forbidden")
    with transaction() as session:
        queue.retry_now(session, me, delivery_id, now())
    flash(_("It is tried again with the next run, within a minute or so."), "ok")
    return redirect(url_for("notice_queue.index"), 303)


@blueprint.app_template_filter("why_not_sent")
def why_not_sent(code: str) -> str:
    """What went wrong, in words, with the other side's number."""
    word, _space, number = code.partition(" ")
    said = str(ERRORS.get(word, code))
    return _("%(said)s Code %(number)s", said=said, number=number) if number else said
