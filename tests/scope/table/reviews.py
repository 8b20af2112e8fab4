"""Reviews, meetings and visits of those above: what a unit owes by its own work, and what it found."""

from datetime import timedelta

from tests.scope.company import TODAY
from tests.scope.rows import ABOVE, JUDGES, SOME, STAFF, Row, unproved
from webapp.rulebook.periods import period_of

WEEK = period_of("week", TODAY - timedelta(days=7)).code
_REVIEW = {"kind": "form-review", "unit": "{unit}", "period": WEEK}
_MEETING = {"kind": "unit-analysis", "unit": "{county}", "period": f"{TODAY:%Y-%m}"}
_HELD = {
    "method": "on-site", "day": TODAY.isoformat(), "head-notes": "分析投递质量", "head-requirements": "补盖日戳",
}  # fmt: skip

ROWS = {
    "GET /records/reviews": (
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}),
        Row({"200": JUDGES, "403": "carrier admin"}, query={"unit": "{unit}"}, by=SOME),
    ),
    # In the county's name by its manager; the league reviews counties, not their departments.
    "GET /records/reviews/<kind>/<unit>/<period>": (
        Row({"200": "county", "403": f"{STAFF} league region admin"}, args=_REVIEW, shows="{sign}"),
        Row({"200": "league", "403": "county region admin"}, args=_REVIEW | {"unit": "{county}"}),
        Row({"200": "county", "403": "league region admin"}, args=_MEETING),
        Row({}, args=_REVIEW | {"kind": "parcel"}, by="nextcounty nobody county"),
    ),
    "POST /records/reviews/<kind>/<unit>/<period>": (
        Row(
            {"302 /records/reviews?unit={county}": "county", "403": "league region admin"},
            args=_MEETING,
            form=_HELD,
        ),
        # Nothing is chosen, nothing is signed.
        Row({"422": "county", "403": f"{STAFF} league region admin"}, args=_REVIEW),
        unproved(args=_REVIEW),
    ),
    "GET /records/visits": (
        Row({"200": JUDGES, "403": "carrier admin"}, query={"unit": "{unit}"}),
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}, by=SOME),
    ),
}
