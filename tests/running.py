"""Which tests run beside which, so that two processors are through with them soonest.

    python -m tests.running              everything: under 25 minutes on two idle processors
    python -m tests.running --quick      an answer in three minutes, before a commit: no PostgreSQL, no killed servers
    python -m tests.running [pytest …]   only what pytest is told

``run.py test`` makes everything that is missing, finds a browser and calls this. The exit code is not 0 if any part failed.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.memory import in_memory

ROOT = Path(__file__).resolve().parents[1]
# What computes: as many at once as there are processors.
COMPUTING = ("tests/unit", "tests/contracts", "tests/integration")
# What waits for servers and browsers, is killed and begins again: more at once than there are processors.
WAITING = ("tests", *(f"--ignore={folder}" for folder in COMPUTING))
WAITING_AT_ONCE = 3
# Whoever has nothing left takes over what another has not begun: nobody is left alone with the long tests at the end.
SHARED = ("--dist", "worksteal")

# Of tests/integration, what most changes would break: a record's way in, each room of the desk, who sees what.
QUICK = (
    "tests/integration/test_harness.py",
    "tests/integration/sync/test_push.py",
    "tests/integration/sync/test_push_batches.py",
    "tests/integration/recording/test_waiting.py",
    "tests/integration/ledger/test_duty_book.py",
    "tests/integration/ledger/test_stories.py",
    "tests/integration/registers/test_relay_register.py",
    "tests/integration/web/test_answers.py",
    "tests/integration/desk/accounts/test_login.py",
    "tests/integration/desk/ledger/test_pages.py",
    "tests/integration/desk/lists/test_manifests.py",
    "tests/integration/desk/records/test_find.py",
    "tests/integration/desk/register/test_relay_pages.py",
    "tests/integration/desk/rules/test_duties.py",
    "tests/integration/desk/staff/test_people.py",
    "tests/integration/desk/test_wording.py",
)
STORY = "tests/browser/test_story.py"


def say(text: str) -> None:
    """A line of progress, at once even into a pipe."""
    print(f"· {text}", flush=True)


def pytest(what: str, *arguments: str, **environment: str) -> int:
    """Run one part and say how long it took; returns pytest's exit code."""
    say(f"Testing {what}")
    begun, command = time.monotonic(), [sys.executable, "-m", "pytest", *arguments]
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode
    say(f"Tested {what} in {time.monotonic() - begun:.0f} s{': FAILED' if code else ''}")
    return code


def pytest_in_memory(what: str, *arguments: str) -> int:
    """The same for tests that are not about the disk: they wait for none, where memory has room."""
    with tempfile.TemporaryDirectory(prefix="toucha-tests-", dir=in_memory()) as folder:
        return pytest(what, *arguments, TMPDIR=folder)


@contextmanager
def browser_code() -> Iterator[list[int]]:
    """The browser code's lint, types and unit tests beside what is done meanwhile; the list takes everybody's exit codes.

    What they say is told afterwards, and only if they failed: two reports at once can be read by nobody.
    """
    codes: list[int] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as report:
        npm = Path(sys.executable).with_name("npm")
        tests = subprocess.Popen([npm, "test"], cwd=ROOT, stdout=report, stderr=report)
        try:
            yield codes
            codes.append(tests.wait())
        finally:
            if tests.poll() is None:
                tests.terminate()
                tests.wait()
        if codes[-1]:
            report.seek(0)
            print(report.read(), flush=True)
        say(f"Tested the browser code{': FAILED' if codes[-1] else ''}")


def everything() -> int:
    """All tests there are."""
    with browser_code() as codes:
        codes.append(pytest_in_memory("what computes", "-n", "logical", *SHARED, *COMPUTING))
        codes.append(pytest("what waits", "-n", str(WAITING_AT_ONCE), *SHARED, *WAITING))
    return int(any(codes))


def quick() -> int:
    """The browser code, the source itself, values, and a part of the rest on SQLite, with one story in a browser."""
    some = ("tests/unit", "tests/contracts", *QUICK, STORY)
    with browser_code() as codes:
        codes.append(pytest_in_memory("quickly", "-n", "logical", *SHARED, "-k", "not postgresql", *some))
    return int(any(codes))


def main(words: list[str]) -> int:
    """Choose by the first word; returns the exit code."""
    if words == ["--quick"]:
        return quick()
    return pytest(" ".join(words), *words) if words else everything()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
