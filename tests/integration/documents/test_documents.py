"""A document from its first word to its acceptance on a real database: numbers, versions, who may what, and the ledger's line."""

import threading
from datetime import timedelta

import pytest

from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, REGION, build_in
from tests.document_office import Papers, tenth
from tests.ledger_stories import called, form, noon
from tests.ledger_tables import MON
from tests.upper_histories import Region, upper_sealed
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.documents import operations, verifying
from webapp.documents.models import Document
from webapp.documents.rules import digest
from webapp.ledger.models import LedgerLine
from webapp.ledger.signatures import line_digest
from webapp.org.models import Person, Role

NOVEMBER = "2026-11"
WRITTEN = tenth(9, day=2)


@pytest.fixture
def region(app):
    made = Region(app, build_in(app))
    made.advance(noon(MON, 1))
    made.advance(WRITTEN - timedelta(hours=1))
    yield made
    assert made.faults(tenth(23, day=20)) == []


@pytest.fixture
def papers(region):
    return Papers(region.app, region.cast)


def line(region: Region, duty: str = "relay-county-report", unit: str = COUNTY, period: str = NOVEMBER):
    found = region.line(duty, period, unit)
    return found.met, found.started, [code for code, _ in found.why]


def refused(code: str, work) -> Problem:
    with pytest.raises(Problem) as caught:
        work()
    assert caught.value.code == code, caught.value.fields
    return caught.value


def test_a_report_goes_its_way_to_acceptance_and_meets_the_duty_when_it_was_sent(region, papers):
    one = papers.issued(WRITTEN)
    assert papers.row(one).number == "转报〔2026〕1号"
    assert line(region) == (False, True, ["document-waits"])
    papers.move("county", tenth(23, 40), one, "send")
    assert line(region) == (True, True, ["document-sent"])
    papers.move("league", tenth(8, day=11), one, "receive")
    papers.move("league", tenth(9, day=11), one, "accept")
    row = papers.row(one)
    assert (row.state, row.addressed) == ("accepted", LEAGUE)
    refused("document-moved", lambda: papers.move("league", tenth(9, day=11), one, "reject", "迟"))


def test_five_past_midnight_of_the_eleventh_is_too_late(region, papers):
    one = papers.issued(WRITTEN)
    papers.move("county", tenth(0, 5, day=11), one, "send")
    assert line(region) == (False, True, ["document-late"])


def test_one_that_is_returned_stays_in_time_and_is_corrected_under_its_number(region, papers):
    one = papers.issued(WRITTEN)
    papers.move("county", tenth(23, 40), one, "send")
    papers.move("league", tenth(8, day=12), one, "receive")
    refused("reason-needed", lambda: papers.move("league", tenth(9, day=12), one, "reject"))
    papers.move("league", tenth(9, day=12), one, "reject", "请补充原因")
    assert line(region)[0] is True
    before = papers.body(one)
    again = papers.correct("county", tenth(10, day=12), one)
    papers.write("county", tenth(10, day=12), again, "problems", "补充原因。", 1)
    papers.check("league", tenth(11, day=12), again)
    papers.issue("county", tenth(11, day=12), again)
    papers.move("county", tenth(12, day=12), again, "send")
    first, second = papers.row(one), papers.row(again)
    assert (first.state, first.version, second.state, second.version) == ("returned", 1, "sent", 2)
    assert first.number == second.number == "转报〔2026〕1号"
    assert papers.body(one) == before and papers.body(again)["version"] == 2
    assert papers.issued(tenth(13, day=12), period="2026-10") and papers.numbers()[-1] == "转报〔2026〕2号"


def test_a_void_one_keeps_its_number_and_counts_nowhere(region, papers):
    one = papers.issued(WRITTEN)
    papers.move("county", WRITTEN, one, "send")
    papers.move("county", tenth(10, day=3), one, "void", "月份写错")
    assert line(region) == (False, False, ["document-void"])
    papers.issued(tenth(11, day=3))
    assert papers.numbers() == ["转报〔2026〕1号", "转报〔2026〕2号"]


def test_whoever_wrote_in_it_does_not_check_it_and_a_word_more_asks_for_another_check(region, papers):
    one = papers.begin("county", WRITTEN, COUNTY, "relay-report", NOVEMBER)
    found = refused("document-unready", lambda: papers.check("league", WRITTEN, one))
    assert found.fields == {"问题与整改": "empty"}
    papers.fill("county", WRITTEN, one)
    refused("document-same-person", lambda: papers.check("county", WRITTEN, one))
    refused("not-found", lambda: papers.check("nextcounty", WRITTEN, one))
    refused("document-moved", lambda: papers.issue("county", WRITTEN, one))
    papers.check("league", WRITTEN, one)
    papers.write("county", WRITTEN, one, "relay", "另加一句。")
    assert papers.row(one).state == "draft"
    refused("document-moved", lambda: papers.issue("county", WRITTEN, one))
    papers.check("league", WRITTEN, one)
    refused("forbidden", lambda: papers.issue("league", WRITTEN, one))
    papers.issue("county", WRITTEN, one)
    refused("document-moved", lambda: papers.write("county", WRITTEN, one, "relay", "晚了", 1))


def test_two_writers_of_a_section_are_told_and_of_two_sections_are_not_in_each_others_way(papers):
    one = papers.begin("county", WRITTEN, COUNTY, "relay-report", NOVEMBER)
    papers.write("county", WRITTEN, one, "problems", "先写。")
    found = refused("document-written", lambda: papers.write("county", WRITTEN, one, "problems", "后写。"))
    assert found.fields == {"problems": "written"}
    papers.write("county", WRITTEN, one, "relay", "另一段。")
    papers.write("county", WRITTEN, one, "problems", "改过。", 1)
    assert {code: part["text"] for code, part in papers.row(one).texts.items()} == {
        "problems": "改过。",
        "relay": "另一段。",
    }


def test_a_reference_is_true_until_issue_then_frozen_and_an_unknown_one_is_named(region, papers):
    one = papers.begin("county", WRITTEN, COUNTY, "relay-report", NOVEMBER)
    papers.write(
        "county",
        WRITTEN,
        one,
        "problems",
        f"城市部 {{{{members.{CITY}.relay-county}}}}，{{{{members.nobody.relay-county}}}}。",
    )
    found = refused("document-unready", lambda: papers.check("league", WRITTEN, one))
    assert found.fields == {"问题与整改": "members.nobody.relay-county"}
    papers.write("county", WRITTEN, one, "problems", f"城市部到点 {{{{members.{CITY}.relay-county}}}}。", 1)
    papers.check("league", WRITTEN, one)
    point = next(iter(region.cast.points.values()))
    sent = upper_sealed(form("relay", MON, called([point]), CITY, COUNTY), new_id())
    (outcome,) = region.push("county", WRITTEN, sent)
    assert outcome.problem is None, outcome.problem.fields
    papers.issue("county", WRITTEN, one)
    said = {"zh": "1/5", "en": "1/5"}
    text = papers.body(one)["sections"][1]["text"]
    assert text == ["城市部到点 ", [f"members.{CITY}.relay-county", said], "。"]


def test_figures_are_frozen_with_the_digests_of_the_lines_that_they_stand_on(region, papers):
    one = papers.issued(WRITTEN)
    body = papers.body(one)
    key = f"{COUNTY} relay-county {NOVEMBER}"
    with region.app.app_context():
        stored = db.session.get(LedgerLine, tuple(key.split()))
        assert body["digests"][key] == line_digest(stored)
    named = {line for part in body["sections"] for table in part["tables"] for row in table["rows"] for cell in row["cells"] for line in cell.get("lines", ())}  # fmt: skip
    assert named and named <= body["digests"].keys()
    other = {**body, "number": "转报〔2026〕2号"}
    assert digest(body) != digest(other)


@pytest.mark.parametrize(
    ("login", "unit", "type", "period", "number", "duty"),
    [
        ("county", COUNTY, "bulletin", NOVEMBER, "质通〔2026〕1号", "quality-bulletin"),
        ("league", LEAGUE, "bulletin", NOVEMBER, "质通〔2026〕1号", "quality-bulletin"),
        ("league", LEAGUE, "inspection-report", NOVEMBER, "检报〔2026〕1号", "inspection-report"),
        ("region", REGION, "quarterly-bulletin", "2026-Q3", "专通〔2026〕1号", None),
    ],
)
def test_every_type_can_be_issued(region, papers, login, unit, type, period, number, duty):
    checker = {"county": "league", "league": "region", "region": "region"}[login]
    if checker == login:  # the region has one supervisor in the cast: a second one comes
        checker = _second_supervisor(region)
    one = papers.issued(WRITTEN, login, unit, type, period, checker)
    assert papers.row(one).number == number
    if type == "inspection-report":
        assert len(papers.body(one)["sections"]) == 10
        papers.move(login, WRITTEN, one, "send")
    if duty:
        assert line(region, duty, unit)[0] is True


def _second_supervisor(region: Region) -> str:
    with region.app.app_context(), transaction() as session:
        person = Person(id=new_id(), login="region2", name="二号", language="zh", created_at=clock.now())
        session.add(person)
        session.flush()
        session.add(
            Role(id=new_id(), person_id=person.id, unit_code=REGION, role="region_supervisor", first_day=MON)
        )
        region.cast.people["region2"] = person.id
    return "region2"


def test_two_that_are_issued_at_once_get_two_numbers_without_a_gap(region, papers):
    ids = []
    for period in ("2026-10", NOVEMBER):
        one = papers.begin("county", WRITTEN, COUNTY, "relay-report", period)
        papers.fill("county", WRITTEN, one)
        papers.check("league", WRITTEN, one)
        ids.append(one)
    threads = [threading.Thread(target=papers.issue, args=("county", WRITTEN, one)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(papers.numbers()) == ["转报〔2026〕1号", "转报〔2026〕2号"]


def test_the_next_county_neither_sees_nor_receives_it(papers):
    one = papers.issued(WRITTEN)
    refused("not-found", lambda: papers.move("nextcounty", WRITTEN, one, "receive"))
    refused("forbidden", lambda: papers.begin("league", WRITTEN, NEXT_COUNTY, "relay-report", NOVEMBER))
    refused("invalid", lambda: papers.begin("county", WRITTEN, COUNTY, "inspection-report", NOVEMBER))
    refused("invalid", lambda: papers.begin("county", WRITTEN, COUNTY, "relay-report", "2026-W47"))


def test_a_working_copy_can_be_given_up_until_somebody_has_checked_it(papers):
    one = papers.begin("county", WRITTEN, COUNTY, "relay-report", NOVEMBER)
    papers.fill("county", WRITTEN, one)
    papers.check("league", WRITTEN, one)
    refused(
        "document-moved", lambda: papers.do("county", WRITTEN, lambda s, me: operations.discard(s, me, one))
    )
    other = papers.begin("county", WRITTEN, COUNTY, "bulletin", NOVEMBER)
    papers.do("county", WRITTEN, lambda s, me: operations.discard(s, me, other))
    assert papers.begin("county", WRITTEN, COUNTY, "bulletin", NOVEMBER) != other


def test_the_check_of_everything_finds_a_number_that_was_changed(papers):
    one = papers.issued(WRITTEN)
    with papers.app.app_context():
        assert verifying.differences(db.session) == []
    with papers.app.app_context(), transaction() as session:
        row = session.get(Document, one)
        row.number, row.state = "转报〔2026〕7号", "sent"
    with papers.app.app_context():
        found = verifying.differences(db.session)
    assert len(found) == 2 and "7号" in found[0] and "'sent'" in found[1]
    with papers.app.app_context(), transaction() as session:
        row = session.get(Document, one)
        row.number, row.state = "转报〔2026〕1号", "issued"
