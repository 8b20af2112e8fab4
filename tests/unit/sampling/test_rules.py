"""Numbers, seals, draws and intervals: each worked out a second time, by hand or with plain hashlib."""

import hashlib
import json
import string
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from webapp.sampling import rules
from webapp.sampling.rules import (
    MAX_NUMBER,
    canonical_bytes,
    check_digit,
    draw_key,
    mask,
    ranked,
    read_number,
    sample_of,
    sample_size,
    seal_of,
    tail_of,
    wilson,
)

VECTORS = json.loads(Path(__file__).parents[2].joinpath("vectors/numbers.json").read_text("utf-8"))["numbers"]
numbers = st.lists(st.text("0123456789ABCN", min_size=1, max_size=13), unique=True, max_size=60)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["text"]))
def test_the_office_reads_a_number_as_the_phone_does(vector):
    read = read_number(vector["text"])
    assert (read.text, read.form, read.warning) == (vector["number"], vector["form"], vector["warning"])


def test_arabic_digits_are_no_number_of_ours():
    assert read_number("٩٨٧٦٥٤٣٢١٠٩٨٧").warning == "strange"


@given(st.text(max_size=60))
def test_a_number_read_twice_is_the_same_number(written):
    once = read_number(written)
    assert read_number(once.text) == once


@given(st.text(max_size=60))
def test_a_number_that_may_be_kept_fits_its_column_and_its_line(written):
    read = read_number(written)
    if read.warning not in ("empty", "too-long"):
        assert 1 <= len(read.text) <= MAX_NUMBER
        assert not any(char.isspace() for char in read.text)


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(1, 9))
def test_a_mistyped_check_digit_is_always_noticed(serial, off):
    right = check_digit(serial)
    assert read_number(f"RR{serial}{right}CN").warning is None
    assert read_number(f"RR{serial}{(right + off) % 10}CN").warning == "check-digit"


def test_the_seal_is_the_digest_of_the_sorted_lines():
    items = [
        ("B2", "parcel", True, "d1502"),
        ("A1", "express", False, "张三"),
        ("A10", "registered", False, ""),
    ]
    lines = "A1\texpress\t0\t张三\nA10\tregistered\t0\t\nB2\tparcel\t1\td1502\n".encode()
    assert canonical_bytes(items) == lines
    assert canonical_bytes(reversed(items)) == lines
    assert seal_of(lines) == hashlib.sha256(lines).hexdigest()


def test_the_draw_can_be_done_again_with_any_sha256_tool():
    seed = "5f" * 32
    listed = [f"98765432{n:05}" for n in range(40)]
    by_hand = sorted((hashlib.sha256(f"{seed}{number}".encode()).hexdigest(), number) for number in listed)
    assert ranked(seed, listed) == [number for _, number in by_hand]
    assert (
        draw_key("ab", "c") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )  # SHA-256("abc")


@given(numbers, st.randoms())
def test_the_draw_does_not_ask_in_which_order_the_list_came(listed, random):
    shuffled = list(listed)
    random.shuffle(shuffled)
    assert ranked("00" * 32, shuffled) == ranked("00" * 32, listed)
    assert canonical_bytes((n, "parcel", False, "d") for n in shuffled) == canonical_bytes(
        (n, "parcel", False, "d") for n in listed
    )


@pytest.mark.parametrize(("items", "drawn"), [(0, 0), (1, 1), (9, 1), (10, 1), (11, 2), (100, 10), (101, 11)])
def test_ten_percent_rounds_up(items, drawn):
    assert sample_size(items, 10) == drawn


@given(st.integers(0, 1_000_000))
def test_the_sample_is_never_less_than_ten_percent_and_never_a_whole_item_more(items):
    assert items <= 10 * sample_size(items, 10) < items + 10


def test_a_voided_item_is_replaced_by_the_next_rank():
    ranks = [(2, "B", False), (1, "A", True), (3, "C", False), (4, "D", False)]
    assert sample_of(ranks, 2) == ["B", "C"]
    assert sample_of([(rank, number, False) for rank, number, _ in ranks], 2) == ["A", "B"]


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 40))
def test_voids_never_shrink_the_sample_while_items_stand(voids, size):
    ranks = [(rank, f"N{rank}", voided) for rank, voided in enumerate(voids, start=1)]
    sample = sample_of(ranks, size)
    assert len(sample) == min(size, voids.count(False))
    assert not {number for _, number, voided in ranks if voided} & set(sample)


def test_73_clean_items_are_the_fewest_that_prove_95_percent():
    assert wilson(73, 73)[0] >= 0.95
    assert wilson(72, 72)[0] < 0.95


def test_nothing_checked_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_known_interval():  # Wilson 1927, as printed by any statistics package: 8 of 10
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_rate(count, data):
    passed = data.draw(st.integers(0, count))
    low, high = wilson(passed, count)
    assert 0 <= low <= passed / count + 1e-12
    assert passed / count - 1e-12 <= high <= 1
    assert wilson(count - passed, count) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    ("name", "kept"), [("张三", "张*"), (" 欧阳修 ", "欧*"), ("Anna Berg", "A*"), ("", ""), ("张*", "张*")]
)
def test_only_the_first_character_of_a_name_is_kept(name, kept):
    assert mask(name) == kept


@pytest.mark.parametrize(
    ("number", "tail"),
    [
        ("RA123456785CN", "6785"),
        ("9880123400001", "0001"),
        ("EA98801234001", "4001"),
        ("152502002", None),  # a department visited
        ("1号楼 2034", None),  # a letter's label
        ("3f2b1c00-0000-7000-8000-000000001234", None),  # a relay point
        ("-", None),
        ("", None),
    ],
)
def test_people_call_a_regular_number_by_its_last_four_digits_and_nothing_else(number, tail):
    assert tail_of(number) == tail


@given(st.text(alphabet=string.ascii_letters + string.digits, max_size=50))
def test_a_tidy_number_needs_not_be_taken_apart(written):
    assert rules.spelt(written) == rules._taken_apart(written)
