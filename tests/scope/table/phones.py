"""What a phone is given: the pull, photos, and the ledger for programs."""

from tests.scope.company import TODAY
from tests.scope.rows import ABOVE, JUDGES, SIGNED_IN, SOME, STAFF, Row, signed_in

_SEES = f"carrier {JUDGES}"  # the carrier took the receipt's photo


def _photo(what: str, sees: str) -> Row:
    return Row({"200": sees}, args={"digest": f"{{photo_{what}}}"})


def _photos(shows: str) -> tuple[Row, ...]:
    """Of a capture, of an inspector's visit, of the register; one whose bytes never came, and one that nobody has."""
    return (
        Row({"200": _SEES}, args={"digest": "{photo_receipt}"}, shows=shows.format("receipt")),
        # What failed at a point is a case of the carrier of its route.
        Row({"200": _SEES}, args={"digest": "{photo_visit}"}, shows=shows.format("visit")),
        Row({"200": f"{STAFF} {ABOVE}"}, args={"digest": "{photo_point}"}, shows=shows.format("point")),
        Row({}, args={"digest": "{awaited_photo}"}),
        # Records and the register of another county name it, and their authors have never sent it.
        Row({"200": JUDGES}, args={"digest": "{named_photo}"}),
        Row({}, args={"digest": "0" * 64}, own=True, by=SOME),
    )


ROWS = {
    "GET /api/sync/pull": (
        signed_in(),
        signed_in(query={"cursor": "made-up"}, by="director nobody"),
        # Somebody else's store on this phone.
        Row({"200": "carrier"}, rest="409", by=f"{SOME} carrier", headers={"X-Toucha-Person": "{carrier}"}),
    ),
    "GET /api/photos/<digest>": (
        *_photos("{{photo_{}}}"),
        Row({"200": JUDGES}, args={"digest": "{photo_voice}"}),  # what the inspector says about a receipt
    ),
    "GET /api/photos/<digest>/thumbnail": _photos(""),
    # Everybody who is signed in may offer one, and the bytes decide; known or not, the answer is alike but for its number.
    "PUT /api/photos/<digest>": (
        signed_in("201", args={"digest": "{photo_offered}"}, photo="offered", tells="here"),
        # Its author sent it before; who else has the bytes has sent them, too, by now.
        Row(
            {"200": "inspector", "201": SIGNED_IN},
            args={"digest": "{photo_visit}"},
            photo="visit",
            tables={"inspector": "", SIGNED_IN: "photo_senders"},
        ),
        signed_in("422", args={"digest": "{photo_visit}"}, photo="offered", by=SOME),
    ),
    "GET /api/ledger": (
        Row(
            {"200": JUDGES, "403": "carrier admin"},
            query={"unit": "{unit}", "period": f"{TODAY:%Y-%m}"},
            shows="{sign}",
        ),
        Row(
            {"200": "county league region", "403": "admin"},
            query={"unit": "{county}", "period": f"{TODAY:%Y-%m}"},
            by=SOME,
        ),
    ),
}
