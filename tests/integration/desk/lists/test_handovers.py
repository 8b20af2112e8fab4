"""A route that changes hands in mid-day, as the director says it at the desk."""

import pytest

from tests import cast as company
from tests.cast import CITY, client_for
from tests.desk_lists import DAY, confirm, imported, items, listed, post, upload, words
from tests.desk_records import envelope
from webapp.core.problems import Problem
from webapp.journal.models import Fact, JournalRow
from webapp.recording.schemas import read
from webapp.rulebook.rules import load
from webapp.sampling.models import Handover


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return client_for(app, cast, "director")


def handed(client, manifest_id: str, **form):
    """Send the form."""
    return client.post(f"/manifests/{manifest_id}/handover", data={"reason": "张巴图生病", **form})


def test_the_director_hands_a_route_over_and_the_draw_names_who_really_delivers(app, cast, director):
    made = imported(director, listed(10))
    post(director, made, "seal")
    post(director, made, "reveal")
    assert "王其其格" not in words(director.get(f"/manifests/{made}"))
    form = words(director.get(f"/manifests/{made}/handover"))
    assert "一段" in form and "王其其格 · 投递员 · carrier2" in form
    answer = handed(director, made, what="route", route=cast.routes[CITY, "1"], to=cast.people["carrier2"])
    assert (answer.status_code, answer.location) == (302, f"/manifests/{made}")
    page = words(director.get(f"/manifests/{made}"))
    assert "道段 1 一段 → 王其其格 张巴图生病 · 陈高娃" in page
    assert page.count("王其其格 清单上：张巴图") == 10 + 1, "each item and the drawn one"
    assert company.read(app, lambda s: s.query(JournalRow).filter_by(entry="handover").count()) == 1


def test_single_items_change_hands_before_the_seal_too_and_the_seal_stays_what_it_digests(
    app, cast, director
):
    made = imported(director, listed(4))
    number, other = sorted(items(app, made))[:2]
    typed = f"{number}\n{other}，{number[:4]}-{number[4:]}"  # the first one twice, in another spelling
    answer = handed(director, made, what="numbers", numbers=typed, to=cast.people["carrier2"])
    assert answer.status_code == 302
    page = words(director.get(f"/manifests/{made}"))
    assert page.count("王其其格 清单上：张巴图") == 2 and f"{number} {other}" in page
    post(director, made, "seal")
    assert "carrier2" not in director.get(f"/manifests/{made}/list.txt").text


def test_a_later_hand_over_replaces_an_earlier_one_and_both_stay_in_sight(app, cast, director):
    made = imported(director, listed(4))
    for login in ("carrier2", "carrier"):
        handed(director, made, what="route", route=cast.routes[CITY, "1"], to=cast.people[login])
    page = words(director.get(f"/manifests/{made}"))
    assert "清单上：" not in page
    assert page.index("→ 张巴图") < page.index("→ 王其其格")


def test_a_supplement_of_the_day_follows_the_route_that_was_handed_over_before(cast, director):
    made = imported(director, listed(4))
    post(director, made, "seal")
    handed(director, made, what="route", route=cast.routes[CITY, "1"], to=cast.people["carrier2"])
    more = confirm(director, upload(director, listed(4, first=4))).location.rpartition("/")[2]
    assert words(director.get(f"/manifests/{more}")).count("王其其格 清单上：张巴图") == 4


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"what": "route", "route": ""}, "请填写"),
        ({"what": "route", "route": "x"}, "请从列表中选择"),
        ({"what": "numbers", "numbers": ""}, "请填写"),
        ({"what": "numbers", "numbers": "1234567890123"}, "不在当天的清单上：1234567890123"),
        ({"what": "numbers", "numbers": "\n".join(map(str, range(201)))}, "一次最多 200 个"),
        ({"what": "route", "reason": " "}, "请填写"),
        ({"what": "route", "to": ""}, "请填写"),
        ({"what": "route", "to": "nobody"}, "请从列表中选择"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(app, cast, director, form, said):
    made = imported(director, listed(4))
    right = {"route": cast.routes[CITY, "1"], "to": cast.people["carrier2"], "reason": "换班原因"}
    answer = handed(director, made, **right | form)
    assert answer.status_code == 422
    assert said in words(answer)
    assert "reason" in form or 'value="换班原因"' in answer.text
    assert company.read(app, lambda s: s.query(Fact).filter_by(type="handover").count()) == 0


def test_nobody_else_hands_a_route_over(app, cast, director):
    made = imported(director, listed(4))
    form = {"what": "route", "route": cast.routes[CITY, "1"], "to": cast.people["carrier2"]}
    codes = {
        login: handed(client_for(app, cast, login), made, **form).status_code
        for login in ("inspector", "carrier", "county", "nextcounty", "nobody")
    }
    assert codes == {"inspector": 403, "carrier": 403, "county": 403, "nextcounty": 404, "nobody": 302}
    assert "交给他人" not in words(client_for(app, cast, "inspector").get(f"/manifests/{made}"))
    assert company.read(app, lambda s: s.query(Handover).count()) == 0


def test_a_phone_makes_no_hand_over(app, cast):
    """Who delivers is the director's word, said at the desk: a phone's would be one that the judge chose."""
    open = {"v": 1, "type": "handover", "unit": CITY, "acting": CITY, "date": DAY.isoformat()}
    with pytest.raises(Problem) as refused:
        read(envelope(open), load(), 64 * 1024)
    assert refused.value.fields == {"type": "not from a phone"}
