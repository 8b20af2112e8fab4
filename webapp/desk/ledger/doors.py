"""Every obstacle is a door: where what hinders is mended, for a reader who may mend it there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.inquiries import reviews
from webapp.inquiries.attention import Refused
from webapp.ledger.details import LineDetail
from webapp.ledger.own import Member
from webapp.org.models import Unit
from webapp.org.queries import person_for
from webapp.org.rules import LEVEL_OF, Actor
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Kind
from webapp.web.access import editions
from webapp.web.language import day as day_said

Reason = tuple[str, Mapping]


@dataclass(frozen=True)
class Door:
    """Where it leads, and what is done there."""

    url: str
    label: str


def volumes(me: Actor, unit: Unit, days: Sequence[date], named: bool = False) -> list[Door]:
    """To the volumes of each day; only for whoever may enter them. ``named``: each says which day it is."""
    if not me.can("keep-lists", unit.path):
        return []
    return [
        Door(
            url_for("volumes.page", unit=unit.code, day=day.isoformat()),
            _("Volume of %(day)s", day=day_said(day)) if named else _("Enter the volume"),
        )
        for day in days
    ]


def of_line(me: Actor, unit: Unit, period: Period, line: LineDetail) -> list[list[Door]]:
    """For each sentence of a single line's ``why`` the doors that it needs."""
    return [_of_reason(me, unit, period, reason) for reason in line.reasons]


def of_own(me: Actor, unit: Unit, line: LineDetail, today: date) -> list[Door]:
    """Of an own duty that is fulfilled at the desk by the unit itself: the page on which that is done.

    Of one that follows plans always the way to them: which of them counts stands there.
    """
    if line.own is not None and line.own.way.planned and me.can("see-plans", unit.path):
        return [Door(url_for("plans.index", unit=unit.code), _("Special checks"))]
    if line.own is None or line.own_period is None or line.cell.status in ("met", "not-applicable"):
        return []
    if line.own.document:
        return (
            [Door(url_for("documents.index", unit=unit.code), _("Documents"))]
            if me.can("write-documents", unit.path)
            else []
        )
    kinds = _kinds_at(me, unit, line, today)
    return [
        Door(_review_url(kind, unit, line.own_period), _("Enter the meeting"))
        for kind in kinds
        if reviews.held_at_desk(kind) and line.own_period.first <= today
    ]


def of_member(me: Actor, unit: Unit, line: LineDetail, member: Member, today: date) -> list[Door]:
    """Where what is missing of one that an own line covers is done: the review of its period, or the field app."""
    if member.covered.counts or member.covered.left or line.own_period is None:
        return []
    kinds = _kinds_at(me, unit, line, today)
    if reviewing := [kind for kind in kinds if reviews.reviewed_at_desk(kind)]:
        over = line.own_period.last < today
        return [Door(_review_url(reviewing[0], member.unit, line.own_period), _("Review"))] if over else []
    if kinds and today in line.own_period and me.can("work", unit.path):
        return [Door(url_for("field.shell"), _("Record it in the field app"))]
    return []


def _kinds_at(me: Actor, unit: Unit, line: LineDetail, today: date) -> list[Kind]:
    """The kinds that fulfil the line and that the actor may make in the unit's own name today."""
    held = {role for role in me.roles_at(unit.code, today) if LEVEL_OF.get(role) == unit.level}
    kinds = editions().on(line.own_period.first).kinds
    found = [kinds[code] for code in line.own.kinds if code in kinds]
    return [kind for kind in found if kind.roles & line.own.roles & held]


def _review_url(kind: Kind, unit: Unit, period: Period) -> str:
    return url_for("reviews.show", kind=kind.code, unit=unit.code, period=period.code)


def _of_reason(me: Actor, unit: Unit, period: Period, reason: Reason) -> list[Door]:
    code, values = reason
    if code in ("volume-missing", "volume-part"):
        return volumes(me, unit, [period.first])
    if code == "volumes-missing":
        return volumes(me, unit, [date.fromisoformat(day) for day in values["days"]], named=True)
    return _REASONS[code](me, unit, period) if code in _REASONS else []


def _if_may(action: str, label: Callable[[], str], url: Callable[[Unit, Period], str]):
    """One door behind one right."""

    def door(me: Actor, unit: Unit, period: Period) -> list[Door]:
        return [Door(url(unit, period), label())] if me.can(action, unit.path) else []

    return door


_TO_LISTS = _if_may(
    "see-lists",
    lambda: _("The day's lists"),
    lambda unit, period: url_for("manifests.index", unit=unit.code, month=f"{period.first:%Y-%m}"),
)
_TO_CALENDAR = _if_may(
    "keep-calendar",
    lambda: _("Delivery calendar"),
    lambda unit, period: url_for("calendars.page", unit=unit.code, month=f"{period.first:%Y-%m}"),
)
_TO_UNCONFIRMED = _if_may(
    "keep-register",
    lambda: _("Points to confirm"),
    lambda unit, period: url_for("points.index", unit=unit.code, state="unconfirmed"),
)
_TO_REGISTER = _if_may(
    "keep-register", lambda: _("Relay register"), lambda unit, period: url_for("points.index", unit=unit.code)
)
_TO_PROBLEMS = _if_may(
    "see-inspections",
    lambda: _("Problems"),
    lambda unit, period: url_for("cases.index", unit=unit.code, found=period.code),
)
_TO_PEOPLE = _if_may(
    "keep-people", lambda: _("People"), lambda unit, period: url_for("people.index", unit=unit.code)
)
_TO_WATCH = _if_may(
    "keep-lists",
    lambda: _("The watch list of the day"),
    lambda unit, period: url_for("watch.page", unit=unit.code, day=period.first.isoformat()),
)
_REASONS = {
    "off-list": _TO_LISTS,
    "session-off-list": _TO_LISTS,
    "own-delivery": _TO_LISTS,
    "not-chosen": _TO_WATCH,
    "no-points": _TO_REGISTER,
    "points-outside": _TO_REGISTER,
    "points-confirm": _TO_UNCONFIRMED,
    "no-delivery": _TO_CALENDAR,
    "no-delivery-week": _TO_CALENDAR,
    "no-delivery-month": _TO_CALENDAR,
    "holidays-unknown": _TO_CALENDAR,
    "balance-differs": _TO_PROBLEMS,
    "balance-exceeds": _TO_PROBLEMS,
    "opening-differs": _TO_PROBLEMS,
    "not-counted-role": _TO_PEOPLE,
}


# ---------------------------------------------------------------- a refused record


def of_refusal(me: Actor, refused: Refused) -> Door | None:
    """Where the cause of a refusal is mended at the desk; None where it is the author's own phone."""
    unit = refused.unit
    match refused.code:
        case "role-not-held" | "unknown-unit" if me.can("keep-people", unit.path) and _sees(me, refused):
            return Door(url_for("people.show", person_id=refused.author_id), _("Correct the roles"))
        case "unknown-point" if me.can("keep-register", unit.path):
            return Door(url_for("points.index", unit=unit.code), _("Relay register"))
        case "not-drawn" | "own-delivery" if me.can("see-lists", unit.path):
            return Door(url_for("manifests.index", unit=unit.code), _("The day's lists"))
    return None


def _sees(me: Actor, refused: Refused) -> bool:
    """Whether the author has a page for the reader: some role, past ones too, in a unit that the reader sees."""
    try:
        return bool(person_for(db.session, me, refused.author_id))
    except Problem:
        return False
