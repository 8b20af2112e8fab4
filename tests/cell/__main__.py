"""``python -m tests.cell [pytest arguments]``: two servers, a balancer, PostgreSQL that fails over, a pooler, S3; a line for each trial.

The last line is ``cell: N passed, N failed``. What cannot be tried here, for a program that is missing, is told and not counted.
The same tests run with all others; here they tell what they tried.
"""

import sys

import pytest

TRIALS = (
    "tests/server/test_cell.py",
    "tests/server/test_balancer.py",
    "tests/server/test_failover.py",
    "tests/server/test_pooler.py",
    "tests/server/test_killed.py",
    "tests/server/test_object_store.py",
    "tests/server/test_limits.py",
    "tests/server/test_metrics.py",
    "tests/server/test_backup.py",
    "tests/integration/photos/test_moving.py",
    "tests/integration/upkeep/test_database_move.py",
    "tests/integration/upkeep/test_opening.py",
    "tests/integration/upkeep/test_sweeping.py",
    "tests/contracts/test_deploy.py",
)


class Teller:
    """Tells each trial as soon as it has ended."""

    def __init__(self):
        self.passed = self.failed = 0

    def pytest_runtest_logreport(self, report):
        """Called by pytest for each part of a test; one that never began has failed, too."""
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            self._say("not run", report, reason)
        elif report.failed:
            self.failed += 1
            self._say("FAILED", report, report.when)
            print(report.longreprtext, flush=True)
        elif report.when == "call":
            self.passed += 1
            self._say("passed", report, f"{report.duration:.0f} s")

    def _say(self, became: str, report, more: str) -> None:
        file, _, name = report.nodeid.partition("::")
        name, bracket, which = name.removeprefix("test_").partition("[")
        sentence = name.replace("_", " ") + (f" [{which}" if bracket else "")
        print(f"{became}: {sentence} ({file}; {more})", flush=True)


def main(words: list[str]) -> int:
    """Run the trials; the exit code."""
    teller = Teller()
    quiet = ["-o", "addopts=--import-mode=importlib", "-p", "no:terminal", "-p", "no:cacheprovider"]
    code = pytest.main([*quiet, *(words or TRIALS)], plugins=[teller])
    print(f"cell: {teller.passed} passed, {teller.failed} failed")
    return int(code != 0 or not teller.passed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
