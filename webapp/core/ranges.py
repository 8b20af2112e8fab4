"""The range of what comes from outside: of every day and instant, so that no sum of days carries out of the calendar, and
of every count, which is looked at before what is counted."""

from datetime import UTC, date, datetime, time

from marshmallow import fields, validate

from webapp.core.clock import LOCAL

# What a ledger can be about: its periods are read back from these years only.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
# What a clock may say: one that lost its battery begins at 1970 or 1980, and its records must be understood.
CLOCK_FIRST_DAY = date(1900, 1, 1)
FIRST_INSTANT = datetime.combine(CLOCK_FIRST_DAY, time(), UTC)
LAST_INSTANT = datetime.combine(LAST_DAY, time(), LOCAL)


class Day(fields.Date):
    """A day from ``first`` to ``last``, both included: else the message ``range``."""

    default_error_messages = {"range": "a day from {first} to {last}"}

    def __init__(self, first: date = FIRST_DAY, last: date = LAST_DAY, **options):
        self.first, self.last = first, last
        super().__init__(**options)

    def _deserialize(self, value, attr, data, **options):
        day = super()._deserialize(value, attr, data, **options)
        if not self.first <= day <= self.last:
            raise self.make_error("range", first=self.first, last=self.last)
        return day


class ClockDay(Day):
    """A day as a phone's clock says it, which may be far behind."""

    def __init__(self, **options):
        super().__init__(CLOCK_FIRST_DAY, LAST_DAY, **options)


class Instant(fields.AwareDateTime):
    """An instant as a clock says it, with its offset."""

    default_error_messages = {"range": "an instant from {first} to {last}"}

    def _deserialize(self, value, attr, data, **options):
        instant = super()._deserialize(value, attr, data, **options)
        if within(instant) != instant:
            raise self.make_error("range", first=CLOCK_FIRST_DAY, last=LAST_DAY)
        return instant


class NearestInstant(Instant):
    """An instant of which only how far off it is matters: beyond the range its nearest end is taken."""

    def _deserialize(self, value, attr, data, **options):
        return within(fields.AwareDateTime._deserialize(self, value, attr, data, **options))


def _few(value: object, most: int) -> None:
    if isinstance(value, (list, dict)):
        validate.Length(max=most)(value)


class Few(fields.List):
    """A list of ``least`` to ``most``: a longer one is refused before any of its values is looked at."""

    def __init__(self, inner, most: int, least: int = 0, **options):
        self.most = most
        super().__init__(inner, validate=validate.Length(least, most), **options)

    def _deserialize(self, value, attr, data, **options):
        _few(value, self.most)
        return super()._deserialize(value, attr, data, **options)


class FewNamed(fields.Dict):
    """The same of values by name."""

    def __init__(self, most: int, **options):
        self.most = most
        super().__init__(**options)

    def _deserialize(self, value, attr, data, **options):
        _few(value, self.most)
        return super()._deserialize(value, attr, data, **options)


def within(instant: datetime) -> datetime:
    """The instant itself, or the end of the range that it lies beyond."""
    return min(max(instant, FIRST_INSTANT), LAST_INSTANT)
