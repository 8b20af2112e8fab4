"""A record of the usual shape is read without the schema; both must always agree, also about what is not usual."""

from hypothesis import given, strategies as st

from tests.unit.inspections.test_items import ANYTHING, ID, ITEM, TEXTS
from webapp.core.problems import Problem
from webapp.inspections import schemas
from webapp.inspections.drafts import Draft
from webapp.inspections.usual import usual_draft, usual_head
from webapp.recording import schemas as heads
from webapp.recording.facts.registry import FACT_TYPES

DAYS = st.sampled_from(
    ["2026-12-01", "20261201", "2026-W49-2", "1899-12-31", "1970-01-01", "2199-12-31", "2200-01-01", "2026-13-01", "2026-12-1", "二"]
)  # fmt: skip
INSTANTS = st.sampled_from(
    ["2026-12-01T09:00:00+08:00", "2026-12-01T09:00:00Z", "2026-12-01T09:00:00", "2026-12-01", "20261201T090000+0800",
     "1899-12-31T00:00:00+00:00", "1900-01-01T00:00:00+08:00", "2199-12-31T00:00:00+08:00", "2199-12-31T01:00:00+08:00",
     "0001-01-01T00:00:00+14:00", "2026-12-01 09:00+08:00", "2026-12-01T09:00:00.123456+08:00"]
)  # fmt: skip
USUAL_ITEM = st.fixed_dictionaries(
    {"subject": st.sampled_from(["9880123400001", ID])},
    optional={"class": st.just("parcel"), "verdict": st.sampled_from(["pass", "fail"]), "answers": st.just({"signed": "fail"})},
)  # fmt: skip
VALUES = {
    "v": st.sampled_from([1, 1.0, "1", True, 2]),
    "type": st.sampled_from(["inspection", "capture", "selection", "volume"]),
    "kind": st.sampled_from(["receipt", "x" * 24, "x" * 25, ""]),
    "unit": st.sampled_from(["150102001", "", "x" * 21]),
    "acting": st.just("150102001"),
    "date": DAYS,
    "about": DAYS,
    "method": st.sampled_from(["on-site", "phone", "by-hand"]),
    "started": INSTANTS,
    "ended": INSTANTS,
    "amends": st.sampled_from([ID, ID.upper(), ID + "\n"]),
    "header": st.dictionaries(TEXTS, ANYTHING, max_size=3),
    "drawn": st.booleans(),
    "items": st.lists(USUAL_ITEM | ITEM, max_size=3),
    "target": st.sampled_from([ID, "x"]),
    "reason": TEXTS,
}
# Most of a record is right, and one or two things are anything: else nothing would ever be usual.
RIGHT = {
    "v": 1, "type": "inspection", "kind": "receipt", "unit": "150102001", "acting": "150102001", "date": "2026-12-01",
    "about": "2026-12-01", "method": "on-site", "started": "2026-12-01T09:00:00+08:00", "ended": "2026-12-01T09:20:00+08:00",
    "elapsed_ms": 1_200_000, "items": [{"subject": "9880123400001", "class": "parcel", "verdict": "pass", "answers": {}, "photos": []}],
}  # fmt: skip
CHANGED = st.dictionaries(st.sampled_from(sorted(VALUES)), st.none(), max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: VALUES[name] | ANYTHING for name in names})
)
RECORDS = st.builds(
    lambda changed, left: {name: value for name, value in (RIGHT | changed).items() if name not in left},
    CHANGED,
    st.sets(st.sampled_from(sorted(VALUES)), max_size=1),
)


def by_schema(data: dict) -> Draft | None:
    try:
        return schemas._by_schema(data)
    except Problem:
        return None


@given(RECORDS)
def test_what_is_usual_the_schema_reads_the_same_way(data):
    if (found := usual_draft(data)) is not None:
        assert found == by_schema(data)


@given(RECORDS)
def test_of_the_head_too(data):
    if (found := usual_head(data, FACT_TYPES)) is not None:
        head = heads._HEAD.load(data)
        assert found == (head["type"], head["unit"], head["acting"], head["date"])
        assert head["target"] is None and head["reason"] is None


def test_what_the_app_sends_is_usual():
    found = usual_draft(RIGHT)
    assert found == by_schema(RIGHT) and len(found.items) == 1
    assert usual_draft(RIGHT | {"header": {"people": [ID]}, "amends": ID}).amends == ID
    assert usual_head(RIGHT, FACT_TYPES)[0] == "inspection"
    assert usual_head(RIGHT | {"type": "withdrawal", "target": ID, "reason": "错"}, FACT_TYPES) is None


def test_what_is_wrong_is_left_to_the_schema_which_has_the_words_for_it():
    for wrong in (
        {"date": "2200-01-01"},
        {"items": [{}]},
        {"v": 2},
        {"method": []},
        {"started": "2026-12-01T09:00:00"},
    ):
        assert usual_draft(RIGHT | wrong) is None and by_schema(RIGHT | wrong) is None
