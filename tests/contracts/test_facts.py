"""One place for each type of fact, and one scope in which journals and ledger are written (docs/architecture.md)."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from webapp.journal.models import JournalRow
from webapp.recording import facts
from webapp.recording.facts.fact_type import CASE, CHOICE, FORM, REGISTER, VOLUMES, FactType
from webapp.recording.facts.registry import FACT_TYPES, JOURNAL_ENTRIES
from webapp.rulebook.rules import KIND_TYPES
from webapp.sync.sections import BUILDERS, CHANGED_BY

ROOT = Path(__file__).resolve().parents[2]
CODE = {
    path.relative_to(ROOT / "webapp").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "webapp").rglob("*.py"))
    if "versions" not in path.parts
}
# Where several names of types may stand in one literal, and why.
MAY_LIST = {
    "rulebook/rules.py": "which types a kind of record may have: a word of the rulebook, from which the registry takes it",
    "rulebook/ways.py": "ways of counting by their names; two are called as the facts that they count: a plan, a document",
}
# Who writes journals or lines outside of the one scope, and why.
MAY_WRITE = {
    "recording/writing.py": "the scope itself",
    "photos/operations.py": "bytes that arrive or are lost move no line and ask no role",
}
WRITES = re.compile(r"\bchain\.(?:lock|append)\(|\.recompute\(|\bimport (?:.*\b)?(?:recompute|append|lock)\b")


def words_of(node: ast.AST) -> list[str]:
    """The texts that a literal lists: elements, keys, or the words of a text that is split."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [
            one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
    if isinstance(node, ast.Dict):
        return [
            one.value for one in node.keys if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        # A sentence may name two types: only a text that is nothing but names is a list.
        words = node.value.split()
        return words if set(words) <= FACT_TYPES.keys() else []
    return []


def lists_of_types(source: str) -> list[str]:
    """Literals that name two types of facts or more."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if len(FACT_TYPES.keys() & set(words_of(node))) > 1
    ]


def test_no_list_of_types_stands_beside_the_registry():
    found = {
        name: lists
        for name, source in CODE.items()
        if not name.startswith("recording/facts/")
        and name not in MAY_LIST
        and (lists := lists_of_types(source))
    }
    assert not found, "a type says it itself: give FactType an answer (webapp/recording/facts/fact_type.py)"


def test_the_search_sees_each_way_to_list_types():
    assert lists_of_types("A = ('seal', 'reveal')")
    assert lists_of_types("A = {'seal': 1, 'x': 2, 'point': 3}")
    assert lists_of_types("A = {'seal', 'volume'} | dict.fromkeys(['override', 'calendar'])")
    assert lists_of_types("A = 'seal reveal void'.split()")
    assert not lists_of_types("A = ('volume', 'population')")
    assert not lists_of_types("'A seal or a reveal.'")


def modules() -> list[str]:
    """The files of the folder that is one file a type."""
    return [f"{facts.__name__}.{one.name}" for one in pkgutil.iter_modules(facts.__path__)]


def test_every_type_that_a_file_defines_is_registered():
    defined = {
        value.name
        for name in modules()
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, FactType)
    }
    assert defined <= FACT_TYPES.keys()
    assert FACT_TYPES.keys() - defined == set(KIND_TYPES), (
        "only records of a kind are made from the rulebook's list"
    )


@pytest.mark.parametrize("fact_type", FACT_TYPES.values(), ids=FACT_TYPES)
def test_a_type_answers_every_question(fact_type):
    assert 0 < len(fact_type.name) <= JournalRow.entry.type.length
    if fact_type.name in KIND_TYPES:
        assert fact_type.title is None, "its kind says what it is called"
    else:
        assert fact_type.title.zh and fact_type.title.en
    assert fact_type.shown in (FORM, CHOICE, REGISTER, VOLUMES, CASE)
    assert fact_type.from_phone or not fact_type.by_another_hand, "a queue holds only what a phone makes"
    takes = {"guard": 2, "apply": 4, "binds": 2, "read": 1} | ({"gather": 5} if fact_type.gather else {})
    for question, arguments in takes.items():
        assert len(inspect.signature(getattr(fact_type, question)).parameters) == arguments, question


@pytest.mark.parametrize("entry", JOURNAL_ENTRIES, ids=[entry.name for entry in JOURNAL_ENTRIES])
def test_a_journal_entry_says_which_sections_of_a_phone_it_moves(entry):
    assert entry.sections <= BUILDERS.keys(), "a phone knows no such section"
    assert "unit" in entry.sections, "the unit's own part carries the journal's head"


def test_any_record_moves_every_section_but_what_stands_on_lists():
    for name in KIND_TYPES:  # who lies below moves with the journals below, whatever stands in them
        assert CHANGED_BY[name] == BUILDERS.keys() - {"listed", "below"}, (
            "a new section: say which entries move it"
        )


def test_no_two_entries_of_a_journal_have_one_name():
    assert len(CHANGED_BY) == len(JOURNAL_ENTRIES)


def test_every_type_stands_in_the_table_of_facts():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([\w-]+)`", row)}
    assert FACT_TYPES.keys() <= told


def test_journals_and_lines_are_written_in_one_scope():
    found = {
        name: WRITES.findall(source)
        for name, source in CODE.items()
        if name not in MAY_WRITE and WRITES.search(source)
    }
    assert not found, "use webapp/recording/writing.py: it locks, asks the roles anew, journals and counts"


def test_the_search_sees_each_way_to_write():
    for source in (
        "chain.lock(session, codes)",
        "chain.append(session, notes, now)",
        "ledger.recompute(session, dirty, now)",
        "from webapp.ledger.operations import Key, recompute",
        "from webapp.journal.chain import lock",
    ):
        assert WRITES.search(source), source
    assert not WRITES.search("found.append(row)")
    assert not WRITES.search("from webapp.journal.chain import Note")
