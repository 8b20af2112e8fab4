"""Editions of the Measures: what there are, what a new one changes, entering and taking back [3]."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.files import exports
from webapp.org.names import names_at
from webapp.org.rules import Actor
from webapp.recording.facts import rulings
from webapp.rulebook import comparison, operations
from webapp.rulebook.comparison import Change, compare
from webapp.rulebook.editions import MAX_BYTES
from webapp.rulebook.models import Edition
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import Rulebook, Text, shipped_source
from webapp.web.access import actor, now
from webapp.web.bodies import takes
from webapp.web.language import language

blueprint = Blueprint("editions", __name__)


@dataclass(frozen=True)
class Entered:
    """An edition in the list; ``row`` is None for the one that ships with Toucha."""

    book: Rulebook
    row: Edition | None
    person: str | None
    changes: list[Change]
    begun: bool


def _reader() -> Actor:
    me = actor()
    if not me.reach("see-rules"):
        raise Problem("forbidden")
    return me


def _keeper() -> Actor:
    me = actor()
    if not me.reach("keep-editions"):
        raise Problem("forbidden")
    return me


@blueprint.get("/rules/editions")
def index():
    """All editions, newest first, each with what it changed."""
    me = _reader()
    return _index(me)


def _index(me: Actor, problem: Problem | None = None, source: str = ""):
    html = render_template(
        "rules/rulebook/editions.html", editions=entered(), keeps=bool(me.reach("keep-editions")), source=source,
        faults=faults(problem), fault=problem.message(language()) if problem and not problem.fields else None,
        today=me.today,
    )  # fmt: skip
    return html, problem.entry.status if problem else 200


def entered() -> list[Entered]:
    """The editions, newest first."""
    rows = {row.code: row for row in db.session.scalars(select(Edition))}
    names = names_at(db.session, [(row.entered_by, row.entered_at) for row in rows.values()])
    books, today = editions_of(db.session).books, clock.local_date(now())
    found = []
    for number, book in enumerate(books):
        row = rows.get(book.edition)
        changes = compare(books[number - 1], book) if number else []
        person = names.get((row.entered_by, row.entered_at)) if row else None
        found.append(Entered(book, row, person, changes, book.first_day <= today))
    return found[::-1]


def faults(problem: Problem | None) -> list[tuple[str, Text]]:
    """What is wrong with an edition, each with its place."""
    if problem is None:
        return []
    return problem.values.get("faults") or [(name, Text(said, said)) for name, said in problem.fields.items()]


@blueprint.get("/rules/editions/compare")
def side_by_side():
    """``?a=&b=&all=1``: two editions beside each other, else the last two; only what differs, unless all is asked for."""
    _reader()
    books = editions_of(db.session).books
    known = {book.edition: book for book in books}
    after = request.args.get("b") or books[-1].edition
    before = request.args.get("a") or _before(books, after)
    if before not in known or after not in known:
        raise Problem("not-found")
    pairs, whole = comparison.side_by_side(known[before], known[after]), bool(request.args.get("all"))
    return render_template(
        "rules/rulebook/compare.html", books=books[::-1], before=known[before], after=known[after], whole=whole,
        pairs=[one for one in pairs if whole or one.what != "same"],
        counts={what: sum(1 for one in pairs if one.what == what) for what in ("added", "removed", "changed", "same")},
    )  # fmt: skip


@blueprint.app_template_filter("text_parts")
def text_parts(pair: comparison.Pair, side: int) -> list[comparison.Part]:
    """The text of a pair on its ``side`` (1: before, 2: after), in parts of which those of its own are marked."""
    texts = [_text_of(one) for one in (pair.before, pair.after)]
    if None in texts:
        return [(False, texts[side - 1] or "")]
    return comparison.marked(*texts)[side - 1]


def _text_of(one) -> str | None:
    """The sentence of a duty, kind, reading or class in the reader's language; its title where it has no other."""
    if one is None:
        return None
    text = one if isinstance(one, Text) else getattr(one, "text", None) or one.title
    return text.in_(language())


def _before(books, code: str) -> str:
    """The edition before, or the first one itself."""
    codes = [book.edition for book in books]
    return codes[max(0, codes.index(code) - 1)] if code in codes else code


@blueprint.get("/rules/editions/source.toml")
def source():
    """The TOML of the edition ``?code=``, else of the newest: to read it, and to write the next one."""
    _reader()
    books = editions_of(db.session).books
    code = request.args.get("code", books[-1].edition)
    if code not in {book.edition for book in books}:
        raise Problem("not-found")
    row = db.session.get(Edition, code)
    data = (row.source if row else shipped_source()).encode()
    return exports.answer(data, "toml", f"measures-{code}", _("Measures"), code)


def _given() -> str:
    """The text of the uploaded file, else the one typed."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return request.form.get("source", "").replace("\r\n", "\n")
    try:
        return file.read(MAX_BYTES + 1).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Problem("bad-file", {"file": _("not UTF-8")}) from error


@blueprint.post("/rules/editions/preview")
@takes(3 * MAX_BYTES)
def preview():
    """What the offered edition changes in the one before it; nothing is written."""
    me, text = _keeper(), ""
    try:
        text = _given()
        book = operations.checked_edition(db.session, text, now())
    except Problem as problem:
        return _index(me, problem, text)
    before = editions_of(db.session).books[-1]
    return render_template(
        "rules/rulebook/preview.html", book=book, before=before, changes=compare(before, book), source=text
    )


@blueprint.post("/rules/editions")
@takes(3 * MAX_BYTES)
def enter():
    """Enter the edition that was looked through."""
    me, time = _keeper(), now()
    text = _given()
    try:
        with transaction() as session:
            row = operations.add_edition(session, text, me.person_id, time)
            rulings.recount_edition(session, row.first_day, time)
            code = row.code
    except Problem as problem:
        return _index(me, problem, text)
    flash(_("Edition %(code)s is entered.", code=code), "ok")
    return redirect(url_for("editions.index"))


@blueprint.post("/rules/editions/take-back")
def take_back():
    """Take back the edition ``code``, which has not begun."""
    _keeper()
    code, time = request.form.get("code", ""), now()
    with transaction() as session:
        first = operations.take_back_edition(session, code, time)
        rulings.recount_edition(session, first, time)
    flash(_("Edition %(code)s is taken back.", code=code), "ok")
    return redirect(url_for("editions.index"))
