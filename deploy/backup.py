#!/usr/bin/env python3
"""backup.py DATA TARGET: a consistent copy of a SQLite installation while it runs; standard library only.

The database first, the photos second: a photo is on the disk before the database speaks of it and never changes, so
a copy in this order has every photo that its database knows. A photo that the copy before already has is linked, not
copied: a copy a day costs what a day brings. What was deleted for its age is in no later copy.
"""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

STORE_ID = Path("store-id")  # by which a server knows the store again
FOLDER = 2  # characters of a name of a folder with photos


def copy_database(source: Path, target: Path) -> None:
    """A compact copy, checked."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as database:
        database.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        state = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if state != "ok":
        sys.exit(f"backup.py: the copy is damaged: {state}")


def copy_photos(source: Path, target: Path, before: Path | None) -> None:
    """Every photo that is there now, linked from the copy ``before`` where it has it, and the name of the store.

    What waits in ``aside/`` until somebody imports it is left.
    """
    for photo in source.rglob("*"):
        name = photo.relative_to(source)
        if name == STORE_ID:
            target.mkdir(exist_ok=True)
            shutil.copy2(photo, target / name)
        elif photo.is_file() and len(name.parts[0]) == FOLDER:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                if before and (before / name).exists():
                    os.link(before / name, target / name)
                else:
                    shutil.copy2(photo, target / name)
            except FileNotFoundError:
                continue  # deleted for its age at this moment


def backup(data: Path, target: Path) -> Path:
    """Make the copy ``target/<date>-<time>`` and return it; it gets its name when it is whole."""
    if not (data / "toucha.sqlite").is_file():
        sys.exit(f"backup.py: there is no toucha.sqlite in {data}")
    target.mkdir(parents=True, exist_ok=True)
    copies = sorted(path for path in target.glob("2*-*") if path.is_dir() and path.suffix != ".part")
    copy = target / f"{datetime.now():%Y%m%d-%H%M%S}"
    part = copy.with_suffix(".part")
    part.mkdir(mode=0o700)
    copy_database(data / "toucha.sqlite", part / "toucha.sqlite")
    if (data / "secret-key").exists():
        shutil.copy2(data / "secret-key", part / "secret-key")
    if (data / "photos").is_dir():
        copy_photos(data / "photos", part / "photos", copies[-1] / "photos" if copies else None)
    os.sync()
    part.rename(copy)
    return copy


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    print(backup(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
