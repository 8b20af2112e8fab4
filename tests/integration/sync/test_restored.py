"""A server put back to an older copy: phones are told, so that they send again what it no longer has."""

import pytest
from sqlalchemy import delete, event, select, update

from tests.cast import CITY, RURAL, build_in, client_for
from tests.desk_records import envelope, inspection, parcels, today
from tests.integration.sync.test_push import HEADERS
from webapp.core.database import db, transaction
from webapp.journal import chain
from webapp.journal.models import JournalHead, JournalRow
from webapp.org.models import Device


@pytest.fixture
def cast(app):
    return build_in(app)


def beat(client, *facts, **seen) -> dict:
    """A push with what the phone saw of the journals; its whole answer."""
    answer = client.post("/api/sync/push", json={"facts": list(facts), **seen}, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json


def head(app, unit: str = CITY) -> list:
    with app.app_context():
        row = db.session.get(JournalHead, unit)
        return [row.seq, row.hash]


def cut_back(app, rows: int) -> None:
    """The journal of CITY as an older copy has it."""
    with app.app_context(), transaction() as session:
        last = session.get(JournalHead, CITY)
        session.execute(
            delete(JournalRow).where(JournalRow.unit_code == CITY, JournalRow.seq > last.seq - rows)
        )
        here = JournalRow.unit_code == CITY, JournalRow.seq == last.seq - rows
        kept = session.scalars(select(JournalRow.hash).where(*here)).one()
        session.execute(
            update(JournalHead)
            .where(JournalHead.unit_code == CITY)
            .values(seq=JournalHead.seq - rows, hash=kept)
        )


def test_the_answer_tells_the_head_below_which_what_was_sent_stands(app, cast):
    lead = client_for(app, cast, "lead")
    first = beat(lead, envelope(inspection(parcels(20))))
    assert first["rewound"] == []
    assert first["heads"] == {CITY: head(app)}, "of a unit that the phone did not name, but recorded in"
    second = beat(lead, confirmed=first["heads"])
    assert (second["rewound"], second["heads"]) == ([], first["heads"])


@pytest.mark.parametrize("name", ["heads", "confirmed"])
def test_a_past_that_is_gone_is_said_with_the_head_of_today(app, cast, name):
    lead = client_for(app, cast, "lead")
    beat(lead, envelope(inspection(parcels(20))))
    seen = beat(lead, envelope(inspection(parcels(2, first=40))))["heads"]
    cut_back(app, 1)
    answer = beat(lead, **{name: seen})
    assert (answer["rewound"], answer["heads"]) == ([CITY], {CITY: head(app)})
    with app.app_context():
        said = db.session.scalars(select(Device.head_mismatch).where(Device.head_mismatch.is_not(None)))
        assert said.all() == [f"{today().isoformat()} {CITY}"]
    assert beat(lead, confirmed=answer["heads"])["rewound"] == []


def test_another_row_under_the_same_number_is_another_past(app, cast):
    lead = client_for(app, cast, "lead")
    beat(lead, envelope(inspection(parcels(20))))
    seen = beat(lead, envelope(inspection(parcels(2, first=40))))["heads"]
    cut_back(app, 1)
    beat(client_for(app, cast, "inspector"), envelope(inspection(parcels(3, first=60))))
    assert head(app)[0] == seen[CITY][0]
    assert beat(lead, confirmed=seen)["rewound"] == [CITY]


def test_nobody_learns_of_a_journal_that_he_does_not_know(app, cast):
    lead = client_for(app, cast, "lead")
    beat(lead, envelope(inspection(parcels(20))))
    stranger = client_for(app, cast, "nextcounty")
    for guess in ([1, "0" * 64], [0, "0" * 64], [999, "x"]):
        assert CITY not in beat(stranger, heads={CITY: guess}, confirmed={CITY: guess})["heads"]
    assert beat(client_for(app, cast, "inspector"), heads={CITY: [0, ""]})["heads"] == {CITY: head(app)}


def test_a_phone_says_of_no_foreign_journal_that_it_differs(app, cast, caplog):
    lead = client_for(app, cast, "lead")
    beat(lead, envelope(inspection(parcels(20))))
    made_up = {RURAL: [7, "f" * 64], "152501200": [1, "f" * 64], "no-unit": [1, "f" * 64]}
    answer = beat(lead, heads={**made_up, CITY: [1, "f" * 64]}, confirmed=made_up)
    assert answer["rewound"] == sorted([*made_up, CITY]), (
        "what it has of them it sends again, as after a restore"
    )
    with app.app_context():
        said = db.session.scalars(select(Device.head_mismatch).where(Device.head_mismatch.is_not(None)))
        assert said.all() == [f"{today().isoformat()} {CITY}"]
    assert RURAL not in caplog.text


@pytest.mark.parametrize(
    "said",
    [
        [],
        [1],
        [1, 2],
        ["1", "x"],
        [True, "x"],
        [-1, "x"],
        [2**31, "x"],
        [2**80, "x"],
        [1, "x", 3],
        [None, None],
    ],
)
def test_what_is_no_head_is_passed_over(app, cast, said):
    answer = beat(client_for(app, cast, "lead"), heads={RURAL: said}, confirmed={RURAL: said})
    assert (answer["rewound"], answer["heads"]) == ([], {})


def test_a_pull_from_a_journal_that_became_shorter_brings_everything(app, cast):
    lead = client_for(app, cast, "lead")
    for first in (0, 40):
        beat(lead, envelope(inspection(parcels(20, first=first))))
    cursor = lead.get("/api/sync/pull").json["cursor"]
    cut_back(app, 1)
    sections = lead.get("/api/sync/pull", query_string={"cursor": cursor}).json["sections"]
    every = lead.get("/api/sync/pull").json["sections"]
    assert [(one["unit"], one["name"]) for one in sections] == [(one["unit"], one["name"]) for one in every]


def test_asking_for_a_row_of_the_journal_never_reads_all_of_it(sqlite_app):
    # Every push asks it for each unit of the phone, and no table grows like this one.
    statements = []

    def note(_connection, _cursor, statement, parameters, *_):
        statements.append((statement, parameters))

    with sqlite_app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert chain.rewritten(db.session, {(CITY, 1, "x"), (RURAL, 7, "y")}) == [CITY, RURAL]
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        [(asked, parameters)] = [one for one in statements if "FROM journal" in one[0]]
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", parameters).all()
        assert "SCAN" not in str(plan) and str(plan).count("seq=?") == 2, plan
