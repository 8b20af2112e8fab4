"""Volumes typed by class: blank is unknown, 0 a recorded zero, and a sealed list speaks for itself."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY
from tests.desk_lists import DAY, imported, listed, post, words
from tests.desk_records import envelope, send
from tests.editions import enter, with_visits
from webapp.core import clock
from webapp.journal import chain
from webapp.journal.models import JournalRow
from webapp.ledger import operations as ledger
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.sampling.models import Volume

VECTORS = Path(__file__).resolve().parents[3] / "vectors"


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return company.client_for(app, cast, "director")


def typed(app) -> dict[str, tuple]:
    return {
        row.mail_class: (row.items, row.returned)
        for row in company.read(
            app, lambda session: session.scalars(select(Volume).order_by(Volume.fact_id)).all()
        )
    }


def test_blank_is_unknown_and_zero_is_a_recorded_zero(app, director):
    page = director.get(f"/volumes?unit={CITY}")
    assert words(page).count("缺少") == 5
    form = {"items-express": "0", "items-parcel": "35", "returned-parcel": "2", "items-letter": ""}
    assert director.post(f"/volumes?unit={CITY}", data=form).status_code == 302
    assert typed(app) == {"express": (0, None), "parcel": (35, 2)}
    page = director.get(f"/volumes?unit={CITY}")
    assert 'name="items-parcel"' in page.text and 'value="35"' in page.text
    assert words(page).count("缺少") == 3


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "没有任何改动"),
        ({"items-letter": "-1"}, "0 到 1,000,000"),
        ({"items-letter": "1.5"}, "0 到 1,000,000"),
        ({"items-letter": "9" * 5000}, "0 到 1,000,000"),
        ({"items-letter": "3", "returned-letter": "4"}, "退回件数不能多于"),
        ({"returned-letter": "4"}, "进口了多少件"),
    ],
)
def test_a_wrong_volume_is_shown_beside_its_field_and_records_nothing(app, director, form, said):
    page = director.post(f"/volumes?unit={CITY}", data=form)
    assert page.status_code == 422
    assert said in words(page)
    assert typed(app) == {}


def test_a_sealed_list_tells_its_volumes_itself(app, director):
    manifest = imported(director, listed(9))
    assert "清单还没有封存" in words(director.get(f"/volumes?unit={CITY}"))
    post(director, manifest, "seal")
    page = director.get(f"/volumes?unit={CITY}")
    assert words(page).count("封存清单") == 3
    assert not re.search(r'name="(items|returned)-express"', page.text)
    answer = director.post(f"/volumes?unit={CITY}", data={"returned-express": "1", "items-letter": "7"})
    assert answer.status_code == 302
    assert typed(app) == {"letter": (7, None)}


def volume_form(page, **typed) -> dict:
    """What a browser sends: every field as the page shows it, but for what was typed."""
    fields = re.findall(
        r'<input[^>]* name="((?:shown-)?(?:items|returned)-[a-z]+)"[^>]*? value="([^"]*)"', page.text
    )
    return {**dict(fields), **{name.replace("_", "-"): value for name, value in typed.items()}}


def faults(app) -> list[str]:
    """Where the ledger differs from what its facts give."""
    return company.read(
        app, lambda session: ledger.differences(session, session.get(Unit, CITY), clock.now())
    )


def line(app, duty: str) -> LedgerLine:
    """Today's line of the duty at the city department."""
    return company.read(app, lambda session: session.get(LedgerLine, (CITY, duty, str(DAY))))


def test_a_volume_that_was_typed_wrongly_can_be_unsaid(app, director):
    path = f"/volumes?unit={CITY}"
    everything = {f"items-{name}": "0" for name in ("express", "registered", "parcel")}
    director.post(path, data=volume_form(director.get(path), **everything))
    assert not line(app, "receipt-sample").applicable  # a recorded zero: nothing is required
    page = director.get(path)
    assert words(page).count("缺少") == 2
    answer = director.post(path, data=volume_form(page, items_parcel=""))
    assert answer.status_code == 302
    assert typed(app)["parcel"] == (None, None)
    assert words(director.get(path)).count("缺少") == 3
    unknown = line(app, "receipt-sample")
    assert unknown.applicable and unknown.required is None
    assert faults(app) == []


def test_who_leaves_a_field_alone_says_nothing_of_it(app, cast, director):
    path = f"/volumes?unit={CITY}"
    mine = director.get(path)  # opened before the other one typed
    other = company.client_for(app, cast, "director")
    other.post(path, data=volume_form(other.get(path), items_parcel="35"))
    assert director.post(path, data=volume_form(mine, items_letter="7")).status_code == 302
    assert typed(app) == {"parcel": (35, None), "letter": (7, None)}
    unchanged = director.post(path, data=volume_form(director.get(path)))
    assert unchanged.status_code == 422


def test_the_page_tells_who_recorded_what_and_what_it_was_before(app, director):
    path = f"/volumes?unit={CITY}"
    assert "录入记录" not in words(director.get(path))
    for parcels in ("35", "0", ""):
        director.post(path, data=volume_form(director.get(path), items_parcel=parcels))
    said = words(director.get(path)).split("录入记录")[1]
    order = [said.index(text) for text in ("0 不详 陈高娃", "35 0 陈高娃", "不详 35 陈高娃")]
    assert order == sorted(order)  # the latest first


@pytest.mark.parametrize(
    "volumes",
    [
        {"parcel": {"items": None, "returned": 3}},
        {"parcel": {"items": 2, "returned": 3}},
        {"parcel": {"returned": 3}},
        {"bicycle": {"items": 3}},
        {"parcel": {"items": True}},
        {"parcel": {"items": 1_000_001}},
    ],
)
def test_a_phone_cannot_record_what_the_page_would_refuse(app, cast, volumes):
    fact = envelope({"v": 1, "type": "volume", "unit": CITY, "acting": CITY, "date": str(DAY), "about": str(DAY), "volumes": volumes})  # fmt: skip
    assert send(app, cast, "director", fact).state == "refused"
    assert typed(app) == {}


# ---------------------------------------------------------------- returned items as one number


def said(volumes: dict | None = None, **more) -> dict:
    body = {"v": 1, "type": "volume", "unit": CITY, "acting": CITY, "date": str(DAY), "about": str(DAY)}
    return envelope({**body, "volumes": volumes or {}, **more})


def audit(app) -> int | None:
    return line(app, "return-audit").required


def test_the_returned_items_of_all_numbered_classes_are_typed_as_one_number(app, director):
    path = f"/volumes?unit={CITY}"
    director.post(path, data=volume_form(director.get(path), returned_together="4"))
    assert typed(app) == {"returned": (4, None)}
    assert audit(app) == 4
    page = director.get(path)
    assert 'name="returned-together"' in page.text and 'value="4"' in page.text
    assert "退件合计 不详 4 陈高娃" in words(page)
    assert faults(app) == []


def test_of_one_number_and_numbers_by_class_what_was_said_last_counts(app, cast, director):
    by_class = {name: {"items": 9, "returned": 1} for name in ("express", "registered", "parcel")}
    assert send(app, cast, "director", said(by_class)).state == "stored"
    assert audit(app) == 3  # summed
    assert send(app, cast, "director", said(returned=7)).state == "stored"
    assert audit(app) == 7
    corrected = {
        "parcel": {"items": 12, "returned": None}
    }  # how many came in, nothing of those that went back
    assert send(app, cast, "director", said(corrected)).state == "stored"
    assert audit(app) == 7
    assert send(app, cast, "director", said({"parcel": {"items": 12, "returned": 5}})).state == "stored"
    assert audit(app) == 7 - 7 + 1 + 1 + 5
    assert send(app, cast, "director", said(returned=None)).state == "stored"
    assert audit(app) is None  # unknown again
    assert faults(app) == []


def test_letters_that_came_back_are_counted_beside_the_one_number(app, cast):
    assert send(app, cast, "director", said({"letter": {"items": 20, "returned": 2}}, returned=3)).state == "stored"  # fmt: skip
    assert audit(app) == 5


def test_where_nothing_came_in_nothing_came_back_whatever_is_not_known(app, cast):
    nothing = {name: {"items": 0, "returned": None} for name in ("express", "registered", "parcel")}
    send(app, cast, "director", said(nothing, returned=None))
    assert not line(app, "return-audit").applicable


def test_a_sealed_list_says_what_came_back_and_the_typed_number_waits(app, cast, director):
    send(app, cast, "director", said(returned=3))
    numbers = "邮件号,邮件种类,道段,退回\nA1,特快,1,是\nA2,包裹,1,\n"
    post(director, imported(director, numbers.encode()), "seal")
    assert audit(app) == 1
    page = director.get(f"/volumes?unit={CITY}")
    assert 'name="returned-together"' not in page.text


@pytest.mark.parametrize(
    ("typing", "said"),
    [
        ({"returned_together": "-2"}, "0 到 1,000,000"),
        ({"items_parcel": "3", "returned_parcel": "1", "returned_together": "1"}, "不要两处都填"),
        ({"items_express": "1", "items_registered": "1", "items_parcel": "1", "returned_together": "4"}, "退回件数不能多于"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_one_number_stands_beside_it(app, director, typing, said):
    path = f"/volumes?unit={CITY}"
    page = director.post(path, data=volume_form(director.get(path), **typing))
    assert page.status_code == 422 and said in words(page)
    assert typed(app) == {}


def test_the_desk_shows_one_number_or_the_numbers_by_class_never_both(app, cast, director):
    send(app, cast, "director", said({"parcel": {"items": 9, "returned": 4}}))
    send(app, cast, "director", said(returned=7))
    fields = volume_form(director.get(f"/volumes?unit={CITY}"))
    assert (fields["returned-parcel"], fields["returned-together"]) == ("", "7")


@pytest.mark.parametrize("case", json.loads((VECTORS / "volumes.json").read_text()), ids=json.dumps)
def test_the_server_takes_the_volumes_that_the_phone_takes_and_no_others(app, cast, case):
    together = {} if case["returned"] is None else {"returned": case["returned"]}
    outcome = send(app, cast, "director", said(case["volumes"], **together))
    assert (outcome.state == "stored") is case["taken"], outcome


@pytest.mark.parametrize("about", ["0001-01-01", "2025-12-31", str(DAY + timedelta(days=1)), "9999-12-31"])
def test_a_phone_cannot_record_a_volume_of_a_day_that_is_none_of_the_departments(app, cast, about):
    volumes = {"parcel": {"items": 3}}
    fact = envelope({"v": 1, "type": "volume", "unit": CITY, "acting": CITY, "date": str(DAY), "about": about, "volumes": volumes})  # fmt: skip
    outcome = send(app, cast, "director", fact)
    assert (outcome.state, outcome.problem.code) == ("refused", "bad-day")


def test_a_list_that_is_not_sealed_makes_the_days_volume_missing_in_the_ledger_at_once(app, director):
    first = imported(director, listed(20))
    post(director, first, "seal")
    assert line(app, "receipt-sample").required == 2
    supplement = imported(director, listed(30))  # ten more, not sealed yet
    assert line(app, "receipt-sample").required is None
    assert faults(app) == []
    post(director, supplement, "discard")
    assert line(app, "receipt-sample").required == 2
    assert faults(app) == []


def test_an_import_and_a_discard_are_journalled_so_that_phones_ask_again(app, director):
    draft = imported(director, listed(3))
    post(director, draft, "discard")
    rows = company.read(
        app, lambda session: session.scalars(select(JournalRow).order_by(JournalRow.seq)).all()
    )
    assert [(row.entry, row.fact_id) for row in rows] == [("lists", draft)] * 2
    assert rows[0].digest != rows[1].digest
    assert company.read(app, chain.broken_rows) == []


def test_no_volume_of_tomorrow(director):
    assert director.get(f"/volumes?unit={CITY}&day={DAY + timedelta(days=1)}").status_code == 422
    assert director.get(f"/volumes?unit={CITY}&day=heute").status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "2025-12-31", "9999-12-31"])
def test_a_day_outside_the_departments_life_is_a_plain_error(director, day):
    for method in (director.get, director.post):
        answer = method(f"/volumes?unit={CITY}&day={day}")
        assert answer.status_code == 422
        assert "日期只能是2026年1月1日至" in words(answer)


def test_the_first_day_of_a_department_has_no_day_before(director):
    assert 'rel="prev"' not in director.get(f"/volumes?unit={CITY}&day={company.FIRST_DAY}").text


def test_a_class_that_an_edition_adds_is_typed_like_any_other_and_no_stranger_is(app, cast, director):
    added = '[[class]]\ncode = "bulk"\nnumbered = false\nzh = "大宗邮件"\nen = "Bulk mail"\n\n'
    source = with_visits(DAY).replace("[[reading]]", added + "[[reading]]", 1)
    enter(app, source)
    assert "大宗邮件" in words(director.get(f"/volumes?unit={CITY}"))
    assert director.post(f"/volumes?unit={CITY}", data={"items-bulk": "7"}).status_code == 302
    assert typed(app)["bulk"] == (7, None)
    [row] = [one for one in rows_of(director, "volumes") if one["day"] == DAY.isoformat()]
    assert row["volumes"]["bulk"]["items"] == 7
    body = {
        "v": 1,
        "type": "volume",
        "unit": CITY,
        "acting": CITY,
        "date": DAY.isoformat(),
        "about": DAY.isoformat(),
    }
    outcome = send(app, cast, "director", envelope({**body, "volumes": {"sacks": {"items": 1}}}))
    assert outcome.problem.fields.keys() == {"volumes.sacks"}


def rows_of(client, name: str) -> list[dict]:
    """The rows of a section of the department's working set."""
    sections = client.get("/api/sync/pull").json["sections"]
    return next(one["rows"] for one in sections if (one["unit"], one["name"]) == (CITY, name))
