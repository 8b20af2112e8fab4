"""Volumes typed by class: blank is unknown, 0 a recorded zero, and a sealed list speaks for itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY
from tests.desk_lists import DAY, imported, listed, post, words
from webapp.sampling.models import Volume


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return company.client_for(app, cast, "director")


def typed(app) -> dict[str, tuple]:
    return {
        row.mail_class: (row.items, row.returned)
        for row in company.read(
            app, lambda session: session.scalars(select(Volume).order_by(Volume.fact_id)).all()
        )
    }


def test_blank_is_unknown_and_zero_is_a_recorded_zero(app, director):
    page = director.get(f"/volumes?unit={CITY}")
    assert words(page).count("缺少") == 5
    form = {"items-express": "0", "items-parcel": "35", "returned-parcel": "2", "items-letter": ""}
    assert director.post(f"/volumes?unit={CITY}", data=form).status_code == 302
    assert typed(app) == {"express": (0, None), "parcel": (35, 2)}
    page = director.get(f"/volumes?unit={CITY}")
    assert 'name="items-parcel"' in page.text and 'value="35"' in page.text
    assert words(page).count("缺少") == 3


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "至少填写一类"),
        ({"items-letter": "-1"}, "0 到 1,000,000"),
        ({"items-letter": "1.5"}, "0 到 1,000,000"),
        ({"items-letter": "9" * 5000}, "0 到 1,000,000"),
        ({"items-letter": "3", "returned-letter": "4"}, "退回件数不能多于"),
        ({"returned-letter": "4"}, "进口了多少件"),
    ],
)
def test_a_wrong_volume_is_shown_beside_its_field_and_records_nothing(app, director, form, said):
    page = director.post(f"/volumes?unit={CITY}", data=form)
    assert page.status_code == 422
    assert said in words(page)
    assert typed(app) == {}


def test_a_sealed_list_tells_its_volumes_itself(app, director):
    manifest = imported(director, listed(9))
    assert "清单还没有封存" in words(director.get(f"/volumes?unit={CITY}"))
    post(director, manifest, "seal")
    page = director.get(f"/volumes?unit={CITY}")
    assert words(page).count("封存清单") == 3
    assert 'name="items-express"' not in page.text
    answer = director.post(f"/volumes?unit={CITY}", data={"returned-express": "1", "items-letter": "7"})
    assert answer.status_code == 302
    assert typed(app) == {"express": (3, 1), "letter": (7, None)}


def test_no_volume_of_tomorrow(director):
    assert director.get(f"/volumes?unit={CITY}&day={DAY + timedelta(days=1)}").status_code == 422
    assert director.get(f"/volumes?unit={CITY}&day=heute").status_code == 422
