"""A case at the desk: found in the list, assigned, answered with a photo, looked at again; who sees which, and in what words."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from PIL import Image
from sqlalchemy import select

from tests import cast as company
from tests.cases import cases_in
from tests.cast import CITY, COUNTY
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.cases.models import CaseMove
from webapp.core.database import db
from webapp.core.dates import day_text


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def client(app, cast, login):
    return company.client_for(app, cast, login)


def words(answer) -> str:
    """What a person reads on the page."""
    text = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def found(app, cast, failed: int = 1, login: str = "inspector", first: int = 0, **more) -> str:
    """A parcel check with failures; the id of the case that it opens or joins."""
    known = {one.id for one in cases_in(app)}
    outcome = send(
        app,
        cast,
        login,
        envelope(inspection(parcels(20, failed, first), **more), {"notes": {"19": "放在超市"}}),
    )
    assert outcome.state == "stored", outcome
    fresh = [one.id for one in cases_in(app) if one.id not in known]
    return fresh[0] if fresh else cases_in(app)[0].id


def photo(colour: int = 60) -> tuple:
    """A camera's file, with what a camera writes beside its pixels."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    Image.new("RGB", (64, 48), (colour, 90, 60)).save(out, "JPEG", exif=exif)
    return io.BytesIO(out.getvalue()), f"{colour}.jpg"


def make(browser, case: str, move: str, **form):
    return browser.post(f"/cases/{case}/{move}", data=form, content_type="multipart/form-data")


def answer(browser, case: str, **more):
    form = {"cause": "method", "text": "已重新核对并补签", "photos": photo()}
    return make(browser, case, "answer", **{**form, **more})


def test_a_director_finds_the_case_assigns_it_answers_and_the_inspector_closes_it(app, cast):
    case = found(app, cast, 2)
    director, inspector = client(app, cast, "director"), client(app, cast, "inspector")
    listed = director.get(f"/cases?unit={CITY}")
    assert f'href="/cases/{case}"' in listed.text and "反馈码与实际不符" in words(listed)
    page = director.get(f"/cases/{case}")
    until = day_text(today() + timedelta(days=7), "zh")
    assert f"7 天内整改，{until}到期" in words(page)
    carrier = cast.people["carrier"]
    assert make(director, case, "assign", owner=carrier).status_code == 302
    assert cases_in(app)[0].owner_id == carrier
    assert answer(client(app, cast, "carrier"), case).status_code == 302
    assert cases_in(app)[0].state == "answered"
    assert make(inspector, case, "close", text="现场复查，已补签").status_code == 302
    told = words(director.get(f"/cases/{case}"))
    assert all(
        word in told
        for word in ("指定责任人", "张巴图", "已整改", "作业方法", "已重新核对并补签", "复查合格", "已销号")
    )


def test_the_photo_of_an_answer_is_a_plain_picture_that_the_managers_and_the_owner_see(app, cast):
    case = found(app, cast)
    director = client(app, cast, "director")
    assert answer(director, case).status_code == 302
    [digest] = set(re.findall(r"/api/photos/([0-9a-f]{64})\"", director.get(f"/cases/{case}").text))
    kept = client(app, cast, "county").get(f"/api/photos/{digest}")
    assert kept.status_code == 200 and b"A camera" not in kept.data
    assert client(app, cast, "nextcounty").get(f"/api/photos/{digest}").status_code == 404


def test_what_is_wrong_with_an_answer_is_said_beside_the_form_and_nothing_typed_is_lost(app, cast):
    case = found(app, cast)
    director = client(app, cast, "director")
    for form, status, said in (
        ({"photos": (io.BytesIO(b""), "")}, 422, "此项必填"),
        ({"cause": "no-such"}, 422, "请从列表中选择"),
        ({"photos": (io.BytesIO(b"no picture"), "a.jpg")}, 415, "JPEG"),
    ):
        page = answer(director, case, **form)
        assert page.status_code == status, form
        assert said in words(page) and "已重新核对并补签" in page.text, form
        assert cases_in(app)[0].state == "open"


def test_a_photo_that_was_used_before_is_no_evidence(app, cast):
    case = found(app, cast)
    director, inspector = client(app, cast, "director"), client(app, cast, "inspector")
    assert answer(director, case).status_code == 302
    assert make(inspector, case, "return", text="照片看不清").status_code == 302
    page = answer(director, case)
    assert page.status_code == 422 and "重新拍摄" in words(page)
    assert answer(director, case, photos=photo(61)).status_code == 302


def test_a_move_that_another_made_impossible_is_refused_in_words_with_what_was_typed(app, cast):
    case = found(app, cast)
    director, inspector = client(app, cast, "director"), client(app, cast, "inspector")
    answer(director, case)
    make(inspector, case, "close")
    page = make(inspector, case, "return", text="仍未改")
    assert page.status_code == 409 and "已销号" in words(page) and "仍未改" in words(page)
    assert make(director, case, "close").status_code == 409


def test_forms_are_those_of_the_moves_that_the_reader_may_make(app, cast):
    case = found(app, cast)

    def offered(login):
        page = client(app, cast, login).get(f"/cases/{case}").text
        return set(re.findall(rf'action="/cases/{case}/([a-z-]+)"', page))

    assert offered("director") == {"assign", "shorten", "answer", "ask", "dispute"}
    assert offered("county") == {"assign", "shorten", "press"}
    assert offered("inspector") == set()
    answer(client(app, cast, "director"), case)
    assert offered("inspector") == {"close", "return"}
    assert offered("director") == {"dispute"}


def test_more_time_is_asked_for_granted_and_the_deadline_moves(app, cast):
    case = found(app, cast)
    director, county = client(app, cast, "director"), client(app, cast, "county")
    later = cases_in(app)[0].deadline + timedelta(days=3)
    too_far = cases_in(app)[0].deadline + timedelta(days=30)
    assert make(director, case, "ask", day=too_far.isoformat(), text="等待设备").status_code == 422
    assert make(director, case, "ask", day=later.isoformat(), text="等待设备").status_code == 302
    page = county.get(f"/cases/{case}")
    assert f'value="{later.isoformat()}"' in page.text and "申请延期" in words(page)
    assert f'href="/cases/{case}"' in county.get(f"/cases?unit={COUNTY}&asked=1").text
    assert make(county, case, "grant", day=later.isoformat()).status_code == 302
    assert cases_in(app)[0].deadline == later
    assert f'href="/cases/{case}"' not in county.get(f"/cases?unit={COUNTY}&asked=1").text


def test_a_dispute_is_linked_both_ways_and_decided_by_the_county(app, cast):
    case = found(app, cast)
    director, county = client(app, cast, "director"), client(app, cast, "county")
    make(director, case, "dispute", text="系统延迟")
    dispute = next(one.id for one in cases_in(app) if one.parent == case)
    assert f'href="/cases/{dispute}"' in director.get(f"/cases/{case}").text
    assert f'href="/cases/{case}"' in county.get(f"/cases/{dispute}").text
    assert "待裁定的异议" in words(county.get(f"/attention?unit={COUNTY}"))
    assert make(county, dispute, "annul", text="系统延迟属实").status_code == 302
    assert "已撤销" in words(director.get(f"/cases/{case}"))


def test_a_case_is_told_as_it_stood_on_a_day(app, cast):
    case = found(app, cast)
    director = client(app, cast, "director")
    answer(director, case)
    with app.app_context():
        move = db.session.scalar(select(CaseMove))
        move.at = move.at + timedelta(days=2)  # the answer of the day after tomorrow
        db.session.commit()
    then = words(director.get(f"/cases/{case}?on={today().isoformat()}"))
    assert "终了时的情况 状态 待整改" in then and "已重新核对并补签" not in then
    later = words(director.get(f"/cases/{case}?on={(today() + timedelta(days=2)).isoformat()}"))
    assert "终了时的情况 状态 待复查" in later and "已重新核对并补签" in later
    before = words(director.get(f"/cases/{case}?on={(today() - timedelta(days=1)).isoformat()}"))
    assert "当时尚未立项" in before


def test_who_found_it_covertly_is_not_named_to_the_inspected(app, cast):
    case = found(app, cast, login="county", acting=COUNTY, method="covert")
    shown = client(app, cast, "county").get(f"/cases/{case}").text
    [record] = set(re.findall(r"/inspections/([0-9a-f-]{36})", shown))
    for login in ("director", "lead", "inspector"):
        for path in (f"/cases/{case}", f"/inspections/{record}"):
            page = words(client(app, cast, login).get(path))
            assert "周苏日娜" not in page and "检查组" in page, (login, path)
    answer(client(app, cast, "director"), case)
    make(client(app, cast, "county"), case, "return", text="未见整改")
    assert "周苏日娜" not in words(client(app, cast, "director").get(f"/cases/{case}"))
    assert "周苏日娜" in words(client(app, cast, "league").get(f"/cases/{case}"))


def test_a_carrier_sees_the_own_cases_alone(app, cast):
    mine = found(app, cast)
    director, carrier = client(app, cast, "director"), client(app, cast, "carrier")
    assert carrier.get(f"/cases/{mine}").status_code == 404
    assert f"/cases/{mine}" not in carrier.get("/cases").text
    make(director, mine, "assign", owner=cast.people["carrier"])
    assert f'href="/cases/{mine}"' in carrier.get("/cases").text
    page = carrier.get(f"/cases/{mine}")
    assert page.status_code == 200 and "/inspections/" not in page.text
    assert client(app, cast, "carrier2").get(f"/cases/{mine}").status_code == 404
