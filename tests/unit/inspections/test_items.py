"""An item of the usual shape is read without the schema; both must always agree."""

from hypothesis import given, strategies as st

from webapp.inspections.drafts import DraftItem, DraftPhoto
from webapp.inspections.schemas import _ItemSchema
from webapp.inspections.usual import usual

ID = "01890a5d-ac96-774b-bcce-b302099a8057"
TEXTS = (
    st.sampled_from(["", "pass", "fail", "na", "given", "strange", ID, "x" * 16, "x" * 17, "x" * 41, " 3 "])
    | st.text()
)
ANYTHING = st.none() | st.booleans() | st.integers() | TEXTS | st.just([]) | st.just({})
PHOTO = st.fixed_dictionaries(
    {"sha256": st.sampled_from(["a" * 64, "a" * 65, "A" * 64, "a" * 64 + "\n"]) | ANYTHING, "size": st.integers() | ANYTHING},
    optional={"type": st.just("image/jpeg")},
)  # fmt: skip
VOICE = st.fixed_dictionaries(
    {"sha256": st.sampled_from(["a" * 64, "A" * 64]) | ANYTHING, "size": st.integers(1, 99) | ANYTHING, "seconds": st.integers() | ANYTHING},
)  # fmt: skip
ITEM = st.fixed_dictionaries(
    {},
    optional={
        "subject": ANYTHING,
        "answers": st.dictionaries(TEXTS, ANYTHING, max_size=3) | ANYTHING,
        "photos": st.lists(PHOTO | ANYTHING, max_size=13) | ANYTHING,
        "captures": st.lists(ANYTHING, max_size=2) | ANYTHING,
        "voice": VOICE | ANYTHING,
        "none_came": st.lists(ANYTHING, max_size=2) | ANYTHING,
        **dict.fromkeys(
            ("class", "verdict", "warning", "position", "stratum", "tag", "route", "unknown"), ANYTHING
        ),
    },
)


@given(ITEM | ANYTHING)
def test_what_is_usual_the_schema_reads_the_same_way(item):
    if (found := usual(item)) is not None:
        assert found == _ItemSchema().load(item)


def test_a_checked_parcel_and_a_call_with_its_photo_are_usual():
    parcel = {"subject": "9880123400001", "class": "parcel", "verdict": "pass", "answers": {}, "photos": []}
    call = {"subject": ID, "verdict": "fail", "answers": {"handover": "fail"}, "position": "given"}
    photo = {"sha256": "a" * 64, "size": 180_000, "type": "image/jpeg"}
    assert usual(parcel) == DraftItem("9880123400001", "parcel", "pass", {}, (), (), None)
    found = usual({**call, "photos": [photo]})
    assert found == DraftItem(
        ID, None, "fail", {"handover": "fail"}, (DraftPhoto("a" * 64, 180_000),), (), "given"
    )


def test_more_than_64_hex_characters_are_no_photo():
    photo = {"sha256": "a" * 65, "size": 1}
    assert usual({"subject": "1", "photos": [photo]}) is None
    assert _ItemSchema().validate({"subject": "1", "photos": [photo]})
