"""A phone whose page is killed in the middle of a check: what the screen called saved is there when it is opened again."""

import json
import re

import pytest
from playwright.sync_api import Error, expect

from tests.browser.story_phone import PASSWORD, Phone, picture, until

NUMBERS = [f"98802000001{number:02}" for number in range(20)]
FAILED = "代收、入柜前经收件人同意"


@pytest.fixture
def phone(story_server, new_phone):
    """The team lead's phone, signed in at a county of its own, then without signal."""
    server, county = story_server
    phone = Phone(new_phone(server), "li", county.people["li"])
    phone.sign_in()
    phone.today()
    phone.lose_signal()
    return phone


def kill(phone: Phone) -> None:
    """The page's process ends at once, without a last word; then the person opens the app again."""
    with phone.page.expect_event("crash"):
        try:
            phone.page.goto("chrome://crash")
        except Error:
            pass  # nobody is left to answer
    phone.reopen()


def resume(phone: Phone) -> None:
    phone.page.locator("a[href^='/app/check/']").first.tap()
    expect(phone.page.locator("li.item").first).to_be_visible()


def drafts(phone: Phone) -> list[dict]:
    return phone.held("drafts")


def saved(phone: Phone) -> None:
    """The screen says that what was entered is on the phone."""
    expect(phone.page.locator("[data-saved]")).to_have_attribute("data-saved", "saved")


def test_a_page_killed_at_each_step_of_a_twenty_item_check_loses_no_answer_and_doubles_no_record(phone):
    phone.begin("parcel")
    for upto, number in enumerate(NUMBERS, 1):
        phone.enter(number)
        expect(phone.page.locator("li.item")).to_have_count(upto)
        saved(phone)
        kill(phone)  # after each number
        assert [item["subject"] for item in drafts(phone)[0]["items"]] == NUMBERS[:upto]
        resume(phone)
    for answered, number in enumerate(NUMBERS[:19], 1):
        phone.item(number).locator(".verdict-pass").tap()
        saved(phone)
        kill(phone)  # after each answer
        verdicts = [item["verdict"] for item in drafts(phone)[0]["items"]]
        assert verdicts[:answered] == ["pass"] * answered
        assert not any(verdicts[answered:])
        resume(phone)
    _with_the_camera(phone)
    _while_it_is_saved(phone)


def _with_the_camera(phone: Phone) -> None:
    """The last one fails: killed while the camera is open, and after the photo was taken."""
    row = phone.item(NUMBERS[19])
    row.locator(".verdict-fail").tap()
    row.locator("fieldset", has_text=FAILED).locator(".choice-fail").tap()
    with phone.page.expect_file_chooser():
        row.locator("label.camera").tap()
    kill(phone)
    assert "fail" in drafts(phone)[0]["items"][19]["answers"].values()
    resume(phone)
    row = phone.item(NUMBERS[19])
    if not row.locator("input[type=file]").count():
        row.locator(".verdict-fail").tap()
    row.locator("input[type=file]").set_input_files(picture(NUMBERS[19]))
    expect(row.locator("tc-photo")).to_have_count(1)
    saved(phone)
    kill(phone)
    photos = drafts(phone)[0]["items"][19]["photos"]
    assert [one["sha256"] for one in phone.held("photos")] == [one["sha256"] for one in photos]
    assert len(photos) == 1


def _while_it_is_saved(phone: Phone) -> None:
    """Killed as the finger leaves the button: a whole draft or a whole record, never both and never two."""
    resume(phone)
    phone.save()
    kill(phone)
    if drafts(phone):
        assert phone.records() == {}
        resume(phone)
        phone.save()
        phone.page.locator("tc-today").wait_for()
    kill(phone)
    assert drafts(phone) == []
    records = list(phone.records().values())
    assert len(records) == 1
    items = json.loads(records[0]["open"])["items"]
    assert [item["subject"] for item in items] == NUMBERS
    assert [item["verdict"] for item in items] == ["pass"] * 19 + ["fail"]
    assert len(items[19]["photos"]) == len(phone.held("photos")) == 1
    phone.find_signal()
    phone.today()
    phone.settled()
    assert [one["state"] for one in phone.records().values()] == ["stored"]


CHANGE = """async ([person, store, change]) => {
  const open = indexedDB.open(`toucha-${person}`);
  const db = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const tx = db.transaction(store, 'readwrite');
  const rows = tx.objectStore(store);
  if (store === 'meta') rows.put(change.value, change.key);
  else rows.getAll().onsuccess = ({target}) => target.result.forEach((row) => rows.put({...row, ...change}));
  await new Promise((resolve) => { tx.oncomplete = resolve; });
  db.close();
}"""
FULL = """
  navigator.storage.estimate = async () => ({usage: 9e6, quota: 1e7});
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...row) {
    if (this.name === 'records' && !window.roomMade) throw new DOMException('no room', 'QuotaExceededError');
    return add.apply(this, row);
  };
"""
DAY = 24 * 3600 * 1000


def check_one(phone: Phone, number: str) -> None:
    """One parcel, passed; the form is open and not saved yet."""
    phone.begin("parcel")
    phone.enter(number)
    phone.item(number).locator(".verdict-pass").tap()
    saved(phone)


def save_so_few(phone: Phone) -> None:
    """Save fewer than a session needs, knowingly."""
    phone.save()
    phone.page.locator("dialog .button-primary").tap()


def alter(phone: Phone, store: str, **change) -> None:
    """Time passes, or a clock is moved: what lies on the disk is older than it was."""
    phone.page.evaluate(CHANGE, [phone.person, store, change])
    phone.today()


def test_old_work_and_a_wrong_clock_are_said_and_a_pull_sends(phone):
    check_one(phone, NUMBERS[0])
    save_so_few(phone)
    phone.page.locator("tc-today").wait_for()
    now = phone.page.evaluate("Date.now()")
    expect(phone.page.locator("[data-warning]")).to_have_count(0)
    alter(phone, "records", created=now - 2 * DAY)
    expect(phone.page.locator("[data-warning=oldest]")).to_contain_text("2 天")
    alter(phone, "records", created=now - 4 * DAY)
    expect(phone.page.locator("[data-warning=late] a")).to_have_attribute("href", "/app/rescue")
    alter(phone, "meta", key="skew", value=-15 * 60_000)
    expect(phone.page.locator("[data-warning=clock]")).to_contain_text("15 分钟")
    phone.tab("记录")
    waiting = phone.page.locator("[data-waits]")
    expect(waiting).to_have_count(1)
    assert waiting.get_attribute("data-waits") in phone.records()
    phone.context.route("**/api/ping", lambda route: route.abort())  # nothing wakes it but the finger
    phone.find_signal()
    phone.page.wait_for_timeout(500)
    phone.context.unroute("**/api/ping")
    touch(phone, (180, 300), (182, 360), (183, 430))
    phone.settled()
    expect(phone.page.locator("[data-warning=late]")).to_have_count(0)


def touch(phone: Phone, *way: tuple[int, int]) -> None:
    """A finger on the glass from the first of the places to the last."""
    session = phone.context.new_cdp_session(phone.page)
    for number, (x, y) in enumerate(way):
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_full_phone_says_so_before_the_photo_and_keeps_what_was_typed(phone):
    phone.context.add_init_script(FULL)
    phone.reopen()
    check_one(phone, NUMBERS[1])
    row = phone.item(NUMBERS[1])
    row.locator(".verdict-fail").tap()
    choosers = []
    phone.page.on("filechooser", lambda one: choosers.append(one))
    row.locator("label.camera").tap()
    expect(phone.page.locator(".toast")).to_contain_text("先别拍照")
    assert not choosers
    row.locator(".verdict-pass").tap()
    saved(phone)
    save_so_few(phone)
    expect(phone.page.locator(".toast")).to_contain_text("手机空间已满")
    assert [item["verdict"] for item in drafts(phone)[0]["items"]] == ["pass"]
    assert phone.records() == {}
    phone.page.evaluate("window.roomMade = true")
    save_so_few(phone)
    phone.page.locator("tc-today").wait_for()
    assert len(phone.records()) == 1 and drafts(phone) == []


def test_who_signs_out_at_the_desk_hears_of_unsent_work(phone):
    check_one(phone, NUMBERS[2])
    save_so_few(phone)
    phone.page.locator("tc-today").wait_for()
    phone.context.route("**/api/sync/push", lambda route: route.abort())
    phone.find_signal()
    phone.page.goto("/account")
    phone.page.locator("details.menu summary").click()
    phone.page.get_by_role("button", name="退出").click()
    expect(phone.page.locator("#confirm")).to_contain_text("还有 1 条记录没有上传")
    phone.page.keyboard.press("Escape")
    phone.today()
    assert len(phone.records()) == 1


def closed(page) -> None:
    """Nothing of the first person is shown until it is clear who holds the phone."""
    expect(page.locator("[data-gate=other-person]")).to_be_visible()
    expect(page.locator("a[data-record], .duty, .tabs")).to_have_count(0)


def test_somebody_else_signed_in_sees_nothing_of_the_first_ones_work_and_both_queues_arrive(phone):
    check_one(phone, NUMBERS[3])
    save_so_few(phone)
    phone.page.locator("tc-today").wait_for()
    [mine] = phone.records()
    session = phone.context.cookies()
    phone.context.clear_cookies()
    phone.find_signal()
    expect(phone.page.locator("[data-status]")).to_have_attribute(
        "data-status", "stuck"
    )  # no run is under way
    other = phone.context.new_page()  # the session ended, and a colleague signs in from another tab
    other.goto("/login?next=/app/")
    other.locator("#login").fill("chen")
    other.locator("#password").fill(PASSWORD)
    other.get_by_role("button", name="登录", exact=True).tap()
    closed(other)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    closed(phone.page)
    other.get_by_role("button", name="换成").tap()
    other.locator("tc-today h1").wait_for()
    other.locator(".tabs a", has_text="记录").tap()
    expect(other.locator("tc-records h1")).to_be_visible()
    expect(other.locator("a[data-record]")).to_have_count(0)
    other.close()
    phone.context.clear_cookies()
    phone.context.add_cookies(session)
    phone.page.goto("/account")  # the first one is back: the desk notices it
    phone.page.goto("/app/records")
    expect(phone.page.locator(f"a[data-record='{mine}']")).to_be_visible()
    phone.settled()


def test_signed_out_at_the_desk_the_app_shows_nothing_without_signal(phone):
    phone.find_signal()
    phone.page.goto("/account")
    phone.page.locator("details.menu summary").click()
    phone.page.get_by_role("button", name="退出").click()
    phone.page.wait_for_url("**/login**")
    phone.lose_signal()
    phone.page.goto("/app/")
    expect(phone.page.locator("[data-gate=offline]")).to_be_visible()
    expect(phone.page.locator("tc-today")).to_have_count(0)


def test_an_iphone_is_told_to_send_first_and_then_to_install(phone, new_phone):
    phone.page.add_init_script(
        "Object.defineProperty(navigator, 'userAgent', {get: () => 'Mozilla/5.0 (iPhone)'})"
    )
    phone.page.reload()
    hint = phone.page.locator("[data-warning=home]")
    expect(hint).to_contain_text("请把投查添加到主屏幕")
    check_one(phone, NUMBERS[4])
    save_so_few(phone)
    phone.page.locator("tc-today").wait_for()
    expect(hint).to_contain_text("先让记录全部上传或存为文件")
    hint.locator("a").tap()
    expect(phone.page.locator("[data-screen=rescue]")).to_be_visible()


def test_the_browser_is_asked_to_keep_the_data_with_the_first_record_and_the_use_is_shown(phone):
    phone.page.add_init_script(
        "navigator.storage.persist = async () => { sessionStorage.asked = Number(sessionStorage.asked ?? 0) + 1; return true; };"
    )
    phone.page.reload()
    phone.page.locator("tc-today h1").wait_for()
    assert phone.page.evaluate("sessionStorage.asked ?? null") is None  # not before there is anything to keep
    check_one(phone, NUMBERS[5])
    save_so_few(phone)
    phone.page.locator("tc-today").wait_for()
    until(phone.page, "sessionStorage.asked > 0")
    phone.page.goto("/app/me")
    expect(phone.page.locator("tc-me dl").last).to_contain_text(
        re.compile(r"[\d.]+ [kMG]B，共可用 [\d.]+ [kMG]B")
    )


def test_a_photo_still_being_made_small_when_save_is_tapped_belongs_to_the_record(phone):
    check_one(phone, NUMBERS[6])
    phone.item(NUMBERS[6]).locator(".item-more").tap()
    phone.page.evaluate(
        """() => {
          const real = createImageBitmap;
          window.createImageBitmap = async (...how) => { await new Promise((go) => setTimeout(go, 1500)); return real(...how); };
        }"""
    )
    phone.item(NUMBERS[6]).locator("input[type=file]").set_input_files(picture("slow"))
    save_so_few(phone)
    phone.page.locator("tc-today").wait_for()
    [record] = phone.records().values()
    assert len(record["photos"]) == 1 and record["photos"][0]["sha256"] in phone.photos()
