"""What every test may ask for. A test opens no socket it did not ask for: loopback and unix sockets only."""

import ipaddress
import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

# Before anything reads the settings: no test may touch the checkout's own data or a configured database.
_home = tempfile.TemporaryDirectory(prefix="toucha-tests-")
os.environ["TOUCHA_DATA"] = _home.name
for _name in (
    "DATABASE_URL",
    "DATABASE_READ_URL",
    "SECRET_KEY",
    "TOUCHA_DEMO",
    "TOUCHA_HTTPS",
    "TOUCHA_LOG",
    "TOUCHA_METRICS_TOKEN",
    "TOUCHA_PHOTOS",
    "TOUCHA_PROXIES",
):
    os.environ.pop(_name, None)


def _is_local(host) -> bool:
    """Whether ``host`` is this machine: ``localhost``, a loopback address, or none at all."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


def _guard_sockets(event: str, arguments: tuple) -> None:
    if event == "socket.getaddrinfo" and not _is_local(arguments[0]):
        raise RuntimeError(f"a test looked up {arguments[0]!r}: only this machine is allowed")
    inet = event == "socket.connect" and arguments[0].family in (socket.AF_INET, socket.AF_INET6)
    if inet and not _is_local(arguments[1][0]):
        raise RuntimeError(f"a test opened a socket to {arguments[1]!r}: only loopback is allowed")


def pytest_configure(config):
    """Arm the guard once the command line is read."""
    sys.addaudithook(_guard_sockets)


from tests.databases import CompiledPages, PostgresTemplate, SqliteTemplate, dispose, settings_for  # noqa: E402  (after the settings)
from tests.object_store import NoObjectStore, ObjectStore  # noqa: E402
from tests.postgres import NoPostgres, Server  # noqa: E402
from tests.serving import DemoTemplate, RunningServer  # noqa: E402
from webapp import create_app  # noqa: E402


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """The SQLite file that every test's database is a copy of."""
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server; without one a failure in CI and a skip elsewhere."""
    try:
        server = Server()
    except NoPostgres as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL is needed in CI: {error}")
        pytest.skip(f"no PostgreSQL: {error}")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres_server, tmp_path_factory):
    """The PostgreSQL database that every test's database is a copy of."""
    template = PostgresTemplate(postgres_server, tmp_path_factory.mktemp("postgres"))
    yield template
    template.close()


@pytest.fixture(scope="session")
def make_object_store(tmp_path_factory):
    """``make_object_store()``: a started S3 server of one's own; without the program a failure in CI and a skip elsewhere."""
    made = []

    def make() -> ObjectStore:
        try:
            store = ObjectStore(tmp_path_factory.mktemp("objects"))
        except NoObjectStore as error:
            if os.environ.get("CI"):
                pytest.fail(f"an S3 server is needed in CI: {error}")
            pytest.skip(f"no S3 server: {error}")
        made.append(store)
        store.start()
        return store

    yield make
    for store in made:
        store.stop()


@pytest.fixture(scope="session")
def object_store(make_object_store):
    """An S3 server that many tests share: each in a place of its own, none stops it."""
    return make_object_store()


@pytest.fixture(scope="session")
def pages():
    """The pages as one app compiled them, for all apps after it: the same files, so the same code."""
    return CompiledPages()


@pytest.fixture
def make_app(request, tmp_path: Path, pages):
    """``make_app("sqlite", **overrides)``: an app on a fresh database of that dialect, gone after the test."""
    made = []

    def make(dialect: str, **overrides):
        template = request.getfixturevalue("sqlite_template" if dialect == "sqlite" else "postgres_template")
        folder = tmp_path / f"app{len(made)}"
        folder.mkdir()
        url = template.fresh(folder)
        app = create_app({**settings_for(url, folder), **overrides})
        app.jinja_env.bytecode_cache = pages
        made.append((app, template, url))
        return app

    yield make
    for app, template, url in made:
        dispose(app)
        template.discard(url)


@pytest.fixture
def sqlite_app(make_app):
    """An app on SQLite alone, for what does not concern the database."""
    return make_app("sqlite")


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory):
    """The demo county's data folder, made once, also for tests that run in several processes; copies are cheap."""
    own = tmp_path_factory.getbasetemp()
    return DemoTemplate(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture
def make_server(demo_template, tmp_path_factory):
    """``make_server(**environment)``: a started gunicorn on its own copy of the demo county."""
    servers = []

    def make(**environment: str) -> RunningServer:
        server = RunningServer(demo_template.copy(tmp_path_factory.mktemp("server")), **environment)
        servers.append(server)
        server.start()
        return server

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def server(make_server):
    """A started server of this test's own: ``url``, ``data``, ``kill()``, ``start()``, ``stop()``, ``flask(…)``."""
    return make_server()


@pytest.fixture(scope="session")
def demo_server(demo_template, tmp_path_factory):
    """A started server that many tests share: for reading pages, not for writing or killing."""
    server = RunningServer(demo_template.copy(tmp_path_factory.mktemp("shared-server")))
    server.start()
    yield server
    server.stop()
