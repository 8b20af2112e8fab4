"""The lists of one day in all departments that somebody sees, the worst first: imported, sealed, drawn, and until when."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import render_template, request, url_for

from webapp.core import clock
from webapp.core.database import db
from webapp.desk.department_and_day import Several, names_above
from webapp.desk.paging import number_of, page_url
from webapp.desk.unit_and_day import given_day, ladder
from webapp.inquiries.morning import offices_on
from webapp.ledger.closings import draws_close
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.rulebook.queries import calendars_of
from webapp.sampling.overview import DRAFT, NONE, REVEALED, SEALED, DayLists, lists_of_day
from webapp.sampling.rules import SAMPLED
from webapp.web.access import now

PAGE = 100
RESTING = "resting"  # no delivery that day, and no list
# The worst first.
STATES = (NONE, DRAFT, SEALED, REVEALED, RESTING)


@dataclass(frozen=True)
class Row:
    """A department's day. ``closes``: until when its draw can be checked; None where nothing is owed of it."""

    unit: Unit
    state: str
    lists: DayLists
    closes: datetime | None


def page(me: Actor, those: Several):
    """``?unit=&day=&state=&page=``: of today and all states where none is named."""
    day, today = given_day(), clock.local_date(now())
    rows = rows_of(those, day)
    state = request.args.get("state", "")
    shown = [row for row in rows if row.state == state] if state in STATES else rows
    number, pages = number_of(len(shown), PAGE)
    where = {
        "unit": those.unit.code if those.unit else None,
        "day": None if day == today else day.isoformat(),
    }
    return render_template(
        "lists/manifests/overview.html",
        those=those,
        ways=ladder(me, those.unit, "see-lists", "manifests.index", day=where["day"])
        if those.unit
        else ((), ()),
        day=day,
        today=today,
        rows=shown[(number - 1) * PAGE : number * PAGE],
        all=len(rows),
        counts=Counter(row.state for row in rows),
        states=STATES,
        state=state if state in STATES else "",
        classes=SAMPLED,
        above=names_above(those),
        address=lambda **changes: url_for("manifests.index", **{**where, "state": state or None, **changes}),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day <= today else None,
        number=number,
        pages=pages,
        page_url=page_url(),
    )


def rows_of(those: Several, day: date) -> list[Row]:
    """A row for each department that was open on the day and delivers, or has a list of it; the worst first."""
    lists = lists_of_day(db.session, those.paths, day)
    closes = draws_close(db.session, those.paths, day)
    offices = {one.code for one in offices_on(db.session, those.departments, day)}
    found = [one for one in those.departments if one.code in offices or one.code in lists]
    calendars = calendars_of(db.session, found)
    rows = []
    for one in found:
        own = lists.get(one.code, DayLists())
        rests = own.state == NONE and not calendars[one.code].delivers(day)
        rows.append(Row(one, RESTING if rests else own.state, own, closes.get(one.code)))
    return sorted(rows, key=lambda row: (STATES.index(row.state), row.unit.code))
