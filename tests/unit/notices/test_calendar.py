"""The calendar as RFC 5545 asks for it, read by a strict reader of its own."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies

from webapp.notices.channels.calendar.ics import calendar, escaped, folded
from webapp.notices.deadlines import Deadline

MADE = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
SITE = "https://toucha.example.cn"
LONG = "严重问题：宝力根街道投递部“无签收”，请在期限内答复并附整改照片；" * 3
DUE = Deadline("case-0190a", date(2026, 11, 27), LONG, "A, b; c \\ d\ne", "/problems/1?x=1")


def lines_of(data: bytes) -> list[str]:
    """Unfolded content lines; every octet rule of section 3.1 is looked at."""
    assert data.endswith(b"\r\n")
    raw = data[:-2].split(b"\r\n")
    assert b"\r" not in b"".join(raw) and b"\n" not in b"".join(raw), "only CRLF ends a line"
    assert max(map(len, raw)) <= 75
    for line in raw:
        line.decode()  # no character is cut in two: each line is UTF-8 by itself
    return data.decode().replace("\r\n ", "").rstrip("\r\n").split("\r\n")


def read(data: bytes) -> list[dict[str, str]]:
    """The events as {name with parameters: value}; the shape of a calendar is looked at."""
    lines = lines_of(data)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events: list[dict[str, str]] = []
    inside = False
    for line in lines[1:-1]:
        name, _colon, value = line.partition(":")
        assert re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[A-Z]+)*", name), name
        if line == "BEGIN:VEVENT":
            assert not inside
            events.append({})
            inside = True
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            assert name not in events[-1], "once each"
            events[-1][name] = value
    assert not inside
    return events


def unescaped(value: str) -> str:
    """A TEXT value as a calendar shows it; a mark that ought to be escaped and is not is an error [3.3.11]."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value)
    assert re.fullmatch(r"(?:[^\\]|\\[\\;,nN])*", value)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_a_deadline_is_a_whole_day_with_a_stable_uid_and_a_link():
    [event] = read(calendar([DUE], "zh", SITE, MADE))
    assert event.pop("SUMMARY") and event == {
        "UID": "case-0190a@toucha",
        "DTSTAMP": "20261120T010203Z",
        "DTSTART;VALUE=DATE": "20261127",
        "DTEND;VALUE=DATE": "20261128",
        "TRANSP": "TRANSPARENT",
        "URL": f"{SITE}/problems/1?x=1",
    }


def test_a_long_chinese_summary_is_folded_and_comes_back_whole():
    [event] = read(calendar([DUE], "zh", SITE, MADE))
    assert unescaped(event["SUMMARY"]) == LONG


def test_marks_are_escaped_and_control_characters_left_out():
    [event] = read(calendar([DUE], "en", "", MADE))
    assert event["SUMMARY"] == "A\\, b\\; c \\\\ d\\ne" and "URL" not in event
    assert escaped("a\x00b\x07\x7f\r\nEND:VEVENT") == "ab\\nEND:VEVENT"


def test_the_same_deadlines_are_the_same_bytes_and_none_is_a_calendar_too():
    assert calendar([DUE], "zh", SITE, MADE) == calendar([DUE], "zh", SITE, MADE)
    assert read(calendar([], "en", SITE, MADE)) == []
    head = lines_of(calendar([], "en", SITE, MADE))
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"} <= set(head)
    assert sum(line.startswith("PRODID:") for line in head) == 1


@given(strategies.text(max_size=400))
def test_whatever_a_text_holds_the_calendar_can_be_read_and_says_it(text):
    text = "".join(char for char in text if not 0xD800 <= ord(char) < 0xE000)
    [event] = read(calendar([Deadline("u", date(2026, 1, 1), text, text, "/")], "en", SITE, MADE))
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(char for char in plain if char in "\n\t" or (ord(char) >= 32 and ord(char) != 127))
    assert unescaped(event["SUMMARY"]) == shown


@pytest.mark.parametrize("length", [74, 75, 76, 149, 150, 225])
def test_a_line_is_folded_at_75_octets_and_not_before(length):
    raw = folded("x" * length)[:-2].split(b"\r\n ")
    assert b"".join(raw) == b"x" * length
    assert len(raw[0]) == min(length, 75) and all(len(part) <= 74 for part in raw[1:])
