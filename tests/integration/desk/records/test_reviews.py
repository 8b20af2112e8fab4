"""Reviews at the desk: what is due, opened, judged and signed; the ledger's own half; who may, who is refused."""

import re
from datetime import timedelta

import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, read
from tests.desk_lists import words
from tests.desk_records import envelope, send, today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.inspections.models import Inspection, Item
from webapp.ledger.models import LedgerLine
from webapp.ledger.operations import differences, open_lines
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of

DAY = timedelta(days=1)
WEEK = period_of("week", today() - 7 * DAY)


def letters(day) -> dict:
    """The open part of a letter form of the day."""
    items = [
        {
            "subject": f"N{n}",
            "stratum": "nonlocal",
            "tag": f"{n}号楼",
            "verdict": "pass",
            "answers": {},
            "photos": [],
        }
        for n in range(6)
    ] + [
        {"subject": f"L{n}", "stratum": "local", "verdict": "pass", "answers": {}, "photos": []}
        for n in range(4)
    ]
    return {
        "v": 1, "type": "inspection", "unit": CITY, "acting": CITY, "date": day.isoformat(), "kind": "letter",
        "method": "on-site", "items": items,
    }  # fmt: skip


@pytest.fixture
def cast(app):
    app.cast = company.build_in(app)
    return app.cast


@pytest.fixture
def forms(app, cast):
    """Two letter forms of last week at the city department; every unit's lines are open."""
    found = []
    for day in (WEEK.first, WEEK.first + 2 * DAY):
        outcome = send(app, cast, "inspector", envelope(letters(day)))
        assert outcome.state == "stored", outcome
        found.append(outcome.id)
    tick(app)
    return found


def tick(app) -> None:
    with app.app_context(), transaction() as session:
        for unit in session.query(Unit).all():
            open_lines(session, unit, clock.now())


def line(app, unit=COUNTY, duty="letter-review", period=WEEK.code):
    return read(app, lambda session: session.get(LedgerLine, (unit, duty, period)))


PAGE = f"/records/reviews/form-review/{CITY}/{WEEK.code}"


def seen(answer) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', answer.text)


def judged(forms, answer="pass") -> dict:
    return {f"answer-{one}-{code}": answer for one in forms for code in ("form", "true")}


def test_a_county_signs_last_weeks_forms_and_its_line_is_met(app, cast, forms):
    county = company.client_for(app, cast, "county")
    due = county.get(f"/records/reviews?unit={COUNTY}")
    assert "宝力根街道投递部" in words(due) and f"{PAGE}?acting={COUNTY}" in due.text
    assert not line(app).met
    page = county.get(PAGE)
    assert page.status_code == 200
    for one in forms:
        assert f"/inspections/{one}" in page.text
    assert "checked" not in page.text
    [sign] = seen(page)
    sent = {
        "seen": sign,
        "method": "system",
        "head-verified": "system",
        "head-opinion": "属实",
        **judged(forms),
    }
    answer = county.post(PAGE, data=sent)
    assert (answer.status_code, answer.location) == (302, f"/records/reviews?unit={COUNTY}")
    assert line(app).met
    stored = read(app, lambda session: session.query(Inspection).filter_by(kind="form-review").one())
    assert (stored.acting_code, stored.unit_code, stored.day) == (COUNTY, CITY, WEEK.first)
    assert stored.header["signed"] == [sign]
    items = read(app, lambda session: session.query(Item).filter_by(inspection_id=stored.id).all())
    assert {(item.subject, item.verdict) for item in items} == {(one, "pass") for one in forms}
    assert read(app, lambda session: differences(session, session.get(Unit, COUNTY), clock.now())) == []
