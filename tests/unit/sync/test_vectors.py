"""The phone and the server read numbers and digest facts alike: both are held against the same vectors.

The JavaScript tests read the same files (tests/js/domain).
"""

import json
from pathlib import Path

import pytest

from webapp.core.text_lengths import characters, fits, is_blank, length_of
from webapp.journal.rules import fact_digest, personal_hash
from webapp.sampling.rules import read_number

FOLDER = Path(__file__).parents[2] / "vectors"
FACTS = json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))["facts"]
NUMBERS = json.loads((FOLDER / "numbers.json").read_text(encoding="utf-8"))["numbers"]
TEXTS = json.loads((FOLDER / "texts.json").read_text(encoding="utf-8"))["texts"]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["name"])
def test_a_fact_has_the_digest_that_the_phone_gives_it(fact):
    assert fact_digest(fact["open"], personal_hash(fact["salt"], fact["personal"])) == fact["digest"]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["name"])
def test_one_changed_character_anywhere_changes_the_digest(fact):
    for part in ("open", "personal", "salt"):
        other = fact | {part: fact[part] + "0"}
        assert fact_digest(other["open"], personal_hash(other["salt"], other["personal"])) != fact["digest"]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["name"])
def test_the_digest_is_still_right_when_the_personal_part_is_deleted(fact):
    kept = personal_hash(fact["salt"], fact["personal"])
    assert fact_digest(fact["open"], kept) == fact["digest"]
    assert len(bytes.fromhex(kept)) == 32


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: repr(row["text"]))
def test_a_number_is_read_as_the_phone_reads_it(row):
    found = read_number(row["text"])
    assert (found.text, found.form, found.warning) == (row["number"], row["form"], row["warning"])


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: repr(row["text"]))
def test_a_number_that_was_read_once_reads_the_same_again(row):
    once = read_number(row["text"]).text
    assert read_number(once).text == once


@pytest.mark.parametrize("row", TEXTS, ids=lambda row: repr(row["text"]))
def test_a_text_is_as_long_as_the_phone_says(row):
    assert length_of(row["text"]) == row["length"]
    assert is_blank(row["text"]) == row["blank"]
    assert "".join(characters(row["text"])) == row["text"]


def test_two_hundred_families_are_two_hundred_characters_and_the_next_one_is_too_many():
    assert fits("👨‍👩‍👧" * 200, 200) and not fits("👨‍👩‍👧" * 201, 200)
    assert not fits("a" + "\u0301" * 5000, 200)  # a heap of accents is no single character
