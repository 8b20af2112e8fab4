"""What is wrong is said instead of typed: recorded without signal, kept by the phone, heard at the desk."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import story_office as office
from tests.browser.story_county import PARCELS
from tests.browser.story_phone import Phone, until

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
# A tone in place of the microphone: the rest, the recorder too, is the browser's own.
TONE = """
  navigator.mediaDevices.getUserMedia = async () => {
    const sound = new AudioContext();
    const tone = new OscillatorNode(sound, {frequency: 440});
    const out = sound.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    window.microphone = out.stream;
    return out.stream;
  };
"""
DUMB = "delete window.MediaRecorder"
FORBIDDEN = """
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
"""
ALLOWED = "document.featurePolicy.allowsFeature('microphone')"


def whole(page: Page, name: str) -> None:
    """Nothing for axe to find, nothing wider than the screen."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")
    found = [rule["id"] for rule in Axe().run(page, "main").response["violations"]]
    assert found == [], name


@pytest.fixture
def lead(story_server, new_phone):
    """A function of a script for the page: the team lead's phone without signal, one parcel failed and opened."""
    server, county = story_server

    def begin(script: str) -> Phone:
        context = new_phone(server, reduced_motion="reduce")
        context.add_init_script(script)
        phone = Phone(context, "li", county.people["li"])
        phone.sign_in()
        phone.reopen()
        phone.lose_signal()
        phone.begin("parcel")
        phone.enter(PARCELS[0])
        row = phone.item(PARCELS[0])
        row.locator(".verdict-fail").tap()
        row.locator("fieldset", has_text="代收、入柜前经收件人同意").locator(".choice-fail").tap()
        return phone

    return begin


def speak(phone: Phone) -> None:
    """Record two seconds about the parcel."""
    row = phone.item(PARCELS[0])
    row.get_by_role("button", name="语音").tap()
    expect(row.get_by_role("status").get_by_text("正在录音")).to_be_visible()
    expect(row.get_by_role("timer")).to_have_text("0:02 / 1:00")
    whole(phone.page, "voice-recording")
    row.get_by_role("button", name="停止").tap()
    expect(row.locator("tc-voice audio")).to_be_visible()


def voices(phone: Phone) -> list[dict]:
    return [item["voice"] for draft in phone.held("drafts") for item in draft["items"] if item.get("voice")]


def test_it_is_said_without_signal_and_heard_at_the_desk(lead, story_server, new_desk):
    phone, (server, _) = lead(TONE), story_server
    speak(phone)
    row = phone.item(PARCELS[0])
    assert phone.page.evaluate("microphone.getTracks().map(({readyState}) => readyState)") == ["ended"]
    [voice] = voices(phone)
    [kept] = phone.held("photos")
    assert kept["sha256"] == voice["sha256"] and kept["type"] == "audio/webm"
    assert 2 <= voice["seconds"] <= 4 and 1000 < voice["size"] < 60_000
    whole(phone.page, "voice-kept")
    row.locator("audio").evaluate("async (one) => { one.muted = true; await one.play(); }")
    row.get_by_role("button", name="删除语音").tap()
    expect(row.locator("audio")).to_have_count(0)
    until(phone.page, "document.querySelector('.toast-undo') !== null")
    phone.page.locator(".toast-undo").tap()
    expect(row.locator("audio")).to_be_visible()
    phone.photograph(PARCELS[0])
    phone.save()
    short = phone.page.get_by_role("button", name="先提交")  # one parcel is fewer than a session
    short.tap()
    phone.tab("记录")
    phone.shows("phone")
    phone.find_signal()
    phone.settled()
    [record] = phone.records().values()
    assert {(one["type"].split("/")[0], one["state"]) for one in record["photos"]} == {
        ("audio", "arrived"),
        ("image", "arrived"),
    }
    phone.page.locator("a[data-record]").tap()
    expect(phone.page.locator("tc-voice audio")).to_be_visible()
    expect(phone.page.locator("tc-voice")).to_contain_text(f"语音说明 {voice['seconds']} 秒")
    whole(phone.page, "voice-record")
    assert phone.said == []
    desk = new_desk(server).new_page()
    office.sign_in(desk, "chen")
    desk.goto(f"{server.url}/inspections/{record['id']}")
    sound = desk.locator(".voice audio")
    expect(sound).to_be_visible()
    expect(desk.locator(".voice")).to_contain_text(f"语音说明，{voice['seconds']} 秒")
    sound.evaluate("async (one) => { one.muted = true; await one.play(); }")
    assert sound.evaluate("(one) => one.error") is None
    whole(desk, "voice-desk")


def test_a_minute_is_the_most_and_the_phone_ends_it(lead):
    phone = lead(TONE)
    phone.page.clock.install()
    row = phone.item(PARCELS[0])
    row.get_by_role("button", name="语音").tap()
    # Something is said before the minute is over.
    expect(row.get_by_role("timer")).to_have_text("0:01 / 1:00")
    phone.page.clock.fast_forward(61_000)
    expect(row.locator("tc-voice audio")).to_be_visible()
    expect(phone.page.get_by_text("已录满 1 分钟")).to_be_visible()
    assert [one["seconds"] for one in voices(phone)] == [60]


def test_who_saves_while_speaking_has_spoken(lead):
    """The recording ends and goes along: what was said is not lost for a tap too early."""
    phone = lead(TONE)
    row = phone.item(PARCELS[0])
    phone.photograph(PARCELS[0])
    row.get_by_role("button", name="语音").tap()
    expect(row.get_by_role("timer")).to_have_text(re.compile("^0:01"))
    phone.save()
    phone.page.get_by_role("button", name="先提交").tap()
    phone.tab("记录")
    phone.shows("phone")
    [item] = phone.items()
    assert item["voice"]["type"] == "audio/webm" and item["voice"]["seconds"] >= 1
    assert phone.said == []


def test_who_leaves_the_screen_while_speaking_finds_it_in_the_draft(lead):
    phone = lead(TONE)
    row = phone.item(PARCELS[0])
    row.get_by_role("button", name="语音").tap()
    expect(row.get_by_role("timer")).to_have_text(re.compile("^0:01"))
    phone.page.locator(".bar-back").tap()
    phone.page.locator("tc-today").wait_for()
    until(phone.page, "microphone.getTracks().every(({readyState}) => readyState === 'ended')")
    for _ in range(50):
        if voices(phone):
            break
        phone.page.wait_for_timeout(100)
    assert [one["type"] for one in voices(phone)] == ["audio/webm"]
    assert {one["sha256"] for one in phone.held("photos")} == {one["sha256"] for one in voices(phone)}


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (DUMB, "不能录音，请打字"),
        (FORBIDDEN, "没有麦克风权限"),
        ("", "麦克风用不了"),
    ],  # the last: this machine has none
)
def test_without_a_microphone_the_phone_says_so_and_goes_on(lead, script, said):
    phone = lead(script)
    row = phone.item(PARCELS[0])
    row.get_by_role("button", name="语音").tap()
    expect(phone.page.get_by_text(said)).to_be_visible()
    row.locator("textarea").fill("放在超市")
    expect(row.get_by_role("button", name="语音")).to_be_enabled()
    until(phone.page, "document.querySelector('[data-saved=saved]') !== null")
    assert [draft["items"][0]["note"] for draft in phone.held("drafts")] == ["放在超市"]
    assert phone.said == []
    assert phone.page.evaluate(ALLOWED) is True, "the kept app, without signal"


def test_no_page_of_the_desk_may_record(story_server, new_desk):
    desk = new_desk(story_server[0]).new_page()
    office.sign_in(desk, "chen")
    assert desk.evaluate(ALLOWED) is False
