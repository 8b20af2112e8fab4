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
from tests.cast import CITY, COUNTY, LEAGUE, REGION, RURAL
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.cases.models import CaseMove
from webapp.core.database import db


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
    outcome = send(app, cast, login, envelope(inspection(parcels(20, failed, first), **more), {"notes": {"19": "放在超市"}}))
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
    assert "7 天内整改" in words(page) and (today() + timedelta(days=7)).isoformat() in words(page)
    carrier = cast.people["carrier"]
    assert make(director, case, "assign", owner=carrier).status_code == 302
    assert cases_in(app)[0].owner_id == carrier
    assert answer(client(app, cast, "carrier"), case).status_code == 302
    assert cases_in(app)[0].state == "answered"
    assert make(inspector, case, "close", text="现场复查，已补签").status_code == 302
    told = words(director.get(f"/cases/{case}"))
    assert all(word in told for word in ("指定责任人", "张巴图", "已整改", "作业方法", "已重新核对并补签", "复查合格", "已销号"))
