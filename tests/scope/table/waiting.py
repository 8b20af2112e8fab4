"""What waits for somebody: held records, second contents, refusals, photos that will not come."""

from tests.scope.rows import ABOVE, JUDGES, MIXING, SOME, Row

_REFUSED = "carrier admin"
_OTHER_JUDGES = "sdirector ndirector beside moved nextcounty"
_HELD = {"args": {"fact_id": "{held}"}}


def _contested(fact: str, digest: str) -> dict:
    return {"args": {"fact_id": fact, "digest": digest}, "form": {"decision": "first"}}


_DECIDED = {"302 /attention": "director county", "403": "lead inspector league region"}

ROWS = {
    "GET /attention": (
        Row(
            {"200": JUDGES, "403": _REFUSED},
            query={"unit": "{unit}"},
            shows="{lost} {sign}",
        ),
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}, shows="{lost}", by=SOME),
        Row({"200": f"{JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True, by=SOME),
    ),
    "POST /attention/held/<fact_id>": (
        Row({"302 /attention": "lead director county", "403": "inspector league region"}, **_HELD),
        Row({}, args={"fact_id": "{new}"}, by=SOME),
    ),
    "POST /attention/held/<fact_id>/refuse": (
        Row(
            {"302 /attention": "lead director county", "403": "inspector league region"},
            **_HELD,
            form={"reason": "补录"},
        ),
    ),
    "POST /attention/conflicts/<fact_id>/<digest>": (
        Row(_DECIDED, **_contested("{contested}", "{digest}")),
        Row({}, **_contested("{contested}", "{other[digest]}"), by=MIXING),
        Row({}, **_contested("{other[contested]}", "{digest}"), by=MIXING),
        Row({}, **_contested("{parcel}", "{digest}"), by=MIXING),
    ),
}
