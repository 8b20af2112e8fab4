"""The way in, the field app's files, and what everybody has of one's own."""

from datetime import timedelta
from functools import partial

from tests.scope.company import ENDED, PASSWORD, SALT, TODAY
from tests.scope.rows import LONG_AGO, SIGNED_IN, SOME, Row, everyone, signed_in, unproved
from webapp.core import clock
from webapp.core.database import db
from webapp.org import sessions
from webapp.org.models import Person
from webapp.web.bodies import FIELDS

_NEW = {"password": "steppe-42-wind", "repeat": "steppe-42-wind"}

_AGAIN = {"present_password": PASSWORD, "next": "/devices"}
_OFFICE = "county nextcounty league beside region admin"  # who may have a second factor; two of them have one
_HAVE, _HAVE_NONE = "league beside", "county nextcounty region admin"


def _half_way(world, ago: int = 0, proof: str | None = None) -> dict:
    """Who has given the league's password in this browser, ``ago`` seconds before."""
    with world.app.app_context():
        league = db.session.get(Person, world.people["league"])
        proof = proof or sessions._proof(league)
    return {"half": [world.people["league"], proof, clock.now().timestamp() - ago, None]}


def _shown_key(_world) -> dict:
    """The key of a new second factor was shown in this browser."""
    return {"second-factor": SALT}


_CODE = {"code": "{league_code}"}
_ASKED_ANEW = "302 /login"


def _fact(type: str, **more) -> dict:
    own = {"v": 1, "type": type, "unit": "{unit}", "acting": "{unit}", "date": TODAY.isoformat()}
    return own | more


_ITEM = {"subject": "-", "verdict": "pass", "answers": {}, "photos": []}
_SHORT = _fact(
    "inspection", kind="shortage", method="on-site", items=[_ITEM], header={"short": 1, "damaged": 0}
)
_EARLIER = _SHORT | {"date": (ENDED - timedelta(days=1)).isoformat()}
_THEIRS = {"sha256": "{other[named_photo]}", "size": 9, "type": "image/jpeg"}
_PICTURED = _EARLIER | {"items": [_ITEM | {"photos": [_THEIRS]}]}
_VOLUME = _fact("volume", about=TODAY.isoformat(), volumes={"letter": {"items": 1, "returned": None}})
_WITHDRAWN = _fact("withdrawal", target="{visit}", reason="号码录错")

ROWS = {
    "GET /": (
        Row(
            {
                "302 /ledger": "sdirector ndirector director",
                "302 /morning": "beside nextcounty county league region",
                "302 /account": "temporary",
                "302 /app/": "moved inspector lead carrier",
                "302 /people": "admin",
                "200": "past",
                "302 /login": "nobody revoked inactive",
            },
            own=True,
        ),
    ),
    "POST /language": (
        Row(
            {"302 /": f"{SIGNED_IN} nobody revoked inactive temporary"},
            own=True,
            form={"language": "en"},
            tables={"nobody revoked inactive": "", f"{SIGNED_IN} temporary": "people"},
        ),
        everyone("422", form={"language": "xx"}),
        # No form of ours has as many fields.
        everyone("413", form={f"x{n}": "1" for n in range(FIELDS + 1)}, name="fields", by="nobody director"),
    ),
    "GET /login": (
        Row({"200": "nobody revoked inactive", "302 /": SIGNED_IN, "302 /account": "temporary"}, own=True),
    ),
    "POST /login": (
        everyone("401", form={"login": "carrier", "password": "wrong"}),
        everyone("401", form={"login": "inactive", "password": PASSWORD}, by=SOME),
        everyone("302 /", form={"login": "carrier", "password": PASSWORD}, tells="here"),
    ),
    "GET /login/code": (
        everyone("200", session=_half_way),
        everyone("302 /login?next=%2Flogin%2Fcode"),
        everyone(
            "302 /login?next=%2Flogin%2Fcode", session=partial(_half_way, ago=400), name="late", by=SOME
        ),
    ),
    "POST /login/code": (
        everyone("302 /", session=_half_way, form=_CODE),
        everyone("422", session=_half_way, form={"code": "000000"}, name="code", by=SOME),
        everyone(_ASKED_ANEW, session=partial(_half_way, proof="0" * 64), form=_CODE, name="proof", by=SOME),
        everyone(_ASKED_ANEW, form=_CODE, by=SOME),
    ),
    "GET /logout": (Row({"200": f"{SIGNED_IN} temporary"}, own=True),),
    "POST /logout": (everyone("302 /login?out=1", tables={"nobody revoked inactive": ""}),),
    "GET /account": (Row({"200": f"{SIGNED_IN} temporary"}, own=True),),
    "POST /account": (
        Row({"302 /account": f"{SIGNED_IN} temporary"}, own=True, form={"current": PASSWORD, **_NEW}),
        Row({"422": f"{SIGNED_IN} temporary"}, own=True, form={"current": "wrong", **_NEW}),
    ),
    "POST /account/again": (
        signed_in("302 /devices", form=_AGAIN, given=LONG_AGO),
        signed_in("302 /", form={**_AGAIN, "next": "https://elsewhere.example"}, given=LONG_AGO, by=SOME),
        signed_in("422", form={**_AGAIN, "present_password": "wrong"}, by=SOME),
    ),
    "GET /account/second-factor": (
        Row({"200": _OFFICE}, rest="403", own=True),
        unproved(),
    ),
    "POST /account/second-factor": (
        Row({"200": _OFFICE}, rest="403", own=True, session=_shown_key, form={"code": "{code}"}),
        Row({"422": _OFFICE}, rest="403", own=True, session=_shown_key, form={"code": "000000"}, by=SOME),
        Row({"302 /account/second-factor?new=1": _OFFICE}, rest="403", own=True, quiet=True, by=SOME),
        unproved(),
    ),
    "POST /account/second-factor/codes": (
        Row({"200": _HAVE, "404": _HAVE_NONE}, rest="403", own=True),
        unproved(),
    ),
    "POST /account/second-factor/remove": (
        Row(
            {"302 /account": _OFFICE},
            rest="403",
            own=True,
            tables={_HAVE: "second_factors", _HAVE_NONE: ""},
        ),
        # Where a unit asks for it, it stays.
        Row(
            {"403": "league"},
            own=True,
            given=("UPDATE units SET second_factor = 1 WHERE code = '1525'",),
            by="league",
            name="required",
        ),
        unproved(),
    ),
    # A link and a code name whom they are for, to whoever has them.
    "GET /enrol": (everyone(),),
    "POST /enrol": (
        everyone("410", form={"code": "WRONG234"}),
        everyone("200", form={"code": "{secret}"}, quiet=True, tells="here"),
    ),
    "GET /enrol/<token>": (
        everyone("200", args={"token": "{token}"}, tells="here"),
        everyone("410", args={"token": "{new}"}),
    ),
    "POST /enrol/<token>": (
        everyone("302 /", args={"token": "{token}"}, tells="here"),
        everyone("410", args={"token": "{new}"}),
    ),
    # --- the field app, which is the same for everybody, and what makes it installable
    "GET /app/": (everyone(by=SOME),),
    "GET /app/<path:place>": (everyone(args={"place": "records"}, by=SOME),),
    "GET /service-worker.js": (everyone(by=SOME),),
    "GET /manifest.webmanifest": (everyone(by=SOME),),
    "GET /api/ping": (everyone(),),
    "GET /api/ready": (everyone(),),
    "GET /api/docs": (everyone(by=SOME),),
    "GET /api/openapi.json": (everyone(by=SOME),),
    "GET /rescue": (signed_in(),),
    "POST /rescue": (
        signed_in("422"),
        Row({"200": "carrier director county league"}, rest="422", rescue=("{carrier}",), quiet=True),
        Row({"200": "director county league", "422": SIGNED_IN}, rescue=("{director}",), quiet=True, by=SOME),
    ),
    # By another hand only records of the field, of units that the bringer leads.
    "POST /rescue/import": (
        signed_in("400", form={"file": "nothing"}),
        Row({"200": "carrier director county league"}, rest="422", rescue=("{carrier}", _SHORT)),
        Row(
            {"200": "moved ndirector nextcounty director county league"},
            rest="422",
            own=True,
            rescue=("{former}", _EARLIER),
            tables={"ndirector nextcounty": "refusals"},
            tells="here",
            name="not led",
        ),
        # A photo that the author has sent for another county: to name it is not to bring it.
        Row(
            {"200": "moved ndirector nextcounty director county league"},
            rest="422",
            own=True,
            rescue=("{former}", _PICTURED),
            tables={"ndirector nextcounty director county league": "photo_refs refusals"},
            tells="here",
            name="photo",
        ),
        Row(
            {"200": "director county league"},
            rest="422",
            rescue=("{director}", _VOLUME),
            tables={"county league": "refusals"},
            name="author only",
        ),
        Row(
            {"200": "inspector director county league"},
            rest="422",
            rescue=("{inspector}", _WITHDRAWN),
            tables={"director county league": "refusals"},
            name="withdrawn",
        ),
    ),
}
