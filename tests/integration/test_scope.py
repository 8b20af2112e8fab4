"""Every route, asked by everybody: who gets in, who is refused, and for whom the thing does not exist.

A new route fails `test_every_route_stands_in_the_table` until its row says who may use it. A row names those who get
in (``ok``) and those who are refused openly (``forbidden``); for all others the thing does not exist (404), and nobody
is sent to the login.
"""

import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cast import CITY, PASSWORD, ROLES, build, device_for
from tests.databases import dispose, settings_for
from webapp import create_app
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.org import operations
from webapp.org.models import Role, Unit
from webapp.recording import rulings
from webapp.recording.models import Conflict
from webapp.recording.operations import record_at_desk
from webapp.recording.rules import fact_digest, personal_hash
from webapp.rulebook.operations import add_edition
from webapp.rulebook.rules import shipped_source
from webapp.sampling import imports, schemas

TODAY = clock.local_date(clock.now())
MONTH = f"{TODAY:%Y-%m}"

ALL = "carrier lead inspector director county nextcounty league region admin"
ABOVE = "county league region"  # who oversee the department
JUDGES = f"lead inspector director {ABOVE}"  # who see its inspections and its ledger
BELOW = "carrier lead inspector"  # who see no people


@dataclass(frozen=True)
class Row:
    """Who gets what at one route; ``args`` fill its places from the scene, by name."""

    ok: str
    forbidden: str = ""
    public: bool = False
    form: dict = field(default_factory=dict)
    json: dict | None = None
    query: dict = field(default_factory=dict)
    args: dict = field(default_factory=dict)

    def expected(self, role: str) -> str:
        """ok, forbidden, hidden (404), or login."""
        if role in self.ok.split() or (self.public and role == "nobody"):
            return "ok"
        if role == "nobody":
            return "login"
        return "forbidden" if role in self.forbidden.split() else "hidden"


def anyone(**more) -> Row:
    return Row(ALL, public=True, **more)


def signed_in(**more) -> Row:
    return Row(ALL, **more)


OF_CITY = {"unit": CITY}
NEW_ROLE = {"role": "inspector", "unit": CITY, "first_day": TODAY.isoformat()}
PERSON = {"person_id": "carrier"}
INSPECTION = {"inspection_id": "inspection"}
LIST = {"manifest_id": "manifest"}
READERS, NO_LISTS = f"inspector director {ABOVE}", "carrier lead admin"
POINT = {"point_id": "point"}
REGISTRARS, NO_REGISTRARS = "director county", "carrier lead inspector league region admin"
NOT_KEEPING = f"carrier lead inspector {ABOVE} admin"
# Who keeps the carrier; a director sees the person without keeping, the region reads.
KEEPERS = {"ok": "county league admin", "forbidden": "director region"}
ENROLLERS = {"ok": "director county league admin", "forbidden": "region"}

UNIT, ROUTE = {"code": "unit"}, {"code": "unit", "route_id": "route"}
UNIT_KEEPERS, NO_KEEPERS = "county league admin", f"{BELOW} director region"

# Who works in the unit or above it, and of these who may not lay down rules, calendars, editions.
OF_UNIT = f"{BELOW} director {ABOVE} admin"
NOT_ABOVE = f"{BELOW} director admin"
NOT_COUNTY = f"{BELOW} director league region admin"
NOT_REGION = f"{BELOW} director county nextcounty league admin"
LATER = (TODAY + timedelta(days=20)).isoformat()
STRICTER = {"duty": "parcel-check", "n.size": "30", "first_day": TODAY.isoformat(), "reason": "旺季"}

OFFER = "PUT /api/photos/<digest>"  # is of no unit until an inspection names the photo
TABLE: dict[str, Row] = {
    # --- the way in
    "GET /": signed_in(),
    "POST /language": anyone(form={"language": "en"}),
    "GET /login": anyone(),
    "POST /login": anyone(form={"login": "carrier", "password": PASSWORD}),
    "GET /logout": signed_in(),
    "POST /logout": anyone(),
    "GET /account": signed_in(),
    "POST /account": signed_in(
        form={"current": PASSWORD, "password": "steppe-42-wind", "repeat": "steppe-42-wind"}
    ),
    "GET /enrol": anyone(),
    "POST /enrol": anyone(form={"code": "WRONG234"}),
    "GET /enrol/<token>": anyone(args={"token": "token"}),
    "POST /enrol/<token>": anyone(args={"token": "token"}),
    # --- the field app, which is the same for everybody, and what makes it installable
    "GET /app/": anyone(),
    "GET /app/<path:place>": anyone(args={"place": "place"}),
    "GET /service-worker.js": anyone(),
    "GET /manifest.webmanifest": anyone(),
    # --- the API
    "GET /api/ping": anyone(),
    "GET /api/docs": anyone(),
    "GET /api/openapi.json": anyone(),
    "GET /api/sync/pull": signed_in(),
    "POST /api/sync/push": signed_in(json={"facts": []}),
    # A photo that nobody has; everybody who is signed in may offer one, and the bytes decide.
    "GET /api/photos/<digest>": Row("", args={"digest": "photo"}),
    "GET /api/photos/<digest>/thumbnail": Row("", args={"digest": "photo"}),
    OFFER: signed_in(args={"digest": "photo"}, json={}),
    "GET /api/ledger": Row(
        "lead inspector director county league region",
        "carrier admin",
        query={**OF_CITY, "period": "2026-11"},
    ),
    # --- people and devices
    "GET /devices": signed_in(),
    "POST /devices/<device_id>/revoke": Row(
        "carrier director county league admin", "region", args={"device_id": "phone"}
    ),
    "GET /people": Row(f"director {ABOVE} admin", BELOW, query=OF_CITY),
    "POST /people": Row(f"director {ABOVE} admin", BELOW, query=OF_CITY, form={"search": "王"}),
    "GET /events": Row("county nextcounty league region admin", f"{BELOW} director"),
    "GET /people/new": Row("county nextcounty league admin", f"{BELOW} director region"),
    "POST /people/new": Row(
        "county nextcounty league admin",
        f"{BELOW} director region",
        form={**NEW_ROLE, "login": "d1502", "name": "王芳"},
    ),
    "GET /people/<person_id>": Row(f"director {ABOVE} admin", args=PERSON),
    "POST /people/<person_id>/roles": Row(**KEEPERS, args=PERSON, form=NEW_ROLE),
    "POST /people/<person_id>/roles/<role_id>/end": Row(
        **KEEPERS, args={**PERSON, "role_id": "role"}, form={"last_day": TODAY.isoformat()}
    ),
    "POST /people/<person_id>/name": Row(**KEEPERS, args=PERSON, form={"name": "张巴图尔"}),
    "POST /people/<person_id>/password": Row(**ENROLLERS, args=PERSON),
    "POST /people/<person_id>/deactivate": Row(**KEEPERS, args=PERSON),
    "POST /people/<person_id>/reactivate": Row(**KEEPERS, args=PERSON),
    "POST /people/<person_id>/enrolment": Row(**ENROLLERS, args=PERSON),
    # --- units: everybody reads those that one keeps or that are one's own, and keeps those below
    "GET /units": Row(UNIT_KEEPERS, NO_KEEPERS, query=OF_CITY),
    "POST /units": Row("county nextcounty league admin", f"{BELOW} director region"),
    "GET /units/<code>": Row(UNIT_KEEPERS, NO_KEEPERS, args=UNIT),
    "POST /units/<code>/details": Row(UNIT_KEEPERS, NO_KEEPERS, args=UNIT, form={"name": "新名"}),
    "POST /units/<code>/setting": Row(
        UNIT_KEEPERS, NO_KEEPERS, args=UNIT, form={"setting": "rural", "first_day": TODAY.isoformat()}
    ),
    "POST /units/<code>/close": Row(
        UNIT_KEEPERS, NO_KEEPERS, args=UNIT, form={"last_day": TODAY.isoformat()}
    ),
    "POST /units/<code>/reopen": Row(
        UNIT_KEEPERS, NO_KEEPERS, args=UNIT, form={"first_day": TODAY.isoformat()}
    ),
    "POST /units/<code>/routes/<route_id>/reopen": Row(
        UNIT_KEEPERS, NO_KEEPERS, args=ROUTE, form={"first_day": TODAY.isoformat()}
    ),
    "POST /units/<code>/ledger": Row(UNIT_KEEPERS, NO_KEEPERS, args=UNIT, form={"ledger_from": "2026-11-01"}),
    "POST /units/<code>/routes": Row(UNIT_KEEPERS, NO_KEEPERS, args=UNIT, form={"code": "9", "name": "九段"}),
    "POST /units/<code>/routes/<route_id>/carrier": Row(
        UNIT_KEEPERS, NO_KEEPERS, args=ROUTE, form={"first_day": TODAY.isoformat()}
    ),
    "POST /units/<code>/routes/<route_id>/close": Row(UNIT_KEEPERS, NO_KEEPERS, args=ROUTE),
    "POST /units/<code>/enrolments": Row(UNIT_KEEPERS, NO_KEEPERS, args=UNIT),
    "GET /units/import": Row("county nextcounty league admin", f"{BELOW} director region"),
    "POST /units/import": Row("county nextcounty league admin", f"{BELOW} director region"),
    "POST /units/import/confirm": Row(
        "county nextcounty league admin", f"{BELOW} director region", form={"sort": "units"}
    ),
    "GET /units/import/template.csv": Row("county nextcounty league admin", f"{BELOW} director region"),
    "GET /units/import/template.xlsx": Row("county nextcounty league admin", f"{BELOW} director region"),
    # --- the ledger and what stands behind it
    "GET /watch": Row(JUDGES, "carrier admin", query=OF_CITY),
    "POST /watch": Row("director inspector", "carrier lead county league region admin", query=OF_CITY),
    "GET /find": signed_in(),
    "POST /find": signed_in(form={"q": "王"}),
    "GET /ledger": Row(JUDGES, "carrier admin", query=OF_CITY),
    "GET /ledger/charts": Row(JUDGES, "carrier admin", query=OF_CITY),
    "GET /ledger/print": Row(JUDGES, "carrier admin", query=OF_CITY),
    "GET /ledger.xlsx": Row(JUDGES, "carrier admin", query=OF_CITY),
    "GET /ledger/<unit>/<duty>/<period>": Row(
        JUDGES, "carrier admin", args={"unit": "unit", "duty": "duty", "period": "month"}
    ),
    "GET /problems": Row(JUDGES, "carrier admin", query=OF_CITY),
    "GET /inspections/<inspection_id>": Row(JUDGES, args=INSPECTION),
    # its author, and the county manager
    "POST /inspections/<inspection_id>/withdraw": Row(
        "inspector county", "lead director league region", args=INSPECTION, form={"reason": "号码录错"}
    ),
    # --- lists and volumes: whoever might polish the sample sees none
    "GET /manifests": Row(READERS, NO_LISTS, query=OF_CITY),
    "GET /manifests/import": Row("director", NOT_KEEPING, query=OF_CITY),
    "POST /manifests/import": Row("director", NOT_KEEPING, query=OF_CITY),
    "POST /manifests/import/confirm": Row("director", NOT_KEEPING, query=OF_CITY),
    "POST /manifests/empty": Row("director", NOT_KEEPING, query=OF_CITY),
    "GET /manifests/template.csv": Row("director", NOT_KEEPING, query=OF_CITY),
    "GET /manifests/template.xlsx": Row("director", NOT_KEEPING, query=OF_CITY),
    "GET /manifests/<manifest_id>": Row(READERS, NO_LISTS, args=LIST),
    "GET /manifests/<manifest_id>/list.txt": Row(READERS, NO_LISTS, args=LIST),
    "POST /manifests/<manifest_id>/seal": Row("director", NOT_KEEPING, args=LIST),
    "POST /manifests/<manifest_id>/reveal": Row("director", NOT_KEEPING, args=LIST),
    "POST /manifests/<manifest_id>/void": Row("director", NOT_KEEPING, args=LIST, form={"reason": "改退"}),
    "POST /manifests/<manifest_id>/discard": Row("director", NOT_KEEPING, args=LIST),
    "GET /manifests/<manifest_id>/handover": Row("director", NOT_KEEPING, args=LIST),
    "POST /manifests/<manifest_id>/handover": Row("director", NOT_KEEPING, args=LIST, form={"what": "route"}),
    "GET /volumes": Row(READERS, NO_LISTS, query=OF_CITY),
    "POST /volumes": Row("director", NOT_KEEPING, query=OF_CITY, form={"items-letter": "3"}),
    # --- the relay register: the director alone confirms
    "GET /points": Row(JUDGES, "carrier admin", query=OF_CITY),
    "POST /points": Row(JUDGES, "carrier admin", query=OF_CITY, form={"search": "社区"}),
    "GET /points/export.csv": Row(JUDGES, "carrier admin", query=OF_CITY),
    "GET /points/export.xlsx": Row(JUDGES, "carrier admin", query=OF_CITY),
    "GET /points/new": Row(REGISTRARS, NO_REGISTRARS, query=OF_CITY),
    "POST /points/new": Row(
        REGISTRARS,
        NO_REGISTRARS,
        query=OF_CITY,
        form={"point": new_id(), "name": "站前小区物业", "kind": "property"},
    ),
    "GET /points/import": Row(REGISTRARS, NO_REGISTRARS, query=OF_CITY),
    "POST /points/import": Row(REGISTRARS, NO_REGISTRARS, query=OF_CITY),
    "POST /points/import/confirm": Row(REGISTRARS, NO_REGISTRARS, query=OF_CITY),
    "GET /points/<point_id>": Row(JUDGES, "carrier admin", args=POINT),
    "GET /points/<point_id>/edit": Row(REGISTRARS, NO_REGISTRARS, args=POINT),
    "POST /points/<point_id>/edit": Row(REGISTRARS, NO_REGISTRARS, args=POINT, form={"keeper": "白音"}),
    "POST /points/<point_id>/confirm": Row("director", f"{NO_REGISTRARS} county", args=POINT),
    "POST /points/<point_id>/close": Row(REGISTRARS, NO_REGISTRARS, args=POINT, form={"reason": "拆迁"}),
    "POST /points/<point_id>/reopen": Row(REGISTRARS, NO_REGISTRARS, args=POINT),
    # --- the rules: everybody of the unit reads them
    "GET /rules": Row(OF_UNIT, query=OF_CITY),
    "GET /rules/override": Row(ABOVE, NOT_ABOVE, query=OF_CITY),
    "POST /rules/override": Row(ABOVE, NOT_ABOVE, query=OF_CITY, form=STRICTER),
    "POST /rules/overrides/<override_id>/end": Row(
        ABOVE, NOT_ABOVE, args={"override_id": "override"}, form={"last_day": TODAY.isoformat()}
    ),
    "GET /rules/editions": signed_in(),
    "GET /rules/editions/source.toml": signed_in(),
    "POST /rules/editions/preview": Row("region", NOT_REGION, form={"source": "[edition]"}),
    "POST /rules/editions": Row("region", NOT_REGION, form={"source": "[edition]"}),
    "POST /rules/editions/take-back": Row("region", NOT_REGION, form={"code": "9999"}),
    "GET /calendar": Row(OF_UNIT, query=OF_CITY),
    "POST /calendar/days": Row("county", NOT_COUNTY, query=OF_CITY, form={"d0": "1", "first_day": LATER}),
    "POST /calendar/days/remove": Row("county", NOT_COUNTY, query=OF_CITY, form={"first_day": LATER}),
    "POST /calendar/exceptions": Row(
        "county", NOT_COUNTY, query=OF_CITY, form={"day": LATER, "delivers": "no", "name": "搬迁"}
    ),
    "POST /calendar/exceptions/remove": Row("county", NOT_COUNTY, query=OF_CITY, form={"day": LATER}),
    # --- a phone's queue as a file: whose it is decides (test_rescue.py), so everybody sees the form
    "GET /rescue": signed_in(),
    "POST /rescue": signed_in(),
    "POST /rescue/import": signed_in(form={"file": "nothing"}),
    "GET /attention": Row(JUDGES, "carrier admin", query=OF_CITY),
    "POST /attention/held/<fact_id>": Row(JUDGES, args={"fact_id": "inspection"}),
    # the scene's record waits for nothing: whoever sees it is told so
    "POST /attention/held/<fact_id>/refuse": Row(
        JUDGES, args={"fact_id": "inspection"}, form={"reason": "补录"}
    ),
    "POST /attention/conflicts/<fact_id>/<digest>": Row(
        "director county",
        "lead inspector league region",
        args={"fact_id": "inspection", "digest": "digest"},
        form={"decision": "first"},
    ),
}


@dataclass
class Scene:
    """An app whose database is put back before every request; the sessions of all roles are in it."""

    app: object
    file: Path
    things: dict[str, str]
    cookies: dict[str, str]

    def restore(self) -> None:
        """The database as it was built."""
        dispose(self.app)
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.file.with_suffix(".built"), self.file)

    def client(self, role: str):
        """A browser in which ``role`` is signed in."""
        client = self.app.test_client()
        if role in self.cookies:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = self.cookies[role]
        return client

    def ask(self, route: str, role: str):
        """The answer of the route to ``role`` on the untouched scene."""
        self.restore()
        row, (method, path) = TABLE[route], route.split(" ")
        for place, thing in row.args.items():
            path = path.replace(f"<path:{place}>", self.things[thing]).replace(
                f"<{place}>", self.things[thing]
            )
        assert "<" not in path, f"{route}: the row fills {sorted(row.args)} only"
        given = {"json": row.json} if row.json is not None else {"data": row.form}
        headers = {"X-Toucha": "1", "Origin": "http://localhost"}
        return self.client(role).open(
            path, method=method, query_string=row.query, headers=headers, buffered=True, **given
        )


@pytest.fixture(scope="module")
def scene(sqlite_template, tmp_path_factory):
    """Built once: the cast, and one of each thing, all of the city department of this county."""
    folder = tmp_path_factory.mktemp("scope")
    app = create_app(settings_for(sqlite_template.fresh(folder), folder))
    with app.app_context(), transaction() as session:
        cast = build(session)
        things = {
            "unit": CITY,
            "month": MONTH,
            "duty": "parcel-check",
            "place": "records",
            "photo": "0" * 64,
            "point": cast.points["额尔敦社区居委会"],
            "route": cast.routes[CITY, "1"],
        }
        things |= _person(session, cast) | _inspection(session, cast) | _manifest(session, cast)
        things |= _rules(session, cast)
        cookies = {
            role: ".".join(device_for(session, cast.people[role])) for role in ROLES if role != "nobody"
        }
    dispose(app)
    file = folder / "toucha.sqlite"
    shutil.copyfile(file, file.with_suffix(".built"))
    yield Scene(app, file, things, cookies)
    dispose(app)


def _person(session, cast) -> dict[str, str]:
    """The carrier with a phone, a role and an open enrolment."""
    person = cast.people["carrier"]
    phone, _token = device_for(session, person)
    issued = operations.issue_enrolment(session, cast.actor(session, "director"), clock.now(), person, 24)
    role = session.query(Role).filter_by(person_id=person).one()
    return {"carrier": person, "phone": phone, "role": role.id, "token": issued.token}


def _inspection(session, cast) -> dict[str, str]:
    """A parcel check by the inspector, and a second content under its number."""
    item = {"subject": "LZ123456785CN", "class": "parcel", "verdict": "pass", "answers": {}, "photos": []}
    body = {"type": "inspection", "kind": "parcel", "method": "on-site", "unit": CITY, "acting": CITY}
    body |= {"date": TODAY.isoformat(), "started": None, "ended": None, "elapsed_ms": None, "items": [item]}
    fact = record_at_desk(session, cast.actor(session, "inspector"), clock.now(), body)
    text = fact.open.replace("LZ123456785CN", "RB123456785CN")
    second = fact_digest(text, personal_hash("", ""))
    session.add(
        Conflict(fact_id=fact.id, digest=second, open=text, personal="", salt="", received_at=clock.now())
    )
    session.flush()
    return {"inspection": fact.id, "digest": second}


def _manifest(session, cast) -> dict[str, str]:
    """A draft of today with one item."""
    item = schemas.Row(2, "LZ123456785CN", "parcel", cast.routes[CITY, "1"])
    director, unit = cast.actor(session, "director"), session.get(Unit, CITY)
    manifest = imports.import_rows(session, director, clock.now(), unit, TODAY, [item])
    return {"manifest": manifest.id}


def _rules(session, cast) -> dict[str, str]:
    """A stricter rule of the department, its calendar and a day off to come, and an edition to come."""
    me, unit, now = cast.actor(session, "county"), session.get(Unit, CITY), clock.now()
    size = {"duty": "parcel-check", "changes": {"size": 25}, "first_day": TODAY.isoformat(), "reason": "旺季"}
    laid_down = record_at_desk(session, me, now, rulings.body(me, unit, now, "override", "enter", **size))
    days, off = {"first_day": LATER, "mask": 63}, {"day": LATER, "delivers": False, "name": "搬迁"}
    for op, more in (("days", days), ("exception", off)):
        record_at_desk(session, me, now, rulings.body(me, unit, now, "calendar", op, **more))
    source = shipped_source().replace('code = "2014"', 'code = "9999"', 1)
    source = source.replace("first_day = 2014-01-01", "first_day = 2199-01-01", 1)
    add_edition(session, source, cast.people["region"], now)
    return {"override": laid_down.id}


def _found(answer) -> str:
    """What an answer says of scope: ok, forbidden, hidden, login, or broken."""
    if answer.status_code >= 500:
        return "broken"
    location = answer.headers.get("Location", "")
    if answer.status_code == 401 or (location.startswith("/login") and _asked(answer) != "POST /logout"):
        return "login"
    return {403: "forbidden", 404: "hidden"}.get(answer.status_code, "ok")


def _asked(answer) -> str:
    return f"{answer.request.method} {answer.request.path}"


def _routes(app) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_route_stands_in_the_table(scene):
    missing = _routes(scene.app) - set(TABLE)
    assert not missing, f"who may use these? Add rows: {sorted(missing)}"


def test_no_row_speaks_of_a_route_that_is_gone(scene):
    gone = set(TABLE) - _routes(scene.app)
    assert not gone, f"no such routes: {sorted(gone)}"


@pytest.mark.parametrize("route", TABLE)
def test_each_role_gets_exactly_what_the_table_says(scene, route):
    answers = {role: scene.ask(route, role) for role in ROLES}
    found = {role: f"{_found(answer)}" for role, answer in answers.items()}
    assert found == {role: TABLE[route].expected(role) for role in ROLES}


def test_nobody_is_refused_everywhere_but_on_the_way_in():
    public = {route for route, row in TABLE.items() if row.public}
    ways = (
        "/language",
        "/login",
        "/logout",
        "/enrol",
        "/app/",
        "/service-worker.js",
        "/manifest.webmanifest",
        "/api/ping",
        "/api/docs",
        "/api/openapi",
        "/api/docs",
        "/service-worker",
    )
    shell = ("/app/", "/manifest.webmanifest", "/favicon")
    assert all(route.split(" ")[1].startswith(ways + shell) for route in public)


def test_what_is_of_this_county_does_not_exist_for_the_next_one():
    ours = {
        route: row
        for route, row in TABLE.items()
        if (row.args or row.query) and not row.public and route != OFFER
    }
    assert len(ours) >= 10
    assert [route for route, row in ours.items() if row.expected("nextcounty") != "hidden"] == []


@pytest.mark.parametrize(
    "route", [route for route, row in TABLE.items() if row.args and not row.public and route != OFFER]
)
def test_a_hidden_thing_is_answered_like_one_that_never_was(scene, route):
    scene.restore()
    hidden = scene.ask(route, "nextcounty")
    never = {name: new_id() for name in scene.things}
    kept, scene.things = scene.things, never
    try:
        absent = scene.ask(route, "nextcounty")
    finally:
        scene.things = kept
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert _without(hidden.text, kept) == _without(absent.text, never)


def _without(text: str, things: dict[str, str]) -> str:
    """The page without the names in its own address, and without its tokens."""
    for name, thing in things.items():
        text = text.replace(thing, name)
    return "\n".join(line for line in text.splitlines() if "csrf_token" not in line)


def test_a_role_that_ended_yesterday_opens_nothing_today(scene):
    scene.restore()
    with scene.app.app_context(), transaction() as session:
        for role in session.query(Role).filter(Role.unit_code == CITY, Role.role == "director"):
            role.first_day, role.last_day = date(2026, 1, 1), TODAY - timedelta(days=1)
    director = scene.client("director")
    assert director.get("/people").status_code == 403
    assert director.get(f"/people/{scene.things['carrier']}").status_code == 404
    with scene.app.app_context():
        db.session.remove()
