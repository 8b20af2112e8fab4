"""Special checks at the desk: the list, a plan with its units and team, and its forms with what is wrong beside the field."""

import pytest

from tests.cast import CITY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, REGION, build_in, client_for
from tests.desk_lists import words
from tests.desk_records import today
from tests.plan_office import DAY, member, step, whole
from webapp.campaigns.queries import plans
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.ledger.models import LedgerLine
from webapp.rulebook.periods import period_of


@pytest.fixture
def cast(app):
    return build_in(app)


def said(**more) -> dict:
    days = {"first_day": today(), "last_day": today() + 10 * DAY, "report_day": today() + 12 * DAY}
    typed = {name: day.isoformat() for name, day in days.items()}
    return {"title": "接转点专项检查", "minimum": "3", "units": [CITY, NEXT_RURAL], **typed} | more


def entered(client, **more) -> str:
    answer = client.post(f"/plans?unit={LEAGUE}", data=said(**more))
    assert answer.status_code == 303, answer.text
    return answer.location


def stored(app, unit: str = LEAGUE):
    with app.app_context():
        return plans(db.session, unit)


def test_an_empty_list_says_what_to_do(app, cast):
    page = client_for(app, cast, "league").get("/plans").text
    assert "还没有专项检查方案" in page and f"/plans/new?unit={LEAGUE}" in page
    above = client_for(app, cast, "region").get(f"/plans?unit={LEAGUE}").text
    assert "还没有专项检查方案" in above and "/plans/new" not in above


def test_a_region_is_told_that_its_period_is_not_set(app, cast):
    page = client_for(app, cast, "region").get(f"/plans?unit={REGION}").text
    assert "第 16.3 条：期间尚未确定" in page
    assert f"/plans?unit={LEAGUE}" in page  # the way to the league's


def test_a_plan_is_entered_by_the_form(app, cast):
    client = client_for(app, cast, "league")
    form = client.get("/plans/new").text
    assert CITY in form and NEXT_RURAL in form and NEXT_COUNTY in form
    page = client.get(entered(client)).text
    (plan,) = stored(app)
    assert (plan.title, plan.units, plan.minimum) == ("接转点专项检查", (CITY, NEXT_RURAL), 3)
    assert "还剩 11 天" in page and "0/2" in page and "还没有指定人员" in page
    assert "接转点专项检查" in client.get("/plans").text


@pytest.mark.parametrize(
    ("more", "words_of"),
    [
        ({"units": []}, "请至少选择一个单位。"),
        ({"units": [NEXT_COUNTY, NEXT_RURAL]}, "所选单位中有一个隶属于另一个"),
        ({"title": ""}, "请填写"),
        ({"minimum": "五"}, "整数"),
        ({"minimum": "0"}, "整数"),
        ({"last_day": "2026-13-01"}, "请填写日期。"),
        ({"report_day": "2000-01-01"}, "报告日不能早于检查的最后一天。"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(app, cast, more, words_of):
    client = client_for(app, cast, "league")
    answer = client.post(f"/plans?unit={LEAGUE}", data=said(**more))
    assert answer.status_code == 422
    assert "尚未保存" in answer.text
    assert stored(app) == []
    if "title" not in more:
        assert 'value="接转点专项检查"' in answer.text
    assert words_of in words(answer)


def test_only_what_differs_is_changed_and_a_reason_is_asked_for(app, cast):
    client = client_for(app, cast, "league")
    address = entered(client)
    assert client.post(f"{address}/change", data=said(minimum="4")).status_code == 422
    same = client.post(f"{address}/change", data=said(reason="没有"))
    assert (same.status_code, "没有任何更改" in same.text) == (422, True)
    answer = client.post(f"{address}/change", data=said(minimum="4", reason="人手不足"))
    assert answer.status_code == 303
    assert stored(app)[0].minimum == 4
    assert "人手不足" in client.get(address).text


def test_somebody_is_named_and_leaves(app, cast):
    client = client_for(app, cast, "league")
    address = entered(client)
    days = {"first_day": today().isoformat(), "last_day": (today() + 3 * DAY).isoformat()}
    named = {"person": "nextcounty", "unit": CITY, **days}
    assert client.post(f"{address}/team", data=named).status_code == 303
    page = client.get(address).text
    assert "吴海" in page and "退出" in page
    own = client.post(f"{address}/team", data=named | {"unit": NEXT_RURAL})
    assert (own.status_code, "不能检查自己所在的单位" in own.text) == (422, True)
    nobody = client.post(f"{address}/team", data=named | {"person": "nobody-here"})
    assert (nobody.status_code, "没有使用此登录名的人员" in nobody.text) == (422, True)
    leaving = {"person": cast.people["nextcounty"], "unit": CITY, "first_day": days["first_day"]}
    assert client.post(f"{address}/team/leave", data=leaving).status_code == 303
    assert stored(app)[0].team == ()
    assert client.post(f"{address}/team/leave", data=leaving).status_code == 404


def test_a_given_role_of_a_plan_is_shown_and_ended_by_nobody_else(app, cast):
    client = client_for(app, cast, "league")
    address = entered(client)
    with app.app_context(), transaction() as session:
        plan_id = address.rsplit("/", 1)[1]
        team = [member(cast, "director", NEXT_RURAL, today(), today() + DAY)]
        step(session, cast.actor(session, "league"), clock.now(), "change", plan=plan_id, team=team)
    page = client.get(f"/people/{cast.people['director']}").text
    assert "专项检查人员" in page and "格日勒敖都苏木支局" in page
    # The own county goes on keeping the account of whoever is named in a plan.
    own = client_for(app, cast, "county").post(f"/people/{cast.people['director']}/deactivate")
    assert own.status_code == 302


def test_the_summary_closes_the_plan_and_meets_the_line(app, cast):
    client = client_for(app, cast, "league")
    address = entered(client, last_day=today().isoformat(), report_day=today().isoformat())
    future = (today() + DAY).isoformat()
    answer = client.post(f"{address}/summary", data={"issued": future, "text": "已查"})
    assert (answer.status_code, "field-error" in answer.text) == (422, True)
    done = {"issued": today().isoformat(), "text": "查了两个部门。", "document": "检〔2026〕4号"}
    assert client.post(f"{address}/summary", data=done).status_code == 303
    page = client.get(address).text
    assert "检〔2026〕4号" in page and "查了两个部门。" in page and "已总结" in page
    assert f"{address}/change" not in page
    refused = client.post(f"{address}/cancel", data={"reason": "不用"})
    assert (refused.status_code, "方案已总结或已取消" in refused.text) == (409, True)
    with app.app_context():
        line = db.session.get(
            LedgerLine, (LEAGUE, "relay-league-quarter", period_of("quarter", today()).code)
        )
        assert (line.done, line.required) == (1, 3)


def test_the_line_of_the_ledger_leads_to_the_plans(app, cast):
    client = client_for(app, cast, "league")
    with app.app_context(), transaction() as session:
        day = today().isoformat()
        said_of = whole(today(), last_day=day, report_day=day)
        step(session, cast.actor(session, "league"), clock.now(), "enter", **said_of)
    period = period_of("quarter", today()).code
    page = client.get(f"/ledger/{LEAGUE}/relay-league-quarter/{period}").text
    assert f"/plans?unit={LEAGUE}" in page
    assert "应查单位 2 个" in page
    assert "总结尚未签发" in page
