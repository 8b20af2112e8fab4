"""A photo that will not do is said while the receipt still lies there; it is a hint, and whoever goes on has answered it."""

import io
import os

import pytest
from playwright.sync_api import expect

from bench import receipts
from tests.browser import story_office as office
from tests.browser.story_county import OF_WANG
from tests.browser.story_phone import Phone, until

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
SEED = 3
PATIENCE = 20_000  # ms: a machine that runs other tests beside
WHOLE = 6  # a light sheet on a dark table, a little turned, without a shadow or a thumb
# Whether the canvas is light just inside each of its sides.
MIDDLES = """() => {
  const canvas = document.querySelector('tc-photo-stage canvas');
  const {width, height} = canvas;
  const places = [[0.5, 0.02], [0.98, 0.5], [0.5, 0.98], [0.02, 0.5]];
  return places.map(([x, y]) => {
    const [red] = canvas.getContext('2d').getImageData(x * width, y * height, 1, 1).data;
    return red > 120;
  });
}"""


def photo(fault: str | None, number: int = 0) -> dict:
    """An invented photo of a receipt, as a file of the camera."""
    data = io.BytesIO()
    receipts.photo(SEED, number, fault)[0].save(data, "JPEG", quality=85)
    return {"name": f"{fault}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def take(row, file: dict) -> None:
    """With the strip's own camera, not the one of a hint."""
    before = row.locator("tc-photo").count()
    row.locator(".photos > .camera input").set_input_files(file)
    expect(row.locator("tc-photo")).to_have_count(before + 1)


def judged(row):
    """What is said beside the photos of an item."""
    return row.locator("tc-photo-hint")


def look(phone: Phone, name: str) -> None:
    if SHOTS:
        phone.page.screenshot(path=f"{SHOTS}/{name}.png")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360, name


@pytest.fixture
def carrier(story_server, new_desk, new_phone):
    """(the carrier's phone without signal before the drawn items, their numbers)."""
    server, county = story_server
    desk = new_desk(server).new_page()
    office.sign_in(desk, "chen")
    draw = office.the_director_seals_the_list(desk)
    phone = Phone(new_phone(server), "zhang", county.people["zhang"])
    phone.sign_in()
    phone.reopen()
    phone.lose_signal()
    phone.begin("capture")
    expect(phone.page.locator("li.item").first).to_be_visible()
    return phone, [number for number in draw.drawn if number not in OF_WANG]


def test_a_dark_photo_is_said_and_submitted_all_the_same_and_of_a_good_one_nothing_is_said(carrier):
    phone, (first, second, *_) = carrier
    hints = phone.page.locator(".photo-hint")
    take(phone.item(first), photo("dark"))
    expect(hints).to_have_text("太暗，可能看不清", timeout=PATIENCE)
    look(phone, "hint-dark")
    [held] = phone.held("drafts")
    assert "dark" not in str(held) and "hint" not in str(held)
    take(phone.item(second), photo(None))
    expect(judged(phone.item(second))).to_have_attribute("data-judged", "good", timeout=PATIENCE)
    expect(hints).to_have_count(1)  # that of the first
    phone.find_signal()
    phone.save()
    phone.page.locator("tc-today").wait_for()
    phone.settled()
    [record] = phone.records().values()
    assert record["state"] == "stored" and len(record["photos"]) == 2
    assert "dark" not in record["open"] + record["personal"]
    assert phone.said == []


def test_the_photo_is_taken_again_with_one_tap_and_the_hint_goes_with_it(carrier):
    phone, (first, *_) = carrier
    row = phone.item(first)
    take(row, photo("blurred"))
    expect(judged(row)).to_have_attribute("data-judged", "blurred", timeout=PATIENCE)
    before = row.locator("tc-photo").get_attribute("sha256")
    with phone.page.expect_file_chooser() as chooser:
        row.locator("tc-photo-hint").get_by_text("重拍").tap()
    chooser.value.set_files(photo(None))
    expect(row.locator(f"tc-photo[sha256='{before}']")).to_have_count(0, timeout=PATIENCE)
    expect(row.locator("tc-photo")).to_have_count(1)
    expect(judged(row)).to_have_attribute("data-judged", "good", timeout=PATIENCE)
    expect(row.locator(".photo-hint")).to_have_count(0)
    assert len(phone.held("drafts")[0]["items"][0]["photos"]) == 1
    phone.page.locator(".toast-undo").tap()  # the first one was better after all
    expect(row.locator("tc-photo")).to_have_count(2)
    expect(row.locator(".photo-hint")).to_have_text("不够清晰，可能看不清")


@pytest.mark.parametrize("fault", ["glare", "cut-off", "no-paper"])
def test_each_fault_has_its_own_words(carrier, fault):
    phone, (first, *_) = carrier
    take(phone.item(first), photo(fault))
    expect(judged(phone.item(first))).to_have_attribute("data-judged", fault, timeout=PATIENCE)
    look(phone, f"hint-{fault}")
    expect(phone.page.locator(".action-save")).to_be_enabled()


def test_whoever_judges_sees_the_receipt_straightened_and_the_photo_first(carrier, new_phone, story_server):
    phone, (first, *_) = carrier
    take(phone.item(first), photo(None, WHOLE))
    phone.find_signal()
    phone.save()
    phone.page.locator("tc-today").wait_for()
    phone.settled()
    server, county = story_server
    chen = Phone(new_phone(server), "chen", county.people["chen"])
    chen.sign_in()
    chen.awaits_photos(1)
    chen.today()
    chen.lose_signal()
    chen.begin("receipt")
    page = chen.page
    page.locator("a[data-day]").first.tap()
    chen.item(first).locator("tc-photo button").tap()
    straighten = page.locator(".table-straight")
    expect(straighten).to_have_attribute("aria-pressed", "false", timeout=PATIENCE)
    expect(page.locator("tc-photo-stage canvas")).to_have_count(0)
    look(chen, "judge-photo")
    straighten.tap()
    until(page, "document.querySelector('tc-photo-stage canvas')?.width > 100")
    assert page.evaluate(MIDDLES) == [True] * 4  # the sheet, and no table, up to the middle of each side
    look(chen, "judge-straight")
    straighten.tap()
    expect(page.locator("tc-photo-stage canvas")).to_have_count(0)
    page.locator(".table-close").tap()
    expect(page.locator("dialog.light-table")).to_have_count(0)
    assert chen.said == []
