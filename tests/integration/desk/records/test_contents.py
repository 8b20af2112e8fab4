"""What records say beside their items, as the desk shows it: meetings, changes of the register, volumes, choices."""

from datetime import timedelta

import pytest

from tests.cast import CITY, build_in, client_for
from tests.desk_lists import words
from tests.desk_records import envelope, today
from tests.integration.ledger.test_duty_book import form
from tests.integration.sync.test_push import push
from webapp.core import clock
from webapp.core.database import transaction
from webapp.recording.personal_parts import purge_personal

DAY = today().isoformat()
BASE = {"v": 1, "unit": CITY, "acting": CITY, "date": DAY}


@pytest.fixture
def cast(app):
    return build_in(app)


def twice(client, *bodies: tuple[dict, dict | None]) -> list[str]:
    """Send two contents under one number; what became of each."""
    first, second = (envelope(open, personal) for open, personal in bodies)
    return [push(client, one)[0]["state"] for one in (first, {**second, "id": first["id"]})]


def test_what_a_meeting_said_is_read_at_the_desk(app, cast):
    director = client_for(app, cast, "director")
    gap = {"opening": 3, "received": 9, "delivered": 8, "returned": 1, "forwarded": 0, "carried": 2}
    balance = envelope(form("balance", header=gap, about=DAY))
    analysis = form(
        "analysis", header={"present": [cast.people["lead"]], "notes": 2, "requirements": ["补盖日戳"]}
    )
    month = envelope(analysis, {"notes": {"header.notes": "分析"}})
    push(director, balance, month)
    header = {
        "present": [cast.people["lead"], cast.people["carrier"]], "problems": [f"{balance['id']}/0"], "notes": 6,
        "settled": [f"{month['id']}/0"],
    }  # fmt: skip
    meeting = envelope(form("meeting", header=header), {"notes": {"header.notes": "昨日抽查通报"}})
    assert push(director, meeting)[0]["state"] == "stored"
    page = client_for(app, cast, "county").get(f"/inspections/{meeting['id']}")
    said = words(page)
    assert "会议记录 昨日抽查通报" in said and "、" in said and "补盖日戳" in said
    assert f'href="/inspections/{balance["id"]}#item-0"' in page.text
    assert f'href="/inspections/{month["id"]}"' in page.text
    balanced = words(director.get(f"/inspections/{balance['id']}"))
    assert " 9 " in balanced.partition("表单内容")[2]
    with app.app_context(), transaction() as session:
        purge_personal(session, clock.now() + timedelta(days=1))
    assert "已满 180 天删除" in words(director.get(f"/inspections/{meeting['id']}"))


def test_of_two_contents_of_a_change_of_the_register_the_page_shows_both(app, cast):
    director, one = client_for(app, cast, "director"), cast.points["额尔敦社区居委会"]
    body = {**BASE, "type": "point", "point": one, "op": "change", "day": DAY}
    sent = twice(
        director,
        ({**body, "values": {"address": "团结大街 5 号"}}, {"keeper": "其木格"}),
        ({**body, "values": {"address": "团结大街 7 号"}}, {"keeper": "乌兰"}),
    )
    assert sent == ["stored", "conflict"]
    page = words(client_for(app, cast, "county").get(f"/attention?unit={CITY}"))
    assert "接转点台账" in page
    for said in ("额尔敦社区居委会", "团结大街 5 号", "团结大街 7 号", "其木格", "乌兰"):
        assert said in page


def test_of_two_volumes_and_two_choices_the_page_shows_both(app, cast):
    director = client_for(app, cast, "director")
    volume = {**BASE, "type": "volume", "about": DAY}
    counts = [{"parcel": {"items": items, "returned": None}} for items in (12, 21)]
    assert twice(director, *(({**volume, "volumes": one}, None) for one in counts))[1] == "conflict"
    picks = [[{"subject": number, "class": "registered"}] for number in ("RR473124829CN", "RR473124815CN")]
    choice = form("watch-pick", about=DAY) | {"type": "selection"}
    assert twice(director, *(({**choice, "items": one}, None) for one in picks))[1] == "conflict"
    page = words(director.get(f"/attention?unit={CITY}"))
    for said in ("当日邮件量", "国内小包 不同 12", "国内小包 不同 21", "RR473124829CN", "RR473124815CN"):
        assert said in page, said


def test_a_refused_volume_is_called_by_its_name(app, cast):
    director = client_for(app, cast, "director")
    wrong = {**BASE, "type": "volume", "about": DAY, "volumes": {"parcel": {"items": -1, "returned": None}}}
    assert push(director, envelope(wrong))[0]["problem"]["fields"].keys() == {"volumes.parcel.items"}
    page = words(director.get(f"/attention?unit={CITY}"))
    assert "当日邮件量" in page and "volumes.parcel.items: Must be" in page


@pytest.mark.parametrize(
    "second",
    [
        {"type": "point", "point": 5, "op": [], "values": {"route": 7}},
        {"type": "point", "point": "x", "op": "change", "values": ["address"]},
        {"type": "volume", "about": "gestern", "volumes": {}},
        {"type": "volume", "about": DAY, "volumes": {"parcel": 3}},
        {
            "type": "inspection",
            "kind": "meeting",
            "method": "on-site",
            "items": 5,
            "header": {"present": [7], "problems": [1]},
        },
        {"type": "inspection", "kind": "parcel", "method": "on-site", "items": ["x"]},
        {
            "type": "inspection",
            "kind": "meeting",
            "method": "on-site",
            "items": [],
            "header": {"settled": ["x/y"], "notes": 1},
        },
    ],
    ids=str,
)
def test_a_second_content_that_makes_no_sense_does_not_hide_the_page(app, cast, second):
    director, point = client_for(app, cast, "director"), cast.points["额尔敦社区居委会"]
    first = {**BASE, "type": "point", "point": point, "op": "change", "values": {"address": "团结大街 5 号"}}
    sent = twice(director, (first, None), ({**BASE, **second}, None))
    answer = director.get(f"/attention?unit={CITY}")
    assert answer.status_code == 200
    assert sent[0] == "stored"
    if sent[1] == "conflict":
        assert "第二份" in words(answer)
