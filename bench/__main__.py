"""``python -m bench [start] [first_visit] [rendering] [push] [slow_phones] [ledger_page] [region] [cases] [signals] [pictures] [taps] [paper] [speed] [reads] [memory] [upkeep] [--full]``: measure, print, keep as JSON."""

import argparse
import os
import platform
import sys
from datetime import UTC, datetime

from bench import (
    cases,
    first_visit,
    ledger_page,
    memory,
    paper,
    pictures,
    push,
    reads,
    region,
    rendering,
    signals,
    slow_phones,
    speed,
    start,
    taps,
    upkeep,
)
from bench.report import keep, table
from webapp import settings

PARTS = {
    "start": start,
    "first_visit": first_visit,
    "rendering": rendering,
    "push": push,
    "slow_phones": slow_phones,
    "ledger_page": ledger_page,
    "region": region,
    "cases": cases,
    "signals": signals,
    "pictures": pictures,
    "taps": taps,
    "speed": speed,
    "paper": paper,
    "reads": reads,
    "memory": memory,
    "upkeep": upkeep,
}


def main(words: list[str]) -> int:
    """Measure the parts that are named (all, if none is); 1 where a limit or aim is missed."""
    asked = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    asked.add_argument(
        "--full",
        action="store_true",
        help="region: 10 million items instead of 1 million, reads: instead of 100,000; signals: a copy of each photo",
    )
    chosen = asked.parse_args(words)
    if unknown := set(chosen.parts) - set(PARTS):
        asked.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    figures = []
    for name in chosen.parts or PARTS:
        print(f"· Measuring {name}", flush=True)
        found = list(PARTS[name].measure(full=chosen.full))
        print(table(found), flush=True)
        figures += found
    if len(chosen.parts or PARTS) > 1:
        print(f"\n{table(figures)}")
    path = settings.data_directory() / "bench.json"
    keep(path, figures, about())
    print(f"\nAlso in {path}")
    for part in map(PARTS.get, chosen.parts or PARTS):
        if hasattr(part, "last_line"):  # what is read by a program: it stands last
            print(part.last_line(), flush=True)
    return int(any(figure.verdict == "OVER" for figure in figures))


def about() -> dict:
    """Which machine and when: without it a timing says little."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": settings.VERSION,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
