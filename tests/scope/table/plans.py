"""Plans of special checks: the league's own, seen by itself and the region, kept by whoever leads it."""

from datetime import timedelta

from tests.scope.company import LEAGUE, TODAY
from tests.scope.rows import SOME, Row

_WHO = f"{SOME} league region"
_OF = {"args": {"plan_id": "{plan}"}}
_BACK = "303 /plans/{plan}"
_TYPED = {
    "title": "接转点专项检查",
    "minimum": "2",
    "units": "{unit}",
    "first_day": TODAY.isoformat(),
    "last_day": (TODAY + timedelta(days=5)).isoformat(),
    "report_day": (TODAY + timedelta(days=9)).isoformat(),
}
_MEMBER = {
    "person": "league",
    "unit": "{unit}",
    "first_day": TODAY.isoformat(),
    "last_day": TODAY.isoformat(),
}
_GONE = {"person": "{new}", "unit": "{unit}", "first_day": TODAY.isoformat()}

ROWS = {
    "GET /plans": (
        Row({"200": "league region", "403": "admin"}, query={"unit": LEAGUE}, shows="{sign}"),
        Row({"200": "league beside region"}, rest="403", own=True, by=_WHO),
        # Below a league there are none.
        Row({"404": "league region", "403": "county admin"}, query={"unit": "{county}"}, by=_WHO),
    ),
    "GET /plans/new": (
        Row({"200": "league", "403": "region admin"}, query={"unit": LEAGUE}, shows="{sign}"),
        Row({"200": "league beside region"}, rest="403", own=True, by=_WHO),
    ),
    "POST /plans": (
        Row({"303 /plans/*": "league", "403": "region admin"}, query={"unit": LEAGUE}, form=_TYPED),
        Row({"422": "league", "403": "region admin"}, query={"unit": LEAGUE}, by=_WHO),
    ),
    "GET /plans/<plan_id>": (
        Row({"200": "league region", "403": "admin"}, **_OF, shows="{sign}"),
        Row({}, args={"plan_id": "{new}"}, by=_WHO),
    ),
    "GET /plans/<plan_id>/change": (Row({"200": "league", "403": "region admin"}, **_OF, shows="{sign}"),),
    "POST /plans/<plan_id>/change": (
        Row({_BACK: "league", "403": "region admin"}, **_OF, form=_TYPED | {"reason": "改期"}),
        Row({"422": "league", "403": "region admin"}, **_OF, form=_TYPED, by=_WHO),
    ),
    "POST /plans/<plan_id>/team": (
        Row({_BACK: "league", "403": "region admin"}, **_OF, form=_MEMBER),
        # Nobody checks the own, and who works elsewhere is nobody here.
        Row({"422": "league", "403": "region admin"}, **_OF, form=_MEMBER | {"person": "director"}, by=_WHO),
        Row({"422": "league", "403": "region admin"}, **_OF, form=_MEMBER | {"person": "beside"}, by=_WHO),
    ),
    "POST /plans/<plan_id>/team/leave": (Row({"403": "region admin"}, **_OF, form=_GONE),),
    "POST /plans/<plan_id>/cancel": (
        Row({_BACK: "league", "403": "region admin"}, **_OF, form={"reason": "并入全区检查"}),
        Row({"422": "league", "403": "region admin"}, **_OF, by=_WHO),
    ),
    "POST /plans/<plan_id>/summary": (
        Row(
            {_BACK: "league", "403": "region admin"},
            **_OF,
            form={"issued": TODAY.isoformat(), "text": "已查。"},
        ),
        Row({"422": "league", "403": "region admin"}, **_OF, by=_WHO),
    ),
}
