"""The morning of those above departments, and the press."""

from tests.scope.company import LEAGUE
from tests.scope.rows import ABOVE, SOME, STAFF, Row

_REFUSED = f"{STAFF} admin"


ROWS = {
    "GET /morning": (
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}, shows="{sign}"),
        Row({"302 /ledger?unit={unit}": ABOVE, "403": _REFUSED}, query={"unit": "{unit}"}, by=SOME),
        Row({"200": f"{ABOVE} beside nextcounty"}, rest="403", own=True, by=f"{SOME} league region"),
    ),
    "POST /morning/press": (
        Row(
            {"302 /morning?unit={county}#waiting": ABOVE, "403": _REFUSED},
            form={"unit": "{unit}", "matter": "waiting"},
            tables={ABOVE: "group_matters notices"},
        ),
        # Nobody presses the own unit: that is for those above it.
        Row(
            {f"302 /morning?unit={LEAGUE}#waiting": "league region", "403": "county admin"},
            form={"unit": "{county}", "matter": "waiting"},
            by=f"{SOME} league region",
            name="own unit",
        ),
        Row(
            {"422": "county director"},
            form={"unit": "{unit}", "matter": "everything"},
            by="county director",
            own=True,
        ),
    ),
}
