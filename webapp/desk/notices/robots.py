"""The group robots of a unit: entered, tried, taken out."""

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.accounts.proving import asks_password
from webapp.desk.forms import again
from webapp.notices import queries, robots
from webapp.notices.channels.registry import CHANNELS, GROUPS
from webapp.org.queries import unit_for
from webapp.org.schemas import read
from webapp.web.access import actor, now

blueprint = Blueprint("robots", __name__)


@blueprint.get("/units/<code>/robots")
def show(code: str):
    """The unit's robots, each with the end of its address: the rest is a secret."""
    return _page(code)


def _page(code: str, problem: Problem | None = None):
    me = actor()
    unit = unit_for(db.session, me, code, robots.ACTION)
    return again(
        "notices/robots.html", problem, me=me, unit=unit, robots=queries.robots_of(db.session, unit.code),
        groups=GROUPS, signing=[one for one in GROUPS if CHANNELS[one].signs], hours=range(24),
        site=current_app.config["SITE"],
    )  # fmt: skip


@blueprint.post("/units/<code>/robots")
@asks_password
def add(code: str):
    """A new robot."""
    me = actor()
    unit_for(db.session, me, code, robots.ACTION)
    try:
        form = read(robots.ROBOT, request.form)
        with transaction() as session:
            robots.add_robot(session, me, now(), current_app.config, code, form)
    except Problem as problem:
        if problem.code != "invalid":
            raise
        return _page(code, problem)
    flash(_("The robot is entered. Send a test to see whether it works."), "ok")
    return redirect(url_for("robots.show", code=code), 303)


@blueprint.post("/units/<code>/robots/<robot_id>/remove")
@asks_password
def remove(code: str, robot_id: str):
    """It is told nothing any more."""
    me = actor()
    with transaction() as session:
        robots.remove_robot(session, me, now(), code, robot_id)
    flash(_("The robot is removed; its address is deleted here."), "ok")
    return redirect(url_for("robots.show", code=code), 303)


@blueprint.post("/units/<code>/robots/<robot_id>/test")
def test(code: str, robot_id: str):
    """A text that says that it works."""
    me = actor()
    with transaction() as session:
        robots.test_robot(session, me, now(), code, robot_id)
    flash(
        _(
            "The test waits for the next run, within a minute or so. What became of it stands in the list below."
        ),
        "ok",
    )
    return redirect(url_for("notice_queue.index"), 303)
