"""Lists of cases at the desk: filters in the address, searches that stand in none, views, several at once, work orders, pressing."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import cast as company
from tests.cases import cases_in, move, send_at
from tests.cast import CITY, COUNTY, LEAGUE, REGION, RURAL
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.integration.desk.cases.test_case_pages import answer, client, found, make, words
from webapp.cases.models import Case, CaseLink, CaseMove, CaseView
from webapp.cases.standing import refold
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.desk.cases import files
from webapp.formats.tables import read_table
from webapp.rulebook.queries import editions_of


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def grow_old(app, days: int) -> None:
    """As if all cases had been opened so many days earlier."""
    with app.app_context(), transaction() as session:
        cases = list(session.scalars(select(Case)))
        for case in cases:
            case.opened_on -= timedelta(days=days)
            case.opened_at -= timedelta(days=days)
        session.flush()
        refold(session, editions_of(session), [case.id for case in cases], clock.now())


def shown(page) -> list[str]:
    """The cases of a list in their order."""
    return list(dict.fromkeys(re.findall(r'name="case" value="([0-9a-f-]{36})"', page.text)))


def late_one(app, cast) -> str:
    """A case of the same department with another criterion, found by the county."""
    known = {one.id for one in cases_in(app)}
    items = [{**parcels(1, 1, first=300)[0], "answers": {"on-time": "fail"}}]
    outcome = send(app, cast, "county", envelope(inspection(items, acting=COUNTY)))
    assert outcome.state == "stored", outcome.problem
    return next(one.id for one in cases_in(app) if one.id not in known)


def table_of(page) -> list[list[str]]:
    """The rows of a csv, without its head."""
    rows = list(csv.reader(io.StringIO(page.data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["内容", "种类", "督办单编号", "单位"]
    return rows[1:]


def test_the_list_leaves_as_a_file_as_its_filters_show_it(app, cast, monkeypatch):
    found(app, cast)
    grow_old(app, 12)
    late_one(app, cast)
    county = client(app, cast, "county")
    all_of_them = table_of(county.get(f"/cases/export.csv?unit={COUNTY}"))
    assert [row[0] for row in all_of_them] == ["反馈码与实际不符", "超投递时限"]
    assert [row[3] for row in all_of_them] == ["宝力根街道投递部"] * 2
    late = table_of(county.get(f"/cases/export.csv?unit={COUNTY}&due=overdue"))
    assert late == all_of_them[:1] and late[0][12] == "旗县"
    book = county.get(f"/cases/export.xlsx?unit={COUNTY}")
    assert read_table(book.data).header[0] == "内容"
    page = county.get(f"/cases?unit={COUNTY}&due=overdue").text
    assert f"/cases/export.xlsx?unit={COUNTY}&amp;due=overdue" in page
    # A search that is known nowhere any more gives no file that holds more than was seen; nor does too large a list.
    assert county.get(f"/cases/export.csv?unit={COUNTY}&s=unknown").status_code == 302
    monkeypatch.setattr(files, "MOST", 1)
    refused = county.get(f"/cases/export.csv?unit={COUNTY}")
    assert refused.location.endswith(f"/cases?unit={COUNTY}")
    assert "一个文件最多 1 行" in words(county.get(refused.location))


def test_the_filters_of_the_form_stand_in_the_address_and_the_list_obeys_them(app, cast):
    one = found(app, cast)
    grow_old(app, 12)
    two = late_one(app, cast)
    county = client(app, cast, "county")
    assert shown(county.get(f"/cases?unit={COUNTY}")) == [one, two]
    assert shown(county.get(f"/cases?unit={COUNTY}&sort=newest")) == [two, one]
    assert shown(county.get(f"/cases?unit={COUNTY}&due=overdue")) == [one]
    assert shown(county.get(f"/cases?unit={COUNTY}&due=7")) == [two]
    assert shown(county.get(f"/cases?unit={COUNTY}&kind=parcel&criterion=on-time")) == [two]
    assert shown(county.get(f"/cases?unit={COUNTY}&level=county")) == [one]
    assert shown(county.get(f"/cases?unit={RURAL}")) == []
    assert shown(client(app, cast, "region").get(f"/cases?unit={REGION}&severity=ordinary")) == [one, two]
    page = words(county.get(f"/cases?unit={COUNTY}"))
    assert "已超期" in page and "已上报：" in page
    # What is no filter, or no value of one, asks for nothing.
    assert shown(
        county.get(f"/cases?unit={COUNTY}&state=nonsense&due=x&owner=you&after=1~2~3&level=moon")
    ) == [one, two]
    assert "没有符合筛选条件的事项" in words(county.get(f"/cases?unit={COUNTY}&type=signal"))
    assert client(app, cast, "nextcounty").get(f"/cases?unit={CITY}").status_code == 404


def test_a_search_finds_by_item_person_and_number_and_stands_in_no_address(app, cast):
    case = found(app, cast)
    county = client(app, cast, "county")
    make(county, case, "assign", owner=cast.people["carrier"])
    subject = parcels(20)[19]["subject"]
    for text, there in ((subject, [case]), ("张巴图", [case]), ("987654321", []), ("周苏日娜", [])):
        answered = county.post("/cases", data={"unit": COUNTY, "search": text})
        assert answered.status_code == 303 and text not in answered.location
        assert shown(county.get(answered.location)) == there, text


def test_whatever_narrows_the_list_is_said_and_is_taken_away_by_a_tap(app, cast):
    """What a figure or a press leads to, too: the form has no fields for it."""
    county = client(app, cast, "county")
    narrow = {
        "opened": ("2026-11", "2026年11月新增"), "deadline": ("2026-10", "2026年10月到期"), "closed": ("2026-09", "2026年9月销号"),
        "self": ("1", "自查发现"), "late": ("1", "超期未改的问题"), "found": ("2026-08", "2026年8月"),
    }  # fmt: skip
    where = "&".join(f"{name}={value}" for name, (value, _) in narrow.items())
    page = county.get(f"/cases?unit={COUNTY}&{where}").text
    chips = dict(re.findall(r'<a class="chip chip-info" href="([^"]+)">([^<]+)<', page))
    assert list(chips.values()) == [
        narrow[name][1] for name in ("found", *[n for n in narrow if n != "found"])
    ]
    for href, text in chips.items():
        [name] = [name for name, (_, said) in narrow.items() if said == text]
        assert f"{name}=" not in href and href.count("=") == len(narrow)


def test_a_view_is_a_link_of_ones_own(app, cast):
    one = found(app, cast)
    grow_old(app, 12)
    late_one(app, cast)
    county = client(app, cast, "county")
    kept = county.post("/cases/views", data={"unit": COUNTY, "due": "overdue", "name": "超期", "s": "secret"})
    assert kept.status_code == 303
    page = county.get("/cases").text
    [way] = re.findall(r'href="(/cases\?[^"]+)">超期<', page)
    assert "secret" not in way and shown(county.get(way.replace("&amp;", "&"))) == [one]
    assert ">超期</a>" not in client(app, cast, "league").get("/cases").text
    county.post("/cases/views", data={"unit": COUNTY, "name": "超期"})  # the same name: other filters
    with app.app_context():
        [view] = db.session.scalars(select(CaseView))
        assert view.query == f"unit={COUNTY}"
        id = view.id
    assert client(app, cast, "league").post(f"/cases/views/{id}/delete").status_code == 404
    assert county.post(f"/cases/views/{id}/delete").status_code == 303
    assert county.post("/cases/views", data={"unit": COUNTY, "name": " " * 3}).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CaseView)) == 0


def test_several_are_assigned_at_once_and_what_became_of_each_is_said(app, cast):
    one, two = found(app, cast), late_one(app, cast)
    director = client(app, cast, "director")
    answer(director, one)  # its state has no owner to be named any more
    form = director.get(f"/cases/assign?case={one}&case={two}")
    assert form.status_code == 200 and "无权指定责任人" in words(form)
    done = director.post("/cases/assign", data={"case": [one, two], "owner": cast.people["carrier"]})
    assert "已指定 1 项，共 2 项" in words(done)
    owners = {case.id: case.owner_id for case in cases_in(app)}
    assert owners == {one: None, two: cast.people["carrier"]}
    # Somebody who does not work there is nobody's owner.
    refused = director.post("/cases/assign", data={"case": [two], "owner": cast.people["head"]})
    assert "请选择目前在责任单位任职的人员" in words(refused)
    assert director.post("/cases/assign", data={"case": [two]}).status_code == 422
    assert client(app, cast, "nextcounty").get(f"/cases/assign?case={one}").status_code == 302


def given(page) -> list[str]:
    """The moves that the page offers to undo."""
    return re.findall(r'name="move" value="([0-9a-f-]{36})"', page.text)


def test_what_was_assigned_at_once_is_undone_at_once_but_where_something_came_after_it(app, cast):
    one, two = found(app, cast), late_one(app, cast)
    director, carrier = client(app, cast, "director"), cast.people["carrier"]
    make(director, two, "assign", owner=cast.people["inspector"])
    page = director.post("/cases/assign", data={"case": [one, two], "owner": carrier})
    moves = given(page)
    assert len(moves) == 2
    # Nobody else undoes it, and a move that is not one's own is none.
    assert client(app, cast, "county").post("/cases/assign/undo", data={"move": moves}).status_code == 422
    make(client(app, cast, "county"), two, "press")
    back = director.post("/cases/assign/undo", data={"move": moves})
    assert "已恢复 1 项，共 2 项" in words(back) and "保持不变：之后已有办理（催办）" in words(back)
    assert given(back) == []
    assert {case.id: case.owner_id for case in cases_in(app)} == {one: None, two: carrier}
    with app.app_context():
        steps = select(CaseMove.move).where(CaseMove.case_id == one).order_by(CaseMove.seq)
        assert list(db.session.scalars(steps)) == ["assign", "take-back"]
    # Once more there is nothing to be undone.
    again = director.post("/cases/assign/undo", data={"move": moves[:1]})
    assert "已恢复 0 项，共 1 项" in words(again)


def test_an_assignment_that_was_made_anew_is_not_undone_by_the_page_of_the_first(app, cast):
    one = found(app, cast)
    director = client(app, cast, "director")
    first = given(director.post("/cases/assign", data={"case": [one], "owner": cast.people["carrier"]}))
    make(director, one, "assign", owner=cast.people["carrier2"])
    assert "已恢复 0 项，共 1 项" in words(director.post("/cases/assign/undo", data={"move": first}))
    assert [case.owner_id for case in cases_in(app)] == [cast.people["carrier2"]]


def test_a_work_order_is_issued_received_answered_accepted_and_printed(app, cast):
    case = found(app, cast)
    county, director = client(app, cast, "county"), client(app, cast, "director")
    form = county.get(f"/cases/orders/new?case={case}")
    assert "反馈码与实际不符" in words(form) and "宝力根街道投递部" in words(form)
    asked = {
        "acting": COUNTY,
        "case": case,
        "text": "三日内整改到位",
        "deadline": f"{today() + timedelta(days=5)}",
    }
    wrong = county.post("/cases/orders", data={**asked, "deadline": f"{today()}"})
    assert wrong.status_code == 422 and "三日内整改到位" in wrong.text and "须在今天之后" in words(wrong)
    order = county.post("/cases/orders", data=asked).location
    with app.app_context():
        [stored] = db.session.scalars(select(Case).where(Case.number.is_not(None)))
        assert (stored.number, stored.unit_code, stored.found_by) == (
            f"督〔{today().year}〕1号",
            CITY,
            COUNTY,
        )
        assert db.session.scalar(select(CaseLink.case_id)) == case
    page = words(director.get(order))
    assert f"督〔{today().year}〕1号" in page and "三日内整改到位" in page and "反馈码与实际不符" in page
    assert f'href="{order}"' in director.get(f"/cases/{case}").text
    id = order.rpartition("/")[2]
    assert make(director, id, "receive").status_code == 302
    assert make(director, id, "report", text="已整改").status_code == 302
    assert "待您处理的督办单" in words(county.get(f"/attention?unit={COUNTY}"))
    assert make(county, id, "accept").status_code == 302
    sheet = words(director.get(f"{order}/sheet"))
    for said in (
        "督办单",
        "宝力根街道投递部",
        "三日内整改到位",
        "已签收",
        "已回复",
        "已办结",
        "签收（签字、日期）",
    ):
        assert said in sheet, said
    assert client(app, cast, "inspector").get("/cases/orders/new").status_code == 403


def test_of_cases_of_several_units_each_gets_an_order_with_its_own_number(app, cast):
    one = found(app, cast)
    sent = envelope(inspection(parcels(20, 1, first=500), unit=RURAL, acting=RURAL))
    assert send(app, cast, "head", sent).state == "stored"
    two = next(case.id for case in cases_in(app) if case.id != one)
    asked = {
        "acting": COUNTY,
        "case": [one, two],
        "text": "限期整改",
        "deadline": f"{today() + timedelta(days=5)}",
    }
    county = client(app, cast, "county")
    assert county.post("/cases/orders", data=asked).status_code == 303
    with app.app_context():
        orders = db.session.execute(select(Case.number, Case.unit_code).where(Case.number.is_not(None))).all()
        assert {number for number, _ in orders} == {f"督〔{today().year}〕{n}号" for n in (1, 2)}
        assert {unit for _, unit in orders} == {CITY, RURAL}
    # From the league one order holds both: the county receives it.
    league = client(app, cast, "league")
    assert league.post("/cases/orders", data={**asked, "acting": LEAGUE}).status_code == 303
    with app.app_context():
        query = select(Case.id, Case.unit_code).where(Case.number.is_not(None), Case.found_by == LEAGUE)
        [(order, unit)] = db.session.execute(query).all()
    assert unit == COUNTY
    # It is the county's: the county reads of it beside the case, its departments do not.
    assert f"/cases/{order}" in county.get(f"/cases/{one}").text
    assert f"/cases/{order}" not in client(app, cast, "director").get(f"/cases/{one}").text


def test_a_requirement_alone_is_sent_to_units_below(app, cast):
    county = client(app, cast, "county")
    asked = {"acting": COUNTY, "text": "报送整改方案", "deadline": f"{today() + timedelta(days=5)}"}
    assert county.post("/cases/orders", data=asked).status_code == 422
    assert county.post("/cases/orders", data={**asked, "to": [CITY, RURAL]}).status_code == 303
    assert {case.unit_code for case in cases_in(app)} == {CITY, RURAL}
    assert county.post("/cases/orders", data={**asked, "to": COUNTY}).status_code == 403  # to itself


def test_what_has_climbed_is_pressed_with_one_tap(app, cast):
    case = found(app, cast)
    grow_old(app, 30)
    county = client(app, cast, "county")
    page = county.get(f"/attention?unit={COUNTY}")
    assert "已上报至本级" in words(page)
    [action] = re.findall(r'action="(/cases/[^"]+/press)"', page.text)
    pressed = county.post(action, data={"next": f"/attention?unit={COUNTY}"})
    assert pressed.location == f"/attention?unit={COUNTY}"
    with app.app_context():
        [move] = db.session.scalars(select(CaseMove))
        assert (move.case_id, move.acting_code) == (case, COUNTY)
    assert "催办" in words(client(app, cast, "director").get(f"/cases/{case}"))
    assert "已上报至本级" not in words(client(app, cast, "inspector").get(f"/attention?unit={CITY}"))


def test_the_board_shows_what_waits_by_whose_move_it_is(app, cast):
    one, two = found(app, cast), late_one(app, cast)
    answer(client(app, cast, "director"), one)
    page = client(app, cast, "county").get(f"/cases?unit={COUNTY}&view=board").text
    columns = {
        re.sub(r"<[^>]+>|\s|\d", "", part.partition("</h2>")[0].partition(">")[2]): re.findall(
            r'href="/cases/([0-9a-f-]{36})"', part
        )
        for part in page.split('<h2 class="board-title"')[1:]
    }
    assert columns == {"待整改": [two], "待复查": [one], "待上级裁定": [], "待签发单位处理": []}


def test_a_refused_move_is_told_in_words_where_refused_records_are(app, cast):
    case = found(app, cast)
    now = clock.now()
    assert (
        send_at(app, cast, "carrier", move(case, "answer", now, "已整改", cause="method"), now).state
        == "refused"
    )
    page = words(client(app, cast, "director").get(f"/attention?unit={CITY}"))
    assert "问题办理" in page and "填写整改" in page and "反馈码与实际不符" in page and "作业方法" in page
