"""A database that goes while an answer is on its way: what was done stays done, and the next request begins anew."""

import pytest
from sqlalchemy import create_engine, text

from tests.cast import build_in, client_for
from tests.server.test_locks import checks, kept, push, turned_away
from webapp.core.database import db


def away(app) -> None:
    """End the session's connection from outside, as a killed server does."""
    number = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    other.dispose()


def test_an_answer_that_is_made_leaves_though_the_connection_is_gone(make_app):
    app = make_app("postgresql")

    def reads():
        away(app)
        return "made"

    app.add_url_rule("/reads", "reads", reads)
    client = app.test_client()
    assert client.get("/reads").text == "made"
    assert client.get("/reads").text == "made"


@pytest.fixture
def county(make_app):
    """(application, a team lead's phone) on PostgreSQL."""
    app = make_app("postgresql", TESTING=False)
    return app, client_for(app, build_in(app), "lead")


def test_after_a_refusal_to_write_no_connection_is_kept_and_the_record_is_stored(county):
    """As after a failover: the pool is full of connections to a server that only reads by now."""
    app, lead = county
    with app.app_context():
        pool = [db.engine.connect() for _ in range(3)]
        for one in pool:
            one.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
            one.commit()
        for one in pool:
            one.close()
    answer = push(lead, *checks(2))
    assert answer.status_code == 200, answer.text
    assert {row["state"] for row in answer.json["results"]} == {"stored"}
    with app.app_context(), db.engine.connect() as one:
        assert one.execute(text("SHOW transaction_read_only")).scalar_one() == "off"


def test_a_server_that_only_reads_is_busy_and_refuses_nothing(county):
    app, lead = county
    with app.app_context():
        name = db.engine.url.database
        _set(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        db.engine.dispose()
    turned_away(push(lead, *checks(2)), "busy")
    assert lead.get("/api/sync/pull").status_code == 200
    with app.app_context():
        _set(f'BEGIN READ WRITE; ALTER DATABASE "{name}" RESET default_transaction_read_only; COMMIT')
        db.engine.dispose()
    assert kept(app) == (0, 0, 0)
    assert {row["state"] for row in push(lead, *checks(2)).json["results"]} == {"stored"}


def _set(statement: str) -> None:
    with db.engine.connect() as one:
        one.connection.dbapi_connection.autocommit = True
        one.connection.dbapi_connection.execute(statement)
        one.invalidate()
