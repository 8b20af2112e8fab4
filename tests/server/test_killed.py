"""kill -9 at any moment, of the server or of PostgreSQL: what was acknowledged is there, and nothing by halves."""

import random
import time

import pytest

from tests.cast import PASSWORD, build_at
from tests.databases import build_schema
from tests.postgres import NoPostgres, Server
from tests.server.crowds import Crowd
from tests.server.keeping import whole
from tests.server.phones import Phone
from tests.serving import RunningServer

KILLS = 3
# The answer counts when the log is with the kernel: a killed process does not take that along.
DURABLE = ("listen_addresses=", "fsync=off", "synchronous_commit=on", "max_connections=100")


def lives_a_while(crowd: Crowd, dice: random.Random) -> None:
    """Until the crowd has got something in, and then to a moment that nobody chose."""
    crowd.gets_in(3)
    time.sleep(dice.uniform(0, 0.3))


def test_a_server_killed_again_and_again_loses_nothing_that_it_acknowledged(server):
    dice = random.Random(12)
    crowd = Crowd([Phone(server) for _ in range(3)])
    with crowd.at_work():
        for _ in range(KILLS):
            lives_a_while(crowd, dice)
            server.kill()
            server.start()
        lives_a_while(crowd, dice)
    assert set(crowd.answers) <= {"broken", (503, "busy")}, crowd.answers
    assert crowd.answers["broken"]
    whole(server.data, *crowd.phones)


@pytest.fixture
def postgres():
    """A PostgreSQL server of this test's own, to be killed."""
    try:
        server = Server(DURABLE, own=True)
    except NoPostgres as error:
        pytest.skip(f"no PostgreSQL of our own: {error}")
    yield server
    server.stop()


@pytest.fixture
def on_postgres(postgres, tmp_path):
    """(server, address of its database): the cast, served from PostgreSQL."""
    postgres.create("county")
    url, data = postgres.url("county"), tmp_path / "data"
    data.mkdir()
    build_schema(url, data)
    build_at(url, data)
    server = RunningServer(data, DATABASE_URL=url)
    server.start()
    yield server, url
    server.stop()


def test_postgresql_and_its_server_are_killed_in_the_middle_of_pushes(postgres, on_postgres):
    server, url = on_postgres
    dice = random.Random(5)
    crowd = Crowd([Phone(server, password=PASSWORD) for _ in range(3)])
    with crowd.at_work():
        for _ in range(2):
            lives_a_while(crowd, dice)
            postgres.kill()
            time.sleep(dice.uniform(0, 0.3))
            postgres.start()
            lives_a_while(crowd, dice)  # the same server process finds its way back
        assert set(crowd.answers) <= {(503, "busy")}, crowd.answers
        server.kill()
        server.start()
        lives_a_while(crowd, dice)
    whole(server.data, *crowd.phones, url=url)
