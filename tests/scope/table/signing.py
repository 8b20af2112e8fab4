"""Months to sign: who sees them, who signs, confirms, disputes and decides, and who gives that to somebody else."""

from tests.scope.company import TODAY
from tests.scope.rows import ABOVE, JUDGES, SOME, Row, signed_in, unproved

MONTH = f"{TODAY:%Y-%m}"
_HERE = {"unit": "{unit}", "month": MONTH}
_SEES = "lead inspector director county league region"
_DAYS = {"first_day": TODAY.isoformat(), "last_day": TODAY.isoformat()}


def _others(*who: str) -> str:
    """Those who see the ledger but may not do it, with the carrier and the administrator."""
    return " ".join(["carrier", "admin", *(one for one in _SEES.split() if one not in who)])


ROWS = {
    "GET /signing": (
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}", "period": MONTH}, shows="{sign}"),
        Row(
            {f"302 /signing/{{unit}}/{MONTH}": JUDGES, "403": "carrier admin"},
            query={"unit": "{unit}", "period": MONTH},
            by=SOME,
        ),
    ),
    "GET /signing/<unit>/<month>": (
        Row({"200": JUDGES, "403": "carrier admin"}, args=_HERE, shows="{sign}"),
    ),
    "GET /verify": (signed_in(),),
    # What is no archive says nothing about any unit; of a real one tests/integration/desk/signing/test_archive.py asks.
    "POST /verify": (signed_in("422", file="x"),),
    "GET /signing/<unit>/<month>/archive": (Row({"409": JUDGES, "403": "carrier admin"}, args=_HERE),),
    # This month is not over: whoever may sign is told so, nobody else gets as far.
    "POST /signing/<unit>/<month>/sign": (
        Row({"409": "county", "403": _others("county")}, args=_HERE, form={"version": "1"}),
        Row(
            {"409": "league", "403": "director county admin"},
            args=_HERE,
            form={"version": "2", "reason": "补录"},
            by=f"{SOME} league",
            name="correction",
        ),
        unproved(args=_HERE),
    ),
    "POST /signing/<unit>/<month>/consent": (
        Row({"409": "director", "403": _others("director")}, args=_HERE),
    ),
    "POST /signing/<unit>/<month>/dispute": (
        Row(
            {"409": "director", "403": _others("director")},
            args=_HERE,
            form={"version": "1", "reason": "少一部手机"},
        ),
    ),
    "POST /signing/<unit>/<month>/rule": (
        Row(
            {"409": "league", "403": _others("league")},
            args=_HERE,
            form={"version": "1", "reason": "核实无误"},
        ),
        unproved(args=_HERE),
    ),
    "POST /signing/<unit>/grants": (
        Row(
            {"302 /signing?unit={county}#grants": "county", "403": "league region admin"},
            args={"unit": "{county}"},
            form={"to": "{carrier2}", **_DAYS},
            given=("UPDATE roles SET unit_code = '{county}', role = 'admin' WHERE person_id = '{carrier2}'",),
        ),
        unproved(args={"unit": "{county}"}),
    ),
    "POST /signing/<unit>/grants/<grant>/end": (
        Row({"403": "league region admin"}, args={"unit": "{county}", "grant": "{new}"}),
    ),
}
