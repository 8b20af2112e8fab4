"""A server that may not serve says why and does not start."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from flask_migrate import downgrade, upgrade

from tests.databases import dispose, settings_for
from webapp import create_app
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.demo.county import DEMO_PASSWORD
from webapp.org.models import Person
from webapp.photos.chosen_store import store_of
from webapp.readiness import NotReady, check
from webapp.upkeep import cell


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


# ---------------------------------------------------------------- several servers


@pytest.fixture
def beside(app, tmp_path):
    """``beside(**overrides)``: a second server of the same database, with the first one's settings but for these."""
    made = []

    def make(**overrides):
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        folder = app.config["DATA_DIRECTORY"]
        made.append(create_app({**settings_for(url, folder), **overrides}))
        return made[-1]

    yield make
    for one in made:
        dispose(one)


def command(app, *words: str):
    done = app.test_cli_runner().invoke(args=list(words))
    assert done.exit_code == 0, done.output


def test_the_first_server_writes_what_the_cell_has_and_a_second_one_like_it_may_serve(app, beside):
    check(app)
    with app.app_context():
        before = cell.noted(db.session)
    assert set(before) == set(cell.WHAT)
    check(beside())
    check(app)
    with app.app_context():
        assert cell.noted(db.session) == before


def test_a_server_with_another_secret_key_does_not_start_until_that_is_accepted(app, beside):
    check(app)
    other = beside(SECRET_KEY="a key that another machine made")
    with pytest.raises(NotReady, match=r"another secret-key.*cell accept secret-key"):
        check(other)
    check(app)
    command(other, "cell", "accept", "secret-key")
    check(other)
    with pytest.raises(NotReady, match="another secret-key"):
        check(app)


def test_a_server_with_a_photo_folder_of_its_own_does_not_start_and_leaves_nothing_in_it(
    app, beside, tmp_path
):
    check(app)
    folder = tmp_path / "another"
    other = beside(PHOTO_DIRECTORY=folder)
    with pytest.raises(NotReady, match=r"another photo-store.*cell accept photo-store"):
        check(other)
    assert not folder.exists()
    command(other, "cell", "accept", "photo-store")
    check(other)


def test_a_photo_folder_that_was_moved_is_the_same_store(app, beside, tmp_path):
    check(app)
    moved = tmp_path / "moved"
    app.config["PHOTO_DIRECTORY"].rename(moved)
    check(beside(PHOTO_DIRECTORY=moved))


def test_a_bucket_is_known_again_and_another_prefix_of_it_is_another_store(
    make_app, beside, app, object_store
):
    bucket = object_store.bucket()
    app.config["PHOTO_BUCKET"] = bucket
    check(app)
    check(beside(PHOTO_BUCKET=bucket))
    with pytest.raises(NotReady, match="another photo-store"):
        check(beside(PHOTO_BUCKET=object_store.bucket()))
    with pytest.raises(NotReady, match="another photo-store"):
        check(beside())
    assert store_of(app.config).name()


def test_a_bucket_that_does_not_answer_says_so(app, object_store):
    app.config["PHOTO_BUCKET"] = replace(object_store.bucket(), endpoint="http://127.0.0.1:9")
    with pytest.raises(NotReady, match="photo store does not answer: busy"):
        check(app)
