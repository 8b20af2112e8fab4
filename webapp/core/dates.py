"""Days and instants as people write them: 2026年11月20日, 20 Nov 2026; 11月20日 周五 where the year is plain. Pure.

The one form for screens, sentences, sheets and dialogs; the phone writes alike (``static/js/domain/dates.js``, held
together by ``tests/vectors/dates.json``). What machines read stays ISO: the wire, files to exchange, names of files.
"""

import re
from datetime import date, datetime, timedelta

from webapp.core.clock import LOCAL

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OPEN = re.compile(
    r"(?<=\d日) (?!周[一二三四五六日])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=\d{1,4}[年月]\d)"
)


def day_text(day: date, language: str, weekday: bool = False, year: bool = True) -> str:
    """``2026年11月20日``, ``20 Nov 2026``; short without ``year``: ``11月20日 周五``, ``Fri 20 Nov``."""
    if language == "zh":
        text = (f"{day.year}年" if year else "") + f"{day.month}月{day.day}日"
        return f"{text} 周{_WEEKDAYS['zh'][day.weekday()]}" if weekday else text
    text = f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")
    return f"{_WEEKDAYS['en'][day.weekday()]} {text}" if weekday else text


def weekday_text(day: date, language: str) -> str:
    """``周五``, ``Fri``."""
    return f"周{_WEEKDAYS['zh'][day.weekday()]}" if language == "zh" else _WEEKDAYS["en"][day.weekday()]


def moment_text(instant: datetime, language: str, year: bool = True) -> str:
    """An instant in local time to the minute: ``2026年11月20日 09:31``."""
    local = instant.astimezone(LOCAL)
    return f"{day_text(local.date(), language, year=year)} {local:%H:%M}"


def closing_text(closes_at: datetime, language: str, year: bool = True) -> str:
    """The last minute before a line closes: midnight belongs to the day that ends there, ``2026年11月22日 24:00``."""
    local = closes_at.astimezone(LOCAL)
    if (local.hour, local.minute) == (0, 0):
        return f"{day_text(local.date() - timedelta(days=1), language, year=year)} 24:00"
    return moment_text(closes_at, language, year)


def written(value, language: str):
    """A value of a sentence: a day, or the ISO text of one, as people write it; several one after the other."""
    if isinstance(value, (list, tuple)):
        return ("、" if language == "zh" else ", ").join(str(written(one, language)) for one in value)
    if isinstance(value, datetime):
        return closing_text(value, language)
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return value
    return day_text(value, language) if isinstance(value, date) else value


def closed_up(text: str) -> str:
    """A Chinese sentence without the spaces that set a figure apart: a date in Chinese needs none."""
    return _OPEN.sub("", text)
