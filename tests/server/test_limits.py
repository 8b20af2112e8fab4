"""Limits that several servers share: a county with two servers lets nobody guess twice as often."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.parse

import psycopg
import pytest

from tests.cast import PASSWORD, build_at
from tests.server.phones import Phone
from tests.serving import RunningServer, free_port

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Stranger(Phone):
    """Somebody who knows no password."""

    def _sign_in(self, login: str, password: str) -> None:
        pass

    def guesses(self, login: str, password: str = "guessed") -> int:
        """The status of one try."""
        token = TOKEN.search(self.request("GET", "/login").text)[1]
        form = urllib.parse.urlencode({"csrf_token": token, "login": login, "password": password})
        return self.request(
            "POST", "/login", form, **{"Content-Type": "application/x-www-form-urlencoded"}
        ).status


@pytest.fixture
def county(postgres_template, tmp_path):
    """``county(**environment)``: a server more on one database with the cast, each with a data folder of its own."""
    first = tmp_path / "first"
    first.mkdir()
    url = postgres_template.fresh(first)
    build_at(url, first)
    servers, photos = [], tmp_path / "photos"
    photos.mkdir(exist_ok=True)

    def make(**environment: str) -> RunningServer:
        data = tmp_path / f"server{len(servers)}"
        data.mkdir()
        (data / "photos").symlink_to(photos)  # mounted on all
        server = RunningServer(
            data, DATABASE_URL=url, SECRET_KEY="of both", TOUCHA_WORKERS="1", **environment
        )
        servers.append(server)
        server.start()
        return server

    make.url = url
    yield make
    for server in servers:
        server.stop()
    postgres_template.discard(url)


@pytest.fixture
def redis():
    """The address of a Redis of this test's own, and its process."""
    program = shutil.which("redis-server")
    if program is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("no redis-server; on Debian: apt-get install redis-server")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/"],
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while b"PONG" not in _said(port):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}", process
    process.kill()
    process.wait(30)


def _said(port: int) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as one:
            one.sendall(b"PING\r\n")
            return one.recv(16)
    except OSError:
        return b""


def test_two_servers_on_one_database_bear_as_many_wrong_passwords_as_one(county):
    strangers = [Stranger(county()), Stranger(county())]
    answers = [strangers[number % 2].guesses("lead") for number in range(9)]
    assert answers[:7] == [401] * 7 and answers[7:] == [429, 429]


def knocks_until_stopped(strangers: list[Stranger]) -> int:
    """How many tries by turns, each at another name, before the address is told to wait; at most 130."""
    for number in range(130):
        if strangers[number % 2].guesses(f"nobody{number}") == 429:
            return number
    return 130


def test_two_servers_on_one_database_count_an_address_together(county):
    strangers = [Stranger(county()), Stranger(county())]
    began = time.monotonic()
    assert knocks_until_stopped(strangers) == 60 or time.monotonic() - began > 59
    assert len(rows(county.url)) == 1


def rows(url: str) -> list[tuple]:
    """What is counted in the database."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        return connection.execute("SELECT count FROM knocks").fetchall()


def test_with_a_redis_two_servers_count_there_and_sign_in_goes_on_without_it(county, redis):
    address, process = redis
    servers = [county(RATELIMIT_STORAGE_URI=address) for _ in range(2)]
    strangers = [Stranger(server) for server in servers]
    began = time.monotonic()
    assert knocks_until_stopped(strangers) == 60 or time.monotonic() - began > 59
    assert rows(county.url) == []
    process.kill()
    process.wait(30)
    assert Phone(servers[0], "county", PASSWORD).request("GET", "/ledger").status == 200


def test_a_server_whose_store_of_limits_does_not_answer_does_not_start(county):
    with pytest.raises(RuntimeError, match="RATELIMIT_STORAGE_URI does not answer"):
        county(RATELIMIT_STORAGE_URI=f"redis://127.0.0.1:{free_port()}")
