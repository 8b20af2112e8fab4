"""The relay points of all departments that somebody sees: how many, and this month's visits; the worst first."""

from collections import Counter
from dataclasses import dataclass

from flask import render_template, request, url_for

from webapp.core import clock
from webapp.core.database import db
from webapp.desk.department_and_day import Several, names_above
from webapp.desk.paging import number_of, page_url
from webapp.desk.unit_and_day import ladder
from webapp.inspections.relay import Rounds, rounds_of
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.rulebook.periods import period_of
from webapp.web.access import now

PAGE = 100
FAILED, LEFT, DONE, NONE = STATES = ("failed", "left", "done", "none")


@dataclass(frozen=True)
class Row:
    """A department with the month of its points."""

    unit: Unit
    rounds: Rounds

    def stands(self, state: str) -> bool:
        """Whether a filter of this state shows it: something failed, some not visited, all visited, no point at all."""
        rounds = self.rounds
        return {
            FAILED: rounds.failed > 0,
            LEFT: rounds.left > 0,
            DONE: rounds.open > 0 and not rounds.left,
            NONE: not rounds.open,
        }[state]


def page(me: Actor, those: Several):
    """``?unit=&show=&page=``: all where none is named."""
    today = clock.local_date(now())
    month = period_of("month", today)
    found = rounds_of(db.session, those.paths, month, today)
    rows = [
        Row(one, found.get(one.code, Rounds(0)))
        for one in those.departments
        if one.is_open(today) or one.code in found
    ]
    rows.sort(key=worst)
    show = request.args.get("show", "")
    shown = [row for row in rows if row.stands(show)] if show in STATES else rows
    number, pages = number_of(len(shown), PAGE)
    return render_template(
        "register/points/overview.html",
        those=those,
        ways=ladder(me, those.unit, "see-register", "points.index") if those.unit else ((), ()),
        today=today,
        month=month,
        rows=shown[(number - 1) * PAGE : number * PAGE],
        all=len(rows),
        counts=Counter(state for row in rows for state in STATES if row.stands(state)),
        show=show if show in STATES else "",
        sums=Rounds(
            *(sum(getattr(row.rounds, name) for row in rows) for name in ("open", "visited", "failed"))
        ),
        above=names_above(those),
        address=lambda show: url_for("points.index", unit=those.unit.code if those.unit else None, show=show),
        number=number,
        pages=pages,
        page_url=page_url(),
    )


def worst(row: Row) -> tuple:
    """The order of rows: where most points failed first, then where most are left; what has no point last."""
    return (not row.rounds.open, -row.rounds.failed, -row.rounds.left, row.unit.code)
