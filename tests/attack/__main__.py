"""``python -m tests.attack [--minutes N] [--seed S]``: real servers on both databases, attacked from a seed; what broke."""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.attack.siege import Siege, Tally
from tests.postgres import NoPostgres, Server
from tests.serving import DemoTemplate, flask

ROUND = 2_000  # requests; then fresh data, on the other database
ENDLESS = float("inf")


class Ground:
    """Where rounds happen: a folder of SQLite data to copy, and a PostgreSQL server where there is one."""

    def __init__(self, folder: Path, stack: ExitStack):
        self._folder, self._rounds = folder, 0
        self._demo = DemoTemplate(folder)
        try:
            self._postgres = Server()
        except NoPostgres as error:
            print(f"· no PostgreSQL ({error}): SQLite only", flush=True)
            self._postgres = None
        else:
            stack.callback(self._postgres.stop)

    def next(self) -> tuple[Path, dict[str, str]]:
        """A data folder and the environment of the next round's server."""
        self._rounds += 1
        place = self._folder / str(self._rounds)
        place.mkdir()
        if self._postgres is None or self._rounds % 2:
            return self._demo.copy(place), {}
        name = f"attack{self._rounds}"
        self._postgres.create(name)
        url = {"DATABASE_URL": self._postgres.url(name).replace("postgresql+psycopg://", "postgresql://")}
        data = place / "data"
        data.mkdir()
        flask(data, "demo", "--thin", **url)
        return data, url


def main(words: list[str]) -> int:
    """Attack; 0 when nothing broke."""
    parser = argparse.ArgumentParser(prog="run.py attack", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first round; the next one has the next number"
    )
    asked = parser.parse_args(words)
    tally, until = Tally(), time.monotonic() + asked.minutes * 60
    kept = Path(tempfile.mkdtemp(prefix="toucha-attack-broken-"))
    with tempfile.TemporaryDirectory(prefix="toucha-attack-") as place, ExitStack() as stack:
        ground, seed = Ground(Path(place), stack), asked.seed
        while seed == asked.seed or time.monotonic() < until:
            data, more = ground.next()
            Siege(data, seed, tally, kept, **more).run(ROUND, until)
            counts = ", ".join(f"{name}: {count}" for name, count in sorted(tally.statuses.items()))
            print(
                f"· seed {seed} on {'PostgreSQL' if more else 'SQLite'}: {tally.line()} ({counts})",
                flush=True,
            )
            seed += 1
    if not tally.broken:
        kept.rmdir()
    print(tally.line())
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
