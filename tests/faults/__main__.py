"""``python -m tests.faults [--runs N] [--seed S]``: simulations from seed S on; stops at the first broken promise."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.network import FATES
from tests.faults.phones import Phones
from tests.faults.server import Server
from tests.faults.simulation import Failure, Simulation

TELL = 20  # seconds between two lines of progress


def folder() -> str | None:
    """In memory where there is such a place: thousands of runs wear no disk out."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def main(words: list[str]) -> int:
    """Run them; 0 when every promise held."""
    parser = argparse.ArgumentParser(prog="run.py faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first run; the next one has the next number"
    )
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first broken promise")
    parser.add_argument("--only", type=lambda text: tuple(text.split(",")), help=f"of {', '.join(FATES)}")
    asked = parser.parse_args(words)
    begun = told = time.monotonic()
    faults = broken = 0
    with tempfile.TemporaryDirectory(dir=folder(), prefix="toucha-faults-") as place:
        server, phones = Server(Path(place)), Phones()
        try:
            for number in range(asked.runs):
                simulation = Simulation(server, phones, asked.seed + number, asked.only)
                try:
                    simulation.run()
                except Failure as failure:
                    print(failure, flush=True)
                    broken += 1
                    if not asked.go_on:
                        break
                faults += simulation.network.faults
                if time.monotonic() - told > TELL:
                    told = time.monotonic()
                    print(f"· {number + 1} runs, {faults} faults, {broken} broken", flush=True)
        finally:
            phones.close()
            server.close()
    print(
        f"{number + 1} runs in {time.monotonic() - begun:.0f} s, {faults} faults on the way: {broken} broken"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
