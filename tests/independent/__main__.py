"""``python -m tests.independent --runs N --seed S [--minutes M]``: the ledger computed twice over random months.

With ``--cases`` random worlds of cases instead, ``--steps`` things in each.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.databases import SqliteTemplate
from tests.independent import case_comparison
from tests.independent.case_office import Office, at
from tests.independent.case_world import first_day
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
    parser.add_argument(
        "--cases", action="store_true", help="worlds of cases instead of months of the ledger"
    )
    parser.add_argument("--steps", type=int, default=120, help="how much happens in each world of cases")
    asked = parser.parse_args(words)
    if asked.cases:
        return cases(asked)
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


def cases(asked: argparse.Namespace) -> int:
    """Follow cases twice; 0 where nothing differs."""
    begun, worlds, differ, kinds = time.monotonic(), 0, 0, Counter()
    with tempfile.TemporaryDirectory(prefix="toucha-independent-") as place, clock_of_our_own():
        template = SqliteTemplate(Path(place))
        for seed in range(asked.seed, asked.seed + asked.runs):
            if asked.minutes and time.monotonic() - begun > asked.minutes * 60:
                break
            office = Office(template, Path(place) / str(seed), at(first_day(seed), 8), Random(seed))
            try:
                count = case_comparison.compare(seed, office, asked.steps)
            finally:
                office.close()
            for difference in count.faults:
                print(f"· {difference}", flush=True)
            worlds, differ, kinds = worlds + 1, differ + bool(count.faults), kinds + count.kinds
    for kind, times in sorted(kinds.items()):
        print(f"  {kind}: {times}")
    print(f"independent: {worlds} worlds of cases, {kinds.total()} moves, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
