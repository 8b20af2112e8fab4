"""Reviews at the desk: what is due, opened, judged and signed; the ledger's own half; who may, who is refused."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, RURAL, read
from tests.desk_lists import words
from tests.desk_records import envelope, send, today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.inspections.models import Inspection, Item
from webapp.ledger.models import LedgerLine
from webapp.ledger.operations import differences, open_lines
from webapp.org.models import Route, Unit
from webapp.rulebook.periods import period_of

DAY = timedelta(days=1)
WEEK = period_of("week", today() - 7 * DAY)


def letters(day) -> dict:
    """The open part of a letter form of the day."""
    items = [
        {
            "subject": f"N{n}",
            "stratum": "nonlocal",
            "tag": f"{n}号楼",
            "verdict": "pass",
            "answers": {},
            "photos": [],
        }
        for n in range(6)
    ] + [
        {"subject": f"L{n}", "stratum": "local", "verdict": "pass", "answers": {}, "photos": []}
        for n in range(4)
    ]
    return {
        "v": 1, "type": "inspection", "unit": CITY, "acting": CITY, "date": day.isoformat(), "kind": "letter",
        "method": "on-site", "items": items,
    }  # fmt: skip


@pytest.fixture
def cast(app):
    app.cast = company.build_in(app)
    return app.cast


@pytest.fixture
def forms(app, cast):
    """Two letter forms of last week at the city department; every unit's lines are open."""
    found = []
    for day in (WEEK.first, WEEK.first + 2 * DAY):
        outcome = send(app, cast, "inspector", envelope(letters(day)))
        assert outcome.state == "stored", outcome
        found.append(outcome.id)
    tick(app)
    return found


def tick(app) -> None:
    with app.app_context(), transaction() as session:
        for unit in session.query(Unit).all():
            open_lines(session, unit, clock.now())


def line(app, unit=COUNTY, duty="letter-review", period=WEEK.code):
    return read(app, lambda session: session.get(LedgerLine, (unit, duty, period)))


PAGE = f"/records/reviews/form-review/{CITY}/{WEEK.code}"


def seen(answer) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', answer.text)


def judged(forms, answer="pass") -> dict:
    return {f"answer-{one}-{code}": answer for one in forms for code in ("form", "true")}


def test_a_county_signs_last_weeks_forms_and_its_line_is_met(app, cast, forms):
    county = company.client_for(app, cast, "county")
    due = county.get(f"/records/reviews?unit={COUNTY}")
    assert "宝力根街道投递部" in words(due) and f"{PAGE}?acting={COUNTY}" in due.text
    assert not line(app).met
    page = county.get(PAGE)
    assert page.status_code == 200
    for one in forms:
        assert f"/inspections/{one}" in page.text
    assert "checked" not in page.text
    [sign] = seen(page)
    sent = {
        "seen": sign,
        "method": "system",
        "head-verified": "system",
        "head-opinion": "属实",
        **judged(forms),
    }
    answer = county.post(PAGE, data=sent)
    assert (answer.status_code, answer.location) == (302, f"/records/reviews?unit={COUNTY}")
    assert line(app).met
    stored = read(app, lambda session: session.query(Inspection).filter_by(kind="form-review").one())
    assert (stored.acting_code, stored.unit_code, stored.day) == (COUNTY, CITY, WEEK.first)
    assert stored.header["signed"] == [sign]
    items = read(app, lambda session: session.query(Item).filter_by(inspection_id=stored.id).all())
    assert {(item.subject, item.verdict) for item in items} == {(one, "pass") for one in forms}
    assert read(app, lambda session: differences(session, session.get(Unit, COUNTY), clock.now())) == []


def signed(client, forms, **more):
    sent = {"seen": seen(client.get(PAGE)), "method": "system", "head-verified": "system", **judged(forms)}
    return client.post(PAGE, data=sent | more)


def reviews(app) -> list:
    return read(app, lambda session: session.query(Inspection).filter_by(kind="form-review").all())


def test_what_is_missing_is_said_and_nothing_is_recorded(app, cast, forms):
    county = company.client_for(app, cast, "county")
    half = {f"answer-{forms[0]}-form": "pass", f"answer-{forms[0]}-true": ""}
    answer = signed(county, [], **half, **{"head-verified": "", "method": "covert"})
    assert answer.status_code == 422
    page = words(answer)
    assert "请逐项判定，或者都不判定。" in page and "有内容缺少或有误" in page
    assert answer.text.count('class="field-error"') >= 3
    assert f'name="answer-{forms[0]}-form" value="pass" checked' in answer.text
    assert reviews(app) == [] and not line(app).met


def test_a_line_that_moved_since_is_looked_at_again(app, cast, forms):
    county = company.client_for(app, cast, "county")
    before = seen(county.get(PAGE))
    assert send(app, cast, "inspector", envelope(letters(WEEK.first + 4 * DAY))).state == "stored"
    assert seen(county.get(PAGE)) != before
    answer = signed(county, forms, seen=before)
    assert answer.status_code == 422 and "本页打开后台账有变动" in words(answer)
    assert reviews(app) == []


def test_what_was_signed_is_corrected_by_its_author_and_withdrawn(app, cast, forms):
    county = company.client_for(app, cast, "county")
    assert signed(county, forms, **{f"note-{forms[0]}": "补登"}).status_code == 302
    [first] = reviews(app)
    again = f"{PAGE}?acting={COUNTY}&amends={first.id}"
    page = county.get(again)
    assert page.text.count(" checked") == 4 and "补登" in page.text
    sent = {"seen": seen(page), "method": "records", "head-verified": "call", **judged(forms)}
    sent[f"answer-{forms[1]}-true"] = "fail"
    assert county.post(again, data=sent).status_code == 302
    states = {one.id: one.in_force for one in reviews(app)}
    assert states[first.id] is False and sum(states.values()) == 1 and line(app).met
    # What is wrong opens a problem of the department, with the words of the criterion.
    assert "检查不到位或不真实" in words(
        county.get(f"/problems?unit={CITY}&period={WEEK.code}", follow_redirects=True)
    )
    # Where the correction is withdrawn, what it corrected stands again; with that one withdrawn nothing is signed.
    for one in sorted(states, reverse=True):
        assert county.post(f"/inspections/{one}/withdraw", data={"reason": "误签"}).status_code == 302
    assert not line(app).met


def test_nobody_else_signs_and_a_running_week_is_not_signed(app, cast, forms):
    assert company.client_for(app, cast, "nextcounty").get(PAGE).status_code == 404
    for login in ("director", "inspector", "league", "region", "admin"):
        assert company.client_for(app, cast, login).get(PAGE).status_code == 403, login
    running = PAGE.replace(WEEK.code, period_of("week", today()).code)
    county = company.client_for(app, cast, "county")
    page = county.get(running)
    assert "期间尚未结束" in words(page)
    sent = {"seen": seen(page), "method": "system", "head-verified": "system"}
    assert county.post(running, data=sent).status_code == 422
    assert reviews(app) == []


def test_the_league_reviews_the_countys_review(app, cast, forms):
    assert signed(company.client_for(app, cast, "county"), forms).status_code == 302
    [made] = reviews(app)
    league = company.client_for(app, cast, "league")
    place = f"/records/reviews/form-review/{COUNTY}/{WEEK.code}"
    page = league.get(place)
    assert f"/inspections/{made.id}" in page.text and f"/inspections/{forms[0]}" in page.text
    assert "每周审核平常函件检查表" in words(page)
    sent = {"seen": seen(page), "method": "system", "head-verified": "system", **judged([made.id])}
    assert league.post(place, data=sent).status_code == 302
    assert line(app, LEAGUE, "letter-review-league").done == 1


def test_a_line_says_who_counts_and_who_not_with_a_door_to_the_review(app, cast, forms):
    county = company.client_for(app, cast, "county")
    place = f"/ledger/{COUNTY}/letter-review/{WEEK.code}"
    page = county.get(place)
    assert "未计入" in words(page) and PAGE in page.text
    assert signed(county, forms).status_code == 302
    page = county.get(place)
    [made] = reviews(app)
    assert "未计入" not in words(page) and f"/inspections/{made.id}" in page.text
    assert PAGE not in page.text
    # Who only reads it gets no door.
    assert PAGE not in company.client_for(app, cast, "league").get(place).text


def test_the_own_half_stands_beside_the_sums_never_in_them(app, cast, forms):
    county = company.client_for(app, cast, "county")
    before = county.get(f"/api/ledger?unit={COUNTY}&period={WEEK.code}").json
    assert signed(county, forms).status_code == 302
    after = county.get(f"/api/ledger?unit={COUNTY}&period={WEEK.code}").json
    assert after["ledger"] == before["ledger"]
    [own] = [one for one in after["own"] if one["duty"] == "letter-review"]
    assert (own["done"], own["required"], own["status"], own["measure"]) == (1, 1, "met", "departments")
    assert county.get(f"/api/ledger?unit={CITY}&period={WEEK.code}").json["own"] == []
    month = county.get(f"/ledger?unit={COUNTY}&period={WEEK.month}")
    assert "本级职责" in words(month) and "现场检查投递部" in words(month)
    league = company.client_for(app, cast, "league").get(f"/ledger?unit={LEAGUE}&period={WEEK.code}")
    assert "下一级各单位的本级职责" in words(league)
    assert f"/ledger/{COUNTY}/letter-review/{WEEK.code}" in league.text
    assert "本级职责" not in words(county.get(f"/ledger?unit={CITY}&period={WEEK.code}"))
    printed = county.get(f"/ledger/print?unit={COUNTY}&period={WEEK.code}")
    assert "sheet-own" in printed.text and "每周审核平常函件检查表" in words(printed)
    book = openpyxl.load_workbook(
        io.BytesIO(county.get(f"/ledger.xlsx?unit={COUNTY}&period={WEEK.code}").data)
    )
    rows = [row for row in book["本级职责"].iter_rows(values_only=True) if row[1] == "每周审核平常函件检查表"]
    assert {row[0] for row in rows} == {"锡林浩特市"} and {row[8] for row in rows} == {1}


def test_a_meeting_is_recorded_and_its_line_met(app, cast, forms):
    county = company.client_for(app, cast, "county")
    month = period_of("month", today())
    place = f"/records/reviews/unit-analysis/{COUNTY}/{month.code}"
    assert place in county.get(f"/ledger/{COUNTY}/quality-meeting/{month.code}").text
    lacking = county.post(place, data={"method": "on-site", "day": ""})
    assert lacking.status_code == 422 and lacking.text.count('class="field-error"') >= 3
    sent = {
        "method": "on-site", "day": today().isoformat(), "head-notes": "分析", "head-requirements": "补戳\n回访",
        "head-present": cast.people["county"],
    }  # fmt: skip
    assert county.post(place, data=sent).location == f"/records/reviews?unit={COUNTY}"
    stored = read(app, lambda session: session.query(Inspection).filter_by(kind="unit-analysis").one())
    assert stored.header["requirements"] == ["补戳", "回访"] and stored.header["notes"] == 2
    assert line(app, COUNTY, "quality-meeting", month.code).met
    assert "分析" in words(county.get(f"/inspections/{stored.id}"))


def test_a_department_reads_who_came_what_was_found_and_what_was_required(app, cast):
    open = {
        "v": 1, "type": "inspection", "unit": CITY, "acting": COUNTY, "date": today().isoformat(),
        "kind": "dept-visit", "method": "unannounced", "header": {"findings": 4, "requirements": ["三日内清完"]},
        "items": [{"subject": CITY, "verdict": "fail", "answers": {"backlog": "fail"}, "photos": []}],
    }  # fmt: skip
    assert (
        send(app, cast, "county", envelope(open, {"notes": {"header.findings": "积压两袋"}})).state
        == "stored"
    )
    for login in ("director", "inspector", "county", "league", "region"):
        page = words(company.client_for(app, cast, login).get(f"/records/visits?unit={CITY}"))
        for said in ("周苏日娜", "锡林浩特市", "信件有积压", "积压两袋", "三日内清完"):
            assert said in page, (login, said)
    assert "/records/visits" in company.client_for(app, cast, "director").get(f"/ledger?unit={CITY}").text
    assert company.client_for(app, cast, "carrier").get(f"/records/visits?unit={CITY}").status_code == 403
    assert company.client_for(app, cast, "nextcounty").get(f"/records/visits?unit={CITY}").status_code == 404
    empty = company.client_for(app, cast, "county").get(f"/records/visits?unit={RURAL}")
    assert "本期没有上级检查" in words(empty)


def test_the_ledger_of_a_county_begins_on_a_day_that_the_league_sets(app, cast, forms):
    league = company.client_for(app, cast, "league")
    assert line(app) is not None
    answer = league.post(f"/units/{COUNTY}/ledger", data={"ledger_from": today().isoformat()})
    assert answer.status_code == 302
    assert line(app) is None
    assert "台账" in words(league.get(f"/units/{COUNTY}"))


def test_a_signed_review_shows_its_period_what_was_opened_and_which_line_was_seen(app, cast, forms):
    county = company.client_for(app, cast, "county")
    signed(county, forms)
    [review] = reviews(app)
    page = county.get(f"/inspections/{review.id}")
    told = words(page)
    assert "期间" in told and "清单日期" not in told
    for one in forms:
        assert re.search(rf'href="/inspections/{one}">\s*平常函件检查', page.text)
        assert one not in told
    [sign] = review.header["signed"]
    duty, period, digest = sign.split()
    assert f"/ledger/{CITY}/{duty}/{period}" in page.text and digest not in told


def test_a_route_that_was_followed_is_called_by_its_name(app, cast):
    route = read(app, lambda session: session.query(Route).filter_by(unit_code=CITY).first())
    items = [
        {
            "subject": f"N{n}",
            "class": "letter",
            "stratum": "nonlocal",
            "verdict": "pass",
            "answers": {},
            "photos": [],
        }
        for n in range(5)
    ]
    own = {"v": 1, "type": "inspection", "unit": CITY, "acting": COUNTY, "date": today().isoformat()}
    more = {"kind": "letter-follow", "method": "on-site", "items": items, "header": {"route": route.id}}
    outcome = send(app, cast, "county", envelope(own | more))
    assert outcome.state == "stored", outcome
    page = words(company.client_for(app, cast, "county").get(f"/inspections/{outcome.id}"))
    assert f"{route.code} {route.name}" in page
    foreign = envelope(own | more | {"header": {"route": new_id()}})
    assert send(app, cast, "county", foreign).problem.code == "bad-fact"
