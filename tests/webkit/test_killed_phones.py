"""The offline promise in a real WebKit and in Chromium: the server is really off, and the browser is really killed."""

import shutil

import pytest

from tests.browser.story_county import PARCELS, build
from tests.browser.story_office import everything_is_there_exactly_once
from tests.serving import ROOT, RunningServer
from tests.webkit.phone import Phone
from tests.webkit.release import TODAY, TODAY_NEXT, Release, next_release


@pytest.fixture(scope="module")
def county(sqlite_template, tmp_path_factory):
    """The story's county: its data folder, to be copied, and who is in it."""
    data = tmp_path_factory.mktemp("county") / "data"
    data.mkdir()
    return data, build(sqlite_template.fresh(data), data)


@pytest.fixture
def server(county, tmp_path):
    """A started server on a copy of the county."""
    server = RunningServer(shutil.copytree(county[0], tmp_path / "data"))
    server.start()
    yield server
    if server.running:
        server.kill()


@pytest.fixture(scope="module")
def newer(tmp_path_factory):
    """The release after this one."""
    return next_release(tmp_path_factory.mktemp("newer") / "release")


@pytest.fixture
def phone(server, county, new_phone):
    """The team lead's phone after its one visit with signal."""
    phone = new_phone(server, "li", county[1].people["li"])
    phone.sign_in()
    yield phone
    assert phone.errors == []


def test_a_check_with_photos_survives_kills_in_the_cellar_and_arrives_once(server, phone):
    assert phone.asked_for("/api/sync/pull") == 0  # the page brought it
    server.kill()
    phone.dies_and_comes_back()
    assert phone.has_signal() is False
    draft = _half_a_check(phone)
    phone.dies_and_comes_back()
    assert phone.held("drafts") == [draft]
    _the_rest_of_it(phone)
    phone.dies_and_comes_back()
    _is_on_this_phone_only(phone)
    server.start()
    phone.today()
    phone.settled_even_if_signed_out()
    phone.tap(".tabs a", "记录")
    phone.see("a[data-record][data-state=arrived]")
    everything_is_there_exactly_once(server, [phone])


def _half_a_check(phone: Phone) -> dict:
    """Three items, one of which fails with a photo and a note; returns the draft on the disk."""
    phone.tap("[data-kind=parcel]")
    for number in PARCELS[:3]:
        phone.enter(number)
    for number in PARCELS[:2]:
        phone.tap(f"[data-subject='{number}'] .verdict-pass")
    phone.tap(f"[data-subject='{PARCELS[2]}'] .verdict-fail")
    phone.tap(f"[data-subject='{PARCELS[2]}'] fieldset .choice-fail")
    phone.photograph(PARCELS[2], sideways=True)
    phone.type(f"[data-subject='{PARCELS[2]}'] textarea", "放在超市")
    phone.draft_is_kept()
    [draft] = phone.held("drafts")
    assert [item["verdict"] for item in draft["items"]] == ["pass", "pass", "fail"]
    assert (len(draft["items"][2]["photos"]), draft["items"][2]["note"]) == (1, "放在超市")
    return draft


def _the_rest_of_it(phone: Phone) -> None:
    """The draft is opened where it was left; two more items, another photo, saved."""
    phone.tap("[data-kind=parcel]")
    phone.see("[data-verdict=fail]")
    assert len(phone.all("li.item")) == 3
    for number in PARCELS[3:5]:
        phone.enter(number)
        phone.tap(f"[data-subject='{number}'] .verdict-pass")
    phone.tap(f"[data-subject='{PARCELS[3]}'] .item-more")
    phone.photograph(PARCELS[3])
    phone.tap(".action-save", "提交 5 件")
    phone.tap("dialog .button-primary")
    phone.see(".toast", "已提交")


def _is_on_this_phone_only(phone: Phone) -> None:
    phone.tap(".tabs a", "记录")
    phone.see("a[data-record][data-state=phone]")
    assert len(phone.records()) == 1
    assert phone.held("drafts") == []
    assert {photo["sha256"] for photo in phone.held("photos")} == phone.photos()
    assert len(phone.photos()) == 2


def test_a_broken_new_version_changes_nothing(server, phone, newer):
    with newer.without_its_script():
        _now_serves(server, newer)
        phone.today()
        assert phone.newer() == "redundant"
        server.kill()
    phone.dies_and_comes_back()
    assert phone.runs() == Release(ROOT).script != newer.script
    phone.open("/app/register")  # its code is fetched when it is asked for, and the server had it no more
    phone.see("tc-register h1")


def test_a_new_version_waits_for_the_end_of_the_check(server, phone, newer):
    now = Release(ROOT)
    phone.tap("[data-kind=parcel]")
    phone.enter(PARCELS[0])
    _now_serves(server, newer)
    assert phone.newer() == "installed"
    phone.tap(f"[data-subject='{PARCELS[0]}'] .verdict-pass")
    phone.enter(PARCELS[1])
    phone.draft_is_kept()
    assert (phone.runs(), phone.all(".notice")) == (now.script, [])
    assert phone.kept_versions() == sorted([now.version, newer.version])
    phone.tap(".bar-back")
    phone.see("[data-kind=parcel]")
    assert phone.see(".tabs a").text == TODAY
    phone.take_over(TODAY_NEXT)
    server.kill()
    phone.dies_and_comes_back()
    assert (phone.runs(), phone.kept_versions()) == (newer.script, [newer.version])
    phone.tap("[data-kind=parcel]")
    phone.see("[data-verdict=pass]")
    assert len(phone.all("li.item")) == 2


def _now_serves(server: RunningServer, release: Release) -> None:
    server.kill()
    server.root = release.folder
    server.start()
