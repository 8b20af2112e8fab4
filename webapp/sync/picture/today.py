"""Today, told from a pull: what static/js/screens/today.js draws of it on a phone that holds nothing else yet. Pure.

The template app/today.html has its shapes. Nothing here counts anything that the pull does not say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.core.clock import local_date
from webapp.core.dates import day_text, weekday_text
from webapp.core.problems import Problem
from webapp.rulebook.periods import Period, parse_period
from webapp.sync.picture import work
from webapp.sync.picture.words import Words

Row = Mapping
DAY = timedelta(days=1)
INSTANT = timedelta(milliseconds=1)
NAMES = 3  # of those still to be visited that are named
FEW = 6  # occasions that are shown one by one
_OPEN = {"due", "partial", "unknown"}
# The measures that tell in words of their own (static/js/domain/measures.js), and where the work is done that no record does.
_MEASURES = {"items", "points", "records", "departments", "counties", "leagues", "parts", "sessions"}
_HOME = {"points": "/app/register"}


@dataclass(frozen=True)
class Seen:
    """What all parts of the picture need: the words, the moment, and the pull by unit and section."""

    words: Words
    now: datetime
    answer: Row

    @property
    def today(self) -> date:
        """The local day."""
        return local_date(self.now)

    @property
    def kinds(self) -> Sequence[Row]:
        """The kinds of the person's work."""
        return self.answer["kinds"]

    @property
    def subjects(self) -> work.Subjects:
        """What records can be about."""
        return self.words.subjects

    def rows(self, name: str, unit: str | None = None) -> list[Row]:
        """A section's rows, of one unit or of all, units by their code."""
        parts = sorted(self.answer["sections"], key=lambda part: part["unit"])
        return [
            row
            for part in parts
            if part["name"] == name and unit in (None, part["unit"])
            for row in part["rows"]
        ]

    def day(self, value: date) -> str:
        """A day; with its year where it is not this one."""
        return day_text(value, self.words.language, year=value.year != self.today.year)


def picture(answer: Row, words: Words, now: datetime) -> dict:
    """The values of app/today.html. ``answer``: a complete pull, as it goes over the wire."""
    seen = Seen(words, now, answer)
    units = seen.rows("unit")
    above, own = work.uppers(units), work.workplaces(units, seen.kinds)
    if any(unit["level"] != "county" for unit in above):
        own = [unit for unit in own if unit["roles"] or unit["checked_for"]]
    places = above + own
    unit = next(iter(places or units), None)
    lines = _lines(seen, unit)
    there = seen.subjects.at(unit, units, seen.kinds) if unit else []
    starts = [_start(seen, kind, unit) for kind in there]
    closed = bool(unit and unit["closed"] and unit["closed"] <= seen.today.isoformat())
    left = sum(_is_open(line) and not _is_over(seen, line) for line in lines)
    duties = [_duty(seen, line, unit) for line in lines]
    undone = [_is_open(line) or line["status"] in _OPEN for line in lines]
    cases = work.cases_waiting(seen.rows("cases"), answer.get("case_rules"), seen.today)
    return {
        "words": words,
        "places": [place["name"] for place in places],
        "name": unit["name"] if unit else words.say("product"),
        "day": seen.day(seen.today),
        "weekday": weekday_text(seen.today, words.language),
        "iso": seen.today.isoformat(),
        "person": answer["person"]["name"],
        "left": left,
        "greeted": unit is None,  # on a phone that holds nothing else yet nobody has read them
        "captures": any(start["kind"]["type"] == "capture" for start in starts),
        "closed": _closing(seen, unit, closed) if unit and unit["closed"] else None,
        "by_plan": bool(unit and unit["checked_for"]),
        "cases": cases,
        "counted": _counted(words, cases),
        "unseen": sum(not notice["seen"] for notice in answer.get("notices", ())),
        "desk": work.desk_of(answer["person"]["roles"]),
        "duties": [duty for duty, open_ in zip(duties, undone, strict=True) if open_],
        "done": [duty for duty, open_ in zip(duties, undone, strict=True) if not open_],
        "below": bool(unit and unit["level"] != "department"),
        "starts": starts if not closed else [],
        "empty": not (unit and (duties or starts)),
        "books": bool(unit and work.keeps_register(unit, units)),
        "director": bool(unit and "director" in unit["roles"]),
    }


def _lines(seen: Seen, unit: Row | None) -> list[dict]:
    """The person's duties there with what is ``left``, most urgent first."""
    if unit is None:
        return []
    mine = [line for line in seen.rows("duties", unit["code"]) if set(line["roles"]) & set(unit["roles"])]
    lines = [
        {**line, "left": None if line["required"] is None else max(0, line["required"] - line["done"])}
        for line in mine
    ]
    return sorted(
        lines, key=lambda line: (_rank(seen, line), line["closes_at"], -(line["left"] or 0), line["code"])
    )


def _rank(seen: Seen, line: Row) -> int:
    if line["status"] == "not applicable":
        return 3
    return 2 if line["left"] == 0 else int(_is_over(seen, line))


def _is_open(line: Row) -> bool:
    """Unknown is not done."""
    return line["left"] != 0 and line["status"] != "not applicable"


def _is_over(seen: Seen, line: Row) -> bool:
    return datetime.fromisoformat(line["closes_at"]) <= seen.now


def _closing(seen: Seen, unit: Row, closed: bool) -> tuple[str, str]:
    """(``closed`` or ``soon``, its last day)."""
    last = date.fromisoformat(unit["closed"]) - DAY
    return "closed" if closed else "soon", day_text(last, seen.words.language, weekday=True)


def _counted(words: Words, cases: Mapping[str, int]) -> list[tuple[str, str]]:
    later = cases["turn"] - cases["over"] - cases["today"]
    told = {"over": cases["over"], "today": cases["today"], "turn": later, "check": cases["check"]}
    return [(code, words.say(f"cases.{code}", n=n)) for code, n in told.items() if n]


def _start(seen: Seen, kind: Row, unit: Row) -> dict:
    words, place = seen.words, seen.subjects.begins(kind)
    here = {name: seen.rows(name, unit["code"]) for name in ("draws", "captures", "points")}
    if place is None:
        told = words.say("start.any" if seen.subjects.is_numbered(kind) else "start.form")
    else:
        counts = {
            "receipts": lambda: work.to_capture(here["draws"]),
            "verdicts": lambda: work.to_judge(here["draws"], here["captures"], seen.answer["person"]["id"]),
        }
        points = work.open_points(unit, here["points"], seen.today)
        told = words.say(f"start.{place}", n=counts[place]() if place in counts else len(points))
    href = seen.subjects.place_of(kind, seen.kinds) or "/app/"
    return {"kind": kind, "icon": _icon(seen, kind), "name": words.named(kind), "told": told, "href": href}


def _icon(seen: Seen, kind: Row) -> str:
    own = kind.get("class") or ""
    return own if own in seen.words.icons and kind["type"] != "capture" else seen.subjects.icon(kind)


def _duty(seen: Seen, line: Row, unit: Row) -> dict:
    words, kind = seen.words, work.kind_of(seen.kinds, line["kind"])
    measure = line["measure"] if line["measure"] in _MEASURES else "records"
    none, unknown = line["status"] == "not applicable", line["left"] is None
    met, occasions = line["left"] == 0 and not none, measure == "sessions"
    small = [
        _other_period(seen, line["period"]),
        words.say("duty.so-far", n=line["done"]) if unknown and line["done"] else "",
        words.say(f"duty.batch.{seen.subjects.counted(kind)}", n=line["batch"])
        if occasions and line["batch"]
        else "",
        words.say("article", article=line["article"]),
    ]
    still = [] if met else _still(line)
    return {
        "code": line["code"],
        "name": words.named(line),
        "met": met,
        "none": none,
        "open": words.say("duty.unknown") if unknown else words.say(f"left.{measure}", n=line["left"]),
        "by": _by_when(seen, datetime.fromisoformat(line["closes_at"])),
        "icon": "check" if met else "next" if seen.subjects.has_screen(kind) else None,
        "progress": _progress(words, line, occasions) if line["required"] and not none else None,
        "still": _still_text(words, still) if still else None,
        "still_count": len(still),
        "small": " · ".join(filter(None, small)),
        **_way(seen, line, unit, kind, measure),
        "article": _article(seen, line["code"]),
        "why": [words.named(one) for one in line.get("why") or ()],
    }


def _way(seen: Seen, line: Row, unit: Row, kind: Row | None, measure: str) -> dict:
    """Where a tap on it leads; ``covered``: it asks for units by name; ``volumes``: the day whose volume is missing."""
    if line.get("covered") is not None:
        on_site = any(
            seen.subjects.has_screen(work.kind_of(seen.kinds, code)) for code in line.get("kinds") or ()
        )
        href = f"/app/places/{line['code']}" if on_site else None
        return {"covered": True, "href": href, "at_desk": not on_site, "volumes": None}
    way = seen.subjects.place_of(kind, seen.kinds) if kind else _HOME.get(measure)
    href = (way or "/app/") if seen.subjects.has_screen(kind) or way else None
    missing = line["left"] is None and line["status"] != "not applicable" and "director" in unit["roles"]
    span = _span(line["period"])
    day = span.code if span and span.kind == "day" else seen.today.isoformat()
    return {"covered": False, "href": href, "at_desk": False, "volumes": day if missing else None}


def _progress(words: Words, line: Row, occasions: bool) -> dict:
    required, shown = line["required"], min(line["done"], line["required"])
    pips = [n < shown for n in range(required)] if occasions and required <= FEW else None
    told = words.say("of", n=line["done"], of=required)
    return {"max": required, "value": shown, "pips": pips, "told": told}


def _still(line: Row) -> list[Row]:
    """Who is still to be covered by one's own work; those who left are asked about no more."""
    return [one for one in line.get("covered") or () if not one["left"] and not one["counts"]]


def _still_text(words: Words, still: Sequence[Row]) -> str:
    names = words.say("list.and").join(one["name"] for one in still[:NAMES])
    key = "duty.still-more" if len(still) > NAMES else "duty.still"
    return words.say(key, names=names, n=len(still) - NAMES, all=len(still))


def _article(seen: Seen, code: str) -> tuple[str, str] | None:
    """(its number, the Measures' own words)."""
    found = next((one for one in seen.answer.get("articles", ()) if one["code"] == code), None)
    return (seen.words.say("article", article=found["article"]), seen.words.named(found)) if found else None


def _near_day(seen: Seen, value: date) -> str:
    near = {seen.today: "day.today", seen.today - DAY: "day.yesterday"}
    return seen.words.say(near[value]) if value in near else seen.day(value)


def _span(code: str) -> Period | None:
    """None: a form that this release does not know."""
    try:
        return parse_period(code)
    except Problem:
        return None


def _other_period(seen: Seen, code: str) -> str:
    """Which period it is, where today is not in it."""
    span = _span(code)
    if span is None or seen.today in span:
        return ""
    return (
        _near_day(seen, span.first) if span.kind == "day" else f"{seen.day(span.first)}–{seen.day(span.last)}"
    )


def _by_when(seen: Seen, closes_at: datetime) -> str:
    """By when: midnight belongs to the day that ends there."""
    words, last = seen.words, local_date(closes_at - INSTANT)
    if closes_at <= seen.now:
        return words.say("closing.closed")
    near = {seen.today: "closing.today", seen.today + DAY: "closing.tomorrow"}
    if last in near:
        return words.say(near[last])
    soon = closes_at - seen.now <= 7 * DAY
    return words.say("closing.by", day=weekday_text(last, words.language) if soon else seen.day(last))
