"""The morning of a county, league or region on one page: each question with its number, its units and the way to act."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.drawing import Frame, line
from webapp.desk.morning import words
from webapp.desk.unit_and_day import ladder
from webapp.desk.unit_and_period import chosen_unit, own_units
from webapp.inquiries.morning import (
    CLOSING,
    IDLE,
    LISTS,
    MATTERS,
    OVERDUE,
    SILENT,
    WAITING,
    Morning,
    morning,
)
from webapp.ledger.weeks import weekly_shares
from webapp.notices.pressing import BEFORE, TOLD, leaders_in, press, pressed_in
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import unit_for
from webapp.web.access import actor, editions, now
from webapp.web.language import percent

blueprint = Blueprint("morning", __name__)
SPARK = Frame(4, 4, 116, 24)
SHOWN = 5  # units of a matter that stand open; the others unfold


@blueprint.get("/morning")
def page():
    """``?unit=``: what waits below a county, league or region today; a department has its ledger instead."""
    me = actor()
    unit = chosen_unit(me, "oversee")
    if unit.level == "department":
        return redirect(url_for("ledger.page", unit=unit.code))
    found = morning(db.session, unit, now())
    pressed = pressed_in(db.session, [unit.path], found.today)
    leaders = leaders_in(db.session, [unit.path], found.today)
    above, _below = ladder(me, unit, "oversee", "morning.page")
    return render_template(
        "morning/page.html",
        unit=unit,
        found=found,
        now=now(),
        late=found.ticked_at is None or clock.local_date(found.ticked_at) < found.today,
        titles=words.TITLES,
        nothing=words.NOTHING,
        shown=SHOWN,
        icons=words.ICONS,
        place_of=place_of,
        sparks=_sparks(found),
        frame=SPARK,
        line=line,
        duties={duty.code: duty.title for duty in editions().duties()},
        trail=above,
        own=own_units(me, "oversee"),
        me=me,
        pressed=pressed,
        led={code for code, people in leaders.items() if people - {me.person_id}},
        names=names_of(db.session, {one.by for one in pressed.values()}),
    )


def _sparks(found: Morning) -> list[tuple[Unit, list[float | None], str]]:
    """Each unit right below with its share of lines met week by week, and the same in words; the lowest this week first."""
    weeks = weekly_shares(db.session, found.unit, now())
    rows = []
    for one in found.below:
        shares = [week.share for week in weeks.get(one.path, ())]
        said = ", ".join(percent(share) for share in shares)
        rows.append(
            (one, shares, _("the last weeks: %(shares)s", shares=said) if said else _("nothing was owed"))
        )
    return sorted(rows, key=lambda row: (_last(row[1]), row[0].code))


def _last(shares: list[float | None]) -> float:
    return 2.0 if not shares or shares[-1] is None else shares[-1]


def place_of(matter: str, unit: Unit) -> str:
    """The page on which a matter of a unit is dealt with; of a unit with departments below it, its own morning."""
    if unit.level != "department":
        return url_for("morning.page", unit=unit.code, _anchor=matter)
    return _PLACES[matter](unit.code)


_PLACES = {
    LISTS: lambda code: url_for("manifests.index", unit=code),
    IDLE: lambda code: url_for("ledger.page", unit=code),
    CLOSING: lambda code: url_for("ledger.page", unit=code),
    WAITING: lambda code: url_for("attention.index", unit=code),
    OVERDUE: lambda code: url_for("cases.index", unit=code, late="1"),
    SILENT: lambda code: url_for("ledger.page", unit=code, _anchor="phones"),
}


@blueprint.post("/morning/press")
def press_unit():
    """``unit, matter``: tell whoever leads the unit that this waits there; once a day, and only while it does."""
    me, matter = actor(), request.form.get("matter", "")
    if matter not in MATTERS:
        raise Problem("invalid", {"matter": ", ".join(MATTERS)})
    unit = unit_for(db.session, me, request.form.get("unit", ""), "oversee")
    if not me.presses(unit.path):
        raise Problem("forbidden")
    above, name = unit.parent_code, unit.name
    with transaction() as session:
        unit = unit_for(session, me, unit.code, "oversee")
        there = morning(session, unit, now()).matters[matter].whole(unit)
        outcome = None
        if there.spots:
            what = words.pressed_for(matter, there)
            outcome = press(session, me, unit, matter, what, place_of(matter, unit), now())
    if outcome == TOLD:
        flash(_("Pressed: whoever leads %(unit)s is told.", unit=name), "ok")
    elif outcome == BEFORE:
        flash(_("%(unit)s was pressed about this today already.", unit=name), "info")
    elif outcome is None:
        flash(_("Nothing of it waits at %(unit)s any more.", unit=name), "info")
    else:
        flash(_("Nobody else leads %(unit)s today, so there is nobody to press.", unit=name), "warn")
    return redirect(url_for("morning.page", unit=above, _anchor=matter))
