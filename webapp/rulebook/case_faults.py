"""What is wrong with an edition's tables of cases: severities, ladders, causes, types with states and moves. Pure.

Every mistake with its place: ``case[1] problem.move[3] answer.by``. What ``case_rules.read`` would stumble over is named here.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from webapp.org.rules import LEVELS
from webapp.rulebook.case_rules import EFFECTS, LATE, NEEDS, NEVER, PARTIES, SPANS, TABLES, with_shipped
from webapp.rulebook.texts import Text

Faults = Iterator[tuple[str, Text]]
LONGEST = 366  # days or workdays
TIMES = 100
POINTS = 100
OPENING = "opening"
_CODE = re.compile(r"[a-z0-9][a-z0-9-]*")
# As long as the columns in which they are kept.
_LENGTHS = {"severity": 12, "ladder": 0, "cause": 24, "case": 16, "state": 16, "move": 16}
_NAMES = {"code", "zh", "en"}
# Effects that set a deadline, and those that need a day or a person to do it with.
_TIMED = ("shorten", "ask", "grant", "reject", "reopen")
_DAYS = ("shorten", "ask", "grant")

_TABLE = Text("应为表", "not a table")
_MISSING = Text("缺少", "missing")
_UNKNOWN = Text("没有这样的键", "unknown key")
_FLAG = Text("应为 true 或 false", "should be true or false")


def case_faults(data: Mapping, severities: Collection[str]) -> Faults:
    """Of the tables of cases that the edition brings; ``severities``: those that its criteria may have."""
    brought = [name for name in TABLES if name in data]
    faults = [fault for name in brought for fault in _rows(name, data[name])]
    yield from faults
    if brought and not faults:  # what tables say of each other can only be asked once each is whole
        yield from _links(with_shipped(data), severities)


def _rows(name: str, rows: object) -> Faults:
    if not isinstance(rows, list) or not rows:
        yield name, Text(f"应为非空的 {name} 表", f"tables [[{name}]], one at least")
        return
    yield from _tables(name, name, rows)


def _tables(name: str, prefix: str, rows: object) -> Faults:
    if not isinstance(rows, list) or not rows:
        yield prefix, Text("应为非空的表", "tables, one at least")
        return
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            yield f"{prefix}[{number}]", _TABLE
            continue
        place = place_of(prefix, number, row)
        yield from _READERS[name](place, row)
        if "code" in row and str(row["code"]) in seen:
            yield f"{place}.code", Text("代号重复", "twice")
        seen.add(str(row.get("code")))


def place_of(prefix: str, number: int, row: Mapping) -> str:
    """How a table is called: ``case[1] problem``; of what has no code its number alone."""
    return f"{prefix}[{number}] {row['code']}" if "code" in row else f"{prefix}[{number}]"


# ---------------------------------------------------------------- one table


def _named(name: str, place: str, row: Mapping, more: Collection[str], also: Collection[str] = ()) -> Faults:
    """Its code and titles; no key but these and ``more``; ``also``: further texts."""
    texts = {*_NAMES, *also}
    for key in sorted(row.keys() - texts - set(more)):
        yield f"{place}.{key}", _UNKNOWN
    for key in sorted(texts):
        if key not in row:
            yield f"{place}.{key}", _MISSING
        elif not isinstance(row[key], str) or not row[key].strip():
            yield f"{place}.{key}", Text("应为非空文字", "a text, not empty")
    code, longest = row.get("code"), _LENGTHS[name]
    if isinstance(code, str) and code.strip() and not (_CODE.fullmatch(code) and len(code) <= longest):
        said = (
            f"小写字母、数字和短横，最多 {longest} 个",
            f"small letters, digits and dashes, at most {longest}",
        )
        yield f"{place}.code", Text(*said)


def _severity(place: str, row: Mapping) -> Faults:
    yield from _named("severity", place, row, {"days", "workdays", "points"})
    yield from _span(place, row, needed=True)
    yield from _count(f"{place}.points", row.get("points"), 0, POINTS)


def _span(place: str, row: Mapping, needed: bool) -> Faults:
    said = [name for name in ("days", "workdays", "span") if name in row]
    if len(said) > 1 or (needed and not said):
        yield place, Text("days、workdays 只写一个", "one of days, workdays")
    for name in said:
        if name == "span":
            yield from _one_of(f"{place}.span", row["span"], SPANS)
        else:
            yield from _count(f"{place}.{name}", row[name], 1, LONGEST)


def _ladder(place: str, row: Mapping) -> Faults:
    for key in sorted(row.keys() - {"severity", "steps"}):
        yield f"{place}.{key}", _UNKNOWN
    if not isinstance(row.get("severity"), list) or not row["severity"]:
        yield f"{place}.severity", Text("应为非空列表", "a list, not empty")
    steps = row.get("steps")
    if not isinstance(steps, list) or not steps or not all(isinstance(one, Mapping) for one in steps):
        yield f"{place}.steps", Text("应为非空的表列表", "a list of tables, not empty")
        return
    reached, before = len(LEVELS), -1
    for number, one in enumerate(steps, 1):
        here = f"{place}.steps[{number}]"
        yield from _step(here, one)
        level = LEVELS.index(one["to"]) if one.get("to") in LEVELS else reached
        after = one.get("after", 0) if isinstance(one.get("after", 0), int) else before
        if level > reached or after < before:
            yield here, Text("逐级向上，一级比一级晚", "leads upwards, each later than the one before")
        reached, before = level, after


def _step(place: str, one: Mapping) -> Faults:
    for key in sorted(one.keys() - {"after", "at", "to", "act"}):
        yield f"{place}.{key}", _UNKNOWN
    if ("after" in one) is ("at" in one):
        yield place, Text("after、at 只写一个", "one of after, at")
    elif "at" in one:
        yield from _one_of(f"{place}.at", one["at"], (OPENING,))
    else:
        yield from _count(f"{place}.after", one["after"], 1, LONGEST)
    yield from _one_of(f"{place}.to", one.get("to"), LEVELS)


def _cause(place: str, row: Mapping) -> Faults:
    yield from _named("cause", place, row, ())


def _case(place: str, row: Mapping) -> Faults:
    times = ("recurs", "reopens", "extensions")
    yield from _named("case", place, row, {"state", "move", "number", "issued_by", *times})
    for name in times:
        yield from _count(f"{place}.{name}", row.get(name, 0), 0, LONGEST)
    if "issued_by" in row:
        yield from _one_of(f"{place}.issued_by", row["issued_by"], LEVELS[:-1])
    if "number" in row and not _is_number(row["number"]):
        yield f"{place}.number", Text("应含 {year} 和 {n}", "a text with {year} and {n}")
    yield from _tables("state", f"{place}.state", row.get("state"))
    yield from _tables("move", f"{place}.move", row.get("move"))


def _is_number(form: object) -> bool:
    """Whether it gives another text for another year and another number."""
    try:
        made = {form.format(year=year, n=n) for year in (2026, 2027) for n in (1, 2)}
    except (AttributeError, KeyError, IndexError, ValueError):
        return False
    return len(made) == 4 and max(map(len, made)) <= 30


def _state(place: str, row: Mapping) -> Faults:
    flags = ("ends", "void", "before")
    yield from _named("state", place, row, {"days", "workdays", "span", "late", *flags})
    yield from _span(place, row, needed=False)
    for name in flags:
        if not isinstance(row.get(name, False), bool):
            yield f"{place}.{name}", _FLAG
    if "late" in row:
        yield from _one_of(f"{place}.late", row["late"], LATE)
    timed = bool(row.keys() & {"days", "workdays", "span"})
    if row.get("ends") is True and timed:
        yield place, Text("终结状态没有时限", "nothing is owed where it ends")
    elif row.get("ends") is not True and not timed:
        yield place, Text("未终结的状态要有时限", "a time is needed where it does not end")
    if row.get("ends") is not True and (row.get("void") or row.get("before")):
        yield place, Text("void、before 只用于终结状态", "void and before only where it ends")


def _move(place: str, row: Mapping) -> Faults:
    known = {"from", "to", "by", "never", "needs", "effect", "opens", "within", "once", "phone"}
    yield from _named("move", place, row, known, ("done_zh", "done_en"))
    yield from _each_of(f"{place}.by", row.get("by"), PARTIES, needed=True)
    yield from _each_of(f"{place}.never", row.get("never", []), NEVER)
    yield from _each_of(f"{place}.needs", row.get("needs", []), NEEDS)
    for name in ("within", "once"):
        if name in row:
            yield from _count(f"{place}.{name}", row[name], 1, TIMES)
    if not isinstance(row.get("phone", False), bool):
        yield f"{place}.phone", _FLAG
    if "effect" not in row:
        return
    yield from _one_of(f"{place}.effect", row["effect"], EFFECTS)
    said = "owner" if row["effect"] == "owner" else "day" if row["effect"] in _DAYS else None
    needs = row.get("needs")
    if said and not (isinstance(needs, list) and said in needs):
        yield f"{place}.needs", Text(f"{row['effect']} 需要 {said}", f"{row['effect']} needs {said}")


_READERS = {
    "severity": _severity, "ladder": _ladder, "cause": _cause, "case": _case, "state": _state, "move": _move,
}  # fmt: skip


# ---------------------------------------------------------------- what tables say of each other


def _links(tables: Mapping, severities: Collection[str]) -> Faults:
    weights = [row["code"] for row in tables["severity"]]
    for code in severities:
        if code not in weights:
            yield "severity", Text(f"缺少 {code}，检查项有此等级", f"{code} is missing, which criteria have")
    yield from _ladders(tables["ladder"], weights)
    types = {row["code"]: row for row in tables["case"]}
    raised = {str(move["opens"]) for row in types.values() for move in row["move"] if "opens" in move}
    for number, row in enumerate(tables["case"], 1):
        place = place_of("case", number, row)
        if not any(state.get("ends") for state in row["state"]):
            yield f"{place}.state", Text("没有终结状态", "no state ends it")
        for nth, move in enumerate(row["move"], 1):
            yield from _linked(place_of(f"{place}.move", nth, move), move, row, types, raised)
    found = [code for code, row in types.items() if row.get("recurs")]
    if len(found) != 1:
        yield (
            "case",
            Text("恰有一类由不合格产生（recurs）", "one type, and one only, is opened by what fails: recurs"),
        )
    elif not any(state.get("void") for state in types[found[0]]["state"]):
        yield "case", Text(f"{found[0]} 缺少 void 状态", f"{found[0]} has no void state")
    issued = {code for code, row in types.items() if row.get("issued_by")}
    if not issued:
        yield "case", Text("没有由上级签发的类型（issued_by）", "no type is issued from above: issued_by")
    if not types.keys() - issued - raised - set(found):
        yield "case", Text("没有由系统产生的类型", "no type is left for what the server itself opens")
    yield from _acts(tables["ladder"], issued)


def _ladders(rows: list, weights: Collection[str]) -> Faults:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        for code in row["severity"]:
            if code not in weights:
                yield f"ladder[{number}].severity", _no_such(code)
            elif code in seen:
                yield f"ladder[{number}].severity", Text(f"{code} 重复", f"{code} twice")
            seen.add(str(code))
    for code in weights:
        if code not in seen:
            yield "ladder", Text(f"{code} 没有督办阶梯", f"none for {code}")


def _acts(rows: list, issued: Collection[str]) -> Faults:
    for number, row in enumerate(rows, 1):
        for nth, one in enumerate(row["steps"], 1):
            if "act" in one:
                yield from _one_of(f"ladder[{number}].steps[{nth}].act", one["act"], sorted(issued))


def _linked(place: str, move: Mapping, row: Mapping, types: Mapping, raised: Collection[str]) -> Faults:
    states = [state["code"] for state in row["state"]]
    yield from _each_of(f"{place}.from", move.get("from"), states, needed=True)
    if "to" in move:
        yield from _one_of(f"{place}.to", move["to"], states)
    if "opens" in move:
        yield from _one_of(f"{place}.opens", move["opens"], types)
    if move.get("effect") in _TIMED and "span" not in row["state"][0]:
        yield f"{place}.effect", Text("此类没有期限", "this type has no deadline")
    if move.get("effect") == "annul" and row["code"] not in raised:
        yield f"{place}.effect", Text("此类不针对另一件", "this type is about no other case")


# ---------------------------------------------------------------- values


def _one_of(place: str, said: object, known: Collection[str]) -> Faults:
    if not isinstance(said, str) or said not in known:
        yield place, Text(f"应为其一：{'、'.join(known)}", f"one of {', '.join(known)}")


def _each_of(place: str, said: object, known: Collection[str], needed: bool = False) -> Faults:
    if not isinstance(said, list) or (needed and not said):
        yield (
            place,
            Text("应为非空列表" if needed else "应为列表", "a list, not empty" if needed else "a list"),
        )
        return
    for one in said:
        if not isinstance(one, str) or one not in known:
            yield place, Text(f"{one}：应为其一：{'、'.join(known)}", f"{one}: one of {', '.join(known)}")


def _count(place: str, said: object, least: int, most: int) -> Faults:
    if not isinstance(said, int) or isinstance(said, bool) or not least <= said <= most:
        yield place, Text(f"应在 {least} 到 {most} 之间", f"from {least} to {most}")


def _no_such(code: object) -> Text:
    return Text(f"没有 {code}", f"there is no {code}")
