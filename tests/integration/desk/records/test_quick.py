"""The list that follows the typing: what may be seen, page by page and name by name, and nothing of the neighbours."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.cast import CITY, COUNTY, build_in, client_for
from tests.desk_lists import imported, listed, post
from tests.desk_records import envelope, inspection, parcels, today
from tests.integration.sync.test_push import push
from tests.statements import queries_of
from webapp.core.database import transaction
from webapp.org.models import Person, Unit

EVERYBODY = ("carrier", "lead", "inspector", "director", "county", "league", "region", "admin", "former")


@pytest.fixture
def cast(app):
    return build_in(app)


def asked(client, text: str, **headers):
    return client.post("/find/quick", data={"q": text}, headers={"Accept": "application/json", **headers})


def groups(client, text: str) -> dict[str, list[dict]]:
    answer = asked(client, text)
    assert answer.status_code == 200
    return {group["code"]: group["rows"] for group in answer.json["groups"]}


def ordered(app, cast) -> str:
    """The number of an order that the county issued to the city department."""
    county = client_for(app, cast, "county")
    until = today() + timedelta(days=9)
    county.post(
        "/cases/orders", data={"acting": COUNTY, "to": CITY, "text": "限期整改", "deadline": f"{until}"}
    )
    return groups(county, f"{today():%Y}")["case"][0]["label"]


def test_a_part_of_a_chinese_name_finds_units_people_and_points(app, cast):
    county = client_for(app, cast, "county")
    assert groups(county, "根街道")["unit"][0] == {
        "label": "宝力根街道投递部", "hint": "", "url": f"/ledger?unit={CITY}", "icon": "unit",
    }  # fmt: skip
    [person] = groups(county, "巴图")["person"]
    assert person["url"] == f"/people/{cast.people['carrier']}" and "宝力根街道投递部 · " in person["hint"]
    assert groups(county, "民社区")["point"][0]["url"].startswith("/points/")
    assert groups(county, "hmsq")["point"][0]["url"].startswith("/points/")


def test_a_number_finds_its_records_and_its_lists(app, cast):
    sent = envelope(inspection(parcels(3)))
    push(client_for(app, cast, "lead"), sent)
    [row] = groups(client_for(app, cast, "lead"), " 9880 1234 00001 ")["check"]
    assert row["url"] == f"/inspections/{sent['id']}" and "国内小包检查" in row["hint"]
    director = client_for(app, cast, "director")
    manifest = imported(director, listed(9))
    post(director, manifest, "seal")
    assert groups(director, "9876543200004")["list"][0]["url"] == f"/manifests/{manifest}"


def test_the_last_four_digits_of_a_number_are_enough(app, cast):
    sent = envelope(inspection(parcels(3)))  # 9880123400000 and the two after it
    push(client_for(app, cast, "lead"), sent)
    director = client_for(app, cast, "director")
    manifest = imported(director, listed(9) + "\nRA123456785CN,给据函件,1".encode("gb18030"))
    post(director, manifest, "seal")
    lead = client_for(app, cast, "lead")
    for text, number in (
        ("0002", "9880123400002"),
        ("400000", "9880123400000"),
        ("80123400001", "9880123400001"),
    ):
        assert [(row["label"], row["url"]) for row in groups(lead, text)["check"]] == [
            (number, f"/inspections/{sent['id']}")
        ]
    assert [row["label"] for row in groups(director, "6785")["list"]] == ["RA123456785CN"]
    assert [row["label"] for row in groups(director, "00004")["list"]] == ["9876543200004"]
    assert "check" not in groups(lead, "0009") and "check" not in groups(lead, "002")
    # Who does not see the whole number does not see its end, either.
    assert groups(client_for(app, cast, "nextcounty"), "0002") == {}
    assert "list" not in groups(lead, "6785")
    # The page of all that is found knows them as well.
    page = lead.get(lead.post("/find", data={"q": "0002"}).location)
    assert page.location == f"/inspections/{sent['id']}"


def test_a_work_order_is_found_by_its_number_and_only_where_it_is_seen(app, cast):
    number = ordered(app, cast)
    for who in ("county", "director", "league"):
        [row] = groups(client_for(app, cast, who), number)["case"]
        assert (row["label"], row["url"][:7]) == (number, "/cases/")
        assert client_for(app, cast, who).get(row["url"]).status_code == 200
    for who in ("nextcounty", "carrier", "admin"):
        assert "case" not in groups(client_for(app, cast, who), number)


@pytest.mark.parametrize("text", ["9880123400001", "9876543200004", "hmsq", "张巴图", "宝力根街道", "回民"])
def test_the_next_county_finds_nothing_of_ours(app, cast, text):
    push(client_for(app, cast, "lead"), envelope(inspection(parcels(3))))
    director = client_for(app, cast, "director")
    post(director, imported(director, listed(9)), "seal")
    assert groups(director, text)
    assert groups(client_for(app, cast, "nextcounty"), text) == {}


def test_a_carrier_finds_pages_but_neither_people_nor_lists(app, cast):
    carrier = client_for(app, cast, "carrier")
    assert groups(carrier, "张巴图") == {}
    assert [row["url"] for row in groups(carrier, "我的问题")["page"]] == ["/cases?owner=mine"]
    assert "page" not in groups(carrier, "台账")


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_that_is_offered_opens(app, cast, who):
    client = client_for(app, cast, who)
    pages = groups(client, "")["page"]
    assert len({page["url"] for page in pages}) == len(pages)
    for page in pages:
        assert client.get(page["url"], follow_redirects=True).status_code == 200, page


def test_whoever_keeps_units_alone_is_led_to_the_unit_and_not_to_a_closed_ledger(app, cast):
    admin = client_for(app, cast, "admin")
    [row] = groups(admin, "宝力根街道")["unit"]
    assert (row["url"], admin.get(row["url"]).status_code) == (f"/units/{CITY}", 200)


def test_pages_are_found_by_a_word_of_either_language_and_by_their_address(app, cast):
    county = client_for(app, cast, "county")
    assert "/cases/orders/new" in [row["url"] for row in groups(county, "新建督办单")["page"]]
    assert "/volumes" in [row["url"] for row in groups(county, "VOLUMES".lower())["page"]]
    answer = county.post(
        "/find/quick?lang=en", data={"q": "work ord"}, headers={"Accept": "application/json"}
    )
    assert answer.json["groups"][0]["title"] == "Pages and actions"
    assert answer.json["groups"][0]["rows"][0]["label"] == "New work order"


@pytest.mark.parametrize("text", ["a", "%", "_", "\x00", "' OR 1=1 --", "🐎" * 90, "ſ", "İ"])
def test_strange_words_break_nothing(app, cast, text):
    assert asked(client_for(app, cast, "county"), text).status_code == 200


def test_the_number_of_queries_does_not_grow_with_what_is_found(app, cast):
    county = client_for(app, cast, "county")
    groups(county, "")  # what a session reads once
    none = queries_of(app, lambda: groups(county, "没有这样的"))
    for n in range(5):
        push(client_for(app, cast, "lead"), envelope(inspection(parcels(3, first=40 * n))))
    assert queries_of(app, lambda: groups(county, "社区")) == none
    assert queries_of(app, lambda: groups(county, "9880123400001")) == none


def test_whoever_is_not_signed_in_is_told_so_in_json(app, cast):
    answer = asked(app.test_client(), "王")
    assert (answer.status_code, answer.json["code"]) == (401, "sign-in")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (update(Person).where(Person.login == "county").values(temporary=True), "temporary-password"),
        (update(Unit).where(Unit.code == COUNTY).values(second_factor=True), "second-factor-missing"),
    ],
)
def test_whoever_has_something_else_to_do_first_is_told_so_in_json(app, cast, change, code):
    county = client_for(app, cast, "county")
    with app.app_context(), transaction() as session:
        session.execute(change)
    answer = asked(county, "张巴图")
    assert (answer.status_code, answer.json["code"]) == (403, code)


def test_a_script_without_the_page_s_token_is_refused(make_app):
    app = make_app("sqlite", WTF_CSRF_ENABLED=True)
    cast = build_in(app)
    answer = asked(client_for(app, cast, "county"), "张")
    assert (answer.status_code, answer.json["code"]) == (400, "form-expired")


def test_what_is_typed_is_kept_nowhere(app, cast):
    county = client_for(app, cast, "county")
    answer = asked(county, "张巴图")
    assert "Set-Cookie" not in answer.headers or "searches" not in answer.headers["Set-Cookie"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert county.get_cookie("searches") is None
