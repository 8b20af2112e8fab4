"""Overrides as values: a unit may ask for more than the edition, never for less [3]. Pure.

Only numbers can be overridden: ``percent``, ``size``, ``sessions``, ``days``, the minima of ``strata``, those of a coverage
(``need.percent``, ``each.items`` …), and ``shrink``, which can only be lifted (None: no reduction where little mail came
in). Who, what and how stay the edition's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from webapp.core.problems import Problem
from webapp.rulebook import coverage_numbers
from webapp.rulebook.rules import Duty, Text

# The greatest value that makes sense, and whether less is stricter (a check every 2 days instead of 3).
LIMITS = {"percent": 100, "size": 1000, "sessions": 7, "days": 366}
LESS_IS_STRICTER = frozenset({"days"})
# A month cannot hold more sessions than it has days.
SESSIONS_OF = {"day": 1, "week": 7, "month": 28, "quarter": 84, "half-year": 168, "year": 336}


@dataclass(frozen=True)
class Override:
    """What a unit changed of a duty, from ``first_day`` to ``last_day`` inclusive (None: open), and why."""

    id: str
    unit_code: str
    duty: str
    first_day: date
    last_day: date | None
    changes: Mapping
    reason: str = ""

    def holds(self, day: date) -> bool:
        """Whether it is in force on ``day``."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Difference:
    """One number of a duty that is not the edition's: ``field`` is ``percent`` … or ``strata.<code>``."""

    field: str
    edition: int | str | None
    value: int | str | None


def changeable(duty: Duty) -> dict[str, int | str]:
    """What an override can change of the duty, with the present value: strata as ``strata.<code>``."""
    found = {name: getattr(duty, name) for name in LIMITS if getattr(duty, name) is not None}
    # A duty whose size is the sum of its strata asks through them.
    if duty.strata:
        found.pop("size", None)
    found |= {f"strata.{code}": minimum for code, minimum in duty.strata}
    found |= coverage_numbers.numbers(duty.coverage) if duty.coverage else {}
    # A population cannot be exceeded: only a reduction by the day's volume can be lifted.
    if duty.shrink == "volume":
        found["shrink"] = duty.shrink
    return found


def flat(changes: Mapping) -> dict:
    """``{"strata": {"local": 6}}`` as ``{"strata.local": 6}``; the rest as it is."""
    found = {name: value for name, value in changes.items() if name != "strata"}
    strata = changes.get("strata")
    if isinstance(strata, Mapping):
        found |= {f"strata.{code}": minimum for code, minimum in strata.items()}
    elif strata is not None:
        found["strata"] = strata
    return found


def nested(changes: Mapping) -> dict:
    """The reverse of :func:`flat`, as it is stored."""
    found = {name: value for name, value in changes.items() if not name.startswith("strata.")}
    strata = {name.removeprefix("strata."): v for name, v in changes.items() if name.startswith("strata.")}
    return found | {"strata": strata} if strata else found


def stricter(
    duty: Duty,
    changes: Mapping,
    names: Mapping[str, Text] | None = None,
    laid_down_by: Mapping[str, str] | None = None,
) -> None:
    """Refuse changes that the duty does not have, that make no sense, or that would ask for less.

    ``names`` are the titles of the strata, ``laid_down_by`` the units above that asked for the present numbers.
    Raises ``invalid`` naming the fields, or ``weaker-override`` naming the article that would be broken.
    """
    wanted, present = flat(changes), changeable(duty)
    if not wanted:
        raise Problem("invalid", {"changes": "empty"})
    fields = {name: "unknown" for name in wanted if name not in present}
    fields |= {
        name: "number" for name in wanted.keys() - fields.keys() if not _sensible(duty, name, wanted[name])
    }
    if fields:
        raise Problem("invalid", fields)
    weaker = [name for name in wanted if _weaker(name, wanted[name], present[name])]
    if weaker:
        asked = [requirement(duty, name, names, (laid_down_by or {}).get(name)) for name in weaker]
        fields = dict(zip(weaker, (str(present[name]) for name in weaker), strict=True))
        raise Problem(
            "weaker-override",
            fields,
            zh="；".join(one.zh for one in asked),
            en="; ".join(one.en for one in asked),
        )
    if all(wanted[name] == present[name] for name in wanted):
        raise Problem("invalid", {"changes": "same"})


def _sensible(duty: Duty, name: str, value) -> bool:
    if name == "shrink":
        return value is None
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    kind = name.rpartition(".")[2]  # of need.city.percent a percent
    limit = SESSIONS_OF.get(duty.period, 7) if name == "sessions" else LIMITS.get(kind, LIMITS["size"])
    return 1 <= value <= limit


def _weaker(name: str, value, present) -> bool:
    if name == "shrink":
        return False
    return value > present if name in LESS_IS_STRICTER else value < present


def applied(duty: Duty, several: Iterable[Mapping]) -> Duty:
    """The duty with all the changes: of several values of one number the strictest counts, the duty's own included.

    A change that speaks of a number which the duty has not (any more: another edition) changes nothing.
    """
    for changes in several:
        present = changeable(duty)
        better = {
            name: value
            for name, value in flat(changes).items()
            if name in present and not _weaker(name, value, present[name])
        }
        duty = with_values(duty, better)
    return duty


def with_values(duty: Duty, values: Mapping) -> Duty:
    """The duty with these numbers, flat as in :func:`changeable`; its size is never less than that of its strata."""
    covering = {name: value for name, value in values.items() if name in coverage_numbers.TITLES}
    if duty.coverage and covering:
        duty = replace(duty, coverage=coverage_numbers.with_numbers(duty.coverage, covering))
    values = {name: value for name, value in values.items() if name not in covering}
    plain = {name: value for name, value in values.items() if not name.startswith("strata.")}
    if len(plain) == len(values):
        return replace(duty, **plain)
    strata = tuple((code, values.get(f"strata.{code}", minimum)) for code, minimum in duty.strata)
    size = duty.size if duty.size is None else max(duty.size, sum(minimum for _, minimum in strata))
    return replace(duty, **plain, strata=strata, size=size)


def differences(base: Duty, present: Duty) -> list[Difference]:
    """The numbers in which ``present`` differs from the edition's ``base``."""
    before, after = changeable(base), changeable(present)
    return [
        Difference(name, value, after.get(name)) for name, value in before.items() if after.get(name) != value
    ]


_PERIODS = {
    "day": ("每日", "a day"),
    "week": ("每周", "a week"),
    "month": ("每月", "a month"),
    "quarter": ("每季度", "a quarter"),
    "half-year": ("每半年", "a half-year"),
    "year": ("每年", "a year"),
}


def requirement(
    duty: Duty, name: str, names: Mapping[str, Text] | None = None, unit: str | None = None
) -> Text:
    """What the article (as ``unit`` laid it down) asks for in one number: “14.2 要求每次不少于20件”."""
    least = minimum(duty, name, names)
    by_zh, by_en = (f"（{unit}）", f" ({unit})") if unit else (" ", "")
    return Text(f"{duty.article}{by_zh}要求{least.zh}", f"{duty.article}{by_en} asks for {least.en}")


def minimum(duty: Duty, name: str, names: Mapping[str, Text] | None = None) -> Text:
    """One number of the duty as a phrase: “每次不少于20件”, “at least 20 items each time”."""
    value = changeable(duty).get(name)
    if name == "shrink":
        return shrinking(duty)
    period_zh, period_en = _PERIODS.get(duty.period, ("", ""))
    if name in coverage_numbers.TITLES:
        return coverage_numbers.phrase(duty.coverage, name, Text(period_zh, period_en))
    if name == "percent":
        return Text(f"{period_zh}不少于{value}%", f"at least {value} % {period_en}")
    if name == "sessions":
        return Text(f"{period_zh}不少于{value}次", f"at least {value} sessions {period_en}")
    if name == "days":
        return Text(*(said.format(value=value) for said in duty.way.days))
    return _size(duty, name, value, names or {}, (period_zh, period_en))


def _size(duty: Duty, name: str, value, names: Mapping[str, Text], period: tuple[str, str]) -> Text:
    points = duty.counts == "points" or duty.shrink == "population"
    unit_zh, unit_en = ("个", "points") if points else ("件", "items")
    each_zh, each_en = ("每次", "each time") if duty.way.each_time else period
    if name.startswith("strata."):
        code = name.removeprefix("strata.")
        title = names.get(code, Text(code, code))
        return Text(f"{each_zh}{title.zh}不少于{value}{unit_zh}", f"at least {value} {title.en} {each_en}")
    return Text(f"{each_zh}不少于{value}{unit_zh}", f"at least {value} {unit_en} {each_en}")


def shrinking(duty: Duty) -> Text:
    """What lowers the minimum, if anything."""
    return {
        "volume": Text("当日业务量不足的，以业务量为准", "never more than came in"),
        "population": Text("接转点不足的，以总数为准", "never more than there are points"),
        None: Text("不因业务量减少", "no reduction where less came in"),
    }[duty.shrink]
