"""Notices: everybody's own inbox and choices, the robots of units, what is sent, and the calendar's secret address."""

from tests.scope.rows import SIGNED_IN, SOME, STAFF, Row, signed_in, unproved

_KEEPERS = "county league region admin"  # of the robots of the department, and of those above it
_ALL_KEEPERS = f"{_KEEPERS} nextcounty beside"
_NO_KEEPERS = f"{STAFF} ndirector sdirector past moved"
_DIRECTORS = "director ndirector sdirector"  # who are told something, have an address and a feed
_OTHERS = " ".join(who for who in SIGNED_IN.split() if who not in _DIRECTORS.split())
_UNTOLD = _OTHERS.replace(" league", "")  # the league got a report
_ANYBODY = f"{SIGNED_IN} nobody revoked inactive"
_LIST, _CHOICES, _QUEUE = "303 /notices?show=unseen", "303 /account/notices", "303 /notices/queue"
_ROBOTS = "303 /units/{unit}/robots"
_NEW = {
    "channel": "dingtalk", "group": "质检群", "hour": "9", "language": "zh", "secret": "SEC1",
    "webhook": "https://oapi.dingtalk.com/robot/send?access_token=1",
}  # fmt: skip
_ELSEWHERE = {**_NEW, "webhook": "https://169.254.169.254/robot/send?access_token=1"}


def _kept(said: str, **more) -> Row:
    return Row({said: _KEEPERS, "403": STAFF}, **{"args": {"code": "{unit}"}, **more})


def _robot(said: str, code: str = "{unit}", **more) -> Row:
    return _kept(said, args={"code": code, "robot_id": "{robot}"}, **more)


def _mixed() -> tuple[Row, ...]:
    """The robot of the other county, under the own unit."""
    args = {"code": "{unit}", "robot_id": "{other[robot]}"}
    return (Row({"403": STAFF}, args=args),)


ROWS = {
    "GET /notices": (
        signed_in(),
        Row({"200": "director"}, own=True, query={"show": "all"}, shows="{sign}", by="director"),
    ),
    "POST /notices/seen": (signed_in(_LIST, tables={_UNTOLD: "", f"{_DIRECTORS} league": "notices"}),),
    "POST /notices/<notice_id>/seen": (
        Row({f"{_LIST}&page=1": "director"}, args={"notice_id": "{notice}"}),
        signed_in("404", args={"notice_id": "{new}"}, by=SOME),
    ),
    "POST /notices/<notice_id>/open": (Row({"303 /points": "director"}, args={"notice_id": "{notice}"}),),
    "GET /account/notices": (signed_in(),),
    "POST /account/notices": (
        signed_in(_CHOICES, form={"hour": "7", "quiet": "1"}),
        signed_in("422", form={"hour": "24"}, by=SOME),
    ),
    "POST /account/notices/mail": (
        signed_in(_CHOICES, form={"mail_address": "name@post.example.cn"}),
        signed_in("422", form={"mail_address": "name@post.example.cn, other@example.cn"}, by=SOME),
        unproved(),
    ),
    "POST /account/notices/mail/proof": (
        # Another's code proves nothing.
        Row({_CHOICES: "director", "422": SIGNED_IN}, own=True, form={"code": "{mail_code}"}),
    ),
    "POST /account/notices/mail/remove": (
        signed_in(_CHOICES, tables={_OTHERS: "", _DIRECTORS: "notice_choices notice_deliveries"}),
    ),
    "POST /account/notices/calendar": (signed_in(), unproved()),
    "POST /account/notices/calendar/revoke": (
        signed_in(_CHOICES, tables={_OTHERS: "", _DIRECTORS: "calendar_feeds"}),
    ),
    "GET /units/<code>/robots": (_kept("200", shows="{sign}"),),
    "POST /units/<code>/robots": (
        _kept(_ROBOTS, form=_NEW),
        _kept("422", form=_ELSEWHERE, name="elsewhere"),
        unproved(args={"code": "{unit}"}),
    ),
    "POST /units/<code>/robots/<robot_id>/remove": (
        _robot(_ROBOTS),
        *_mixed(),
        unproved(args={"code": "{unit}", "robot_id": "{robot}"}),
    ),
    "POST /units/<code>/robots/<robot_id>/test": (
        _robot(_QUEUE, given=("DELETE FROM notice_deliveries",)),
        *_mixed(),
    ),
    "GET /notices/queue": (
        Row({"200": _ALL_KEEPERS, "403": _NO_KEEPERS}, own=True),
        Row({"200": "county"}, own=True, shows="{sign}", by="county"),
    ),
    "POST /notices/queue/<delivery_id>/retry": (
        Row({_QUEUE: _KEEPERS, "403": _NO_KEEPERS}, args={"delivery_id": "{text}"}),
        Row({_QUEUE: _KEEPERS, "403": _NO_KEEPERS}, args={"delivery_id": "{letter_queued}"}),
    ),
    # Whoever has the address reads the deadlines; it names nobody.
    "GET /calendar/<token>.ics": (
        Row({"200": _ANYBODY}, own=True, args={"token": "{feed}"}, tells="here"),
        Row({"404": _ANYBODY}, own=True, args={"token": "{new}"}),
        Row(
            {"404": _ANYBODY},
            own=True,
            args={"token": "{feed}"},
            given=("UPDATE calendar_feeds SET revoked_at = made_at",),
            name="revoked",
            by=SOME,
        ),
    ),
}
