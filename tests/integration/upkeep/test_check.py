"""`flask check` names whatever somebody changed behind the application's back, and ends with an error."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.cases import cases_in, move, send_at
from tests.cast import CITY, COUNTY, RURAL, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send
from tests.photos import named, picture, put
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.journal.models import Fact
from webapp.recording.operations import record_at_desk

PHOTO = picture()
NAME = named(PHOTO)["sha256"]


@pytest.fixture
def cast(app):
    return build_in(app)


@pytest.fixture
def record(app, cast):
    """A check of twenty parcels, one of them failed with a photo that has arrived; its id."""
    items = parcels(20, failed=1)
    items[-1]["photos"] = [named(PHOTO)]
    sent = envelope(inspection(items), {"notes": {"19": "外包装破损"}})
    assert send(app, cast, "lead", sent).state == "stored"
    assert put(client_for(app, cast, "lead"), PHOTO).status_code == 201
    return sent["id"]


def check(app):
    return app.test_cli_runner().invoke(args=["check"])


def change(app, statement: str, **values) -> None:
    """What somebody with the database's password does."""
    with app.app_context(), transaction() as session:
        assert session.execute(text(statement), values).rowcount == 1


def file_of(app):
    return app.config["PHOTO_DIRECTORY"] / NAME[:2] / NAME


def test_untouched_data_have_no_fault(app, record):
    done = check(app)
    assert (done.exit_code, done.output) == (0, "No fault found.\n")


def test_a_changed_byte_of_a_photo_is_named(app, record):
    data = bytearray(PHOTO)
    data[100] ^= 1
    file_of(app).write_bytes(data)
    done = check(app)
    assert done.exit_code == 1 and f"photo {NAME}: damaged" in done.output


def test_a_photo_gone_from_the_disk_is_named(app, record):
    file_of(app).unlink()
    done = check(app)
    assert done.exit_code == 1 and f"photo {NAME}: missing" in done.output


def test_a_photo_struck_from_the_database_is_named_by_the_journal(app, record):
    change(app, "DELETE FROM photo_senders WHERE digest = :name", name=NAME)
    change(app, "DELETE FROM photos WHERE digest = :name", name=NAME)
    done = check(app)
    assert done.exit_code == 1 and f"photo {NAME}: arrived, says the journal" in done.output


def test_a_polished_record_is_named(app, record):
    fact = read(app, lambda session: session.get(Fact, record))
    polished = fact.open.replace('"fail"', '"pass"')
    assert polished != fact.open
    change(app, "UPDATE facts SET open = :open WHERE id = :id", open=polished, id=record)
    done = check(app)
    assert done.exit_code == 1 and f"fact {record} of {CITY}: its content differs" in done.output


def test_a_polished_record_with_a_new_digest_no_longer_stands_in_the_journal(app, record):
    change(app, "UPDATE facts SET digest = :other WHERE id = :id", other="ab" * 32, id=record)
    done = check(app)
    assert done.exit_code == 1
    assert f"fact {record}: does not stand in the journal of {CITY}" in done.output


def test_a_changed_note_is_named(app, record):
    change(app, "UPDATE facts SET personal = :other WHERE id = :id", other='{"notes": {}}', id=record)
    done = check(app)
    assert done.exit_code == 1 and f"fact {record} of {CITY}: its personal part differs" in done.output


@pytest.mark.parametrize(
    "column, value",
    [("digest", "cd" * 32), ("entry", "volume"), ("hash", "ef" * 32), ("previous", "12" * 32)],
)
def test_a_changed_journal_row_is_named(app, record, column, value):
    change(
        app,
        f"UPDATE journal SET {column} = :value WHERE unit_code = :unit AND seq = 1",
        value=value,
        unit=CITY,
    )
    done = check(app)
    assert done.exit_code == 1 and f"{CITY} 1: hash differs" in done.output


def test_a_journal_row_taken_out_is_a_gap(app, record):
    change(app, "DELETE FROM journal WHERE unit_code = :unit AND seq = 1", unit=CITY)
    done = check(app)
    assert done.exit_code == 1 and f"{CITY} 2: does not follow 0" in done.output


def test_the_journals_last_row_taken_out_is_seen_at_its_head(app, record):
    change(app, "DELETE FROM journal WHERE unit_code = :unit AND seq = 2", unit=CITY)
    done = check(app)
    assert done.exit_code == 1 and f"{CITY}: head differs" in done.output


def test_a_changed_ledger_line_is_named(app, record):
    change(
        app,
        "UPDATE ledger_lines SET passed = passed + 1 WHERE unit_code = :unit AND duty = 'parcel-check' AND items > 0",
        unit=CITY,
    )
    done = check(app)
    assert done.exit_code == 1 and f"{CITY}/parcel-check/" in done.output
    assert app.test_cli_runner().invoke(args=["ledger", "verify"]).exit_code == 1
    assert app.test_cli_runner().invoke(args=["ledger", "rebuild"]).exit_code == 0
    assert check(app).exit_code == 0


def test_a_second_content_put_in_force_and_a_purged_one_are_no_faults(app, cast, record):
    other = envelope(inspection(parcels(20)), {"notes": {"0": "重录"}}, id=record)
    assert send(app, cast, "lead", other).state == "conflict"
    director = client_for(app, cast, "director")
    path = f"/attention/conflicts/{record}/{other['digest']}"
    assert director.post(path, data={"decision": "second"}).status_code == 302
    app.config["PERSONAL_DAYS"] = -1  # everything is past its time
    assert app.test_cli_runner().invoke(args=["tick"]).exit_code == 0
    with app.app_context():
        facts = db.session.query(Fact).all()
        assert len(facts) == 2 and all(fact.personal is None and fact.salt is None for fact in facts)
    assert check(app).output == "No fault found.\n"


def test_a_countys_check_stands_in_both_journals_and_a_gap_in_either_is_named(app, cast):
    body = inspection(parcels(20), unit=RURAL, acting="152502")
    sent = envelope(body)
    assert send(app, cast, "county", sent).state == "stored"
    assert check(app).exit_code == 0
    change(app, "UPDATE journal SET digest = :other WHERE unit_code = '152502'", other="ab" * 32)
    assert f"fact {sent['id']}: does not stand in the journal of 152502" in check(app).output


# ---------------------------------------------------------------- cases

PLANTED = {
    "a deadline put off": (
        "UPDATE cases SET deadline = '2030-01-01' WHERE type = 'problem'", "deadline is datetime.date(2030, 1, 1), facts give"
    ),
    "a case closed behind its back": ("UPDATE cases SET state = 'closed', ended = true WHERE type = 'problem'", "state is 'closed'"),
    "an owner changed": ("UPDATE cases SET owner_id = (SELECT id FROM people WHERE login = 'lead') WHERE type = 'problem'", "owner_id is"),
    "a move backdated": ("UPDATE case_moves SET day = '2020-01-01' WHERE move = 'ask'", "on which nothing was done"),
    "a move in another's name": (
        "UPDATE case_moves SET author_id = (SELECT id FROM people WHERE login = 'lead') WHERE move = 'ask'", "differs from its fact"
    ),
    "a move struck": ("DELETE FROM case_moves WHERE move = 'ask'", "stands in no case"),
    "a failure that nobody follows": ("DELETE FROM case_occurrences", "is followed by no case"),
    "a dispute struck": ("DELETE FROM cases WHERE type = 'dispute'", "the case that it opened is gone"),
    "a number skipped": ("UPDATE case_numbers SET last = 7", "1 cases bear 1 numbers of 7"),
}  # fmt: skip


@pytest.fixture
def followed(app, cast, record):
    """The failure's case, for which more time was asked and which is disputed, and an order about it."""
    now = clock.now()
    [case] = cases_in(app)
    until = (case.deadline + timedelta(days=1)).isoformat()
    assert (
        send_at(app, cast, "director", move(case.id, "ask", now, "配件未到", day=until), now).state
        == "stored"
    )
    assert send_at(app, cast, "director", move(case.id, "dispute", now, "系统延迟"), now).state == "stored"
    with app.app_context(), transaction() as session:
        me = cast.actor(session, "county")
        deadline = (clock.local_date(now) + timedelta(days=3)).isoformat()
        body = {
            "type": "case-order",
            "unit": CITY,
            "acting": COUNTY,
            "date": clock.local_date(now).isoformat(),
        }
        record_at_desk(
            session,
            me,
            now,
            {**body, "cases": [case.id], "deadline": deadline},
            {"notes": {"text": "请整改"}},
        )
    return case.id


def test_cases_that_nobody_touched_have_no_fault(app, followed):
    done = check(app)
    assert (done.exit_code, done.output) == (0, "No fault found.\n")


@pytest.mark.parametrize("what", PLANTED)
def test_a_case_changed_behind_the_back_of_its_facts_is_named(app, followed, what):
    statement, said = PLANTED[what]
    change(app, statement)
    done = check(app)
    assert done.exit_code == 1 and said in done.output
