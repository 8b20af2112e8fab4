"""``python -m tests.independent --runs N --seed S [--minutes M]``: the ledger computed twice over random months."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.databases import SqliteTemplate
from tests.independent.comparison import compare
from tests.independent.delivery import clock_of_our_own, powers
from tests.independent.making import make


def main(words: list[str]) -> int:
    """Compare; 0 where nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.independent", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first month; the next has the next number"
    )
    parser.add_argument("--minutes", type=float, default=None, help="stop after so long")
    asked = parser.parse_args(words)
    begun, months, lines, differ = time.monotonic(), 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="toucha-independent-") as place, clock_of_our_own():
        template = SqliteTemplate(Path(place))
        for seed in range(asked.seed, asked.seed + asked.runs):
            if asked.minutes and time.monotonic() - begun > asked.minutes * 60:
                break
            count = compare(make(seed, powers()), template, Path(place) / str(seed))
            for difference in count.differences:
                print(f"· {difference}", flush=True)
            months, lines, differ = months + 1, lines + count.lines, differ + len(count.differences)
    print(f"independent: {months} months, {lines} lines, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
