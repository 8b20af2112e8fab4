"""The ledger's pages: what the county manager reads, and the two taps down to an inspection."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, func, select

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, REGION, RURAL
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import Base, db, is_sqlite, transaction
from webapp.core.dates import day_text
from webapp.inquiries.attention import waiting
from webapp.org.models import Device, Unit
from webapp.rulebook.periods import period_of


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def week():
    return period_of("week", today()).code


def client(app, cast, login):
    return company.client_for(app, cast, login)


def words(answer) -> str:
    """What a person reads on the page."""
    text = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def cell(answer, row: str, duty: str) -> str:
    """The words of one cell of the matrix, by the row's unit and the duty's title."""
    [found] = [part for part in re.split(r'<tr role="row"', answer.text) if f">{row}<" in part]
    cells = re.findall(r'(?s)<td role="cell" class="cell[^"]*">(.*?)</td>', found)
    [match] = [each for each in cells if f'<span class="cell-duty">{duty}</span>' in each]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", match))).strip()


def test_from_a_figure_to_the_inspection_with_its_photos_in_two_taps(app, cast, week):
    photo = "ab" * 32
    items = parcels(20, failed=1)
    items[-1]["photos"] = [{"sha256": photo, "size": 1000, "type": "image/jpeg"}]
    sent = envelope(inspection(items), {"notes": {"19": "放在超市"}})
    assert send(app, cast, "lead", sent).state == "stored"
    county = client(app, cast, "county")

    ledger = county.get(f"/ledger?unit={COUNTY}&period={week}")
    assert "1 /2" in cell(ledger, "宝力根街道投递部", "国内小包检查")  # one session of two
    first = f"/ledger/{CITY}/parcel-check/{week}"
    assert f'href="{first}"' in ledger.text

    line = county.get(first)
    second = f"/inspections/{sent['id']}"
    assert f'href="{second}"' in line.text
    assert "李斯琴" in words(line)
    assert "缺 1 张照片" in words(line)

    page = county.get(second)
    assert page.status_code == 200
    assert "反馈码与实际不符" in words(page)
    assert "放在超市" in words(page)
    assert "尚未收到" in words(page)  # the photo has not come yet
    assert sent["digest"] in words(page)


def test_the_pass_rate_and_the_failures_stand_in_the_cell(app, cast, week):
    send(app, cast, "lead", envelope(inspection(parcels(20, failed=2))))
    ledger = client(app, cast, "county").get(f"/ledger?unit={COUNTY}&period={week}&lang=en")
    text = cell(ledger, "宝力根街道投递部", "Parcel spot check")
    assert "90% passed" in text
    assert "Problems 2" in text


def test_a_county_without_any_work_reads_as_empty_and_not_as_met(app, cast, week):
    page = client(app, cast, "county").get(f"/ledger?unit={COUNTY}&period={week}")
    assert page.status_code == 200
    assert "本期台账里没有这个单位的职责" in words(page) or "尚未开展" in words(page)


def test_departments_where_nobody_did_anything_come_first(app, cast, week):
    send(app, cast, "lead", envelope(inspection(parcels(20))))
    call = {"subject": cast.points["锡林敖包居委会"], "verdict": "pass", "answers": {}, "position": "given"}
    call["photos"] = [{"sha256": "cd" * 32, "size": 1000, "type": "image/jpeg"}]
    sent = envelope(inspection([call], kind="relay", unit=RURAL, acting=RURAL))
    assert send(app, cast, "head", sent).state == "stored"
    county = client(app, cast, "county")
    assert (
        client(app, cast, "head")
        .post(f"/inspections/{sent['id']}/withdraw", data={"reason": "看错了"})
        .status_code
        == 302
    )
    page = county.get(f"/ledger?unit={COUNTY}&period={week}")
    order = re.findall(r'(?s)class="matrix-unit">\s*<a [^>]*>([^<]+)</a>', page.text)
    assert order == ["宝力根苏木支局", "宝力根街道投递部"]


def test_what_phones_still_hold_is_named_and_in_no_figure(app, cast, week):
    with app.app_context(), transaction() as session:
        device, _ = company.device_for(session, cast.people["lead"], "Android · Edge")
        row = session.get(Device, device)
        row.held_records, row.held_photos, row.synced_at = 3, 7, clock.now() - timedelta(hours=2)
    page = client(app, cast, "county").get(f"/ledger?unit={COUNTY}&period={week}")
    text = words(page)
    assert "李斯琴 Android · Edge 3 7" in text


def test_the_league_sees_its_counties_and_the_way_down(app, cast, week):
    send(app, cast, "lead", envelope(inspection(parcels(20))))
    page = client(app, cast, "league").get(f"/ledger?unit={LEAGUE}&period={week}")
    assert f'href="/ledger?unit={COUNTY}&amp;period={week}"' in page.text
    assert "锡林浩特市" in words(page)
    assert "二连浩特市" in words(page)


def test_the_breadcrumbs_name_only_units_that_the_reader_may_open(app, cast, week):
    county = client(app, cast, "county").get(f"/ledger?unit={CITY}&period={week}")
    league = client(app, cast, "league").get(f"/ledger?unit={CITY}&period={week}")
    assert "锡林浩特市" in words(county)
    assert "锡林郭勒盟分公司" not in words(county)
    assert "锡林郭勒盟分公司" in words(league)


@pytest.mark.parametrize(
    "path",
    [
        f"/ledger?unit={COUNTY}",
        f"/ledger/{CITY}/parcel-check/2026-W47",
        f"/problems?unit={CITY}",
        f"/cases?unit={CITY}",
        f"/attention?unit={CITY}",
    ],
)
def test_the_next_county_gets_the_same_nothing_as_for_a_unit_that_does_not_exist(app, cast, path):
    neighbour = client(app, cast, "nextcounty")
    there = neighbour.get(path)
    nowhere = neighbour.get(path.replace(COUNTY, "999999").replace(CITY, "999999"))
    assert there.status_code == nowhere.status_code == 404
    assert company.bare(there).replace(COUNTY, "999999").replace(CITY, "999999") == company.bare(nowhere)


def test_the_next_county_gets_404_for_an_inspection_and_cannot_withdraw_it(app, cast):
    sent = envelope(inspection(parcels(20)))
    send(app, cast, "lead", sent)
    neighbour = client(app, cast, "nextcounty")
    assert neighbour.get(f"/inspections/{sent['id']}").status_code == 404
    assert neighbour.post(f"/inspections/{sent['id']}/withdraw", data={"reason": "x"}).status_code == 404
    assert neighbour.post(f"/attention/held/{sent['id']}").status_code == 404


def test_a_carrier_opens_no_ledger(app, cast):
    assert client(app, cast, "carrier").get(f"/ledger?unit={CITY}").status_code == 403


def test_every_length_of_period_can_be_opened_and_the_switch_keeps_the_unit(app, cast):
    county = client(app, cast, "county")
    for code in ("2026-11-20", "2026-W47", "2026-11", "2026-Q4", "2026-H2", "2026"):
        page = county.get(f"/ledger?unit={COUNTY}&period={code}")
        assert page.status_code == 200, code
        assert f'href="/ledger?period=2026-W47&amp;unit={COUNTY}"' in page.text or code not in (
            "2026-W47",
            "2026-11-20",
        )


def test_a_period_that_is_none_is_refused_with_examples(app, cast):
    page = client(app, cast, "county").get(f"/ledger?unit={COUNTY}&period=2026-W54")
    assert page.status_code == 422
    assert "2026-W47" in words(page)


def test_a_duty_that_the_ledger_does_not_keep_is_not_found(app, cast, week):
    assert client(app, cast, "county").get(f"/ledger/{CITY}/no-such-duty/{week}").status_code == 404


def test_the_problems_list_leads_to_the_item_that_failed(app, cast):
    sent = envelope(inspection(parcels(20, failed=1)))
    send(app, cast, "lead", sent)
    county = client(app, cast, "county")
    listed = county.get(f"/problems?unit={COUNTY}&period={today().isoformat()}", follow_redirects=True)
    assert "反馈码与实际不符" in words(listed) and "共 1 项" in words(listed)
    [case] = set(re.findall(r'href="(/cases/[0-9a-f-]{36})"', listed.text))
    page = county.get(case)
    assert f'href="/inspections/{sent["id"]}#item-19"' in page.text
    assert f'href="{case}"' in county.get(f"/inspections/{sent['id']}").text


def test_no_problems_may_also_mean_that_nobody_looked(app, cast):
    assert "没有检查" in words(client(app, cast, "county").get("/problems", follow_redirects=True))


# ---------------------------------------------------------------- withdrawing


def test_the_author_withdraws_with_a_reason_and_the_line_counts_it_no_more(app, cast, week):
    sent = envelope(inspection(parcels(20)))
    send(app, cast, "lead", sent)
    lead = client(app, cast, "lead")
    assert "撤回这条记录" in lead.get(f"/inspections/{sent['id']}").text
    assert lead.post(f"/inspections/{sent['id']}/withdraw", data={"reason": "号码抄错"}).status_code == 302
    page = lead.get(f"/inspections/{sent['id']}")
    assert "已撤回" in words(page)
    assert "/withdraw" not in page.text
    assert "已撤回 1" in words(client(app, cast, "county").get(f"/ledger/{CITY}/parcel-check/{week}"))


def test_a_withdrawal_without_a_reason_is_refused(app, cast):
    sent = envelope(inspection(parcels(20)))
    send(app, cast, "lead", sent)
    answer = client(app, cast, "lead").post(f"/inspections/{sent['id']}/withdraw", data={"reason": "  "})
    assert answer.status_code == 422
    assert "请写明原因" in words(answer)


def test_a_colleague_sees_the_inspection_but_no_way_to_withdraw_it(app, cast):
    sent = envelope(inspection(parcels(20)))
    send(app, cast, "lead", sent)
    director = client(app, cast, "director")
    assert "/withdraw" not in director.get(f"/inspections/{sent['id']}").text
    assert director.post(f"/inspections/{sent['id']}/withdraw", data={"reason": "x"}).status_code == 403


def test_a_correction_and_what_it_corrects_lead_to_each_other(app, cast):
    first = envelope(inspection(parcels(20)))
    send(app, cast, "lead", first)
    second = envelope(inspection(parcels(20, failed=1), amends=first["id"]))
    assert send(app, cast, "lead", second).state == "stored"
    county = client(app, cast, "county")
    assert f'href="/inspections/{second["id"]}"' in county.get(f"/inspections/{first['id']}").text
    assert f'href="/inspections/{first["id"]}"' in county.get(f"/inspections/{second['id']}").text


# ---------------------------------------------------------------- what waits for somebody


def test_a_record_from_a_wrong_clock_waits_until_the_director_confirms_it(app, cast, week):
    ahead = (today() + timedelta(days=1)).isoformat()
    sent = envelope(inspection(parcels(20), date=ahead))
    assert send(app, cast, "lead", sent).held == "clock"
    director = client(app, cast, "director")
    page = director.get("/attention")
    assert "手机时间不准" in words(page)
    assert (
        director.post(
            f"/attention/held/{sent['id']}", data={"unit": CITY, "day": today().isoformat()}
        ).location
        == f"/attention?unit={CITY}"
    )
    assert "没有待处理的事项" in words(director.get("/attention"))


def test_a_region_supervisor_reads_what_waits_but_decides_nothing(app, cast):
    ahead = (today() + timedelta(days=1)).isoformat()
    sent = envelope(inspection(parcels(20), date=ahead))
    send(app, cast, "lead", sent)
    region = client(app, cast, "region")
    page = region.get(f"/attention?unit={CITY}")
    assert "手机时间不准" in words(page)
    assert "/attention/held/" not in page.text
    day = {"day": today().isoformat()}
    assert region.post(f"/attention/held/{sent['id']}", data=day).status_code == 403


def test_of_two_contents_under_one_number_the_director_decides_and_never_the_author(app, cast):
    sent = envelope(inspection(parcels(20, failed=1)))
    send(app, cast, "lead", sent)
    other = envelope(inspection(parcels(20)), id=sent["id"])
    assert send(app, cast, "lead", other).state == "conflict"
    path = f"/attention/conflicts/{sent['id']}/{other['digest']}"
    assert "冲突" in words(client(app, cast, "county").get(f"/inspections/{sent['id']}"))

    lead = client(app, cast, "lead")
    assert path not in lead.get("/attention").text
    assert lead.post(path, data={"decision": "second"}).status_code == 403

    director = client(app, cast, "director")
    assert path in director.get("/attention").text
    assert director.post(path, data={"decision": "both"}).status_code == 422
    assert director.post(path, data={"decision": "second", "unit": CITY}).status_code == 302
    assert path not in director.get("/attention").text
    gone = director.get(f"/problems?unit={CITY}&period={today().isoformat()}", follow_redirects=True)
    assert "已撤销" in words(gone) and "待整改" not in words(gone).partition("共 1 项")[2]


def test_what_was_refused_is_shown_with_its_reason_and_counted_nowhere(app, cast, week):
    sent = envelope(inspection(parcels(20), kind="receipt", about=today().isoformat()))
    assert send(app, cast, "lead", sent).state == "refused"  # a team lead does not judge receipts
    page = client(app, cast, "director").get("/attention")
    assert "被拒收的记录" in words(page)
    assert "李斯琴" in words(page)


def test_pages_that_only_read_write_nothing(app, cast, week):
    sent = envelope(inspection(parcels(20, failed=1)))
    send(app, cast, "lead", sent)
    county = client(app, cast, "county")
    before = company.read(app, _sums)
    for path in (
        f"/ledger?unit={COUNTY}&period={week}",
        f"/ledger/{CITY}/parcel-check/{week}",
        f"/inspections/{sent['id']}",
        f"/cases?unit={COUNTY}",
        f"/attention?unit={COUNTY}",
    ):
        assert county.get(path).status_code == 200, path
    assert company.read(app, _sums) == before


def _sums(session) -> dict[str, int]:
    return {
        name: session.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }


def test_the_next_county_is_in_nobody_elses_figures(app, cast, week):
    page = client(app, cast, "county").get("/ledger")
    assert NEXT_COUNTY not in page.text
    assert "二连浩特市" not in words(page)


def test_a_held_record_is_refused_with_a_reason_and_never_counts(app, cast, week):
    ahead = (today() + timedelta(days=1)).isoformat()
    sent = envelope(inspection(parcels(20), date=ahead))
    send(app, cast, "lead", sent)
    path, director = f"/attention/held/{sent['id']}/refuse", client(app, cast, "director")
    for login, status in (("inspector", 403), ("region", 403), ("nextcounty", 404), ("carrier", 404)):
        assert client(app, cast, login).post(path, data={"reason": "不对"}).status_code == status, login
    assert director.post(path, data={"reason": " "}).status_code == 422
    assert path in director.get("/attention").text
    assert (
        director.post(path, data={"reason": "手机日期错", "unit": CITY}).location == f"/attention?unit={CITY}"
    )
    assert "没有待处理的事项" in words(director.get("/attention"))
    assert "已撤回" in words(director.get(f"/inspections/{sent['id']}"))
    assert director.post(path, data={"reason": "再来"}).status_code == 422  # it waits no more
    day = {"day": today().isoformat()}
    assert director.post(f"/attention/held/{sent['id']}", data=day).status_code in (302, 409, 422)
    assert "已撤回" in words(director.get(f"/inspections/{sent['id']}"))


def test_a_director_withdraws_no_record_that_counts_already(app, cast):
    sent = envelope(inspection(parcels(20)))
    send(app, cast, "lead", sent)
    director = client(app, cast, "director")
    assert director.post(f"/attention/held/{sent['id']}/refuse", data={"reason": "不想要"}).status_code == 422
    assert director.post(f"/inspections/{sent['id']}/withdraw", data={"reason": "不想要"}).status_code == 403


def test_what_waits_in_a_county_tells_whose_where_when_why_and_what_to_do(app, cast):
    first = envelope(inspection(parcels(20)))
    send(app, cast, "lead", first)
    send(app, cast, "lead", envelope(inspection(parcels(9)), id=first["id"]))
    send(app, cast, "lead", envelope(inspection(parcels(20), kind="receipt", about=today().isoformat())))
    page = words(client(app, cast, "county").get(f"/attention?unit={COUNTY}"))
    conflicts, refusals = page.partition("被拒收的记录")[::2]
    assert "宝力根街道投递部" in conflicts and "李斯琴" in conflicts
    for said in (
        "宝力根街道投递部",
        "李斯琴",
        day_text(today(), "zh", weekday=True, year=False),
        f"在{day_text(today(), 'zh')}您没有做此项检查的岗位",
        "请县局管理员更正岗位",
    ):
        assert said in refusals, said
    assert today().isoformat() not in refusals  # days as people write them


def explained(held: str, parameters) -> str:
    """The database's plan for a statement."""
    connection = db.session.connection()
    if is_sqlite():
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {held}", parameters).all())
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # too few rows to need an index
    return str(connection.exec_driver_sql(f"EXPLAIN {held}", parameters).all())


def test_counting_what_waits_reads_the_held_facts_alone(app, cast):
    # Every ledger page asks it; the facts' texts are the largest table there is.
    statements = []

    def note(_connection, _cursor, statement, parameters, *_):
        statements.append((statement, parameters))

    with app.app_context():
        unit = db.session.get(Unit, REGION)
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert waiting(db.session, unit) == 0
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        [held] = [one for one in statements if "state" in one[0]]
        assert "ix_facts_held" in explained(*held)
