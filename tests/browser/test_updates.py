"""A new release reaches phones that are in use: between screens, whole or not at all, and one tab of two sends."""

import json
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from tests.browser.story_county import PARCELS
from tests.browser.story_office import everything_is_there_exactly_once
from tests.browser.story_phone import Phone
from tests.serving import ROOT, RunningServer
from tests.webkit.release import NEWER, TODAY_NEXT, Release, next_release

KEPT = "() => caches.keys().then((names) => names.map((name) => name.replace('toucha-', '')).sort())"
SCRIPT = "() => document.querySelector('script[type=module]').src.split('/').at(-1)"


@pytest.fixture(scope="module")
def newer(tmp_path_factory):
    """The release after this one."""
    return next_release(tmp_path_factory.mktemp("newer") / "release")


@pytest.fixture
def server(story_server):
    """A started server on a copy of the county."""
    return story_server[0]


@pytest.fixture
def phone(story_server, new_phone):
    """The team lead's phone after its one visit with signal."""
    server, county = story_server
    phone = Phone(new_phone(server), "li", county.people["li"])
    phone.sign_in()
    return phone


def now_serves(server: RunningServer, release: Release) -> None:
    server.stop()
    server.root = release.folder
    server.start()


def begun(phone: Phone, number: str) -> None:
    """A check of one item, on the disk."""
    phone.today()
    phone.begin("parcel")
    phone.enter(number)
    phone.item(number).locator(".verdict-pass").tap()
    expect(phone.item(number)).to_have_attribute("data-verdict", "pass")
    phone.item(number).locator(".item-more").tap()
    phone.photograph(number, sideways=number == PARCELS[0])


def saved(phone: Phone) -> None:
    """Saved though it is fewer than a session has."""
    phone.save()
    phone.page.locator("dialog .button-primary").tap()
    expect(phone.page.locator("[data-screen=today]")).to_be_visible()


def another_tab(phone: Phone) -> Page:
    """The app once more, on the same phone."""
    tab = phone.context.new_page()
    tab.goto("/app/")
    tab.locator("tc-today h1").wait_for()
    return tab


def test_a_new_version_taken_in_one_tab_leaves_the_check_in_the_other_alone(server, phone, newer):
    now = Release(ROOT)
    begun(phone, PARCELS[0])
    now_serves(server, newer)
    assert phone.page.evaluate(NEWER) == "installed"
    expect(phone.page.locator(".notice-info")).to_have_count(0)
    assert phone.page.evaluate(KEPT) == sorted([now.version, newer.version])
    tab = another_tab(phone)
    assert tab.evaluate(SCRIPT) == now.script
    tab.get_by_role("button", name="现在切换").tap()
    expect(tab.locator(".tabs a").first).to_have_text(TODAY_NEXT)
    assert (phone.page.evaluate(SCRIPT), tab.evaluate(SCRIPT)) == (now.script, newer.script)
    phone.enter(PARCELS[1])  # the page of the version before works on, and saves what it holds
    phone.item(PARCELS[1]).locator(".verdict-pass").tap()
    phone.item(PARCELS[1]).locator(".item-more").tap()
    phone.photograph(PARCELS[1])
    saved(phone)
    tab.close()
    phone.reopen()
    assert (phone.page.evaluate(SCRIPT), phone.page.evaluate(KEPT)) == (newer.script, [newer.version])
    phone.settled()
    everything_is_there_exactly_once(server, [phone])
    assert phone.said == []


def test_a_new_version_that_does_not_come_whole_leaves_the_old_one_at_work(server, phone, newer):
    begun(phone, PARCELS[0])
    with newer.without_its_script():
        now_serves(server, newer)
        assert phone.page.evaluate(NEWER) == "redundant"
        server.kill()
    phone.reopen()
    assert phone.page.evaluate(SCRIPT) == Release(ROOT).script
    phone.begin("parcel")
    expect(phone.item(PARCELS[0])).to_have_attribute("data-verdict", "pass")
    saved(phone)
    assert [row["state"] for row in phone.held("records")] == ["unsent"]


def test_of_two_tabs_one_sends_and_everything_arrives_once(server, phone):
    sent: list[str] = []

    def heard(request) -> None:
        if request.url.endswith("/api/sync/push"):
            sent.extend(fact["id"] for fact in json.loads(request.post_data)["facts"])
        elif request.method == "PUT":
            sent.append(request.url.rpartition("/")[2])

    phone.lose_signal()
    for number in PARCELS[:3]:
        begun(phone, number)
        saved(phone)
    tab = another_tab(phone)
    phone.context.on("request", heard)
    phone.find_signal()
    phone.settled()
    expect(tab.locator("[data-status]")).to_have_attribute("data-status", "all-in", timeout=30_000)
    assert Counter(sent) == dict.fromkeys([*phone.records(), *phone.photos()], 1)
    everything_is_there_exactly_once(server, [phone])
