"""The phone's own code, asked under Node: many questions, one process (tests/js/twin.js)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def node() -> str:
    """The wheel's Node beside this Python, else the machine's."""
    beside = Path(sys.executable).parent / "node"
    return str(beside) if beside.exists() else shutil.which("node") or "node"


def phone(questions: list[dict]) -> list:
    """The phone's answer to each question."""
    lines = "".join(json.dumps(one) + "\n" for one in questions)
    done = subprocess.run(
        [node(), str(ROOT / "tests/js/twin.js")],
        input=lines, capture_output=True, text=True, encoding="utf-8", timeout=120, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert len(answers) == len(questions)
    return answers
