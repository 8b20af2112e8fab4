"""The columns of a file: asked for, chosen, remembered by the office, forgotten, refused; and the rows as they will stand."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY, COUNTY, RURAL
from tests.desk_lists import confirm, items, upload, words
from tests.desk_records import today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.problems import Problem
from webapp.org.column_choices import MOST, remember
from webapp.org.models import ColumnChoice, Person, Route, Unit
from webapp.registers.models import RelayPoint
from webapp.sampling import operations
from webapp.sampling.models import Manifest

ODD = "客户单号,品类,段,备注\n9876543210001,特快,1,2\n9876543210002,国内小包,2,1\n"


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return company.client_for(app, cast, "director")


@pytest.fixture
def county(app, cast):
    return company.client_for(app, cast, "county")


def again(client, answer, **choices):
    """The form of the columns sent once more, with other choices."""
    form = re.search(r'(?s)<form id="columns-form".*?</form>', answer.text)[0]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'(?s)<select[^>]* name="(column-\d+)".*?>(.*?)</select>', form):
        picked = re.search(r'value="([^"]*)"\s+selected', options)
        fields[name] = picked[1] if picked else ""
    action = unescape(re.search(r'action="([^"]+)"', form)[1])
    sent = {unescape(name): unescape(value) for name, value in fields.items()} | choices
    return client.post(action, data=sent)


def confirmed(client, page, where: str, **more):
    fields = {name: re.search(rf'name="{name}" value="([^"]+)"', page.text) for name in ("rows", "columns")}
    assert fields["rows"], words(page)
    return client.post(where, data={name: match[1] for name, match in fields.items() if match} | more)


def brought_in(answer) -> str:
    """What waits in the form of the columns."""
    return re.search(r'name="brought" value="([^"]+)"', answer.text)[1]


def choices(app) -> set:
    query = select(ColumnChoice.unit_code, ColumnChoice.sort, ColumnChoice.heading, ColumnChoice.taken)
    return company.read(app, lambda session: set(map(tuple, session.execute(query).all())))


def test_a_missing_column_is_asked_for_chosen_and_remembered_by_the_office(app, cast, director):
    asked = upload(director, ODD.encode())
    assert (
        asked.status_code == 422
        and "哪一列是“邮件号”？" in words(asked)
        and "哪一列是“邮件种类”？" in words(asked)
    )
    page = again(director, asked, **{"needs-number": "0", "needs-class": "1", "column-2": "route"})
    assert page.status_code == 200 and "导入 2 件" in words(page)
    assert choices(app) == set()  # a look remembers nothing
    answer = confirmed(director, page, f"/manifests/import/confirm?unit={CITY}")
    found = items(app, answer.location.rpartition("/")[2])
    assert found["9876543210002"].route_id == cast.routes[CITY, "2"]
    assert choices(app) == {
        (CITY, "manifest", "客户单号", "number"), (CITY, "manifest", "品类", "class"), (CITY, "manifest", "段", "route"),
    }  # fmt: skip
    page = upload(director, ODD.encode())
    assert page.status_code == 200 and "与上次相同" in words(page) and "清单上已有 2" in words(page)
    # Another office knows nothing of it.
    assert upload(company.client_for(app, cast, "head"), ODD.encode(), unit=RURAL).status_code == 422


def test_what_was_remembered_is_forgotten_where_it_is_shown(app, director):
    page = again(director, upload(director, ODD.encode()), **{"needs-number": "0", "needs-class": "1"})
    confirmed(director, page, f"/manifests/import/confirm?unit={CITY}")
    assert len(choices(app)) == 2
    page = again(director, upload(director, ODD.encode()), forget="1")
    assert choices(app) == set() and "哪一列是“邮件号”？" in words(page)


def test_a_choice_taken_back_is_forgotten_with_the_import(app, director):
    page = again(
        director,
        upload(director, ODD.encode()),
        **{"needs-number": "0", "needs-class": "1", "column-2": "route"},
    )
    confirmed(director, page, f"/manifests/import/confirm?unit={CITY}")
    more = ODD.replace("987654321000", "987654321100")
    page = again(director, upload(director, more.encode()), **{"column-2": ""})
    confirmed(director, page, f"/manifests/import/confirm?unit={CITY}")
    assert {heading for _unit, _sort, heading, _taken in choices(app)} == {"客户单号", "品类"}


def test_a_column_that_the_heading_names_is_not_taken_by_what_is_remembered(app, director):
    page = again(director, upload(director, ODD.encode()), **{"needs-number": "0", "needs-class": "1"})
    confirmed(director, page, f"/manifests/import/confirm?unit={CITY}")
    both = "客户单号,邮件号,品类\nA-1,9876543219999,特快\n"
    page = upload(director, both.encode())
    assert "9876543219999" in words(page)
    assert "9876543219999" in items(app, confirm(director, page).location.rpartition("/")[2])


def test_impossible_choices_are_refused_by_their_names(director):
    page = upload(director, "邮件号,邮件种类,道段\n9876543210001,特快,1\n".encode())
    twice = again(director, page, **{"column-2": "number"})
    assert twice.status_code == 422 and "两列都选作“邮件号”" in words(twice)
    for choice in ({"column-2": "seal"}, {"column-99": "route"}, {"column-x": "route"}):
        refused = again(director, page, **choice)
        assert refused.status_code == 422 and "可选" in words(refused), choice
    assert "没有“seal”这一列" in words(again(director, page, **{"column-2": "seal"}))


def test_what_waits_is_only_whose_it_is_and_unchanged(app, cast, director):
    page = upload(director, ODD.encode())
    head = company.client_for(app, cast, "head")
    assert again(head, page).status_code == 404  # of a department that is none of theirs
    assert again(director, page, brought="x").status_code == 400
    assert again(head, upload(head, ODD.encode(), unit=RURAL), brought=brought_in(page)).status_code == 400
    form = again(director, page, **{"needs-number": "0", "needs-class": "1"})
    theirs = again(head, upload(head, ODD.encode(), unit=RURAL), **{"needs-number": "0", "needs-class": "1"})
    promised = re.search(r'name="columns" value="([^"]+)"', theirs.text)[1]
    for columns in ("x", promised):
        forged = {"rows": re.search(r'name="rows" value="([^"]+)"', form.text)[1], "columns": columns}
        assert director.post(f"/manifests/import/confirm?unit={CITY}", data=forged).status_code == 400
    assert choices(app) == set()
    assert company.read(app, lambda session: session.scalars(select(Manifest)).all()) == []


def test_names_and_telephones_do_not_wait_in_the_page(director):
    file = "邮件号,邮件种类,寄件人,客户姓名,联系电话,备注\n9876543210001,特快,张三丰,李四光,13904790000,打 13904790001\n"
    page = upload(director, file.encode())
    waiting = brought_in(page)
    kept = str(URLSafeTimedSerializer("x").load_payload(waiting.rsplit(".", 2)[0].encode()))
    for secret in ("张三丰", "李四光", "13904790000", "13904790001"):
        assert secret not in kept + page.text
    named = again(director, page, **{"column-3": "name"})
    assert "李*" in words(named)


def test_the_headings_of_a_table_without_any_are_letters_and_no_row_is_lost(director):
    page = upload(director, "9876543210001,特快\n9876543210002,特快\n".encode())
    assert "A 列" in words(page) and "没有表头" in words(page)
    page = again(director, page, **{"needs-number": "0", "needs-class": "1"})
    assert "导入 2 件" in words(page)


def test_rows_are_shown_as_they_will_stand_fifty_at_once(app, cast, director):
    rows = "\n".join(f"98765432{n:05},特快,1" for n in range(120))
    page = upload(director, f"邮件号,邮件种类,道段\n{rows}\n".encode())
    table = page.text.partition('id="rows-title"')[2]
    assert table.count('class="row-new"') == 50 and "1 一段" in table and "张巴图" in table
    assert "第 1 页，共 3 页" in words(page)
    last = again(director, page, page="3")
    assert last.text.count('class="row-new"') == 20 and "9876543200119" in last.text
    assert again(director, page, page="all").text.count('class="row-new"') == 120
    assert again(director, page, page="\u0663x").text.count('class="row-new"') == 50


def test_each_row_says_what_becomes_of_it(app, director):
    confirm(
        director,
        upload(director, "邮件号,邮件种类,道段\n9876543210001,特快,1\n9876543210002,特快,1\n".encode()),
    )
    page = upload(
        director,
        "邮件号,邮件种类,道段\n9876543210001,特快,2\n9876543210002,特快,1\n9876543210003,特快,1\n".encode(),
    )
    table = words(page).partition("导入后的样子")[2]
    assert re.search(r"2 修改 9876543210001 特快 1 一段 → 改为 2 二段", table)
    assert "3 无变化 9876543210002" in table and "4 新增 9876543210003" in table


# ---------------------------------------------------------------- import and seal


def test_a_list_is_imported_and_sealed_in_one_step(app, director):
    page = upload(director, "邮件号,邮件种类,道段\n9876543210001,特快,1\n".encode())
    assert "导入 1 件并封存" in words(page)
    answer = confirmed(director, page, f"/manifests/import/confirm?unit={CITY}", then="seal")
    manifest = answer.location.rpartition("/")[2]
    assert company.read(app, lambda session: session.get(Manifest, manifest).sealed_at) is not None
    assert "清单已封存" in words(director.get(answer.location))


def test_a_file_with_a_wrong_row_is_not_offered_to_be_sealed(director):
    rows = "邮件号,邮件种类,道段\n9876543210001,特快,9\n9876543210002,特快,1\n"
    assert "并封存" not in words(upload(director, rows.encode()))


def test_where_the_seal_is_refused_the_import_stands_and_the_reason_is_said(app, director, monkeypatch):
    def refused(*_asked):
        raise Problem("sealed")

    page = upload(director, "邮件号,邮件种类\n9876543210001,特快\n".encode())
    monkeypatch.setattr(operations, "seal_body", refused)
    answer = confirmed(director, page, f"/manifests/import/confirm?unit={CITY}", then="seal")
    manifest = answer.location.rpartition("/")[2]
    assert len(items(app, manifest)) == 1
    assert company.read(app, lambda session: session.get(Manifest, manifest).sealed_at) is None
    assert "已导入，但没有封存：清单已封存，不能再改。" in words(director.get(answer.location))


# ---------------------------------------------------------------- the other files


def brought(client, where: str, text: str, **form):
    data = {"file": (io.BytesIO(text.encode()), "x.csv"), **form}
    return client.post(where, data=data, content_type="multipart/form-data")


def test_a_register_with_other_headings(app, director):
    file = "点,性质\n站前物业,物业\n"
    asked = brought(director, f"/points/import?unit={CITY}", file, day=str(today()))
    assert asked.status_code == 422 and "哪一列是“名称”？" in words(asked)
    page = again(director, asked, **{"needs-name": "0", "needs-kind": "1"})
    assert "新增 站前物业 物业" in words(page)
    assert again(director, asked, **{"column-0": "kind", "column-1": "kind"}).status_code == 422
    assert confirmed(director, page, f"/points/import/confirm?unit={CITY}").status_code == 302
    assert (
        company.read(app, lambda session: session.scalars(select(RelayPoint.name)).all()).count("站前物业")
        == 1
    )
    assert (CITY, "register", "性质", "kind") in choices(app)
    page = brought(director, f"/points/import?unit={CITY}", file, day=str(today()))
    assert "与上次相同" in words(page) and "无变化 站前物业" in words(page)
    page = again(director, page, forget="1")
    assert choices(app) == set() and page.status_code == 422


def test_routes_with_other_headings(app, county):
    file = f"所在,段,叫法\n{CITY},7,七段\n"
    asked = brought(county, "/units/import", file, sort="routes")
    assert asked.status_code == 422 and "哪一列是“部门”？" in words(asked)
    page = again(county, asked, **{"needs-unit": "0", "needs-code": "1", "column-2": "name"})
    assert f"新增 {CITY} 7 七段" in words(page)
    assert again(county, asked, **{"column-0": "login"}).status_code == 422
    assert confirmed(county, page, "/units/import/confirm", sort="routes").status_code == 302
    assert company.read(
        app, lambda session: session.scalars(select(Route.name).where(Route.code == "7")).all()
    ) == ["七段"]
    assert (COUNTY, "unit-routes", "叫法", "name") in choices(app)
    page = brought(county, "/units/import", file, sort="routes")
    assert "与上次相同" in words(page)
    assert again(county, page, forget="1").status_code == 422 and choices(app) == set()


def test_what_an_office_remembers_is_bounded(app, cast):
    with app.app_context(), transaction() as session:
        me = company.actor_of(session, session.get(Person, cast.people["director"]), today())
        unit = session.get(Unit, CITY)
        for n in range(3):
            said = {f"{n}-{place}": "route" for place in range(90)}
            remember(session, me, clock.now() + timedelta(minutes=n), unit, "manifest", said)
    found = choices(app)
    assert len(found) == MOST and (CITY, "manifest", "2-89", "route") in found
