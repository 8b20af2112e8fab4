"""Phones whose clocks are far off: nothing is lost, nothing counts on a day that nobody vouched for."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.cast import CITY, COUNTY, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels as some_parcels, today
from tests.ledger_stories import OPENED, Office, about_fact, form, noon, parcels, passed, sealed
from tests.ledger_tables import MON, SUN, TUE, WED
from webapp.core import clock
from webapp.core.clock import local_date
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.inspections.models import Inspection
from webapp.journal.models import Fact
from webapp.org.models import Device, Role, Unit

DAY = timedelta(days=1)
HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}


@pytest.fixture
def office(app):
    made = Office(app, build_in(app))
    yield made
    assert made.faults(noon(made.day, 23)) == []


def state(office, fact_id: str) -> str:
    return read(office.app, lambda session: session.get(Fact, fact_id).state)


def items(office, week: str = "2026-W47") -> int:
    return office.line("parcel-check", week).items


def refused(office, login: str, now, open: dict):
    (outcome,) = office.push(login, now, sealed(open))
    assert outcome.state == "refused"
    return outcome.problem


def by_a_clock_of(office, day: date, now, login: str = "inspector", **more) -> str:
    """A check of ``now`` that a phone far behind dates ``day``; its id."""
    moment = noon(day).isoformat()
    (outcome,) = office.push(
        login, now, sent := sealed(form("parcel", day, parcels(0, 19), started=moment, ended=moment, **more)),
        skew=now - noon(day),
    )  # fmt: skip
    assert (outcome.state, outcome.held) == ("stored", "clock"), outcome.problem
    return sent["id"]


FAR_BEHIND = [WED - 365 * DAY, date(2020, 1, 1), date(2000, 1, 1), date(1980, 1, 6), date(1970, 1, 1)]


@pytest.mark.parametrize("said", FAR_BEHIND)
def test_a_clock_years_behind_loses_no_check_and_the_director_says_on_which_day_it_was(office, said):
    held = by_a_clock_of(office, said, noon(WED))
    own = about_fact("confirmation", held, WED)
    assert refused(office, "inspector", noon(WED, 13), own).code == "role-not-held"  # as it is dated, never
    office.send("director", noon(WED, 13), {**own, "day": TUE.isoformat()})
    assert (state(office, held), items(office)) == ("in-force", 20)
    row = read(office.app, lambda session: session.get(Inspection, held))
    assert (row.day, row.work_date, row.roles) == (TUE, TUE, "inspector")
    fact = read(office.app, lambda session: session.get(Fact, held))
    assert (fact.work_date, json.loads(fact.open)["date"]) == (said, said.isoformat())  # never rewritten


@pytest.mark.parametrize("said", [WED - 365 * DAY, date(2025, 12, 31), date(2020, 1, 1), date(1970, 1, 1)])
def test_a_clock_that_was_set_right_before_the_sending_is_held_too(office, said):
    (outcome,) = office.push("inspector", noon(WED), sent := sealed(form("parcel", said, parcels(0, 19))))
    assert (outcome.state, outcome.held) == ("stored", "clock")
    office.send(
        "inspector", noon(WED), {**about_fact("confirmation", sent["id"], WED), "day": WED.isoformat()}
    )
    assert items(office) == 20


def test_a_check_of_shortly_before_the_first_role_is_no_wrong_clock_and_is_refused(office):
    with office.app.app_context(), transaction() as session:
        session.get(Unit, CITY).opened_on = date(2026, 1, 1)
        for role in session.scalars(select(Role).where(Role.person_id == office.cast.people["inspector"])):
            role.first_day = TUE
    problem = refused(office, "inspector", noon(WED), form("parcel", MON, parcels(0, 19)))
    assert (problem.code, problem.values["date"]) == ("role-not-held", MON.isoformat())


def test_whoever_had_a_role_before_that_date_is_believed_the_date_and_refused_for_the_role(office):
    """Between two roles no clock is in doubt: that day the person worked nowhere."""
    with office.app.app_context(), transaction() as session:
        session.get(Unit, CITY).opened_on = date(2025, 1, 1)
        old = Role(id=new_id(), person_id=office.cast.people["inspector"], unit_code=CITY, role="carrier")
        old.first_day, old.last_day = date(2025, 1, 1), date(2025, 3, 31)
        session.add(old)
    problem = refused(office, "inspector", noon(WED), form("parcel", WED - 365 * DAY, parcels(0, 19)))
    assert problem.code == "role-not-held"


def test_a_receipt_check_by_a_clock_far_behind_still_is_about_its_list(office):
    said, moment = date(2020, 1, 1), noon(date(2020, 1, 1)).isoformat()
    open = form(
        "receipt", said, passed(["X1"], "express"), about=TUE.isoformat(), started=moment, ended=moment
    )
    (outcome,) = office.push("inspector", noon(WED), sent := sealed(open), skew=noon(WED) - noon(said))
    assert outcome.held == "clock"
    own = about_fact("confirmation", sent["id"], WED)
    assert refused(office, "inspector", noon(WED), {**own, "day": MON.isoformat()}).fields == {
        "about": "lies after the day of the work"
    }
    office.send("inspector", noon(WED), {**own, "day": WED.isoformat()})
    row = read(office.app, lambda session: session.get(Inspection, sent["id"]))
    assert (row.day, row.work_date) == (TUE, WED)


def test_nobody_says_a_day_after_the_arrival_or_before_the_role(office):
    held = by_a_clock_of(office, date(2020, 1, 1), noon(TUE))
    own = about_fact("confirmation", held, WED)
    assert refused(office, "director", noon(TUE), {**own, "day": WED.isoformat()}).code == "day-ahead"
    late = refused(office, "director", noon(WED), {**own, "day": WED.isoformat()})
    assert (late.code, late.values["last"]) == ("bad-day", TUE.isoformat())
    assert refused(office, "director", noon(WED), {**own, "day": "2025-11-20"}).code == "role-not-held"
    assert refused(office, "lead", noon(WED), {**own, "day": TUE.isoformat()}).code == "forbidden"
    for wrong in ("1999-12-31", "2200-01-01", "0001-01-01", "9999-12-31"):
        with pytest.raises(Exception, match="bad-fact"):
            office.push("director", noon(WED), sealed({**own, "day": wrong}))
    assert state(office, held) == "held"


def test_a_confirmation_with_a_day_that_overtakes_its_record_waits_for_it(office):
    said = date(2020, 1, 1)
    moment = noon(said).isoformat()
    late = sealed(form("parcel", said, parcels(0, 19), started=moment, ended=moment))
    early = sealed({**about_fact("confirmation", late["id"], WED), "day": TUE.isoformat()})
    assert office.push("inspector", noon(WED), early)[0].state == "waiting"
    office.push("inspector", noon(WED), late, skew=noon(WED) - noon(said))
    assert (state(office, late["id"]), items(office)) == ("in-force", 20)


def test_a_second_word_about_the_day_changes_nothing(office):
    held = by_a_clock_of(office, date(2020, 1, 1), noon(WED))
    own = about_fact("confirmation", held, WED)
    office.send("director", noon(WED), {**own, "day": TUE.isoformat()})
    office.send("inspector", noon(WED), own)  # an older phone's, without a day
    office.send("inspector", noon(WED), {**own, "day": TUE.isoformat()})
    assert refused(office, "inspector", noon(WED), {**own, "day": MON.isoformat()}).code == "bad-fact"
    assert read(office.app, lambda session: session.get(Inspection, held).work_date) == TUE


def test_a_held_check_of_1970_can_be_withdrawn(office):
    held = by_a_clock_of(office, date(1970, 1, 1), noon(WED))
    office.send("inspector", noon(WED), about_fact("withdrawal", held, WED, reason="记错"))
    assert state(office, held) == "withdrawn"


def test_who_held_no_role_that_day_is_not_counted_by_saying_another_day(office):
    """The role of spring: work that a clock hides is still held against the role of its day, and by the manager."""
    with office.app.app_context(), transaction() as session:
        session.get(Unit, CITY).opened_on = date(2026, 1, 1)
    now = noon(SUN + 40 * DAY)
    held = by_a_clock_of(office, date(2020, 1, 1), now, login="former")
    own = about_fact("confirmation", held, local_date(now))
    june = {"day": "2026-06-30"}
    assert refused(office, "former", now, {**own, "day": local_date(now).isoformat()}).code == "role-not-held"
    assert refused(office, "former", now, {**own, **june}).code == "forbidden"
    office.send("county", now, {**own, **june, "acting": COUNTY})
    assert state(office, held) == "in-force"


# ---------------------------------------------------------------- over the wire


def push(client, *facts, device_time=None, records: int | None = None):
    body = {"facts": list(facts), "device_time": device_time and device_time.isoformat()}
    if records is not None:
        body["holding"] = {"records": records, "photos": 0, "oldest": None}
    answer = client.post("/api/sync/push", json=body, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_no_day_before_the_phones_last_contact_can_be_said(app):
    cast = build_in(app)
    lead, now = client_for(app, cast, "lead"), clock.now()
    push(lead, device_time=now, records=0)
    with app.app_context(), transaction() as session:  # that was three days ago
        device = session.get(Device, lead.device_id)
        device.synced_at = device.emptied_at = now - 3 * DAY
    slow = now - 400 * DAY
    moment = {"date": local_date(slow).isoformat(), "started": slow.isoformat(), "ended": slow.isoformat()}
    sent = [envelope(inspection(some_parcels(2, first=n * 5), **moment)) for n in range(3)]
    # Three pushes of one run: the second and third are no younger contact.
    for left, one in zip((3, 2, 1), sent, strict=True):
        [result] = push(lead, one, device_time=slow, records=left)["results"]
        assert (result["state"], result["held"]) == ("stored", "clock")
    push(lead, device_time=now, records=0)
    rows = {
        row["id"]: row
        for section in lead.get("/api/sync/pull").json["sections"]
        if section["name"] == "records"
        for row in section["rows"]
    }
    span = {"first": (today() - 3 * DAY).isoformat(), "last": today().isoformat()}
    assert [rows[one["id"]]["days"] for one in sent] == [span] * 3
    for one in sent:
        said = {"v": 1, "type": "confirmation", "unit": CITY, "acting": CITY, "date": today().isoformat()}
        said["target"] = one["id"]
        for days, state in ((4, "refused"), (3, "stored")):
            day = (today() - days * DAY).isoformat()
            [result] = push(lead, envelope({**said, "day": day}))["results"]
            assert result["state"] == state, result
        assert lead.get("/api/sync/pull").status_code == 200


@pytest.mark.parametrize(
    "device_time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1970-01-01T00:00:00Z"]
)
def test_a_clock_at_the_end_of_the_calendar_refuses_no_push(app, device_time):
    cast = build_in(app)
    lead = client_for(app, cast, "lead")
    body = {"device_time": device_time, "facts": [envelope(inspection(some_parcels(2)))]}
    answer = lead.post("/api/sync/push", json=body, headers=HEADERS)
    assert answer.status_code == 200
    assert [(row["state"], row["held"]) for row in answer.json["results"]] == [("stored", "clock")]


@pytest.mark.parametrize("days", [25, 366, 20 * 366])
def test_a_skew_of_weeks_or_years_is_kept_as_it_was_measured(app, days):
    cast = build_in(app)
    lead, now = client_for(app, cast, "lead"), clock.now()
    slow = now - days * DAY
    moment = {"date": local_date(slow).isoformat(), "ended": slow.isoformat()}
    sent = envelope(inspection(some_parcels(2), **moment))
    [result] = push(lead, sent, device_time=slow)["results"]
    assert (result["state"], result["held"]) == ("stored", "clock")
    kept = read(app, lambda session: session.get(Fact, sent["id"]).skew_ms)
    assert abs(kept - days * 86_400_000) < 60_000


def test_the_days_of_these_tests():
    assert OPENED < MON
