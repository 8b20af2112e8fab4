"""One style, decided by a program: ruff.toml says which rules, and why where one is left out."""

import ast
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
