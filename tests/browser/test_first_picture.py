"""The first picture: what the server draws of Today before the app's script has come is what that script then draws."""

from difflib import unified_diff

import pytest
from playwright.sync_api import expect

from webapp.demo.county import DEMO_LOGINS, DEMO_PASSWORD

# What a tree shows, a line for each element and text: names of custom elements, comments and blanks are lit's own. How the
# sending stands, and short words, only the phone knows.
TREE = """
(root) => {
  const lines = [];
  const KEPT = /^(href|class|data-(?!today|picture).*|aria-.*|max|value|d|id|role|type)$/;
  const said = (name, value) => (name === 'class' ? value.split(/\\s+/).filter(Boolean).sort().join(' ') : value);
  const walk = (node, depth) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.data.replace(/\\s+/g, ' ').trim();
      if (!text) return;
      if (lines.at(-1)?.startsWith('"')) lines.push(`${lines.pop()} ${text}`);
      else lines.push(`"${text}`);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches('.toast-place, .status, [data-held]')) return;
    if (node.localName === 'option') return lines.push(`option ${node.textContent}`);
    if (!/^tc-/.test(node.localName) && !('today' in node.dataset) && node !== root) {
      const told = [...node.attributes].filter(({name}) => KEPT.test(name)).map(({name, value}) => `${name}=${said(name, value)}`);
      lines.push([node.localName, ...told.filter((one) => one !== 'class=').sort()].join(' '));
    }
    for (const child of node.childNodes) walk(child, depth + 1);
  };
  walk(root, 0);
  return lines.map((line) => line.replace(/\\s*·\\s*/g, ' · ').trim());
}
"""


@pytest.fixture
def opened(demo_server, new_phone):
    """``opened(login, language)``: a phone of this person of the demo that never opened the app, and the page's own HTML."""

    def shown(login: str, language: str = "zh"):
        context = new_phone(demo_server)
        page = context.new_page()
        page.goto("/login?next=/account")
        page.locator("#login").fill(login)
        page.locator("#password").fill(DEMO_PASSWORD)
        page.locator("#password").press("Enter")
        page.wait_for_url("**/account")
        page.evaluate("(code) => localStorage.setItem('toucha-language', code)", language)
        return page, page.evaluate("(path) => fetch(path).then((it) => it.text())", f"/app/?lang={language}")

    return shown


def tree_of(page, html: str) -> list[str]:
    """The tree of the picture in a page's source."""
    return page.evaluate(
        "(html) => (" + TREE + ")(new DOMParser().parseFromString(html, 'text/html').getElementById('app'))",
        html,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("login", DEMO_LOGINS)
def test_the_picture_is_what_the_script_then_draws(opened, login, language):
    page, html = opened(login, language)
    picture = tree_of(page, html)
    page.goto("/app/")
    expect(page.locator("tc-today h1")).to_be_visible()
    expect(page.locator("[data-today]")).to_have_count(0)
    live = page.evaluate("(" + TREE + ")(document.querySelector('tc-app'))")
    assert list(unified_diff(picture, live, "picture", "script", n=1, lineterm="")) == []
    assert any("today-weekday" in line for line in picture)
