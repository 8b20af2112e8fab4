"""What is wrong with the populations, coverages and documents of an edition that somebody wrote: every mistake with its place. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from webapp.org.rules import LEVELS
from webapp.org.services import BUREAUS, SERVICES
from webapp.rulebook.documents import document_types
from webapp.rulebook.rules import METHODS
from webapp.rulebook.texts import Text

Faults = Iterator[tuple[str, Text]]
SETTINGS = ("city", "rural")
_SEVERAL = ("kinds", "methods", "groups", "header", "together", "forms", "classes", "strata")
_NUMBERS = ("items", "points", "opened", "audited")
LARGEST = 1000  # of any of the numbers


@dataclass(frozen=True)
class Known:
    """The codes that the edition's other tables have."""

    kinds: Mapping[str, Mapping]  # by code, as tables
    classes: Collection[str]
    populations: Mapping[str, Mapping]


def population_faults(place: str, row: Mapping, known: Known) -> Faults:
    """Of one ``[[population]]``; that what it holds lies below it, and in no circle, too."""
    yield from _one_of(f"{place}.level", row.get("level"), LEVELS[1:])
    if "service" in row:
        yield from _one_of(f"{place}.service", row["service"], SERVICES)
    yield from _each_of(f"{place}.without", row.get("without", []), BUREAUS)
    yield from _having(place, row, known)
    rows = row.get("any", [])
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        yield f"{place}.any", Text("应为表的列表", "a list of tables")
        return
    for number, one in enumerate(rows, 1):
        here = f"{place}.any[{number}]"
        yield from _unknown(here, one, {"settings", "points", "delivers", "records"})
        yield from _having(here, one, known)
    if "holds" in row:
        inner = known.populations.get(row["holds"]) if isinstance(row["holds"], str) else None
        if inner is None:
            yield f"{place}.holds", _no_such(row["holds"])
        elif not _below(inner.get("level"), row.get("level")):
            yield f"{place}.holds", Text("须是更低一级的单位", "must lie below")


def _having(place: str, row: Mapping, known: Known) -> Faults:
    yield from _each_of(f"{place}.settings", row.get("settings", []), SETTINGS)
    for key in ("points", "delivers"):
        if not isinstance(row.get(key, False), bool):
            yield f"{place}.{key}", Text("应为 true 或 false", "should be true or false")
    if "records" not in row:
        return
    records = row["records"]
    if not isinstance(records, dict):
        yield f"{place}.records", Text("应为表", "not a table")
        return
    yield from _unknown(f"{place}.records", records, {"kinds", "by"})
    yield from _each_of(f"{place}.records.kinds", records.get("kinds"), known.kinds, needed=True)
    yield from _each_of(f"{place}.records.by", records.get("by", []), LEVELS)


def coverage_faults(place: str, row: Mapping, known: Known) -> Faults:
    """Of the coverage of one ``[[duty]]``."""
    if "over" in row:
        yield from _one_of(f"{place}.over", row["over"], known.populations)
        yield from _lies_below(f"{place}.over", row["over"], row.get("level"), known)
    if "each" in row:
        yield from _each(f"{place}.each", row["each"], known)
        yield from _needs(f"{place}.need", row.get("need"))
    if "spread" in row:
        yield from _spread(f"{place}.spread", row["spread"], known)
        if isinstance(row["spread"], dict):
            yield from _lies_below(f"{place}.spread.over", row["spread"].get("over"), row.get("level"), known)


def document_faults(place: str, row: Mapping) -> Faults:
    """The document of a duty is of a type that there is, about such a period, and can be issued by whoever owes it."""
    if "document" not in row:
        return
    kind = document_types().get(row["document"])
    if kind is None:
        yield from _one_of(f"{place}.document", row["document"], document_types())
        return
    if kind.period != row.get("period") or not set(_levels(row.get("level"))) <= set(kind.levels):
        yield (
            f"{place}.document",
            Text("这种文书的期间或签发单位不同", "it is about another period, or of other levels"),
        )


def _lies_below(place: str, population: object, said: object, known: Known) -> Faults:
    """Whoever owes the duty covers units below: nobody stands below a department."""
    inner = known.populations.get(population) if isinstance(population, str) else None
    for level in _levels(said):
        if inner and level in LEVELS and inner.get("level") in LEVELS and not _below(inner["level"], level):
            yield place, Text(f"须在 {level} 之下", f"must lie below a {level}")


def _levels(said: object) -> list[str]:
    """The levels that a duty names; of what is none another fault is named."""
    several = said if isinstance(said, list) else [said]
    return [level for level in several if isinstance(level, str)]


def _below(inner: object, outer: object) -> bool:
    """Whether the one level is lower than the other; of what is no level, another fault is named."""
    if inner not in LEVELS or outer not in LEVELS:
        return True
    return LEVELS.index(inner) > LEVELS.index(outer)


def _spread(place: str, table: object, known: Known) -> Faults:
    if not isinstance(table, dict):
        yield place, Text("应为表", "not a table")
        return
    yield from _unknown(place, table, {"over", "percent", "size", "each"})
    yield from _one_of(f"{place}.over", table.get("over"), known.populations)
    yield from _need(place, {key: table[key] for key in ("percent", "size") if key in table})
    if "each" in table:
        yield from _each(f"{place}.each", table["each"], known)


def _each(place: str, table: object, known: Known) -> Faults:
    if not isinstance(table, dict):
        yield place, Text("应为表", "not a table")
        return
    yield from _unknown(place, table, {*_SEVERAL, *_NUMBERS, "among", "per"})
    kinds = table.get("kinds")
    yield from _each_of(f"{place}.kinds", kinds, known.kinds, needed=True)
    named = [kind for kind in kinds if isinstance(kind, str)] if isinstance(kinds, list) else []
    forms = [known.kinds[kind] for kind in named if kind in known.kinds]
    yield from _each_of(f"{place}.methods", table.get("methods", []), METHODS)
    yield from _each_of(f"{place}.groups", table.get("groups", []), _codes(forms, "group"))
    for key in ("header", "together"):
        yield from _each_of(f"{place}.{key}", table.get(key, []), _codes(forms, "fields"))
    yield from _each_of(f"{place}.strata", table.get("strata", []), _codes(forms, "strata"))
    yield from _each_of(f"{place}.classes", table.get("classes", []), known.classes)
    yield from _each_of(f"{place}.forms", table.get("forms", []), known.kinds)
    for key in _NUMBERS:
        if key in table:
            yield from _number(f"{place}.{key}", table[key], LARGEST)
    if ("audited" in table) != ("among" in table):
        yield f"{place}.among", Text("与 audited 一起使用", "goes with audited")
    elif "among" in table:
        yield from _one_of(f"{place}.among", table["among"], known.populations)
        among = known.populations.get(table["among"]) if isinstance(table["among"], str) else None
        if among and not any("records" in row for row in (among, *_tables(among.get("any")))):
            yield f"{place}.among", Text("须按检查记录划定", "must be told by records")
    if "opened" in table and not table.get("forms"):
        yield f"{place}.forms", Text("与 opened 一起使用", "goes with opened")
    if "per" in table:
        yield from _one_of(f"{place}.per", table["per"], ("date", "period"))


def _tables(value: object) -> list[Mapping]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _codes(forms: list[Mapping], key: str) -> set[str]:
    return {str(one.get("code")) for form in forms for one in _tables(form.get(key))}


def _needs(place: str, table: object) -> Faults:
    if table == "all":
        return
    if not isinstance(table, dict) or not table:
        yield place, Text('应为 "all" 或表', 'should be "all" or a table')
    elif table.keys() <= {"percent", "size"}:
        yield from _need(place, table)
    else:
        yield from _unknown(place, table, set(SETTINGS))
        for setting in table.keys() & set(SETTINGS):
            part = table[setting]
            if not isinstance(part, dict):
                yield f"{place}.{setting}", Text("应为表", "not a table")
            else:
                yield from _unknown(f"{place}.{setting}", part, {"percent", "size"})
                yield from _need(f"{place}.{setting}", part)


def _need(place: str, table: Mapping) -> Faults:
    if len(table.keys() & {"percent", "size"}) != 1:
        yield place, Text("percent 与 size 须有其一", "either a percent or a size")
    for key, limit in (("percent", 100), ("size", LARGEST)):
        if key in table:
            yield from _number(f"{place}.{key}", table[key], limit)


def _number(place: str, value: object, limit: int) -> Faults:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= limit:
        yield place, Text(f"应在 1 到 {limit} 之间", f"from 1 to {limit}")


def _one_of(place: str, value: object, allowed: Collection[str]) -> Faults:
    if not isinstance(value, str) or value not in allowed:
        yield place, Text(f"应为其一：{'、'.join(sorted(allowed))}", f"one of {', '.join(sorted(allowed))}")


def _each_of(place: str, value: object, allowed: Collection[str], needed: bool = False) -> Faults:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        yield place, Text("应为文字列表", "a list of texts")
        return
    if needed and not value:
        yield place, Text("不能为空", "empty")
    for one in value:
        if one not in allowed:
            yield place, _no_such(one)


def _unknown(place: str, table: Mapping, allowed: Collection[str]) -> Faults:
    for key in sorted(table.keys() - set(allowed)):
        yield f"{place}.{key}", Text("没有这样的键", "unknown key")


def _no_such(code: object) -> Text:
    return Text(f"没有 {code}", f"there is no {code}")
