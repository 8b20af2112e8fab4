"""Built files of all releases that serve together, in a folder that the servers share, by a setting.

While servers are upgraded one after another a page of the new release asks an old server for its files, and the other way round; and a page
that was opened before asks for the old ones for days. Their names are made of their content, so that one folder holds all of them.
"""

import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, send_from_directory

from webapp.core.problems import Problem

# As build.mjs names them; what is packed beside a file, and what keeps its name, stays with its own release.
HASHED = re.compile(r"[\w.-]+-[0-9A-Z]{8}\.(js|css|wasm|svg|woff2)")
DAYS = 90  # since the last server that has it started: a server may run for weeks
YEAR = 365 * 24 * 3600


def init_kept_assets(app: Flask) -> None:
    """Serve from the folder what is no file of this release's own; nothing where the settings name none."""
    folder: Path | None = app.config["ASSETS_DIRECTORY"]
    if folder is None:
        return

    def kept(name: str) -> Response:
        if not HASHED.fullmatch(name):
            raise Problem("not-found")
        answer = send_from_directory(folder, name, max_age=YEAR)
        answer.cache_control.public, answer.cache_control.immutable = True, True
        return answer

    app.add_url_rule("/static/built/<name>", "kept_asset", kept)


def share(app: Flask) -> int:
    """Put this release's files into the folder, forget those that no server had for long; how many are there. Once a start."""
    folder: Path | None = app.config["ASSETS_DIRECTORY"]
    if folder is None:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    for file in (app.extensions["toucha_static"] / "built").iterdir():
        if HASHED.fullmatch(file.name):
            _put(file, folder / file.name)
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # another server starts, and was here before
            if file.stat().st_mtime < time.time() - DAYS * 24 * 3600:
                file.unlink()
    return len(list(folder.iterdir()))


def _put(file: Path, place: Path) -> None:
    """Whole or not at all, for others read there."""
    with suppress(FileNotFoundError):
        os.utime(place)
        return
    draft = place.with_name(f".{place.name}-{os.getpid()}")
    shutil.copyfile(file, draft)
    draft.replace(place)
