"""Rules, editions and calendars: everybody of a unit reads them, those above lay them down."""

from datetime import timedelta

from tests.scope.company import TODAY
from tests.scope.rows import ABOVE, SIGNED_IN, SOME, STAFF, Row

DAY, LATER = TODAY.isoformat(), (TODAY + timedelta(days=20)).isoformat()
SOON = (TODAY + timedelta(days=10)).isoformat()
_OF_UNIT = f"{STAFF} {ABOVE} admin"
_OTHERS = "sdirector ndirector beside moved nextcounty"
_UNIT, _COUNTY = {"query": {"unit": "{unit}"}}, {"query": {"unit": "{county}"}}
_STRICTER = {"duty": "parcel-check", "n.size": "30", "first_day": DAY, "reason": "旺季"}
_NOT_REGION = " ".join(who for who in SIGNED_IN.split() if who != "region")
_SHUT = {"day": SOON, "delivers": "no", "name": "搬迁"}


def _read(shows: str) -> tuple[Row, ...]:
    return (
        Row({"200": _OF_UNIT}, **_UNIT, shows=shows),
        Row({"200": f"{ABOVE} admin"}, **_COUNTY, by=SOME),
        Row({"200": f"{_OF_UNIT} {_OTHERS}"}, rest="403", own=True, by=f"{SOME} carrier moved"),
    )


def _above(said: str, **more) -> Row:
    return Row({said: ABOVE, "403": f"{STAFF} admin"}, **more)


def _county(said: str, **more) -> Row:
    return Row({said: "county", "403": f"{STAFF} league region admin"}, **more)


def _region(said: str, **more) -> Row:
    return Row({said: "region", "403": _NOT_REGION}, own=True, **more)


def _calendar(unit: str, day: str) -> str:
    return f"302 /calendar?unit={{{unit}}}&month={day[:7]}"


_EDITIONS = Row({"403": "past"}, rest="200", own=True)

ROWS = {
    "GET /rules": _read("{sign}"),
    "GET /rules/override": (
        _above("200", **_UNIT, shows="{sign}"),
        Row({"200": f"{ABOVE} beside nextcounty"}, rest="403", own=True, by=SOME),
    ),
    "POST /rules/override": (
        _above("302 /rules?unit={unit}#parcel-check", **_UNIT, form=_STRICTER),
        Row({"302 /rules?unit={county}#parcel-check": ABOVE, "403": "admin"}, **_COUNTY, form=_STRICTER),
    ),
    "POST /rules/overrides/<override_id>/end": (
        _above("302 /rules?unit={unit}", args={"override_id": "{override}"}, form={"last_day": DAY}),
        Row({}, args={"override_id": "{new}"}, by=SOME),
    ),
    "GET /rules/editions": (_EDITIONS,),
    "GET /rules/editions/compare": (_EDITIONS,),
    "GET /rules/editions/source.toml": (_EDITIONS,),
    "POST /rules/editions/preview": (_region("422", form={"source": "[edition]"}),),
    "POST /rules/editions": (_region("422", form={"source": "[edition]"}),),
    "POST /rules/editions/take-back": (_region("302 /rules/editions", form={"code": "9999"}),),
    "GET /calendar": _read("{sign}"),
    "POST /calendar/days": (_county(_calendar("unit", SOON), **_UNIT, form={"d0": "1", "first_day": SOON}),),
    "POST /calendar/days/remove": (_county(_calendar("unit", LATER), **_UNIT, form={"first_day": LATER}),),
    "POST /calendar/exceptions": (
        _county(_calendar("unit", SOON), **_UNIT, form=_SHUT),
        Row({_calendar("county", SOON): "county", "403": "league region admin"}, **_COUNTY, form=_SHUT),
    ),
    "POST /calendar/exceptions/remove": (_county(_calendar("unit", LATER), **_UNIT, form={"day": LATER}),),
}
