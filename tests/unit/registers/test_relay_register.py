"""The relay register as values: when a point is open, what its changes add up to, which points are likely one."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings, strategies as st

from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.registers.columns import HEADERS, STATE, column_of
from webapp.registers.rules import (
    Change,
    Outline,
    closes_ahead,
    duplicates,
    fault_of,
    is_open,
    lasting,
    matches,
    metres,
    pairs,
    spans,
)
from webapp.registers.schemas import read_change

FIRST = date(2026, 11, 1)


def day(number: int) -> date:
    return date(2026, 11, number)


def change(number: int, op: str, on: int, **values) -> Change:
    return Change(f"{number:04}", op, day(on), values)


def place(number: int, name: str, kind: str = "property", **more) -> Outline:
    return Outline(str(number), name, kind, **more)


# ---------------------------------------------------------------- when a point is open


def test_a_point_made_with_its_unit_is_open_from_the_units_first_day():
    assert spans(FIRST, None, []) == [(FIRST, None)]
    assert spans(FIRST, day(9), []) == [(FIRST, day(9))]


def test_a_closed_point_is_open_up_to_the_day_before():
    life = spans(FIRST, None, [change(1, "open", 3), change(2, "close", 10)])
    assert life == [(day(3), day(10))]
    assert [is_open(life, day(n)) for n in (2, 3, 9, 10)] == [False, True, True, False]


def test_a_reopened_point_was_not_open_in_between():
    steps = [change(1, "open", 1), change(2, "close", 5), change(3, "reopen", 20)]
    assert spans(FIRST, None, steps) == [(day(1), day(5)), (day(20), None)]


def test_the_order_in_which_changes_arrive_does_not_matter():
    steps = [
        change(1, "open", 1, name="a"),
        change(2, "close", 5),
        change(3, "reopen", 20),
        change(4, "change", 7, name="b"),
    ]
    lives = {tuple(spans(FIRST, None, order)) for order in permutations(steps)}
    names = {lasting(order)["name"] for order in permutations(steps)}
    assert (len(lives), names) == (1, {"b"})


def test_a_change_of_an_earlier_day_that_arrives_late_does_not_undo_a_later_one():
    assert lasting([change(1, "change", 9, keeper="新"), change(2, "change", 4, keeper="旧", name="x")]) == {
        "keeper": "新",
        "name": "x",
    }


def test_two_people_who_close_one_point_close_it_from_the_earlier_day():
    assert spans(FIRST, None, [change(1, "open", 1), change(2, "close", 5), change(3, "close", 4)]) == [
        (day(1), day(4))
    ]


@pytest.mark.parametrize(
    ("op", "on", "fault"),
    [
        ("open", 12, {"point": "known"}),
        ("close", 12, {"op": "closed"}),
        ("reopen", 4, {"op": "open"}),
        ("change", 1, {"day": "before-opening"}),
        ("close", 4, {}),
        ("reopen", 10, {}),
        ("change", 12, {}),
        ("confirm", 12, {}),
    ],
)
def test_what_makes_no_sense_on_a_day_is_named(op, on, fault):
    assert fault_of(op, day(on), [(day(2), day(10))]) == fault


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["close", "reopen"]), st.integers(2, 28)), max_size=6))
def test_a_life_is_spans_in_order_that_never_touch_backwards(steps):
    life = spans(FIRST, None, [change(n, op, on) for n, (op, on) in enumerate(steps)])
    assert life[0][0] >= FIRST
    assert all(until is not None for _, until in life[:-1])
    assert all(one[1] <= other[0] for one, other in zip(life, life[1:], strict=False))


# ---------------------------------------------------------------- likely doubles


def test_the_same_name_in_other_characters_is_likely_one_point():
    one = place(1, "阳光小区（Ａ区）物业")
    assert duplicates(one, [place(2, "阳光小区(A区) 物业"), place(3, "阳光小区B区物业")]) == [
        (place(2, "阳光小区(A区) 物业"), "name")
    ]


def test_two_points_of_a_kind_within_thirty_metres_are_likely_one():
    here = place(1, "东门收发室", "mail-room", latitude=43.9334, longitude=116.0860)
    near = place(2, "财政局收发室", "mail-room", latitude=43.93358, longitude=116.0861)
    other_kind = place(3, "小区物业", "property", latitude=43.9334, longitude=116.0860)
    far = place(4, "北门收发室", "mail-room", latitude=43.9340, longitude=116.0860)
    assert 20 < metres(here, near) < 30 < 60 < metres(here, far) < 70
    assert duplicates(here, [here, near, other_kind, far]) == [(near, "near")]


def test_one_keeper_with_one_telephone_is_likely_one_point_and_a_keeper_alone_is_not():
    one = place(1, "甲", keeper="白音", contact="139-0479-0000")
    assert duplicates(one, [place(2, "乙", keeper="白音", contact="139 0479 0000")])[0][1] == "keeper"
    assert duplicates(one, [place(3, "乙", keeper="白音"), place(4, "丙", contact="13904790000")]) == []
    assert (
        duplicates(place(5, "甲乙", keeper=None, contact=""), [place(6, "丁", keeper=None, contact="")]) == []
    )


def test_a_point_without_a_position_is_near_nothing():
    assert metres(place(1, "甲"), place(2, "乙", latitude=1.0, longitude=1.0)) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["甲", "乙", "丙", "丁"]),
            st.sampled_from(["property", "village"]),
            st.integers(0, 12),
            st.integers(0, 12),
        ),
        max_size=12,
    )
)
def test_the_quick_search_for_doubles_finds_what_comparing_all_finds(rows):
    points = [
        Outline(str(n), name, kind, latitude=53.0 + up * 1e-4, longitude=120.0 + right * 1e-4)
        for n, (name, kind, up, right) in enumerate(rows)
    ]
    slow = {one.id: {other.id for other, _ in duplicates(one, points)} for one in points}
    quick = {one: {other.id for other, _ in found} for one, found in pairs(points).items()}
    assert quick == {one: others for one, others in slow.items() if others}


@pytest.mark.parametrize("query", ["额尔敦", "eed", "居委会", "eed 团结", " ", "团结大街"])
def test_a_point_is_found_by_name_by_initials_and_by_address(query):
    assert matches(query, "额尔敦社区居委会", "eedsqjwh", "团结大街 5 号")


def test_a_point_is_not_found_by_what_is_not_there():
    assert not matches("额尔敦 胜利", "额尔敦社区居委会", "eedsqjwh", "团结大街")


# ---------------------------------------------------------------- what a change may say


def said(op: str = "open", **more) -> dict:
    values = {"name": "站前小区物业", "kind": "property"} if op == "open" else {}
    return {"point": new_id(), "op": op, "date": "2026-11-20", "values": values, **more}


def test_a_new_point_is_read_with_its_texts_trimmed():
    draft = read_change(
        said(
            values={
                "name": " 站前小区物业 ",
                "kind": "property",
                "address": "",
                "photo": {"sha256": "a" * 64, "size": 9},
            }
        ),
        '{"keeper": " 白音 ", "notes": {}}',
    )
    assert (draft.values["name"], draft.values["address"], draft.photo, draft.photo_size) == (
        "站前小区物业",
        None,
        "a" * 64,
        9,
    )
    assert (draft.personal, draft.day) == ({"keeper": "白音"}, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("change_of", "personal", "field", "reason"),
    [
        (said(values={"kind": "property"}), None, "values.name", "empty"),
        (said(values={"name": "甲"}), None, "values.kind", "empty"),
        (said(values={"name": "甲", "kind": "shop"}), None, "values.kind", "choice"),
        (said(values={"name": "甲" * 81, "kind": "property"}), None, "values.name", "long"),
        (said(values={"name": "甲\n乙", "kind": "property"}), None, "values.name", "characters"),
        (said("change", values={"name": None}), None, "values.name", "empty"),
        (said("change", values={"latitude": 43.9}), None, "values.longitude", "both"),
        (said("change", values={"latitude": 43.9, "longitude": None}), None, "values.longitude", "both"),
        (said("change", values={"latitude": 143.9, "longitude": 116.0}), None, "values.latitude", "degrees"),
        (said("change", values={"latitude": True, "longitude": 116.0}), None, "values.latitude", "degrees"),
        (said("change", values={"route": "1"}), None, "values.route", "choice"),
        (said("change", values={"agreement": "maybe"}), None, "values.agreement", "choice"),
        (said("change", values="nothing"), None, "values._schema", "Invalid input type."),
        (said("change"), '{"contact": 13904790000}', "personal.contact", "text"),
        (said("change"), '{"note": "%s"}' % ("长" * 201), "personal.note", "long"),
        (said("change"), None, "values", "empty"),
        (said("confirm", values={"name": "甲"}), None, "values", "none at confirm"),
        (said("reopen", day="2026-11-21"), None, "day", "future"),
        (said("close", day="2027-11-22"), None, "day", "far"),
        (said("close", day="2026-10-19"), None, "day", "early"),
        (said("close", day="someday"), None, "day", "day"),
        (said("sell"), None, "op", "Must be one of: open, change, confirm, close, reopen."),
        ({**said("close"), "point": "1"}, None, "point", "choice"),
    ],
)
def test_what_a_change_may_not_say_is_refused_by_its_field(change_of, personal, field, reason):
    with pytest.raises(Problem) as caught:
        read_change(change_of, personal)
    assert (caught.value.code, caught.value.fields.get(field)) == ("bad-fact", reason)


def test_a_change_holds_from_up_to_31_days_before_the_work():
    assert read_change(said("close", day="2026-10-20"), None).day == date(2026, 10, 20)


# ---------------------------------------------------------------- columns


def test_every_column_that_an_export_fills_is_read_again_in_both_languages():
    for name, headers in HEADERS.items():
        for header in headers:
            assert column_of(header) == (None if name in STATE else name)


@pytest.mark.parametrize(
    ("header", "name"),
    [("接转点名称（必填）", "name"), ("联系电话", "contact"), (" 段 道 ", "route"), ("收件人", None)],
)
def test_an_office_may_call_its_columns_otherwise(header, name):
    assert column_of(header) == name


# ---------------------------------------------------------------- a closing that lies ahead


def made(number: int, op: str, on: int, worked: int) -> Change:
    return Change(f"{number:04}", op, day(on), {}, day(worked))


OPENED = made(1, "open", 1, 1)


def test_a_point_that_closes_next_week_is_open_until_then():
    life = spans(FIRST, None, [OPENED, made(2, "close", 20, 10)])
    assert life == [(day(1), day(20))]
    assert (closes_ahead(life, day(10)), closes_ahead(life, day(20))) == (day(20), None)


@pytest.mark.parametrize(
    ("steps", "life"),
    [
        # taken back before its day, whatever day the reopening bears
        ([made(3, "reopen", 12, 12)], [(day(1), None)]),
        # closed anew: later, earlier, or at once
        ([made(3, "close", 25, 12)], [(day(1), day(25))]),
        ([made(3, "close", 15, 12)], [(day(1), day(15))]),
        ([made(3, "close", 12, 12)], [(day(1), day(12))]),
        # closed at once and opened again: the first closing does not come back
        ([made(3, "close", 12, 12), made(4, "reopen", 14, 14)], [(day(1), day(12)), (day(14), None)]),
        # taken back, then closed once more
        ([made(3, "reopen", 12, 12), made(4, "close", 28, 13)], [(day(1), day(28))]),
        # its day has come: what is said then is another matter
        ([made(3, "reopen", 22, 22)], [(day(1), day(20)), (day(22), None)]),
    ],
)
def test_a_closing_ahead_is_closed_anew_or_taken_back_until_its_day(steps, life):
    everything = [OPENED, made(2, "close", 20, 10), *steps]
    for order in permutations(everything):
        assert spans(FIRST, None, order) == life


def test_what_was_closed_in_the_past_is_not_taken_back_by_a_late_reopening():
    # Of the first release: no change lay ahead, and none says when it was made.
    steps = [change(1, "open", 1), change(4, "close", 10), change(5, "reopen", 7), change(2, "close", 5)]
    assert spans(FIRST, None, steps) == [(day(1), day(5)), (day(7), day(10))]


def test_a_closing_ahead_makes_sense_to_close_anew_and_to_take_back():
    life = [(day(1), day(20))]
    assert fault_of("close", day(25), life, day(10)) == {}
    assert fault_of("reopen", day(10), life, day(10)) == {}
    assert fault_of("close", day(25), life, day(20)) == {"op": "closed"}
    assert fault_of("reopen", day(10), [(day(1), None)], day(10)) == {"op": "open"}


def test_a_closing_may_be_known_a_year_before_and_nothing_else_ahead():
    def read(op: str, on: date):
        said = {"point": new_id(), "op": op, "date": "2026-11-10", "day": on.isoformat()}
        return read_change(said, "").day

    assert read("close", date(2027, 11, 11)) == date(2027, 11, 11)
    for op, on, why in (("close", date(2027, 11, 12), "far"), ("reopen", date(2026, 11, 11), "future")):
        with pytest.raises(Problem) as refused:
            read(op, on)
        assert refused.value.fields == {"day": why}
