"""Beside a line about relay points stands what of their problems was solved in time; it is never in the line's verdict [14.4(4)]."""

import pytest

from tests import cast as company
from tests.case_office import Office, at
from tests.cast import COUNTY, RURAL
from tests.desk_lists import words
from webapp.cases.figures import Share
from webapp.core.database import db, transaction
from webapp.ledger import details
from webapp.ledger.operations import open_lines
from webapp.org.models import Unit
from webapp.rulebook.operations import add_edition
from webapp.rulebook.periods import parse_period
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import shipped_source

POINTS = ("锡林敖包居委会", "敖包图居委会", "伊利勒特嘎查")
MONTH = parse_period("2026-11")


@pytest.fixture
def office(app):
    found = Office(app, company.build_in(app))
    with app.app_context(), transaction() as session:
        open_lines(session, session.get(Unit, RURAL), at(12, 1))
    cases = found.finds(at(11, 2), *POINTS, login="head", unit=RURAL, acting=RURAL)
    for case, day in zip(cases[:2], (9, 10), strict=True):  # due on the 9th
        found.answers(case, at(11, day))
    return found


def lines(office, unit: str) -> dict[str, details.LineDetail]:
    """The month's lines of departments' duties that the rural office has, by their codes."""
    with office.app.app_context():
        session = db.session
        kept = [one for one in editions_of(session).during(MONTH).values() if one.kept and not one.upper]
        return {
            one.code: details.line(session, session.get(Unit, unit), one.code, MONTH, at(12, 1))
            for one in kept
        }


def test_three_are_due_and_one_in_time_beside_the_one_line_whose_duty_says_so(office):
    for unit in (RURAL, COUNTY):
        beside = {code: line.beside for code, line in lines(office, unit).items() if line.beside is not None}
        assert list(beside.values()) == [Share(1, 3)]
    with office.app.app_context():
        [code] = beside
        assert "solved in time" in editions_of(db.session).books[0].duties[code].text.en


def test_the_verdict_does_not_hear_of_it(office):
    [code] = [code for code, line in lines(office, RURAL).items() if line.beside is not None]
    before = lines(office, RURAL)[code]
    [open_case] = [
        case for case in office.finds(at(11, 20), POINTS[0], login="head", unit=RURAL, acting=RURAL) if case
    ]
    office.answers(open_case, at(11, 21))
    after = lines(office, RURAL)[code]
    assert (before.beside, after.beside) == (Share(1, 3), Share(2, 4))
    assert (before.cell.status, before.cell.done) == (after.cell.status, after.cell.done)


def test_the_page_says_how_many_were_due_and_how_many_in_time(office):
    [code] = [code for code, line in lines(office, RURAL).items() if line.beside is not None]
    county = company.client_for(office.app, office.cast, "county")
    page = county.get(f"/ledger/{RURAL}/{code}/2026-11")
    assert "问题及时解决 到期 3 件，按期整改 1 件 不影响判定" in words(page)
    assert f'href="/cases/figures?unit={RURAL}&amp;month=2026-11"' in page.text
    english = county.get(f"/ledger/{RURAL}/{code}/2026-11?lang=en")
    assert "3 due, 1 in time" in words(english)


def test_an_edition_that_does_not_ask_for_it_shows_nothing_and_neither_do_months_before_there_were_cases(
    office,
):
    [code] = [code for code, line in lines(office, RURAL).items() if line.beside is not None]
    october = parse_period("2026-10")
    with office.app.app_context():
        session = db.session
        assert details.line(session, session.get(Unit, RURAL), code, october, at(12, 1)).beside is None
    silent = shipped_source().replace('beside = "problems-in-time"\n', "")
    silent = silent.replace('code = "2014"', 'code = "quiet"', 1)
    silent = silent.replace("first_day = 2014-01-01", "first_day = 2026-12-01", 1)
    with office.app.app_context(), transaction() as session:
        add_edition(session, silent, office.cast.people["region"], at(11, 25))
    with office.app.app_context():
        session = db.session
        december = parse_period("2026-12")
        found = details.line(session, session.get(Unit, RURAL), code, december, at(12, 20))
        assert found.beside is None
