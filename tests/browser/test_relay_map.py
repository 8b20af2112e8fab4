"""The round over relay points on a phone without signal: its map, its order, a visit begun on the map, and a point that gets its place."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk_pages import Served, browsing, serving
from tests.browser.story_phone import HELD, picture, until
from tests.cast import CITY
from tests.desk_records import envelope, send, today

OFFICE = {"latitude": 43.944, "longitude": 116.075, "accuracy": 12}
# Degrees north and east of the office; the last of the city's eight points has no place.
PLACES = {
    "乌兰图嘎社区居委会": (0.004, -0.006),
    "伊利勒特社区居委会": (0.014, 0.009),
    "兴盛社区居委会": (-0.004, 0.016),
    "回民社区居委会": (-0.010, -0.003),
    "宝力根社区居委会": (0.009, -0.021),
    "拉布仁社区居委会": (-0.001, -0.028),
    "甘珠尔社区居委会": (-0.008, -0.017),
}
UNPLACED = "额尔敦社区居委会"
FAILED, VISITED, NEXT = "回民社区居委会", "兴盛社区居委会", "乌兰图嘎社区居委会"


@pytest.fixture
def served(make_app):
    with serving(make_app, _work) as found:
        yield found


def _work(served: Served) -> None:
    """The director has entered where seven points stand, two of them on the second route; two were visited today, one failed."""
    cast, day = served.cast, today().isoformat()
    own = {"v": 1, "unit": CITY, "acting": CITY, "date": day}
    for n, (name, (north, east)) in enumerate(PLACES.items()):
        values = {"latitude": OFFICE["latitude"] + north, "longitude": OFFICE["longitude"] + east}
        if n % 3 == 1:
            values["route"] = cast.routes[CITY, "2"]
        change = {"type": "point", "point": cast.points[name], "op": "change", "values": values}
        assert send(served.app, cast, "director", envelope(own | change)).state == "stored"
    for name, verdict in ((FAILED, "fail"), (VISITED, "pass")):
        item = {
            "subject": cast.points[name], "verdict": verdict, "photos": [], "position": "refused",
            "answers": {"no-backlog": "fail"} if verdict == "fail" else {},
        }  # fmt: skip
        item["photos"] = [{"sha256": f"{len(name) + len(verdict):064}", "size": 1000, "type": "image/jpeg"}]
        visit = {"type": "inspection", "kind": "relay", "method": "on-site", "items": [item]}
        assert send(served.app, cast, "inspector", envelope(own | visit)).state == "stored"


def phone_of(served: Served, new_phone, language: str = "zh", **more):
    """A phone at the office that may say where it is."""
    context = new_phone(
        served, geolocation=OFFICE, permissions=["geolocation"], reduced_motion="reduce", **more
    )
    context.add_init_script(f"localStorage.setItem('toucha-language', '{language}')")
    return context


def ready(page: Page) -> None:
    """Everything is on the phone: it needs no signal any more."""
    page.set_default_timeout(30_000)
    page.goto("/app/relay")
    expect(page.locator("a.point")).to_have_count(8, timeout=30_000)
    page.evaluate("navigator.serviceWorker.ready.then((it) => Boolean(it.active))")
    until(page, "Boolean(navigator.serviceWorker.controller)")


def whole(page: Page) -> None:
    """Nothing for axe to find, nothing wider than the phone."""
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], node["html"][:160]) for rule in found for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def names(page: Page) -> list[str]:
    return page.locator("a.point b").all_inner_texts()


def test_a_round_without_signal(served, new_phone):
    context = phone_of(served, new_phone)
    with browsing(context, served, "inspector", strict=False) as page:
        ready(page)
        context.set_offline(True)
        page.reload()
        expect(page.locator("a.point")).to_have_count(8)
        assert set(names(page)[-2:]) == {FAILED, VISITED}, "what was visited this month comes last"
        expect(page.locator("[data-head=due]")).to_contain_text("6")
        _map(page, served)
        _order(page)
        _visit(page, served)


def _map(page: Page, served: Served) -> None:
    """Seven shapes; what failed has a word and a shape of its own, and the address holds the view."""
    page.locator("[data-view=map]").tap()
    marks = page.locator("[data-mark]")
    expect(marks).to_have_count(7)
    assert page.url.endswith("/app/map")
    expect(page.locator(".map-failed")).to_have_attribute("data-mark", served.cast.points[FAILED])
    expect(page.locator(".map-name-failed")).to_have_text(f"{FAILED}（不合格）")
    expect(page.locator(".map-visited")).to_have_attribute("data-mark", served.cast.points[VISITED])
    expect(page.locator("[data-here]")).to_have_count(1)
    expect(page.locator("[data-unplaced]")).to_contain_text(UNPLACED)
    before = marks.first.get_attribute("transform")
    page.get_by_role("button", name="放大").tap()
    expect(marks.first).not_to_have_attribute("transform", before)
    page.locator(".map").press("0")
    expect(marks.first).to_have_attribute("transform", before)


def _order(page: Page) -> None:
    """A proposal, taken back, made again, and changed by a button and by the handle."""
    nearest = names_on_list(page)
    page.locator("[data-propose]").tap()
    expect(page.locator("a.point .round-number")).to_have_count(6)
    page.get_by_role("button", name="恢复").tap()
    expect(page.locator("a.point .round-number")).to_have_count(0)
    assert names(page) == nearest
    page.locator("[data-propose]").tap()
    expect(page.locator("a.point .round-number")).to_have_count(6)
    proposed = names(page)
    assert proposed[5] == UNPLACED, "of whom nobody knows the place comes last"
    page.locator("[data-arrange]").tap()
    rows = page.locator("[data-row] b")
    expect(rows).to_have_count(6)
    whole(page)
    page.locator("[data-row] [data-move=down]").first.press("Enter")
    expect(rows.first).to_have_text(proposed[1])
    assert page.evaluate("document.activeElement.dataset.move") == "down", "the focus goes along"
    expect(page.locator("tc-arrange [role=status]")).to_have_text(f"{proposed[0]}现在是第 2 个，共 6 个")
    _pull(page, page.locator("[data-handle]").nth(5), page.locator("[data-handle]").first)
    wanted = [proposed[5], proposed[1], proposed[0], *proposed[2:5]]
    expect(rows).to_have_text(wanted)
    page.locator("[data-arranged]").tap()
    expect(page.locator("a.point b")).to_have_text([*wanted, *proposed[6:]])
    page.reload()
    expect(page.locator("a.point b")).to_have_text([*wanted, *proposed[6:]])


def names_on_list(page: Page) -> list[str]:
    page.locator("[data-view=list]").tap()
    expect(page.locator("a.point")).to_have_count(8)
    return names(page)


def _pull(page: Page, row, to) -> None:
    start, end = row.bounding_box(), to.bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, (start["y"] + end["y"]) / 2, steps=4)
    page.context.set_geolocation(
        {**OFFICE, "longitude": OFFICE["longitude"] + 0.03}
    )  # somebody walks on meanwhile
    page.wait_for_timeout(300)
    page.context.set_geolocation(OFFICE)
    page.mouse.move(end["x"] + 10, end["y"] + 10, steps=8)
    page.mouse.up()


def _visit(page: Page, served: Served) -> None:
    """A tap on the shape, the card, the check, and back on the map the shape has another look."""
    point = served.cast.points[NEXT]
    page.locator("[data-view=map]").tap()
    page.locator(f"[data-mark='{point}']").tap()
    card = page.locator(f"[data-card='{point}']")
    expect(card).to_contain_text(NEXT)
    expect(card).to_contain_text("西北方向")
    links = {
        one.get_attribute("data-app"): one.get_attribute("href") for one in card.locator("[data-app]").all()
    }
    assert set(links) == {"amap", "baidu", "system"}
    assert "coordinate=wgs84" in links["amap"] and "coord_type=wgs84" in links["baidu"]
    assert links["system"].startswith("geo:43.948")
    assert card.locator("[rel='noopener noreferrer'][target=_blank]").count() == 3
    whole(page)
    card.locator("[data-visit]").tap()
    expect(page.locator("[data-position=given]")).to_be_visible()
    page.get_by_role("button", name="全部合格").tap()
    page.locator(".photos > .camera input").set_input_files(picture(NEXT))
    expect(page.locator("tc-photo")).to_have_count(1)
    page.locator(".action-save").tap()
    expect(page.locator(f".map-visited[data-mark='{point}']")).to_have_count(1)
    expect(card).to_contain_text("今天已查")


def test_the_map_works_by_keys(served, new_phone):
    """The shapes are one stop of the Tab key; arrows go along the round, Enter opens the card."""
    with browsing(
        phone_of(served, new_phone, "en", color_scheme="dark"), served, "inspector", strict=False
    ) as page:
        ready(page)
        page.goto("/app/map")
        expect(page.locator("[data-mark]")).to_have_count(7)
        expect(page.locator("[data-mark][tabindex='0']")).to_have_count(1)
        page.locator("[data-mark][tabindex='0']").focus()
        page.keyboard.press("ArrowRight")
        name = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert name.count("; ") >= 2, "what it is called, how it stands and how far it is"
        page.keyboard.press("Enter")
        expect(page.locator("#map-card")).to_have_text(name.split("; ")[0])
        expect(page.locator(f'[data-mark][aria-label="{name}"]')).to_be_focused()
        whole(page)
        for _ in range(6):
            page.keyboard.press("+")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
        seen, paper = (
            page.locator("[data-mark]:focus").bounding_box(),
            page.locator("svg.map-paper").bounding_box(),
        )
        assert paper["x"] < seen["x"] < paper["x"] + paper["width"], "what has the focus comes into sight"
        assert paper["y"] < seen["y"] < paper["y"] + paper["height"]


def test_a_point_without_a_place_gets_it_from_who_keeps_the_register(served, new_phone):
    """One tap of the director's, as a change of the register; an inspector is not offered it."""
    point = served.cast.points[UNPLACED]
    with browsing(phone_of(served, new_phone), served, "inspector", strict=False) as page:
        ready(page)
        page.locator(f"a.point[data-point='{point}']").tap()
        expect(page.locator("[data-position=given]")).to_contain_text("这台手机的地图")
        expect(page.locator("[data-place]")).to_have_count(0)
    with browsing(phone_of(served, new_phone), served, "director", strict=False) as page:
        ready(page)
        page.context.set_offline(True)
        page.locator(f"a.point[data-point='{point}']").tap()
        page.locator("[data-place=new]").tap()
        expect(page.locator("[data-placed]")).to_be_visible()
        page.goto("/app/map")
        expect(page.locator(f"[data-mark='{point}']")).to_have_count(1)
        facts = page.evaluate(HELD, [served.cast.people["director"], "records"])
        [said] = [json.loads(one["open"]) for one in facts if one["type"] == "point"]
        assert (said["op"], said["point"]) == ("change", point)
        assert said["values"] == {"latitude": OFFICE["latitude"], "longitude": OFFICE["longitude"]}


def test_a_known_place_is_moved_only_after_a_question(served, new_phone):
    point = served.cast.points[NEXT]
    with browsing(phone_of(served, new_phone), served, "director", strict=False) as page:
        ready(page)
        page.context.set_offline(True)
        page.locator(f"a.point[data-point='{point}']").tap()
        page.locator("[data-place=other]").tap()
        page.get_by_role("button", name="取消").tap()
        expect(page.locator("[data-place=other]")).to_be_visible()
        facts = page.evaluate(HELD, [served.cast.people["director"], "records"])
        assert not [one for one in facts if one["type"] == "point"]
        page.locator("[data-place=other]").tap()
        page.locator("dialog .button-primary").tap()
        expect(page.locator("[data-placed]")).to_be_visible()
