"""A work order on paper: what was issued, from its fact and the problems that it is about; never what became of it since."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.cases.models import Case, CaseLink
from webapp.cases.naming import title_of
from webapp.cases.reading import details
from webapp.core.dates import day_text
from webapp.journal.models import Fact
from webapp.org.models import Unit
from webapp.org.names import names_of
from webapp.rulebook.queries import Editions
from webapp.web.language import language


def body_of(session: Session, editions: Editions, case: Case) -> dict:
    """All that the paper says, as plain JSON. Its words go with personal parts, after 180 days: then they are None."""
    detail = details(session, [case])[case.id]
    fact = session.get(Fact, case.id)
    names = names_of(session, [fact.author_id if fact else None], case.opened_on)
    query = (
        select(Case, Unit.name)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .join(Unit, Unit.code == Case.unit_code)
        .where(CaseLink.order_id == case.id)
        .order_by(Case.opened_at, Case.id)
    )
    kind = editions.on(case.opened_on).cases.types[case.type]
    return {
        "title": kind.title.as_dict(),
        "number": case.number,
        "unit": {"code": case.found_by, "name": detail.found_by_name},
        "to": {"code": case.unit_code, "name": detail.unit_name},
        "issued": {"day": case.opened_on.isoformat(), "at": case.opened_at.isoformat(), "name": next(iter(names.values()), "")},
        "deadline": case.set_deadline.isoformat() if case.set_deadline else None,
        "words": detail.words,
        "cases": [
            {"id": one.id, "unit": name, "found": one.found_on.isoformat(), **title_of(editions, one).as_dict()}
            for one, name in session.execute(query)
        ],
    }  # fmt: skip


def data_of(body: Mapping, digest: str) -> dict:
    """What ``templates/paper/order.typ`` draws."""
    spoken = language()
    words = body["words"] if body["words"] is not None else _("(deleted with the personal parts)")
    return {
        "title": f"{body['title'][spoken]} {body['number']}",
        "language": spoken,
        "made_at": body["issued"]["at"],
        "digest": digest,
        "footer": f"{body['unit']['name']} · {body['number']}",
        "unit": body["unit"]["name"],
        "name": body["title"][spoken],
        "number": body["number"],
        "facts": [
            [_("Addressed to"), body["to"]["name"]],
            [_("Issued"), _day(body["issued"]["day"])],
            [_("To be answered by"), _day(body["deadline"])],
            [_("Issued by whom"), body["issued"]["name"]],
        ],
        "asked": {
            "title": _("What is asked for"),
            "text": [line for line in words.split("\n") if line.strip()],
        },
        "about": {
            "title": _("About"),
            "none": _("A requirement alone"),
            "head": ["", _("Unit"), _("Problem"), _("Found")],
            "rows": [
                [str(n), one["unit"], one[spoken], _day(one["found"])] for n, one in enumerate(body["cases"], 1)
            ],
        },
        "signs": [
            _("Issued by (signature, seal)"), _("Received by (signature, day)"), _("Accepted by (signature, day)"),
        ],
    }  # fmt: skip


def _day(text: str | None) -> str:
    return day_text(date.fromisoformat(text), language()) if text else "—"
