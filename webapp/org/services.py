"""What a department offers, who runs it, and what a county-level unit is: values only [7–18].

A span of days is (service, first day, last day or None), both days included; spans of one service never overlap.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

DELIVERY, COUNTER, FINANCIAL = "delivery", "counter", "financial"
SERVICES = (DELIVERY, COUNTER, FINANCIAL)
OWN, AGENCY = "own", "agency"
OPERATORS = (OWN, AGENCY)
BUREAUS = (DELIVERY, COUNTER)  # 投递局, 营业局
NO_BUREAU = "none"  # what a form says of a county-level unit that is neither

Span = tuple[str, date, date | None]
DAY = timedelta(days=1)


def services_on(spans: Iterable[Span], day: date) -> frozenset[str]:
    """The services that a department has on ``day``."""
    return frozenset(
        service for service, first, last in spans if first <= day and (last is None or day <= last)
    )


def operator_on(rows: Sequence[tuple[date, str]], day: date) -> str | None:
    """Who runs a department on ``day``, from its dated rows, the oldest first; None of a unit that has none.

    Of the days before the first row holds what that says, as with city and rural.
    """
    held = [operator for first, operator in rows if first <= day]
    return held[-1] if held else rows[0][1] if rows else None


def said_last(spans: Iterable[Span], service: str) -> date | None:
    """The day of the last change of a service: since when a department has it, or has it no more; None: never had it."""
    last = max((span for span in spans if span[0] == service), key=lambda span: span[1], default=None)
    if last is None:
        return None
    return last[1] if last[2] is None else last[2] + DAY


def has_open(spans: Iterable[Span], service: str) -> bool:
    """Whether the service has no last day."""
    return any(one == service and last is None for one, _, last in spans)


def changed(spans: Iterable[Span], service: str, offers: bool, day: date) -> list[Span]:
    """The spans where the department has, or no longer has, the service from ``day`` on, by first day.

    ``day`` is not before :func:`said_last`; on that very day it takes back what was said of it.
    """
    others = [span for span in spans if span[0] != service]
    own = sorted(span for span in spans if span[0] == service)
    if not own:
        return _sorted([*others, (service, day, None)] if offers else others)
    _, first, last = own.pop()
    if not offers:
        own += [(service, first, day - DAY)] if first < day else []
    elif last == day - DAY:
        own.append((service, first, None))
    else:
        own += [(service, first, last), (service, day, None)]
    return _sorted([*others, *own])


def _sorted(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span[1], SERVICES.index(span[0])))


def left_bare(spans: Sequence[Span], day: date) -> bool:
    """Whether there is any day from ``day`` on without a service."""
    days = {day} | {last + DAY for _, _, last in spans if last is not None and last >= day}
    return any(not services_on(spans, one) for one in days)
