"""The page of a month's figures: each with what it is divided by and the way to its cases; sorted, as files, in both languages."""

import re
from html import unescape

import pytest

from tests import cast as company
from tests.case_office import FIRST, FOURTH, SECOND, THIRD, Office, at
from tests.cast import CITY, COUNTY, RURAL
from tests.desk_lists import words
from tests.desk_records import today
from webapp.cases.figures import FIGURES
from webapp.formats.tables import read_table
from webapp.rulebook.periods import period_of

PAGE = f"/cases/figures?unit={COUNTY}&month=2026-11"


@pytest.fixture
def office(app):
    return Office(app, company.build_in(app))


@pytest.fixture
def november(office):
    """Four found in the city, one in the country; one in time and closed, one late, the others not answered."""
    good, late, *_ = office.finds(at(11, 2), FIRST, SECOND, THIRD, FOURTH)
    office.finds(at(11, 3), "锡林敖包居委会", login="head", unit=RURAL, acting=RURAL)
    office.answers(good, at(11, 4))
    office.closes(good, at(11, 6))
    office.answers(late, at(11, 20))
    return office


def client(office, login="county"):
    return company.client_for(office.app, office.cast, login)


def cells(answer, row: str) -> dict[str, tuple[str, str | None]]:
    """The words and the address of each figure in a unit's row, by the figure's title."""
    [found] = [
        part
        for part in re.split(r"<tr[ >]", answer.text)
        if re.search(rf'scope="row">(<a [^>]*>)?\s*{row}', part)
    ]
    said = {}
    for label, body in re.findall(
        r'(?s)<td class="numeric figure-cell" data-label="([^"]+)">(.*?)</td>', found
    ):
        address = re.search(r'href="([^"]+)"', body)
        text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", body))).strip()
        said[label] = (text, unescape(address[1]) if address else None)
    return said


def test_each_figure_says_what_it_is_divided_by_and_leads_to_its_cases(november):
    found = cells(client(november).get(PAGE), "宝力根街道投递部")
    assert found["按期整改率"] == ("1/4 25%", f"/cases?unit={CITY}&deadline=2026-11")
    assert found["销号率"] == ("1/4 25%", f"/cases?unit={CITY}&deadline=2026-11")
    assert found["复发率"] == ("0/4 0%", f"/cases?unit={CITY}&opened=2026-11&recurs=1")
    assert found["自查发现率"] == ("4/4 100%", f"/cases?unit={CITY}&opened=2026-11&self=1")
    assert found["退回率"] == ("0/2 0%", None)
    assert found["整改天数"] == ("4 天 / 销号 1 件", f"/cases?unit={CITY}&closed=2026-11")
    assert found["超期未改"] == ("2/3 67%", f"/cases?unit={CITY}&late=1")
    together = cells(client(november).get(PAGE), "合计")
    assert together["按期整改率"] == ("1/5 20%", f"/cases?unit={COUNTY}&deadline=2026-11")


def test_it_is_said_in_english_too_and_every_figure_is_defined(november):
    page = client(november).get(PAGE + "&lang=en")
    assert cells(page, "宝力根街道投递部")["Put right in time"][0] == "1/4 25%"
    for one in FIGURES:
        assert one.said(90).en in words(page)
    assert "within 90 days of closing" in words(page)


def test_the_units_stand_in_the_order_of_what_there_is_to_look_at(november):
    def order(sort: str) -> list[str]:
        page = client(november).get(f"{PAGE}&sort={sort}").text
        body = page[page.index("<tbody>") : page.index("</tbody>")]
        return re.findall(r"month=2026-11\">(宝力根[^<]+)</a>", body)

    city, rural = "宝力根街道投递部", "宝力根苏木支局"
    assert order("on-time") == order("overdue") == [city, rural]
    november.finds(at(11, 5), "敖包图居委会", login="county", unit=RURAL, acting=COUNTY)
    assert order("self-found") == [rural, city]  # one there was not found by the unit itself
    assert order("recurrence") == [city, rural]  # of equals by code
    assert order("no-such-figure") == order("on-time")


def test_a_past_month_is_shown_as_it_stood_at_its_end_without_links_to_lists_of_today(november):
    [case] = november.finds(at(10, 20), FIRST, fault="stored")
    november.answers(case, at(10, 26))
    november.returns(case, at(11, 3))  # its deadline moves to November with what was left
    october = PAGE.replace("2026-11", "2026-10")
    now, then = (client(november).get(october + more) for more in ("", "&at=end"))
    assert cells(now, "宝力根街道投递部")["按期整改率"] == ("–", None)
    assert cells(then, "宝力根街道投递部")["按期整改率"] == ("1/1 100%", None)
    assert "月末之后到达的内容不计入" in words(then)


def test_of_months_before_the_first_case_nothing_is_said_and_that_is_not_zero(november):
    page = client(november).get(PAGE.replace("2026-11", "2026-10"))
    assert "此前各月没有统计，不等于零" in words(page)
    assert "figure-cell" not in page.text
    assert "本月统计从这一天开始" in words(client(november).get(PAGE))
    file = client(november).get(f"/cases/figures.csv?unit={COUNTY}&month=2026-10")
    assert [line[0] for _, line in read_table(file.data).rows] == [
        "问题自 2026年11月2日 起跟踪到销号，此前各月没有统计，不等于零。"
    ]


def test_where_nothing_was_ever_followed_that_is_said(office):
    assert "尚无跟踪的问题" in words(client(office).get(PAGE))


def test_the_same_as_a_file_with_criteria_and_what_the_figures_mean(november):
    csv = client(november).get(f"/cases/figures.csv?unit={COUNTY}&month=2026-11")
    table = read_table(csv.data)
    assert table.header[:4] == ["单位", "按期整改率: 按期整改", "按期整改率: 到期问题", "按期整改率: %"]
    rows = {line[0]: line for _, line in table.rows}
    assert rows["宝力根街道投递部"][1:3] == ["1", "4"]
    assert rows["锡林浩特市"][1:3] == ["1", "5"]
    book = client(november).get(f"/cases/figures.xlsx?unit={COUNTY}&month=2026-11")
    assert read_table(book.data).header == table.header
    assert "%E9%97%AE%E9%A2%98%E7%BB%9F%E8%AE%A1" in book.headers["Content-Disposition"]


def test_a_department_sees_itself_alone_and_the_month_of_now_where_none_is_named(november):
    page = client(november, "director").get("/cases/figures")
    assert page.status_code == 200
    month = period_of("month", today())
    assert f"month={month.previous().code}" in page.text
    assert "month=" + month.next().code not in page.text
    assert "合计" not in words(page)
    assert client(november, "director").get("/cases/figures?month=2026-W47").status_code == 422
    assert client(november, "director").get("/cases/figures?month=nothing").status_code == 422
