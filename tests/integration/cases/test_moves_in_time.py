"""Moves that come in time and those that come a day too late: both sides of each limit, worked by hand [C.1–C.5].

Everything is found on Friday 20 November 2026 and due on Friday 27.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import cast as company
from tests.cases import answer, cases_in, move, send_at
from tests.cast import CITY, COUNTY
from tests.desk_records import envelope, inspection, parcels
from webapp.core.database import transaction
from webapp.core.problems import Problem
from webapp.recording.operations import record_at_desk

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)  # ten in the morning


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def on(day: int, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


def found(app, cast, at: datetime = FRIDAY, first: int = 0):
    """The problem that a failed parcel opens, or the newest of several."""
    day = at.date().isoformat()
    sent = envelope(inspection(parcels(1, 1, first), date=day, ended=at.isoformat()))
    assert send_at(app, cast, "inspector", sent, at).state == "stored"
    return [one for one in cases_in(app) if one.type == "problem"][-1]


def refused(app, cast, login: str, sent: dict, at: datetime) -> str | None:
    """The code of the problem; None where it was stored."""
    outcome = send_at(app, cast, login, sent, at)
    return outcome.problem.code if outcome.state == "refused" else None


def closed(app, cast, case: str, at: datetime = FRIDAY) -> None:
    assert refused(app, cast, "director", answer(case, at), at) is None
    assert refused(app, cast, "inspector", move(case, "close", at), at) is None


def test_more_time_is_asked_for_by_the_deadline_and_never_after_it(app, cast):
    case = found(app, cast)
    late = move(case.id, "ask", on(28), "配件未到", day="2026-11-30")
    assert refused(app, cast, "director", late, on(28)) == "case-moved"
    # Written offline on the last day and brought after it: the day of the work.
    offline = move(case.id, "ask", on(27), "配件未到", day="2026-11-30")
    assert refused(app, cast, "director", offline, on(28)) is None


def test_each_time_by_the_first_span_at_most_and_twice(app, cast):
    case, until = found(app, cast), ("2026-12-04", "2026-12-11")
    for asked, granted, day, beyond in ((on(26), on(30), until[0], "2026-12-05"), (on(4, 12), on(7, 12), until[1], "2026-12-12")):  # fmt: skip
        too_far = move(case.id, "ask", asked, "配件未到", day=beyond)
        assert refused(app, cast, "director", too_far, asked) == "bad-fact"
        assert refused(app, cast, "director", move(case.id, "ask", asked, "配件未到", day=day), asked) is None
        more = move(case.id, "grant", granted, day=beyond, acting=COUNTY)
        assert refused(app, cast, "county", more, granted) == "bad-fact"
        assert (
            refused(app, cast, "county", move(case.id, "grant", granted, day=day, acting=COUNTY), granted)
            is None
        )
    third = move(case.id, "ask", on(8, 12), "配件未到", day="2026-12-14")
    assert refused(app, cast, "director", third, on(8, 12)) == "case-moved"
    [case] = cases_in(app)
    assert (case.deadline, case.due_on) == (date(2026, 12, 11), date(2026, 12, 11))


def test_a_disputed_finding_is_disputed_within_three_workdays(app, cast):
    """Monday 23, 24, Wednesday 25; on Thursday no more. The week-end does not count."""
    case = found(app, cast)
    assert (
        refused(app, cast, "director", move(case.id, "dispute", on(26), "系统延迟"), on(26))
        == "too-late-for-move"
    )
    assert refused(app, cast, "director", move(case.id, "dispute", on(25), "系统延迟"), on(25)) is None
    assert (
        refused(app, cast, "director", move(case.id, "dispute", on(25), "系统延迟"), on(25)) == "case-moved"
    )


def test_it_is_opened_again_within_thirty_days_of_closing_and_later_no_more(app, cast):
    """Closed on 20 November; the thirtieth day is 20 December."""
    case = found(app, cast)
    closed(app, cast, case.id)
    after = move(case.id, "reopen", on(21, 12), "又发现", acting=COUNTY)
    assert refused(app, cast, "county", after, on(21, 12)) == "too-late-for-move"
    within = move(case.id, "reopen", on(20, 12), "又发现", acting=COUNTY)
    assert refused(app, cast, "county", within, on(20, 12)) is None
    [case] = cases_in(app)
    assert (case.state, case.deadline) == ("open", date(2026, 12, 27))


@pytest.mark.parametrize(
    ("at", "recurs", "severity", "deadline"),
    [
        # Day 90 after 20 November is 18 February 2027: one severity higher; three workdays of a year without a notice.
        (on(18, 2, 2027), True, "serious", date(2027, 2, 23)),
        # Day 91: a problem like any other.
        (on(19, 2, 2027), False, "ordinary", date(2027, 2, 26)),
    ],
)
def test_the_same_at_the_same_place_is_a_recurrence_for_ninety_days(
    app, cast, at, recurs, severity, deadline
):
    first = found(app, cast)
    closed(app, cast, first.id)
    again = found(app, cast, at, 100)
    assert again.previous == (first.id if recurs else None)
    assert (again.severity, again.deadline) == (severity, deadline)


def ordered(app, cast, at: datetime = FRIDAY, deadline: date = date(2026, 11, 30)):
    open = {
        "type": "case-order", "unit": CITY, "acting": COUNTY, "date": at.date().isoformat(), "cases": [],
        "deadline": deadline.isoformat(),
    }  # fmt: skip
    with app.app_context(), transaction() as session:
        me = cast.actor(session, "county", at.date())
        record_at_desk(session, me, at, open, {"notes": {"text": "请限期整改"}})
    return next(one for one in cases_in(app) if one.type == "work-order")


def test_an_order_is_refused_once_and_within_a_workday(app, cast):
    """Issued on Friday: Monday 23 is the workday after it, Tuesday too late; once insisted on, it is not refused again."""
    order = ordered(app, cast)
    assert order.number == "督〔2026〕1号"
    late = refused(app, cast, "director", move(order.id, "refuse", on(24), "不属本部"), on(24))
    assert late == "too-late-for-move"
    assert refused(app, cast, "director", move(order.id, "refuse", on(23), "不属本部"), on(23)) is None
    insisted = move(order.id, "insist", on(23), "维持", acting=COUNTY)
    assert refused(app, cast, "county", insisted, on(23)) is None
    again = refused(app, cast, "director", move(order.id, "refuse", on(23), "不属本部"), on(23))
    assert again == "case-moved"
    [case] = cases_in(app)
    assert (case.state, case.deadline) == ("received", date(2026, 11, 30))  # the clock ran on


def test_numbers_of_a_year_have_no_gap_where_an_order_was_refused(app, cast):
    with pytest.raises(Problem):
        ordered(app, cast, deadline=date(2026, 11, 19))
    first = ordered(app, cast)
    with pytest.raises(Problem):
        ordered(app, cast, deadline=date(2028, 1, 1))
    numbers = {first.number} | {ordered_at(app, cast, n) for n in (1, 2)}
    assert numbers == {"督〔2026〕1号", "督〔2026〕2号", "督〔2026〕3号"}
    assert ordered(app, cast, on(4, 1, 2027), date(2027, 1, 11)) and "督〔2027〕1号" in {
        one.number for one in cases_in(app)
    }


def ordered_at(app, cast, hours: int) -> str:
    before = {one.id for one in cases_in(app)}
    ordered(app, cast, FRIDAY + timedelta(hours=hours))
    return next(one.number for one in cases_in(app) if one.id not in before)
