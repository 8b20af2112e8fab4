"""Twenty labels are twenty looks: what the camera reads, says, and leads to; and numbers that come in another way."""

import pytest
from playwright.sync_api import expect

from tests.browser.story_camera import CAMERA, hold
from tests.browser.story_county import PARCELS
from tests.browser.story_phone import Phone

GOODS = "6901234567892"
PATIENCE = 20_000  # ms: a machine that runs other tests beside


@pytest.fixture
def lead(story_server, new_phone):
    """The team lead in a check of parcels, without signal."""
    server, county = story_server
    phone = Phone(new_phone(server), "li", county.people["li"])
    phone.page.add_init_script(CAMERA)
    phone.sign_in()
    phone.today()
    phone.lose_signal()
    phone.begin("parcel")
    phone.page.locator("#entry").wait_for()
    return phone


def paste(page, text: str) -> None:
    """As the keyboard's own paste does."""
    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text', text);
          document.querySelector('#entry').dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_label_after_label_is_read_and_what_is_no_item_is_said(lead):
    page = lead.page
    page.locator(".action-scan").tap()
    said = page.locator(".scan-said")
    expect(said).to_have_text("把条码放进框内", timeout=PATIENCE)
    for number, format in ((PARCELS[0], "Code128"), (PARCELS[1], "Code39"), (PARCELS[2], "QRCode")):
        hold(page, number, format)
        expect(lead.item(number)).to_be_visible(timeout=PATIENCE)
    hold(page, GOODS, "EAN13")
    expect(said).to_contain_text("商品条码", timeout=PATIENCE)
    expect(page.locator("li.item")).to_have_count(3)
    hold(page, "SHOP77")
    expect(page.locator(".doubt")).to_contain_text("SHOP77", timeout=PATIENCE)
    page.locator(".doubt .button-primary").tap()
    expect(page.locator("li.item")).to_have_count(4)
    page.get_by_role("button", name="结束扫码").tap()
    expect(page.locator(".scan")).to_have_count(0)
    assert lead.said == []


def test_a_column_of_numbers_goes_in_at_once_and_only_the_doubtful_are_asked_about(lead):
    page = lead.page
    rows = page.locator("li.item")
    paste(page, "\n".join([*PARCELS[:5], PARCELS[0], "SHOP77", "9" * 41, "SHOP78"]))
    expect(rows).to_have_count(5)
    question = page.locator(".doubt")
    expect(question).to_contain_text("SHOP77")
    expect(question).to_contain_text("后面还有 1 个要确认")
    question.get_by_role("button", name="不加入").tap()
    expect(question).to_contain_text("SHOP78")
    expect(page.locator(".toast")).to_have_count(0)  # it would lie over the answers
    question.locator(".button-primary").tap()
    expect(question).to_have_count(0)
    expect(rows).to_have_count(6)
    expect(page.locator(".toast")).to_contain_text("已加入 5 个号码。1 个太长，没有加入。")
    paste(page, "\n".join(str(number) for number in range(9880200000000, 9880200000201)))
    expect(page.locator(".toast")).to_contain_text("粘贴了 201 个号码，一次检查最多 200 件")
    expect(rows).to_have_count(6)
    paste(page, ",".join(PARCELS[3:8]))
    expect(rows).to_have_count(9)
    expect(page.locator(".toast")).to_contain_text("已加入 3 个号码。2 个本来就在。")
    page.locator(".toast button").tap()
    expect(rows).to_have_count(6)
    expect(page.locator("[data-saved=saved]")).to_be_visible()
    lead.reopen()
    page = lead.page
    page.locator("a[href^='/app/check/']").first.tap()
    expect(page.locator("li.item")).to_have_count(6)
    assert lead.said == []


def test_the_last_four_digits_lead_to_the_row(lead):
    page = lead.page
    paste(page, "\n".join(PARCELS[:12]))
    expect(page.locator("li.item")).to_have_count(12)
    page.locator("#entry").fill(PARCELS[0][-6:-2])
    page.locator("#entry").press("Enter")
    expect(lead.item(PARCELS[0])).to_be_in_viewport()
    expect(page.locator("#entry")).to_have_value("")
    expect(page.locator("li.item")).to_have_count(12)
    page.locator("#entry").fill("0000")  # no row ends so: a number like any other, and a strange one
    page.locator("#entry").press("Enter")
    expect(page.locator(".doubt")).to_contain_text("0000")
