"""Facts from phones: about one's own department or another, with targets, points and ids of either."""

from datetime import timedelta

from tests.scope.company import ENDED, TODAY
from tests.scope.rows import SIGNED_IN, Row, signed_in

DAY = TODAY.isoformat()
_STAY = "200 refused unknown-unit"
_NO_ROLE = "200 refused role-not-held"
# Who holds, or once held, a role in the department: they know that it is there.
_KNOWN = "carrier lead inspector director past moved"
_IN_COUNTY = "county past"
_NOT_TOLD = " ".join(who for who in SIGNED_IN.split() if who != "director")
# Who asks: everybody the first time, then those who may hope for something.
_WHO = "ndirector moved past carrier lead inspector director county nobody"
_OTHERS = "ndirector moved"  # who hold a role in the other department


def _open(type: str, unit: str = "{unit}", acting: str = "{unit}", **more) -> dict:
    return {"v": 1, "type": type, "unit": unit, "acting": acting, "date": DAY, **more}


def _form(kind: str, items: list[dict], type: str = "inspection", **more) -> dict:
    return _open(type, kind=kind, method="on-site", items=items, **more)


def _parcel(number: str = "{digits}00000099") -> list[dict]:
    return [{"subject": number, "class": "parcel", "verdict": "pass", "answers": {}, "photos": []}]


_NEW_PHOTO = [{"sha256": "77" * 32, "size": 9, "type": "image/jpeg"}]
_SHORT = [{"subject": "-", "verdict": "pass", "answers": {}, "photos": []}]


def _shortage(**more) -> dict:
    return _form("shortage", _SHORT, header={"short": 1, "damaged": 0}, **more)


def _capture(number: str) -> dict:
    item = {"subject": number, "class": "parcel", "photos": _NEW_PHOTO}
    return _form("capture", [item], "capture", about=DAY)


def _visit(point: str) -> dict:
    item = {"subject": point, "verdict": "pass", "answers": {}, "photos": _NEW_PHOTO, "position": "refused"}
    return _form("relay", [item])


def _change(point: str, acting: str = "{unit}") -> dict:
    return _open("point", acting=acting, point=point, op="change", values={"address": "团结街5号"})


def _of(said: dict[str, str], fact: dict, by: str = _WHO, **more) -> Row:
    return Row(said, rest=_STAY, fact=fact, by=by, **more)


_WITHDRAWAL = {"reason": "号码录错"}
_THERE = {"unit": "{other[unit]}", "acting": "{other[unit]}"}
_IN_THE_COUNTY = {"acting": "{county}"}

ROWS = {
    "POST /api/sync/push": (
        signed_in(json={"facts": []}, tables={SIGNED_IN: "devices"}),
        # What was seen is said of the own notices alone.
        signed_in(
            json={"facts": [], "seen": ["{notice}"]},
            tables={"director": "devices notices", _NOT_TOLD: "devices"},
            name="seen",
        ),
        # --- a check: by whom, about where, as acting for whom
        _of(
            {"200 stored": "lead inspector", _NO_ROLE: "carrier director past moved"},
            _form("parcel", _parcel()),
            by="",
            name="check",
        ),
        _of({"200 stored": "county", _NO_ROLE: "past"}, _form("parcel", _parcel(), **_IN_THE_COUNTY)),
        _of({}, _form("parcel", _parcel(), unit="{other[unit]}"), name="check elsewhere"),
        _of({}, _form("parcel", _parcel(), unit="{other[unit]}", **_IN_THE_COUNTY)),
        _of({_NO_ROLE: "ndirector", "200 stored": "moved"}, _form("parcel", _parcel(), **_THERE)),
        # Work of a day on which the role was held is still taken, and waits for the manager.
        _of(
            {
                "200 stored held-role": "past moved",
                "200 stored": "inspector director",
                _NO_ROLE: "carrier lead",
            },
            _shortage(date=(ENDED - timedelta(days=1)).isoformat()),
            tells="here",
        ),
        # --- a draw, the register: their numbers and points are of one department, and a carrier's of one route
        _of({"200 stored": "carrier", _NO_ROLE: "lead inspector director past moved"}, _capture("{drawn}")),
        _of(
            {"200 refused not-drawn": "carrier", _NO_ROLE: "lead inspector director past moved"},
            _capture("{drawn2}"),
            name="draw of another route",
        ),
        _of(
            {"200 refused not-drawn": "carrier", _NO_ROLE: "lead inspector director past moved"},
            _capture("{other[drawn]}"),
            name="draw elsewhere",
        ),
        _of({"200 stored": "carrier inspector director", _NO_ROLE: "lead past moved"}, _visit("{point1}")),
        _of(
            {
                "200 stored": "inspector director",
                "200 refused unknown-point": "carrier",
                _NO_ROLE: "lead past moved",
            },
            _visit("{point2}"),
            name="visit on another route",
        ),
        _of(
            {"200 refused unknown-point": "carrier inspector director", _NO_ROLE: "lead past moved"},
            _visit("{other[point1]}"),
        ),
        _of({"200 stored": "director", _NO_ROLE: "carrier lead inspector past moved"}, _change("{point1}")),
        _of({"200 stored": "county", _NO_ROLE: "past"}, _change("{point1}", "{county}")),
        _of(
            {"200 refused unknown-point": "director", _NO_ROLE: "carrier lead inspector past moved"},
            _change("{other[point1]}"),
            name="point elsewhere",
        ),
        _of(
            {"200 refused bad-fact": "director", _NO_ROLE: "carrier lead inspector past moved"},
            _open("point", point="{point1}", op="change", values={"route": "{other[route1]}"}),
        ),
        _of(
            {"200 stored": "director", "200 refused forbidden": "carrier lead inspector past moved"},
            _open("volume", about=DAY, volumes={"letter": {"items": 1, "returned": None}}),
            name="volume",
        ),
        # --- what speaks of another fact: of whose, and of the department that it says
        _of(
            {"200 stored": "inspector", "200 refused foreign-id": "carrier lead director past moved"},
            _open("withdrawal", target="{visit}", **_WITHDRAWAL),
            name="withdrawal",
        ),
        _of(
            {"200 stored": "county", "200 refused foreign-id": "past"},
            _open("withdrawal", acting="{county}", target="{visit}", **_WITHDRAWAL),
        ),
        _of(
            {"200 refused bad-fact": _OTHERS},
            _open("withdrawal", **_THERE, target="{visit}", **_WITHDRAWAL),
            name="withdrawal elsewhere",
        ),
        _of(
            {"200 stored": "lead director", "200 refused forbidden": "carrier inspector past moved"},
            _open("confirmation", target="{held}"),
            name="confirmation",
        ),
        _of({"200 refused bad-fact": _OTHERS}, _open("confirmation", **_THERE, target="{held}")),
        _of(
            {
                "200 stored": "inspector",
                "200 refused not-amendable": "lead",
                _NO_ROLE: "carrier director past moved",
            },
            _form("parcel", _parcel(), amends="{parcel}"),
            name="correction",
        ),
        _of(
            {"200 refused not-amendable": "moved", _NO_ROLE: "ndirector"},
            _form("parcel", _parcel(), **_THERE, amends="{parcel}"),
        ),
        Row(
            {"200 conflict": "inspector"},
            rest="200 refused foreign-id",
            fact=_form("parcel", _parcel()),
            id="{parcel}",
            name="number",
            by=_WHO,
        ),
        # --- what only the desk says
        Row(
            {},
            rest="200 refused bad-fact",
            fact=_open("reveal", about=DAY, manifest="{sealed}", seed="", announced=False),
            by="director nobody",
        ),
        Row(
            {},
            rest="200 refused bad-fact",
            fact=_open("override", op="end", override="{override}", last_day=DAY),
            by="county nobody",
        ),
        # --- what a phone says of itself: a photo is lost only for its author, a head is told only to who works there
        signed_in(
            json={"facts": [], "lost": [{"sha256": "{awaited_photo}", "reason": "gone"}]},
            tables={
                "inspector": "devices journal journal_heads photo_losses",
                "director lead carrier county league region sdirector ndirector past moved": "devices",
            },
            name="lost photo",
            by=_WHO,
        ),
        signed_in(
            json={"facts": [], "heads": {"{unit}": [0, ""]}},
            name="heads",
            tables={SIGNED_IN: "devices"},
            by=_WHO,
        ),
        # Another past of a unit's journal is noted of those alone who work there.
        signed_in(
            json={"facts": [], "heads": {"{unit}": [1, "0" * 64]}},
            name="another past",
            tables={SIGNED_IN: "devices"},
            never=f"{DAY} {{unit}}",
            by="ndirector sdirector past moved",
        ),
    ),
}
