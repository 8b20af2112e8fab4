"""Returned items of a day, read only [14.1(2), Reading: returned]."""

from collections.abc import Mapping
from datetime import date

from webapp.sampling.day_lists import DayList
from webapp.sampling.rules import RETURNED, SAMPLED


def typed_returns(
    said: Mapping[tuple[date, str], tuple[int | None, int | None]], together: Mapping[date, int | None]
) -> dict[tuple[date, str], int]:
    """{(day, class): returned items} as typed (``said``, of ``queries.typed``); 0 where the volume is 0.

    Where one number for all numbered classes was said last (``together``, of ``queries.typed_together``) it stands
    under ``RETURNED``, and what was said beside each of them is void.
    """
    rows = {
        (day, name): (None if day in together and name in SAMPLED else back, came)
        for (day, name), (came, back) in said.items()
    }
    found = {pair: 0 if back is None and came == 0 else back for pair, (back, came) in rows.items()}
    found |= {(day, RETURNED): count for day, count in together.items()}
    return {pair: returned for pair, returned in found.items() if returned is not None}


def counts(said: Mapping[tuple[date, str], int], lists: Mapping[date, DayList]) -> dict[date, int]:
    """{day: returned items}; a day that is absent is missing [Reading: volume].

    Those marked on the day's lists provided none of them is left unsealed, else the numbers typed (``said``, of
    :func:`typed_returns`), one for each class that bears numbers or one for all of them, and what was typed of the others.
    """
    by_day: dict[date, dict[str, int]] = {}
    for (day, name), returned in said.items():
        by_day.setdefault(day, {})[name] = returned
    found = {}
    for day, each in by_day.items():
        if RETURNED in each:
            found[day] = sum(count for name, count in each.items() if name not in SAMPLED)
        elif each.keys() >= set(SAMPLED):
            found[day] = sum(each.values())
    return found | {day: len(one.returned) for day, one in lists.items() if one.whole}
