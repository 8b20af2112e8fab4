"""Records of the newer kinds and editions of the Measures, for random histories of the ledger."""

from collections.abc import Iterable
from datetime import date, timedelta

from tests.cast import Cast
from tests.ledger_stories import form, passed
from webapp.rulebook.rules import shipped_source

NEWER = ("return", "balance", "shortage", "letter", "watch", "meeting", "analysis")
# What an edition changes: (duty, what, by what).
CHANGES = (
    (("return-audit", "percent = 100", "percent = 50"), ("parcel-check", "size = 20", "size = 5")),
    (("parcel-check", 'period = "week"', 'period = "month"'),),
    (
        ("letter-check-rural", 'period = "month"', 'period = "week"'),
        ("relay-register", "days = 90", "days = 1"),
    ),
    (("pre-shift-meeting", "kept = true", "kept = false"), ("shortage-damage", "days = 3", "days = 2")),
)


def changed_edition(code: str, first_day: date, changes: Iterable[tuple[str, str, str]]) -> str:
    """The shipped edition under another code and first day, with (duty or kind, what, by what) replaced."""
    source = shipped_source().replace('code = "2014"', f'code = "{code}"', 1)
    source = source.replace("first_day = 2014-01-01", f"first_day = {first_day}", 1)
    for one, old, new in changes:
        at = source.index(old, source.index(f'\ncode = "{one}"\n'))
        source = source[:at] + new + source[at + len(old) :]
    return source


def newer(cast: Cast, who: tuple, kind: str, day: date, size: int, **more) -> dict:
    """The open part of one of the newer records; larger ones hold more."""
    _, unit, acting = who
    items, about = [{"subject": "-"}], {}
    header = {"present": [cast.people[who[0]]], "notes": 2, "requirements": ["补盖日戳"]}
    if kind in ("return", "watch"):
        items, header = passed([f"P{n:02}" for n in range(size * 4 + 1)]), None
    elif kind == "letter":
        common = {"verdict": "pass", "answers": {}, "photos": []}
        tags = [f"{n}号楼" for n in range(size + 1)]
        items = [
            {"subject": f"N{n}", "stratum": "nonlocal", "tag": tag, **common} for n, tag in enumerate(tags)
        ]
        items += [{"subject": f"L{n}", "stratum": "local", **common} for n in range(size)]
        header = None
    elif kind == "balance":
        names = ("opening", "received", "delivered", "returned", "forwarded", "carried")
        header = dict(zip(names, (size, 2, size, 0, 1, size % 2), strict=True))
    elif kind == "shortage":
        items = [{"subject": "-", "verdict": "pass", "answers": {}}]
        header = {"short": size, "damaged": 0, "replaced": size, "refunded": 0, "refund": 0}
    if kind in ("return", "watch", "balance"):
        about = {"about": (day - timedelta(days=size % 2)).isoformat()}
    return form(
        kind, day, items, unit=unit, acting=acting, **({"header": header} if header else {}), **about, **more
    )
