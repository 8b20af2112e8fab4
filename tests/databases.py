"""Empty databases with the whole schema, one a test, made by copying a template.

The template is made from the models; that migrations make exactly the same is what contracts/test_migrations.py proves.
"""

import itertools
import os
import shutil
from pathlib import Path

from flask_migrate import stamp
from jinja2 import BytecodeCache

from webapp import create_app
from webapp.core.database import db

_counter = itertools.count(1)


def settings_for(url: str, folder: Path) -> dict:
    """What a test's app is made with; forms carry no CSRF token unless a test switches that on."""
    return {
        "TESTING": True,
        "SQLALCHEMY_DATABASE_URI": url,
        "DATA_DIRECTORY": folder,
        "PHOTO_DIRECTORY": folder / "photos",
        "VIEWS_DIRECTORY": folder / "views",
        "EVENTS_DIRECTORY": folder / "events",
        "SECRET_KEY": "a key that only tests know",
        "HTTPS": False,
        "SESSION_COOKIE_SECURE": False,
        "WTF_CSRF_ENABLED": False,
        "RATELIMIT_ENABLED": False,
    }


def dispose(app) -> None:
    """Close every connection of the app: an open one is a ResourceWarning, and so an error."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if replica := app.extensions.get("toucha_replica"):
        replica.engine.dispose()


def build_schema(url: str, folder: Path) -> None:
    """Make the schema in the empty database at ``url``."""
    app = create_app(settings_for(url, folder))
    with app.app_context():
        db.create_all()
        db.session.commit()
        stamp()
    dispose(app)


class CompiledPages(BytecodeCache):
    """What Jinja made of each page, kept in memory; a page whose source differs is compiled anew."""

    def __init__(self):
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket) -> None:
        """Fill the bucket if its page was compiled before; Jinja compares the digests of the sources."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


class SqliteTemplate:
    """A file; :meth:`fresh` copies it."""

    def __init__(self, folder: Path):
        self.file = folder / "template.sqlite"
        build_schema(f"sqlite:///{self.file}", folder)

    def fresh(self, folder: Path) -> str:
        """The address of a new database in ``folder``."""
        copy = folder / "toucha.sqlite"
        shutil.copyfile(self.file, copy)
        return f"sqlite:///{copy}"

    def discard(self, url: str) -> None:
        """Nothing to do: the file goes with its folder."""


class PostgresTemplate:
    """A database; :meth:`fresh` is ``CREATE DATABASE … TEMPLATE``."""

    def __init__(self, server, folder: Path):
        self.server = server
        # The process id: two runs of the tests may share the server that TEST_DATABASE_URL names.
        self.name = f"toucha_test_{os.getpid()}"
        server.create(self.name)
        build_schema(server.url(self.name), folder)

    def fresh(self, folder: Path) -> str:
        """The address of a new database."""
        name = f"{self.name}_{next(_counter)}"
        self.server.create(name, self.name)
        return self.server.url(name)

    def discard(self, url: str) -> None:
        """Drop the database at ``url``."""
        self.server.drop(url.partition("?")[0].rpartition("/")[2])

    def close(self) -> None:
        """Drop the template."""
        self.server.drop(self.name)
