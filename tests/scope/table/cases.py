"""Cases: the list of a unit, a case's page and its moves, work orders, saved views. A carrier sees the own ones alone."""

from tests.scope.company import TODAY
from tests.scope.rows import ABOVE, JUDGES, MIXING, SOME, Row

_OTHER_JUDGES = "sdirector ndirector beside moved nextcounty"
_HEADS = "director county league region"  # who lead the department, or a unit above it
_UNIT = {"query": {"unit": "{unit}"}}
_ORDER = {"acting": "{county}", "text": "限期整改", "deadline": f"{TODAY.year + 1}-01-05"}

ROWS = {
    "GET /cases": (
        Row({"200": f"carrier {JUDGES}", "403": "admin"}, **_UNIT, shows="{case}"),
        Row({"200": JUDGES}, **_UNIT, shows="{case2}", by="lead inspector director county league region"),
        Row({"200": f"carrier {JUDGES}", "403": "admin"}, query={"unit": "{unit}", "view": "board"}, by=SOME),
        Row(
            {"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}, by="ndirector nextcounty county admin"
        ),
        Row({"200": f"carrier {JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True),
        # A search tells nothing of what lies elsewhere.
        Row({"200": f"carrier {JUDGES}", "403": "admin"}, **_UNIT, sought="接转点", by=MIXING),
    ),
    "GET /cases/export.csv": (
        Row({"200": f"carrier {JUDGES}", "403": "admin"}, **_UNIT, shows="{sign}"),
        Row({"200": f"carrier {JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True),
        Row({"200": f"carrier {JUDGES}", "403": "admin"}, **_UNIT, sought="接转点", by=MIXING),
    ),
    "GET /cases/export.xlsx": (
        Row({"200": f"carrier {JUDGES}", "403": "admin"}, **_UNIT),
        Row(
            {"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}, by="ndirector nextcounty county admin"
        ),
    ),
    "POST /cases": (
        Row(
            {"303 /cases?unit={unit}&s=*": f"carrier {JUDGES}", "403": "admin"},
            form={"unit": "{unit}", "search": "接转点"},
            quiet=True,
        ),
    ),
    "POST /cases/views": (
        Row(
            {"303 /cases?unit={unit}": f"carrier {JUDGES}", "403": "admin"},
            form={"unit": "{unit}", "name": "我的"},
        ),
    ),
    "POST /cases/views/<view_id>/delete": (
        Row({"303 /cases": "director"}, args={"view_id": "{view}"}),
        Row({}, args={"view_id": "{new}"}, by=SOME),
    ),
    # Of what is out of sight nothing is chosen.
    "GET /cases/assign": (Row({"200": JUDGES}, rest="302 /cases", query={"case": "{case}"}),),
    "POST /cases/assign": (
        Row(
            {"200": _HEADS},
            rest="422",
            form={"case": "{case}", "owner": "{lead}"},
            by=f"{SOME} league region",
        ),
        # Who may not is told so, case by case.
        Row(
            {"200": "lead inspector"},
            form={"case": "{case}", "owner": "{lead}"},
            quiet=True,
            by="lead inspector",
        ),
    ),
    # What somebody else assigned is nothing that one undoes.
    "POST /cases/assign/undo": (Row({"200": "director"}, rest="422", form={"move": "{given}"}),),
    "GET /cases/orders/new": (
        Row({"200": ABOVE, "403": "carrier lead inspector director admin"}, **_UNIT),
        Row(
            {"200": "county league region", "403": "director"},
            query={"case": "{case}"},
            by="director county league region",
        ),
    ),
    "POST /cases/orders": (
        Row({"303 /cases/*": "county"}, rest="403", form={**_ORDER, "to": "{unit}"}),
        Row({"303 /cases/*": "county"}, rest="403", form={**_ORDER, "case": "{case}"}, by=MIXING),
        Row({"404": "county"}, rest="403", form={**_ORDER, "to": "{other[unit]}"}, by=MIXING),
        Row({"422": "county"}, rest="403", form={**_ORDER, "case": "{other[case]}"}, by=MIXING),
    ),
    "GET /cases/<case_id>": (
        Row({"200": f"carrier {JUDGES}"}, args={"case_id": "{case}"}, shows="{sign}"),
        Row({"200": JUDGES}, args={"case_id": "{case2}"}),
        Row({"200": JUDGES}, args={"case_id": "{order}"}, shows="{case}", name="order"),
        Row({}, args={"case_id": "{new}"}, by=SOME),
    ),
    "POST /cases/<case_id>/<move>": (
        Row(
            {"302 /cases/{case}#*": _HEADS, "403": "carrier lead inspector"},
            args={"case_id": "{case}", "move": "assign"},
            form={"owner": "{lead}"},
        ),
        # Nobody of another county can be made its owner.
        Row(
            {"422": _HEADS, "403": "carrier lead inspector"},
            args={"case_id": "{case}", "move": "assign"},
            form={"owner": "{other[lead]}"},
            by=MIXING,
        ),
        Row({"404": f"carrier {JUDGES}"}, args={"case_id": "{case}", "move": "no-such"}, by=SOME),
    ),
    "GET /cases/<case_id>/sheet": (
        Row({"200": JUDGES}, args={"case_id": "{order}"}, shows="{sign}"),
        Row({}, args={"case_id": "{case}"}, by=SOME),
    ),
}
