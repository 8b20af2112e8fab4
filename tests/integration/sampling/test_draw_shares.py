"""How much is drawn and when it is shown: the rules in force decide the share, the list's day decides the moment."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY, COUNTY
from tests.desk_lists import DAY, drawn_by_hand, imported, items, listed, one, post, words
from webapp.core.database import transaction
from webapp.core.dates import day_text
from webapp.journal.models import Fact, JournalRow
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return company.client_for(app, cast, "director")


def ask_more(app, cast, duty: str, unit: str = COUNTY, **changes):
    form = {"duty": duty, "first_day": DAY.isoformat(), "reason": "旺季"}
    form |= {f"n.{name}": str(value) for name, value in changes.items()}
    answer = company.client_for(app, cast, "county").post(f"/rules/override?unit={unit}", data=form)
    assert answer.status_code == 302, words(answer)


def reveals(app, when: str) -> None:
    with app.app_context(), transaction() as session:
        session.get(Unit, CITY).reveal = when


def fact_of(app, type: str) -> dict:
    query = select(Fact.open).where(Fact.type == type).order_by(Fact.id.desc())
    return json.loads(company.read(app, lambda session: session.scalars(query).first()))


# ---------------------------------------------------------------- how much


def test_where_the_county_asks_for_fifteen_in_a_hundred_the_draw_takes_fifteen(app, cast, director):
    ask_more(app, cast, "receipt-sample", percent=15)
    manifest = imported(director, listed(31))
    assert "抽取 15%" in words(director.get(f"/manifests/{manifest}"))
    post(director, manifest, "seal")
    sealed = one(app, manifest)
    assert (sealed.sample_percent, sealed.sample_size) == (15, 5)  # ⌈4.65⌉
    assert (fact_of(app, "seal")["percent"], fact_of(app, "seal")["sample_size"]) == (15, 5)
    post(director, manifest, "reveal")
    page = director.get(f"/manifests/{manifest}")
    assert "31 件的 15%，向上取整为 5 件" in words(page)
    expected = drawn_by_hand(sealed.seed, list(items(app, manifest)))[:5]
    assert all(number in page.text for number in expected)
    line = (LedgerLine.unit_code == CITY) & (LedgerLine.duty == "receipt-sample")
    query = select(LedgerLine.required).where(line, LedgerLine.period == DAY.isoformat())
    assert company.read(app, lambda session: session.scalar(query)) == 5  # the draw is enough for its duty


def test_a_supplement_is_drawn_by_the_rule_of_its_own_seal_and_the_first_draw_stays(app, cast, director):
    first = imported(director, listed(20))
    post(director, first, "seal")
    ask_more(app, cast, "receipt-sample", percent=50)
    second = imported(director, listed(30))  # ten more
    post(director, second, "seal")
    assert (one(app, first).sample_percent, one(app, first).sample_size) == (10, 2)
    assert (one(app, second).sample_percent, one(app, second).sample_size) == (50, 5)


def test_the_rule_of_the_lists_own_day_decides_not_that_of_the_seal(app, cast, director):
    ask_more(app, cast, "receipt-sample", percent=15)  # from today on
    yesterday = imported(director, listed(20), day=DAY - timedelta(days=1))
    post(director, yesterday, "seal")
    assert one(app, yesterday).sample_size == 2


def test_where_every_item_must_be_checked_every_item_is_drawn(app, cast, director):
    ask_more(app, cast, "receipt-sample", percent=100)
    manifest = imported(director, listed(7))
    post(director, manifest, "seal")
    assert one(app, manifest).sample_size == 7


def test_the_watch_offers_as_many_items_as_the_rule_in_force_asks_for(app, cast, director):
    manifest = imported(director, listed(40))
    post(director, manifest, "seal")
    page = company.client_for(app, cast, "inspector").get(f"/watch?unit={CITY}")
    assert 'name="count"' in page.text and 'value="20"' in page.text
    ask_more(app, cast, "advance-watch", size=30)
    inspector = company.client_for(app, cast, "inspector")
    assert 'value="30"' in inspector.get(f"/watch?unit={CITY}").text
    inspector.post(f"/watch?unit={CITY}")
    assert len(fact_of(app, "selection")["items"]) == 30


# ---------------------------------------------------------------- when


def test_the_draw_of_tomorrows_list_is_not_revealed_today(app, director):
    manifest = imported(director, listed(12), day=TOMORROW)
    post(director, manifest, "seal")
    page = words(director.get(f"/manifests/{manifest}"))
    assert "才能公布抽样" in page and "道段已归班，公布抽样" not in page
    refused = post(director, manifest, "reveal")
    assert refused.status_code == 409
    assert f"这是{day_text(TOMORROW, 'zh')}的清单" in words(refused)
    assert one(app, manifest).revealed_at is None
    assert one(app, manifest).seed not in director.get(f"/manifests/{manifest}").text


def test_a_unit_that_announces_its_draws_may_reveal_ahead_and_the_draw_is_marked_so(app, director):
    manifest = imported(director, listed(12), day=TOMORROW)
    post(director, manifest, "seal")
    reveals(app, "before")  # after the seal: nothing was announced then
    assert not one(app, manifest).announced
    assert "标明“预告”" in director.get(f"/manifests/{manifest}").text
    assert post(director, manifest, "reveal").status_code == 302
    assert one(app, manifest).announced and fact_of(app, "reveal")["announced"] is True
    assert "预告" in words(director.get(f"/manifests/{manifest}"))


def test_a_list_sealed_in_a_unit_that_announces_is_shown_at_once_and_marked(app, director):
    reveals(app, "before")
    manifest = imported(director, listed(12), day=TOMORROW)
    post(director, manifest, "seal")
    assert one(app, manifest).announced and one(app, manifest).revealed_at is not None


def test_a_past_days_draw_is_revealed_without_being_called_announced(app, director):
    manifest = imported(director, listed(12), day=DAY - timedelta(days=1))
    post(director, manifest, "seal")
    reveals(app, "before")
    assert post(director, manifest, "reveal").status_code == 302
    assert not one(app, manifest).announced


def test_every_question_about_a_list_names_its_day(app, director):
    manifest = imported(director, listed(12), day=DAY)
    day = f"{DAY.month}月{DAY.day}日"
    draft = director.get(f"/manifests/{manifest}").text
    assert f'data-confirm="封存 {day}' in draft and f'data-confirm="丢弃 {day}' in draft
    post(director, manifest, "seal")
    assert f'data-confirm="公布 {day}' in director.get(f"/manifests/{manifest}").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_questions_before_a_seal_and_a_reveal_name_the_day(app, director, language):
    manifest = imported(director, listed(12))
    day = day_text(DAY, language, weekday=True, year=False)
    for op, english in (("seal", "Seal the list of"), ("reveal", "Reveal the draw of")):
        page = director.get(f"/manifests/{manifest}?lang={language}").text
        asked = page.partition(f'/{op}"')[2].partition('data-confirm="')[2].partition('"')[0]
        assert day in asked, asked
        assert (english in asked) == (language == "en")
        post(director, manifest, op)


def test_when_a_unit_shows_its_draws_stands_in_its_journal(app, cast):
    def rows(session):
        query = select(JournalRow.digest).where(JournalRow.unit_code == CITY, JournalRow.entry == "unit")
        return session.scalars(query).all()

    county, before = company.client_for(app, cast, "county"), company.read(app, rows)
    name = company.read(app, lambda session: session.get(Unit, CITY).name)
    for reveal, more in (("before", 1), ("before", 1), ("after", 2)):
        assert county.post(f"/units/{CITY}/details", data={"name": name, "reveal": reveal}).status_code == 302
        assert len(company.read(app, rows)) == len(before) + more
