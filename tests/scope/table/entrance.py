"""The way in, the field app's files, and what everybody has of one's own."""

from tests.scope.company import PASSWORD
from tests.scope.rows import SIGNED_IN, SOME, Row, everyone, signed_in

_NEW = {"password": "steppe-42-wind", "repeat": "steppe-42-wind"}

ROWS = {
    "GET /": (
        Row(
            {
                "302 /ledger": "sdirector ndirector director beside nextcounty county league region temporary",
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
    ),
    "GET /login": (
        Row({"200": "nobody revoked inactive", "302 /": SIGNED_IN, "302 /account": "temporary"}, own=True),
    ),
    "POST /login": (
        everyone("401", form={"login": "carrier", "password": "wrong"}),
        everyone("401", form={"login": "inactive", "password": PASSWORD}, by=SOME),
        everyone("302 /", form={"login": "carrier", "password": PASSWORD}, tells="here"),
    ),
    "GET /logout": (Row({"200": f"{SIGNED_IN} temporary"}, own=True),),
    "POST /logout": (everyone("302 /login?out=1", tables={"nobody revoked inactive": ""}),),
    "GET /account": (Row({"200": f"{SIGNED_IN} temporary"}, own=True),),
    "POST /account": (
        Row({"302 /account": f"{SIGNED_IN} temporary"}, own=True, form={"current": PASSWORD, **_NEW}),
        Row({"422": f"{SIGNED_IN} temporary"}, own=True, form={"current": "wrong", **_NEW}),
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
    "GET /api/docs": (everyone(by=SOME),),
    "GET /api/openapi.json": (everyone(by=SOME),),
    "GET /rescue": (signed_in(),),
    "POST /rescue": (signed_in("422"),),
    "POST /rescue/import": (signed_in("400", form={"file": "nothing"}),),
}
