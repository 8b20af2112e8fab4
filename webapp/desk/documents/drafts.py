"""A document that is written: sections with live tables and texts, kept as one types; checked by another person; given up."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.desk.documents import words
from webapp.documents import operations, queries, wording
from webapp.documents.models import Document
from webapp.documents.queries import Shown, document_for
from webapp.documents.rules import CHECKED, DRAFT, OPEN, STATES, acting, digest, leads, may_issue, plain
from webapp.recording.documents import check as record_check, figures_of, unready
from webapp.reports.queries import Tables
from webapp.rulebook.documents import Section
from webapp.web.access import actor, now
from webapp.web.language import clocked, language

blueprint = Blueprint("document_drafts", __name__)


@dataclass(frozen=True)
class Part:
    """A section as it is written: its tables, its text with its revision, what it says now, and who wrote there last."""

    section: Section
    tables: list[dict]
    text: str
    revision: int
    by: str | None
    at: datetime | None
    said: list[tuple[str, str | None]]
    unknown: list[str]
    theirs: str | None = None  # what somebody else wrote meanwhile


def page(shown: Shown, problem: Problem | None = None, typed: dict[str, str] | None = None):
    """The page of a working copy; ``typed``: texts that were not kept, shown again."""
    me, document = actor(), shown.document
    tables = figures_of(db.session, shown, now())
    texts = plain(document.texts)
    writes = leads(me, document.unit_code, shown.unit.level)
    g.problem = problem  # for the events (desk.accounts.recorder)
    body = render_template(
        "documents/draft.html",
        document=document,
        unit=shown.unit,
        addressed=shown.addressed,
        kind=shown.standing.type,
        title=words.title_of(document.type, document.period),
        parts=_parts(document, shown, tables, typed or {}),
        steps=words.steps_of(document.type),
        states=list(STATES),
        writes=writes,
        checks=document.state == DRAFT and acting(me, shown.standing, "check") is not None,
        issues=may_issue(me, shown.standing),
        discards=writes and document.state == DRAFT and not queries.moves_of(db.session, document),
        faults=_faults(shown, texts, tables.figures),
        read=digest(texts),
        checked=CHECKED,
        people=queries.names(db.session, [document.drafted_by, document.checked_by or "-"]),
        cell_text=words.cell_text,
        fault=problem.message(language()) if problem else None,
    )
    return body, problem.entry.status if problem else 200


def _parts(document: Document, shown: Shown, tables: Tables, typed: dict[str, str]) -> list[Part]:
    names = queries.names(db.session, [one["by"] for one in document.texts.values()])
    figures = tables.figures
    found = []
    for section in shown.standing.type.sections:
        stored = document.texts.get(section.code, {"text": "", "revision": 0})
        kept = stored["text"]
        text = typed.get(section.code, kept)
        found.append(
            Part(
                section, tables.by_section[section.code], text, stored["revision"], names.get(stored.get("by")),
                words.instant(stored.get("at")), told(text, figures), _unknown(text, figures),
                kept if section.code in typed and kept != text else None,
            )
        )  # fmt: skip
    return found


def told(text: str, figures) -> list[tuple[str, str | None]]:
    """The text as it says now: (words, code of the figure or None)."""
    said = {code: one.said.in_(language()) for code, one in figures.items()}
    return [(one, None) if isinstance(one, str) else (one[1], one[0]) for one in wording.segments(text, said)]


def _unknown(text: str, figures) -> list[str]:
    return [code for code in wording.figures_in(text) if code not in figures]


def _faults(shown: Shown, texts: dict[str, str], figures: Collection[str]) -> list[str]:
    """What is missing before it can be checked and issued."""
    missing = unready(shown.standing.type, texts, figures)
    names = {one.code: one.title.in_(language()) for one in shown.standing.type.sections}
    found = [words.fault_words(names[code], "empty") for code in missing.empty]
    return found + [
        words.fault_words(names[code], ", ".join(codes)) for code, codes in missing.unknown.items()
    ]


# ---------------------------------------------------------------- what is typed


@dataclass
class Saved:
    """What became of a form with all sections: texts that somebody else's stood in the way of."""

    refused: dict[str, str] = field(default_factory=dict)
    problem: Problem | None = None


@blueprint.post("/documents/<document_id>/save")
def save(document_id: str):
    """Keep the whole form; a section in which somebody else wrote meanwhile is shown again with both texts."""
    me = actor()
    shown = document_for(db.session, me, document_id)
    saved = Saved()
    for section in shown.standing.type.written:
        if section.code in request.form:
            _save_one(me, shown, section.code, saved)
    if saved.problem:
        db.session.expire_all()
        return page(document_for(db.session, me, document_id), saved.problem, saved.refused)
    flash(_("Saved."), "ok")
    return redirect(url_for("document_pages.show", document_id=document_id), 303)


def _save_one(me, shown: Shown, section: str, saved: Saved) -> None:
    text = _typed(section)
    try:
        with transaction() as session:
            operations.write(session, me, now(), shown.document.id, section, text, _revision(section))
    except Problem as problem:
        if problem.code not in ("document-written", "invalid"):
            raise
        saved.refused[section], saved.problem = text, problem


def _typed(section: str) -> str:
    return request.form.get(section, "").replace("\r\n", "\n").strip()


def _revision(section: str) -> int:
    text = request.form.get(f"{section}-revision", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


@blueprint.post("/documents/<document_id>/text")
def keep(document_id: str):
    """Keep one section while it is written: ``section``, its text and revision. Answers JSON: what it says now, or both texts."""
    me, section = actor(), request.form.get("section", "")
    shown = document_for(db.session, me, document_id)
    try:
        with transaction() as session:
            operations.write(session, me, now(), document_id, section, _typed(section), _revision(section))
    except Problem as problem:
        if problem.code not in ("document-written", "invalid", "document-moved"):
            raise
        g.problem = problem
        return _refused(me, document_id, section, problem)
    document = shown.document
    stored, texts = document.texts.get(section, {"revision": 0, "text": ""}), plain(document.texts)
    # Nobody waits for the tables of a whole league while typing words.
    asked = any(wording.figures_in(text) for text in texts.values())
    figures = figures_of(db.session, shown, now()).figures if asked else {}
    return {
        "revision": stored["revision"],
        "saved": _("Saved %(time)s", time=clocked(now())),
        "said": told(stored["text"], figures),
        "unknown": _unknown(stored["text"], figures),
        "faults": _faults(shown, texts, figures),
    }


def _refused(me, document_id: str, section: str, problem: Problem):
    db.session.expire_all()
    document = document_for(db.session, me, document_id).document
    stored = document.texts.get(section, {"text": "", "revision": 0})
    by = queries.names(db.session, [stored["by"]]).get(stored["by"]) if stored.get("by") else None
    answer = problem.as_dict(language())
    if problem.code == "document-written":
        at = clocked(words.instant(stored.get("at")))
        answer |= {
            "theirs": stored["text"], "revision": stored["revision"],
            "who": _("%(name)s wrote here at %(time)s:", name=by or "", time=at),
        }  # fmt: skip
    return answer, problem.entry.status


# ---------------------------------------------------------------- checked, given up


@blueprint.post("/documents/<document_id>/check")
def check(document_id: str):
    """Another person has read it: ``read`` is the digest of the texts on the page."""
    me = actor()
    document_for(db.session, me, document_id)
    try:
        with transaction() as session:
            record_check(session, me, now(), document_id, request.form.get("read", ""))
    except Problem as problem:
        if problem.code not in ("document-unready", "document-moved", "document-same-person", "bad-fact"):
            raise
        db.session.expire_all()
        shown = document_for(db.session, me, document_id)
        if shown.document.state not in OPEN:
            raise
        return page(shown, problem)
    flash(_("Checked."), "ok")
    return redirect(url_for("document_pages.show", document_id=document_id), 303)


@blueprint.post("/documents/<document_id>/discard")
def discard(document_id: str):
    """Give a working copy up that nobody has checked."""
    me = actor()
    unit = document_for(db.session, me, document_id).unit.code
    with transaction() as session:
        operations.discard(session, me, document_id)
    flash(_("The draft was given up."), "ok")
    return redirect(url_for("documents.index", unit=unit), 303)
