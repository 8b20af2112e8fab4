"""Cases in people's hands: checks that fail, an order that comes, and what a thumb does with them on a phone."""

import os
from dataclasses import dataclass
from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.story_county import CITY, COUNTY, NORTHWARDS, PARCELS, County, manifest
from tests.browser.story_phone import Phone, picture
from tests.cast import Cast, client_for
from tests.desk_lists import imported, post
from tests.desk_records import envelope, send, today
from tests.photos import named, picture as slip, put
from tests.serving import RunningServer
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import Person
from webapp.org.queries import actor_of
from webapp.recording.guards import Context
from webapp.recording.operations import record
from webapp.recording.schemas import entry_of
from webapp.rulebook.queries import editions_of

SHOTS = os.environ.get("TOUCHA_SHOTS")  # a folder for pictures, where somebody wants to look
POINT = NORTHWARDS[0]
WORDS = "已补登记，并向门卫说明要求"


# Colours on their way from one scheme to the other are not measured.
STILL = """() => Promise.allSettled(document.getAnimations().map(({finished}) => finished))
  .then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"""


@dataclass
class Place:
    """The county with failed checks in it, its server, and phones on demand."""

    server: RunningServer
    county: County
    new_phone: object

    def phone(self, login: str, **options) -> Phone:
        """The person's phone, signed in."""
        phone = Phone(
            self.new_phone(self.server, reduced_motion="reduce", **options), login, self.county.people[login]
        )
        phone.sign_in()
        return phone


def a_point_fails(app, county: County) -> None:
    """The inspector calls at a point of Zhang's route; the hand-over register has gaps, and a photo shows it."""
    photo, day = slip("orange"), today().isoformat()
    item = {
        "subject": county.points[POINT], "verdict": "fail", "answers": {"handover": "fail"},
        "photos": [named(photo)], "position": "refused",
    }  # fmt: skip
    open = {"v": 1, "type": "inspection", "unit": CITY, "acting": CITY, "date": day, "kind": "relay", "method": "on-site", "items": [item]}  # fmt: skip
    cast = Cast(people=county.people)
    assert send(app, cast, "zhao", envelope(open, {"notes": {"0": "两件小包没有登记"}})).state == "stored"
    assert put(client_for(app, cast, "zhao"), photo).status_code == 201


def a_receipt_fails(app, county: County) -> None:
    """A parcel of Zhang's list, found covertly: he is told the reason, and not by whom."""
    cast, day = Cast(people=county.people), today()
    director = client_for(app, cast, "chen")
    assert post(director, imported(director, manifest(day), day=day), "seal").status_code == 302
    item = {"subject": PARCELS[3], "class": "parcel", "verdict": "fail", "answers": {"signed": "fail"}, "photos": []}  # fmt: skip
    open = {"v": 1, "type": "inspection", "unit": CITY, "acting": CITY, "date": day.isoformat(), "kind": "receipt", "about": day.isoformat(), "method": "covert", "items": [item]}  # fmt: skip
    outcome = send(app, cast, "zhao", envelope(open, {"notes": {"0": "签收联空白"}}))
    assert outcome.state == "stored", outcome


def an_order_comes(app, county: County) -> None:
    """The county's manager issues a work order to the department, as the desk does."""
    day = today()
    open = {"v": 1, "type": "case-order", "unit": CITY, "acting": COUNTY, "date": day.isoformat(), "cases": [], "deadline": (day + timedelta(days=1)).isoformat()}  # fmt: skip
    sent, now = envelope(open, {"notes": {"text": "本周内补齐交接登记簿"}}), clock.now()
    with app.app_context(), transaction() as session:
        rulebook = editions_of(session)
        actor = actor_of(session, session.get(Person, county.people["zhou"]), day)
        entry = entry_of(*(sent[part] for part in ("id", "open", "personal", "salt", "digest")), rulebook)
        [outcome] = record(Context(session, actor, now, rulebook, None, timedelta()), [entry])
    assert outcome.state == "stored", outcome


def look(page: Page, name: str) -> None:
    """Nothing for axe to find in either colours, and no screen wider than the phone."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(STILL)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)
        found = [
            (rule["id"], node["html"][:200])
            for rule in Axe().run(page).response["violations"]
            for node in rule["nodes"]
        ]
        assert found == [], (name, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def open_case(phone: Phone, group: str) -> str:
    """By Today's block and the list; returns the case's address."""
    phone.today()
    phone.page.locator("[data-mine]").tap()
    phone.page.locator(f"[data-group={group}] a[data-case]").first.tap()
    phone.page.locator("tc-case [data-history]").wait_for()
    return phone.page.url


def take_photo(page: Page, of: str) -> None:
    """Into the form that is open; it is on the phone's disk when this returns."""
    before = page.locator("[data-form] tc-photo").count()
    page.locator("[data-form] .photos > .camera input").set_input_files(picture(of))
    expect(page.locator("[data-form] tc-photo")).to_have_count(before + 1)


def answer(phone: Phone) -> None:
    """All that an answer needs."""
    page = phone.page
    page.locator("[data-move=answer]").tap()
    page.locator("#m-text").fill(WORDS)
    page.locator("#m-cause").select_option("method")
    take_photo(page, "register")
    expect(page.locator("[data-saved=saved]")).to_be_visible()
