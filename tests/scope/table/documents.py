"""Documents of the county above the department: who sees drafts, who gets what is out, who may take which step."""

from tests.scope.rows import ABOVE, JUDGES, MIXING, SOME, Row, unproved

_OTHER_JUDGES = "sdirector ndirector beside moved nextcounty"
_BELOW = "lead inspector director"  # who get what the county issues for all


def _of(name: str, **more) -> dict:
    return {"document_id": f"{{{name}}}", **more}


_SEEN = {"200": ABOVE}
_LED = {"403": "league region"}  # who see it, and do not lead the county

ROWS = {
    "GET /documents": (
        Row({"200": JUDGES, "403": "carrier admin"}, query={"unit": "{unit}"}),
        Row({"200": ABOVE, "403": "admin"}, query={"unit": "{county}"}, by=MIXING),
        Row({"200": f"{JUDGES} {_OTHER_JUDGES}"}, rest="403", own=True),
    ),
    "POST /documents": (
        Row(
            {"303 /documents/*": "county", "403": "league region admin"},
            form={"unit": "{county}", "type": "bulletin", "period": "{paper_period}"},
        ),
        # Nobody of another county is addressed.
        Row(
            {"404": "county"},
            rest="404",
            form={"unit": "{county}", "type": "rectification", "period": "{paper_period}", "addressed": "{other[unit]}"},
            by="county nextcounty",
        ),
    ),
    "GET /documents/<document_id>": (
        Row(_SEEN, args=_of("paper_draft")),
        Row(_SEEN, args=_of("paper"), shows="{sign}"),
        Row(_SEEN, args=_of("paper_checked"), shows="{sign}", by=MIXING),
        Row({"200": _BELOW}, args=_of("named_bulletin"), by=f"{_BELOW} carrier moved ndirector", tells="sibling"),
        Row({"200": "sdirector"}, args=_of("named_bulletin"), by="sdirector nextcounty", tells="here", own=True),
        Row({}, args=_of("new"), by=SOME),
    ),
    "GET /documents/<document_id>.pdf": (
        Row(_SEEN, args=_of("paper"), by=f"{MIXING} carrier admin nobody"),
        Row({}, args=_of("paper_draft"), by=SOME),
    ),
    "GET /documents/<document_id>.xlsx": (
        Row(_SEEN, args=_of("paper")),
        Row({}, args=_of("paper_draft"), by=SOME),
    ),
    "GET /documents/<document_id>/figures/<code>": (
        Row(
            {"200": f"{_BELOW} {ABOVE}", "404": "sdirector"},
            args=_of("named_bulletin", code="problems.{unit}.opened"),
            by=f"{_BELOW} {ABOVE} carrier ndirector nextcounty past nobody admin",
        ),
        Row({}, args=_of("named_bulletin", code="no.such.figure"), by=SOME),
        Row({}, args=_of("paper_draft", code="members.total.x"), by=SOME),
    ),
    "POST /documents/<document_id>/save": (
        Row({"303 /documents/{paper_draft}": "county", **_LED}, args=_of("paper_draft"), form={"problems": "核对。"}),
    ),
    "POST /documents/<document_id>/text": (
        Row({"200": "county", **_LED}, args=_of("paper_draft"), form={"section": "problems", "problems": "核对。"}),
    ),
    "POST /documents/<document_id>/check": (
        Row(
            {"303 /documents/{paper_ready}": "league region", "403": "county"},
            args=_of("paper_ready"),
            form={"read": "{paper_read}"},
        ),
        Row({"422": ABOVE}, args=_of("paper_draft"), form={"read": "{paper_read}"}, by=MIXING),
    ),
    "POST /documents/<document_id>/discard": (
        Row({"303 /documents?unit={county}": "county", **_LED}, args=_of("paper_draft")),
    ),
    "POST /documents/<document_id>/issue": (
        Row({"303 /documents/{paper_checked}": "county", **_LED}, args=_of("paper_checked")),
        unproved(args=_of("paper_checked")),
    ),
    "POST /documents/<document_id>/steps/<move>": (
        Row({"303 /documents/{paper_kept}": "county", **_LED}, args=_of("paper_kept", move="send")),
        Row(
            {"303 /documents/{paper}": "league", "403": "county region"}, args=_of("paper", move="receive"), by=MIXING
        ),
        Row({"404": ABOVE}, args=_of("paper", move="no-such"), by=SOME),
    ),
    "POST /documents/<document_id>/correct": (
        Row(
            {"303 /documents/*": "county", "403": "lead inspector director sdirector league region"},
            args=_of("named_bulletin"),
        ),
        Row({"409": "county", **_LED}, args=_of("paper"), by=MIXING),
    ),
}  # fmt: skip
