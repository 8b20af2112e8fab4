"""The offices' forms: whoever sees a unit's records takes them out; a case's owner the own cases."""

from tests.scope.company import TODAY
from tests.scope.rows import ABOVE, JUDGES, MIXING, SIGNED_IN, SOME, Row

_REFUSED = "carrier admin"
_OTHER_JUDGES = "sdirector ndirector beside moved nextcounty"
_MONTH = {"period": f"{TODAY:%Y-%m}"}
_CHECKS = {"unit": "{unit}", **_MONTH, "form": "relay"}


def _judged(*more: Row, **query) -> tuple[Row, ...]:
    return (
        Row({"200": JUDGES, "403": _REFUSED}, query={"unit": "{unit}", **query}),
        Row({"200": f"{JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True, query=query, by=SOME),
        *more,
    )


def _cases(*more: Row) -> tuple[Row, ...]:
    return (
        Row({"200": f"carrier {JUDGES}", "403": "admin"}, query={"unit": "{unit}", "state": "all"}),
        Row(
            {"200": f"carrier {JUDGES}", "403": "admin"}, query={"unit": "{unit}"}, sought="接转点", by=MIXING
        ),
        *more,
    )


ROWS = {
    "GET /forms": (
        Row({"200": JUDGES, "403": _REFUSED}, query=_CHECKS, shows="{sign}"),
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}", **_MONTH, "form": "relay"}, by="ndirector nextcounty county admin"),
        Row({"200": f"{JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True, by=SOME),
    ),
    "GET /forms/checks.pdf": (
        Row({"200": JUDGES, "403": _REFUSED}, query=_CHECKS),
        Row({"404": JUDGES, "403": _REFUSED}, query={**_CHECKS, "form": "register"}, by=SOME),
        Row({"200": JUDGES, "403": _REFUSED}, query={"check": "{visit}"}),
    ),
    "GET /forms/checks.xlsx": (
        Row({"200": JUDGES, "403": _REFUSED}, query=_CHECKS),
        Row({"200": ABOVE, "403": "admin"}, query={**_CHECKS, "unit": "{county}"}, by="ndirector nextcounty county admin"),
    ),
    # Nothing was recorded then: nothing is begun.
    "POST /forms/batch": (
        Row({"302 /forms?*": JUDGES, "403": _REFUSED}, query={**_CHECKS, "period": "2020-01"}, quiet=True),
        Row({"302 /forms?*": f"{JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True, query={"period": "2020-01"}, quiet=True, by=SOME),
    ),
    # The own batch, wherever it was begun; nobody has begun one.
    "GET /forms/batch": (Row({"302 /forms": SIGNED_IN}),),
    "GET /forms/batch/sheets.pdf": (Row({}, by=SOME),),
    "GET /points/register.pdf": _judged(state="all"),
    "GET /points/register.xlsx": _judged(state="all"),
    "GET /cases/register.pdf": _cases(),
    "GET /cases/register.xlsx": _cases(
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}, by="ndirector nextcounty county admin"),
    ),
}  # fmt: skip
