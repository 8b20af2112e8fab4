"""What is past its time is gone: from the tables, and on SQLite from the bytes of the database's files too."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.cast import CITY, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels
from tests.integration.sync.test_push import push
from webapp.core import clock
from webapp.core.database import transaction
from webapp.journal.models import Conflict, Fact, Refusal

MARK = "钱阿姨住在东街十二号院"


def note(times: int) -> dict:
    """A personal part; long ones fill pages of their own."""
    return {"notes": {"0": "；".join([MARK] * times)}}


def bytes_of(app) -> bytes:
    """All files of the database, its log too."""
    folder = app.config["DATA_DIRECTORY"]
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.sqlite*")))


@pytest.fixture
def grown(app):
    """Notes short and long, a second content, and refused records: some past their time."""
    cast = build_in(app)
    lead = client_for(app, cast, "lead")
    old = [envelope(inspection(parcels(2, first=n * 5)), note(n * 60 + 1)) for n in range(5)]
    second = {**envelope(inspection(parcels(3)), note(3)), "id": old[0]["id"]}
    item = {**parcels(1)[0], "tag": MARK, "subject": "9880123400099"}
    wrong = [
        envelope(inspection([item], method="none")),
        envelope(inspection([{**item, "note": MARK * 300}], acting="1")),
    ]
    states = [row["state"] for row in push(lead, *old) + push(lead, second, *wrong)]
    assert states == ["stored"] * 5 + ["conflict", "refused", "refused"]
    with app.app_context(), transaction() as session:
        for table in (Fact, Conflict, Refusal):
            session.execute(update(table).values(received_at=clock.now() - timedelta(days=200)))
    young = [
        envelope(inspection(parcels(2, first=60)), {"notes": {"0": "今天"}}),
        envelope(inspection([item], method="no")),
    ]
    push(lead, *young)
    return app, cast, young


def test_what_was_refused_goes_with_its_time_and_says_only_why(grown):
    app, cast, young = grown
    done = app.test_cli_runner().invoke(args=["tick"])
    assert "8 personal parts" in done.output, done.output
    assert "0 personal parts" in app.test_cli_runner().invoke(args=["tick"]).output, "once"
    rows = read(app, lambda session: session.query(Refusal).order_by(Refusal.received_at).all())
    assert [(row.text, row.fields) for row in rows[:2]] == [("", {})] * 2
    assert (rows[2].fact_id, rows[2].text) == (young[1]["id"], young[1]["open"])
    page = client_for(app, cast, "director").get(f"/attention?unit={CITY}")
    assert page.status_code == 200 and "记录内容有误" in page.text
    notes = read(app, lambda session: [fact.personal for fact in session.query(Fact) if fact.personal])
    assert notes == [young[0]["personal"]]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_files_of_the_database_hold_nothing_of_it(grown):
    app, cast, young = grown
    mark = MARK.encode()
    push(client_for(app, cast, "lead"), envelope(inspection(parcels(2, first=70)), {"notes": {"0": "好"}}))
    assert mark in bytes_of(app)
    # What the young refusal says is not past its time.
    push(client_for(app, cast, "lead"), envelope(inspection(parcels(1)), id=young[1]["id"]))
    app.test_cli_runner().invoke(args=["tick"])
    assert "今天".encode() in bytes_of(app), "the files that are looked at are the right ones"
    assert mark not in bytes_of(app)
