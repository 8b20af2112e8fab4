"""A run of the tests that did not succeed is never called one that did, and leaves nothing out."""

import subprocess
import sys

import pytest

from tests import running


@pytest.fixture
def started(monkeypatch):
    """``started(npm=…, parts=[…])``: with which exit codes everything ends; then the command lines of the parts."""

    def arrange(npm: int, parts: list[int]) -> list[list[str]]:
        lines: list[list[str]] = []
        real, left = subprocess.Popen, list(parts)

        def part(command, **_):
            lines.append(command[3:])
            return subprocess.CompletedProcess(command, left.pop(0))

        def beside(command, **more):
            return real([sys.executable, "-c", f"print('report of npm'); raise SystemExit({npm})"], **more)

        monkeypatch.setattr(subprocess, "run", part)
        monkeypatch.setattr(subprocess, "Popen", beside)
        return lines

    return arrange


@pytest.mark.parametrize(
    ("npm", "parts", "code"),
    [(0, [0, 0], 0), (1, [0, 0], 1), (0, [1, 0], 1), (0, [0, 5], 1), (0, [-9, 0], 1), (0, [0, -11], 1)],
    ids=["all well", "npm fails", "one fails", "nothing found", "one is killed", "the last one crashes"],
)
def test_one_part_that_fails_or_is_killed_fails_the_whole(started, capsys, npm, parts, code):
    started(npm, parts)
    assert running.main([]) == code
    said = capsys.readouterr().out
    assert ("report of npm" in said) == bool(npm)
    assert said.count("FAILED") == sum(map(bool, [npm, *parts]))


def test_everything_is_every_folder_of_tests_once(started):
    lines = started(0, [0, 0])
    assert running.main([]) == 0
    computing, waiting = lines
    assert [word for word in computing if word.startswith("tests/")] == list(running.COMPUTING)
    assert "tests" in waiting
    assert [word.removeprefix("--ignore=") for word in waiting if "--ignore" in word] == list(
        running.COMPUTING
    )
    assert not [word for word in (*computing, *waiting) if word in ("-k", "-m")]


def test_the_quick_run_names_files_that_are_there_and_fails_with_any_part(started):
    assert not [name for name in (*running.QUICK, running.STORY) if not (running.ROOT / name).is_file()]
    lines = started(0, [-9])
    assert running.main(["--quick"]) == 1
    assert set(running.QUICK) < set(lines[0])


def test_with_arguments_only_what_they_name_is_run(started):
    lines = started(0, [3])
    assert running.main(["tests/unit", "-x"]) == 3
    assert lines == [["tests/unit", "-x"]]
