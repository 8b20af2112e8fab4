"""One style, decided by a program: ruff.toml says which rules, and why where one is left out."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("words", [("check",), ("format", "--check")], ids=" ".join)
def test_python_code_is_in_our_style(words):
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run([ruff, *words, "--no-cache", "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
