"""The ledger, its exports and charts, problems, inspections, the find box, the watch list."""

from tests.scope.company import TODAY
from tests.scope.rows import ABOVE, JUDGES, MIXING, READERS, SIGNED_IN, SOME, Row, signed_in

_MONTH = {"period": f"{TODAY:%Y-%m}"}
_REFUSED = "carrier admin"
_OTHER_JUDGES = "sdirector ndirector beside moved nextcounty"


def _judged(shows: str, query: dict | None = None) -> tuple[Row, ...]:
    """Of the department, of its county, and where none is named of the own unit."""
    query = query or {}
    return (
        Row({"200": JUDGES, "403": _REFUSED}, query={"unit": "{unit}", **query}, shows=shows),
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}", **query}, by=SOME),
        Row({"200": f"{JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True, query=query, by=f"{SOME} moved lead"),
    )


ROWS = {
    "GET /ledger": (
        *_judged(query=_MONTH, shows="{sign}"),
        # Where a unit asks for a second factor, who has none sets it up before anything else.
        Row(
            {"302 /account/second-factor": "county", "200": "director"},
            query={"unit": "{unit}"},
            given=("UPDATE units SET second_factor = 1 WHERE code = '{county}'",),
            by="nextcounty director county",
            name="second factor",
        ),
    ),
    "GET /ledger/charts": _judged(shows="{sign}"),
    "GET /ledger/print": _judged(shows="{sign}"),
    "GET /ledger.xlsx": _judged(shows="{sign}"),
    "GET /ledger/<unit>/<duty>/<period>": (
        Row(
            {"200": JUDGES, "403": _REFUSED},
            args={"unit": "{unit}", "duty": "parcel-check", "period": f"{TODAY:%G-W%V}"},
            shows="{sign}",
        ),
        Row(
            {"200": ABOVE, "403": "admin"},
            args={"unit": "{county}", "duty": "parcel-check", "period": f"{TODAY:%Y-%m}"},
            by=SOME,
        ),
    ),
    "GET /cases/figures": _judged(shows="{sign}", query=_MONTH),
    "GET /cases/figures.csv": _judged(shows="{sign}", query=_MONTH),
    "GET /cases/figures.xlsx": _judged(shows="", query=_MONTH),
    # The address of before leads to the list of cases.
    "GET /problems": (
        Row({"302 /cases?unit={unit}": JUDGES, "403": _REFUSED}, query={"unit": "{unit}"}),
        Row({"302 /cases?unit={county}": ABOVE, "403": "admin"}, query={"unit": "{county}"}, by=SOME),
    ),
    "GET /inspections/<inspection_id>": (
        Row({"200": JUDGES}, args={"inspection_id": "{visit}"}, shows="{sign} {photo_visit}"),
        Row({"200": f"carrier {JUDGES}"}, args={"inspection_id": "{capture}"}, shows="{photo_receipt}"),
        # A letter that bears the id of another county's point for a label.
        Row({"200": JUDGES}, args={"inspection_id": "{letter}"}, by=MIXING),
        Row({}, args={"inspection_id": "{new}"}, by=SOME),
    ),
    # Its author, and the county manager.
    "POST /inspections/<inspection_id>/withdraw": (
        Row(
            {"302 /inspections/{visit}": "inspector county", "403": "lead director league region"},
            args={"inspection_id": "{visit}"},
            form={"reason": "号码录错"},
        ),
    ),
    "GET /find": (
        signed_in(sought="接转点"),
        Row(
            {
                "302 /ledger?unit={unit}": "lead inspector director",
                "302 /ledger?unit={other[unit]}": "ndirector nextcounty moved",
                "302 /ledger?unit={sibling[unit]}": "sdirector",
                "302 /ledger?unit={beside[unit]}": "beside",
                "200": "county league region admin carrier past",
            },
            own=True,
            sought="投递部",
        ),
        Row(
            {
                "302 /people/{director}": "director",
                "302 /people/{other[director]}": "ndirector nextcounty",
                "302 /people/{sibling[director]}": "sdirector",
                "302 /people/{beside[director]}": "beside",
            },
            rest="200",
            own=True,
            sought="director",
        ),
        # On a list, drawn, captured and judged; and on a list that is not revealed.
        Row(
            {"302 /inspections/{capture}": "lead", "200": SIGNED_IN},
            rest="200",
            sought="{drawn}",
        ),
        Row(
            {"302 /manifests/{sealed}": "inspector director county league region"},
            rest="200",
            sought="{hidden}",
        ),
        Row(
            {"302 /inspections/{parcel}": JUDGES},
            rest="200",
            sought="{digits}00000031",
        ),
        # What somebody else at this computer has searched for is found by nobody.
        signed_in(sought="{digits}00000031", searcher="{carrier}", tells="", name="another's"),
        # Nor does an address of before.
        signed_in("302 /find", query={"q": "接转点"}, by=SOME),
    ),
    "POST /find": (signed_in("303 /find?s=*", form={"q": "{digits}00000031"}, quiet=True),),
    # The same while one types: the pages for everybody, of the rest what the page that finds would show.
    "POST /find/quick": (
        Row({"200": SIGNED_IN}, form={"q": "接转点"}, quiet=True, own=True),
        Row({"200": SIGNED_IN}, form={"q": ""}, quiet=True, own=True),
        Row(
            {"200": f"{JUDGES}"},
            form={"q": "接转点"},
            quiet=True,
            shows="{point1} {sign}",
            by=JUDGES,
            name="points",
        ),
        Row(
            {"200": "director county league region"},
            form={"q": "director"},
            quiet=True,
            shows="{director}",
            by="director county league region",
            name="people",
        ),
        Row({"200": READERS}, form={"q": "{hidden}"}, quiet=True, shows="{sealed}", by=READERS, name="lists"),
        Row(
            {"200": JUDGES},
            form={"q": "{digits}00000031"},
            quiet=True,
            shows="{parcel}",
            by=JUDGES,
            name="checks",
        ),
        Row({"200": SIGNED_IN}, form={"q": "{digits}00000031"}, quiet=True, own=True, name="others"),
        Row({"200": SIGNED_IN}, form={"q": "投递部"}, quiet=True, own=True, name="units"),
        # By its last four digits; and an order by its number.
        Row({"200": JUDGES}, form={"q": "0031"}, quiet=True, shows="{parcel}", by=JUDGES, name="tails"),
        Row({"200": SIGNED_IN}, form={"q": "0031"}, quiet=True, own=True, name="others' tails"),
        Row(
            {"200": JUDGES},
            form={"q": "{order_number}"},
            quiet=True,
            shows="{order}",
            by=JUDGES,
            name="orders",
        ),
        Row({"200": SIGNED_IN}, form={"q": "{order_number}"}, quiet=True, own=True, name="others' orders"),
    ),
    "GET /watch": (
        Row({"200": JUDGES, "403": _REFUSED}, query={"unit": "{unit}"}, shows="{digits}00000041"),
        Row({"200": f"{JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True, by=SOME),
    ),
    "POST /watch": (
        Row(
            {
                f"302 /watch?unit={{unit}}&day={TODAY.isoformat()}": "director inspector",
                "403": "carrier lead county league region admin",
            },
            query={"unit": "{unit}"},
            form={"count": "1"},
        ),
        # A route of another department holds nothing to draw from.
        Row(
            {"422": "director inspector", "403": "carrier lead county league region admin"},
            query={"unit": "{unit}"},
            form={"count": "1", "route": "{other[route1]}"},
        ),
    ),
}
