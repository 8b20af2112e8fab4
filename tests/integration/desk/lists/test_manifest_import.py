"""From the office's file to the draft: what is read, what is refused and why, and what is never kept."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY
from tests.desk_lists import DAY, confirm, imported, items, listed, upload, words
from webapp.core.database import transaction
from webapp.core.dates import day_text
from webapp.org.models import Person, Route
from webapp.sampling.models import Manifest, ManifestItem

# In any order, with a title above, a remark in the header, and a column that is none of ours.
GOOD = """宝力根街道投递部投递清单,,,,,,
收件人姓名,道段,邮件种类,邮件号（必填）,收件人电话,投递日期,楼栋
张三,1,特快,ea 1000 0000 1cn,13904790000,{day},3号楼
李四,二段,挂号,9876543210987,13904790001,{day:%Y/%m/%d},
王五,2,国内小包,ＫＡ１２３４５６７８９０１,13904790002,,5号楼
"""
BAD = """邮件号,邮件种类,道段,日期,投递员,退回
,特快,1,,,
{long},特快,1,,,
9876543210001,特快,9,,,
9876543210002,特快,1,{other},,
9876543210003,快件,1,,,
9876543210004,特快,1,,何人,
9876543210005,特快,1,,,
9876543210005,包裹,2,,,
9.87654E+12,特快,1,,,
9876543210006,特快,1,,,也许
""".format(long="9" * 41, other=DAY - timedelta(days=1))


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return company.client_for(app, cast, "director")


def test_a_list_from_a_chinese_excel_is_imported_without_full_names(app, cast, director):
    preview = upload(director, GOOD.format(day=DAY).encode("gb18030"))
    assert preview.status_code == 200
    assert "导入 3 件" in words(preview)
    manifest = imported(director, GOOD.format(day=DAY).encode("gb18030"))
    rows = items(app, manifest)
    assert sorted(rows) == ["9876543210987", "EA100000001CN", "KA12345678901"]
    parcel = rows["KA12345678901"]
    assert (parcel.mail_class, parcel.masked_name, parcel.address_tag) == ("parcel", "王*", "5号楼")
    assert parcel.route_id == cast.routes[CITY, "2"]
    assert parcel.delivered_by == cast.people["carrier2"]
    assert rows["EA100000001CN"].delivered_by == cast.people["carrier"]
    page = director.get(f"/manifests/{manifest}")
    for secret in ("张三", "李四", "13904790000"):
        assert secret not in preview.text + page.text


def test_a_carrier_is_found_however_the_file_spells_the_name_or_the_login(app, cast, director):
    called = {"carrier": "王芳", "carrier2": "孟和·巴图"}
    with app.app_context(), transaction() as session:
        for login, name in called.items():
            session.get(Person, cast.people[login]).name = name
    rows = {
        "王　芳": "carrier",
        "ＣＡＲＲＩＥＲ": "carrier",
        "孟和・巴图": "carrier2",
        "孟和 • 巴图": "carrier2",
    }
    file = "邮件号,邮件种类,投递员\n" + "".join(f"987654321000{n},特快,{one}\n" for n, one in enumerate(rows))
    found = items(app, imported(director, file.encode()))
    assert [found[f"987654321000{n}"].delivered_by for n in range(len(rows))] == [
        cast.people[login] for login in rows.values()
    ]


def test_two_people_whose_names_are_spelt_alike_are_asked_about(app, cast, director):
    with app.app_context(), transaction() as session:  # one of a release that stored names as they were typed
        session.get(Person, cast.people["carrier"]).name = "王　芳"
        session.get(Person, cast.people["carrier2"]).name = "王芳"
    for written in ("王芳", "王　芳"):
        said = words(upload(director, f"邮件号,邮件种类,投递员\n9876543210001,特快,{written}\n".encode()))
        assert "可以是" in said and "（carrier）" in said and "（carrier2）" in said


def test_no_street_door_name_or_telephone_is_kept_of_an_address_or_a_reason(app, director):
    rows = """邮件号,邮件种类,收件人姓名,地址,退回,退件原因
1000000000001,特快,张三,锡林大街128号3号楼2单元501室,,
1000000000002,特快,李四,锡林浩特市宝力根街道金色家园7栋李四收,√,李四 13904790000 关机
1000000000003,特快,,锡林大街128号,是,邻居说锡林大街130号没人
1000000000004,特快,,5号楼,✓,雪大 99号路不通
"""
    preview = upload(director, rows.encode())
    text = words(preview)
    assert "3 个地址只保留小区或楼栋" in text and "3 条退回原因按规范用语归类" in text
    manifest = imported(director, rows.encode())
    found = [items(app, manifest)[f"{1000000000000 + n}"] for n in (1, 2, 3, 4)]
    assert [row.address_tag for row in found] == ["3号楼", "金色家园7栋", None, "5号楼"]
    assert found[1].return_reason == "无法联系收件人"
    assert all(row.return_reason.startswith("其他：") for row in found[2:])
    page = director.get(f"/manifests/{manifest}")
    for secret in ("锡林大街", "128号", "501", "130号", "99号", "张三", "李四", "13904790000"):
        assert secret not in preview.text + page.text
        assert not any(secret in f"{row.address_tag} {row.return_reason}" for row in found)
    assert "无法联系收件人" in words(page)
    assert "The addressee cannot be reached" in words(director.get(f"/manifests/{manifest}?lang=en"))


def test_headers_and_classes_as_other_systems_write_them(app, cast, director):
    rows = (
        "邮件条码,业务种类,段道名称,楼号,退回标志,退件原因",
        "1000000000001,标准快递,一段,3,√,拒收",
        "1000000000002,标快,二段,2单元501,,",
        "1000000000003,快递包裹,一段,A座,✓,",
        "1000000000004,快包,一段,,否,",
        "1000000000005,挂号印刷品,一段,,×,",
    )
    english = "Item No.,Class,Address tag,Returned?,Reason of return\n1000000000006,Parcels,Building 3,x,unclaimed\n"
    manifest = imported(director, "\n".join(rows).encode("gb18030"))
    preview = upload(director, english.encode())
    assert "“x”按已退回读取" in words(preview)
    assert confirm(director, preview).status_code == 302
    found = list(items(app, manifest).values())
    assert [row.mail_class for row in found] == [
        "express",
        "express",
        "parcel",
        "parcel",
        "registered",
        "parcel",
    ]
    assert [row.returned for row in found] == [True, False, True, False, False, True]
    assert [row.address_tag for row in found] == ["3", None, "A座", None, None, "Building 3"]
    assert [row.return_reason for row in found] == ["收件人拒收", None, None, None, None, "逾期未领"]
    assert found[0].route_id == cast.routes[CITY, "1"]


def test_a_good_row_is_no_duplicate_of_a_bad_one(director):
    rows = "邮件号,邮件种类,道段\n9876543210001,特快,9\n9876543210001,特快,1\n9876543210001,特快,2\n"
    text = words(preview := upload(director, rows.encode()))
    assert "第 2 行 道段" in text and "第 4 行 邮件号 与第 3 行重复" in text
    assert confirm(director, preview).status_code == 302


def test_the_same_fault_of_thousands_of_rows_is_one_line_with_a_count(director):
    rows = [
        "邮件号,邮件种类",
        *(f"{n:013},快件" for n in range(1, 1501)),
        "9876543210001,快递",
        "9876543210002,快件",
    ]
    text = words(upload(director, "\n".join(rows).encode()))
    assert "第 2–1501、1503 行 共 1501 行 邮件种类 没有“快件”这个种类" in text
    assert text.count("没有“快件”这个种类") == 1
    assert "第 1502 行 邮件种类 没有“快递”这个种类" in text


def test_every_different_fault_of_thousands_is_on_the_page(director):
    rows = ["邮件号,邮件种类", *(f"{n:013},快件{n}" for n in range(1, 1501))]
    page = upload(director, "\n".join(rows).encode())
    assert all(f">第 {n} 行<" in page.text for n in range(2, 1502))
    assert page.text.count('<details class="remark-page" open>') == 1


def test_control_characters_in_a_file_are_not_kept(app, director):
    file = "邮件号,邮件种类,收件人,退回,退回原因\n98765\x0743210987,特快,\x08张三,1,雪\x1b大\n"
    manifest = imported(director, file.encode())
    row = items(app, manifest)["9876543210987"]
    assert (row.masked_name, row.return_reason) == ("张*", "其他：雪 大")


def test_every_bad_row_is_shown_with_its_line_and_reason(director):
    page = upload(director, BAD.encode("utf-8-sig"))
    text = words(page)
    for said in (
        "第 2 行 邮件号 邮件号为空",
        "第 3 行 邮件号 邮件号超过 40 个字符",
        "第 4 行 道段 没有道段“9”",
        f"第 5 行 日期 日期是 {DAY - timedelta(days=1)}，清单是 {DAY}",
        "第 6 行 邮件种类 没有“快件”这个种类",
        "第 7 行 投递员 当天本单位没有投递员“何人”",
        "第 9 行 邮件号 与第 8 行重复",
        "第 10 行 邮件号 “9.87654E+12”已被表格软件取整",
        "第 11 行 退回 “也许”既不是“是”也不是“否”",
    ):
        assert said in text
    assert "导入 1 件" in text


def test_the_same_reasons_in_english(director):
    text = words(
        director.post(
            f"/manifests/import?unit={CITY}&lang=en",
            data={"day": str(DAY), "file": (io.BytesIO(BAD.encode()), "x.csv")},
        )
    )
    assert "Line 9 Number the same number as in line 8" in text
    assert "Line 6 Class unknown class “快件”" in text


def test_a_workbook_is_read_like_a_csv(app, cast, director):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (
        ["Barcode", "Type", "Route", "Date", "Carrier", "Returned", "Reason"],
        [9876543210987, "EMS", 1, DAY, "carrier2", "Y", "地址不详 13904790000"],
        [None, "EMS", 1],
    ):
        book.active.append(row)
    book.save(out)
    text = words(preview := upload(director, out.getvalue(), "list.xlsx"))
    assert "第 3 行 邮件号 邮件号为空" in text
    assert "1 条退回原因按规范用语归类" in text
    assert confirm(director, preview).status_code == 302
    [row] = company.read(app, lambda session: session.scalars(select(ManifestItem)).all())
    assert (row.number, row.mail_class, row.delivered_by) == (
        "9876543210987",
        "express",
        cast.people["carrier2"],
    )
    assert (row.returned, row.return_reason) == (True, "地址不详")


def test_the_same_file_again_changes_nothing(app, director):
    manifest = imported(director, listed(5))
    again = upload(director, listed(5))
    assert "清单上已有 5" in words(again)
    assert 'name="rows"' not in again.text
    previewed = upload(director, listed(7))  # two more: only they are imported
    assert confirm(director, previewed).status_code == 302
    assert len(items(app, manifest)) == 7
    answer = confirm(director, previewed)  # the same confirmation sent twice
    assert answer.location == f"/manifests?unit={CITY}"
    assert "没有变化" in words(director.get(answer.location))
    assert len(items(app, manifest)) == 7


def test_a_file_that_is_no_table_says_what_to_do(director):
    for data, said in (
        (b"\x89PNG\r\n\x1a\n\x00\x00", "另存为"),
        (b"", "文件是空的"),
        (b"PK\x03\x04oops", "不完整或已损坏"),
        ("道段,收件人\n1,张三\n".encode(), "邮件号"),
        (b'a,"b\n', "第 1 行"),
    ):
        page = upload(director, data)
        assert page.status_code == 422
        assert said in words(page)
    page = director.post(f"/manifests/import?unit={CITY}", data={"day": DAY.isoformat()})
    assert "请选择文件" in words(page)


def test_a_list_of_next_week_is_refused(director):
    page = upload(director, listed(3), day=DAY + timedelta(days=7))
    assert page.status_code == 422
    assert f"日期只能是2026年1月1日至{day_text(DAY + timedelta(days=1), 'zh')}" in words(page)


@pytest.mark.parametrize("day", ["0001-01-01", "2025-12-31", "9999-12-31", "gestern", "2026-02-30"])
def test_a_day_before_the_department_or_none_at_all_is_refused_beside_its_field(app, director, day):
    form = {"day": day, "file": (io.BytesIO(listed(3)), "x.csv")}
    page = director.post(f"/manifests/import?unit={CITY}", data=form)
    assert page.status_code == 422
    assert 'id="day-error"' in page.text
    assert director.get(f"/manifests/import?unit={CITY}&day={day}").status_code == 422


def test_a_preview_that_was_tampered_with_or_is_anothers_is_refused(app, cast, director):
    previewed = upload(director, listed(3))
    text = re.search(r'name="rows" value="([^"]+)"', previewed.text)[1]
    for forged in ("", "x", text[:-3] + "AAA"):
        assert director.post("/manifests/import/confirm", data={"rows": forged}).status_code == 400
    head = company.client_for(app, cast, "head")
    assert head.post("/manifests/import/confirm", data={"rows": text}).status_code == 400
    assert company.read(app, lambda session: session.scalars(select(Manifest)).all()) == []


def test_a_route_closed_between_preview_and_confirmation_stops_the_whole_import(app, cast, director):
    previewed = upload(director, listed(3) + "\n9876543219999,特快,2".encode("gb18030"))
    with app.app_context(), transaction() as session:
        session.get(Route, cast.routes[CITY, "2"]).closed_on = DAY
    answer = confirm(director, previewed)
    assert answer.status_code == 409
    assert "没有导入任何内容" in words(answer)
    assert company.read(app, lambda session: session.scalars(select(ManifestItem)).all()) == []


def test_twenty_thousand_rows_pass_through_the_preview(app, director):
    manifest = imported(director, listed(20_000))
    assert len(items(app, manifest)) == 20_000
    assert director.get(f"/manifests/{manifest}?page=100").status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_can_be_imported_as_it_is(director, ending):
    for language in ("zh", "en"):
        file = director.get(f"/manifests/template.{ending}?unit={CITY}&lang={language}")
        assert f'filename="template.{ending}"' in file.headers["Content-Disposition"]
        assert "导入 1 件" in words(upload(director, file.data, f"template.{ending}"))
