"""Values that nobody should send, and JSON in which one of them stands where something else belongs."""

import copy
import random

DAYS = ("0001-01-01", "1899-12-31", "1970-01-01", "1999-12-31", "2199-12-31", "9999-12-31", "10000-01-01", "2026-02-30",
        "2026-11-31", "0000-00-00", "-0001-01-01", "2026-W00", "2026-W54", "2026-Q5", "2026-13", "")  # fmt: skip
INSTANTS = tuple(
    f"{day}T{time}"
    for day in ("0001-01-01", "1969-12-31", "2026-11-20", "9999-12-31")
    for time in ("00:00:00+14:00", "23:59:60+08:00", "24:00:00+08:00", "23:59:59.999999-12:00", "12:00")
)
NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**300, 1e308, -1e308, 5e-324, 0.1, True, False, None)  # fmt: skip
TEXTS = (
    "", " ", "\t\n", "\u0000", "\ud800", "a" * 70_000, "𠮷" * 200, "\u202e txt.exe", "'", "\"'><script>alert(1)</script>",
    "{{7*7}}", "${7*7}", "%s%n", "-", "../../../etc/passwd", "C:\\nul", "null", "NaN", "=1+1", "é" * 4_001, "👨‍👩‍👧‍👦" * 50, "٣", "１２",
    "0x10", "1e999", "Infinity", "\r\nSet-Cookie: a=b", "\ufeff", "\u2028", "a\u0301" * 100, "//evil.example", "http://[::1", "张三",
)  # fmt: skip
NESTED = ([], {}, [[]], [None], [{}] * 300, {"a": {"b": {"c": 1}}}, {"": ""}, {"__proto__": 1})
ALL = (*DAYS, *INSTANTS, *NUMBERS, *TEXTS, *NESTED)


def deep(chance: random.Random) -> list:
    """A list within a list within a list."""
    value: list = []
    for _ in range(chance.choice((20, 40, 400, 900))):
        value = [value]
    return value


def places(value: object, path: tuple = ()) -> list[tuple]:
    """The path of every value in a JSON value, its own first."""
    found = [path]
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in members:
        found += places(inner, (*path, key))
    return found


def changed(value: object, chance: random.Random) -> object:
    """A copy in which one to three places are replaced, left out, doubled or joined by something unknown."""
    value = copy.deepcopy(value)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        paths = [path for path in places(value) if path]
        if not paths:
            return chance.choice(ALL)
        path = chance.choice(paths)
        holder = value
        for key in path[:-1]:
            holder = holder[key]
        match chance.randrange(8):
            case 0:
                del holder[path[-1]]
            case 1 if isinstance(holder, list):
                holder += [holder[path[-1]]] * chance.choice((1, 20, 250))
            case 2 if isinstance(holder, dict):
                holder[chance.choice([text for text in TEXTS if text != "\ud800"])] = chance.choice(ALL)
            case 3 if isinstance(holder[path[-1]], str):
                holder[path[-1]] += chance.choice(TEXTS)
            case _:
                holder[path[-1]] = copy.deepcopy(chance.choice(ALL))
    return value


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some cut off, changed, taken out, put in or written twice."""
    data = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if not data:
            break
        at = chance.randrange(len(data))
        match chance.randrange(6):
            case 0:
                del data[at:]
            case 1:
                data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            case 2:
                del data[at : at + chance.randrange(1, 64)]
            case 3:
                data[at:at] = chance.randbytes(chance.randrange(1, 64))
            case 4:
                data[at:at] = data[at : at + chance.randrange(1, 2_000)]
            case 5:
                data += chance.randbytes(chance.randrange(1, 40))
    return bytes(data)
