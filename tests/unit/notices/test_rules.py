"""When a digest is due, how long a try waits, what an address is: by examples."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.notices.rules import is_address, is_due, is_phone_address, room_at, wait_after

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # local noon
SECOND = timedelta(seconds=1)


def test_a_digest_is_due_from_the_local_hour_on():
    assert is_due(12, NOON) and is_due(0, NOON) and not is_due(13, NOON)
    assert not is_due(12, NOON - SECOND)


def test_waits_double_up_to_two_hours_and_lie_a_quarter_apart():
    assert [wait_after(n, 0.5).total_seconds() / 60 for n in (1, 2, 3, 7, 8, 50)] == [1, 2, 4, 64, 120, 120]
    assert wait_after(1, 0).total_seconds() == 45 and wait_after(1, 1).total_seconds() == 75


def test_a_robot_takes_twenty_in_any_minute():
    full = [NOON + n * SECOND for n in range(20)]
    assert room_at(full[:19], NOON + 19 * SECOND) is None
    assert room_at(full, NOON + 20 * SECOND) == NOON + 60 * SECOND
    assert room_at(full, NOON + 60 * SECOND) is None
    assert room_at(full[::-1], NOON + 20 * SECOND) == NOON + 60 * SECOND


@pytest.mark.parametrize("text", ["/notices", "/app/record/1", "/problems?unit=152502&kind=a"])
def test_a_path_of_this_site_is_an_address(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["", "notices", "//a.example", "/\\a.example", "https://a.example/", "/a b", "/a\nb", "/" + "a" * 200],
)
def test_nothing_else_is(text):
    assert not is_address(text)


def test_a_screen_of_the_field_app_lies_below_app():
    assert (
        is_phone_address("/app/notices")
        and not is_phone_address("/apple")
        and not is_phone_address("/notices")
    )
