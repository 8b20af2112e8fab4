"""The numbers of a coverage of which an office may ask for more [3]: by name, changed, in words. Pure.

``need.percent`` and ``need.size`` say how many count (``need.city.percent`` of one setting), ``spread.…`` in how many units
they lie, ``each.items``, ``each.points``, ``each.opened`` and ``each.audited`` what makes one of them count.
"""

from collections.abc import Mapping
from dataclasses import replace

from webapp.rulebook.coverage import Coverage, Need
from webapp.rulebook.texts import Text

_EACH = ("items", "points", "opened", "audited")
# What the field of a form is called.
TITLES = {
    "need.percent": Text("应查单位的百分比", "Percent of those to be covered"),
    "need.size": Text("应查单位的个数", "How many of those to be covered"),
    "need.city.percent": Text("城市投递部的百分比", "Percent of the city departments"),
    "need.city.size": Text("城市投递部的个数", "How many city departments"),
    "need.rural.percent": Text("农村投递部的百分比", "Percent of the rural departments"),
    "need.rural.size": Text("农村投递部的个数", "How many rural departments"),
    "spread.percent": Text("涉及单位的百分比", "Percent of the units in which they lie"),
    "spread.size": Text("涉及单位的个数", "In how many units they lie"),
    "each.items": Text("每个单位的件数", "Items in each"),
    "each.points": Text("每个单位的接转点数", "Relay points in each"),
    "each.opened": Text("每个单位抽看的记录表份数", "Forms opened of each"),
    "each.audited": Text("每个单位调审的投递部数", "Departments audited of each"),
}
_OF = {
    None: Text("应查单位", "those to be covered"),
    "city": Text("城市投递部", "the city departments"),
    "rural": Text("农村投递部", "the rural departments"),
}
_PHRASES = {
    "items": Text("每个单位不少于{value}件", "at least {value} items in each"),
    "points": Text("每个单位不少于{value}个接转点", "at least {value} relay points in each"),
    "opened": Text("每个单位抽看不少于{value}份记录表", "at least {value} forms opened of each"),
    "audited": Text("每个单位调审不少于{value}个投递部", "at least {value} departments audited of each"),
}


def numbers(coverage: Coverage) -> dict[str, int]:
    """Those that it has, with their present values."""
    found: dict[str, int] = {}
    for need in coverage.needs:
        found |= _of_need(f"need.{need.setting}." if need.setting else "need.", need)
    if coverage.spread:
        found |= _of_need("spread.", coverage.spread.need)
    asked = {f"each.{name}": getattr(coverage.each, name) for name in _EACH}
    return found | {name: value for name, value in asked.items() if value is not None}


def _of_need(before: str, need: Need) -> dict[str, int]:
    said = {f"{before}percent": need.percent, f"{before}size": need.size}
    return {name: value for name, value in said.items() if value is not None}


def with_numbers(coverage: Coverage, values: Mapping[str, int]) -> Coverage:
    """The coverage with these numbers."""

    def changed(before: str, need: Need) -> Need:
        own = {name: values[before + name] for name in ("percent", "size") if before + name in values}
        return replace(need, **own)

    needs = tuple(changed(f"need.{one.setting}." if one.setting else "need.", one) for one in coverage.needs)
    each = replace(
        coverage.each, **{name: values[f"each.{name}"] for name in _EACH if f"each.{name}" in values}
    )
    spread = coverage.spread and replace(coverage.spread, need=changed("spread.", coverage.spread.need))
    return replace(coverage, needs=needs, each=each, spread=spread)


def phrase(coverage: Coverage, name: str, period: Text) -> Text:
    """One of its numbers as a phrase: “每月不少于城市投递部的30%”; ``period``: “每月”, “a month”."""
    value = numbers(coverage)[name]
    part, _, what = name.rpartition(".")
    if part == "each":
        said = _PHRASES[what]
        once = Text("每次", " on one date") if coverage.each.per == "date" else Text("", "")
        return Text(once.zh + said.zh.format(value=value), said.en.format(value=value) + once.en)
    if part == "spread":
        share_zh, share_en = (
            ("%", f"{value} % of the units") if what == "percent" else ("个", f"{value} units")
        )
        return Text(f"{period.zh}涉及单位不少于{value}{share_zh}", f"in at least {share_en} {period.en}")
    of = _OF[part.removeprefix("need").removeprefix(".") or None]
    if what == "percent":
        return Text(f"{period.zh}不少于{of.zh}的{value}%", f"at least {value} % of {of.en} {period.en}")
    return Text(f"{period.zh}不少于{value}个{of.zh}", f"at least {value} of {of.en} {period.en}")
