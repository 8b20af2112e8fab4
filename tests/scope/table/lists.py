"""The day's lists and volumes: whoever might polish the sample sees none, and the director alone keeps them."""

from datetime import timedelta

from tests.scope.company import TODAY
from tests.scope.rows import ABOVE, MIXING, READERS, SOME, Row

DAY = TODAY.isoformat()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
_NO_LISTS = "carrier lead admin"
_NOT_KEEPING = f"carrier lead inspector {ABOVE} admin"
_UNIT = {"query": {"unit": "{unit}"}}
_OTHER_READERS = "sdirector ndirector beside moved nextcounty"
_OTHER_KEEPERS = "sdirector ndirector"
_CSV = "邮件号,邮件种类,道段\n9991100000001,国内小包,1\n"
_COLUMNS = ["number", "class", "route"]
_WAITING = [["9991100000001", "parcel", "1"]]
_HEADINGS = "单据,邮件种类\n9991100000001,国内小包\n"


def _remembers(unit: str) -> str:
    """SQL: a department took a heading for the number."""
    return (
        "INSERT INTO column_choices (unit_code, sort, heading, taken, chosen_by, chosen_at) "
        f"VALUES ('{unit}', 'manifest', '单据', 'number', '{{carrier}}', '2026-01-01 00:00:00')"
    )


def _list(which: str) -> dict:
    return {"args": {"manifest_id": f"{{{which}}}"}}


def _read(which: str, shows: str = "{sign}") -> Row:
    return Row({"200": READERS, "403": _NO_LISTS}, **_list(which), shows=shows)


def _kept(said: str, **more) -> Row:
    return Row({said: "director", "403": _NOT_KEEPING}, **more)


def _handed(said: str, by: str = MIXING, **form) -> Row:
    return _kept(said, **_list("draft"), form={"to": "{lead}", "reason": "请假", **form}, by=by)


def _keeping(said: str = "200", **more) -> Row:
    """Where no unit is named: the own department."""
    return Row({said: f"director {_OTHER_KEEPERS}"}, rest="403", own=True, by=SOME, **more)


ROWS = {
    "GET /manifests": (
        Row({"200": READERS, "403": _NO_LISTS}, **_UNIT, shows="{draft} {sealed} {revealed}"),
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}, by=SOME),
        Row({"200": f"{READERS} {_OTHER_READERS}"}, rest="403", own=True, by=SOME),
    ),
    "GET /manifests/import": (_kept("200", **_UNIT), _keeping()),
    "POST /manifests/import": (
        _kept("200", **_UNIT, file=_CSV, quiet=True),
        # Carriers of other departments are nobody here.
        _kept(
            "200",
            **_UNIT,
            file="邮件号,邮件种类,道段,投递员\n9991100000001,国内小包,1,{other[carrier_login]}\n",
            quiet=True,
            by=MIXING,
        ),
        # The unit of the form is a unit as well.
        _kept("200", form={"unit": "{unit}"}, file=_CSV, quiet=True, by=SOME),
        # What the office chose of headings is read for it alone, and forgotten by whoever keeps its lists.
        _kept("200", **_UNIT, file=_HEADINGS, given=(_remembers("{unit}"),), quiet=True, by=MIXING),
        _kept("422", **_UNIT, file=_HEADINGS, given=(_remembers("{other[unit]}"),), quiet=True, by=MIXING),
        _kept(
            "422",
            **_UNIT,
            file=_HEADINGS,
            form={"forget": "1"},
            given=(_remembers("{unit}"),),
            tables={"director": "column_choices"},
            by=MIXING,
        ),
        # A file that waits in a page: of another department, of another person.
        Row(
            {"404": "director", "403": _NOT_KEEPING},
            **_UNIT,
            form={"hidden": "take"},
            by=MIXING,
            name="brought",
            waits=("manifest-brought", "me", "{other[unit]}", _COLUMNS, _WAITING),
        ),
        _kept(
            "400",
            **_UNIT,
            form={"hidden": "take"},
            by=MIXING,
            waits=("manifest-brought", "{carrier}", "{unit}", _COLUMNS, _WAITING),
        ),
    ),
    "POST /manifests/import/confirm": (
        _kept("302 /manifests/*", **_UNIT, waits=("manifest", "me", "{unit}", _COLUMNS, _WAITING)),
        _kept(
            "302 /manifests/*",
            **_UNIT,
            form={"then": "seal"},
            by=MIXING,
            waits=("manifest", "me", "{unit}", _COLUMNS, _WAITING),
        ),
        # A preview of another department, and one of another person.
        Row(
            {"404": "director", "403": _NOT_KEEPING},
            **_UNIT,
            waits=("manifest", "me", "{other[unit]}", _COLUMNS, _WAITING),
            by=MIXING,
        ),
        _kept("400", **_UNIT, by=MIXING, waits=("manifest", "{carrier}", "{unit}", _COLUMNS, _WAITING)),
    ),
    "POST /manifests/empty": (_kept("302 /manifests/*", **_UNIT, form={"day": YESTERDAY}),),
    "GET /manifests/template.csv": (_kept("200", **_UNIT), _keeping()),
    "GET /manifests/template.xlsx": (_kept("200", **_UNIT), _keeping()),
    "GET /manifests/<manifest_id>": (
        _read("draft", "{sign} {drafted}"),
        _read("sealed", "{sign} {hidden}"),
        _read("revealed", "{sign} {drawn}"),
        Row({}, args={"manifest_id": "{new}"}, by=SOME),
    ),
    "GET /manifests/<manifest_id>/list.txt": (
        _read("sealed", "{hidden}"),
        Row({"409": READERS, "403": _NO_LISTS}, **_list("draft"), by=SOME),
    ),
    "POST /manifests/<manifest_id>/seal": (_kept("302 /manifests/{draft}", **_list("draft")),),
    "POST /manifests/<manifest_id>/reveal": (_kept("302 /manifests/{sealed}", **_list("sealed")),),
    "POST /manifests/<manifest_id>/void": (
        _kept("302 /manifests/{revealed}", **_list("revealed"), form={"reason": "改退", "number": "{drawn}"}),
        Row(
            {"404": "director", "403": _NOT_KEEPING},
            **_list("revealed"),
            form={"reason": "改退", "number": "{other[drawn]}"},
            by=MIXING,
        ),
    ),
    "POST /manifests/<manifest_id>/discard": (_kept("302 /manifests?unit={unit}", **_list("draft")),),
    "GET /manifests/<manifest_id>/handover": (_kept("200", **_list("draft"), shows="{lead} {route1}"),),
    "POST /manifests/<manifest_id>/handover": (
        _handed("302 /manifests/{draft}", by="", what="route", route="{route1}"),
        _handed("302 /manifests/{draft}", what="numbers", numbers="{drafted}"),
        _handed("422", what="route", route="{other[route1]}"),
        _handed("422", what="route", route="{route1}", to="{other[lead]}"),
        _handed("422", what="numbers", numbers="{other[drafted]}"),
    ),
    "GET /volumes": (
        Row({"200": READERS, "403": _NO_LISTS}, **_UNIT, shows="{sign}"),
        Row({"200": f"{READERS} {_OTHER_READERS}"}, rest="403", own=True, by=SOME),
    ),
    "POST /volumes": (
        _kept(f"302 /volumes?unit={{unit}}&day={DAY}", **_UNIT, form={"items-letter": "3"}),
        _kept(f"302 /volumes?unit={{unit}}&day={DAY}", form={"items-letter": "3", "unit": "{unit}"}, by=SOME),
    ),
}
