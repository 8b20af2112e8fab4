"""Files of units, routes, staff and relay points that say otherwise than what stands: shown, done where a file may, never passed over."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY, COUNTY, RURAL
from tests.desk_lists import words
from tests.desk_records import today
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.org.models import Person, Role, Route, Unit
from webapp.registers.models import RelayPoint


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def manager(app, cast):
    return company.client_for(app, cast, "county")


def send(client, sort: str, data: str | bytes):
    name = f"{sort}.csv" if isinstance(data, str) else f"{sort}.xlsx"
    file = io.BytesIO(data.encode() if isinstance(data, str) else data), name
    return client.post("/units/import", data={"sort": sort, "file": file}, content_type="multipart/form-data")


def confirmed(client, sort: str, preview, **more):
    rows = preview.text.partition('name="rows" value="')[2].partition('"')[0]
    assert rows, words(preview)
    return client.post("/units/import/confirm", data={"sort": sort, "rows": rows, **more})


def routes(app) -> dict[str, str]:
    query = select(Route.code, Route.name).where(Route.unit_code == CITY)
    return company.read(app, lambda session: dict(session.execute(query).all()))


def add_route(app, code: str, name: str, closed=None) -> str:
    with app.app_context(), transaction() as session:
        route = Route(id=new_id(), unit_code=CITY, code=code, name=name, closed_on=closed)
        session.add(route)
        return route.id


def book_of(*rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


# ---------------------------------------------------------------- routes


def test_a_route_file_shows_the_old_and_the_new_name_and_carrier(app, manager):
    page = send(
        manager,
        "routes",
        f"部门,道段号,道段名,投递员登录名\n{CITY},1,东段,carrier2\n{CITY},2,二段,carrier2\n",
    )
    text = words(page)
    assert "道段名: 一段 → 改为 东段" in text and "投递员登录名: carrier → 改为 carrier2" in text
    assert "无变化 1" in text
    assert confirmed(manager, "routes", page).status_code == 302
    assert routes(app) == {"1": "东段", "2": "二段"}


def test_route_11_is_not_route_1_1_and_a_full_width_one_is_the_same(app, manager):
    add_route(app, "1-1", "一之一")
    page = send(manager, "routes", f"部门,道段号,道段名\n{CITY},11,十一段\n{CITY},１,一段\n")
    assert confirmed(manager, "routes", page).status_code == 302
    assert routes(app) == {"1": "一段", "2": "二段", "1-1": "一之一", "11": "十一段"}


def test_a_number_cell_that_may_be_route_01_is_asked_about(app, manager):
    add_route(app, "07", "零七段")
    page = send(manager, "routes", book_of(["部门", "道段号", "道段名"], [CITY, 7, "七段"]))
    assert "这个道段号可以是：07 零七段" in words(page)
    assert 'name="rows"' not in page.text


def test_a_closed_route_or_unit_in_a_file_is_not_passed_over(app, manager):
    add_route(app, "5", "五段", closed=today())
    page = send(manager, "routes", f"部门,道段号,道段名\n{CITY},5,五段\n")
    assert "该道段已停用" in words(page) and f'href="/units/{CITY}"' in page.text
    with app.app_context(), transaction() as session:
        session.get(Unit, RURAL).closed_on = today()
    page = send(manager, "units", f"上级,名称,编号,城乡\n{COUNTY},宝力根苏木支局,{RURAL},农村\n")
    assert "该编号的单位已停用" in words(page) and f'href="/units/{RURAL}"' in page.text


def test_a_department_that_is_city_today_is_not_rural_by_file(app, manager):
    text = words(send(manager, "units", f"上级,名称,编号,城乡\n{COUNTY},宝力根街道投递部,{CITY},农村\n"))
    assert "有错误的行 1" in text
    page = send(manager, "units", f"上级,名称,编号\n{COUNTY},新名投递部,{CITY}\n")
    assert "名称: 宝力根街道投递部 → 改为 新名投递部" in words(page)


# ---------------------------------------------------------------- staff


def roles(app, cast, login: str) -> list:
    query = select(Role.role, Role.last_day).where(Role.person_id == cast.people[login])
    return company.read(app, lambda session: sorted(session.execute(query).all(), key=str))


def test_an_end_in_the_staff_file_is_shown_and_taken(app, cast, manager):
    end = today() + timedelta(days=5)
    head = "登录名,姓名,单位,岗位,起始日期,截止日期\n"
    page = send(manager, "staff", f"{head}carrier,张巴图,{CITY},投递员,{company.FIRST_DAY},{end}\n")
    assert f"截止日期: — → 改为 {end}" in words(page)
    assert confirmed(manager, "staff", page).status_code == 302
    assert roles(app, cast, "carrier") == [("carrier", end)]
    page = send(manager, "staff", f"{head}carrier,张巴图,{CITY},投递员,{company.FIRST_DAY},\n")
    assert "起止日期不同" in words(page) and f'href="/people/{cast.people["carrier"]}"' in page.text


def test_a_login_of_somebody_of_another_name_leads_to_that_person(app, cast, manager):
    page = send(manager, "staff", f"登录名,姓名,单位,岗位\ncarrier,别人,{CITY},投递员\n")
    assert f'href="/people/{cast.people["carrier"]}"' in page.text and "张巴图" in words(page)


def test_a_deactivated_person_in_a_file_is_not_passed_over(app, cast, manager):
    with app.app_context(), transaction() as session:
        session.get(Person, cast.people["carrier"]).active = False
    page = send(manager, "staff", f"登录名,姓名,单位,岗位\ncarrier,张巴图,{CITY},投递员\n")
    assert "该人员已停用" in words(page)


def test_logins_with_and_without_a_dash_are_two_people(app, cast, manager):
    for login, name in (("li-na", "李娜"), ("lina", "李纳")):
        page = send(manager, "staff", f"登录名,姓名,单位,岗位\n{login},{name},{CITY},投递员\n")
        assert confirmed(manager, "staff", page).status_code == 302
    found = select(Person.name).where(Person.login.in_(["li-na", "lina"]))
    assert company.read(app, lambda session: sorted(session.scalars(found))) == ["李娜", "李纳"]


def test_identical_faults_of_a_staff_file_are_one_line(manager):
    lines = "".join(f"d{n},王芳,{CITY},局长\n" for n in range(1, 9))
    text = words(send(manager, "staff", f"登录名,姓名,单位,岗位\n{lines}"))
    assert "第 2–9 行 共 8 行 岗位" in text


# ---------------------------------------------------------------- hidden rows


def staff_with_a_hidden_row() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (
        ["登录名", "姓名", "单位", "岗位"],
        ["d1", "王芳", CITY, "投递员"],
        ["d2", "白音", CITY, "投递员"],
    ):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(out)
    return out.getvalue()


def test_hidden_rows_of_a_staff_file_are_asked_about_at_the_desk(app, manager):
    page = send(manager, "staff", staff_with_a_hidden_row())
    assert "还没有导入任何内容" in words(page)
    waiting = page.text.partition('name="rows" value="')[2].partition('"')[0]
    left = manager.post("/units/import", data={"sort": "staff", "rows": waiting, "hidden": "leave"})
    assert confirmed(manager, "staff", left).status_code == 302
    found = select(Person.login).where(Person.login.in_(["d1", "d2"]))
    assert company.read(app, lambda session: list(session.scalars(found))) == ["d1"]


def test_hidden_rows_of_a_staff_file_are_asked_about_on_the_command_line(app, cast, tmp_path):
    file = tmp_path / "staff.xlsx"
    file.write_bytes(staff_with_a_hidden_row())
    done = app.test_cli_runner().invoke(args=["import", "staff", str(file)])
    assert done.exit_code == 1 and "1 rows and 0 columns are hidden" in done.output
    done = app.test_cli_runner().invoke(args=["import", "staff", str(file), "--hidden", "leave"])
    assert "1 new" in done.output
    done = app.test_cli_runner().invoke(args=["import", "staff", str(file), "--hidden", "take"])
    assert "1 new" in done.output and "1 same" in done.output


# ---------------------------------------------------------------- relay points


def points_file(client, text: str | bytes):
    data = text if isinstance(text, bytes) else text.encode()
    form = {"file": (io.BytesIO(data), "台账.csv")}
    return client.post(f"/points/import?unit={CITY}", data=form, content_type="multipart/form-data")


def points(app, name: str) -> list[RelayPoint]:
    query = select(RelayPoint).where(RelayPoint.unit_code == CITY, RelayPoint.name == name)
    return company.read(app, lambda session: list(session.scalars(query)))


def test_point_11_is_not_point_1_1(app, cast, manager):
    for name in ("1-1号楼物业", "11号楼物业"):
        page = points_file(manager, f"名称,类别,道段\n{name},物业,1\n")
        rows = page.text.partition('name="rows" value="')[2].partition('"')[0]
        assert manager.post(f"/points/import/confirm?unit={CITY}", data={"rows": rows}).status_code == 302
    assert len(points(app, "1-1号楼物业")) == len(points(app, "11号楼物业")) == 1


def test_a_route_of_the_register_file_that_is_only_alike_is_asked_about(app, manager):
    add_route(app, "1-1", "一之一")
    add_route(app, "3", "一段")
    text = words(points_file(manager, "名称,类别,道段\n甲,物业,11\n乙,物业,01\n丙,物业,一段\n"))
    assert "没有道段“11”。是不是：1-1 一之一？" in text
    assert "没有道段“01”。是不是：1 一段？" in text
    assert "“一段”可以是：1 一段、3 一段" in text
    assert 'href="/units/' in points_file(manager, "名称,类别,道段\n甲,物业,11\n").text


def test_several_points_of_one_name_are_named_with_their_numbers(app, cast, manager):
    ids = []
    with app.app_context(), transaction() as session:
        for _ in range(2):
            point = RelayPoint(id=new_id(), unit_code=CITY, name="同名物业", initials="tmwy", kind="property")
            point.opened_on = company.FIRST_DAY
            session.add(point)
            ids.append(point.id)
    page = points_file(manager, "名称,类别\n同名物业,收发室\n")
    assert all(f'href="/points/{point}"' in page.text for point in ids)


def test_hidden_rows_of_a_register_are_asked_about(app, manager):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (["名称", "类别"], ["甲物业", "物业"], ["乙物业", "物业"]):
        book.active.append(row)
    book.active.row_dimensions[2].hidden = True
    book.save(out)
    page = points_file(manager, out.getvalue())
    assert "还没有导入任何内容" in words(page)
    waiting = page.text.partition('name="rows" value="')[2].partition('"')[0]
    left = manager.post(f"/points/import?unit={CITY}", data={"rows": waiting, "hidden": "leave"})
    assert "乙物业" in words(left) and "甲物业" not in words(left)


# What Excel makes of a number with more digits than it holds, below nothing, or without end.
SPOILT = [(123456789012345678, "取整"), (-152502003, "负数"), (1e300, "取整")]
COLUMNS = {
    "units": ({"编号": "152502077", "名称": "新部", "上级": COUNTY}, ("编号", "名称", "上级")),
    "routes": ({"部门": CITY, "道段号": "77", "道段名": "新段", "投递员登录名": "carrier"}, ("部门", "道段号", "道段名", "投递员登录名")),
    "staff": ({"登录名": "d0077", "姓名": "新人", "单位": CITY, "岗位": "投递员"}, ("登录名", "姓名", "单位")),
    "points": ({"名称": "新点", "类别": "物业", "联系方式": "0479", "道段": "1"}, ("名称", "联系方式", "道段")),
}  # fmt: skip


@pytest.mark.parametrize("sort", COLUMNS)
def test_a_number_that_a_spreadsheet_has_spoilt_is_an_error_that_says_why(sqlite_app, sort):
    manager = company.client_for(sqlite_app, company.build_in(sqlite_app), "county")
    right, columns = COLUMNS[sort]

    def looked(data: str | bytes) -> str:
        if sort != "points":
            return words(send(manager, sort, data))
        file = io.BytesIO(data.encode() if isinstance(data, str) else data), "points"
        return words(manager.post(f"/points/import?unit={CITY}", data={"file": file}))

    wrong = [(column, *one) for column in columns for one in SPOILT]
    rows = [[{**right, column: cell}[name] for name in right] for column, cell, _ in wrong]
    said = looked(book_of(list(right), *rows))
    for column, _, why in wrong:
        assert re.search(f"{column} [^第]*{why}", said), (column, why, said)
    assert f"有错误的行 {len(wrong)}" in said
    # In a text file nothing tells a number from a text but its look: codes are looked at, names are not.
    code = columns[-1]
    lines = [[{**right, code: cell}[name] for name in right] for cell in ("1e999", "9.87654E+12", "-5")]
    said = looked("\n".join(",".join(row) for row in [list(right), *lines]))
    assert said.count("取整") == 1 and "2–3" in said and "负数" in said


def test_a_number_shown_with_zeros_that_has_more_digits_than_excel_holds_is_rounded_too(manager):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["编号", "名称", "上级"])
    book.active.append([123456789012345678, "新部", COUNTY])
    book.active["A2"].number_format = "00000000000000000000"
    book.save(out)
    assert "取整" in words(send(manager, "units", out.getvalue()))
