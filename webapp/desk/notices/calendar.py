"""The calendar that a program reads at a person's secret address: no session, nothing but deadlines, nothing changed."""

from flask import Blueprint, Response, current_app, request

from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.notices import queries
from webapp.notices.channels.calendar.ics import calendar
from webapp.notices.deadlines import deadlines_of

blueprint = Blueprint("calendar_feed", __name__)
LONGEST = 100  # characters of a token


@blueprint.get("/calendar/<token>.ics")
def show(token: str):
    """All deadlines as iCalendar; 304 where the program has them already, 404 for an address that was revoked."""
    found = queries.feed_by(db.session, token) if len(token) <= LONGEST else None
    if found is None:
        raise Problem("not-found")
    feed, person = found
    due = deadlines_of(db.session, person)
    response = Response(
        calendar(due, person.language, current_app.config["SITE"], feed.made_at),
        mimetype="text/calendar",
        headers={
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="toucha.ics"',
        },
    )
    response.add_etag()
    return response.make_conditional(request)
