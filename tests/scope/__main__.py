"""``python -m tests.scope [NAME …]``: every planted hole (or those named) against the whole table, not only its own rows."""

import sys
import tempfile
from pathlib import Path

from tests.databases import SqliteTemplate
from tests.scope.asking import holes, ordered
from tests.scope.planted import HOLES
from tests.scope.world import World


def main(names: list[str]) -> int:
    """0 where the table notices every hole, and finds nothing without one."""
    missed = 0
    with tempfile.TemporaryDirectory(prefix="toucha-scope-") as place:
        folder = Path(place) / "world"
        folder.mkdir()
        world = World(SqliteTemplate(Path(place)), folder)
        for name in names or HOLES:
            with HOLES[name].planted():
                found = holes(world, ordered(), first=True)
            print(f"{'noticed' if found else 'MISSED'}: {name}: {found[0] if found else '-'}", flush=True)
            missed += not found
        left = [] if names else holes(world)
        world.close()
    print(f"scope: {len(names or HOLES)} holes, {missed} missed, {len(left)} differences without one")
    return 1 if missed or left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
