"""Deadlines as an iCalendar object [RFC 5545]. Pure: the same deadlines are the same bytes, so that an ETag holds."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from webapp.notices.deadlines import Deadline

LINE = 75  # octets of a line without its end [3.1]
NAMES = {"zh": "投查 · 期限", "en": "Toucha · deadlines"}
HOST = "toucha"  # behind the @ of each UID: not the server's name, which may change


def calendar(deadlines: Iterable[Deadline], language: str, site: str, made_at: datetime) -> bytes:
    """One whole day an event. ``made_at``: when the feed was made, the stamp of all its events."""
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Toucha//deadlines//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(NAMES[language])}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    stamp = f"{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = [
        *head,
        *(line for one in deadlines for line in _event(one, language, site, stamp)),
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def _event(deadline: Deadline, language: str, site: str, stamp: str) -> list[str]:
    after = deadline.day + timedelta(days=1)  # the end is not part of it [3.6.1]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(deadline.uid)}@{HOST}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{deadline.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{escaped(getattr(deadline, language))}",
        "TRANSP:TRANSPARENT",
    ]
    if site:
        lines.append(f"URL:{site}{deadline.address}")
    return [*lines, "END:VEVENT"]


def escaped(text: str) -> str:
    """A TEXT value [3.3.11]; control characters, which it may not hold, are left out."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(char for char in text if char in "\n\t" or (ord(char) >= 32 and ord(char) != 127))
    return plain.replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A content line in octets with its CRLF, none longer than 75, and no character cut in two [3.1]."""
    parts, part = [], b""
    for char in line:
        octets = char.encode()
        if len(part) + len(octets) > (LINE - 1 if parts else LINE):
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
