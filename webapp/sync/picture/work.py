"""Which work a person's roles allow where, told from a pull alone: what static/js/domain/work.js says on the phone. Pure.

A test opens the app for everybody of the demo and holds the picture against what its script then draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.org.rules import CAMPAIGN_INSPECTOR

Row = Mapping


def kind_of(kinds: Sequence[Row], code: str | None) -> Row | None:
    """The kind as it was pulled; None for work that no record does."""
    return next((kind for kind in kinds if kind["code"] == code), None)


@dataclass(frozen=True)
class Subjects:
    """What records can be about, as static/js/domain/subjects.js knows it and the browser build hands it on."""

    known: Mapping[str, Row]

    def has_screen(self, kind: Row | None) -> bool:
        """Whether it is done on a phone: a period is reviewed at the desk."""
        return kind is not None and kind.get("subject") in self.known and not kind.get("period")

    def counted(self, kind: Row | None) -> str:
        """In which words its things are counted."""
        return (self.known.get(kind["subject"], {}).get("counted") if kind else None) or "items"

    def is_numbered(self, kind: Row) -> bool:
        """Whether what it is about bears a number to be scanned."""
        return self.known[kind["subject"]]["numbered"]

    def icon(self, kind: Row) -> str:
        """The outline beside it, where its class of mail has none of its own."""
        return "camera" if kind["type"] == "capture" else self.known[kind["subject"]]["icon"]

    def begins(self, kind: Row) -> str | None:
        """The screen on which its work is chosen; None: a fresh check begins at once."""
        places = self.known.get(kind.get("subject"), {}).get("begins", {})
        return places.get("capture" if kind["type"] == "capture" else kind.get("list") or "", places.get(""))

    def place_of(self, kind: Row, kinds: Sequence[Row]) -> str | None:
        """The address at which its work is chosen."""
        place = self.begins(kind)
        if place is None:
            return None
        first = next(one for one in kinds if self.begins(one) == place)
        return f"/app/{place}" if first["code"] == kind["code"] else f"/app/{place}/{kind['code']}"

    def at(self, unit: Row, units: Sequence[Row], kinds: Sequence[Row]) -> list[Row]:
        """The kinds that can be done there."""
        return [kind for kind in kinds if self.has_screen(kind) and acting_for(kind, unit, units)]


def acting_for(kind: Row, unit: Row, units: Sequence[Row]) -> str | None:
    """The unit for which the person acts when the work is about ``unit``; None: not allowed."""
    if kind.get("levels") and unit["level"] not in kind["levels"]:
        return None
    able = [one for one in units if set(one["roles"]) & set(kind["roles"])]
    if any(one["code"] == unit["code"] for one in able):
        return unit["code"]
    higher = [one for one in able if one["level"] != "department" and _lies_below(unit, one)]
    if higher:
        return max(higher, key=lambda one: len(one.get("above") or ()))["code"]
    return unit.get("checked_for") if CAMPAIGN_INSPECTOR in kind["roles"] else None


def _lies_below(unit: Row, upper: Row) -> bool:
    return unit.get("above") is None or upper["code"] in unit["above"]


def uppers(units: Sequence[Row]) -> list[Row]:
    """The units above departments in which the person works, the lowest first."""
    own = [unit for unit in units if unit["level"] != "department" and set(unit["roles"]) - {"admin"}]
    return sorted(own, key=lambda unit: -len(unit.get("above") or ()))


def workplaces(units: Sequence[Row], kinds: Sequence[Row]) -> list[Row]:
    """Departments in which the person can do something."""
    departments = [unit for unit in units if unit["level"] == "department"]
    return [unit for unit in departments if any(acting_for(kind, unit, units) for kind in kinds)]


def desk_of(roles: Sequence[Row]) -> str | None:
    """Where the desk begins for these roles; None: there is nothing for them."""
    others = {one["role"] for one in roles} - {"carrier", CAMPAIGN_INSPECTOR}
    if not others:
        return None
    return "/" if others == {"admin"} else "/ledger"


def keeps_register(unit: Row, units: Sequence[Row]) -> bool:
    """Whether the person keeps the unit's relay register: its director, or the county's manager."""
    if "director" in unit["roles"]:
        return True
    managed = [one for one in units if "county_manager" in one["roles"]]
    return unit["level"] == "department" and any(_lies_below(unit, one) for one in managed)


def open_points(unit: Row, points: Sequence[Row], today: date) -> list[Row]:
    """Nobody calls at a closed point; a carrier at those of the own routes, the others at all."""
    day = today.isoformat()
    here = [one for one in points if not (one.get("closed") or (one.get("closes") and one["closes"] <= day))]
    if not unit["roles"] or set(unit["roles"]) - {"carrier"}:
        return here
    mine = {route["id"] for route in unit["routes"] if route["mine"]}
    return [point for point in here if point["route"] in mine]


def to_capture(draws: Sequence[Row]) -> int:
    """How many of a carrier's own drawn items are still to be photographed."""
    items = [item for draw in draws for item in draw["items"]]
    return sum(item["mine"] and not item["captured"] and not item["judged"] for item in items)


def to_judge(draws: Sequence[Row], captures: Sequence[Row], me: str) -> int:
    """How many items wait for this person's verdict, those of the draws and those that were photographed besides."""
    open_ = {
        (draw["day"], item["number"])
        for draw in draws
        for item in draw["items"]
        if not item["mine"] and not item["judged"]
    }
    taken = {
        (one["day"], item["subject"])
        for one in captures
        if one["author"]["id"] != me
        for item in one["items"]
    }
    return len(open_ | taken)


# What a move may need to be made on a phone (NEEDS of static/js/domain/cases.js).
_NEEDS = {"text", "cause", "photo", "day", "owner"}


def cases_waiting(rows: Sequence[Row], rules: Row | None, today: date) -> dict[str, int]:
    """{``turn``, ``over``, ``today``, ``check``}: cases at this person's turn, of those overdue and due today; to look at again."""
    found = {"turn": 0, "over": 0, "today": 0, "check": 0}
    for row in rows if rules else ():
        group = _group(row, rules, today.isoformat())
        if group:
            found[group] += 1
        if group == "turn" and row["due"]:
            found["over"] += row["due"] < today.isoformat()
            found["today"] += row["due"] == today.isoformat()
    return found


def _group(row: Row, rules: Row, day: str) -> str | None:
    kind = next((one for one in rules["types"] if one["code"] == row["type"]), None)
    states = {state["code"]: state["ends"] for state in kind["states"]} if kind else {}
    if states.get(row["state"], row["ended"]):
        return None
    moves = {move["code"]: move for move in kind["moves"]} if kind else {}
    ways = [
        moves[one["move"]]
        for one in row["may"]
        if one["move"] in moves
        and not set(moves[one["move"]]["needs"]) - _NEEDS
        and (not one["until"] or day <= one["until"])
        and (not one["days"] or day <= one["days"]["last"])
    ]
    others = row["late"] is not None and row["late"] != "owner"
    if any(way["to"] for way in ways):
        return "check" if others else "turn"
    return "check" if others and row["desk"] else None
