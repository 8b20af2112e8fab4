"""Every page is walked with the Tab key alone: all that can be used is reached, is seen where it is, and nothing holds one fast."""

import pytest
from playwright.sync_api import Page

from tests.browser.desk_pages import browsing

# What a person can use on the page, as numbers into it; of the buttons of one choice the browser stops at one.
MARK = """() => {
  const found = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
  const groups = new Set();
  let n = 0;
  for (const one of found) {
    if (one.disabled || one.tabIndex < 0 || one.type === 'hidden' || one.closest('[inert]')) continue;
    if (!one.checkVisibility({visibilityProperty: true}) || !one.getClientRects().length) continue;
    if (one.type === 'radio') {
      const group = `${one.form?.id}/${[...document.forms].indexOf(one.form)}/${one.name}`;
      one.dataset.walked = groups.has(group) ? '' : `g${group}`;
      groups.add(group);
      continue;
    }
    one.dataset.walked = String(n++);
  }
  document.body.tabIndex = -1; // the walk begins at the top, wherever the focus was
  document.body.focus();
  document.body.removeAttribute('tabindex');
  return n + groups.size;
}"""
# Where the focus is now: its mark, whether it is in the window, and whether anything shows it.
HERE = """async () => {
  await new Promise(requestAnimationFrame); // a page that has just become the front one paints its focus a frame later
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const mark = one.type === 'radio' ? `g${one.form?.id}/${[...document.forms].indexOf(one.form)}/${one.name}` : one.dataset.walked;
  const shown = (element) => {
    if (!element) return false;
    const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(element);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  };
  const faces = [one, one.nextElementSibling, one.closest('label'), one.closest('form'), one.parentElement];
  const box = faces.find((face) => face && face.getBoundingClientRect().width > 4)?.getBoundingClientRect();
  const inside = box && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {mark: mark ?? null, seen: faces.some(shown), inside: Boolean(inside), html: one.outerHTML.slice(0, 120)};
}"""
MOST = 900  # presses


def settled(page: Page) -> int:
    """How much there is to use, once nothing more comes."""
    before = -1
    for _ in range(40):
        count = page.evaluate(MARK)
        if count == before:
            break
        before = count
        page.wait_for_timeout(250)
    return count


def walk(page: Page, name: str) -> None:
    """Tab from the top to the end: each thing once, visible, in the window."""
    count = settled(page)
    met, wrong, last = [], [], ""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here and not (here["inside"] and here["seen"]):  # a page that has just come to the front
            page.wait_for_timeout(100)
            here = page.evaluate(HERE)
        if here is None or (here["mark"] in met and here["mark"] != last):
            break
        if here["mark"] == last:
            continue  # a field for a day holds the focus four times, the last on a button of the browser's own
        last = here["mark"]
        met.append(last)
        if not here["seen"]:
            wrong.append(("not seen", here["html"]))
        if not here["inside"]:
            wrong.append(("outside", here["html"]))
    assert not wrong, (name, wrong[:5])
    left = page.evaluate(
        "(met) => [...document.querySelectorAll('[data-walked]')].filter((one) => one.dataset.walked && !met.includes(one.dataset.walked)).map((one) => one.outerHTML.slice(0, 120))",
        met,
    )
    assert not left, (name, left[:5])
    assert len(set(met)) >= count - 1, name


@pytest.mark.parametrize("login", ["county", "director"])
def test_every_page_of_the_desk_is_walked_by_keys(served, new_desk, login):
    with browsing(new_desk(served, reduced_motion="reduce"), served, login, strict=False) as page:
        for address in served.pages() if login == "county" else served.pages()[::3]:
            page.goto(address)
            walk(page, address)


SCREENS = ("/app/", "/app/records", "/app/me", "/app/help", "/app/notices", "/app/mine", "/app/relay", "/app/register", "/app/volumes", "/app/verdicts", "/app/rescue")  # fmt: skip


def test_every_screen_of_the_app_is_walked_by_keys(served, new_phone):
    with browsing(new_phone(served, reduced_motion="reduce"), served, "director", strict=False) as page:
        page.set_default_timeout(30_000)
        for address in SCREENS:
            page.goto(address)
            page.locator("h1").first.wait_for()
            walk(page, address)
        page.goto("/app/")
        page.locator('[data-kind="letter"]').click()
        page.locator('[data-screen="check"] .action-save').wait_for()
        walk(page, "a form")
