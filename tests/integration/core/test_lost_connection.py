"""A database that goes while an answer is on its way: what was done stays done, and the next request begins anew."""

from sqlalchemy import create_engine, text

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
