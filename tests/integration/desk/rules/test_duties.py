"""The duties in force: stricter rules of a unit, editions to come, and last year's ledger by last year's edition."""

import html
import json
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_RURAL, RURAL
from tests.desk_records import envelope
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.problems import Problem
from webapp.journal import chain
from webapp.journal.models import Fact, JournalRow
from webapp.ledger import operations as ledger
from webapp.ledger.models import LedgerLine
from webapp.org.models import Unit
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk
from webapp.rulebook.models import Edition, Override
from webapp.rulebook.operations import add_edition, take_back_edition
from webapp.rulebook.overrides import changeable
from webapp.rulebook.queries import rules_of
from webapp.rulebook.rules import load, shipped_source
from webapp.sampling.operations import volume_body

DAY = timedelta(days=1)


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def today():
    return clock.local_date(clock.now())


def words(answer) -> str:
    """What the page says, without its tags."""
    body = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def ask_more(client, unit: str, day: date, duty="parcel-check", reason="旺季", **numbers):
    form = {"duty": duty, "first_day": day.isoformat(), "reason": reason}
    form |= {f"n.{name}": str(value) for name, value in numbers.items()}
    return client.post(f"/rules/override?unit={unit}", data=form)


def edition(code: str, first_day: date, **changes) -> str:
    source = shipped_source().replace('code = "2014"', f'code = "{code}"', 1)
    source = source.replace("first_day = 2014-01-01", f"first_day = {first_day}", 1)
    for name, value in (changes or {"percent = 10": "percent = 20"}).items():
        assert name in source
        source = source.replace(name, value, 1)
    return source


def duty_of(app, unit: str, day: date, code: str):
    def ask(session):
        row = session.get(Unit, unit)
        return rules_of(session, [row]).at(row, day).duties[code]

    return company.read(app, ask)


def test_the_page_shows_each_duty_with_article_text_and_readings_in_both_languages(app, cast):
    page = company.client_for(app, cast, "carrier").get(f"/rules?unit={CITY}")
    assert page.status_code == 200
    said = words(page)
    for duty in load().duties_of("department", "city"):
        assert f'id="{duty.code}"' in page.text
        assert duty.text.zh in said and duty.text.en in said
        for code in duty.readings:
            assert load().readings[code].text.zh in said and load().readings[code].text.en in said
    assert 'id="relay-rural"' not in page.text
    english = company.client_for(app, cast, "carrier").get(f"/rules?unit={CITY}&lang=en")
    assert "Signed-receipt sample" in english.text.partition("签收质量抽查")[0]


def test_the_page_reads_like_a_law_with_its_articles_numbers_and_folded_readings(app, cast, today):
    ask_more(company.client_for(app, cast, "county"), COUNTY, today, size=25, reason="旺季")
    page = company.client_for(app, cast, "carrier").get(f"/rules?unit={CITY}")
    said = words(page)
    for anchor in ("14", "14.4", "parcel-check"):
        assert f'id="{anchor}"' in page.text and f'href="#{anchor}"' in page.text or anchor == "14.4"
    assert (
        'law-figure" aria-hidden="true">25件<' in page.text
        and 'law-figure" aria-hidden="true">10%<' in page.text
    )
    assert "严于区公司版本" in said and "锡林浩特市，自" in said and "旺季" in said
    assert "怎么算 查满规定数量的日期，同一天只计一次。" in said
    assert page.text.count('<details class="law-more">') >= 10  # Readings, each folded


def test_two_editions_are_compared_side_by_side(app, cast, today):
    with app.app_context(), transaction() as session:
        changes = {"percent = 10": "percent = 20", "每日检查不少于10%": "每日检查不少于20%"}
        add_edition(session, edition("2027", today + 40 * DAY, **changes), cast.people["region"], clock.now())
    client = company.client_for(app, cast, "carrier")
    page = client.get("/rules/editions/compare")  # the last two
    said = words(page)
    assert "<del>10</del>%" in page.text and "<ins>20</ins>%" in page.text
    assert "修改 1" in said and "平衡合拢" not in said and 'id="duties-receipt-sample"' in page.text
    assert "平衡合拢" in words(client.get("/rules/editions/compare?a=2014&b=2027&all=1"))
    assert "没有不同" in words(client.get("/rules/editions/compare?a=2014&b=2014"))
    for wrong in ("a=1999", "b=1999", "a=2014&b=2014x"):
        assert client.get(f"/rules/editions/compare?{wrong}").status_code == 404
    assert 'href="/rules/editions/compare?b=2027"' in client.get("/rules/editions").text


def test_a_weaker_rule_is_refused_with_its_article_and_nothing_is_recorded(app, cast, today):
    manager = company.client_for(app, cast, "county")
    page = ask_more(manager, COUNTY, today, size=19)
    assert page.status_code == 422
    assert "14.2 要求每次不少于20件" in words(page)
    assert 'value="19"' in page.text
    assert company.read(app, lambda session: session.scalars(select(Override)).all()) == []
    assert company.read(app, lambda session: session.scalars(select(Fact)).all()) == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"n.size": "25", "reason": " "}, "请写明原因"),
        ({"n.size": "a lot"}, "合理的整数"),
        ({"n.size": "2" * 5000}, "合理的整数"),
        ({}, "请填"),
        ({"n.size": "20"}, "现行要求"),
        ({"n.size": "25", "first_day": "2026-01-05"}, "已过"),
        ({"n.size": "25", "first_day": "next week"}, "日期"),
        ({"n.size": "25", "last_day": "2026-01-05"}, "早于"),
    ],
)
def test_what_is_wrong_with_the_form_stands_beside_it(app, cast, today, form, said):
    manager = company.client_for(app, cast, "county")
    given = {"duty": "parcel-check", "first_day": today.isoformat(), "reason": "旺季", **form}
    page = manager.post(f"/rules/override?unit={COUNTY}", data=given)
    assert page.status_code == 422
    assert said in words(page)


def test_a_stricter_rule_holds_for_the_county_and_all_below_and_says_who_and_why(app, cast, today):
    manager = company.client_for(app, cast, "county")
    assert ask_more(manager, COUNTY, today, size=25, reason="双十一业务量大").status_code == 302
    assert duty_of(app, CITY, today, "parcel-check").size == 25
    assert duty_of(app, CITY, today - DAY, "parcel-check").size == 20
    assert duty_of(app, NEXT_RURAL, today, "parcel-check").size == 20
    said = words(company.client_for(app, cast, "director").get(f"/rules?unit={CITY}"))
    assert "每次不少于25件 （版本：每次不少于20件）" in said
    assert "锡林浩特市" in said and "双十一业务量大" in said and "周苏日娜" in said


def test_a_stricter_rule_stands_in_the_journal_of_every_unit_it_binds(app, cast, today):
    ask_more(company.client_for(app, cast, "county"), COUNTY, today, size=25)
    rows = company.read(
        app, lambda session: session.execute(select(JournalRow.unit_code, JournalRow.entry)).all()
    )
    assert sorted(rows) == [(COUNTY, "override"), (CITY, "override"), (RURAL, "override")]
    [fact] = company.read(app, lambda session: session.scalars(select(Fact)).all())
    said = json.loads(fact.open)
    assert (said["op"], said["changes"], said["reason"]) == ("enter", {"size": 25}, "旺季")
    assert company.read(app, chain.broken_rows) == []


def test_a_department_cannot_go_below_what_its_league_laid_down(app, cast, today):
    league = company.client_for(app, cast, "league")
    assert ask_more(league, LEAGUE, today, size=30).status_code == 302
    manager = company.client_for(app, cast, "county")
    page = ask_more(manager, CITY, today, size=25)
    assert page.status_code == 422
    assert "14.2（锡林郭勒盟分公司）要求每次不少于30件" in words(page)
    assert ask_more(manager, CITY, today, size=35).status_code == 302
    assert duty_of(app, CITY, today, "parcel-check").size == 35
    assert duty_of(app, RURAL, today, "parcel-check").size == 30


def test_the_line_of_today_asks_for_more_at_once_and_for_less_when_the_rule_ends(app, cast, today):
    with app.app_context(), transaction() as session:
        volumes = {name: {"items": 30, "returned": 0} for name in ("express", "registered", "parcel")}
        body = volume_body(CITY, today, volumes, today)
        record_at_desk(session, cast.actor(session, "director"), clock.now(), body)
    assert line(app, "receipt-sample", today).required == 9
    manager = company.client_for(app, cast, "county")
    assert ask_more(manager, COUNTY, today, "receipt-sample", percent=20).status_code == 302
    assert line(app, "receipt-sample", today).required == 18
    [row] = company.read(app, lambda session: session.scalars(select(Override)).all())
    too_early = {"last_day": (today - 2 * DAY).isoformat()}
    assert manager.post(f"/rules/overrides/{row.id}/end", data=too_early).status_code == 422
    assert (
        manager.post(f"/rules/overrides/{row.id}/end", data={"last_day": today.isoformat()}).status_code
        == 302
    )
    assert line(app, "receipt-sample", today).required == 18
    yesterday = {"last_day": (today - DAY).isoformat()}
    assert manager.post(f"/rules/overrides/{row.id}/end", data=yesterday).status_code == 302
    assert line(app, "receipt-sample", today).required == 9
    assert manager.post(f"/rules/overrides/{row.id}/end", data=yesterday).status_code == 422
    assert verified(app) == []


def line(app, duty: str, day: date) -> LedgerLine:
    return company.read(app, lambda session: session.get(LedgerLine, (CITY, duty, day.isoformat())))


def verified(app) -> list[str]:
    return company.read(
        app, lambda session: ledger.differences(session, session.get(Unit, CITY), clock.now())
    )


def test_a_manager_of_the_next_county_can_neither_lay_down_nor_end_a_rule_here(app, cast, today):
    ask_more(company.client_for(app, cast, "county"), COUNTY, today, size=25)
    [row] = company.read(app, lambda session: session.scalars(select(Override)).all())
    stranger = company.client_for(app, cast, "nextcounty")
    assert ask_more(stranger, COUNTY, today, size=99).status_code == 404
    assert stranger.post(f"/rules/overrides/{row.id}/end", data={}).status_code == 404


def test_nobody_lays_down_a_rule_from_a_phone(app, cast, today):
    with app.app_context():
        session = db.session
        unit, me = session.get(Unit, COUNTY), cast.actor(session, "county")
        more = {
            "duty": "parcel-check",
            "changes": {"size": 25},
            "first_day": today.isoformat(),
            "reason": "x",
        }
        body = rulings.body(me, unit, clock.now(), "override", "enter", **more)
    sent = {"device_time": None, "facts": [envelope({"v": 1, **body})]}
    headers = {"X-Toucha": "1", "Origin": "http://localhost"}
    client = company.client_for(app, cast, "county")
    [result] = client.post("/api/sync/push", json=sent, headers=headers).json["results"]
    assert result["state"] == "refused"
    assert company.read(app, lambda session: session.scalars(select(Override)).all()) == []


def test_a_phone_below_gets_its_duties_anew_when_the_county_asks_for_more(app, cast, today):
    phone = company.client_for(app, cast, "inspector")
    first = phone.get("/api/sync/pull").json
    assert first["complete"]
    ask_more(company.client_for(app, cast, "county"), COUNTY, today, size=25)
    second = phone.get(f"/api/sync/pull?cursor={first['cursor']}").json
    assert not second["complete"]
    assert {section["name"] for section in second["sections"]} == {"unit", "duties", "listed"}


def test_a_phone_gets_a_sessions_size_from_the_rules_in_force_not_from_the_explanation(app, cast, today):
    ask_more(company.client_for(app, cast, "county"), COUNTY, today, size=25)
    assert company.client_for(app, cast, "inspector").get("/api/sync/pull").json["complete"]  # lines are open
    with app.app_context(), transaction() as session:
        session.execute(update(Override).values(first_day=today - timedelta(days=today.weekday())))
        session.execute(update(LedgerLine).values(why=[]))
    pulled = company.client_for(app, cast, "inspector").get("/api/sync/pull").json
    [rows] = [one["rows"] for one in pulled["sections"] if one["unit"] == CITY and one["name"] == "duties"]
    sizes = {row["code"]: row["batch"] for row in rows}
    points = sum(len(names) for unit, _, names in company.POINTS if unit == CITY)
    assert (sizes["parcel-check"], sizes["relay-city"]) == (25, min(10, points))
    assert sizes["receipt-sample"] is None


# ---------------------------------------------------------------- editions


def test_an_edition_is_looked_through_entered_and_taken_back(app, cast, today):
    region = company.client_for(app, cast, "region")
    text = edition("2027", today + 30 * DAY)
    page = region.post("/rules/editions/preview", data={"source": text})
    assert page.status_code == 200
    assert "percent 10 → 20" in words(page)
    assert company.read(app, lambda session: session.scalars(select(Edition)).all()) == []
    assert region.post("/rules/editions", data={"source": text.replace("\n", "\r\n")}).status_code == 302
    [row] = company.read(app, lambda session: session.scalars(select(Edition)).all())
    assert row.source == text
    assert region.get("/rules/editions/source.toml").get_data(as_text=True) == text
    assert "percent 10 → 20" in words(company.client_for(app, cast, "carrier").get("/rules/editions"))
    assert duty_of(app, CITY, today + 30 * DAY, "receipt-sample").percent == 20
    assert duty_of(app, CITY, today + 29 * DAY, "receipt-sample").percent == 10
    assert region.post("/rules/editions/take-back", data={"code": "2027"}).status_code == 302
    assert company.read(app, lambda session: session.scalars(select(Edition)).all()) == []


@pytest.mark.parametrize(
    ("days", "code", "said"),
    [
        (0, "2027", "今天之后"),
        (-1, "2027", "今天之后"),
        (30, "2014", "代号已被使用"),
        (10, "2027", "上一版本的首日"),
    ],
)
def test_an_edition_never_changes_the_past_nor_comes_before_another(app, cast, today, days, code, said):
    with app.app_context(), transaction() as session:
        add_edition(session, edition("2026b", today + 20 * DAY), None, clock.now())
    region = company.client_for(app, cast, "region")
    page = region.post("/rules/editions", data={"source": edition(code, today + days * DAY)})
    assert page.status_code == 422
    assert said in words(page)


def test_a_mistake_in_an_edition_is_shown_with_its_place(app, cast, today):
    region = company.client_for(app, cast, "region")
    text = edition("2027", today + DAY, **{"percent = 10": "percent = 1000"})
    page = region.post("/rules/editions/preview", data={"source": text})
    assert page.status_code == 422
    assert "duty[1] receipt-sample.percent : 应在 1 到 100 之间" in words(page)
    assert "percent = 1000" in page.text
    english = region.post("/rules/editions/preview?lang=en", data={"source": text})
    assert "from 1 to 100" in words(english)


def test_an_edition_in_force_is_final(app, cast, today):
    with app.app_context(), transaction() as session:
        add_edition(session, edition("2027", today + DAY), None, clock.now())
    with app.app_context(), transaction() as session, pytest.raises(Problem) as caught:
        take_back_edition(session, "2027", clock.now() + 2 * DAY)
    assert caught.value.code == "edition-in-force"


def test_last_weeks_ledger_still_computes_by_last_weeks_edition(app, cast, today):
    now = clock.now()
    with app.app_context(), transaction() as session:
        session.get(Unit, CITY).opened_on = today - 10 * DAY
        hundred_of_each(session, cast, today, now)
        ledger.open_lines(session, session.get(Unit, CITY), now)
        add_edition(session, edition("2027", today + 2 * DAY), None, now)
    before = lines(app, today)
    later = now + 5 * DAY
    with app.app_context(), transaction() as session:
        hundred_of_each(session, cast, today + 3 * DAY, later)
        ledger.open_lines(session, session.get(Unit, CITY), later)
        ledger.rebuild(session, session.get(Unit, CITY), later)
    after = lines(app, today)
    closed = [key for key in before if before[key]["closes_at"] <= now]
    assert len(closed) > 20
    assert [before[key] for key in closed] == [after[key] for key in closed]
    assert (line(app, "receipt-sample", today).required, line(app, "receipt-sample", today).edition) == (
        30,
        "2014",
    )
    new = line(app, "receipt-sample", today + 3 * DAY)
    assert (new.required, new.edition) == (60, "2027")
    with app.app_context():
        assert ledger.differences(db.session, db.session.get(Unit, CITY), later) == []
    # A week counts by the edition of its Monday.
    weeks = {one.period: one.edition for one in company.read(app, of_duty("parcel-check"))}
    assert {date.fromisocalendar(int(w[:4]), int(w[6:]), 1) < today + 2 * DAY: e for w, e in weeks.items()}[
        True
    ] == "2014"


def hundred_of_each(session, cast, day: date, now) -> None:
    """The day's volumes at the city department, 300 items with numbers."""
    volumes = {name: {"items": 100, "returned": 0} for name in ("express", "registered", "parcel")}
    body = volume_body(CITY, day, volumes, clock.local_date(now))
    record_at_desk(session, cast.actor(session, "director"), now, body)


def of_duty(duty: str):
    return lambda session: session.scalars(select(LedgerLine).where(LedgerLine.duty == duty)).all()


def lines(app, until: date) -> dict:
    query = select(LedgerLine.__table__).where(LedgerLine.last_day <= until)
    rows = company.read(app, lambda session: session.execute(query).mappings().all())
    return {(row["duty"], row["period"]): dict(row) for row in rows}


# ---------------------------------------------------------------- the command line


def test_the_command_line_prints_the_duties_of_a_unit_and_day_with_what_differs(app, cast, today):
    ask_more(company.client_for(app, cast, "county"), COUNTY, today, size=25)
    run = app.test_cli_runner().invoke
    said = run(args=["measures", "--unit", CITY]).output
    assert "size: 25 instead of 20" in said and "relay-rural" not in said
    said = run(args=["measures", "--unit", CITY, "--date", (today - DAY).isoformat()]).output
    assert "instead of" not in said and "parcel-check" in said
    assert "no unit" in run(args=["measures", "--unit", "nowhere"]).output


def test_the_command_line_enters_an_edition_or_names_what_is_wrong_with_it(app, cast, today, tmp_path):
    run, file = app.test_cli_runner().invoke, tmp_path / "new.toml"
    file.write_text(edition("2027", today + DAY, **{"percent = 10": "percent = 0"}), encoding="utf-8")
    answer = run(args=["edition", "add", str(file)])
    assert answer.exit_code == 1
    assert "duty[1] receipt-sample.percent: from 1 to 100" in answer.output
    file.write_text(edition("2027", today + DAY), encoding="utf-8")
    assert run(args=["edition", "add", str(file)]).exit_code == 0
    assert "2027" in run(args=["edition", "list"]).output
    assert run(args=["edition", "take-back", "2027"]).exit_code == 0
    file.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in run(args=["edition", "add", str(file)]).output


def test_a_county_asks_for_more_of_its_own_visits_at_the_desk(app, cast, today):
    manager = company.client_for(app, cast, "county")
    form = manager.get(f"/rules/override?unit={COUNTY}&duty=onsite-depts")
    assert 'name="n.need.city.percent"' in form.text and 'name="n.need.rural.percent"' in form.text
    assert "城市投递部的百分比" in words(form) and "每月不少于城市投递部的30%" in words(form)
    english = manager.get(f"/rules/override?unit={COUNTY}&duty=parcel-onsite&lang=en")
    assert english.status_code == 200
    page = ask_more(manager, COUNTY, today, "onsite-depts", **{"need.city.percent": 29})
    assert page.status_code == 422
    assert "15.1 要求每月不少于城市投递部的30%" in words(page)
    assert ask_more(manager, COUNTY, today, "onsite-depts", **{"need.city.percent": 50}).status_code == 302
    needs = duty_of(app, COUNTY, today, "onsite-depts").coverage.needs
    assert [(need.setting, need.percent) for need in needs] == [("city", 50), ("rural", 15)]
    assert duty_of(app, LEAGUE, today, "onsite-depts").coverage.needs[0].percent == 30
    said = words(manager.get(f"/rules?unit={COUNTY}"))
    assert "每月不少于城市投递部的50% （版本：每月不少于城市投递部的30%）" in said


def test_every_duty_that_can_be_made_stricter_has_its_form_in_both_languages(app, cast):
    region = company.client_for(app, cast, "region")
    for duty in load().duties.values():
        if changeable(duty):
            for lang in ("zh", "en"):
                page = region.get(f"/rules/override?unit=15&duty={duty.code}&lang={lang}")
                assert page.status_code == 200
                assert all(
                    f'name="n.{name}"' in page.text for name in changeable(duty) if name != "shrink"
                ), duty.code
