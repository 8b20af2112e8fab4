"""One style, decided by a program: ruff.toml says which rules, and why where one is left out."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("words", [("check",), ("format", "--check")], ids=" ".join)
def test_python_code_is_in_our_style(words):
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run([ruff, *words, "--no-cache", "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def defined_in(body: list[ast.stmt]) -> list[str]:
    """The functions and classes that stand in a module's or class's own body, a property's setter aside."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [
        node.name
        for node in body
        if isinstance(node, kinds) and not any("." in ast.unparse(one) for one in node.decorator_list)
    ]


def test_a_module_defines_a_name_once():
    """Two branches can each add a function of one name: git merges them, and the later silently replaces the other."""
    twice = {}
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
        for body in bodies:
            again = [name for name, times in Counter(defined_in(body)).items() if times > 1]
            if again:
                twice[str(path.relative_to(ROOT))] = again
    assert not twice


# Codes, figures and passwords; and what is sought, which is shown as it was understood.
MAY_BE_CUT = {
    "code",
    "login",
    "latitude",
    "longitude",
    "n.",
    "password",
    "repeat",
    "current",
    "present_password",
    "q",
    "search",
    "{{ name }}",
}


def test_no_text_field_of_the_desk_cuts_what_somebody_types():
    """A browser's maxlength counts halves of characters and cuts in silence: texts say ``data-limit``."""
    cutting = re.compile(
        r'\{\{ field\("([^"]+)"(?:(?!\}\}).)*?maxlength|<(?:input|textarea)[^<>]* name="([^"]+)"[^<>]*maxlength'
    )
    found = {
        (str(page.relative_to(ROOT)), match[1] or match[2])
        for page in (ROOT / "templates").rglob("*.html")
        for match in cutting.finditer(page.read_text())
    }
    assert found
    assert {one for one in found if one[1] not in MAY_BE_CUT} == set()
    assert any('data-limit="500"' in page.read_text() for page in (ROOT / "templates").rglob("*.html"))


def test_no_line_of_a_template_is_too_long_to_read():
    pages = sorted((ROOT / "templates").rglob("*.html"))
    assert pages
    long = [
        f"{page.relative_to(ROOT)}:{number}"
        for page in pages
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert not long


def test_no_browser_test_waits_by_a_text_that_the_pages_policy_forbids():
    """`wait_for_function` passes where its text is true at once and fails where it is not: `story_phone.until` instead."""
    called = re.compile(r"\.wait_for_function\(")
    tests = (ROOT / "tests").rglob("*.py")
    assert not [path.name for path in tests if called.search(path.read_text(encoding="utf-8"))]
