"""What happens at the desk: the director's list, its seal and draw; the county manager's ledger, figure by figure."""

import hashlib
import io
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.story_county import CITY, COUNTY, NEXT_COUNTY, PASSWORD, manifest
from tests.browser.story_phone import Phone
from tests.desk_records import today
from tests.serving import RunningServer
from webapp.formats.files import DigestStore
from webapp.rulebook.periods import period_of


def _faults() -> list[list[str]]:
    """What stands beside the six bad rows of the file, by its own line numbers (the header is line 1)."""
    return [
        ["第 49 行", "邮件号", "邮件号为空"],
        ["第 50 行", "邮件号", "邮件号超过 40 个字符"],
        ["第 51 行", "道段", "没有道段“九段”"],
        ["第 52 行", "邮件号", "与第 27 行重复"],  # 1 header + 12 express + 10 letters + the fourth parcel
        ["第 53 行", "日期", f"日期是 {today() - timedelta(days=3)}，清单是 {today()}"],
        ["第 54 行", "邮件种类", "没有“飞鸽”这个种类"],
    ]


@dataclass
class Draw:
    """What the list's page publishes: the seal of the canonical list, the seed, the drawn numbers by rank."""

    page: str
    seal: str
    seed: str
    drawn: list[str]
    canonical: bytes

    def recomputed(self) -> list[str]:
        """The draw done anew from seed and list alone, as the page says: the lowest digests of seed and number."""
        numbers = [line.split("\t")[0] for line in self.canonical.decode().splitlines()]
        return sorted(numbers, key=lambda one: hashlib.sha256((self.seed + one).encode()).hexdigest())


def sign_in(page: Page, login: str) -> None:
    """Name and password, as at any desk."""
    page.goto("/login")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("details.menu").wait_for()


def the_director_seals_the_list(page: Page) -> Draw:
    """Import, seal, reveal; what the page publishes is enough to do the draw again."""
    _import_list(page)
    seal = _seal_list(page)
    draw = _reveal_draw(page)
    assert (draw.seal, hashlib.sha256(draw.canonical).hexdigest()) == (seal, seal)
    assert draw.drawn == draw.recomputed()[:5]  # ⌈10 % of 47⌉ = ⌈4.7⌉ = 5
    return draw


def _import_list(page: Page) -> None:
    """Six bad rows are named with line and reason; the other 47 are imported; the same file again changes nothing."""
    _choose_file(page)
    lines = page.locator("section[aria-labelledby=errors-title] tbody tr")
    told = [line.locator("th, td").all_inner_texts() for line in lines.all()]
    assert [[text.split("\n")[0] for text in line] for line in told] == _faults(), told
    page.get_by_role("button", name="导入 47 件").click()
    page.wait_for_url(re.compile(r"/manifests/[0-9a-f-]{36}$"))
    listed = page.url
    _choose_file(page)
    expect(page.locator(".import-tiles .tile-figure").nth(2)).to_have_text("47")  # on the list already
    assert page.get_by_role("button", name=re.compile("^导入")).count() == 0
    page.goto(listed)


def _choose_file(page: Page) -> None:
    page.goto(f"/manifests/import?unit={CITY}&day={today()}")
    file = {"name": "投递清单.csv", "mimeType": "text/csv", "buffer": manifest(today())}
    page.locator("#file").set_input_files(file)
    page.locator(".import-tiles").wait_for()  # it opens as soon as the file is chosen


def _agreed(page: Page, button: str) -> None:
    """Press a button that asks first, and say yes."""
    page.get_by_role("button", name=button).click()
    page.locator("#confirm [data-yes]").click()
    page.locator(".flash").wait_for()


def _seal_list(page: Page) -> str:
    """Seal it: the seal is shown, seed and sample are not yet; returns the seal."""
    _agreed(page, "封存清单")
    assert page.locator("#seed").count() == 0
    assert page.locator("section[aria-labelledby=draw-title]").count() == 0
    return page.locator("#seal").inner_text()


def _reveal_draw(page: Page) -> Draw:
    """The routes are back: reveal; returns what the page publishes."""
    _agreed(page, "道段已归班，公布抽样")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="list.txt").click()
    rows = page.locator("section[aria-labelledby=draw-title] tbody th")
    return Draw(
        page.url,
        page.locator("#seal").inner_text(),
        page.locator("#seed").inner_text(),
        rows.all_inner_texts(),
        downloading.value.path().read_bytes(),
    )


# ---------------------------------------------------------------- nothing lost, nothing twice


def everything_is_there_exactly_once(server: RunningServer, phones: Iterable[Phone]) -> None:
    """Each record of each phone is one fact with the same digest and one journal row, each photo one whole file."""
    sent = {id: row["digest"] for phone in phones for id, row in phone.records().items()}
    taken = set().union(*(phone.photos() for phone in phones))
    with closing(sqlite3.connect(server.data / "toucha.sqlite")) as database:
        field = "('inspection', 'capture', 'withdrawal')"
        rows = database.execute(f"SELECT id, digest, device_id FROM facts WHERE type IN {field}").fetchall()
        journal = [id for (id,) in database.execute(f"SELECT fact_id FROM journal WHERE entry IN {field}")]
        photos = [digest for (digest,) in database.execute("SELECT digest FROM photos")]
        [(contested,)] = database.execute("SELECT count(*) FROM conflicts")
        [(refused,)] = database.execute("SELECT count(*) FROM refusals")
    assert {id: digest for id, digest, phone in rows if phone} == sent
    assert len(rows) == len(sent) + 1  # the inspector's check of the time before
    assert sorted(journal) == sorted(id for id, _, _ in rows)
    assert sorted(photos) == sorted(taken)
    assert (contested, refused) == (0, 0)
    store = DigestStore(server.data / "photos")
    assert store.digests() == sorted(taken)
    files = [store.read(digest) for digest in taken]
    assert {hashlib.sha256(file).hexdigest() for file in files} == taken
    assert max(map(len, files)) <= 300_000
    # The phone shrank 1920 × 1440 and took the EXIF away; the photo taken sideways stands upright without it.
    pictures = [Image.open(io.BytesIO(file)) for file in files]
    assert not any(picture.getexif() for picture in pictures)
    sizes = Counter(picture.size for picture in pictures)
    assert sizes == {(1600, 1200): len(taken) - 1, (1200, 1600): 1}


def the_server_speaks_to(server: RunningServer, phone: Phone) -> str:
    """The language in which the server answers the person."""
    with closing(sqlite3.connect(server.data / "toucha.sqlite")) as database:
        [(language,)] = database.execute("SELECT language FROM people WHERE id = ?", [phone.person])
    return language


# ---------------------------------------------------------------- the ledger


def the_figures_are_those_worked_out_by_hand(page: Page) -> None:
    """Status, done of required, pass rate and its interval, problems: as the Measures and the day's work give them."""
    day, week, month = (period_of(kind, today()).code for kind in ("day", "week", "month"))
    # 14.1(1): ⌈10 % of 12 express + 10 registered + 25 parcels⌉ = ⌈4.7⌉ = 5 drawn items. The director judged 3 without signal
    # and 2 with, one of them failed: 5 of 5, passed 4 / 5 = 80 %. Wilson, z = 1.96: centre (0.8 + 1.96²/10) / (1 + 1.96²/5)
    # = 1.18416 / 1.76832 = 0.6697; half 1.96 · √(0.8·0.2/5 + 1.96²/100) / 1.76832 = 0.5201 / 1.76832 = 0.2941: 0.376 to 0.964.
    assert _figures(page, day, "签收质量抽查") == "达标 5/5 合格 80% 38–96% 问题 1"
    # 14.2: 25 parcels came in, so a session is 20. The lead's 20 and the inspector's 3 of the same day share one number:
    # 22 items, one session of two. One of the 22 failed: 21 / 22 = 95.45 %. Self-typed, so no interval.
    assert _figures(page, week, "国内小包检查") == "进行中 1/2 合格 95% 问题 1"
    # 14.4(2): the street has 8 points, fewer than 20: all 8 are the month's; the inspector called at 2, of which one failed.
    assert _figures(page, month, "接转点月度检查") == "进行中 2/8 合格 50% 问题 1"
    # 14.4(3): a session is min(10, 8) = 8 points; 2 on one date are a short one: none of two.
    assert _figures(page, week, "接转点周检查（城市）") == "进行中 0/2 合格 50% 问题 1"
    # One item failed in each of the three, all of them this week; and nothing is on a phone any more.
    assert page.locator("a.tile-link .tile-figure").all_inner_texts()[:2] == ["3", "0"]


def _figures(page: Page, period: str, duty: str) -> str:
    """What the county's ledger, on a phone, says of the department's duty in the period, in one line."""
    page.goto(f"/ledger?unit={COUNTY}&period={period}")
    row = _card(page)
    found = [" ".join(cell.split()) for cell in row.locator("a.cell-link").all_inner_texts()]
    [text] = [one for one in found if one.startswith(f"{duty} ")]
    return text.removeprefix(f"{duty} ")


def _card(page: Page) -> Locator:
    """The department's row, which is a card on a phone, opened."""
    row = page.locator("#ledger-matrix tbody tr", has_text="宝力根街道投递部")
    row.locator(".matrix-card summary").tap()
    row.locator("a.cell-link").first.wait_for()
    return row


def from_a_figure_to_the_photos_in_two_taps(page: Page) -> list[str]:
    """The drawn items' figure, its inspection that failed one, and in it the carrier's photos; returns their addresses."""
    page.goto(f"/ledger?unit={COUNTY}&period={today()}")
    row = _card(page)
    row.locator("a.cell-link", has_text="80%").tap()
    page.locator("li.check", has_text="不合格").locator("a.check-link").tap()
    thumbs = page.locator(".thumbs img")
    thumbs.first.wait_for()
    for thumb in thumbs.all():
        thumb.scroll_into_view_if_needed()
        expect(thumb).to_have_js_property("complete", True)
        assert thumb.evaluate("(image) => image.naturalWidth") > 0
    return [page.url, *(link.get_attribute("href") for link in page.locator("a.thumb").all())]


def the_next_county_finds_nothing(page: Page, addresses: list[str]) -> None:
    """A page of another county does not exist: 404, and not a word of it."""
    for address in addresses:
        answer = page.request.get(address)
        assert answer.status == 404, address
        assert "宝力根" not in answer.text()
    assert page.request.get(f"/ledger?unit={NEXT_COUNTY}").status == 200
