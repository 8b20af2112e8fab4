"""People and devices: who sees somebody, and who answers for them."""

from tests.scope.company import PASSWORD, TODAY
from tests.scope.rows import ABOVE, LONG_AGO, MANAGERS, NO_MANAGERS, SOME, Row, signed_in, unproved

DAY = TODAY.isoformat()
_SEES = f"director {ABOVE} admin"
_NONE = "carrier lead inspector past moved"  # who see nobody
_ALL_SEE = f"sdirector ndirector beside nextcounty {_SEES}"
_CARRIER = {"person_id": "{carrier}"}
_FORMER = {"person_id": "{former}"}
_SHOWN = "302 /people/{carrier}"
_ROLE = {"role": "inspector", "unit": "{unit}", "first_day": DAY}
_END = {"form": {"last_day": DAY}}


def _kept(said: str, **more) -> Row:
    """By who keeps people there; a director and the region see the person and keep nobody."""
    return Row({said: "county league admin", "403": "director region"}, **more)


def _answered(said: str, **more) -> Row:
    return Row({said: "director county league admin", "403": "region"}, **more)


def _role_end(person: str, role: str) -> dict:
    return {"args": {"person_id": person, "role_id": role}, **_END}


_EVENTS = f"nextcounty beside {ABOVE} admin"  # who see the events of their people

# Who was director here and works in another county by now: answered for there.
_FORMER_ANSWERED = Row(
    {"200": "ndirector nextcounty league admin", "403": "director county region"}, args=_FORMER, own=True
)

ROWS = {
    # In daily files, of all departments: `files.note_events` puts a sign of each there.
    "GET /events": (
        Row({"200": _EVENTS}, rest="403", own=True),
        Row(
            {"200": f"{ABOVE} admin", "404": "nextcounty beside"},
            rest="403",
            query={"person": "{carrier}"},
            shows="台账{sign}.xlsx",
            name="person",
        ),
        Row(
            {"200": "region admin"},
            own=True,
            query={"kind": "enrolment-failed"},
            shows="陌生",
            by="region admin",
        ),
    ),
    "GET /devices": (signed_in(),),
    "POST /devices/<device_id>/revoke": (
        Row(
            {"302 /devices": "carrier", _SHOWN: "director county league admin", "403": "region"},
            args={"device_id": "{phone}"},
        ),
        Row({}, args={"device_id": "{new}"}, by=SOME),
        unproved(args={"device_id": "{phone}"}, by=""),
    ),
    "GET /people": (
        Row({"200": _SEES, "403": _NONE}, query={"unit": "{unit}"}, shows="{carrier} {sign}"),
        Row({"200": f"{ABOVE} admin", "403": _NONE}, query={"unit": "{county}"}, shows="{carrier}", by=SOME),
        Row({"200": _ALL_SEE}, rest="403", own=True),
        Row(
            {"200": _ALL_SEE},
            rest="403",
            own=True,
            query={"state": "all"},
            sought="director",
            by=f"{SOME} moved",
        ),
        Row(
            {"200": _ALL_SEE},
            rest="403",
            own=True,
            query={"role": "carrier", "state": "all"},
            by=f"{SOME} moved",
        ),
    ),
    "POST /people": (
        Row(
            {"303 /people?unit={unit}&s=*": _SEES, "403": _NONE},
            form={"search": "director", "unit": "{unit}"},
            quiet=True,
        ),
        Row({"303 /people?s=*": _ALL_SEE}, rest="403", own=True, form={"search": "director"}, quiet=True),
    ),
    "GET /people/new": (
        Row({"200": MANAGERS, "403": NO_MANAGERS}, own=True),
        Row({"200": MANAGERS, "403": NO_MANAGERS}, own=True, query={"unit": "{unit}"}),
    ),
    "POST /people/new": (
        Row(
            {"302 /people/*": "county league admin", "422": "nextcounty beside", "403": NO_MANAGERS},
            own=True,
            form={**_ROLE, "login": "d1502", "name": "王芳"},
        ),
        # Above the own rank.
        Row(
            {"422": "county nextcounty beside", "302 /people/*": "league admin"},
            rest="403",
            own=True,
            form={**_ROLE, "role": "league_inspector", "unit": "1525", "login": "d1503", "name": "王芳"},
        ),
        unproved(form={**_ROLE, "login": "d1502", "name": "王芳"}),
    ),
    "GET /people/<person_id>": (
        Row({"200": _SEES}, args=_CARRIER, shows="{carrier} {sign}"),
        # Who was director here and works in another county by now: each sees the own part.
        Row({"200": f"{_SEES} ndirector nextcounty"}, args=_FORMER, own=True),
        Row({}, args={"person_id": "{new}"}, by=SOME),
    ),
    "POST /people/<person_id>/roles": (
        _kept(_SHOWN, args=_CARRIER, form=_ROLE),
        # A role in another county is given by who keeps both.
        Row(
            {_SHOWN: "league admin", "422": "county director", "403": "region"},
            args=_CARRIER,
            form={**_ROLE, "unit": "{other[unit]}"},
        ),
        Row(
            {"302 /people/{other[carrier]}": "league admin", "422": "nextcounty ndirector", "403": "region"},
            args={"person_id": "{other[carrier]}"},
            form=_ROLE,
        ),
        unproved(args=_CARRIER, form=_ROLE),
    ),
    "POST /people/<person_id>/roles/<role_id>/end": (
        _kept(_SHOWN, **_role_end("{carrier}", "{role}")),
        Row({}, **_role_end("{carrier}", "{other[role]}")),
        Row({}, **_role_end("{other[carrier]}", "{role}")),
        unproved(**_role_end("{carrier}", "{role}")),
    ),
    "POST /people/<person_id>/name": (_kept(_SHOWN, args=_CARRIER, form={"name": "张巴图尔"}),),
    "POST /people/<person_id>/password": (
        _answered("200", args=_CARRIER),
        _FORMER_ANSWERED,
        unproved(args=_CARRIER),
    ),
    "POST /people/<person_id>/deactivate": (
        _kept(_SHOWN, args=_CARRIER),
        unproved(args=_CARRIER),
        # With the password in the form that was asked for it goes on.
        _kept(
            _SHOWN,
            args=_CARRIER,
            given=LONG_AGO,
            form={"present_password": PASSWORD},
            by=SOME,
            tables={"ndirector sdirector beside past nextcounty director": "devices login_failures"},
        ),
        Row(
            {"302 /people/{former}": "nextcounty league admin", "403": "director county region ndirector"},
            args=_FORMER,
            own=True,
        ),
    ),
    "POST /people/<person_id>/reactivate": (
        _kept("302 /people/{inactive}", args={"person_id": "{inactive}"}, own=True),
        unproved(args={"person_id": "{inactive}"}),
    ),
    "POST /people/<person_id>/enrolment": (
        _answered("200", args=_CARRIER),
        _FORMER_ANSWERED,
        unproved(args=_CARRIER),
    ),
}
