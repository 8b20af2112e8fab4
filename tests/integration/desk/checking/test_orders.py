"""A work order that comes back as PDF: known again to the last byte, and a word that was changed in it is named."""

import io
from copy import deepcopy
from datetime import timedelta

import pytest
from flask_babel import force_locale

from tests.cases import cases_in
from tests.cast import COUNTY, build_in, client_for
from tests.desk_lists import words
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.cases.models import Case
from webapp.core.database import db
from webapp.desk.cases import order_paper
from webapp.documents.rules import digest
from webapp.formats.typeset import typeset
from webapp.rulebook.queries import editions_of


@pytest.fixture
def cast(app):
    return build_in(app)


@pytest.fixture
def order(app, cast) -> str:
    """The id of an order about what failed in twenty parcels, answered within a week."""
    assert send(app, cast, "lead", envelope(inspection(parcels(20, failed=1)))).state == "stored"
    [case, *_] = cases_in(app)
    asked = {
        "acting": COUNTY,
        "case": case.id,
        "text": "三日内整改",
        "deadline": f"{today() + timedelta(days=7)}",
    }
    return client_for(app, cast, "county").post("/cases/orders", data=asked).location.rpartition("/")[2]


def downloaded(app, cast, order: str, lang: str = "zh", login: str = "county") -> bytes:
    answer = client_for(app, cast, login).get(f"/cases/{order}/sheet.pdf?lang={lang}")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    return answer.data


def checked(app, path, data: bytes):
    path.write_bytes(data)
    return app.test_cli_runner().invoke(args=["verify", str(path)])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_as_it_was_downloaded_it_is_what_was_issued(app, cast, order, tmp_path, lang):
    data = downloaded(app, cast, order, lang)
    done = checked(app, tmp_path / "x", data)
    assert done.exit_code == 0, done.output
    assert "督〔" in done.output and "saved it anew" not in done.output
    page = client_for(app, cast, "director").post("/verify", data={"file": (io.BytesIO(data), "x.pdf")})
    assert "这份文件与签发的完全一致" in words(page)


def test_what_became_of_it_since_changes_nothing_on_the_paper(app, cast, order, tmp_path):
    data = downloaded(app, cast, order)
    moved = client_for(app, cast, "director").post(f"/cases/{order}/receive")
    assert moved.status_code in (302, 303), moved.status
    assert downloaded(app, cast, order) == data
    assert checked(app, tmp_path / "x", data).exit_code == 0


def test_a_later_day_is_named(app, cast, order, tmp_path):
    with app.test_request_context(), force_locale("zh"):
        body = order_paper.body_of(db.session, editions_of(db.session), db.session.get(Case, order))
        other = deepcopy(body)
        other["words"] = "三十日内整改"
        forged = typeset("order", order_paper.data_of(other, digest(body)))
    done = checked(app, tmp_path / "x", forged)
    assert done.exit_code == 1 and "三十日内整改" in done.output and "三日内整改" in done.output


def test_the_next_county_learns_nothing(app, cast, order):
    data = downloaded(app, cast, order)
    other = client_for(app, cast, "nextcounty")
    assert other.get(f"/cases/{order}/sheet.pdf").status_code == 404
    assert other.post("/verify", data={"file": (io.BytesIO(data), "x.pdf")}).status_code == 422
