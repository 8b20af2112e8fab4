"""docs/security.md answers every requirement of levels 1 and 2 of OWASP ASVS 5.0, once, and names only what is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
# How many requirements of levels 1 and 2 each section has, from its first; all others there are of level 3.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6,
    "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 11,
    "6.3": 3, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3,
    "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
ROWS = re.findall(r"^\| (\d[^|]*) \| ([^|]*) \| (.+) \|$", PAGE, re.MULTILINE)


def numbers(cell: str) -> list[str]:
    """The requirements that a row answers: ``1.2.1–1.2.3`` are three."""
    found = []
    for part in cell.split(", "):
        first, _, last = part.partition("–")
        section, _, start = first.rpartition(".")
        end = last.rpartition(".")[2] if last else start
        found += [f"{section}.{number}" for number in range(int(start), int(end) + 1)]
    return found


def test_every_requirement_is_answered_once():
    answered = [number for cell, _, _ in ROWS for number in numbers(cell)]
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert sorted(answered) == sorted(wanted)
    assert all(f"## V{chapter} " in PAGE for chapter in range(1, 18))


def test_each_answer_is_one_of_three_and_has_a_reason():
    assert {answer for _, answer, _ in ROWS} == {"pass", "n/a", "decision"}
    assert all(len(reason) > 3 for _, _, reason in ROWS)


def test_what_it_names_is_there():
    for name in re.findall(r"`((?:tests|core|desk|org|formats|recording|sync)/[\w/]+(?:\.py)?)`", PAGE):
        folder = ROOT if name.startswith("tests/") else ROOT / "webapp"
        assert (folder / name).exists(), name
    for name in re.findall(r"`(test_\w+\.py)`", PAGE):
        assert list((ROOT / "tests").rglob(name)), name
    for page, place in re.findall(r"\]\((\w+\.md)#([\w-]+)\)", PAGE):
        heads = re.findall(r"^#+ (.+)$", (ROOT / "docs" / page).read_text(), re.MULTILINE)
        assert place in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}, place
