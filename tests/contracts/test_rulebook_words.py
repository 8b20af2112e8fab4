"""What the rulebook says stands there alone: no code of a kind or duty elsewhere, and the classes of mail once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

from webapp.rulebook.rules import load
from webapp.sampling.columns import CLASS_NAMES
from webapp.sampling.models import ManifestItem, Volume
from webapp.sampling.rules import SAMPLED

ROOT = Path(__file__).resolve().parents[2]
CODES = load().kinds.keys() | load().duties.keys()
# The demo is data, and so is what a migration once wrote.
DATA = ("demo", "migrations")
# Codes that are words of the programs, too, and what they are there.
ALSO = {
    "balance": "a way of counting, and the sentence that explains it",
    "capture": "a type of record",
    "letter": "what a record can be about: items without a number",
    "parcel": "a class, among the words that a file may call it by",
    "watch": "a way of counting, a part of the working set, a page, an icon and a part of the draw's formula",
}
# What holds a code: nothing may be compared with a kind or a duty, whatever else the word means.
HOLDERS = {"kind", "kinds", "duty", "duties", "duty_code", "kind_code"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        if path.relative_to(ROOT / "webapp").parts[0] not in DATA:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def codes_in(node: ast.AST) -> Iterator[tuple[int, str]]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and one.value in CODES:
            yield one.lineno, one.value


def holds_a_code(node: ast.AST | None) -> bool:
    """``inspection.kind``, ``kind``, ``"kind"``, ``duty.code``."""
    if isinstance(node, ast.Attribute):
        return node.attr in HOLDERS or (node.attr == "code" and holds_a_code(node.value))
    return (isinstance(node, ast.Name) and node.id in HOLDERS) or (
        isinstance(node, ast.Constant) and node.value in HOLDERS
    )


def compared(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The codes that stand beside what holds one: in a comparison, a condition of a query, a dict, an argument."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(map(holds_a_code, [node.left, *node.comparators])):
            yield from codes_in(node)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and holds_a_code(node.func.value):
                yield from (found for one in node.args for found in codes_in(one))
            for one in node.keywords:
                if one.arg in HOLDERS:
                    yield from codes_in(one.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if holds_a_code(key):
                    yield from codes_in(value)


def words_of_templates() -> Iterator[tuple[str, int, str]]:
    lexer = jinja2.Environment()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            for line, token, value in lexer.lex(path.read_text(encoding="utf-8")):
                if token == "string" and value[1:-1] in CODES:
                    yield str(path.relative_to(ROOT)), line, value[1:-1]


def test_no_code_of_a_kind_or_duty_stands_in_the_programs_or_templates():
    found = [(name, *place) for name, tree in modules() for place in codes_in(tree)]
    found += words_of_templates()
    assert [place for place in found if place[2] not in ALSO] == []
    assert {code for *_, code in found} == ALSO.keys(), "a word that stands nowhere needs no reason"


def test_nothing_is_compared_with_a_code_of_a_kind_or_duty():
    assert [(name, *place) for name, tree in modules() for place in compared(tree)] == []


@pytest.mark.parametrize(
    "line",
    [
        'Inspection.kind == "watch"',
        'kind in ("capture", "letter")',
        'Inspection.kind.in_(("balance",))',
        'line.duty.code != "watch"',
        'f(kind="parcel")',
        'x = {"kind": "watch"}',
    ],
)
def test_the_test_sees_it_however_it_is_written(line):
    assert list(compared(ast.parse(line)))


def test_the_classes_of_lists_are_the_numbered_ones_of_the_rulebook():
    """The table's constraint and the words of files stand where no rulebook can be asked."""
    assert set(SAMPLED) == load().numbered
    assert set(CLASS_NAMES.values()) == load().numbered
    [check] = [one for one in ManifestItem.__table__.constraints if str(one.name).endswith("mail_class")]
    assert str(check.sqltext) == f"mail_class IN {SAMPLED}"


def test_the_codes_of_classes_fit_into_the_columns_that_keep_them():
    for column in (Volume.mail_class, ManifestItem.mail_class):
        assert max(map(len, load().classes)) <= column.type.length


def test_classes_are_named_in_the_rulebook_alone():
    """Where a class must be named, because there is no rulebook to ask, it stands here with the reason."""
    classes = load().classes.keys()
    named = {
        (name.split("/")[1], one.value)
        for name, tree in modules()
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant) and one.value in classes
    }
    assert named == {
        ("rulebook", "letter"),  # what a record can be about
        ("ledger", "letter"),  # likewise
        *(("sampling", code) for code in SAMPLED),  # what a file calls them, and its example
    }
