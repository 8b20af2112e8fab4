"""Units and routes: read where one keeps them, and kept below the own unit."""

from tests.scope.company import TODAY
from tests.scope.rows import MANAGERS, NO_MANAGERS, STAFF, Row, unproved

DAY = TODAY.isoformat()
_KEEPERS, _NO_KEEPERS = "county league admin", f"{STAFF} region"
_UNIT = {"code": "{unit}"}
_SHOWN = "302 /units/{unit}"
_OPENED = {"code": "152502777", "name": "新部", "setting": "city", "opened_on": DAY}


def _kept(said: str = _SHOWN, **more) -> Row:
    return Row({said: _KEEPERS, "403": _NO_KEEPERS}, **{"args": _UNIT, **more})


def _route(route: str, **more) -> Row:
    return _kept(args={"code": "{unit}", "route_id": route}, **more)


def _mixed(**more) -> tuple[Row, Row]:
    """A route of the other county below the own unit, and the own route below the other county's."""
    refused = {"403": _NO_KEEPERS}
    other = {"403": "ndirector moved region"}
    return (
        Row(refused, args={"code": "{unit}", "route_id": "{other[route1]}"}, **more),
        Row(other, args={"code": "{other[unit]}", "route_id": "{route1}"}, **more),
    )


_FROM = {"form": {"first_day": DAY}}
_WALK = {"form": {"first_day": DAY, "carrier": "{carrier2_login}"}}
_FILE = "邮局代码,名称\n{unit},新名\n"

ROWS = {
    "GET /units": (
        _kept("200", args={}, query={"unit": "{unit}"}),
        Row({"200": _KEEPERS, "403": "region"}, args={}, query={"unit": "{county}"}, shows="{sign} {unit}"),
        Row({"200": MANAGERS, "403": NO_MANAGERS}, own=True),
    ),
    "POST /units": (
        Row({"302 /units/152502777": _KEEPERS, "403": "region"}, query={"unit": "{county}"}, form=_OPENED),
        # What the form says of a parent counts for nothing.
        Row(
            {"302 /units/152502777": _KEEPERS, "403": "region"},
            query={"unit": "{county}"},
            form={**_OPENED, "parent": "{other[county]}"},
        ),
        Row({"422": _KEEPERS, "403": _NO_KEEPERS}, query={"unit": "{unit}"}, form=_OPENED),
    ),
    "GET /units/<code>": (_kept("200", shows="{sign} {route1}"),),
    "POST /units/<code>/details": (
        _kept(form={"name": "新名"}),
        # No department is a bureau.
        _kept("422", form={"name": "新名", "bureau": "delivery"}),
        # Nobody keeps the own unit.
        Row(
            {"302 /units/{county}": "league admin", "403": "county region"},
            args={"code": "{county}"},
            form={"name": "新名"},
        ),
    ),
    "POST /units/<code>/setting": (_kept(form={"setting": "rural", "first_day": DAY}),),
    "POST /units/<code>/services": (
        _kept(form={"service": "counter", "offers": "yes", "first_day": DAY}),
        # Departments alone have services; nobody keeps the own unit.
        Row(
            {"422": "league admin", "403": "county region"},
            args={"code": "{county}"},
            form={"service": "counter", "offers": "yes", "first_day": DAY},
        ),
    ),
    "POST /units/<code>/operator": (_kept(form={"operator": "agency", "first_day": DAY}),),
    "POST /units/<code>/close": (_kept(form={"last_day": DAY}),),
    "POST /units/<code>/reopen": (_kept("422", **_FROM),),
    "POST /units/<code>/ledger": (_kept(form={"ledger_from": DAY}),),
    "POST /units/<code>/routes": (
        _kept(form={"code": "77", "name": "九段"}),
        _kept(
            "422", form={"code": "77", "name": "九段", "carrier": "{other[carrier_login]}", "first_day": DAY}
        ),
    ),
    "POST /units/<code>/routes/<route_id>/carrier": (
        _route("{route1}", **_WALK),
        _kept(
            "422",
            args={"code": "{unit}", "route_id": "{route1}"},
            form={"first_day": DAY, "carrier": "{other[carrier_login]}"},
        ),
        *_mixed(**_WALK),
    ),
    "POST /units/<code>/routes/<route_id>/close": (_route("{route1}"), *_mixed()),
    "POST /units/<code>/routes/<route_id>/reopen": (
        _route("{shut_route}", **_FROM),
        Row({"403": _NO_KEEPERS}, args={"code": "{unit}", "route_id": "{other[shut_route]}"}, **_FROM),
    ),
    "POST /units/<code>/enrolments": (_kept("200", shows="{sign}"), unproved(args=_UNIT)),
    "POST /units/<code>/second-factor": (
        _kept(form={"required": "yes"}),
        Row(
            {"302 /units/{county}": "league admin", "403": "county region"},
            args={"code": "{county}"},
            form={"required": "yes"},
        ),
        unproved(args=_UNIT, form={"required": "yes"}),
    ),
    "GET /units/import": (Row({"200": MANAGERS, "403": NO_MANAGERS}, own=True),),
    "POST /units/import": (
        Row(
            {"200": MANAGERS, "403": NO_MANAGERS},
            own=True,
            form={"sort": "units"},
            file="编码,名称,上级,城乡,开办日期\n152502778,新部,{county},城市,2026-01-01\n",
            quiet=True,
        ),
        # A file that waits in the page of whoever keeps other units.
        Row(
            {"400": "county nextcounty league beside admin", "403": NO_MANAGERS},
            rest="400",
            own=True,
            form={"sort": "routes", "hidden": "take"},
            by="director county league admin nextcounty",
            waits=("unit-routes-brought", "{carrier}", "{county}", ["unit", "code"], [["{unit}", "78"]]),
        ),
    ),
    "POST /units/import/confirm": (
        Row(
            {"302 /units?unit={county}": _KEEPERS, "409": "nextcounty beside", "403": NO_MANAGERS},
            own=True,
            form={"sort": "routes"},
            waits=("unit-routes", "me", "{county}", ["unit", "code", "name"], [["{unit}", "78", "新段"]]),
        ),
        # Somebody else's preview.
        Row(
            {"403": NO_MANAGERS},
            rest="400",
            own=True,
            form={"sort": "routes"},
            waits=(
                "unit-routes",
                "{carrier}",
                "{county}",
                ["unit", "code", "name"],
                [["{unit}", "78", "新段"]],
            ),
        ),
        unproved(form={"sort": "routes"}),
    ),
    "GET /units/import/template.csv": (Row({"200": MANAGERS, "403": NO_MANAGERS}, own=True),),
    "GET /units/import/template.xlsx": (Row({"200": MANAGERS, "403": NO_MANAGERS}, own=True),),
}
