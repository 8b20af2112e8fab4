"""The list of cases of a unit and all below, and the same as a board."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.cases import listing
from webapp.cases.filters import LEADS, LIVE, MINE, MONTHS, Reader
from webapp.cases.models import CaseView
from webapp.core.database import db
from webapp.desk import searches
from webapp.desk.cases import asked as addresses, issuing, words
from webapp.desk.cases.asked import Asked, asked
from webapp.desk.unit_and_day import ladder
from webapp.desk.unit_and_period import period_name
from webapp.org.names import names_of
from webapp.org.queries import workers_on
from webapp.recording.case_moves import ways
from webapp.rulebook.case_rules import CaseType, Move
from webapp.web.access import actor, editions
from webapp.web.language import said

blueprint = Blueprint("cases", __name__)

COLUMN = 20  # cards of a column of the board
PRESS = "press"  # the effect of a move that reminds whoever is at turn


@dataclass(frozen=True)
class Line:
    """A case in a list, in words. ``mine``: the moves that the reader may make now, by their titles."""

    row: listing.Row
    title: str
    type: CaseType
    state: str
    due: words.Due | None
    severity: str
    grave: bool
    climbed: str | None
    mine: tuple[str, ...]
    press: Move | None  # by which the reader can press its owner now

    @property
    def case(self):
        """The stored case."""
        return self.row.case


@dataclass(frozen=True)
class Column:
    """A column of the board: whose move it is."""

    turn: str
    title: object
    lines: list[Line]
    count: int
    more: str  # the list of all of them


@blueprint.get("/cases")
def index():
    """The filters stand in the address (``asked.NAMES``); ``s``: what was searched for, ``after``: where the page begins."""
    me = actor()
    wanted = asked(me, request.args)
    text = searches.sought()
    filters, reader = wanted.filters, wanted.reader
    if text:
        filters = filters.but(ids=listing.sought(db.session, filters.unit, text))
    wanted = Asked(filters, reader, wanted.where, text, wanted.own)
    common = {**_around(wanted), "wanted": wanted, "unit": filters.unit, "today": reader.today}
    if wanted.board:
        return render_template("cases/board.html", columns=_columns(wanted), **common)
    place, number = addresses.place_in(request.args)
    found = listing.find(db.session, editions(), filters, reader, place)
    return render_template(
        "cases/index.html",
        lines=lines_of(found.ids, reader),
        count=found.count,
        most=listing.MOST,
        number=number,
        next=found.next and wanted.address(after=addresses.place_out(found.next, number + 1)),
        **common,
    )


@blueprint.post("/cases")
def search():
    """Search: what was typed stands in no address."""
    asked(actor(), request.form)
    return searches.posted("cases.index", "search", *addresses.NAMES)


def lines_of(ids: Sequence[str], reader: Reader) -> list[Line]:
    """The cases in words, with what the reader may do with each; a fixed number of queries."""
    rows = listing.rows(db.session, ids)
    known = ways(db.session, editions(), reader.actor, [row.case for row in rows]) if rows else {}
    return [_line(row, known[row.case.id], reader) for row in rows]


def _line(row: listing.Row, known: tuple, reader: Reader) -> Line:
    here, open = known
    case, rules = row.case, editions().on(row.case.opened_on).cases
    moves = tuple(said(way.move.title) for way in open if way.move.to is not None)
    return Line(
        row,
        words.title_of(case, editions(), here.type),
        here.type,
        said(here.type.states[case.state].title) if case.state in here.type.states else case.state,
        words.due_words(case, reader.today),
        said(rules.severities[case.severity].title),
        case.severity == rules.gravest,
        words.climbed(case, rules, reader.today, reader.workdays),
        moves,
        next((way.move for way in open if way.move.effect == PRESS), None),
    )


def _columns(wanted: Asked) -> list[Column]:
    """What is not ended, by whose move it is."""
    rules = wanted.reader.rules
    turns = dict.fromkeys(
        state.late for one in rules.types.values() for state in one.states.values() if state.late
    )
    pages = {
        turn: listing.find(
            db.session, editions(), wanted.filters.but(turn=turn, state=LIVE), wanted.reader, size=COLUMN
        )
        for turn in turns
    }
    lines = {
        line.case.id: line
        for line in lines_of([id for page in pages.values() for id in page.ids], wanted.reader)
    }
    return [
        Column(
            turn,
            words.TURNS[turn],
            [lines[id] for id in page.ids],
            page.count or 0,
            wanted.address(view=None, state=None, turn=turn),
        )
        for turn, page in pages.items()
    ]


# ---------------------------------------------------------------- what stands around the list


def _around(wanted: Asked) -> dict:
    """The ways up and down, the filters' choices, the saved views."""
    me, unit = wanted.reader.actor, wanted.filters.unit
    kept = {name: value for name, value in wanted.where.items() if name not in ("unit", "owner")}
    above, children = ladder(me, unit, addresses.SEES, "cases.index", **kept)
    return {
        "trail": above,
        "children": children,
        "choices": _choices(wanted),
        "views": _views(me.person_id),
        "chips": _chips(wanted),
        "may_order": bool(issuing.issuers(wanted.reader, unit)),
    }


def _choices(wanted: Asked) -> dict:
    rules, where = wanted.reader.rules, wanted.where
    types = [one for one in rules.types.values() if where.get("type") in (None, one.code)]
    kinds = editions().kinds()
    judged = [(code, said(kind.title)) for code, kind in kinds.items() if kind.criteria]
    chosen = kinds.get(where.get("kind"))
    return {
        "types": [(one.code, said(one.title)) for one in rules.types.values()],
        "states": [(said(one.title), [(state.code, said(state.title)) for state in one.states.values()]) for one in types],
        "severities": [(one.code, said(one.title)) for one in rules.severities.values()],
        "owners": _owners(wanted),
        "levels": words.level_names(),
        "turns": list(words.TURNS.items()),
        "kinds": judged,
        "criteria": [(one.code, said(one.failed)) for one in chosen.criteria] if chosen else [],
    }  # fmt: skip


def _owners(wanted: Asked) -> list[tuple[str, str]]:
    """The people of a department; of a larger unit only the one who is asked for."""
    unit, named = wanted.filters.unit, wanted.filters.owner
    people = workers_on(db.session, unit.code, wanted.reader.today) if unit.level == "department" else set()
    people |= {named} - {None, MINE, LEADS}
    return sorted(names_of(db.session, people).items(), key=lambda one: one[1])


def _views(person: str) -> list[CaseView]:
    query = select(CaseView).where(CaseView.person_id == person).order_by(CaseView.name, CaseView.id)
    return list(db.session.scalars(query))


def _chips(wanted: Asked) -> list[tuple[str, str]]:
    """What is asked for beyond the form's own fields: in words, and the list without it."""
    where, found = wanted.where, []

    def say(text: str, *names: str) -> None:
        if any(where.get(name) for name in names):
            found.append((text, wanted.address(**dict.fromkeys(names))))

    months = {name: period_name(where[name]) if where.get(name) else "" for name in ("found", *MONTHS)}
    say(months["found"], "found")
    say(_("Opened in %(month)s", month=months["opened"]), "opened")
    say(_("Due in %(month)s", month=months["deadline"]), "deadline")
    say(_("Closed in %(month)s", month=months["closed"]), "closed")
    say(_("Found by itself"), "self")
    say(_("Overdue problems"), "late")
    say(str(words.TURNS[where["turn"]]) if where.get("turn") else "", "turn")
    say(_("Orders that wait for the issuer") if where.get("sole") else _("By its finder"), "by", "sole")
    return found
