"""Months to sign: those of the units below one, and one month with its lines, what is still open, and the forms to sign it."""

from dataclasses import dataclass, field

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.cases.standing import workdays_of
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.core.text_lengths import fits
from webapp.desk.accounts.proving import asks_password
from webapp.desk.files import exports
from webapp.desk.forms import beside
from webapp.desk.signing import seen
from webapp.desk.unit_and_day import ladder
from webapp.desk.unit_and_period import chosen_unit, own_units, period_title, turns
from webapp.formats.archives import pack
from webapp.inquiries import month_archive, signing as queries
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.org.queries import unit_for
from webapp.org.rules import HEADS, Actor
from webapp.recording import month_signing
from webapp.recording.facts.month_signature import MOST_NOTE
from webapp.rulebook.periods import Period, parse_period, period_of
from webapp.signing.queries import above, deputies, grants_of, heads_of
from webapp.signing.rules import DISPUTED_WITHIN, capacity, is_signed_at_all, signers, wanted_by
from webapp.web.access import actor, now
from webapp.web.language import language

blueprint = Blueprint("signing", __name__)


@dataclass
class Refused:
    """A form that was not taken: why, and the lines that moved meanwhile."""

    problem: Problem | None = None
    moved: list = field(default_factory=list)  # (duty, period, as it was seen, as it is now)

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong beside each field."""
        return beside(self.problem)

    @property
    def fault(self) -> str | None:
        """What is wrong where no field is to blame."""
        return self.problem.message(language()) if self.problem and not self.problem.fields else None


@dataclass(frozen=True)
class Deeds:
    """What the actor may do with a month now."""

    confirm: bool
    sign: bool
    correct: bool
    dispute: bool
    rule: bool


@blueprint.get("/signing")
def index():
    """``?unit=&period=``: the months of the units right below, last month where none is named; of a department, its own."""
    me = actor()
    unit = chosen_unit(me, "see-ledger")
    month = _month(request.args.get("period"))
    if unit.level == "department":
        return redirect(url_for("signing.show", unit=unit.code, month=month.code))
    rows = queries.months_below(db.session, unit, month.code, now())
    trail, _below = ladder(me, unit, "see-ledger", "signing.index", period=month.code)
    return render_template(
        "signing/index.html",
        unit=unit,
        month=month,
        rows=rows,
        own=queries.month_row(db.session, unit, month.code, now()) if is_signed_at_all(unit.level) else None,
        signed=sum(row.is_signed for row in rows),
        departments=queries.departments_signed(db.session, unit, month.code)
        if unit.level != "county"
        else {},
        wanted=wanted_by(month.code),
        turns=turns(month, clock.local_date(now())),
        names=_names(rows),
        trail=trail,
        mine=own_units(me, "see-ledger"),
        **_grants(me, unit),
    )


def _month(code: str | None) -> Period:
    """The month of the code, else the one before today's; a longer or shorter period gives the month of its last day."""
    if code is None:
        return period_of("month", clock.local_date(now())).previous()
    period = parse_period(code)
    return period if period.kind == "month" else parse_period(period.month)


def _names(rows) -> dict[str, str]:
    people = {one.person_id for row in rows for one in row.standing.versions}
    people |= {row.standing.consent.person_id for row in rows if row.standing.consent}
    people |= {one.person_id for row in rows for one in row.standing.disputes}
    return names_of(db.session, people)


def _grants(me: Actor, unit: Unit) -> dict:
    """Who may sign in the head's place, for the page of the unit in whose name it is signed."""
    today = clock.local_date(now())
    heads = heads_of(db.session, [unit.code], today).get(unit.code, set())
    rows = grants_of(db.session, unit.code, today)
    leads = HEADS[unit.level] in me.roles_at(unit.code, today)
    able = month_signing.able_deputies(db.session, me, unit) if leads else {}
    people = {*heads, *(one.person_id for one in rows)}
    return {
        "heads": sorted(names_of(db.session, heads).values()),
        "grants": rows,
        "grant_names": names_of(db.session, people),
        "leads": leads,
        "able": able,
        "today": today,
    }


@blueprint.get("/signing/<unit>/<month>")
def show(unit: str, month: str):
    """``?version=``: one month of one unit: what is still open, its lines as they are signed, and what may be done with it."""
    return _page(_unit(unit), _month_named(month))


def _unit(code: str) -> Unit:
    return unit_for(db.session, actor(), code, "see-ledger")


def _month_named(code: str) -> Period:
    period = parse_period(code)
    if period.kind != "month":
        raise Problem("bad-period", {"period": code})
    return period


def _page(unit: Unit, month: Period, refused: Refused | None = None):
    me, refused = actor(), refused or Refused()
    version = request.args.get("version", type=int)
    found = queries.month_of(db.session, unit, month.code, now(), version)
    trail, _below = ladder(me, unit, "see-ledger", "signing.index", period=month.code)
    lines = [line for duty in found.duties for line in duty.lines]
    g.problem = refused.problem
    page = render_template(
        "signing/month.html",
        unit=unit,
        month=month,
        title=period_title(month),
        found=found,
        row=found.row,
        signature=found.row.standing.signature,
        deeds=_deeds(me, unit, found),
        seen=_seen(found, lines),
        own_checks=month_signing.own_checks(db.session, me.person_id, unit, month.code),
        older=_older(found),
        archive_open=me.can("see-inspections", unit.path),
        refused=refused,
        form=request.form,
        wanted=wanted_by(month.code),
        today=clock.local_date(now()),
        turns=turns(month, clock.local_date(now())),
        names=_names([found.row]),
        units=_unit_names(found),
        notes=month_signing.words_of(db.session, found.row.standing),
        trail=trail,
        sees_person=lambda phone: any(me.can("see-people", path) for path in phone.paths),
    )
    return page, refused.problem.entry.status if refused.problem else 200


def _seen(found: queries.Month, lines: list) -> str:
    """What the form carries: of a signed month the lines as they would be corrected."""
    today = {(one.duty.code, one.period.code): one.today for one in found.beside}
    shown = [line for line in lines if (line.key.duty, line.key.period) not in today]
    shown += [one for one in today.values() if one is not None]
    return seen.written(found.texts, shown) if not _older(found) else ""


def _older(found: queries.Month) -> bool:
    """Whether the lines shown are those of a version that is no longer in force."""
    return found.version is not found.row.standing.signature


def _unit_names(found: queries.Month) -> dict[str, str]:
    codes = {code for one in found.row.standing.versions for code in (one.signer_code, one.acting_code)}
    return {code: db.session.get(Unit, code).name for code in codes}


def _deeds(me: Actor, unit: Unit, found: queries.Month) -> Deeds:
    standing, today = found.row.standing, clock.local_date(now())
    heads_it = HEADS[unit.level] in me.roles_at(unit.code, today)
    places = above(db.session, unit, today)
    version = len(standing.versions) + 1
    grants = deputies(db.session, [place.code for place in signers(places, version)], today)
    may = capacity(me, places, version, grants) is not None
    signature = standing.signature
    return Deeds(
        confirm=heads_it and not signature and found.row.ready.ready,
        sign=may and not signature,
        correct=may and signature is not None and bool(found.beside),
        dispute=heads_it and signature is not None and not standing.disputed and _in_time(signature, today),
        rule=may and standing.disputed is not None,
    )


def _in_time(signature, today) -> bool:
    last = workdays_of(db.session).after(clock.local_date(signature.signed_at), DISPUTED_WITHIN)
    return today <= last


@blueprint.get("/signing/<unit>/<month>/archive")
def archive(unit: str, month: str):
    """The signed month as a file that anybody can check without this server."""
    found = unit_for(db.session, actor(), unit, "see-inspections")
    period = _month_named(month)
    content = pack(
        month_archive.files(db.session, found, period.code, now(), current_app.config["SECRET_KEY"])
    )
    name = exports.period_named(period)
    return exports.answer(
        content, "zip", f"month-{found.code}-{period.code}", _("Signed month"), found.name, name
    )


# ---------------------------------------------------------------- what is done with a month


@blueprint.post("/signing/<unit>/<month>/consent")
def consent(unit: str, month: str):
    """``seen``: the head of the unit says that the month is right."""

    def deed(session, me, about, seen_lines):
        month_signing.consent(session, me, now(), about, month, seen_lines)

    return _done(unit, month, deed, _("Confirmed."))


@blueprint.post("/signing/<unit>/<month>/sign")
@asks_password
def sign(unit: str, month: str):
    """``version, seen, note, reason``: sign the month, or correct it as the next version."""
    version = request.form.get("version", type=int) or 1

    def deed(session, me, about, seen_lines):
        words = {"note": _text("note"), "reason": _text("reason")}
        month_signing.sign(session, me, now(), about, month, version, seen_lines, words)

    said = _("Signed.") if version == 1 else _("Corrected: version %(version)s is in force.", version=version)
    return _done(unit, month, deed, said)


@blueprint.post("/signing/<unit>/<month>/dispute")
def dispute(unit: str, month: str):
    """``version, reason``: the head of the unit says that what was signed is wrong."""

    def deed(session, me, about, _seen):
        month_signing.dispute(session, me, now(), about, month, _version(), _text("reason"))

    return _done(unit, month, deed, _("The dispute is on its way to the level above."))


@blueprint.post("/signing/<unit>/<month>/rule")
@asks_password
def rule(unit: str, month: str):
    """``version, reason``: the signature stands."""

    def deed(session, me, about, _seen):
        month_signing.rule(session, me, now(), about, month, _version(), _text("reason"))

    return _done(unit, month, deed, _("Decided: the signature stands."))


def _version() -> int:
    return request.form.get("version", type=int) or 1


def _text(name: str) -> str:
    text = " ".join(request.form.get(name, "").split())
    if not fits(text, MOST_NOTE):
        raise Problem("invalid", {name: "long"})
    return text


def _done(unit: str, month: str, deed, said: str):
    """Do it in one transaction and go back to the page; a refusal shows what was typed, and what moved."""
    about, period = _unit(unit), _month_named(month)
    lines = seen.read(request.form.get("seen", ""), about.code)
    try:
        with transaction() as session:
            deed(session, actor(), session.get(Unit, about.code), seen.texts_of(lines))
    except Problem as problem:
        return _page(_unit(unit), period, Refused(problem, _moved(problem, unit, period, lines)))
    flash(said, "ok")
    return redirect(url_for("signing.show", unit=unit, month=month))


def _moved(problem: Problem, code: str, month: Period, lines: dict) -> list:
    if problem.code != "lines-moved":
        return []
    digests = {key: one.digest for key, one in lines.items()}
    found = queries.moved(db.session, _unit(code), month.code, digests, now())
    return [(duty, period, lines.get(key), line) for duty, period, key, line in found]
