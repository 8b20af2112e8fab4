"""Read an edition that somebody wrote: every mistake named with its place. Pure.

An edition speaks the language of the one that ships with Toucha: the same tables, the same keys with the same types,
values that the ledger and the phones understand. What only the words say is free.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from functools import cache

from webapp.core.problems import Problem
from webapp.org.rules import LEVELS, RANK
from webapp.rulebook import case_rules
from webapp.rulebook.case_faults import case_faults
from webapp.rulebook.coverage_faults import Known, coverage_faults, document_faults, population_faults
from webapp.rulebook.overrides import LIMITS, SESSIONS_OF
from webapp.rulebook.periods import NOT_SET
from webapp.rulebook.rules import (
    BESIDE,
    FIELD_TYPES,
    KIND_TYPES,
    METHODS,
    SEVERITIES,
    SUBJECTS,
    Duty,
    Rulebook,
    Text,
    parse,
    shipped_source,
)
from webapp.rulebook.ways import WAYS

MAX_BYTES = 400_000
# Faults named at once: enough to work through, not a wall.
SHOWN = 20
_CODE = re.compile(r"[a-z0-9][a-z0-9-]*")
# As long as the columns in which they are kept.
_LENGTHS = {
    "edition": 20,
    "class": 12,
    "kind": 24,
    "duty": 32,
    "reading": 32,
    "strata": 16,
    # As long as a phone may say in a record.
    **dict.fromkeys(("criteria", "fields", "group"), 24),
}
_ONE_OF = {
    "kind": {
        "type": KIND_TYPES,
        "subject": SUBJECTS,
        "photo": ("none", "fail", "always"),
        "tag": ("none", "optional"),
    },
    "criteria": {"severity": SEVERITIES},
    "duty": {
        "measure": tuple(WAYS),
        "shrink": ("volume", "population"),
        "beside": BESIDE,
        "closes": ("period", "next-delivery-day", "next-period", "after-next", "next-month", "tenth"),
    },
}
# The greatest whole numbers; no point is open for more days of a month than the shortest has.
_LIMITS = {**LIMITS, "sessions": max(SESSIONS_OF.values()), "population_days": 28}

Faults = Iterator[tuple[str, Text]]


def refused(faults: Iterable[tuple[str, Text]]) -> Problem:
    """The problem ``bad-edition``: ``fields`` in English, ``faults`` in both languages, each with its place."""
    shown = list(faults)[:SHOWN]
    return Problem("bad-edition", {place: text.en for place, text in shown}, faults=shown)


def read(source: str) -> Rulebook:
    """The edition in a TOML text; raises ``bad-edition`` whose fields name each place: ``duty[3] parcel-check.size``."""
    if len(source.encode()) > MAX_BYTES:
        raise Problem("too-large")
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise refused([("TOML", Text(f"不是 TOML：{error}", f"not TOML: {error}"))]) from error
    # What tables say of each other can only be asked once each is whole.
    if faults := list(_faults(data)) or list(_links(data)):
        raise refused(faults)
    try:
        return parse(source)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        said = f"{type(error).__name__}: {error}"
        raise refused([("TOML", Text(said, said))]) from error


@cache
def _shipped() -> dict:
    return tomllib.loads(shipped_source())


def _faults(data: dict) -> Faults:
    for name in sorted(data.keys() - _shipped().keys() - set(case_rules.TABLES)):
        yield name, Text("没有这样的表", "unknown table")
    for name, model in _shipped().items():
        if name in _OPTIONAL_TABLES and name not in data:
            continue
        present = data.get(name)
        if not isinstance(present, type(model)) or not present:
            yield name, Text(f"缺少 {name} 表", f"the table {name} is needed")
        elif isinstance(model, dict):
            yield from _table(name, name, present, [model])
        else:
            yield from _tables(name, present, model)
    yield from case_faults(data, SEVERITIES)


def _tables(name: str, rows: list, models: list[dict]) -> Faults:
    seen = set()
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            yield f"{name}[{number}]", Text("应为表", "not a table")
            continue
        place = _place(name, number, row)
        yield from _table(name, place, row, models)
        code = str(row.get("code"))
        if code in seen:
            yield f"{place}.code", Text("代号重复", "twice")
        seen.add(code)


_FAILS = {"fail_zh", "fail_en"}  # what a criterion's fail is called: in both languages or in none
# What nobody has to say, and what a table may hold although none of the shipped ones does: with a value of its type.
_MAY = {
    "kind": {"group": [{}], "period": "", "levels": [""]},
    "group": {"class": ""},
    "criteria": {"group": "", "severity": ""},
    "fields": {"options": []},
}
# What has a reader of its own (coverage_faults), or more than one form.
_ELSEWHERE = {
    "duty": {"level", "over", "each", "need", "spread"},
    "population": {
        "level",
        "service",
        "settings",
        "points",
        "delivers",
        "records",
        "any",
        "holds",
        "without",
    },
}
_OPTIONAL_TABLES = {"population"}  # editions of before upper duties have none


def _place(name: str, number: int, row: dict) -> str:
    return f"{name}[{number}] {row.get('code', '?')}"


def _table(name: str, place: str, row: dict, models: list[dict]) -> Faults:
    known = {key: value for model in models for key, value in model.items()} | _unused(name)
    needed = set.intersection(*(set(model) for model in models)) - {"settings", *_FAILS, *_MAY.get(name, ())}
    if name == "criteria" and len(given := row.keys() & _FAILS) == 1:
        needed |= _FAILS - given
    for key in sorted(row.keys() - known.keys()):
        yield f"{place}.{key}", Text("没有这样的键", "unknown key")
    for key in sorted(needed - row.keys()):
        yield f"{place}.{key}", Text("缺少", "missing")
    for key in (row.keys() & known.keys()) - _ELSEWHERE.get(name, set()):
        yield from _value(name, f"{place}.{key}", key, row[key], known[key])


def _unused(name: str) -> dict:
    """Keys that a table may have although none of the shipped ones has them, with a value of their type."""
    if name != "duty":
        return _MAY.get(name, {})
    kinds = {"int | None": 1, "bool": True, "str | None": "", "tuple[str, ...]": [""]}
    found = {one.name: kinds[str(one.type)] for one in fields(Duty) if str(one.type) in kinds}
    return {key: value for key, value in found.items() if key not in ("readings", "settings")}


def _value(name: str, place: str, key: str, value, model) -> Faults:
    if type(value) is not type(model):
        yield place, _TYPES[type(model)]
    elif key == "code":
        longest = _LENGTHS.get(name, 32)
        if not _CODE.fullmatch(value) or len(value) > longest:
            yield (
                place,
                Text(
                    f"小写字母、数字和短横，最多 {longest} 个",
                    f"small letters, digits and dashes, at most {longest}",
                ),
            )
    elif isinstance(value, str):
        if not value.strip():
            yield place, Text("不能为空", "empty")
        allowed = _ONE_OF.get(name, {}).get(key) or _as_shipped(name, key)
        if allowed and value not in allowed:
            yield place, _one_of(sorted(allowed))
    elif isinstance(value, int) and not isinstance(value, bool):
        limit = _LIMITS.get(key, 1000)
        if not 1 <= value <= limit:
            yield place, _between(limit)
    elif isinstance(value, list):
        yield from _list(name, place, key, value)
    elif isinstance(value, dict) and key == "strata":
        for code, minimum in value.items():
            if (
                isinstance(minimum, bool)
                or not isinstance(minimum, int)
                or not 1 <= minimum <= LIMITS["size"]
            ):
                yield f"{place}.{code}", _between(LIMITS["size"])


_TYPES = {
    str: Text("应为文字", "should be a text"),
    int: Text("应为整数", "should be a whole number"),
    bool: Text("应为 true 或 false", "should be true or false"),
    list: Text("应为列表", "should be a list"),
    dict: Text("应为表", "should be a table"),
    date: Text("应为日期，例如 2027-01-01", "should be a day such as 2027-01-01"),
}


def _one_of(allowed: Iterable[str], found: str | None = None) -> Text:
    said = f"{found}: " if found else ""
    return Text(f"{said}应为其一：{'、'.join(allowed)}", f"{said}one of {', '.join(allowed)}")


def _between(limit: int) -> Text:
    return Text(f"应在 1 到 {limit} 之间", f"from 1 to {limit}")


def _no_such(code: str) -> Text:
    return Text(f"没有 {code}", f"there is no {code}")


def _as_shipped(name: str, key: str) -> set[str]:
    """Words with a meaning for the programs: only those that the shipped edition uses."""
    if key not in ("period", "counts"):
        return set()
    more = {"day", "week", "month", "quarter", "half-year", "year"} if key == "period" else set()
    return {row[key] for row in _shipped()[name] if key in row} | more


def _list(name: str, place: str, key: str, value: list) -> Faults:
    if not value and key in ("kinds", "roles", "of"):
        yield place, Text("不能为空", "empty")
    samples = _samples(name, key)
    if samples and isinstance(samples[0], dict):
        yield from _inner(place, key, value, samples)
    elif samples and isinstance(samples[0], list):
        if not all(isinstance(one, list) and all(isinstance(each, str) for each in one) for one in value):
            yield place, Text("应为文字列表的列表", "lists of texts")
    elif not all(isinstance(one, str) for one in value):
        yield place, Text("应为文字列表", "a list of texts")
    else:
        allowed = {"roles": RANK, "methods": METHODS, "settings": ("city", "rural")}.get(key)
        for one in value:
            if allowed and one not in allowed:
                yield place, _one_of(allowed, one)


def _samples(name: str, key: str) -> list:
    """What stands in such lists of the shipped edition."""
    if key == "group":
        return [{"code": "", "zh": "", "en": ""}]
    if key == "options":
        return [{k: v for k, v in row.items() if k not in _FAILS} for row in _samples("kind", "criteria")]
    rows = _shipped().get(name)
    return [one for row in rows for one in row.get(key, [])] if isinstance(rows, list) else []


def _inner(place: str, key: str, rows: list, samples: list[dict]) -> Faults:
    for number, one in enumerate(rows, 1):
        here = f"{place}[{number}]"
        if not isinstance(one, dict):
            yield here, Text("应为表", "not a table")
            continue
        yield from _table(key, here, one, samples)
        if key == "fields" and one.get("type") not in FIELD_TYPES:
            yield f"{here}.type", _one_of(FIELD_TYPES)


def _links(data: dict) -> Faults:
    """What one table says of another: classes, kinds, readings and strata must be there."""
    codes = {name: {row["code"] for row in data[name]} for name in ("class", "kind", "reading")}
    listed = {row["code"] for row in _shipped()["class"] if row["numbered"]}
    for number, row in enumerate(data["class"], 1):
        if row["numbered"] != (row["code"] in listed):
            said = Text(
                f"投递清单上只有 {'、'.join(sorted(listed))}", f"lists hold {', '.join(sorted(listed))} alone"
            )
            yield f"{_place('class', number, row)}.numbered", said
    strata = {row["code"]: {one["code"] for one in row.get("strata", [])} for row in data["kind"]}
    for number, row in enumerate(data["kind"], 1):
        place = _place("kind", number, row)
        yield from _known(place, row, "classes", codes["class"])
        yield from _sums(place, row)
        yield from _groups(place, row)
    known = Known(
        {row["code"]: row for row in data["kind"]},
        codes["class"],
        {row["code"]: row for row in data.get("population", [])},
    )
    for number, row in enumerate(data.get("population", []), 1):
        yield from population_faults(_place("population", number, row), row, known)
    for number, row in enumerate(data["duty"], 1):
        place = _place("duty", number, row)
        yield from _levels(place, row.get("level"))
        yield from coverage_faults(place, row, known)
        yield from _known(place, row, "kinds", codes["kind"])
        yield from _known(place, row, "readings", codes["reading"])
        yield from _known(place, row, "of", codes["class"] | {"returned"})
        if "chosen_by" in row and row["chosen_by"] not in codes["kind"]:
            yield f"{place}.chosen_by", _no_such(row["chosen_by"])
        yield from _needs(place, row)
        yield from _beside(place, row, known)
        yield from document_faults(place, row)
        there = set().union(*(strata.get(kind, set()) for kind in row.get("kinds", [])))
        for code in row.get("strata", {}).keys() - there:
            yield f"{place}.strata.{code}", Text("检查种类没有这一分层", "its kinds have no such stratum")


def _levels(place: str, said: object) -> Faults:
    several = [said] if isinstance(said, str) else said
    if not isinstance(several, list) or not several or not all(one in LEVELS for one in several):
        yield f"{place}.level", _one_of(LEVELS)
    elif "department" in several and len(several) > 1:
        yield f"{place}.level", Text("投递部的职责单独列出", "a department's duty stands alone")


def _needs(place: str, row: dict) -> Faults:
    measure = row["measure"]
    if row["kept"] and row["period"] == NOT_SET:
        yield (
            f"{place}.kept",
            Text("期间尚未确定的职责不能入账", "a duty whose period is not set cannot be kept"),
        )
    if row["kept"] and not WAYS[measure].counted:
        yield f"{place}.kept", Text("这种计量方式尚不能入账", "this way of counting cannot be kept yet")
    for key in WAYS[measure].needs:
        if key not in row:
            said = Text(f"measure 为 {measure} 时不能缺少", f"needed where measure is {measure}")
            yield f"{place}.{key}", said
    if row.get("closes") == "tenth" and row.get("period") in ("day", "week"):
        yield f"{place}.closes", Text("只用于月度以上的职责", "only for a month or longer")


def _beside(place: str, row: dict, known: Known) -> Faults:
    """What is shown beside a line is about relay points."""
    if "beside" in row and not any(
        known.kinds.get(kind, {}).get("subject") == "point" for kind in row.get("kinds", [])
    ):
        said = Text("只用于检查接转点的职责", "only for a duty about relay points")
        yield f"{place}.beside", said


def _sums(place: str, row: dict) -> Faults:
    """The two sides of a balance are counts of the kind's own head."""
    if "sums" not in row:
        return
    counts = {one["code"] for one in row.get("fields", []) if one["type"] == "count"}
    for side in ("came", "went"):
        codes = row["sums"].get(side)
        if not isinstance(codes, list) or not codes:
            yield f"{place}.sums.{side}", Text("应为栏目列表", "a list of fields")
            continue
        for code in codes:
            if code not in counts:
                yield f"{place}.sums.{side}", _no_such(str(code))


def _groups(place: str, row: dict) -> Faults:
    """Each criterion stands in a group of its kind or in none, and no group is empty."""
    groups = [one["code"] for one in row.get("group", [])]
    for number, code in enumerate(groups, 1):
        if code in groups[: number - 1]:
            yield f"{place}.group[{number}].code", Text("代号重复", "twice")
        if code not in {one.get("group") for one in row["criteria"]}:
            yield f"{place}.group[{number}]", Text("没有检查项", "without criteria")
    for number, one in enumerate(row["criteria"], 1):
        if "group" in one and one["group"] not in groups:
            yield f"{place}.criteria[{number}].group", _no_such(one["group"])


def _known(place: str, row: dict, key: str, codes: set) -> Faults:
    for code in row.get(key, []):
        if code not in codes:
            yield f"{place}.{key}", _no_such(code)
