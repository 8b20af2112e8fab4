"""The desk's pages in a browser: axe finds nothing, nothing is cut off, and the small scripts help."""

import re
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server as serve

from tests import cast as company
from tests.cases import cases_in
from tests.cast import CITY, COUNTY, RURAL
from tests.desk_lists import drawn_by_hand, imported, items, listed, one, post
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.integration.ledger.test_duty_book import form
from webapp.core.database import transaction
from webapp.org.models import Route, Unit
from webapp.rulebook.periods import period_of


class Served:
    """The app of a test behind a real address."""

    def __init__(self, app, cast):
        self.app, self.cast, self.ids = app, cast, {}
        self.lists: list[str] = []
        self.cases: list[str] = []
        self._server = serve("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def cookie(self, login: str) -> dict:
        """The session cookie of ``login``, as a browser keeps it."""
        client = company.client_for(self.app, self.cast, login)
        found = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return {"name": found.key, "value": found.value, "url": self.url}

    def pages(self) -> list[str]:
        """One address of each page, with something on it."""
        week = period_of("week", today()).code
        return [
            "/morning",
            f"/manifests?unit={COUNTY}",
            f"/points?unit={COUNTY}",
            f"/ledger/charts?unit={COUNTY}&duty=parcel-check&period={period_of('month', today()).code}",
            f"/ledger?unit={COUNTY}&period={week}",
            f"/ledger?unit={CITY}&period={today().isoformat()}",
            f"/ledger/{CITY}/parcel-check/{week}",
            f"/inspections/{self.ids['failed']}",
            f"/inspections/{self.ids['corrected']}",
            f"/ledger/{COUNTY}/onsite-depts/{today():%Y-%m}",
            f"/records/reviews?unit={COUNTY}",
            f"/records/reviews/relay-review/{CITY}/{period_of('month', today()).previous().code}",
            f"/records/reviews/unit-analysis/{COUNTY}/{today():%Y-%m}",
            f"/records/visits?unit={CITY}",
            f"/cases?unit={COUNTY}",
            f"/cases?unit={COUNTY}&found=2001",
            f"/cases?unit={COUNTY}&view=board",
            f"/cases?unit={COUNTY}&state=all&kind=parcel&sort=newest",
            *self.cases,
            f"/attention?unit={COUNTY}",
            "/rescue",
            f"/rules?unit={COUNTY}",
            f"/rules/override?unit={COUNTY}&duty=letter-check-city",
            "/rules/editions",
            "/rules/editions/compare?all=1",
            f"/calendar?unit={CITY}&month=2026-10",
            f"/calendar?unit={COUNTY}",
            f"/points?unit={CITY}",
            f"/points?unit={CITY}&state=unconfirmed&search=nothing",
            f"/points/{self.cast.points['额尔敦社区居委会']}",
            f"/points/{self.cast.points['额尔敦社区居委会']}/edit",
            f"/points/new?unit={CITY}",
            f"/points/import?unit={CITY}",
            f"/units?unit={COUNTY}",
            f"/units/{CITY}",
            f"/units/{RURAL}",
            "/units/import",
            f"/inspections/{self.ids['meeting']}",
            f"/inspections/{self.ids['balance']}",
            "/find?q=hmsq",
            "/find?q=98",
            f"/watch?unit={CITY}",
            "/devices",
            "/events",
            f"/people?unit={CITY}",
            f"/people/{self.cast.people['carrier']}",
            f"/people/new?unit={CITY}",
            f"/rules?unit={CITY}",
            f"/ledger/charts?unit={CITY}",
            *self.lists,
            "/no-such-page",
        ]


@contextmanager
def serving(make_app, work):
    """A company on SQLite with the ``work`` done, and its server."""
    app = make_app("sqlite")
    served = Served(app, company.build_in(app))
    try:
        work(served)
        yield served
    finally:
        served.stop()


@pytest.fixture
def served(make_app):
    with serving(make_app, _work) as found:
        yield found


def _work(served: Served) -> None:
    """Something of everything: failed, corrected, held, contested, refused, with a photo still on the phone."""
    items = parcels(20, failed=9)
    items[-1]["photos"] = [{"sha256": "ab" * 32, "size": 1000, "type": "image/jpeg"}]
    first = envelope(inspection(items), {"notes": {"19": "放在超市，收件人不知情"}})
    second = envelope(inspection(parcels(20, first=40)))
    correction = envelope(inspection(parcels(20, failed=1, first=40), amends=second["id"]))
    other = envelope(inspection(parcels(19, failed=1)), id=first["id"])
    ahead = envelope(inspection(parcels(20), date=(today() + timedelta(days=1)).isoformat()))
    refused = envelope(inspection(parcels(20), kind="receipt", about=today().isoformat()))
    states = [
        send(served.app, served.cast, "lead", each).state
        for each in (first, second, correction, other, ahead, refused)
    ]
    assert states == ["stored", "stored", "stored", "conflict", "stored", "refused"]
    served.ids = {"failed": first["id"], "corrected": second["id"], **_books(served)}
    served.lists = _lists(served)
    served.cases = _cases(served)


def _books(served: Served) -> dict[str, str]:
    """A balance with a gap, the meeting that speaks of it, a change of the register with two contents, and what is closed."""
    cast, day = served.cast, today().isoformat()
    gap = {"opening": 3, "received": 9, "delivered": 8, "returned": 1, "forwarded": 0, "carried": 2}
    balance = envelope(form("balance", header=gap, about=day))
    head = {
        "present": [cast.people["lead"]],
        "problems": [f"{balance['id']}/0"],
        "requirements": ["补盖日戳"],
        "notes": 2,
    }
    meeting = envelope(form("meeting", header=head), {"notes": {"header.notes": "通报"}})
    own = {"v": 1, "type": "point", "unit": CITY, "acting": CITY, "date": day}
    change = own | {"point": cast.points["额尔敦社区居委会"], "op": "change"}
    first = envelope({**change, "values": {"address": "团结大街 5 号"}})
    other = envelope({**change, "values": {"address": "团结大街 7 号"}}, id=first["id"])
    shut = envelope(own | {"point": cast.points["甘珠尔社区居委会"], "op": "close", "reason": "拆迁"})
    sent = [send(served.app, cast, "director", each).state for each in (balance, meeting, first, other, shut)]
    assert sent == ["stored", "stored", "stored", "conflict", "stored"]
    with served.app.app_context(), transaction() as session:
        unit = session.get(Unit, RURAL)
        unit.closings = [[(today() - timedelta(days=n)).isoformat() for n in (9, 3)]]
        unit.closed_on = today()
        session.scalar(select(Route).where(Route.unit_code == RURAL)).closed_on = today()
    return {"meeting": meeting["id"], "balance": balance["id"]}


def _cases(served: Served) -> list[str]:
    """Pages of a case that was assigned, of an order about it and its sheet, and of their forms."""
    county = company.client_for(served.app, served.cast, "county")
    case = next(one.id for one in cases_in(served.app) if one.criterion == "feedback")
    county.post(f"/cases/{case}/assign", data={"owner": served.cast.people["carrier"]})
    asked = {"acting": COUNTY, "case": case, "text": "限期整改", "deadline": f"{today() + timedelta(days=9)}"}
    order = county.post("/cases/orders", data=asked).location
    county.post("/cases/views", data={"unit": COUNTY, "due": "overdue", "name": "超期"})
    return [
        f"/cases/{case}",
        f"/cases/{case}?on={today()}",
        order,
        f"{order}/sheet",
        f"/cases/assign?case={case}",
        f"/cases/orders/new?case={case}",
        f"/cases/orders/new?unit={COUNTY}",
    ]


def _lists(served: Served) -> list[str]:
    """A draft, a sealed list and a revealed draw with a void, and volumes with a history; the addresses of their pages."""
    director = company.client_for(served.app, served.cast, "director")
    days = [today() - timedelta(days=n) for n in range(4)]
    made = [imported(director, listed(31), day=day) for day in days[:3]]
    for manifest in made[1:]:
        post(director, manifest, "seal")
    post(director, made[2], "reveal")
    drawn = drawn_by_hand(one(served.app, made[2]).seed, items(served.app, made[2]))[0]
    post(director, made[2], "void", number=drawn, reason="邮件改退")
    for typed in ("35", "0"):
        director.post(f"/volumes?unit={CITY}&day={days[3]}", data={"items-parcel": typed})
    return [
        f"/manifests?unit={CITY}",
        f"/manifests?unit={CITY}&month={today():%Y-%m}",
        *(f"/manifests/{manifest}" for manifest in made),
        f"/volumes?unit={CITY}&day={days[1]}",
        f"/volumes?unit={CITY}&day={days[3]}",
    ]


@contextmanager
def browsing(context, served, login="county", strict=True):
    """A page in which ``login`` is signed in; nothing may be reported to the console, CSP violations least of all.

    Not ``strict`` where axe runs: it tries inline styles of its own, which the policy rightly blocks.
    """
    context.add_cookies([served.cookie(login)])
    page, said = context.new_page(), []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert not strict or said == []
    page.close()


# Each page twice, on the other screen in the other colours and language: all four ways of each would take twice as long.
@pytest.mark.parametrize(
    ("screen", "scheme", "language", "first"),
    [
        ("phone", "light", "zh", 0),
        ("desk", "dark", "en", 0),
        ("phone", "dark", "en", 1),
        ("desk", "light", "zh", 1),
    ],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    served, new_phone, new_desk, screen, scheme, language, first
):
    context = {"phone": new_phone, "desk": new_desk}[screen](
        served, color_scheme=scheme, reduced_motion="reduce"
    )
    with browsing(context, served, strict=False) as page:
        page.goto(f"/login?lang={language}")
        for path in served.pages()[first::2]:
            answer = page.goto(path)
            assert answer.status == (404 if path == "/no-such-page" else 200), path
            found = [
                (rule["id"], node["html"][:200])
                for rule in Axe().run(page).response["violations"]
                for node in rule["nodes"]
            ]
            assert found == [], path
            width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert width[0] <= width[1], path


FILE = """邮件号,邮件种类,道段,收件人姓名,地址,退回,退件原因
9876543219991,特快,1,张三,锡林大街128号3号楼2单元501室,是,客户关机
9876543219992,快件,9,,,,
9876543219993,包裹,,李四,5号楼,也许,
123,挂号,2,,,,
"""


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_axe_finds_nothing_where_the_director_brings_a_list(served, new_phone, new_desk, screen):
    context = {"phone": new_phone, "desk": new_desk}[screen](served)
    with browsing(context, served, "director", strict=False) as page:
        for path in served.lists:
            page.goto(path)
            assert Axe().run(page).response["violations"] == [], path
        page.goto(f"/manifests/import?unit={CITY}")
        assert Axe().run(page).response["violations"] == []
        long = FILE + "".join(f"{n:013},快件,1,,,,\n" for n in range(450))
        page.locator("#file").set_input_files(
            {"name": "清单.csv", "mimeType": "text/csv", "buffer": long.encode()}
        )
        page.locator(".import-tiles").wait_for()  # as soon as the file was chosen
        page.locator(".file-columns summary").click()
        assert Axe().run(page).response["violations"] == []
        width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1]
        # 450 times the same fault is one line that says so.
        expect(page.locator(".chip", has_text=re.compile("45[0-9]"))).to_be_visible()
        page.goto(f"/manifests/import?unit={CITY}")
        page.locator("#file").set_input_files(_file("单据,品类\n9876543219991,特快\n"))
        page.locator("#needs-number").wait_for()
        assert Axe().run(page).response["violations"] == []
        width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1]


def _file(text: str) -> dict:
    return {"name": "清单.csv", "mimeType": "text/csv", "buffer": text.encode()}


def _at_once(page, press):
    """Press what is on the page without any scrolling."""
    box, height = press.bounding_box(), page.evaluate("window.innerHeight")
    assert box and box["y"] >= 0 and box["y"] + box["height"] <= height
    assert page.evaluate("window.scrollY") == 0
    press.click()


def test_a_list_is_brought_sealed_and_revealed_by_six_clicks(served, new_desk):
    with browsing(new_desk(served, viewport={"width": 1280, "height": 800}), served, "director") as page:
        page.goto("/")
        _at_once(page, page.locator(".topnav a[href='/manifests']"))
        _at_once(page, page.locator(".page a.button-primary", has_text="导入").first)
        page.locator("#file").scroll_into_view_if_needed()
        assert page.evaluate("window.scrollY") == 0
        rows = "".join(f"{n:013},特快,1\n" for n in range(11, 31))
        page.locator("#file").set_input_files(_file(f"邮件号,邮件种类,道段\n{rows}"))
        _at_once(page, page.locator("button[name=then]", has_text="导入 20 件并封存"))
        reveal = page.locator("form[action$='/reveal'] button")
        reveal.wait_for()
        _at_once(page, reveal)
        _at_once(page, page.locator("#confirm [data-yes]"))
        expect(page.locator(".flash", has_text="已公布")).to_be_visible()


def test_columns_are_chosen_with_the_keyboard_and_no_column_is_taken_twice(served, new_desk):
    with browsing(new_desk(served), served, "director") as page:
        page.goto(f"/manifests/import?unit={CITY}")
        page.locator("#file").set_input_files(_file("邮件号,邮件种类,道段\n9876543219991,特快,1\n"))
        page.locator(".import-tiles").wait_for()
        page.locator(".file-columns summary").focus()
        page.keyboard.press("Enter")
        # The number is in the third column: the first gives it up.
        page.locator("#column-2").select_option("number")
        expect(page.locator("#column-0")).to_have_value("")
        expect(page.locator("#column-2")).to_have_value("number")
        expect(page.locator(".file-columns details")).to_have_attribute("open", "")
        page.locator("#column-0").select_option("route")
        expect(page.locator("#errors-title")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "left", "over"),
    [
        ("zh", "还可输入 1 字", "超出 1 字（最多 40 字），请删减。"),
        ("en", "1 characters left", "1 characters too many (at most 40); please shorten it."),
    ],
)
def test_the_desk_says_how_many_characters_are_left_and_cuts_none(
    served, new_phone, language, left, over, tmp_path
):
    with browsing(new_phone(served), served) as page:
        page.goto(f"/people/new?lang={language}")
        name, said = page.locator("#name"), page.locator("#name + p")
        name.fill("𠮷" * 19)
        assert said.is_hidden()
        name.fill("𠮷" * 39)
        assert said.inner_text() == left
        name.fill("👍🏽" * 41)
        assert said.inner_text() == over
        assert name.input_value() == "👍🏽" * 41
        assert not name.evaluate("field => field.checkValidity()")
        page.screenshot(path=tmp_path / "limit.png")
        name.fill("👍🏽" * 40)
        assert name.evaluate("field => field.checkValidity()")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_in_an_open_menu_or_dialog(served, new_desk, language):
    with browsing(new_desk(served), served, strict=False) as page:
        page.goto(f"/inspections/{served.ids['failed']}?lang={language}")
        page.locator("details.menu summary").click()
        assert Axe().run(page).response["violations"] == []
        page.keyboard.press("Escape")
        expect(page.locator("details.menu[open]")).to_have_count(0)
        page.locator("#reason").fill("试")
        page.locator("form[data-confirm] button").click()
        expect(page.locator("#confirm")).to_be_visible()
        assert Axe().run(page).response["violations"] == []


def test_a_withdrawal_asks_first_and_cancelling_withdraws_nothing(served, new_phone):
    with browsing(new_phone(served), served) as page:
        page.goto(f"/inspections/{served.ids['failed']}")
        page.locator("#reason").fill("号码抄错")
        page.locator("form[data-confirm] button").tap()
        page.locator("#confirm button[value=no]").tap()
        assert page.locator("form[data-confirm]").count() == 1
        page.locator("form[data-confirm] button").tap()
        page.locator("#confirm [data-yes]").tap()
        page.locator(".flash").wait_for()
        assert page.locator("form[data-confirm]").count() == 0
        assert "已撤回" in page.locator("main").inner_text()


def test_every_page_works_without_scripts(served, new_phone):
    with browsing(new_phone(served, java_script_enabled=False), served) as page:
        page.goto(f"/inspections/{served.ids['failed']}")
        page.locator("#reason").fill("号码抄错")
        page.locator("form[data-confirm] button").click()
        expect(page.locator("main")).to_contain_text("已撤回")
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_list_of_cases_is_gone_through_by_keys(served, new_desk):
    with browsing(new_desk(served), served) as page:
        page.goto(f"/cases?unit={COUNTY}")
        links = page.locator("[data-row] th a")
        assert links.count() >= 2
        page.keyboard.press("j")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("k")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("x")
        expect(page.locator("[data-row] input").nth(0)).to_be_checked()
        # Whoever types is left alone, and whoever has turned the keys off.
        page.locator("#search").fill("x")
        expect(page.locator("[data-row] input").nth(0)).to_be_checked()
        page.keyboard.press("Tab")
        page.get_by_role("button", name="快捷键").last.click()
        page.locator("[data-keys-on]").uncheck()
        page.keyboard.press("Escape")
        links.nth(0).focus()
        page.keyboard.press("x")
        expect(page.locator("[data-row] input").nth(0)).to_be_checked()
        page.get_by_role("button", name="快捷键").last.click()
        page.locator("[data-keys-on]").check()
        page.keyboard.press("Escape")
        links.nth(0).focus()
        page.keyboard.press("a")
        page.wait_for_url("**/cases/assign?case=*")
        page.go_back()
        page.locator("[data-row] th a").nth(0).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/cases/[0-9a-f-]{36}$"))


def test_from_a_figure_to_the_failed_item_in_two_taps_on_a_phone(served, new_phone):
    with browsing(new_phone(served), served) as page:
        page.goto(f"/ledger?unit={COUNTY}&period={period_of('week', today()).code}")
        page.locator("a.cell-link", has_text="国内小包检查").first.tap()
        page.locator("a.check-link").first.tap()
        page.wait_for_url("**/inspections/*")
        assert page.locator("li.item").count() == 20
