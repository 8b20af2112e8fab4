"""The relay register at the desk: list, a point's page, the form, and files in and out."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.cast import CITY, RURAL, build_in, client_for, read
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, send, today
from tests.integration.registers.test_relay_register import change, faults, opening, picture, point
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.journal.models import Fact
from webapp.photos.models import Photo
from webapp.registers.models import RelayChange, RelayPoint

TODAY = today()
FORM = {"name": "站前小区物业", "kind": "property", "keeper": "白音", "contact": "+86 13904790000"}
HEADER = "名称,类别,地址,负责人,联系方式,道段,协议,纬度,经度,备注"


@pytest.fixture
def cast(app):
    return build_in(app)


@pytest.fixture
def director(app, cast):
    return client_for(app, cast, "director")


def count(app, model) -> int:
    return read(app, lambda session: session.scalar(select(func.count()).select_from(model)))


def enter(client, unit: str = CITY, **form):
    return client.post(f"/points/new?unit={unit}", data={"point": new_id(), **FORM, **form})


def entered(client, **form) -> str:
    answer = enter(client, **form)
    assert answer.status_code == 302, words(answer)
    return answer.location.rpartition("/")[2]


# ---------------------------------------------------------------- the form and a point's page


def test_a_point_is_entered_changed_and_its_page_says_who_did_what(app, cast, director):
    one = entered(director, latitude="43.93341", longitude="116.0861", agreement="written")
    director.post(
        f"/points/{one}/edit",
        data={**FORM, "name": "站前小区B区物业", "agreement": "oral", "keeper": "其木格"},
    )
    page = words(director.get(f"/points/{one}"))
    assert "43.93341, 116.08610" in page
    assert "修改" in page and "陈高娃" in page
    for turn in (
        "名称 站前小区物业 → 改为 站前小区B区物业",
        "协议 书面 → 改为 口头",
        "负责人 白音 → 改为 其木格",
    ):
        assert turn in page
    assert "联系方式 +86 13904790000 →" not in page  # what stayed is no change
    assert faults(app) == []


def test_what_the_form_does_not_hold_stays_as_it_was(app, director):
    one = entered(director, address="团结大街")
    director.post(f"/points/{one}/edit", data={"keeper": "其木格"})
    found = point(app, one)
    assert (found.address, found.keeper, found.contact) == ("团结大街", "其木格", "+86 13904790000")
    director.post(f"/points/{one}/edit", data={**FORM, "address": "", "keeper": "其木格"})
    assert point(app, one).address is None


def test_saving_without_a_change_records_nothing(app, director):
    one = entered(director)
    before = count(app, Fact)
    answer = director.post(f"/points/{one}/edit", data=FORM, follow_redirects=True)
    assert "没有变化" in words(answer)
    assert count(app, Fact) == before


def test_the_form_that_is_sent_twice_enters_one_point(app, director):
    same = new_id()
    answers = [director.post(f"/points/new?unit={CITY}", data={**FORM, "point": same}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert count(app, RelayChange) == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "请填写"),
        ({"kind": "shop"}, "请从列表中选择"),
        ({"latitude": "北纬43度", "longitude": "116"}, "请填度数"),
        ({"latitude": "43.93"}, "纬度和经度须同时填写"),
        ({"day": (TODAY + timedelta(days=1)).isoformat()}, "这一天还没有到"),
        ({"day": (TODAY - timedelta(days=32)).isoformat()}, "最多往前 31 天"),
        ({"keeper": "长" * 41}, "太长"),
    ],
)
def test_a_bad_form_is_shown_again_with_what_is_wrong(app, director, form, said):
    answer = enter(director, **form)
    assert answer.status_code == 422
    assert said in words(answer)
    assert "+86 13904790000" in answer.text  # what was typed is not lost
    assert count(app, RelayChange) == 0


def test_a_likely_double_is_pointed_out_before_it_is_entered(app, cast, director):
    answer = enter(director, name="额尔敦 社区居委会")
    assert answer.status_code == 409
    assert "台账上可能已有这个接转点： 额尔敦社区居委会 名称相同" in words(answer)
    assert count(app, RelayChange) == 0
    one = entered(director, name="额尔敦 社区居委会", sure="1")
    assert "台账上可能重复登记： 额尔敦社区居委会" in words(director.get(f"/points/{one}"))
    listed = words(director.get(f"/points?unit={CITY}&state=likely"))
    assert "共 2 个接转点" in listed


def test_a_photo_is_put_on_the_register_and_taken_off_again(app, director):
    one = entered(director, photo=(io.BytesIO(picture()), "门.jpg"))
    digest = point(app, one).photo_digest
    assert director.get(f"/api/photos/{digest}").status_code == 200
    director.post(f"/points/{one}/edit", data={"no_photo": "1"})
    assert point(app, one).photo_digest is None
    broken = director.post(f"/points/{one}/edit", data={"photo": (io.BytesIO(b"GIF89a"), "x.gif")})
    assert (broken.status_code, "只收 JPEG" in words(broken)) == (415, True)
    assert faults(app) == []


def test_a_photo_stays_as_long_as_the_register_shows_it(app, director):
    one = entered(director, photo=(io.BytesIO(picture()), "门.jpg"))
    digest = point(app, one).photo_digest
    with app.app_context(), transaction() as session:
        session.get(Photo, digest).received_at = clock.now() - timedelta(days=400)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["tick"]).exit_code == 0
    assert director.get(f"/api/photos/{digest}").status_code == 200
    director.post(f"/points/{one}/edit", data={"no_photo": "1"})
    assert runner.invoke(args=["tick"]).exit_code == 0
    assert director.get(f"/api/photos/{digest}").status_code == 410  # gone, and said so


def test_closing_and_reopening_are_dated_and_keep_their_reason(app, cast, director):
    one = cast.points["额尔敦社区居委会"]
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    director.post(f"/points/{one}/close", data={"day": yesterday, "reason": "小区拆迁"})
    assert point(app, one).closed_on == TODAY - timedelta(days=1)
    again = director.post(f"/points/{one}/close", data={"day": TODAY.isoformat()})
    assert (again.status_code, "这一天该接转点已停用" in words(again)) == (422, True)
    director.post(f"/points/{one}/reopen", data={"day": TODAY.isoformat()})
    page = words(director.get(f"/points/{one}"))
    assert "小区拆迁" in page and "重新启用" in page
    assert point(app, one).closed_on is None


def test_confirming_twice_on_one_day_is_one_confirmation(app, cast, director):
    one = cast.points["额尔敦社区居委会"]
    assert "90 天内没有录入" in words(director.get(f"/points/{one}"))
    for _ in range(2):
        director.post(f"/points/{one}/confirm")
    assert count(app, RelayChange) == 1
    assert "90 天内没有录入" not in words(director.get(f"/points/{one}"))


def test_all_visits_stand_on_the_points_page_the_newest_first(app, cast, director):
    one = cast.points["额尔敦社区居委会"]
    photo = {"sha256": "ab" * 32, "size": 10, "type": "image/jpeg"}
    for days, answers in ((40, {}), (3, {"sign": "fail"})):
        verdict = "fail" if answers else "pass"
        item = {
            "subject": one,
            "verdict": verdict,
            "answers": answers,
            "photos": [photo],
            "position": "no-signal",
        }
        day = (TODAY - timedelta(days=days)).isoformat()
        assert (
            send(app, cast, "inspector", envelope(inspection([item], kind="relay", date=day))).state
            == "stored"
        )
    page = director.get(f"/points/{one}")
    marks = re.findall(r'class="card item item-(pass|fail)"', page.text)
    assert marks == ["fail", "pass"]
    assert "走访记录 2 · 不合格 1" in words(page)
    assert "未公示标识或联系方式" in words(page)
    visit = director.get(re.search(r'href="(/inspections/[^"#]+)', page.text)[1])
    assert f'href="/points/{one}"' in visit.text  # and from the visit back to the point
    assert "最近走访" in words(page) and "尚未收到" in words(page)


# ---------------------------------------------------------------- the list


def test_the_list_is_searched_by_initials_and_filtered_by_kind_and_route(cast, director):
    def names(**query) -> list[str]:
        page = director.post("/points", data={"unit": CITY, **query}, follow_redirects=True).text
        return re.findall(r'href="/points/[0-9a-f-]{36}">([^<]+)</a>', page)

    assert len(names()) == 8
    assert names(search="eed") == ["额尔敦社区居委会"]
    assert set(names(kind="mail-room", search="社区")) == {
        "乌兰图嘎社区居委会",
        "兴盛社区居委会",
        "甘珠尔社区居委会",
        "伊利勒特社区居委会",
    }
    assert (len(names(route=cast.routes[CITY, "1"])), names(route="none")) == (8, [])
    assert (len(names(state="unconfirmed")), names(state="closed")) == (8, [])
    director.post(f"/points/{cast.points['额尔敦社区居委会']}/confirm")
    assert len(names(state="unconfirmed")) == 7


def test_a_county_manager_turns_to_another_department_of_the_county(app, cast):
    county = client_for(app, cast, "county")
    page = words(county.get(f"/points?unit={RURAL}"))
    assert "宝力根苏木支局 接转点台账" in page
    assert "陶力嘎查" not in page
    assert "接转点" in words(county.get("/ledger"))  # the way there


# ---------------------------------------------------------------- files


def upload(client, text: str | bytes, unit: str = CITY, **form):
    data = text if isinstance(text, bytes) else text.encode("utf-8-sig")
    form = {"file": (io.BytesIO(data), "台账.csv"), **form}
    return client.post(f"/points/import?unit={unit}", data=form, content_type="multipart/form-data")


def confirm(client, previewed, unit: str = CITY):
    waiting = re.search(r'name="rows" value="([^"]+)"', previewed.text)
    assert waiting, words(previewed)
    return client.post(
        f"/points/import/confirm?unit={unit}", data={"rows": waiting[1]}, follow_redirects=True
    )


ROWS = f"""宝力根街道投递部接转点台账,,,,,,,,,
{HEADER}
站前小区物业,物业,团结大街5号,白音,+86 13904790000,一段,书面,43.93341,116.08612,周日休息
财政局收发室,收发室,,其木格,13904790001,2,,,,
额尔敦社区居委会,物业,胜利路,,,1,口头,,,
"""


def test_a_list_is_imported_after_a_look_and_the_same_file_again_changes_nothing(app, cast, director):
    previewed = upload(director, ROWS)
    page = words(previewed)
    for said in (
        "新增 2",
        "变更 1",
        "有错误的行 0",
        "额尔敦社区居委会",
        "地址: — → 改为 胜利路",
        "协议: 无协议 → 改为 口头",
    ):
        assert said in page
    assert count(app, RelayChange) == 0  # a look changes nothing
    assert "已登记 3 个接转点" in words(confirm(director, previewed))
    again = upload(director, ROWS)
    assert "不用导入" in words(again)
    found = read(
        app,
        lambda session: session.scalars(select(RelayPoint).where(RelayPoint.name == "站前小区物业")).one(),
    )
    assert (found.kind, found.keeper, found.contact) == ("property", "白音", "+86 13904790000")
    assert (found.route_id, found.agreement, found.longitude) == (
        cast.routes[CITY, "1"],
        "written",
        116.08612,
    )
    assert faults(app) == []


def test_the_same_preview_confirmed_twice_enters_each_point_once(app, director):
    previewed = upload(director, ROWS)
    assert "已登记 3 个接转点" in words(confirm(director, previewed))
    assert "没有变化" in words(confirm(director, previewed))
    assert count(app, RelayChange) == 3


BAD = f"""{HEADER},编号
,物业,,,,,,,,,
甲小区,小卖部,,,,,,,,,
乙小区,,,,,,,,,,
丙小区,物业,,,,9段,,,,,
丁小区,物业,,,,,也许,,,,
戊小区,物业,,,,,,95,116,,
己小区,物业,,,,,,43.9,,,
庚小区,物业,,,,,,,,,01234567-0000-7000-8000-000000000000
辛小区,物业,,{"长" * 41},,,,,,,
好小区,物业,,,,,,,,,
好小区,物业,,,,,,,,,
"""


def test_every_bad_row_is_shown_with_its_line_and_reason_and_the_good_one_is_taken(app, director):
    previewed = upload(director, BAD)
    page = words(previewed)
    for said in (
        "第 2 行 名称 请填写",
        "第 3 行 类别 没有“小卖部”这个类别",
        "第 4 行 类别 请填写",
        "第 5 行 道段 没有道段“9段”",
        "第 6 行 协议 没有“也许”这种协议",
        "第 7 行 纬度 请填度数",
        "第 8 行 经度 纬度和经度须同时填写",
        "第 9 行 编号 本单位没有编号为",
        "第 10 行 负责人",
        "第 12 行 名称 与第 11 行是同一个接转点",
        "新增 1",
    ):
        assert said in page
    confirm(director, previewed)
    assert count(app, RelayChange) == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_can_be_imported_again_and_a_corrected_one_corrects(app, director, ending):
    entered(director, latitude="43.93341", longitude="116.08612", note="=1+1")
    file = director.get(f"/points/export.{ending}?unit={CITY}&state=all").data
    assert ending == "xlsx" or file.startswith("\ufeff编号（勿改）,名称,类别".encode())
    assert "不用导入" in words(upload(director, file))
    corrected = correct(file, ending)
    page = upload(director, corrected)
    assert "负责人: 白音 → 改为 娜仁" in words(page)
    confirm(director, page)
    found = read(
        app,
        lambda session: session.scalars(select(RelayPoint).where(RelayPoint.name == "站前小区物业")).one(),
    )
    assert (found.keeper, found.contact, found.note) == ("娜仁", "+86 13904790000", "=1+1")
    assert count(app, RelayPoint) == 22


def correct(file: bytes, ending: str) -> bytes:
    """The file with another keeper, as somebody would do it in Excel."""
    if ending == "csv":
        return file.replace("白音".encode(), "娜仁".encode())
    book = openpyxl.load_workbook(io.BytesIO(file))
    for row in book.active.iter_rows():
        for cell in row:
            cell.value = "娜仁" if cell.value == "白音" else cell.value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_english_export_is_read_in_chinese_and_holds_only_what_the_list_shows(director):
    file = director.get(f"/points/export.csv?unit={CITY}&kind=mail-room&lang=en").data.decode("utf-8-sig")
    assert file.splitlines()[0].startswith("id (keep),name,kind")
    assert file.count("mail room") == 4 and "property office" not in file
    assert "不用导入" in words(upload(director, file))


def test_likely_doubles_in_a_file_are_pointed_out_and_entered_all_the_same(director):
    rows = f"{HEADER}\n额尔敦社区居委会,物业,,,,2,,,,\n东门收发室,收发室,,,,1,,43.93,116.08,\n西门收发室,收发室,,,,1,,43.93001,116.08001,\n"
    page = words(upload(director, rows))
    assert "可能与“额尔敦社区居委会”重复：名称相同" in page
    assert "第 4 行 名称 可能与“东门收发室”重复：30 米内有同类接转点" in page
    assert "新增 3" in page


def test_a_closed_point_is_not_reopened_by_a_file(app, cast, director):
    one = cast.points["额尔敦社区居委会"]
    director.post(f"/points/{one}/close", data={})
    file = director.get(f"/points/export.csv?unit={CITY}&state=all").data
    assert "不用导入" in words(upload(director, file))
    page = words(upload(director, f"{HEADER}\n额尔敦社区居委会,物业,,,,1,,,,\n"))
    assert "“额尔敦社区居委会”已停用" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件是空的"),
        ("姓名,电话\n甲,1\n".encode(), "哪一列是“名称”？"),
        (("名称,类别\n" + "甲,物业\n" * 2001).encode(), "超过 2,000 行"),
    ],
)
def test_a_file_that_is_no_register_is_not_read(director, data, said):
    answer = upload(director, data)
    assert (answer.status_code, said in words(answer)) == (422, True), words(answer)


def test_a_preview_of_one_person_is_nothing_to_another(app, cast, director):
    previewed = upload(director, ROWS)
    waiting = re.search(r'name="rows" value="([^"]+)"', previewed.text)[1]
    county = client_for(app, cast, "county")
    answer = county.post(f"/points/import/confirm?unit={CITY}", data={"rows": waiting})
    assert answer.status_code == 400
    assert count(app, RelayChange) == 0


def test_the_desks_changes_are_facts_in_the_journal(app, cast, director):
    one = entered(director)
    facts = read(
        app, lambda session: session.execute(select(Fact.type, Fact.acting_code, Fact.personal)).all()
    )
    assert [(kind, unit) for kind, unit, _ in facts] == [("point", CITY)]
    assert "白音" in facts[0].personal and "白音" not in read(app, lambda s: s.scalar(select(Fact.open)))
    assert send(app, cast, "director", envelope(change("confirm", one))).state == "stored"
    assert send(app, cast, "director", envelope(opening(point=one))).problem.fields == {"point": "known"}


# ---------------------------------------------------------------- where visits stood


def visit(point: str, positions: list[tuple[float, float, float]]) -> dict:
    """What a phone sends of a visit; the position of its one item."""
    item = {"subject": point, "verdict": "pass", "answers": {}, "position": "given"}
    item["photos"] = [{"sha256": "cd" * 32, "size": 900, "type": "image/jpeg"}]
    said = {
        str(n): {"latitude": latitude, "longitude": longitude, "accuracy": accuracy}
        for n, (latitude, longitude, accuracy) in enumerate(positions)
    }
    return envelope(inspection([item], kind="relay"), {"positions": said})


def test_the_keeper_takes_the_place_of_a_visit_into_the_register(app, cast, director):
    one = cast.points["回民社区居委会"]
    good, vague = visit(one, [(43.94, 116.07, 12)]), visit(one, [(43.90, 116.07, 400)])
    for sent in (vague, good):
        assert send(app, cast, "inspector", sent).state == "stored"
    page = words(director.get(f"/points/{one}/edit"))
    assert "43.94000, 116.07000" in page
    assert "43.90000" not in page, "too vague to be kept"
    filled = director.get(f"/points/{one}/edit?place={good['id']}").text
    assert 'value="43.94"' in filled
    assert read(app, lambda session: session.get(RelayPoint, one).latitude) is None, "looking changes nothing"
    form = {**FORM, "name": "回民社区居委会", "latitude": "43.94", "longitude": "116.07"}
    assert director.post(f"/points/{one}/edit", data=form).status_code == 302
    assert read(app, lambda session: session.get(RelayPoint, one).latitude) == 43.94
    assert "距登记位置 0 米" in words(director.get(f"/points/{one}/edit"))


def test_a_place_that_no_visit_here_knows_is_not_found(app, cast, director):
    one, other = cast.points["回民社区居委会"], cast.points["兴盛社区居委会"]
    there = visit(other, [(43.94, 116.07, 12)])
    assert send(app, cast, "inspector", there).state == "stored"
    assert director.get(f"/points/{one}/edit?place={there['id']}").status_code == 404
    assert director.get(f"/points/{one}/edit?place=x").status_code == 404
