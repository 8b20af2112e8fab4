"""``python -m tests.torture [--runs N] [--seed S]``: real browsers and servers, really killed; only the plan is repeatable."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.databases import SqliteTemplate
from tests.torture.plan import plan_of
from tests.torture.simulation import Broken, Ground, Torture


def main(words: list[str]) -> int:
    """Run them; 0 when every promise held."""
    parser = argparse.ArgumentParser(prog="run.py torture", description=__doc__)
    parser.add_argument("--runs", type=int, default=24)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first run; the next one has the next number"
    )
    asked = parser.parse_args(words)
    begun, broken, kills = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory(prefix="toucha-torture-") as place, sync_playwright() as playwright:
        folder = Path(place)
        (folder / "ground").mkdir()
        ground = Ground(SqliteTemplate(folder), folder / "ground")
        for seed in range(asked.seed, asked.seed + asked.runs):
            run = folder / str(seed)
            run.mkdir()
            torture = Torture(playwright, ground, run, plan_of(seed))
            try:
                torture.run()
            except (Broken, Error) as fault:
                print(f"{fault}\n{torture.plan}", flush=True)
                broken += 1
            kills += torture.kills
            print(f"· seed {seed}: {torture.kills} kills, {broken} broken so far", flush=True)
    print(f"{asked.runs} runs in {time.monotonic() - begun:.0f} s, {kills} kills: {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
