"""``python -m webapp.upkeep.naming [new]``: the name of the bucket that the standard input describes, asked in a process of its own.

The client's library starts threads, which a server that forks after it has asked would not have.
"""

import json
import subprocess
import sys
from dataclasses import asdict

from webapp.core.problems import Problem
from webapp.formats.buckets import Bucket
from webapp.photos.chosen_store import store_of
from webapp.upkeep.cell import named

SECONDS = 60  # of which nearly all is for loading Python on a busy machine


class Unasked(Exception):
    """The store did not answer; the text is its problem's code."""


def name_of(bucket: Bucket, new: bool) -> str | None:
    """:func:`webapp.upkeep.cell.named` of the bucket; raises :class:`Unasked`."""
    command = [sys.executable, "-m", "webapp.upkeep.naming", *(["new"] if new else [])]
    done = subprocess.run(  # noqa: S603  (our own module)
        command, input=json.dumps(asdict(bucket)), capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode:
        raise Unasked(done.stdout.strip() or "no answer")
    return json.loads(done.stdout)


def main(words: list[str]) -> int:
    """Print the name as JSON, or the code of the problem; the exit code."""
    bucket = Bucket(**json.load(sys.stdin))
    try:
        print(json.dumps(named(store_of({"PHOTO_BUCKET": bucket}), "new" in words)))
    except Problem as problem:
        print(problem.code)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
