"""The figures of a month out of records and moves as they are sent: summed by the database, and folded as they stood at an instant."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from tests import case_office, cast as company
from tests.case_office import FIRST, FOURTH, SECOND, THIRD, at
from tests.cases import cases_in, move
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, REGION, RURAL
from webapp.cases.figures import Days, Share
from webapp.cases.models import Case
from webapp.cases.monthly import figures_of, solved_in_time, trend
from webapp.core.clock import end_of_day
from webapp.core.database import db
from webapp.org.models import Unit
from webapp.rulebook.periods import parse_period
from webapp.rulebook.queries import editions_of

LATER = datetime(2026, 12, 20, 2, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


class Office(case_office.Office):
    """The office with its figures."""

    def figures(self, month: str, unit: str = CITY, now: datetime = LATER, then: datetime | None = None):
        """The unit's figures; as they are known ``now``, or as they stood ``then``."""
        with self.app.app_context():
            session = db.session
            return figures_of(
                session, editions_of(session), session.get(Unit, unit), parse_period(month), now, then
            )

    def both(self, month: str, unit: str = CITY, now: datetime = LATER):
        """The total, once the database's sums and the fold agree upon it, and upon each row and criterion."""
        known, stood = self.figures(month, unit, now), self.figures(month, unit, now, now)
        assert [(row.unit.code, row.values, row.ahead) for row in known.rows] == [
            (row.unit.code, row.values, row.ahead) for row in stood.rows
        ]
        assert (known.total.values, known.total.ahead, known.faults) == (
            stood.total.values,
            stood.total.ahead,
            stood.faults,
        )
        return known.total.values


@pytest.fixture
def office(app, cast):
    return Office(app, cast)


def test_a_month_with_all_that_can_happen(office):
    good, back, late, open_ = office.finds(at(11, 2), FIRST, SECOND, THIRD, FOURTH)  # due on the 9th
    office.answers(good, at(11, 9))
    office.closes(good, at(11, 12))
    office.answers(back, at(11, 4))
    office.returns(back, at(11, 5))
    office.answers(late, at(11, 10))
    found = office.both("2026-11")
    # The returned one had five days left, which began anew on the 5th: due on the 10th, and not answered again.
    assert found["on-time"] == Share(1, 4)
    assert found["closure"] == Share(1, 4)
    assert found["recurrence"] == Share(0, 4)
    assert found["self-found"] == Share(4, 4)
    assert found["returned"] == Share(1, 3)
    assert found["days"] == Days(10, 1)
    assert found["overdue"] == Share(2, 3)
    [fault] = office.figures("2026-11").faults
    assert (fault.kind, fault.criterion, fault.opened, fault.values["on-time"]) == (
        "relay",
        "sign",
        4,
        Share(1, 4),
    )


def test_the_edges_of_the_month_are_local_days(office):
    office.finds(at(10, 24), FIRST)  # due on 31 October
    office.finds(at(10, 25), SECOND)  # due on 1 November
    office.finds(at(11, 1, 0), THIRD)  # its first minute: in UTC still October
    office.finds(at(11, 30, 23), FOURTH)  # due on 7 December
    assert office.both("2026-10")["on-time"] == Share(0, 1)
    assert office.both("2026-10")["self-found"] == Share(2, 2)
    assert office.both("2026-11")["on-time"] == Share(0, 2)
    assert office.both("2026-11")["self-found"] == Share(2, 2)
    assert office.both("2026-12")["on-time"] == Share(0, 1)
    # On the last day nobody is late yet, on the next one everybody is.
    assert office.both("2026-12", now=at(12, 7, 23))["on-time"] == Share(0, 0)
    assert office.figures("2026-12", now=at(12, 7, 23)).total.ahead == 1
    assert office.both("2026-12", now=at(12, 8, 0))["on-time"] == Share(0, 1)


def test_time_granted_late_works_back(office):
    [case] = office.finds(at(11, 2), FIRST)
    office.does("director", move(case, "ask", at(11, 6), "等标牌到货", day="2026-11-13"), at(11, 6))
    office.answers(case, at(11, 12))
    assert office.both("2026-11")["on-time"] == Share(0, 1)
    office.does("county", move(case, "grant", at(11, 16), day="2026-11-13", acting=COUNTY), at(11, 16))
    assert office.both("2026-11")["on-time"] == Share(1, 1)
    # As it stood before it was granted, it was late.
    assert office.figures("2026-11", then=at(11, 15)).total.values["on-time"] == Share(0, 1)


def test_returned_and_answered_again_counts_by_the_last_answer(office):
    [case] = office.finds(at(11, 2), FIRST)
    office.answers(case, at(11, 6))
    assert office.both("2026-11")["on-time"] == Share(1, 1)
    office.returns(case, at(11, 9))  # three of seven days were left: until the 12th
    assert office.both("2026-11")["on-time"] == Share(0, 1)
    office.answers(case, at(11, 12))
    assert office.both("2026-11")["on-time"] == Share(1, 1)
    assert office.both("2026-11")["returned"] == Share(1, 2)
    stood = {day: office.figures("2026-11", then=at(11, day)).total.values for day in (6, 9, 11, 13)}
    # On the 6th the deadline of the 9th had not passed, nor had that of the 12th on the 9th and 11th.
    assert [stood[day]["on-time"] for day in stood] == [Share(0, 0), Share(0, 0), Share(0, 0), Share(1, 1)]
    assert [stood[day]["returned"] for day in stood] == [Share(0, 1), Share(1, 1), Share(1, 1), Share(1, 2)]


@pytest.mark.parametrize(("days", "again"), [(90, 1), (91, 0)])
def test_the_same_within_ninety_days_of_closing_is_a_recurrence(office, days, again):
    [case] = office.finds(at(7, 2), FIRST)
    office.answers(case, at(7, 3))
    office.closes(case, at(7, 3))
    then = at(7, 3) + timedelta(days=days)  # the first or second of October
    office.finds(then, FIRST, SECOND)
    assert office.both("2026-10")["recurrence"] == Share(again, 2)
    assert office.both("2026-07")["recurrence"] == Share(0, 1)


def test_what_is_withdrawn_is_in_no_figure_and_was_in_those_of_before(office):
    [gone] = office.finds(at(11, 2), FIRST)
    office.finds(at(11, 2), SECOND)
    office.answers(gone, at(11, 4))
    assert office.both("2026-11")["on-time"] == Share(1, 2)
    office.withdraws(office.records[0], at(12, 3))
    found = office.both("2026-11")
    assert (found["on-time"], found["self-found"], found["returned"]) == (
        Share(0, 1),
        Share(1, 1),
        Share(0, 0),
    )
    ended = office.figures("2026-11", then=end_of_day(date(2026, 11, 30))).total.values
    assert (ended["on-time"], ended["self-found"], ended["returned"]) == (
        Share(1, 2),
        Share(2, 2),
        Share(0, 1),
    )


def test_what_was_decided_not_to_be_wrong_was_in_the_figures_until_then(office):
    [case] = office.finds(at(11, 2), FIRST)
    office.does("director", move(case, "dispute", at(11, 3), "标牌在侧面"), at(11, 3))
    dispute = next(one for one in cases_in(office.app) if one.parent == case)
    office.does("county", move(dispute.id, "annul", at(11, 5), "属实", unit=CITY, acting=COUNTY), at(11, 5))
    assert office.both("2026-11")["self-found"] == Share(0, 0)
    assert office.figures("2026-11", then=at(11, 4)).total.values["self-found"] == Share(1, 1)


def test_what_the_county_finds_is_not_found_by_the_department_itself(office):
    office.finds(at(11, 3), FIRST, login="county", acting=COUNTY)
    office.finds(at(11, 3), SECOND, THIRD)
    assert office.both("2026-11")["self-found"] == Share(2, 3)


def test_each_unit_has_its_own_row_and_those_above_their_sums(office):
    office.finds(at(11, 3), FIRST, SECOND)
    office.finds(at(11, 3), "锡林敖包居委会", login="head", unit=RURAL, acting=RURAL)
    rows = {row.unit.code: row.values["self-found"] for row in office.figures("2026-11", COUNTY).rows}
    assert rows == {CITY: Share(2, 2), RURAL: Share(1, 1)}
    rows = {row.unit.code: row.values["self-found"] for row in office.figures("2026-11", LEAGUE).rows}
    assert rows == {COUNTY: Share(3, 3), NEXT_COUNTY: Share(0, 0)}
    for unit in (COUNTY, LEAGUE, REGION):
        assert office.both("2026-11", unit)["self-found"] == Share(3, 3)
    assert office.both("2026-11", NEXT_COUNTY)["self-found"] == Share(0, 0)


def test_a_month_before_the_first_case_is_unknown_and_one_without_cases_is_empty(office):
    nothing = office.figures("2026-11")
    assert (nothing.since, nothing.before, nothing.total.values["on-time"].rate) == (None, False, None)
    office.finds(at(11, 20), FIRST)
    october, november, december = (office.figures(f"2026-{month}") for month in (10, 11, 12))
    assert (october.before, november.before, november.partly) == (True, False, True)
    assert (december.before, december.partly, december.total.values["recurrence"]) == (
        False,
        False,
        Share(0, 0),
    )


def test_what_is_older_than_the_mechanism_is_in_no_figure(office):
    [case] = office.finds(at(11, 2), FIRST)
    with office.app.app_context():
        row = db.session.get(Case, case)
        state = next(
            code
            for code, one in editions_of(db.session).books[0].cases.of_findings.states.items()
            if one.before
        )
        row.before, row.state, row.ended, row.deadline, row.due_on, row.climbs = True, state, True, None, None, False  # fmt: skip
        db.session.commit()
    assert office.both("2026-11")["self-found"] == Share(0, 0)


def test_twelve_months_of_what_was_put_right_in_time(office):
    for month, answered in ((9, 3), (10, 20), (11, 3)):
        [case] = office.finds(at(month, 2), FIRST)
        office.answers(case, at(month, answered))
        office.closes(case, at(month, 25))
    with office.app.app_context():
        unit = db.session.get(Unit, COUNTY)
        found = trend(db.session, editions_of(db.session), unit, parse_period("2026-12"), date(2026, 12, 20))
    assert [one.code for one, _ in found][::11] == ["2026-01", "2026-12"]
    assert {one.code: share for one, share in found if share.bottom} == {
        "2026-09": Share(1, 1),
        "2026-10": Share(0, 1),
        "2026-11": Share(1, 1),
    }


def test_of_some_kinds_and_settings_what_was_due_and_solved(office):
    good, _late = office.finds(at(11, 2), FIRST, SECOND)
    office.answers(good, at(11, 3))
    with office.app.app_context():
        unit, month = db.session.get(Unit, COUNTY), parse_period("2026-11")

        def solved(kinds, settings=(), today=date(2026, 12, 1)):
            return solved_in_time(db.session, editions_of(db.session), unit, month, today, kinds, settings)

        assert solved(["relay"]) == solved(["relay"], ["city"]) == Share(1, 2)
        assert solved(["relay"], ["rural"]) == solved(["parcel"]) == Share(0, 0)
        assert solved(["relay"], today=date(2026, 11, 9)) == Share(0, 0)


def test_the_number_of_queries_does_not_grow(office):
    office.finds(at(11, 2), FIRST)
    few = {then: _queries(office, then) for then in (None, LATER)}
    several = office.finds(at(11, 3), SECOND, THIRD, FOURTH)
    for case in several:
        office.answers(case, at(11, 5))
        office.closes(case, at(11, 6))
    assert {then: _queries(office, then) for then in (None, LATER)} == few


def _queries(office: Office, then: datetime | None) -> int:
    with office.app.app_context():
        seen = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        db.session.scalars(select(Unit.code)).all()
        figures_of(
            db.session, editions_of(db.session), db.session.get(Unit, REGION), parse_period("2026-11"), LATER, then
        )  # fmt: skip
        db.session.remove()
        return len(seen)
