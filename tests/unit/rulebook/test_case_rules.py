"""An edition's tables of cases: each mistake is named with its place, in both languages, before anything reads them."""

import copy
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.core.problems import Problem
from webapp.rulebook import case_rules
from webapp.rulebook.case_faults import case_faults
from webapp.rulebook.editions import read
from webapp.rulebook.rules import SEVERITIES, load, shipped_source

SHIPPED = tomllib.loads((Path(case_rules.__file__).parent / "cases.toml").read_text(encoding="utf-8"))


def faults(change: Callable[[dict], object]) -> dict[str, str]:
    """{place: what is wrong} of the shipped tables after a change."""
    tables = copy.deepcopy(SHIPPED)
    change(tables)
    found = list(case_faults(tables, SEVERITIES))
    assert all(text.zh.strip() and text.en.strip() for _, text in found)
    return {place: text.en for place, text in found}


def put(*path, value) -> Callable[[dict], None]:
    """Sets a value deep in the tables: names of tables, numbers from 1."""

    def change(tables: dict) -> None:
        here = tables
        for step in path[:-1]:
            here = here[step - 1 if isinstance(step, int) else step]
        last = path[-1] - 1 if isinstance(path[-1], int) else path[-1]
        if value is DROP:
            del here[last]
        else:
            here[last] = value

    return change


DROP = object()
ANSWER, ASK, DISPUTE = ("case", 1, "move", 3), ("case", 1, "move", 6), ("case", 1, "move", 9)
WRONG = [
    # tables
    (("severity",), [], "severity"),
    (("severity",), "none", "severity"),
    (("cause",), {}, "cause"),
    (("cause", 1), 7, "cause[1]"),
    (("case", 1, "state"), [], "case[1] problem.state"),
    (("case", 1, "move"), DROP, "case[1] problem.move"),
    # severities
    (("severity", 1, "days"), 0, "severity[1] ordinary.days"),
    (("severity", 1, "days"), 367, "severity[1] ordinary.days"),
    (("severity", 1, "days"), True, "severity[1] ordinary.days"),
    (("severity", 1, "days"), "7", "severity[1] ordinary.days"),
    (("severity", 1, "days"), DROP, "severity[1] ordinary"),
    (("severity", 1, "workdays"), 5, "severity[1] ordinary"),
    (("severity", 1, "points"), DROP, "severity[1] ordinary.points"),
    (("severity", 1, "points"), -1, "severity[1] ordinary.points"),
    (("severity", 2, "code"), "ordinary", "severity[2] ordinary.code"),
    (("severity", 2, "code"), "Very Bad", "severity[2] Very Bad.code"),
    (("severity", 2, "code"), DROP, "severity[2].code"),
    (("severity", 2, "code"), "a" * 13, f"severity[2] {'a' * 13}.code"),
    (("severity", 2, "code"), "worse", "severity"),
    (("severity", 3, "zh"), " ", "severity[3] grave.zh"),
    (("severity", 3, "en"), DROP, "severity[3] grave.en"),
    (("severity", 3, "colour"), "red", "severity[3] grave.colour"),
    # ladders
    (("ladder", 1, "severity"), [], "ladder[1].severity"),
    (("ladder", 1, "severity"), ["ordinary", "serious", "worst"], "ladder[1].severity"),
    (("ladder", 1, "severity"), ["ordinary", "serious", "grave"], "ladder[2].severity"),
    (("ladder", 1, "severity"), ["ordinary"], "ladder"),
    (("ladder", 1, "steps"), [], "ladder[1].steps"),
    (("ladder", 1, "steps"), [1], "ladder[1].steps"),
    (("ladder", 1, "steps", 2, "to"), "country", "ladder[1].steps[2].to"),
    (("ladder", 1, "steps", 2, "to"), DROP, "ladder[1].steps[2].to"),
    (("ladder", 1, "steps", 2, "after"), 0, "ladder[1].steps[2].after"),
    (("ladder", 1, "steps", 2, "after"), DROP, "ladder[1].steps[2]"),
    (("ladder", 1, "steps", 2, "at"), "opening", "ladder[1].steps[2]"),
    (("ladder", 2, "steps", 1, "at"), "once", "ladder[2].steps[1].at"),
    (("ladder", 1, "steps", 3, "to"), "department", "ladder[1].steps[3]"),
    (("ladder", 1, "steps", 3, "after"), 2, "ladder[1].steps[3]"),
    (("ladder", 1, "steps", 2, "act"), "letter", "ladder[1].steps[2].act"),
    (("ladder", 1, "steps", 2, "who"), "me", "ladder[1].steps[2].who"),
    (("ladder", 1, "days"), 3, "ladder[1].days"),
    # causes
    (("cause", 2, "code"), "person", "cause[2] person.code"),
    (("cause", 2, "why"), "x", "cause[2] method.why"),
    # types
    (("case", 1, "recurs"), "90", "case[1] problem.recurs"),
    (("case", 1, "recurs"), 0, "case"),
    (("case", 2, "recurs"), 90, "case"),
    (("case", 1, "reopens"), -1, "case[1] problem.reopens"),
    (("case", 1, "months"), 3, "case[1] problem.months"),
    (("case", 3, "issued_by"), "department", "case[3] work-order.issued_by"),
    (("case", 3, "issued_by"), DROP, "case"),
    (("case", 3, "number"), "督〔{year}〕号", "case[3] work-order.number"),
    (("case", 3, "number"), "督{n}号", "case[3] work-order.number"),
    (("case", 3, "number"), "{year}{n}{what}", "case[3] work-order.number"),
    (("case", 3, "number"), 5, "case[3] work-order.number"),
    (("case", 4), DROP, "case"),
    # states
    (("case", 1, "state", 1, "span"), "for ever", "case[1] problem.state[1] open.span"),
    (("case", 1, "state", 1, "days"), 3, "case[1] problem.state[1] open"),
    (("case", 1, "state", 1, "span"), DROP, "case[1] problem.state[1] open"),
    (("case", 1, "state", 1, "late"), "me", "case[1] problem.state[1] open.late"),
    (("case", 1, "state", 2, "workdays"), 0, "case[1] problem.state[2] answered.workdays"),
    (("case", 1, "state", 2, "code"), "open", "case[1] problem.state[2] open.code"),
    (("case", 1, "state", 3, "ends"), "yes", "case[1] problem.state[3] closed.ends"),
    (("case", 1, "state", 3, "workdays"), 3, "case[1] problem.state[3] closed"),
    (("case", 1, "state", 1, "void"), True, "case[1] problem.state[1] open"),
    (("case", 1, "state", 4, "void"), DROP, "case"),
    # moves
    ((*ANSWER, "from"), ["opened"], "case[1] problem.move[3] answer.from"),
    ((*ANSWER, "from"), [], "case[1] problem.move[3] answer.from"),
    ((*ANSWER, "from"), DROP, "case[1] problem.move[3] answer.from"),
    ((*ANSWER, "to"), "done", "case[1] problem.move[3] answer.to"),
    ((*ANSWER, "by"), ["me"], "case[1] problem.move[3] answer.by"),
    ((*ANSWER, "by"), DROP, "case[1] problem.move[3] answer.by"),
    ((*ANSWER, "by"), "owner", "case[1] problem.move[3] answer.by"),
    ((*ANSWER, "never"), ["nobody"], "case[1] problem.move[3] answer.never"),
    ((*ANSWER, "needs"), ["luck"], "case[1] problem.move[3] answer.needs"),
    ((*ANSWER, "effect"), "wonder", "case[1] problem.move[3] answer.effect"),
    ((*ANSWER, "effect"), "annul", "case[1] problem.move[3] answer.effect"),
    ((*ANSWER, "phone"), 1, "case[1] problem.move[3] answer.phone"),
    ((*ANSWER, "done_en"), DROP, "case[1] problem.move[3] answer.done_en"),
    ((*ANSWER, "done_zh"), "", "case[1] problem.move[3] answer.done_zh"),
    ((*ANSWER, "when"), "now", "case[1] problem.move[3] answer.when"),
    ((*ASK, "needs"), ["text"], "case[1] problem.move[6] ask.needs"),
    (("case", 1, "move", 1, "needs"), [], "case[1] problem.move[1] assign.needs"),
    ((*DISPUTE, "opens"), "quarrel", "case[1] problem.move[9] dispute.opens"),
    ((*DISPUTE, "within"), 0, "case[1] problem.move[9] dispute.within"),
    ((*DISPUTE, "once"), "1", "case[1] problem.move[9] dispute.once"),
    (("case", 2, "move", 1, "effect"), "reopen", "case[2] dispute.move[1] uphold.effect"),
]  # fmt: skip


def named(path: tuple, value) -> str:
    return f"{'.'.join(map(str, path))}={'(none)' if value is DROP else value}"


@pytest.mark.parametrize(
    ("path", "value", "place"), WRONG, ids=[named(path, value) for path, value, _ in WRONG]
)
def test_a_mistake_is_named_with_its_place(path, value, place):
    assert place in faults(put(*path, value=value))


def test_the_shipped_tables_have_none_and_an_edition_may_bring_them():
    assert faults(lambda tables: None) == {}
    source = (Path(case_rules.__file__).parent / "cases.toml").read_text(encoding="utf-8")
    assert read(f"{shipped_source()}\n{source}").cases == load().cases


def test_a_wrong_table_of_an_edition_is_reported_like_the_others():
    """Not as something that was stumbled over somewhere in the file."""
    wrong = '\n[[severity]]\ncode = "ordinary"\nzh = "一般"\nen = "Ordinary"\ndays = 0\npoints = 1\n'
    with pytest.raises(Problem) as caught:
        read(shipped_source() + wrong)
    assert caught.value.code == "bad-edition"
    assert caught.value.fields == {"severity[1] ordinary.days": "from 1 to 366"}


def test_an_edition_that_drops_a_severity_which_criteria_have_is_told_so():
    kept = '\n[[severity]]\ncode = "ordinary"\nzh = "一般"\nen = "Ordinary"\ndays = 7\npoints = 1\n'
    with pytest.raises(Problem) as caught:
        read(shipped_source() + kept)
    assert caught.value.fields["severity"].endswith("which criteria have")


@pytest.mark.parametrize(
    "junk", [None, 0, "x", [], [[]], {}, [{}], [{"code": []}], [{"code": "a", "state": 3, "move": [None]}]]
)
@pytest.mark.parametrize("table", case_rules.TABLES)
def test_whatever_stands_there_it_is_a_fault_and_no_crash(table, junk):
    assert list(case_faults({**SHIPPED, table: junk}, SEVERITIES))


def test_whatever_has_no_fault_can_be_read():
    """Each single value of the tables changed to each kind of value: named as a fault, or read without stumbling."""
    for path in paths(SHIPPED):
        for value in (DROP, None, 0, -1, 3, "", "x", [], ["x"], {}, True):
            tables = copy.deepcopy(SHIPPED)
            put(*path, value=value)(tables)
            if not list(case_faults(tables, SEVERITIES)):
                case_rules.read(tables)


def paths(node, before: tuple = ()) -> list[tuple]:
    """Of every value in the tables."""
    keys = list(node) if isinstance(node, dict) else range(1, len(node) + 1) if isinstance(node, list) else []
    found = []
    for key in keys:
        inner = node[key - 1] if isinstance(node, list) else node[key]
        found += [(*before, key), *paths(inner, (*before, key))]
    return found


# ---------------------------------------------------------------- what ships


def test_what_the_domain_calls_grave_is_grave():
    """C.3: grave are 虚假签收, 积压, lost, forced, prohibited, wherever a form asks for them."""
    grave = {
        (kind.code, one.code)
        for kind in load().kinds.values()
        for one in kind.criteria
        if one.severity == "grave"
    }
    named = {
        (kind.code, one.code)
        for kind in load().kinds.values()
        for one in kind.criteria
        if any(word in one.title.zh for word in ("虚假签收", "积压", "丢失", "强迫", "禁限寄"))
    }
    assert ("parcel", "signature") in named and ("relay", "no-backlog") in named
    assert named <= grave


def test_the_numbers_of_the_domain_are_those_that_ship():
    rules = case_rules.shipped()
    problem, order = rules.types["problem"], rules.types["work-order"]
    assert (problem.recurs, problem.reopens, problem.extensions, order.extensions) == (90, 30, 2, 2)
    assert (problem.moves["dispute"].within, problem.moves["dispute"].once) == (3, 1)
    assert (order.moves["refuse"].within, order.moves["refuse"].once) == (1, 1)
    assert order.number.format(year=2026, n=7) == "督〔2026〕7号"
    assert [one.points for one in rules.severities.values()] == [1, 3, 10]
