"""How an address of PostgreSQL is read: one server or several, and what the driver is told besides."""

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from webapp import settings
from webapp.core.postgresql import address, arguments


def told(url: str, pooled: bool = False) -> dict:
    """What the driver gets in the end."""
    engine = create_engine(url, connect_args=arguments(url, pooled))
    given = engine.dialect.create_connect_args(engine.url)[1]
    return {**given, **arguments(url, pooled)}


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_one_server(scheme):
    found = told(address(f"{scheme}://toucha:a%2Fb@db.example:5433/toucha"))
    assert (found["host"], found["port"], found["user"]) == ("db.example", 5433, "toucha")
    assert (found["password"], found["dbname"]) == ("a/b", "toucha")
    assert "target_session_attrs" not in found


def test_a_socket():
    found = told(address("postgresql:///toucha?host=/var/run/postgresql"))
    assert (found["host"], found["dbname"]) == ("/var/run/postgresql", "toucha")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://toucha:x@a.example:5433,b.example:5434/toucha",
        "postgresql://toucha:x@/toucha?host=a.example:5433&host=b.example:5434",
        "postgresql://toucha:x@/toucha?host=a.example,b.example&port=5433,5434",
    ],
)
def test_of_several_servers_the_one_that_writes(url):
    found = told(address(url))
    assert (found["host"], found["port"]) == ("a.example,b.example", "5433,5434")
    assert (found["user"], found["password"], found["dbname"]) == ("toucha", "x", "toucha")
    assert found["target_session_attrs"] == "read-write"


def test_several_without_ports_and_of_ipv6():
    found = told(address("postgresql://toucha@a.example,[::1]:6000,[::2]/toucha?sslmode=require"))
    assert (found["host"], found["port"]) == ("a.example,::1,::2", "5432,6000,5432")
    assert found["sslmode"] == "require"


def test_what_the_address_says_holds():
    two = "postgresql://toucha@a.example,b.example/toucha"
    assert told(address(f"{two}?target_session_attrs=any&connect_timeout=1"))["target_session_attrs"] == "any"
    assert told(address(f"{two}?connect_timeout=1"))["connect_timeout"] == "1"
    assert "target_session_attrs" not in told(address(two, writes=False))


def test_behind_a_pooler_nothing_is_prepared():
    url = address("postgresql://toucha@a.example/toucha")
    assert told(url, pooled=True)["prepare_threshold"] is None
    assert "prepare_threshold" not in told(url)


def test_another_database_is_told_nothing():
    assert address("sqlite:////tmp/toucha.sqlite") == "sqlite:////tmp/toucha.sqlite"
    assert arguments("sqlite:////tmp/toucha.sqlite", True) == {}


def test_the_driver_knows_all_that_it_is_told():
    known = {one.keyword.decode() for one in psycopg.pq.Conninfo.get_defaults()}
    assert set(arguments("postgresql+psycopg:///toucha", False)) <= known
    assert make_url(address("postgres:///toucha")).drivername == "postgresql+psycopg"


def test_settings_that_would_not_work_are_refused(monkeypatch):
    monkeypatch.setenv("TOUCHA_POOLER", "statement")
    with pytest.raises(ValueError, match="TOUCHA_POOLER"):
        settings.load()
    monkeypatch.setenv("TOUCHA_POOLER", "transaction")
    monkeypatch.setenv("DATABASE_READ_URL", "postgresql:///replica")
    with pytest.raises(ValueError, match="DATABASE_READ_URL"):
        settings.load()
    monkeypatch.setenv("DATABASE_URL", "postgresql:///toucha")
    assert settings.load()["REPLICA_OPTIONS"]["connect_args"]["prepare_threshold"] is None


@pytest.mark.parametrize("number", ["0", "-4"])
def test_nobody_is_left_without_a_writer(monkeypatch, number):
    monkeypatch.setenv("TOUCHA_WRITERS", number)
    with pytest.raises(ValueError, match="TOUCHA_WRITERS"):
        settings.load()
