"""For which unit somebody acts who holds roles at several: the nearest whose role entitles to what is done there."""

import json
from datetime import timedelta

import pytest

from tests.cast import CITY, COUNTY, FIRST_DAY, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.journal.models import Fact, JournalRow
from webapp.org.models import Role


@pytest.fixture
def cast(app):
    """The county's manager carries in the city department too, since later."""
    cast = build_in(app)
    with app.app_context(), transaction() as session:
        carries = {"role": "carrier", "unit_code": CITY, "first_day": FIRST_DAY.replace(month=2)}
        session.add(Role(id=new_id(), person_id=cast.people["county"], **carries))
    return cast


def acting(app, type: str) -> list[str]:
    """For which units facts of the type were made, as the fact itself, its row and its journal tell."""
    fact = read(app, lambda session: session.query(Fact).filter_by(type=type).one())
    rows = read(app, lambda session: session.query(JournalRow).filter_by(entry=type).all())
    assert json.loads(fact.open)["acting"] == fact.acting_code
    assert {row.unit_code for row in rows} == {CITY, fact.acting_code}
    return fact.acting_code


def test_a_record_is_withdrawn_for_the_unit_whose_manager_may(app, cast):
    sent = envelope(inspection(parcels(20)))
    send(app, cast, "lead", sent)
    answer = client_for(app, cast, "county").post(
        f"/inspections/{sent['id']}/withdraw", data={"reason": "未到现场"}
    )
    assert answer.status_code == 302
    assert acting(app, "withdrawal") == COUNTY


def test_the_own_record_is_withdrawn_for_the_nearest_unit(app, cast):
    sent = envelope(inspection(parcels(20), acting=COUNTY))
    assert send(app, cast, "county", sent).state == "stored"
    answer = client_for(app, cast, "county").post(
        f"/inspections/{sent['id']}/withdraw", data={"reason": "号码抄错"}
    )
    assert answer.status_code == 302
    assert acting(app, "withdrawal") == CITY


def test_a_held_record_is_confirmed_for_the_unit_whose_manager_may(app, cast):
    sent = envelope(inspection(parcels(20)))
    assert send(app, cast, "lead", sent, skew=timedelta(days=-1)).held == "clock"
    answer = client_for(app, cast, "county").post(f"/attention/held/{sent['id']}")
    assert answer.status_code == 302
    assert acting(app, "confirmation") == COUNTY
