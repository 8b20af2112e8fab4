"""Circles and arrows beside a photo: each is looked at as it comes, and what is wrong is named by its field."""

import pytest

from tests.desk_records import envelope, inspection, parcels
from webapp.core.problems import Problem
from webapp.recording.schemas import MOST_MARKED, MOST_MARKS, read
from webapp.rulebook.rules import load

PHOTO, OTHER = "a" * 64, "b" * 64
CIRCLE = {"shape": "circle", "from": [0.25, 0.1], "to": [0.5, 0.3333]}
ARROW = {"shape": "arrow", "from": [1, 0], "to": [0.0001, 1]}
LIMIT = 64 * 1024


def told(marks: object):
    return read(envelope(inspection(parcels(1)), {"marks": marks}), load(), LIMIT)


def with_(**more) -> dict:
    return {PHOTO: [CIRCLE | more]}


def test_marks_are_kept_word_by_word_with_the_personal_part():
    marks = {PHOTO: [CIRCLE, ARROW], OTHER: [ARROW]}
    sent = envelope(inspection(parcels(1)), {"marks": marks})
    assert read(sent, load(), LIMIT).personal_text == sent["personal"]


def test_as_many_as_a_phone_lets_be_drawn():
    assert told({f"{n:064}": [ARROW] * MOST_MARKS for n in range(MOST_MARKED)})


@pytest.mark.parametrize(
    ("marks", "field", "reason"),
    [
        (5, "marks", "Not a valid mapping type."),
        ({"A" * 64: [CIRCLE]}, f"marks.{'A' * 64}.key", "String does not match expected pattern."),
        ({f"{n:064}": [ARROW] for n in range(MOST_MARKED + 1)}, "marks", "Longer than maximum length 20."),
        ({PHOTO: [ARROW] * (MOST_MARKS + 1)}, f"marks.{PHOTO}.value", "Longer than maximum length 12."),
        ({PHOTO: []}, f"marks.{PHOTO}.value", "Length must be between 1 and 12."),
        ({PHOTO: "circle"}, f"marks.{PHOTO}.value", "Not a valid list."),
        ({PHOTO: [ARROW, 7]}, f"marks.{PHOTO}.value[1]._schema", "Invalid input type."),
        (with_(shape="cross"), f"marks.{PHOTO}.value[0].shape", "Must be one of: circle, arrow."),
        (with_(**{"from": [0.5]}), f"marks.{PHOTO}.value[0].from", "Length must be between 2 and 2."),
        (with_(**{"from": [0, 0, 0]}), f"marks.{PHOTO}.value[0].from", "Longer than maximum length 2."),
        (with_(to=[0, 1.0001]), f"marks.{PHOTO}.value[0].to[1]", "Must be greater than or equal to 0 and less than or equal to 1."),
        (with_(to=[0, "0.5"]), f"marks.{PHOTO}.value[0].to[1]", "Not a valid number."),
        (with_(to=[True, 0]), f"marks.{PHOTO}.value[0].to[0]", "Not a valid number."),
        ({PHOTO: [{"shape": "arrow", "from": [0, 0]}]}, f"marks.{PHOTO}.value[0].to", "Missing data for required field."),
    ],
)  # fmt: skip
def test_what_no_mark_can_be_is_refused_by_its_field(marks, field, reason):
    with pytest.raises(Problem) as caught:
        told(marks)
    assert (caught.value.code, caught.value.fields) == ("bad-fact", {f"personal.{field}": reason})
