"""What happens on the phones: in the cellar, on the route, and when the signal comes back and the server dies."""

from playwright.sync_api import Route, expect

from tests.browser.story_county import CHECKED_BEFORE, NORTHWARDS, OF_WANG, OFFICE, PARCELS, County
from tests.browser.story_phone import Phone
from tests.serving import RunningServer


def the_carrier_photographs_in_the_cellar(phone: Phone, drawn: list[str]) -> list[str]:
    """Only the own drawn items; each receipt is photographed without signal and outlives the app; returns the items."""
    own = [number for number in drawn if number not in OF_WANG]
    assert phone.page.locator("[data-kind=receipt]").count() == 0  # nobody judges the own deliveries
    phone.lose_signal()
    phone.begin("capture")
    rows = phone.page.locator("li.item")
    expect(rows).to_have_count(len(own))
    assert {row.get_attribute("data-subject") for row in rows.all()} == set(own)
    for number in own[:-1]:
        phone.photograph(number)
    phone.reopen()  # before the last one: the others stand in the draft
    phone.begin("capture")
    expect(phone.page.locator("[data-taken=yes]")).to_have_count(len(own) - 1)
    phone.photograph(own[-1])
    phone.save()
    phone.page.locator("tc-today").wait_for()
    phone.reopen()
    phone.tab("记录")
    phone.shows("phone")
    assert [len(row["photos"]) for row in phone.records().values()] == [len(own)]
    assert len(phone.held("photos")) == len(own)
    return own


def the_team_lead_checks_twenty_parcels(phone: Phone) -> None:
    """Twenty numbers on one screen, without signal: one doubtful, one checked before, one that fails."""
    phone.lose_signal()
    phone.begin("parcel")
    phone.page.locator("#entry").wait_for()
    screen = phone.page.url
    wrong = f"{PARCELS[24][:-3]}{(int(PARCELS[24][-3]) + 1) % 10}CN"
    for number in PARCELS[:18]:
        phone.enter(number)
    phone.enter(wrong)
    expect(phone.doubt).to_contain_text("校验位不对")
    phone.keep()
    phone.enter(CHECKED_BEFORE[1])
    expect(phone.doubt).to_contain_text("已经检查过")
    phone.keep()
    expect(phone.page.locator("li.item")).to_have_count(20)
    expect(phone.page.locator("[data-verdict]")).to_have_count(0)  # nothing is ticked before a person did
    expect(phone.page.locator(".action-save")).to_have_text("还有 20 件未作答")
    for count, number in enumerate([*PARCELS[:17], wrong, CHECKED_BEFORE[1]], 1):
        phone.item(number).locator(".verdict-pass").tap()
        expect(phone.page.locator(".action-save")).to_have_text(f"还有 {20 - count} 件未作答")
    _fail(phone, PARCELS[17])
    expect(phone.page.locator(".action-save")).to_have_text("提交 20 件")
    assert phone.page.url == screen
    phone.save()
    phone.tab("记录")
    phone.shows("phone")
    assert [item.get("warning") for item in phone.items()] == [None] * 18 + ["check-digit", "repeat"]


def _fail(phone: Phone, number: str) -> None:
    """A fail opens the criteria; one of them, a photo and a note say what is wrong."""
    row = phone.item(number)
    row.locator(".verdict-fail").tap()
    expect(phone.page.locator(".action-save")).to_have_text("还有 1 件未作答")
    row.locator("fieldset", has_text="代收、入柜前经收件人同意").locator(".choice-fail").tap()
    phone.photograph(number, sideways=True)
    row.locator("textarea").fill("放在超市，收件人不知情")


def the_inspector_calls_at_two_points(phone: Phone, county: County) -> None:
    """Nearest first from where the phone stands; then, without a position, one found by its initials."""
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({**OFFICE, "accuracy": 12})
    phone.lose_signal()
    phone.begin("relay")
    expect(phone.page.locator(".finder-where")).to_contain_text("由近到远 · 定位误差约 12 米")
    names = phone.page.locator("a.point b")
    assert names.all_inner_texts()[:3] == list(NORTHWARDS)
    assert "500 米" in phone.page.locator("a.point").nth(1).inner_text()
    phone.page.locator(f"[data-point='{county.points[NORTHWARDS[0]]}']").tap()
    _visit(phone, county.points[NORTHWARDS[0]])

    phone.context.clear_permissions()
    phone.reopen()
    phone.begin("relay")
    phone.page.locator("#find").fill("hmsq")  # 回民社区
    expect(phone.page.locator("a.point b")).to_have_text(["回民社区居委会"])
    phone.page.locator("a.point").tap()
    phone.page.locator(".choice", has_text="不允许定位").tap()
    phone.page.locator("fieldset", has_text="无积压、丢失").locator(".choice-fail").tap()
    _photographed(phone, county.points["回民社区居委会"])
    phone.save()
    phone.page.locator("tc-relay").wait_for()
    phone.today()
    phone.tab("记录")
    phone.shows("phone", "phone")
    assert [item["position"] for item in phone.items()] == ["given", "refused"]


def _visit(phone: Phone, point: str) -> None:
    expect(phone.page.locator("[data-position=given]")).to_contain_text("误差约 12 米")
    expect(phone.page.locator(".point-card")).to_contain_text("门卫 乌恩")
    phone.page.get_by_role("button", name="全部合格").tap()
    expect(phone.page.locator(".action-save")).to_have_text("还缺照片")
    _photographed(phone, point)
    expect(phone.page.locator(".action-save")).to_have_text("提交这次检查")
    phone.save()
    phone.page.locator("tc-relay").wait_for()


def _photographed(phone: Phone, point: str) -> None:
    phone.photograph(point)


def the_signal_comes_back_and_the_server_dies(server: RunningServer, *phones: Phone) -> None:
    """It is killed after the first photo, while the second is answered: that answer is lost. All the rest waits."""
    carrier, *others = phones
    count = len(carrier.photos())
    offered = _killed_at_the_second_photo(server, carrier)
    record = carrier.page.locator("a[data-record]")
    expect(record).to_contain_text(f"缺 {count - 1} 张照片", timeout=20_000)
    for phone in others:
        phone.find_signal()
        expect(phone.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    expect(carrier.page.locator("[data-status]")).to_have_attribute("data-status", "waiting")
    server.start()
    for phone in phones:
        phone.settled()
        phone.shows(*["arrived"] * len(phone.records()))
    carrier.context.unroute("**/api/photos/*")
    assert len(set(offered)) == count
    assert offered.count(offered[1]) > 1  # the one whose answer was lost went again


def _killed_at_the_second_photo(server: RunningServer, phone: Phone) -> list[str]:
    """Find signal; returns, once the server is dead, the growing list of the photos that are offered."""
    offered: list[str] = []

    def listen(route: Route) -> None:
        if route.request.method != "PUT":  # a case's photo, fetched for the time without signal
            return route.continue_()
        offered.append(route.request.url)
        if len(offered) != 2:
            return route.continue_()
        route.fetch()  # it is on the server's disk …
        server.kill()
        return route.abort("connectionreset")  # … but the phone never hears of it

    phone.context.route("**/api/photos/*", listen)
    phone.find_signal()
    while server.running:
        phone.page.wait_for_timeout(50)
    return offered


def the_carrier_corrects_and_takes_back(phone: Phone, number: str) -> None:
    """A second photo by a correction; then the correction is withdrawn, and the first record is in force again."""
    page = phone.page
    page.locator("a[data-record]").tap()
    page.get_by_role("button", name="更正").tap()
    phone.photograph(number, f"{number} again")
    phone.save()
    expect(page.locator("[data-record][data-state=arrived]")).to_be_visible()
    phone.today()
    phone.tab("记录")
    phone.settled()
    phone.shows("arrived", "superseded")
    page.locator("a[data-record]").first.tap()
    page.get_by_role("button", name="撤回").tap()
    page.locator("dialog").get_by_role("button", name="重复记录").tap()
    page.locator("dialog button.button-danger").tap()
    expect(page.locator(".toast")).to_have_text("已撤回，自动上传")
    phone.today()
    phone.tab("记录")
    phone.settled()
    phone.shows("arrived", "withdrawn", "arrived")


def the_director_judges_without_and_with_signal(phone: Phone, drawn: list[str], own: list[str]) -> None:
    """The carriers' photos came beforehand: three verdicts in the cellar, one of them a fail; the other two upstairs."""
    phone.asked.clear()
    phone.reopen()
    phone.awaits_photos(len(own))
    pulls = [address for address in phone.asked if "/api/sync/pull" in address]
    assert pulls and all("cursor=" in address for address in pulls)  # only what is new came
    expect(phone.page.locator("[data-kind=receipt]")).to_contain_text("5 件待核查")
    phone.lose_signal()
    _judge(phone, drawn[:3], wrong=drawn[0])
    phone.find_signal()
    phone.today()
    phone.settled()
    _judge(phone, drawn[3:])
    phone.today()
    phone.settled()
    phone.tab("记录")
    phone.shows("arrived", "arrived")


def the_carrier_prefers_english(phone: Phone) -> None:
    """Chosen without signal: the words are there at once; the server hears of it when the signal is back."""
    phone.lose_signal()
    phone.tab("我的")
    phone.page.locator(".choice", has_text="English").tap()
    expect(phone.page.locator("h1")).to_have_text("Me")
    phone.find_signal()
    with phone.page.expect_response("**/api/sync/push"):
        phone.page.locator(".tabs a", has_text="Records").tap()
    expect(phone.page.locator("[data-status]")).to_contain_text("All uploaded")


def _judge(phone: Phone, numbers: list[str], wrong: str | None = None) -> None:
    phone.begin("receipt")
    phone.page.locator("a[data-day]").first.tap()
    for number in numbers:
        row = phone.item(number)
        if number != wrong:
            row.locator(".verdict-pass").tap()
            continue
        row.locator(".verdict-fail").tap()
        row.locator("fieldset", has_text="代收关系已注明").locator(".choice-fail").tap()
    phone.save()
    phone.page.locator("tc-verdicts").wait_for()
