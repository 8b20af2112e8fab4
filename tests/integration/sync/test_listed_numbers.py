"""What a phone is told of the day's lists: enough to say that a number does not count, too little to read the list."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest

from tests.cast import CITY, RURAL, build_in, client_for
from tests.desk_lists import imported, listed, post
from tests.desk_records import envelope, today
from tests.integration.ledger.test_duty_book import form, line, section, sent, volumes
from tests.integration.sync.test_push import push
from webapp.rulebook.periods import period_of
from webapp.sampling.listed import marks_of

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "marks.json").read_text(encoding="utf-8"))
LISTED = [f"98765432{n:05}" for n in range(30)]  # of desk_lists.listed: express, registered, parcel by turns


@pytest.fixture
def cast(app):
    return build_in(app)


def row_of(client, duty: str, day=None) -> dict:
    day = (day or today()).isoformat()
    return next(row for row in section(client, "listed") if (row["duty"], row["day"]) == (duty, day))


def known(row: dict, number: str, which: str = "marks") -> bool:
    marks = base64.b64decode(row[which])
    one = hmac.new(bytes.fromhex(row["key"]), number.encode(), hashlib.sha256).digest()[:5]
    return one in {marks[n : n + 5] for n in range(0, len(marks), 5)}


def parcels(numbers) -> list[dict]:
    return [{"subject": n, "class": "parcel", "verdict": "pass", "answers": {}} for n in numbers]


@pytest.mark.parametrize("row", VECTORS["marks"], ids=lambda row: row["name"])
def test_marks_are_made_as_the_phone_makes_them(row):
    assert marks_of(row["key"], row["numbers"]) == row["marks"]


def test_twenty_parcels_that_are_not_on_the_days_list_are_known_not_to_count_before_they_are_checked(
    app, cast
):
    director, lead = client_for(app, cast, "director"), client_for(app, cast, "lead")
    post(director, imported(director, listed(30)), "seal")
    told = row_of(lead, "parcel-check")
    assert (told["least"], told["classes"]) == (10, [])  # ten of the thirty are parcels
    strangers = [f"98801234{n:05}" for n in range(20)]
    assert not any(known(told, number) for number in strangers)
    assert [number for number in LISTED if known(told, number)] == LISTED[2::3]
    sent(lead, form("parcel", parcels(strangers)))
    week = period_of("week", today()).code
    assert line(director, "parcel-check", week)["done"] == 0
    [said] = next(row for row in section(lead, "duties") if row["code"] == "parcel-check")["days"][:1]
    assert (said["day"], said["counts"]) == (today().isoformat(), False)
    sent(lead, form("parcel", parcels(LISTED[2::3])))
    assert line(director, "parcel-check", week)["done"] == 1


def test_a_list_that_is_not_sealed_yet_names_its_numbers_too(app, cast):
    director, inspector = client_for(app, cast, "director"), client_for(app, cast, "inspector")
    imported(director, listed(30))
    told = row_of(inspector, "receipt-sample")
    assert all(known(told, number) for number in LISTED)
    assert told["classes"] == [] and told["least"] is None


def test_where_twenty_or_more_came_any_parcel_counts_and_twenty_are_asked_for(app, cast):
    lead = client_for(app, cast, "lead")
    sent(client_for(app, cast, "director"), volumes(parcel=31))
    told = row_of(lead, "parcel-check")
    assert (told["least"], told["classes"]) == (20, None)


def test_with_the_volume_typed_and_no_list_any_of_the_seven_parcels_counts(app, cast):
    sent(client_for(app, cast, "director"), volumes(parcel=7))
    told = row_of(client_for(app, cast, "lead"), "parcel-check")
    assert (told["least"], told["classes"]) == (7, None)


def test_a_day_on_which_no_parcel_came_holds_no_session(app, cast):
    sent(client_for(app, cast, "director"), volumes(parcel=0))
    told = row_of(client_for(app, cast, "lead"), "parcel-check")
    assert (told["least"], told["classes"]) == (0, [])


def test_without_a_list_every_class_counts_among_the_receipts(app, cast):
    told = row_of(client_for(app, cast, "inspector"), "receipt-sample")
    assert told["classes"] == ["express", "registered", "parcel"]


def test_returned_items_are_those_marked_so_on_a_list_of_the_day(app, cast):
    director = client_for(app, cast, "director")
    text = "邮件号,邮件种类,道段,退回\n9876543200001,国内小包,1,是\n9876543200002,国内小包,1,"
    post(director, imported(director, text.encode("gb18030")), "seal")
    told = row_of(director, "return-audit")
    assert known(told, "9876543200001") and not known(told, "9876543200002")
    assert told["classes"] == []


def test_the_own_deliveries_are_marked_for_who_delivered_them_and_a_carrier_is_told_nothing(app, cast):
    head = client_for(app, cast, "head")
    rows = [f"98765432{n:05},特快,1" for n in range(3)]
    imported(head, "\n".join(["邮件号,邮件种类,道段", *rows]).encode("gb18030"), unit=RURAL)
    told = next(row for row in section(head, "listed", RURAL) if row["day"] == today().isoformat())
    assert known(told, "9876543200001", "own")
    assert section(client_for(app, cast, "carrier"), "listed") == []


def test_no_list_leaks_the_section_holds_no_number_and_another_unit_or_day_has_another_key(app, cast):
    director = client_for(app, cast, "director")
    post(director, imported(director, listed(30)), "seal")
    rows = section(director, "listed")
    assert not any(number in json.dumps(rows) for number in LISTED)
    assert len({row["key"] for row in rows}) == len({row["day"] for row in rows}) == 7


def test_the_marks_come_again_when_a_list_changes_and_not_with_every_record(app, cast):
    director = client_for(app, cast, "director")
    cursor = director.get("/api/sync/pull").json["cursor"]
    push(director, envelope(form("parcel", parcels(["9880123400001"]))))
    pulled = director.get(f"/api/sync/pull?cursor={cursor}").json
    assert "listed" not in {one["name"] for one in pulled["sections"]}
    imported(director, listed(30))
    pulled = director.get(f"/api/sync/pull?cursor={pulled['cursor']}").json
    assert "listed" in {one["name"] for one in pulled["sections"] if one["unit"] == CITY}
