"""What moves of cases and work orders say, for a page that shows a fact: by the rules of the case, never by their codes."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _, ngettext
from sqlalchemy import select

from webapp.cases.models import Case
from webapp.core.database import db
from webapp.core.ids import is_id
from webapp.desk.cases.words import title_of
from webapp.org.models import Role
from webapp.org.names import names_of
from webapp.recording.facts.case_move import TEXT
from webapp.web.access import editions
from webapp.web.language import day, said

Line = tuple[str, str | None]  # words, and where they lead
Said = tuple[str, list[Line]]
MOST = 20  # cases of an order that are named one by one


def rows_of_case(open: dict, personal: dict, unit: str) -> Iterator[Said]:
    """What it says, field by field; what is none of the unit's is told nothing of."""
    case = _case(open.get("case"), unit)
    if "case" in open:
        yield _("Case"), [_named(case)]
        yield _("Step"), [(_move(case, open.get("move")), None)]
    if isinstance(open.get("cases"), list):
        known = [one for one in (_case(id, unit) for id in open["cases"][:MOST]) if one]
        yield _("About"), [_named(one) for one in known] or [("—", None)]
    for name, label in (("day", _("Day")), ("deadline", _("To be answered by"))):
        if open.get(name):
            yield label, [(day(date.fromisoformat(str(open[name]))), None)]
    if open.get("cause"):
        yield _("Cause"), [(_cause(case, open["cause"]), None)]
    if is_id(open.get("owner")):
        yield _("Who puts it right"), [(_person(open["owner"], unit), None)]
    if open.get("photos"):
        count = len(open["photos"])
        yield _("Photos"), [(ngettext("%(num)s photo", "%(num)s photos", count), None)]
    notes = personal.get("notes") or {}
    if notes.get(TEXT):
        yield _("In words"), [(str(notes[TEXT]), None)]


def _case(id: object, unit: str) -> Case | None:
    """The case of that id if it is of the unit, or of one below."""
    case = db.session.get(Case, id) if is_id(id) else None
    inside = case is not None and unit in (case.unit_code, case.county_code, case.league_code)
    return case if inside else None


def _named(case: Case | None) -> Line:
    if case is None:
        return "—", None
    case_type = editions().on(case.opened_on).cases.types[case.type]
    return case.number or title_of(case, editions(), case_type), url_for("case_pages.show", case_id=case.id)


def _move(case: Case | None, code: object) -> str:
    """What the move is called; of a case that is not known as the first type calls it that has one of this code."""
    types = editions().on(case.opened_on).cases.types if case else editions().books[-1].cases.types
    several = [types[case.type]] if case else list(types.values())
    return next((said(one.moves[code].title) for one in several if code in one.moves), str(code))


def _cause(case: Case | None, code: object) -> str:
    rules = editions().on(case.opened_on).cases if case else editions().books[-1].cases
    return said(rules.causes[code].title) if code in rules.causes else str(code)


def _person(id: str, unit: str) -> str:
    """The name of somebody who works, or worked, in the unit."""
    known = db.session.scalar(
        select(Role.person_id).where(Role.person_id == id, Role.unit_code == unit).limit(1)
    )
    return names_of(db.session, {known}).get(known, "—") if known else "—"
