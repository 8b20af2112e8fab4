"""What is hard to believe, out of records as phones send them: each rule once, and the uses that are meant."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from tests.cast import CITY, COUNTY, NEXT_COUNTY, build_in, client_for
from tests.deliveries import lay, seal
from tests.desk_lists import words
from tests.desk_records import envelope
from tests.ledger_stories import OPENED, Office, about_fact, failed, form, noon, passed, sealed
from tests.photos import named, picture, put
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.dates import day_text
from webapp.org.models import Unit
from webapp.recording.changes.sightings import open_sightings
from webapp.sampling.models import Manifest
from webapp.sampling.queries import samples
from webapp.signals.models import PhotoTwin
from webapp.signals.queries import find

DAY = OPENED + timedelta(days=7)
PHOTO, ALIKE = "a" * 64, "b" * 64


@pytest.fixture
def office(app):
    return Office(app, build_in(app))


def numbers(first: int, count: int) -> list[str]:
    return [f"98801234{n:05}" for n in range(first, first + count)]


def with_photo(items: list[dict], photo: str = PHOTO) -> list[dict]:
    items[0]["photos"] = [{"sha256": photo, "size": 9, "type": "image/jpeg"}]
    return items


def checked(
    office, day: date, first: int, login: str = "inspector", photo: str | None = None, at: float = 14, **more
) -> str:
    items = passed(numbers(first, 3))
    return office.send(
        login, noon(day, at), form("parcel", day, with_photo(items, photo) if photo else items, **more)
    )


def found(office, since: date = OPENED, until: date = DAY + timedelta(days=40), unit: str | None = None):
    with office.app.app_context():
        paths = [db.session.get(Unit, unit).path] if unit else ["/"]
        sightings = find(db.session, since, until, paths)
        db.session.remove()
    return sightings


def rules_found(office, **more) -> list[str]:
    return [one.rule for one in found(office, **more)]


# ---------------------------------------------------------------- photos


def test_one_photo_in_two_records(office):
    first = checked(office, DAY, 0, photo=PHOTO)
    second = checked(office, DAY + timedelta(3), 50, photo=PHOTO)
    [one] = found(office)
    assert (one.rule, one.person, one.unit) == ("photo-reused", office.cast.people["inspector"], CITY)
    assert (one.facts, one.day) == ((first, second), DAY + timedelta(3))
    assert found(office, unit=COUNTY)[0].key == one.key
    assert found(office, unit=NEXT_COUNTY) == []
    assert found(office, until=DAY) == []  # the second is the signal
    assert found(office, since=DAY + timedelta(1))[0].key == one.key  # the first may be old


def test_nearly_equal_photos(office):
    checked(office, DAY, 0, photo=PHOTO)
    checked(office, DAY + timedelta(3), 50, photo=ALIKE)
    assert found(office) == []
    with office.app.app_context(), transaction() as session:
        # Marked in the other order than the days of the work.
        session.add(PhotoTwin(first=ALIKE, second=PHOTO, likeness=0.975))
    [one] = found(office)
    assert (one.rule, one.evidence["percent"], one.evidence["pairs"]) == ("photo-alike", 98, [[PHOTO, ALIKE]])


def test_a_correction_that_names_the_photo_again_is_none(office):
    first = checked(office, DAY, 0, photo=PHOTO)
    second = checked(office, DAY, 0, photo=PHOTO, at=15, amends=first)
    checked(office, DAY, 0, photo=PHOTO, at=16, amends=second)
    assert found(office) == []


def test_after_a_correction_it_is_still_the_same_sighting(office):
    checked(office, DAY, 0, photo=PHOTO)
    second = checked(office, DAY + timedelta(3), 50, photo=PHOTO)
    [before] = found(office)
    third = checked(office, DAY + timedelta(3), 50, photo=PHOTO, at=15, amends=second)
    [after] = found(office)
    assert after.key == before.key and after.facts[1] == third


def test_of_a_withdrawn_record_nothing_is_seen(office):
    checked(office, DAY, 0, photo=PHOTO)
    second = checked(office, DAY + timedelta(3), 50, photo=PHOTO)
    office.push(
        "inspector",
        noon(DAY + timedelta(3), 16),
        sealed(about_fact("withdrawal", second, DAY + timedelta(3), reason="记错了")),
    )
    assert found(office) == []


def test_the_verdict_on_a_capture_names_its_photo(office):
    listed = lay(office, DAY, numbers(0, 20), "carrier", unit=CITY)
    seal(office, listed, noon(DAY, 13), CITY, reveal=True)
    drawn = sorted(draw_of(office, listed))
    evidence = with_photo([{"subject": drawn[0], "class": "parcel"}])
    capture = {**form("capture", DAY, evidence), "type": "capture", "about": DAY.isoformat()}
    taken = office.send("carrier", noon(DAY, 15), capture)
    verdict = with_photo(passed([drawn[0]]))
    about = {"about": DAY.isoformat()}
    judged = office.send(
        "inspector", noon(DAY, 16), form("receipt", DAY, [verdict[0] | {"captures": [taken]}], **about)
    )
    assert found(office) == []
    # The same photo for another item the day after is one.
    later = checked(office, DAY + timedelta(1), 70, photo=PHOTO)
    assert [one.facts for one in found(office)] == [(min(taken, judged), later)]


def draw_of(office, manifest_id: str) -> set[str]:
    with office.app.app_context():
        one = db.session.get(Manifest, manifest_id)
        return set(samples(db.session, one.unit_code, one.day, one.day)[one.day])


# ---------------------------------------------------------------- what the records say


def told(office, login: str, now, open: dict, personal: dict | None = None, skew=timedelta(0)) -> str:
    sent = envelope(open, personal)
    (outcome,) = office.push(login, now, sent, skew=skew)
    assert outcome.problem is None, outcome.problem.fields
    return sent["id"]


def standing(latitude: float) -> dict:
    return {"positions": {"0": {"latitude": latitude, "longitude": 116.0, "accuracy": 20}}}


def timed(day: date, first: int, began: float, lasting: float = 1 / 60, count: int = 1, **more) -> dict:
    times = {"started": noon(day, began).isoformat(), "ended": noon(day, began + lasting).isoformat()}
    return form("parcel", day, passed(numbers(first, count)), **times, **more)


def test_a_hundred_kilometres_within_half_an_hour(office):
    first = told(office, "inspector", noon(DAY, 15), timed(DAY, 0, 14), standing(43.0))
    second = told(office, "inspector", noon(DAY, 15.1), timed(DAY, 10, 14.5), standing(44.0))
    [one] = found(office)
    assert (one.rule, one.facts) == ("speed", (first, second))
    assert one.evidence["kilometres"] == 111.2 and one.evidence["minutes"] == 31


@pytest.mark.parametrize("skew", [None, timedelta(minutes=3)])
def test_a_clock_that_is_not_believed_says_nothing(office, skew):
    told(office, "inspector", noon(DAY, 15), timed(DAY, 0, 14), standing(43.0))
    told(office, "inspector", noon(DAY, 15.1), timed(DAY, 10, 14.5), standing(44.0), skew=skew)
    assert found(office) == []


def test_two_people_may_be_in_two_places(office):
    told(office, "inspector", noon(DAY, 15), timed(DAY, 0, 14), standing(43.0))
    told(office, "lead", noon(DAY, 15.1), timed(DAY, 10, 14.5), standing(44.0))
    assert found(office) == []


def pictured(first: int, taken_on: date) -> tuple[dict, dict]:
    """An hour's record of two items, with a photo of each in places 40 km apart, taken five minutes apart."""
    open, photos = timed(DAY, first, 13, lasting=1.0, count=2), {}
    for n, (minutes, latitude) in enumerate(((10, 43.0), (15, 43.36))):
        digest = f"{first + n:064x}"
        open["items"][n]["photos"] = [{"sha256": digest, "size": 9, "type": "image/jpeg"}]
        taken = noon(taken_on, 13 + minutes / 60).isoformat()
        photos[digest] = {"taken": taken, "latitude": latitude, "longitude": 116.0, "accuracy": 5}
    return open, {"photos": photos}


def test_the_moment_of_a_photo_is_that_of_its_position(office):
    """Out of an album nobody knows when within the hour it was put in; taken in the hour, its moment is known."""
    told(office, "lead", noon(DAY, 15), *pictured(10, DAY - timedelta(days=30)))
    assert found(office) == []
    told(office, "inspector", noon(DAY, 15), *pictured(20, DAY))
    assert rules_found(office) == ["speed"]


def test_twenty_items_in_twelve_seconds(office):
    fast = told(office, "inspector", noon(DAY, 15), timed(DAY, 0, 14, count=20, elapsed_ms=12_000))
    told(office, "inspector", noon(DAY, 15), timed(DAY, 50, 14.1, count=20, elapsed_ms=21_000))
    told(office, "inspector", noon(DAY, 15), timed(DAY, 90, 14.2, count=20, elapsed_ms=None))
    [one] = found(office)
    assert (one.rule, one.facts, one.evidence["needed"]) == ("too-fast", (fast,), 20)


def test_equal_remarks_of_the_whole_month_and_none_when_the_texts_are_deleted(office):
    for n in range(5):
        day = DAY + timedelta(days=n)
        told(
            office,
            "inspector",
            noon(day, 15),
            timed(day, 10 * n, 14),
            {"notes": {"0": "电话确认收件人已收到", "header.x": "。"}},
        )
    [one] = found(office, since=DAY + timedelta(days=4))
    assert (one.rule, one.evidence["items"], one.evidence["days"]) == ("equal-remarks", 5, 5)
    with office.app.app_context(), transaction() as session:
        session.execute(db.text("UPDATE facts SET personal = NULL"))
    assert found(office) == []


def test_months_without_one_fail_where_others_find_some(office):
    for month, day in enumerate((date(2026, 10, 12), date(2026, 11, 10))):
        office.send("inspector", noon(day, 14), form("parcel", day, passed(numbers(1000 + 200 * month, 80))))
        bad = failed(numbers(5000 + 200 * month, 4), "feedback") + passed(numbers(6000 + 200 * month, 76))
        office.send("lead", noon(day, 14), form("parcel", day, bad))
    [one] = found(office, until=date(2026, 12, 5))
    assert (one.rule, one.person, one.unit) == ("no-fail", office.cast.people["inspector"], CITY)
    assert (one.evidence["items"], one.evidence["expected"]) == (160, 8.0)
    assert (one.evidence["first_day"], one.evidence["last_day"]) == ("2026-10-01", "2026-11-30")
    assert found(office, until=date(2026, 12, 5), unit=CITY)[0].key == one.key
    assert found(office, until=date(2026, 11, 29)) == []  # November is not over


# ---------------------------------------------------------------- drawn samples


def test_a_sample_checked_in_three_parts_and_one_that_was_replaced(office):
    listed = lay(office, DAY, numbers(0, 60), "carrier", unit=CITY)
    seal(office, listed, noon(DAY, 13), CITY, reveal=True)
    drawn = sorted(draw_of(office, listed))
    assert len(drawn) == 6
    about = {"about": DAY.isoformat()}
    others = [number for number in numbers(0, 60) if number not in drawn]

    def judge(login: str, late: int, some: list[str]) -> None:
        day = DAY + timedelta(late)
        office.send(login, noon(day, 15), form("receipt", day, passed(some), **about))

    judge("inspector", 0, drawn[:2])
    judge("director", 0, drawn[2:3])
    assert found(office, until=DAY + timedelta(3)) == []
    judge("inspector", 0, others[:3])
    assert rules_found(office) == ["sample-replaced"]  # three of six left, three others checked
    judge("director", 1, drawn[3:5])
    [one] = found(office)
    assert one.rule == "sample-apart" and one.evidence["manifest"] == listed
    assert (one.evidence["checked"], one.evidence["most"], one.evidence["people"], one.evidence["days"]) == (
        5,
        2,
        2,
        2,
    )
    judge("inspector", 1, [drawn[5], *drawn[:4]])
    assert found(office) == []  # now somebody has seen five of the six


# ---------------------------------------------------------------- cost


def test_the_number_of_questions_does_not_grow(office):
    def asked() -> int:
        said = []
        with office.app.app_context():
            listener = lambda *one: said.append(one[2])  # noqa: E731
            event.listen(db.engine, "before_cursor_execute", listener)
            find(db.session, OPENED, DAY + timedelta(days=40))
            event.remove(db.engine, "before_cursor_execute", listener)
            db.session.remove()
        return len(said)

    for n in range(2):
        checked(office, DAY + timedelta(n), 50 * n, photo=PHOTO)
    before = asked()
    for n in range(2, 8):
        checked(office, DAY + timedelta(n), 50 * n, photo=PHOTO)
    assert asked() == before <= 20
    assert rules_found(office) == ["photo-reused"] * 7


# ---------------------------------------------------------------- as the desk shows it


def test_the_case_shows_the_two_photos_beside_each_other(office):
    """As far as they are here; who finds it is the server, and days are written as people write them."""
    here, gone = picture("black"), picture("white")
    first, later = named(here)["sha256"], named(gone)["sha256"]
    checked(office, DAY, 0, photo=first)
    checked(office, DAY + timedelta(3), 50, photo=later)
    assert put(client_for(office.app, office.cast, "inspector"), here).status_code == 201
    with office.app.app_context(), transaction() as session:
        session.add(PhotoTwin(first=first, second=later, likeness=0.975))
        session.flush()
        assert open_sightings(session, find(session, OPENED, DAY + timedelta(5), ["/"]), clock.now()) == 1
        [case] = session.scalars(select(Case.id).where(Case.type == "signal"))
    page = client_for(office.app, office.cast, "county").get(f"/cases/{case}")
    assert f"/api/photos/{first}/thumbnail" in page.text and f"/api/photos/{later}" not in page.text
    said = words(page)
    assert "发现单位 系统" in said and "尚未收到" in said
    assert (
        f"：{day_text(DAY, 'zh')}和{day_text(DAY + timedelta(3), 'zh')}。" in said
        and DAY.isoformat() not in said
    )
