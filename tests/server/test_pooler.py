"""Through a real pgbouncer in transaction mode: what a phone's connection prepared stays on no other's, and nothing is an error."""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from tests.cast import PASSWORD, build_at
from tests.postgres import Server
from tests.server.crowds import Crowd
from tests.server.keeping import whole
from tests.server.phones import Phone
from tests.server.test_killed import lives_a_while
from tests.serving import RunningServer, free_port

POOLER = """
[databases]
* = host={postgres} user=toucha
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
min_pool_size = 4
server_round_robin = 1
"""
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def pgbouncer(postgres: Server) -> Iterator[int]:
    """Its port, in front of the server."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="toucha-pooler-", dir="/tmp") as folder:
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(POOLER.format(postgres=postgres.folder, port=port))
        os.chmod(folder, 0o755)
        process = subprocess.Popen(
            [PROGRAM, settings], stderr=subprocess.DEVNULL, cwd="/", **postgres.as_account()
        )
        try:
            _wait(process, port)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            return psycopg.connect(f"postgresql://toucha@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            assert process.poll() is None and time.monotonic() < deadline, "pgbouncer does not answer"
            time.sleep(0.05)


@pytest.fixture
def pooler(postgres_server):
    """The port of a pooler in front of the tests' PostgreSQL."""
    if PROGRAM is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("no pgbouncer; on Debian: apt-get install pgbouncer")
    if postgres_server.folder is None:
        pytest.skip("TEST_DATABASE_URL names a server that a pooler of ours cannot reach")
    with pgbouncer(postgres_server) as port:
        yield port


@pytest.fixture
def pooled(pooler, postgres_template, tmp_path):
    """(server, address of its database without the pooler): the cast, served through the pooler."""
    data = tmp_path / "data"
    data.mkdir()
    url = postgres_template.fresh(data)
    build_at(url, data)
    name = url.partition("?")[0].rpartition("/")[2]
    through = f"postgresql://toucha@127.0.0.1:{pooler}/{name}"
    server = RunningServer(data, DATABASE_URL=through, TOUCHA_POOLER="transaction")
    server.start()
    yield server, url
    server.stop()
    postgres_template.discard(url)


def test_several_phones_push_and_pull_through_a_pooler_without_an_error(pooled):
    server, url = pooled
    crowd = Crowd([Phone(server, password=PASSWORD) for _ in range(4)])
    readers = [Phone(server, login, PASSWORD) for login in ("lead", "county")]
    with crowd.at_work():
        answers = [
            one.request("GET", address)
            for _ in range(15)
            for one in readers
            for address in ("/api/sync/pull", "/ledger")
        ]
        lives_a_while(crowd, random.Random(3))
    assert {answer.status for answer in answers} == {200}
    assert crowd.answers == {} and crowd.acknowledged >= 3
    whole(server.data, *crowd.phones, url=url)


def test_this_pooler_forgets_what_was_prepared(pooler):
    """So that the test above says something: with the driver's own way, statements are missing or there twice."""
    address = f"postgresql://toucha@127.0.0.1:{pooler}/postgres"
    with (
        pytest.raises((errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement)),
        ExitStack() as stack,
    ):
        several = [
            stack.enter_context(psycopg.connect(address, autocommit=True, prepare_threshold=0))
            for _ in range(3)
        ]
        for number in range(60):
            several[number % 3].execute("SELECT %s::int", [number])
