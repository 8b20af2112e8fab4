"""The clock. Read once per request or command and passed on as ``now``; nobody below a door reads it."""

from datetime import UTC, date, datetime, timedelta, timezone

# Inner Mongolia keeps Beijing time all year, so the zone is a fixed offset and needs no tz database.
LOCAL = timezone(timedelta(hours=8), "Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local_date(instant: datetime) -> date:
    """The calendar day in Inner Mongolia at ``instant`` (aware)."""
    return instant.astimezone(LOCAL).date()


def end_of_day(day: date) -> datetime:
    """The first instant after ``day`` in local time: a line that closes on ``day`` closes then."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), LOCAL).astimezone(UTC)
