"""A phone in somebody's hand: what the story's people see, tap and photograph on it."""

import io
import json
import random

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.story_county import PASSWORD

# Everything that one person's phone holds of one sort, straight from its disk.
HELD = """async ([person, store]) => {
  const open = indexedDB.open(`toucha-${person}`);
  const db = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const all = db.transaction(store).objectStore(store).getAll();
  const rows = await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); });
  db.close();
  return rows.map(({bytes, ...row}) => row);
}"""
LINE = "() => fetch('/api/ping').then(({ok}) => ok, () => false)"


def picture(of: str, sideways: bool = False) -> dict:
    """A photo of a signed slip as a camera makes it: 4:3, megapixels, EXIF, no two alike."""
    dice = random.Random(of)
    image = Image.effect_noise((1920, 1440), 4).convert("RGB")
    pen = ImageDraw.Draw(image)
    for line in range(12):
        pen.text(
            (120, 100 + 100 * line), f"{of}  {dice.randrange(10**9):09}", fill=(20, 30, 60), font_size=64
        )
    exif = Image.Exif()
    exif[0x0112] = 6 if sideways else 1  # orientation
    exif[0x010F] = "Some camera"
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85, exif=exif)
    return {"name": f"{of}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def until(page: Page, true: str) -> None:
    """Wait for what no locator can say. Playwright's `wait_for_function` evaluates text in a frame of the page,
    and the page's policy forbids that, so a wait that is not over at once fails; each `evaluate` is let through."""
    for _ in range(200):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never so: {true}")


class Phone:
    """One person's phone; it stays the same phone when its page is closed and opened again."""

    def __init__(self, context: BrowserContext, login: str, person: str):
        self.context, self.login, self.person = context, login, person
        self.said: list[str] = []  # errors of its pages
        self.asked: list[str] = []  # addresses of all requests
        self.page = self._new_page()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        return page

    # --- the line

    def sign_in(self) -> None:
        """The one visit with signal: sign in, and the app keeps itself."""
        self.page.goto("/login?next=/app/")
        self.page.locator("#login").fill(self.login)
        self.page.locator("#password").fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).tap()
        self.settled()
        assert self.page.evaluate("navigator.serviceWorker.ready.then(({active}) => Boolean(active))")

    def lose_signal(self) -> None:
        """Into the cellar; proved, not assumed."""
        self.context.set_offline(True)
        assert not self.page.evaluate(LINE)

    def find_signal(self) -> None:
        """Out of the cellar."""
        self.context.set_offline(False)

    def settled(self) -> None:
        """Everything arrived, and nothing is on its way; after several tries in vain a phone waits a minute for the next one."""
        expect(self.page.locator("[data-status]")).to_have_attribute("data-status", "all-in", timeout=90_000)

    def awaits_photos(self, count: int) -> None:
        """The photos that this person is to judge come by themselves, for the time without signal."""
        for _ in range(200):
            if len(self.held("photos")) >= count:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{len(self.held('photos'))} photos of {count} came")

    # --- moving about

    def reopen(self) -> None:
        """The app is swept away and opened again."""
        self.page.close()
        self.page = self._new_page()
        self.today()

    def today(self) -> None:
        self.page.goto("/app/")
        self.page.locator("tc-today h1").wait_for()

    def tab(self, name: str) -> None:
        self.page.locator(".tabs a", has_text=name).tap()

    def begin(self, kind: str) -> None:
        """Tap the card of a kind of work."""
        self.page.locator(f"[data-kind={kind}]").tap()

    # --- doing

    def item(self, subject: str):
        """The row of an item."""
        return self.page.locator(f"[data-subject='{subject}']")

    def photograph(self, subject: str, of: str = "", sideways: bool = False) -> None:
        """Take a photo of the item; it is on the phone's disk when this returns."""
        row = self.item(subject)
        before = row.locator("tc-photo").count()
        row.locator(".photos > .camera input").set_input_files(picture(of or subject, sideways))
        expect(row.locator("tc-photo")).to_have_count(before + 1)

    def enter(self, number: str) -> None:
        """Type a number and confirm it by the keyboard's own key."""
        field = self.page.locator("#entry")
        field.fill(number)
        field.press("Enter")

    @property
    def doubt(self):
        """The question about a number that looks wrong."""
        return self.page.locator(".doubt")

    def keep(self) -> None:
        """Answer it: the number is as it stands."""
        self.page.get_by_role("button", name="仍然加入").tap()
        expect(self.doubt).to_have_count(0)

    def save(self) -> None:
        self.page.locator(".action-save").tap()

    # --- what it holds

    def held(self, store: str) -> list[dict]:
        """The rows of ``records``, ``photos`` or ``drafts`` on this phone's disk."""
        return self.page.evaluate(HELD, [self.person, store])

    def records(self) -> dict[str, dict]:
        """The own records by id, oldest first."""
        return {row["id"]: row for row in sorted(self.held("records"), key=lambda row: row["created"])}

    def items(self) -> list[dict]:
        """The items of all own records, oldest record first."""
        return [item for row in self.records().values() for item in json.loads(row["open"]).get("items", ())]

    def photos(self) -> set[str]:
        """Digests of all photos that the own records name."""
        return {photo["sha256"] for item in self.items() for photo in item["photos"]}

    def shows(self, *states: str) -> None:
        """The records' list says this of each, newest first."""
        rows = self.page.locator("a[data-record]")
        expect(rows).to_have_count(len(states))
        for row, state in zip(rows.all(), states, strict=True):
            expect(row).to_have_attribute("data-state", state)
