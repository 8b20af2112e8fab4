"""The migrations make what the models say, on both databases, wholly or not at all."""

from datetime import date, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from tests.databases import dispose, settings_for
from webapp import create_app
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.schema_range import OLDEST_RELEASE, OLDEST_SCHEMA, SchemaFloor, newest_schema, serves
from webapp.org.models import Device, LoginFailure, Person, Unit
from webapp.org.queries import operators_of, services_of
from webapp.sampling.rules import tail_of


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request, tmp_path):
    """An app whose database has no table at all."""
    if request.param == "sqlite":
        url, drop = f"sqlite:///{tmp_path / 'bare.sqlite'}", None
    else:
        server = request.getfixturevalue("postgres_server")
        url, drop = server.url("toucha_bare"), lambda: server.drop("toucha_bare")
        server.drop("toucha_bare")
        server.create("toucha_bare")
    app = create_app(settings_for(url, tmp_path))
    yield app
    dispose(app)
    if drop:
        drop()


def checks(inspector) -> dict[str, dict[str, str]]:
    """{table: {constraint: its text}} as the database itself tells it."""
    return {
        table: {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_migrations_and_models_agree(bare_app):
    with bare_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []


def test_check_constraints_are_those_of_the_models(bare_app):
    # Autogenerate does not compare them: what create_all makes is held against what the migrations make.
    with bare_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            migrated = checks(inspect(connection))
        downgrade(revision="base")
        with db.engine.begin() as connection:
            db.metadata.create_all(connection)
        with db.engine.connect() as connection:
            modelled = checks(inspect(connection))
    assert migrated == modelled
    named = {
        constraint.name
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert named, "the models have no check constraint at all?"
    assert named == {name for table in migrated.values() for name in table}


def test_the_database_itself_refuses_an_unknown_level(bare_app):
    with bare_app.app_context():
        upgrade()
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(Unit(code="1", path="/1/", level="village", name="嘎查", opened_on=date(2026, 1, 1)))


def test_every_department_of_before_delivers_since_its_opening_and_is_run_by_the_post(bare_app):
    with bare_app.app_context():
        upgrade(revision="0012")
        row = text(
            "INSERT INTO units (code, parent_code, path, level, name, reveal, opened_on, closings)"
            " VALUES (:code, :parent, :path, :level, '局', 'after', '2026-02-03', '[]')"
        )
        with db.engine.begin() as connection:
            for code, parent, level in (("1", None, "county"), ("11", "1", "department")):
                path = f"/{parent}/{code}/" if parent else f"/{code}/"
                named = {"code": code, "parent": parent, "path": path, "level": level}
                connection.execute(row, named)
        upgrade()
        opened = date(2026, 2, 3)
        with transaction() as session:
            assert services_of(session, ["1", "11"]) == {"11": [("delivery", opened, None)]}
            assert operators_of(session, ["1", "11"]) == {"11": [(opened, "own")]}
            assert session.get(Unit, "1").bureau is None


def test_going_back_leaves_nothing_behind(bare_app):
    with bare_app.app_context():
        upgrade()
        downgrade(revision="base")
        with db.engine.connect() as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]


def test_names_and_logins_are_spelt_once_and_nobody_loses_a_login(bare_app):
    people = {
        "1": ("li-na", "王芳"),
        "2": ("li—na", "李　娜"),
        "3": ("ｄ１５０２", "孟和・巴图"),
        "4": ("ｄ９", "刘 洋"),
    }
    with bare_app.app_context():
        upgrade(revision="0003")
        with db.engine.begin() as connection:
            old = "INSERT INTO people (id, login, name, language, active, temporary, created_at) VALUES "
            for one, (login, name) in people.items():
                row = text(old + "(:id, :login, :name, 'zh', :yes, :no, '2026-01-01')")
                connection.execute(row, {"id": one, "login": login, "name": name, "yes": True, "no": False})
            for row in (
                "INSERT INTO units (code, path, level, name, reveal, opened_on, closings)"
                " VALUES ('1', '/1/', 'department', '东　部（一）', 'after', '2026-01-01', '[]')",
                "INSERT INTO routes (id, unit_code, code, name) VALUES ('r1', '1', '1-1', '一段'), ('r2', '1', '1—1', '二 段')",
                "INSERT INTO routes (id, unit_code, code, name) VALUES ('r3', '1', '１１', '三段')",
                "INSERT INTO manifests (id, unit_code, day, number, created_by, created_at, sealed_at, announced)"
                " VALUES ('m', '1', '2026-01-02', 1, '1', '2026-01-02', '2026-01-02', :no)",
                "INSERT INTO manifest_items (manifest_id, number, mail_class, returned, delivered_by)"
                " VALUES ('m', '1', 'parcel', :no, '4')",
            ):
                connection.execute(text(row), {"no": False})
        upgrade()
        with db.engine.connect() as connection:
            after = dict(connection.execute(text("SELECT id, login FROM people")).all())
            names = dict(connection.execute(text("SELECT id, name FROM people")).all())
            codes = dict(connection.execute(text("SELECT id, code FROM routes")).all())
            unit = connection.scalar(text("SELECT name FROM units"))
    # The second stays, for the plain login is another's; the fourth, because a sealed list's digest holds the login.
    assert after == {"1": "li-na", "2": "li—na", "3": "d1502", "4": "ｄ９"}
    assert names == {"1": "王芳", "2": "李娜", "3": "孟和·巴图", "4": "刘洋"}
    assert codes == {"r1": "1-1", "r2": "1—1", "r3": "11"}
    assert unit == "东部（一）"


def test_numbers_of_before_are_found_by_their_last_four_digits(bare_app):
    numbers = [
        "RA123456785CN",
        "9880123400001",
        "EA98801234002",
        "ra123456785cn",
        "98801234000",
        "152502002",
        "层1234",
        "-",
    ]
    with bare_app.app_context():
        upgrade(revision="0018")
        with db.engine.begin() as connection:
            for row in (
                "INSERT INTO units (code, path, level, name, reveal, opened_on, closings, second_factor)"
                " VALUES ('1', '/1/', 'department', '东部', 'after', '2026-01-01', '[]', :no)",
                "INSERT INTO people (id, login, name, language, active, temporary, created_at)"
                " VALUES ('1', 'a', '王芳', 'zh', :yes, :no, '2026-01-01')",
                "INSERT INTO manifests (id, unit_code, day, number, created_by, created_at, announced)"
                " VALUES ('m', '1', '2026-01-02', 1, '1', '2026-01-02', :no)",
            ):
                connection.execute(text(row), {"no": False, "yes": True})
            item = text(
                "INSERT INTO manifest_items (manifest_id, number, mail_class, returned) VALUES ('m', :number, 'parcel', :no)"
            )
            connection.execute(item, [{"number": number, "no": False} for number in numbers])
        upgrade()
        with db.engine.connect() as connection:
            found = dict(connection.execute(text("SELECT number, tail FROM manifest_items")).all())
    assert found == {number: tail_of(number) for number in numbers}
    assert [found[number] for number in numbers[:3]] == ["6785", "0001", "4002"]


def test_sessions_and_temporary_passwords_of_before_begin_their_time_with_the_upgrade(bare_app):
    with bare_app.app_context():
        upgrade(revision="0010")
        with db.engine.begin() as connection:
            row = text(
                "INSERT INTO people (id, login, name, language, active, temporary, created_at)"
                " VALUES (:id, :id, '王芳', 'zh', :yes, :temporary, '2020-01-01')"
            )
            connection.execute(row, {"id": "1", "yes": True, "temporary": True})
            connection.execute(row, {"id": "2", "yes": True, "temporary": False})
            connection.execute(
                text(
                    "INSERT INTO devices (id, person_id, token_hash, name, created_at, seen_at, held_records, held_photos)"
                    " VALUES ('1', '1', 'x', 'Android', '2020-01-01', '2020-01-01', 0, 0)"
                )
            )
            connection.execute(text("INSERT INTO login_failures VALUES ('x', 3, '2020-01-01', NULL)"))
        upgrade()
        now = clock.now()
        with transaction() as session:
            first, second = session.get(Person, "1"), session.get(Person, "2")
            assert timedelta(days=6) < first.temporary_until - now < timedelta(days=7)
            assert second.temporary_until is None
            proved = now - session.get(Device, "1").proved_at
            assert timedelta(minutes=15) < proved < timedelta(hours=2)
            assert session.scalars(select(LoginFailure)).all() == []


DAY = "'2026-01-02', '2026-01-02'"
# A check with a photo, a change of a point with another, three second contents (one decided), two that were refused.
NAMING = (
    "INSERT INTO people (id, login, name, language, active, temporary, created_at)"
    " VALUES ('1', 'a', '王芳', 'zh', :yes, :no, '2026-01-01'), ('2', 'b', '李娜', 'zh', :yes, :no, '2026-01-01')",
    "INSERT INTO units (code, path, level, name, reveal, opened_on, closings, second_factor)"
    " VALUES ('u', '/u/', 'department', '东部', 'after', '2026-01-01', '[]', :no)",
    "INSERT INTO facts (id, type, unit_code, acting_code, author_id, open, personal_hash, digest, work_date, received_at,"
    f" state) VALUES ('f', 'inspection', 'u', 'u', '1', '', '', '', {DAY}, 'in-force')",
    "INSERT INTO inspections (id, kind, unit_code, acting_code, author_id, roles, day, work_date, method, in_force,"
    f" withdrawn, header, drawn) VALUES ('f', 'parcel', 'u', 'u', '1', 'inspector', {DAY}, 'open', :yes, :no, '{{}}', :no)",
    "INSERT INTO photo_refs (inspection_id, ordinal, digest, size) VALUES ('f', 3, :a, 30), ('f', 4, :a, 30)",
    "INSERT INTO relay_points (id, unit_code, name, initials, kind, agreement, opened_on)"
    " VALUES ('p', 'u', '东门', 'dm', 'village', 'none', '2026-01-01')",
    'INSERT INTO relay_changes (fact_id, point_id, unit_code, day, op, "values", personal, photo_digest, photo_size,'
    " author_id, received_at) VALUES ('c', 'p', 'u', '2026-01-02', 'change', '{}', '[]', :b, 40, '2', '2026-01-02'),"
    " ('d', 'p', 'u', '2026-01-02', 'confirm', '{}', '[]', NULL, NULL, '2', '2026-01-02')",
    "INSERT INTO conflicts (fact_id, digest, open, received_at, decision) VALUES ('f', 'x', :text, '2026-01-02', NULL),"
    " ('f', 'y', :text, '2026-01-02', 'first'), ('f', 'z', 'nothing', '2026-01-02', NULL)",
    "INSERT INTO refusals (id, fact_id, author_id, unit_code, digest, text, code, fields, received_at)"
    " VALUES ('r', 'g', '2', NULL, 'w', :text, 'bad-fact', '{}', '2026-01-02'),"
    " ('s', 'h', '2', 'u', 'v', '', 'bad-fact', '{}', '2026-01-02')",
)


def test_whatever_names_a_photo_goes_into_one_table_and_back(bare_app):
    a, b, c = (one * 64 for one in "abc")
    said = {
        "yes": True,
        "no": False,
        "a": a,
        "b": b,
        "text": f'{{"photos":["{c}","{a}","{c}"],"salt":"{a}0"}}',
    }
    old = "SELECT inspection_id, ordinal, digest, size FROM photo_refs ORDER BY ordinal"
    new = "SELECT source, fact_id, content, author_id, unit_code, ordinal, digest, size FROM photo_refs"
    shown = "SELECT fact_id, photo_digest, photo_size FROM relay_changes ORDER BY fact_id"
    with bare_app.app_context():
        upgrade(revision="0012")
        with db.engine.begin() as connection:
            for row in NAMING:
                connection.execute(text(row), {name: said[name] for name in said if f":{name}" in row})
            before = [connection.execute(text(query)).all() for query in (old, shown)]
        upgrade()
        with db.engine.connect() as connection:
            after = {tuple(row) for row in connection.execute(text(new))}
        downgrade(revision="0012")
        with db.engine.connect() as connection:
            again = [connection.execute(text(query)).all() for query in (old, shown)]
    assert after == {
        ("record", "f", "", "1", "u", 3, a, 30),
        ("record", "f", "", "1", "u", 4, a, 30),
        ("point", "c", "", "2", "u", -1, b, 40),
        ("second", "f", "x", "1", "u", -1, a, None),
        ("second", "f", "x", "1", "u", -1, c, None),
        ("refused", "g", "w", "2", None, -1, a, None),
        ("refused", "g", "w", "2", None, -1, c, None),
    }
    assert again == before


def test_an_upgrade_that_fails_in_the_middle_changes_nothing(bare_app):
    with bare_app.app_context():
        url = db.engine.url
        last = list(db.metadata.sorted_tables)[-1].name
        # From a connection of its own: as if somebody had made that table by hand.
        stranger = create_engine(url)
        with stranger.begin() as connection:
            connection.execute(text(f"CREATE TABLE {last} (anything INTEGER)"))
        stranger.dispose()
        with pytest.raises((OperationalError, ProgrammingError), match="already exists"):
            upgrade()
        with db.engine.connect() as connection:
            assert inspect(connection).get_table_names() == [last]


@pytest.mark.parametrize("bare_app", ["postgresql"], indirect=True)
def test_an_upgrade_waits_for_nobody_longer_than_a_few_seconds_and_then_changes_nothing(bare_app):
    with bare_app.app_context():
        upgrade(revision="0023")
        with db.engine.connect() as reader:
            reader.execute(text("LOCK TABLE units IN ACCESS SHARE MODE"))
            reader.execute(text("LOCK TABLE alembic_version IN SHARE MODE"))
            with pytest.raises(OperationalError, match="lock timeout"):
                upgrade()
        assert "documents" not in inspect(db.engine).get_table_names()
        upgrade()


def test_the_database_says_which_releases_may_serve_it(bare_app):
    with bare_app.app_context():
        upgrade()
        newest = newest_schema()
        with db.engine.connect() as connection:
            assert connection.execute(select(SchemaFloor.oldest)).scalars().all() == [OLDEST_RELEASE]
            assert newest >= OLDEST_SCHEMA and newest >= OLDEST_RELEASE
            assert serves(connection, newest, newest)
            assert not serves(connection, None, newest)
            # The release before, on this schema: as the floor says.
            assert serves(connection, "9999", OLDEST_RELEASE)
            assert not serves(connection, "9999", "0001")
            # A later release on this schema: as it says itself.
            assert serves(connection, newest, "9999", oldest=newest)
            assert not serves(connection, newest, "9999", oldest="9998")
