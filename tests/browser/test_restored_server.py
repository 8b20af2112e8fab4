"""The server's disk dies and last night's copy is put in its place: what phones had brought since comes again by itself."""

import os
import shutil

from playwright.sync_api import expect

from tests.browser.story_phone import Phone
from tests.server.keeping import rows
from tests.server.test_backup import make_copy
from tests.serving import RunningServer

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
NUMBER = "9880300000001"
LATER = "9880300000002"
FAILED = "代收、入柜前经收件人同意"


def check(phone: Phone, number: str) -> str:
    """A parcel that failed, with its photo, on the server; the record's id."""
    before = set(phone.records())
    phone.begin("parcel")
    phone.enter(number)
    row = phone.item(number)
    row.locator(".verdict-fail").tap()
    row.locator("fieldset", has_text=FAILED).locator(".choice-fail").tap()
    phone.photograph(number)
    phone.save()
    phone.page.locator("dialog .button-primary").tap()  # fewer than a session needs
    phone.page.locator("tc-today").wait_for()
    phone.settled()
    [new] = set(phone.records()) - before
    return new


def put_back(server: RunningServer, copied) -> None:
    """As docs/operating.md says: stop, the copy in the place of what was lost, start."""
    server.kill()
    shutil.rmtree(server.data)
    shutil.copytree(copied, server.data)
    server.start()


def test_what_a_phone_brought_after_the_copy_comes_again_with_its_photo(story_server, new_phone, tmp_path):
    server, county = story_server
    phone = Phone(new_phone(server), "li", county.people["li"])
    phone.sign_in()
    phone.today()
    first = check(phone, NUMBER)
    copied = make_copy(server.data, tmp_path / "copies")
    second = check(phone, LATER)
    brought = rows(server.data, "SELECT id, open, digest FROM facts ORDER BY id")
    photos = rows(server.data, "SELECT digest FROM photos ORDER BY digest")
    assert {id for id, *_ in brought} >= {first, second}
    put_back(server, copied)
    assert second not in {id for (id,) in rows(server.data, "SELECT id FROM facts")}

    heard = []

    def only_the_first(route) -> None:
        heard.append(route.request)
        route.continue_() if len(heard) == 1 else route.abort()

    phone.context.route("**/api/sync/push", only_the_first)  # then the line breaks
    phone.reopen()
    phone.tab("记录")
    expect(phone.page.locator("[data-queue]")).to_contain_text("服务器已从备份恢复")
    if SHOTS:
        phone.page.screenshot(path=f"{SHOTS}/restored.png")
    phone.context.unroute("**/api/sync/push")
    phone.reopen()  # it would try again by itself, soon or later
    for _ in range(100):
        if rows(server.data, "SELECT digest FROM photos ORDER BY digest") == photos:
            break
        phone.page.wait_for_timeout(100)
    phone.settled()
    assert rows(server.data, "SELECT id, open, digest FROM facts ORDER BY id") == brought
    assert rows(server.data, "SELECT digest FROM photos ORDER BY digest") == photos
    assert {record["state"] for record in phone.records().values()} == {"stored"}
    assert server.flask("check").strip() == "No fault found."
    assert phone.said == []
