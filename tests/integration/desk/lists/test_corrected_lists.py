"""A second file about the same numbers, names that are nearly others, and what Excel hides: what an import takes, and asks."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY
from tests.desk_lists import DAY, confirm, imported, items, listed, post, upload, words
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.journal.models import JournalRow
from webapp.ledger.operations import differences
from webapp.org.models import Person, Role, Route, RouteCarrier, Unit
from webapp.sampling import queries
from webapp.sampling.models import Manifest

HEAD = "邮件号,邮件种类,道段,投递员,退回,退回原因"
NUMBER = "9876543210001"


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return company.client_for(app, cast, "director")


def rows(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines]).encode()


def add_route(app, cast, code: str, name: str, carrier: str | None = None) -> str:
    with app.app_context(), transaction() as session:
        route = Route(id=new_id(), unit_code=CITY, code=code, name=name)
        session.add(route)
        session.flush()
        if carrier:
            walk = RouteCarrier(id=new_id(), route_id=route.id, first_day=company.FIRST_DAY)
            walk.person_id = cast.people[carrier]
            session.add(walk)
        return route.id


def add_carrier(app, login: str, name: str) -> str:
    with app.app_context(), transaction() as session:
        person = Person(id=new_id(), login=login, name=name, created_at=company.clock.now())
        session.add(person)
        session.flush()
        role = Role(
            id=new_id(), person_id=person.id, unit_code=CITY, role="carrier", first_day=company.FIRST_DAY
        )
        session.add(role)
        return person.id


def the_ledger_is_right(app) -> bool:
    def wrong(session):
        return differences(session, session.get(Unit, CITY), company.clock.now())

    return company.read(app, wrong) == []


def changes_in_the_journal(app) -> int:
    changes = select(JournalRow).where(JournalRow.entry == "lists")
    return company.read(app, lambda session: len(session.scalars(changes).all()))


# ---------------------------------------------------------------- which route, which carrier


def test_routes_11_and_1_1_are_two_carriers(app, cast, director):
    eleven = add_route(app, cast, "11", "十一段", "carrier")
    dashed = add_route(app, cast, "1-1", "一之一", "carrier2")
    found = items(app, imported(director, rows("9876543210001,特快,11,,,", "9876543210002,特快,1-1,,,")))
    assert [(row.route_id, row.delivered_by) for row in found.values()] == [
        (eleven, cast.people["carrier"]),
        (dashed, cast.people["carrier2"]),
    ]


def test_a_route_that_is_only_alike_is_asked_about_and_never_taken(app, cast, director):
    add_route(app, cast, "1-1", "一之一", "carrier2")
    for written in ("11", "01-1", "1－ 1", "1_1", "01", "1.0", "1月1日", "2026/1/1", "*1"):
        text = words(upload(director, rows(f"{NUMBER},特快,{written},,,")))
        assert "没有道段“" in text and "导入 1 件" not in text, written
    assert "是不是：1-1 一之一？" in words(upload(director, rows(f"{NUMBER},特快,11,,,")))
    assert "是不是：1 一段？" in words(upload(director, rows(f"{NUMBER},特快,01,,,")))
    assert "是不是：1-1 一之一？" in words(upload(director, rows(f"{NUMBER},特快,2026/1/1,,,")))


def test_two_routes_of_one_name_are_ambiguous_and_both_are_named(app, cast, director):
    third = add_route(app, cast, "3", "一段", "carrier2")
    text = words(upload(director, rows(f"{NUMBER},特快,一段,,,")))
    assert "“一段”可以是：1 一段、3 一段" in text and "导入 1 件" not in text
    found = items(app, imported(director, rows(f"{NUMBER},特快,3 一段,,,")))
    assert found[NUMBER].route_id == third


def test_a_number_in_a_workbook_that_may_have_lost_its_zeros_is_asked_about(app, cast, director):
    add_route(app, cast, "01", "零一段")
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["邮件号", "邮件种类", "道段"])
    book.active.append([NUMBER, "特快", 1])
    book.active.append(["9876543210002", "特快", "1"])
    book.active.append(["9876543210003", "特快", 2])
    book.save(out)
    text = words(upload(director, out.getvalue()))
    assert "第 2 行 道段 “1”可以是：1 一段、01 零一段" in text
    assert "导入 2 件" in text


def test_logins_li_na_and_lina_are_two_people(app, cast, director):
    dashed, plain = add_carrier(app, "li-na", "李娜"), add_carrier(app, "lina", "李纳")
    found = items(
        app, imported(director, rows("9876543210001,特快,1,li-na,,", "9876543210002,特快,1,LiNa,,"))
    )
    assert [row.delivered_by for row in found.values()] == [dashed, plain]
    text = words(upload(director, rows("9876543210003,特快,1,li_na,,")))
    assert "没有投递员“li_na”" in text and "李娜（li-na）、李纳（lina）" in text


def test_a_login_that_is_anothers_name_is_ambiguous(app, cast, director):
    add_carrier(app, "王芳", "孙丽")
    second = add_carrier(app, "d9", "王芳")
    page = upload(director, rows(f"{NUMBER},特快,1,王芳,,"))
    assert "“王芳”可以是：王芳（d9）、孙丽（王芳）" in words(page)
    assert f'href="/people/{second}"' in page.text
    found = items(app, imported(director, rows(f"{NUMBER},特快,1,王芳（D9）,,")))
    assert found[NUMBER].delivered_by == second


def test_a_dash_in_the_column_returned_is_not_no(director):
    assert "既不是“是”也不是“否”" in words(upload(director, rows(f"{NUMBER},特快,1,,-,")))


def test_a_wrong_row_leads_to_where_it_is_mended(app, cast, director):
    page = upload(director, rows(f"{NUMBER},特快,9,何人,,", "9876543210002,特快,9,何人,,"))
    assert f'href="/people?unit={CITY}"' in page.text
    assert "道段由旗县局维护" in words(page)
    assert "第 2–3 行 共 2 行 道段 没有道段“9”" in words(page)


# ---------------------------------------------------------------- a corrected file


def test_a_corrected_file_shows_each_difference_and_changes_the_list_that_is_not_sealed(app, cast, director):
    manifest = imported(director, rows(f"{NUMBER},特快,1,,,", "9876543210002,特快,1,,,"))
    page = upload(director, rows(f"{NUMBER},国内小包,2,,是,拒收", "9876543210002,特快,1,,,"))
    text = words(page)
    for said in ("邮件种类: 特快 → 改为 国内小包", "道段: 1 一段 → 改为 2 二段", "投递员: 张巴图 → 改为 王其其格",
                 "退回: 否 → 改为 是", "退回原因: — → 改为 收件人拒收", "清单上已有 1", "更改 1 件"):  # fmt: skip
        assert said in text, said
    assert items(app, manifest)[NUMBER].mail_class == "express"
    before = changes_in_the_journal(app)
    assert confirm(director, page).location == f"/manifests/{manifest}"
    row = items(app, manifest)[NUMBER]
    assert (row.mail_class, row.route_id, row.delivered_by) == (
        "parcel",
        cast.routes[CITY, "2"],
        cast.people["carrier2"],
    )
    assert (row.returned, row.return_reason) == (True, "收件人拒收")
    assert changes_in_the_journal(app) == before + 1
    assert the_ledger_is_right(app)
    again = upload(director, rows(f"{NUMBER},国内小包,2,,是,拒收"))
    assert "清单上已有 1" in words(again) and 'name="rows"' not in again.text


def test_a_column_that_the_second_file_does_not_have_changes_nothing(app, cast, director):
    manifest = imported(director, rows(f"{NUMBER},特快,1,carrier2,是,拒收"))
    page = upload(director, rows(f"{NUMBER},国内小包", head="邮件号,邮件种类"))
    assert confirm(director, page).status_code == 302
    row = items(app, manifest)[NUMBER]
    assert (row.mail_class, row.route_id, row.delivered_by) == (
        "parcel",
        cast.routes[CITY, "1"],
        cast.people["carrier2"],
    )
    assert (row.returned, row.return_reason) == (True, "收件人拒收")


def test_a_list_that_changed_between_preview_and_confirmation_is_not_changed_blindly(app, cast, director):
    manifest = imported(director, rows(f"{NUMBER},特快,1,,,"))
    first = upload(director, rows(f"{NUMBER},国内小包,1,,,"))
    assert confirm(director, upload(director, rows(f"{NUMBER},给据函件,1,,,"))).status_code == 302
    answer = confirm(director, first)
    assert answer.status_code == 409 and "有了变化" in words(answer)
    assert items(app, manifest)[NUMBER].mail_class == "registered"


def test_of_a_sealed_list_a_later_return_goes_on_a_supplement_and_the_rest_is_said(app, cast, director):
    manifest = imported(director, rows(f"{NUMBER},特快,1,,,", "9876543210002,特快,1,,,"))
    post(director, manifest, "seal")
    page = upload(director, rows(f"{NUMBER},特快,1,,是,拒收", "9876543210002,国内小包,2,,,"))
    text = words(page)
    assert "封存后退回" in text and "退回: 否 → 改为 是" in text
    assert "邮件种类: 特快 → 改为 国内小包" in text and "道段: 1 一段 → 改为 2 二段" in text
    assert "换人投递" in text and f'href="/manifests/{manifest}"' in page.text
    assert "导入 1 件" in text
    supplement = confirm(director, page).location.rpartition("/")[2]
    assert supplement != manifest
    assert items(app, manifest)[NUMBER].returned is False
    post(director, supplement, "seal")
    counts = company.read(app, lambda session: queries.volumes(session, CITY, DAY, DAY))
    assert counts[DAY, "express"] == 2  # a number on two lists of a day is one item
    assert company.read(app, lambda session: queries.returned_on(session, CITY, DAY)) == {"express": 1}
    again = upload(director, rows(f"{NUMBER},特快,1,,是,拒收"))
    assert "清单上已有 1" in words(again)


# ---------------------------------------------------------------- nothing came


def volumes(app) -> dict:
    return company.read(app, lambda session: queries.volumes(session, CITY, DAY, DAY))


def test_a_sealed_empty_list_is_a_recorded_zero(app, cast, director):
    answer = director.post(f"/manifests/empty?unit={CITY}", data={"day": DAY.isoformat()})
    manifest = answer.location.rpartition("/")[2]
    assert volumes(app) == {}
    assert "封存后即记录" in words(director.get(f"/manifests/{manifest}"))
    assert post(director, manifest, "seal").status_code == 302
    assert volumes(app) == {(DAY, name): 0 for name in ("express", "registered", "parcel")}
    assert "已记录：当天没有进口" in words(director.get(f"/manifests/{manifest}"))
    assert "没有进口" in words(director.get(f"/manifests?unit={CITY}"))
    assert post(director, manifest, "reveal").status_code == 422
    assert director.get(f"/manifests/{manifest}/list.txt").data == b""
    assert the_ledger_is_right(app)


def test_an_empty_list_is_undone_until_it_is_sealed_and_takes_a_supplement_afterwards(app, cast, director):
    first = director.post(f"/manifests/empty?unit={CITY}", data={"day": DAY.isoformat()}).location.rpartition(
        "/"
    )[2]
    assert post(director, first, "discard").status_code == 302
    again = director.post(f"/manifests/empty?unit={CITY}", data={"day": DAY.isoformat()}).location.rpartition(
        "/"
    )[2]
    post(director, again, "seal")
    supplement = imported(director, listed(3))
    assert supplement != again and volumes(app) == {}  # the day is open again
    post(director, supplement, "seal")
    assert volumes(app)[DAY, "express"] == 1
    assert company.read(app, lambda session: session.get(Manifest, supplement).number) == 2


def test_a_day_that_has_a_list_or_has_not_come_cannot_be_declared_empty(app, cast, director):
    imported(director, listed(3))
    assert director.post(f"/manifests/empty?unit={CITY}", data={"day": DAY.isoformat()}).status_code == 409
    ahead = DAY + timedelta(days=1)
    assert director.post(f"/manifests/empty?unit={CITY}", data={"day": ahead.isoformat()}).status_code == 422
    for login in ("carrier", "lead", "inspector", "nextcounty"):
        client = company.client_for(app, cast, login)
        assert client.post(f"/manifests/empty?unit={CITY}", data={"day": DAY.isoformat()}).status_code in (
            403,
            404,
        )


# ---------------------------------------------------------------- what Excel hides, and merges


def workbook(fill) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["邮件号", "邮件种类", "道段", "退回", "电话"])
    for n in range(1, 5):
        book.active.append([f"987654321000{n}", "特快", "1", "是" if n == 1 else "", "1"])
    fill(book.active)
    book.save(out)
    return out.getvalue()


def answer(client, page, choice: str):
    waiting = re.search(r'name="rows" value="([^"]+)"', page.text)[1]
    form = {"rows": waiting, "hidden": choice}
    return client.post(f"/manifests/import?unit={CITY}", data=form)


def hide(sheet) -> None:
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["D"].hidden = True


def test_rows_and_columns_that_excel_hides_are_asked_about_before_anything_is_imported(app, cast, director):
    page = upload(director, workbook(hide), "list.xlsx")
    text = words(page)
    assert "还没有导入任何内容" in text and "2 行" in text and "第 3–4 行" in text and "1 列: 退回" in text
    assert "导入 4 件" not in text
    left, taken = answer(director, page, "leave"), answer(director, page, "take")
    assert "导入 2 件" in words(left) and "已略去隐藏的内容：2 行 · 1 列" in words(left)
    assert "导入 4 件" in words(taken)
    found = items(app, confirm(director, left).location.rpartition("/")[2])
    assert sorted(found) == ["9876543210001", "9876543210004"]
    assert not found["9876543210001"].returned


def test_a_hidden_column_that_is_not_read_asks_nothing(director):
    def hide_telephone(sheet):
        sheet.column_dimensions["E"].hidden = True

    assert "导入 4 件" in words(upload(director, workbook(hide_telephone), "list.xlsx"))


def test_full_names_do_not_wait_in_the_question(director):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["邮件号", "邮件种类", "收件人", "地址"])
    book.active.append([NUMBER, "特快", "张三丰", "锡林大街128号金色家园3号楼2单元501室"])
    book.active.append(["9876543210002", "特快", "李四", ""])
    book.active.row_dimensions[3].hidden = True
    book.save(out)
    page = upload(director, out.getvalue(), "list.xlsx")
    waiting = re.search(r'name="rows" value="([^"]+)"', page.text)[1]
    kept = str(URLSafeTimedSerializer("x").load_payload(waiting.rsplit(".", 2)[0].encode()))
    assert "张*" in kept and "金色家园3号楼" in kept
    assert "张三丰" not in kept and "锡林大街" not in kept


def test_a_route_merged_over_its_items_belongs_to_each_of_them(app, cast, director):
    def merge(sheet):
        sheet.merge_cells("C2:C4")
        sheet["C5"] = "2"

    found = items(app, imported(director, workbook(merge), name="list.xlsx"))
    assert [row.delivered_by for row in found.values()] == [cast.people["carrier"]] * 3 + [
        cast.people["carrier2"]
    ]


def test_a_header_of_two_rows_is_no_item(director):
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["投递清单"])
    sheet.append(["邮件号", "邮件种类", "收件人", None])
    sheet.append([None, None, "姓名", "地址"])
    sheet.append([NUMBER, "特快", "张三", "3号楼"])
    for cells in ("A1:D1", "A2:A3", "B2:B3", "C2:D2"):
        sheet.merge_cells(cells)
    book.save(out)
    text = words(upload(director, out.getvalue(), "list.xlsx"))
    assert "导入 1 件" in text and "有错误的行 0" in text


def test_a_number_that_a_spreadsheet_has_rounded_or_made_negative_says_why(director):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["邮件号", "邮件种类"])
    for number in (98765432109876543, -5, 123456789012345):
        book.active.append([number, "特快"])
    book.save(out)
    text = words(upload(director, out.getvalue(), "list.xlsx"))
    assert "第 2 行 邮件号 “98765432109876540”已被表格软件取整" in text
    assert "第 3 行 邮件号 “-5”是负数" in text
    assert "导入 1 件" in text
    csv = "邮件号,邮件种类\n1e999,特快\n-9876543210001,特快\n9.87654E+12,特快\n"
    assert words(upload(director, csv.encode())).count("取整") == 2
