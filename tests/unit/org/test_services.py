"""What a department offers from which day on: spans that never overlap, and never a day without any service."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from webapp.core.problems import Problem
from webapp.org import schemas
from webapp.org.dated_attributes import listed
from webapp.org.services import SERVICES, changed, has_open, left_bare, operator_on, said_last, services_on
from webapp.org.units import UNIT

DAY = timedelta(days=1)
OPENED = date(2026, 1, 1)


def nov(day: int) -> date:
    return date(2026, 11, day)


def test_a_service_is_had_on_its_first_and_on_its_last_day():
    spans = [("delivery", OPENED, None), ("counter", nov(3), nov(5))]
    assert [services_on(spans, nov(day)) for day in (2, 3, 5, 6)] == [
        {"delivery"},
        {"delivery", "counter"},
        {"delivery", "counter"},
        {"delivery"},
    ]
    assert services_on([], nov(3)) == frozenset()
    assert services_on(spans, OPENED - DAY) == frozenset()


@pytest.mark.parametrize(
    ("rows", "day", "operator"),
    [
        ([], nov(3), None),
        ([(OPENED, "own")], nov(3), "own"),
        ([(OPENED, "own")], OPENED - DAY, "own"),
        ([(OPENED, "own"), (nov(3), "agency")], nov(2), "own"),
        ([(OPENED, "own"), (nov(3), "agency")], nov(3), "agency"),
    ],
)
def test_who_runs_a_department_holds_until_the_next_row(rows, day, operator):
    assert operator_on(rows, day) == operator


def test_a_service_that_begins_and_ends_is_one_span_and_begins_anew_as_another():
    spans = changed([("delivery", OPENED, None)], "counter", True, nov(3))
    spans = changed(spans, "counter", False, nov(10))
    spans = changed(spans, "counter", True, nov(20))
    assert spans == [("delivery", OPENED, None), ("counter", nov(3), nov(9)), ("counter", nov(20), None)]


def test_the_same_day_takes_back_what_was_said_of_it():
    before = [("delivery", OPENED, None), ("counter", nov(3), None)]
    ended = changed(before, "counter", False, nov(10))
    assert changed(ended, "counter", True, nov(10)) == before
    assert changed(before, "counter", False, nov(3)) == before[:1]


@pytest.mark.parametrize(
    ("spans", "day", "bare"),
    [
        ([("delivery", OPENED, None)], nov(3), False),
        ([("delivery", OPENED, nov(2))], nov(3), True),
        # The other service ended in the meantime: two days later there is nothing left.
        ([("counter", OPENED, nov(4)), ("delivery", OPENED, nov(2))], nov(3), True),
        ([("counter", nov(3), None), ("delivery", OPENED, nov(2))], nov(3), False),
        ([("counter", nov(5), None), ("delivery", OPENED, nov(2))], nov(3), True),
        ([], nov(3), True),
    ],
)
def test_a_day_without_any_service_is_seen(spans, day, bare):
    assert left_bare(spans, day) is bare


steps = st.lists(st.tuples(st.sampled_from(SERVICES), st.booleans(), st.integers(0, 40)), max_size=25)


@given(steps)
def test_whatever_is_entered_one_after_the_other_no_two_spans_of_a_service_overlap(entered):
    spans = [("delivery", OPENED, None)]
    for service, offers, number in entered:
        day, since = OPENED + number * DAY, said_last(spans, service)
        if has_open(spans, service) == offers or (since and day < since):
            continue
        before, spans = spans, changed(spans, service, offers, day)
        # From the day on it is as was said, before the day as it was; other services do not notice.
        for n in range(-1, 45):
            one = OPENED + n * DAY
            held = services_on(spans, one)
            assert (service in held) is (offers if one >= day else service in services_on(before, one))
            assert held - {service} == services_on(before, one) - {service}
    for service in SERVICES:
        own = sorted(span for span in spans if span[0] == service)
        assert all(first <= (last or first) for _, first, last in own)
        assert all(a[2] is not None and a[2] + DAY < b[1] for a, b in zip(own, own[1:], strict=False))


# ---------------------------------------------------------------- forms

FORM = {
    "code": "152502777",
    "name": "新部",
    "parent": "152502",
    "opened_on": "2026-11-20",
    "setting": "rural",
}


@pytest.mark.parametrize(
    "text", ["counter、delivery", "counter,delivery", " delivery ， counter ", "delivery/counter"]
)
def test_services_are_listed_with_any_usual_sign_between_them(text):
    assert schemas.read(UNIT, {**FORM, "services": text})["services"] == ("delivery", "counter")


@pytest.mark.parametrize(
    ("field", "value"),
    [("services", "delivery,parcels"), ("services", "、"), ("operator", "nobody"), ("bureau", "financial")],
)
def test_a_word_that_is_no_service_operator_or_bureau_is_refused(field, value):
    with pytest.raises(Problem) as refused:
        schemas.read(UNIT, {**FORM, field: value})
    assert refused.value.fields == {field: "choice"}


def test_what_a_form_does_not_say_is_not_said():
    form = schemas.read(UNIT, FORM)
    assert (form["services"], form["operator"], form["bureau"]) == (None, None, None)
    assert listed("") == []
