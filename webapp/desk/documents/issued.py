"""An issued document: its page, which prints; its figures, each with what it stands on; its steps; as PDF and Excel."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.accounts.proving import asks_password
from webapp.desk.documents import drafts, paper, words
from webapp.desk.files import exports
from webapp.documents import operations, queries
from webapp.documents.queries import Shown, body_of, document_for
from webapp.documents.rules import OPEN, VOID, may_correct, moves_for
from webapp.formats import qr
from webapp.formats.typeset import typeset
from webapp.org.queries import unit_for
from webapp.recording import documents as recorded
from webapp.reports.standing import moved, stand_now
from webapp.reports.tables import Figure, figures_in
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("document_pages", __name__)


@dataclass(frozen=True)
class Ground:
    """A line, or the sum of departments' lines, that a figure stands on: where it is seen, and whether it has moved since."""

    unit: str
    duty: str
    period: str
    url: str | None
    digest: str
    moved: bool


@blueprint.get("/documents/<document_id>")
def show(document_id: str):
    """The working copy, or what was issued."""
    shown = document_for(db.session, actor(), document_id)
    return drafts.page(shown) if shown.document.state in OPEN else _issued(shown)


def _issued(shown: Shown, problem: Problem | None = None):
    me, document = actor(), shown.document
    body = body_of(db.session, document)
    digest = recorded.body_digest(body)
    g.problem = problem  # for the events (desk.accounts.recorder)
    page = render_template(
        "documents/issued.html",
        document=document,
        unit=shown.unit,
        kind=shown.standing.type,
        body=body,
        title=words.title_of(document.type, document.period),
        digest=digest,
        code=qr.svg(digest, _("The document's digest")),
        moves=moves_for(me, shown.standing),
        corrects=may_correct(me, shown.standing)
        and queries.versions_of(db.session, document)[-1].id == document.id,
        story=queries.moves_of(db.session, document),
        versions=queries.versions_of(db.session, document),
        steps=words.steps_of(document.type),
        cell_text=words.cell_text,
        pieces=words.pieces_of,
        instant=words.instant,
        period_title=words.period_title(words.parse_period(document.period)),
        fault=problem.message(language()) if problem else None,
        moved=_moved(me, shown, body),
    )
    return page, problem.entry.status if problem else 200


def _moved(me, shown: Shown, body: dict) -> list[Ground]:
    """For whoever may write a correction: what its figures stand on and has moved since. Of others' units nothing is said."""
    if shown.document.state == VOID or not me.can("write-documents", shown.unit.path):
        return []
    return [_ground(me, key, body["digests"][key], True) for key in moved(db.session, body["digests"])]


# ---------------------------------------------------------------- steps


@blueprint.post("/documents/<document_id>/issue")
@asks_password
def issue(document_id: str):
    """Issue it: number and figures are given and frozen now."""
    me = actor()
    document_for(db.session, me, document_id)
    try:
        with transaction() as session:
            recorded.issue(session, me, now(), document_id)
    except Problem as problem:
        if problem.code not in ("document-unready", "document-moved", "document-same-person"):
            raise
        db.session.expire_all()
        shown = document_for(db.session, me, document_id)
        if shown.document.state not in OPEN:
            raise
        return drafts.page(shown, problem)
    flash(_("Issued."), "ok")
    return redirect(url_for("document_pages.show", document_id=document_id), 303)


@blueprint.post("/documents/<document_id>/steps/<move>")
def make(document_id: str, move: str):
    """Send, receive, accept, return or declare void."""
    me = actor()
    document_for(db.session, me, document_id)
    try:
        with transaction() as session:
            recorded.move(session, me, now(), document_id, move, request.form.get("reason", ""))
    except Problem as problem:
        if problem.code not in ("document-moved", "reason-needed", "bad-fact"):
            raise
        db.session.expire_all()
        shown = document_for(db.session, me, document_id)
        if shown.document.state in OPEN:
            raise
        return _issued(shown, problem)
    flash(_("Recorded."), "ok")
    return redirect(url_for("document_pages.show", document_id=document_id), 303)


@blueprint.post("/documents/<document_id>/correct")
def correct(document_id: str):
    """Begin a corrected version under the same number."""
    me = actor()
    document_for(db.session, me, document_id)
    with transaction() as session:
        one = operations.correct(session, me, now(), document_id).id
    return redirect(url_for("document_pages.show", document_id=one), 303)


# ---------------------------------------------------------------- a figure, and files


@blueprint.get("/documents/<document_id>/figures/<code>")
def figure(document_id: str, code: str):
    """What one figure stands on, and whether that has moved since it was frozen."""
    me = actor()
    shown = document_for(db.session, me, document_id)
    body = body_of(db.session, shown.document)
    found = {one.code: one for part in body["sections"] for one in figures_in(part["tables"])}.get(code)
    if found is None:
        raise Problem("not-found")
    return render_template(
        "documents/figure.html",
        document=shown.document,
        unit=shown.unit,
        figure=found,
        said=found.said.in_(language()),
        grounds=_grounds(me, body, found),
        at=_at(me, found),
        as_of=words.instant(body["as_of"]),
        title=words.title_of(shown.document.type, shown.document.period),
    )


def _grounds(me, body: dict, found: Figure) -> list[Ground]:
    then = {key: body["digests"][key] for key in found.cell.get("lines", [])}
    now_digests = stand_now(db.session, then)
    return [_ground(me, key, digest, now_digests.get(key) != digest) for key, digest in then.items()]


def _ground(me, key: str, digest: str, has_moved: bool) -> Ground:
    unit, duty, period, *below = key.split(" ")
    name, url = unit, None
    try:
        name = unit_for(db.session, me, unit, "see-ledger").name
        lines = url_for("ledger.line", unit=unit, duty=duty, period=period)
        url = url_for("ledger.page", unit=unit, period=period) if below else lines
    except Problem:  # whose lines are not the reader's: named by the code alone
        pass
    return Ground(name, duty, period, url, digest, has_moved)


def _at(me, found: Figure) -> str | None:
    """Where else its origin is seen, for whoever sees problems."""
    at = found.cell.get("at")
    return at if at and me.reach("see-inspections") else None


@blueprint.get("/documents/<document_id>.pdf")
def as_pdf(document_id: str):
    """The document on paper, A4, with the seal's field and its digest."""
    shown = document_for(db.session, actor(), document_id)
    body = body_of(db.session, shown.document)
    data = typeset("document", paper.data_of(body, recorded.body_digest(body)))
    return exports.answer(
        data, "pdf", f"document-{shown.document.type}-{shown.document.period}", *_names(shown)
    )


@blueprint.get("/documents/<document_id>.xlsx")
def as_workbook(document_id: str):
    """Its tables as a workbook, a sheet each; the first one says what it is, with the digest."""
    shown = document_for(db.session, actor(), document_id)
    body = body_of(db.session, shown.document)
    data = paper.book_of(body, recorded.body_digest(body))
    return exports.answer(
        data, "xlsx", f"document-{shown.document.type}-{shown.document.period}", *_names(shown)
    )


def _names(shown: Shown) -> tuple[str, ...]:
    document = shown.document
    return (document.number, shown.unit.name, words.title_of(document.type, document.period))
