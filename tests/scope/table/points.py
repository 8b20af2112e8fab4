"""The relay register: the director and the county manager keep it, the director alone confirms."""

from tests.scope.rows import JUDGES, MIXING, SOME, Row

_REGISTRARS, _NO_REGISTRARS = "director county", "carrier lead inspector league region admin"
_REFUSED = "carrier admin"
_UNIT = {"query": {"unit": "{unit}"}}
_OTHER_JUDGES = "sdirector ndirector beside moved nextcounty"
_POINT = {"args": {"point_id": "{point1}"}}
_SHOWN = "302 /points/{point1}"
_FORM = {"point": "{new}", "name": "站前小区物业", "kind": "property", "sure": "1"}
_CSV = "名称,类型\n站前小区物业,物业\n"


def _judged(shows: str, **query) -> tuple[Row, ...]:
    return (
        Row({"200": JUDGES, "403": _REFUSED}, query={"unit": "{unit}", **query}, shows=shows),
        Row({"200": f"{JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True, query=query, by=SOME),
    )


def _kept(said: str, **more) -> Row:
    return Row({said: _REGISTRARS, "403": _NO_REGISTRARS}, **more)


def _waiting(whose: str, unit: str, row: list[str]) -> tuple:
    return ("register", whose, unit, ["name", "kind"], [row])


_ROW = ["站前小区物业", "物业"]

ROWS = {
    "GET /points": (
        *_judged("{point1} {sign}"),
        Row(
            {"200": JUDGES, "403": _REFUSED},
            query={"unit": "{unit}", "route": "{other[route1]}"},
            by=MIXING,
        ),
        Row(
            {"200": JUDGES, "403": _REFUSED},
            query={"unit": "{unit}", "state": "all"},
            sought="接转点",
            by=SOME,
        ),
    ),
    "POST /points": (
        Row(
            {"303 /points?unit={unit}&s=*": JUDGES, "403": _REFUSED},
            form={"unit": "{unit}", "search": "接转点"},
            quiet=True,
        ),
    ),
    "GET /points/export.csv": _judged("{sign} {point1}", state="all"),
    "GET /points/export.xlsx": _judged("{sign} {point1}", state="all"),
    "GET /points/new": (
        _kept("200", **_UNIT, shows="{route1}"),
        Row({"200": f"{_REGISTRARS} sdirector ndirector nextcounty"}, rest="403", own=True, by=SOME),
    ),
    "POST /points/new": (
        _kept("302 /points/*", **_UNIT, form=_FORM),
        # With a route of the other county; under the number of a point there.
        _kept("422", **_UNIT, form={**_FORM, "route": "{other[route1]}"}, by=MIXING),
        _kept("422", **_UNIT, form={**_FORM, "point": "{other[point1]}"}, by=MIXING),
        _kept("302 /points/{point1}", **_UNIT, form={**_FORM, "point": "{point1}"}, quiet=True, by=MIXING),
    ),
    "GET /points/import": (_kept("200", **_UNIT),),
    "POST /points/import": (
        _kept("200", **_UNIT, file=_CSV, quiet=True),
        Row(
            {"404": _REGISTRARS, "403": _NO_REGISTRARS},
            **_UNIT,
            form={"hidden": "take"},
            by=MIXING,
            name="brought",
            waits=("register-brought", "me", "{other[unit]}", ["name", "kind"], [_ROW]),
        ),
    ),
    "POST /points/import/confirm": (
        _kept("302 /points?unit={unit}", **_UNIT, waits=_waiting("me", "{unit}", _ROW)),
        Row(
            {"404": _REGISTRARS, "403": _NO_REGISTRARS},
            **_UNIT,
            waits=_waiting("me", "{other[unit]}", _ROW),
            by=MIXING,
        ),
        _kept("400", **_UNIT, by=MIXING, waits=_waiting("{carrier}", "{unit}", _ROW)),
    ),
    "GET /points/<point_id>": (
        Row({"200": JUDGES, "403": _REFUSED}, **_POINT, shows="{sign}1"),
        Row({"200": JUDGES, "403": _REFUSED}, args={"point_id": "{point2}"}, shows="{photo_point}"),
        Row({}, args={"point_id": "{new}"}, by=SOME),
    ),
    "GET /points/<point_id>/edit": (
        _kept("200", **_POINT, shows="门卫{sign}1"),
        _kept("404", **_POINT, query={"place": "{new}"}, by=MIXING),
    ),
    "POST /points/<point_id>/edit": (
        _kept(_SHOWN, **_POINT, form={"name": "接转点", "kind": "property", "keeper": "白音"}),
        _kept(
            "422",
            **_POINT,
            form={"name": "接转点", "kind": "property", "route": "{other[route1]}"},
            by=MIXING,
        ),
    ),
    "POST /points/<point_id>/confirm": (
        Row({_SHOWN: "director", "403": f"{_NO_REGISTRARS} county"}, **_POINT),
    ),
    "POST /points/<point_id>/close": (_kept(_SHOWN, **_POINT, form={"reason": "拆迁"}),),
    "POST /points/<point_id>/reopen": (
        _kept("302 /points/{shut_point}", args={"point_id": "{shut_point}"}),
        _kept("422", **_POINT, by=SOME),
    ),
}
