"""A server that may not serve says why and does not start."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from flask_migrate import downgrade, upgrade

from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.demo.county import DEMO_PASSWORD
from webapp.org.models import Person
from webapp.readiness import NotReady, check


def add_person(app, login: str, password: str | None, active: bool = True):
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with app.app_context(), transaction() as session:
        row = Person(id=new_id(), login=login, name="某人", active=active, created_at=datetime.now(UTC))
        row.password_hash = password and quick.hash(password)
        session.add(row)


def test_an_empty_migrated_database_is_ready(app):
    check(app)


def test_a_real_server_refuses_the_demo_county(app):
    add_person(app, "director", DEMO_PASSWORD)
    add_person(app, "county", DEMO_PASSWORD)
    with pytest.raises(NotReady, match="county, director"):
        check(app)


def test_the_demo_is_never_served_through_a_proxy(make_app):
    app = make_app("sqlite", DEMO=True, PROXIES=1)
    with pytest.raises(NotReady, match="proxy"):
        check(app)


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_a_proxy_that_nobody_named_opens_no_demo(make_app, name):
    demo, real = (make_app("sqlite", DEMO=one).test_client() for one in (True, False))
    assert demo.get("/login").status_code == 200
    assert demo.get("/login", headers={name: "203.0.113.7"}).status_code == 403
    assert real.get("/login", headers={name: "203.0.113.7"}).status_code == 200


def test_the_demo_itself_may_serve_them(app):
    add_person(app, "director", DEMO_PASSWORD)
    app.config["DEMO"] = True
    check(app)


@pytest.mark.parametrize(
    ("login", "password", "active"),
    [
        ("director", "another password", True),
        ("director", None, True),
        ("director", DEMO_PASSWORD, False),
        ("wangfang", "another password", True),
    ],
    ids=["own password", "not yet enrolled", "deactivated", "another name"],
)
def test_a_real_person_with_a_demo_name_is_no_obstacle(app, login, password, active):
    add_person(app, login, password, active)
    check(app)


def test_a_database_without_tables_says_what_to_do(make_app, tmp_path):
    app = make_app("sqlite", SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'nothing.sqlite'}")
    with pytest.raises(NotReady, match="flask --app webapp init"):
        check(app)


def test_a_database_of_another_release_says_what_to_do(make_app, tmp_path):
    app = make_app("sqlite", SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'older.sqlite'}")
    with app.app_context():
        upgrade()
        downgrade(revision="base")
    with pytest.raises(NotReady, match="flask --app webapp db upgrade"):
        check(app)


def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(make_app, tmp_path):
    app = make_app(
        "sqlite", SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite'}"
    )
    with pytest.raises(NotReady, match="cannot be opened"):
        check(app)
