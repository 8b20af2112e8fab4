"""The light-table in a browser: receipts judged with taps alone on the phone, records reviewed by keys at the desk; axe finds nothing."""

import io
import json
import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bench import receipts
from tests.browser.desk_pages import Served, browsing, serving
from tests.browser.test_field_axe import whole
from tests.cast import CITY, COUNTY, client_for
from tests.deliveries import lay, seal
from tests.desk_records import envelope, send, today
from tests.integration.desk.records.test_reviews import WEEK, letters
from tests.ledger_stories import Office, form, noon
from tests.photos import named, put
from webapp.core.database import db
from webapp.journal.models import Fact
from webapp.sampling.queries import drawn_items, in_sample

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
DAY = today() - timedelta(days=2)
SEED, SHEET = 3, 6  # a light sheet on a dark table, with all its corners


def photo(number: int) -> bytes:
    """An invented photo of a receipt, no two alike."""
    data = io.BytesIO()
    receipts.photo(SEED, number, None)[0].save(data, "JPEG", quality=80)
    return data.getvalue()


PHOTOS = [photo(number) for number in (SHEET, SHEET + 1, SHEET + 2)]


@pytest.fixture
def receipts_taken(make_app):
    with serving(make_app, _receipts) as found:
        yield found


def _receipts(served: Served) -> None:
    """Three drawn receipts of the carrier's, photographed."""
    office = Office(served.app, served.cast, day=DAY)
    numbers = [f"98765432{n:05}" for n in range(30)]
    seal(office, lay(office, DAY, numbers, "carrier", unit=CITY), noon(DAY, 13), unit=CITY, reveal=True)
    with served.app.app_context():
        [drawn] = drawn_items(db.session, CITY, DAY, DAY)
        served.lists = [item.number for item in in_sample(*drawn)]
    items = [
        {"subject": number, "class": "parcel", "photos": [named(data)]}
        for number, data in zip(served.lists, PHOTOS, strict=True)
    ]
    taken = form("capture", DAY, items, about=DAY.isoformat()) | {"type": "capture"}
    office.send("carrier", noon(DAY, 15), taken)
    carrier = client_for(served.app, served.cast, "carrier")
    assert [put(carrier, data).status_code for data in PHOTOS] == [201] * 3


class Fingers:
    """What fingers do on the photo, as the phone's glass tells it."""

    def __init__(self, page: Page):
        self.page, self.glass = page, page.context.new_cdp_session(page)

    @property
    def middle(self) -> tuple[float, float]:
        box = self.page.locator("tc-photo-stage").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def along(self, *paths: list[tuple[float, float]]) -> None:
        """Each finger along its path, from the photo's middle, all at once."""
        x, y = self.middle
        for step, points in enumerate(zip(*paths, strict=True)):
            down = [{"x": x + dx, "y": y + dy, "id": n} for n, (dx, dy) in enumerate(points)]
            self.glass.send(
                "Input.dispatchTouchEvent",
                {"type": "touchMove" if step else "touchStart", "touchPoints": down},
            )
        self.glass.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def tap_twice(self) -> None:
        for _ in range(2):
            self.page.touchscreen.tap(*self.middle)


def lists(page: Page) -> None:
    """To the list of the day, from Today."""
    page.set_default_timeout(30_000)
    page.goto("/app/")
    page.locator("[data-kind=receipt]").tap()
    page.locator(f"a[data-day='{DAY}']").tap()
    expect(page.locator("tc-photo button")).to_have_count(3)


def at(page: Page, place: str):
    """The table shows that photo, ready for fingers."""
    expect(page.locator("[data-place]")).to_have_attribute("data-place", place)
    expect(page.locator(".stage-sheet img")).to_be_visible()
    expect(page.locator("[data-ready=no]")).to_have_count(0)


def enlarged(page: Page, said: str) -> None:
    expect(page.locator(".stage-sheet")).to_have_attribute("data-enlarged", said)


def test_three_receipts_are_judged_with_taps_alone(receipts_taken, new_phone):
    served = receipts_taken
    with browsing(new_phone(served), served, "inspector") as page:
        lists(page)
        place = page.url
        page.locator("tc-photo button").first.tap()
        at(page, "1/3")
        _fingers_move_it(page)
        _a_circle_is_drawn(page)
        page.locator(".table-pass").tap()
        at(page, "2/3")
        page.locator(".table-fail").tap()
        page.locator("[data-criterion=time]").tap()
        at(page, "3/3")
        page.locator(".table-undo").tap()
        at(page, "2/3")
        expect(page.locator(".table-head [data-verdict]")).to_have_count(0)
        page.go_back()
        expect(page.locator("dialog")).to_have_count(0)
        assert page.url == place
        expect(page.locator("li[data-verdict]")).to_have_count(1)
        page.locator("tc-photo button").nth(1).tap()
        at(page, "2/3")
        page.locator(".table-fail").tap()
        page.locator("[data-criterion=time]").tap()
        at(page, "3/3")
        page.locator(".table-pass").tap()
        expect(page.locator(".table-done")).to_be_visible()
        page.locator(".table-save").tap()
        expect(page.locator("tc-verdicts")).to_be_visible()
        expect(page.locator("[data-status]")).to_have_attribute("data-status", "all-in")
        record = _what_was_judged(served)
        page.goto(f"/app/records/{record}")
        page.locator("tc-photo:has(.marked) button").tap()
        expect(page.locator("[data-mark=circle]")).to_have_count(1)
        page.locator(".table-marks").tap()
        expect(page.locator("[data-mark]")).to_have_count(0)
        expect(page.locator(".table-pass")).to_have_count(0)  # a record is judged no more
    with browsing(new_phone(served), served, "director") as desk:
        desk.goto(f"/inspections/{record}")
        desk.locator("a[data-marks]").tap()
        expect(desk.locator("[data-mark=circle]")).to_have_count(1)


def _fingers_move_it(page: Page) -> None:
    """Two fingers enlarge, one moves what is enlarged, a double tap is the way back; whole, one finger goes to the next."""
    fingers = Fingers(page)
    fingers.along([(-20 - 20 * n, 0) for n in range(5)], [(20 + 20 * n, 0) for n in range(5)])
    enlarged(page, "yes")
    fingers.along([(80 - 30 * n, 0) for n in range(6)])
    at(page, "1/3")
    fingers.tap_twice()
    enlarged(page, "no")
    fingers.along([(80 - 30 * n, 0) for n in range(6)])
    at(page, "2/3")
    fingers.along([(-80 + 30 * n, 0) for n in range(6)])
    at(page, "1/3")
    page.locator("[data-tool=turn]").tap()
    expect(page.locator(".stage-sheet")).to_have_attribute("data-turn", "1")
    expect(page.locator(".table-straight")).to_be_visible()


def _a_circle_is_drawn(page: Page) -> None:
    """Two are drawn on the turned photo, and one is taken back."""
    fingers = Fingers(page)
    page.locator("[data-tool=circle]").tap()
    for size in (30, 50):
        fingers.along([(-size, -size), (0, -size), (size, 0), (size, size)])
    expect(page.locator("[data-mark=circle]")).to_have_count(2)
    page.locator("[data-tool=mark-back]").tap()
    expect(page.locator("[data-mark=circle]")).to_have_count(1)


def _what_was_judged(served: Served) -> str:
    """The record's id; its verdicts, and the circle around the middle of the photo as it was taken."""
    with served.app.app_context():
        [fact] = db.session.scalars(select(Fact).where(Fact.kind == "receipt"))
        items, personal = json.loads(fact.open)["items"], json.loads(fact.personal)
        record = fact.id
    said = {item["subject"]: (item["verdict"], item["answers"]) for item in items}
    first, second, third = served.lists
    assert said == {first: ("pass", {}), second: ("fail", {"time": "fail"}), third: ("pass", {})}
    [(digest, [circle])] = personal["marks"].items()
    assert digest == named(PHOTOS[0])["sha256"] and circle["shape"] == "circle"
    for near, far in zip(circle["from"], circle["to"], strict=True):
        assert 0 < near < 0.5 < far < 1 and abs(near + far - 1) < 0.01
    return record


def test_a_draft_keeps_marks_through_a_reload(receipts_taken, new_phone):
    with browsing(new_phone(receipts_taken), receipts_taken, "inspector") as page:
        lists(page)
        page.locator("tc-photo button").first.tap()
        at(page, "1/3")
        page.locator("[data-tool=arrow]").tap()
        Fingers(page).along([(-60, 60), (0, 0), (10, 0)])
        expect(page.locator("[data-mark=arrow]")).to_have_count(1)
        page.locator(".table-close").tap()
        expect(page.locator("[data-saved]")).to_have_attribute("data-saved", "saved")
        page.reload()
        expect(page.locator(".marked")).to_have_count(1)


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_axe_finds_nothing_on_the_table(receipts_taken, new_phone, scheme, language):
    context = new_phone(receipts_taken, color_scheme=scheme, reduced_motion="reduce")
    context.add_init_script(f"localStorage.setItem('toucha-language', '{language}')")
    with browsing(context, receipts_taken, "inspector", strict=False) as page:
        lists(page)
        page.locator("tc-photo button").first.tap()
        at(page, "1/3")
        page.locator("[data-tool=arrow]").tap()
        Fingers(page).along([(-60, 60), (0, 0), (10, 0)])
        expect(page.locator(".table-straight")).to_be_visible()
        whole(page, f"table-{language}")
        page.locator(".table-fail").tap()
        whole(page, f"table-which-{language}")
        page.keyboard.press("Escape")
        expect(page.locator(".table-criteria")).to_have_count(0)
        for place in ("2/3", "3/3", "3/3"):
            page.locator(".table-pass").tap()
            at(page, place)
        expect(page.locator(".table-done")).to_be_visible()
        whole(page, f"table-done-{language}")
        assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")


# ---------------------------------------------------------------- the desk


@pytest.fixture
def letters_checked(make_app):
    with serving(make_app, _letters) as found:
        yield found


def _letters(served: Served) -> None:
    """Two forms of the week, each with a photo."""
    inspector = client_for(served.app, served.cast, "inspector")
    for n, data in enumerate(PHOTOS[:2]):
        open = letters(WEEK.first + timedelta(days=2 * n))
        open["items"][0]["photos"] = [named(data)]
        assert send(served.app, served.cast, "inspector", envelope(open)).state == "stored"
        assert put(inspector, data).status_code == 201


def test_two_forms_are_reviewed_by_keys_beside_their_photos(letters_checked, new_desk):
    with browsing(new_desk(letters_checked), letters_checked) as page:
        page.goto(f"/records/reviews/form-review/{CITY}/{WEEK.code}?acting={COUNTY}")
        shown = page.locator("a[data-photo]")
        expect(shown).to_have_count(2)
        page.keyboard.press("?")
        expect(page.locator("[data-key-of=photo-pass]")).to_be_visible()
        page.keyboard.press("Escape")
        shown.first.click()
        at(page, "1/2")
        for key, said in (("+", "yes"), ("-", "no")):
            page.keyboard.press(key)
            enlarged(page, said)
        page.locator("tc-photo-stage").dblclick()
        enlarged(page, "yes")
        page.keyboard.press("ArrowRight")  # enlarged it moves
        at(page, "1/2")
        page.locator("tc-photo-stage").dblclick()
        page.keyboard.press("r")
        expect(page.locator(".stage-sheet")).to_have_attribute("data-turn", "1")
        page.keyboard.press("ArrowRight")
        at(page, "2/2")
        page.keyboard.press("ArrowLeft")
        at(page, "1/2")
        page.keyboard.press("p")
        at(page, "2/2")
        page.keyboard.press("f")
        page.keyboard.press("Enter")  # the first point holds the focus
        expect(page.locator(".table-done")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog.light-table")).to_have_count(0)
        assert page.evaluate("document.activeElement.matches('a[data-photo]')")
        forms = page.locator(".form-card")
        points = forms.first.locator("fieldset").count()
        expect(forms.first.locator("input[value=pass]:checked")).to_have_count(points)
        expect(forms.nth(1).locator("input:checked")).to_have_count(1)
        expect(forms.nth(1).locator("input[value=fail]:checked")).to_have_count(1)


def test_whoever_turned_single_keys_off_judges_nothing_by_them(letters_checked, new_desk):
    context = new_desk(letters_checked)
    context.add_init_script("localStorage.setItem('toucha-keys-off', 'yes')")
    with browsing(context, letters_checked) as page:
        page.goto(f"/records/reviews/form-review/{CITY}/{WEEK.code}?acting={COUNTY}")
        page.locator("a[data-photo]").first.click()
        at(page, "1/2")
        page.keyboard.press("p")
        page.keyboard.press("ArrowRight")
        at(page, "2/2")
        expect(page.locator("main input[type=radio]:checked")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_axe_finds_nothing_on_the_table_of_the_desk(letters_checked, new_desk, scheme, language):
    context = new_desk(letters_checked, color_scheme=scheme, reduced_motion="reduce")
    with browsing(context, letters_checked, strict=False) as page:
        page.goto(f"/records/reviews/form-review/{CITY}/{WEEK.code}?acting={COUNTY}&lang={language}")
        page.locator("a[data-photo]").first.click()
        at(page, "1/2")
        pictured(page, f"desk-table-{language}")
        page.keyboard.press("f")
        expect(page.locator(".table-criteria")).to_be_visible()
        pictured(page, f"desk-which-{language}")


def pictured(page: Page, name: str) -> None:
    """Nothing for axe to find."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == [], name
