"""The day's list from the seal to the draw: what the director sees, and what others do not."""

import hashlib
import re
import subprocess
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY, COUNTY, NEXT_RURAL, RURAL
from tests.desk_lists import DAY, drawn_by_hand, imported, items, listed, one, post, upload, words
from tests.desk_records import envelope, inspection, send
from webapp.core.database import transaction
from webapp.org.models import Person, Route
from webapp.sampling.models import ManifestItem


@pytest.fixture
def cast(app):
    return company.build_in(app)


@pytest.fixture
def director(app, cast):
    return company.client_for(app, cast, "director")


def test_the_seal_and_the_draw_can_be_recomputed_by_hand(app, director, tmp_path):
    manifest = imported(director, listed(31))
    assert post(director, manifest, "seal").status_code == 302
    row, file = one(app, manifest), director.get(f"/manifests/{manifest}/list.txt")
    assert hashlib.sha256(file.data).hexdigest() == row.seal
    lines = [line.split("\t") for line in file.text.splitlines()]
    assert (
        lines == sorted(lines)
        and len(lines) == 31
        and lines[0] == ["9876543200000", "express", "0", "carrier"]
    )
    assert row.sample_size == 4

    sealed = director.get(f"/manifests/{manifest}")
    assert row.seal in sealed.text
    assert row.seed not in sealed.text  # hidden until the routes are back
    assert "已抽中" not in words(sealed)

    assert post(director, manifest, "reveal").status_code == 302
    page = director.get(f"/manifests/{manifest}")
    assert row.seed in page.text
    expected = drawn_by_hand(row.seed, [line[0] for line in lines])[:4]
    assert re.findall(r'<th scope="row" class="mono">(\d+)</th>', page.text)[:4] == expected

    # The commands on the page, run as they stand there.
    (tmp_path / "list.txt").write_bytes(file.data)
    commands = [
        unescape(text) for text in re.findall(r'(?s)<pre class="command"[^>]*>(.*?)</pre>', page.text)
    ]
    said = [subprocess.run(["bash", "-c", each], cwd=tmp_path, capture_output=True, text=True, check=True).stdout for each in commands]  # fmt: skip
    assert said[0].split()[0] == row.seal
    assert said[1].split()[0] == hashlib.sha256(f"{row.seed}{expected[0]}".encode()).hexdigest()
    assert [line.split()[1] for line in said[2].splitlines()] == expected


def test_a_route_renamed_or_a_carrier_moved_later_breaks_no_seal(app, cast, director):
    numbers = "邮件号,邮件种类,道段,投递员,退回,备注\nA-1;B,特快,1,,是,\nA1,挂号,,,,\n东1,包裹,2,carrier,0,\n"
    manifest = imported(director, numbers.encode())
    post(director, manifest, "seal")
    before = director.get(f"/manifests/{manifest}/list.txt")
    assert before.text == "A1\tregistered\t0\t\nA1;B\texpress\t1\tcarrier\n东1\tparcel\t0\tcarrier\n"
    with app.app_context(), transaction() as session:
        route = session.get(Route, cast.routes[CITY, "1"])
        route.code, route.name, route.closed_on = "7", "七段", DAY
        session.get(Person, cast.people["carrier"]).name = "张巴图尔"
    after = director.get(f"/manifests/{manifest}/list.txt")
    assert after.data == before.data
    assert hashlib.sha256(after.data).hexdigest() == one(app, manifest).seal


def test_a_sealed_list_is_final_and_later_items_make_a_supplement(app, director):
    first = imported(director, listed(12))
    post(director, first, "seal")
    seal = one(app, first).seal
    assert post(director, first, "seal").status_code == 409
    assert post(director, first, "discard").status_code == 409
    second = imported(director, listed(20))  # the twelve stand already; eight are new
    assert second != first
    supplement = one(app, second)
    assert (supplement.number, supplement.seal, len(items(app, second))) == (2, None, 8)
    assert one(app, first).seal == seal and len(items(app, first)) == 12
    post(director, second, "seal")
    assert one(app, second).sample_size == 1
    assert "补充清单 1" in words(director.get(f"/manifests?unit={CITY}"))


def test_a_voided_item_stays_visible_and_the_next_rank_replaces_it(app, director):
    manifest = imported(director, listed(20))
    assert post(director, manifest, "void", number="9876543200000", reason="未妥投").status_code == 409
    post(director, manifest, "seal")
    assert post(director, manifest, "void", number="9876543200000", reason="未妥投").status_code == 409
    post(director, manifest, "reveal")
    order = drawn_by_hand(one(app, manifest).seed, list(items(app, manifest)))
    assert post(director, manifest, "void", number=order[0], reason="  ").status_code == 422
    assert post(director, manifest, "void", number=order[5], reason="不在样本里").status_code == 404
    assert post(director, manifest, "void", number=order[0], reason="邮件改退").status_code == 302
    page = director.get(f"/manifests/{manifest}")
    assert f"<s>{order[0]}</s>" in page.text
    assert "邮件改退" in words(page)
    assert re.findall(r'<th scope="row" class="mono">(\d+)</th>', page.text)[:2] == order[1:3]
    assert "作废 1 件" in words(director.get(f"/manifests?unit={CITY}"))


def test_a_draft_can_be_discarded_and_its_number_is_free_again(app, director):
    for _ in range(2):
        draft = imported(director, listed(3))
        assert one(app, draft).number == 1
        assert post(director, draft, "discard").status_code == 302
        assert director.get(f"/manifests/{draft}").status_code == 404
    assert company.read(app, lambda session: session.scalars(select(ManifestItem)).all()) == []
    assert "最近 35 天没有清单" in words(director.get(f"/manifests?unit={CITY}"))


def test_a_draft_discarded_twice_is_discarded_once(app, director):
    draft = imported(director, listed(3))
    assert [post(director, draft, "discard").status_code for _ in range(2)] == [302, 404]
    assert one(app, draft).number == -1


def test_lists_older_than_35_days_are_reached_by_their_month(app, cast, director):
    old = DAY - timedelta(days=80)
    manifest = imported(director, listed(3), day=old)
    assert manifest not in director.get("/manifests").text
    path, seen = "/manifests", set()
    while manifest not in (page := director.get(path).text) and path not in seen:
        seen.add(path)
        path = unescape(re.search(r'rel="prev" href="([^"]+)"', page)[1])
    assert f"{old:%Y-%m}" in path and manifest in page
    forth = unescape(re.search(r'rel="next" href="([^"]+)"', page)[1])
    assert director.get(forth).status_code == 200
    first = director.get(f"/manifests?unit={CITY}&month={company.FIRST_DAY:%Y-%m}").text
    assert 'rel="prev"' not in first


@pytest.mark.parametrize("month", ["2025-12", "0001-01", "9999-12", "2026-W47", "2026-13", "x", "2026-11%00"])
def test_a_month_that_never_was_has_no_lists_and_no_crash(director, month):
    answer = director.get(f"/manifests?unit={CITY}&month={month}")
    assert answer.status_code == (200 if month == "2026-11%00" else 422)


def test_nothing_is_downloaded_or_revealed_before_the_seal(director):
    manifest = imported(director, listed(3))
    assert director.get(f"/manifests/{manifest}/list.txt").status_code == 409
    assert post(director, manifest, "reveal").status_code == 409


def test_captures_and_verdicts_stand_beside_the_drawn_items(app, cast, director):
    manifest = imported(director, listed(20))
    post(director, manifest, "seal")
    post(director, manifest, "reveal")
    numbers = drawn_by_hand(one(app, manifest).seed, list(items(app, manifest)))[:2]
    page = words(director.get(f"/manifests/{manifest}"))
    assert page.count("还没有照片") == 2 and page.count("尚未核查") == 2
    photos = [{"sha256": "ab" * 32, "size": 9, "type": "image/jpeg"}]
    capture = envelope(
        inspection(
            [{"subject": numbers[0], "photos": photos}], type="capture", kind="capture", about=str(DAY)
        )
    )
    assert send(app, cast, "carrier", capture).state == "stored"
    verdicts = [{"subject": number, "verdict": "pass", "answers": {}, "photos": []} for number in numbers]
    check = envelope(inspection(verdicts, kind="receipt", about=str(DAY)))
    assert send(app, cast, "inspector", check).state == "stored"
    page = director.get(f"/manifests/{manifest}")
    assert words(page).count("还没有照片") == 1 and "尚未核查" not in words(page)
    assert f'href="/inspections/{capture["id"]}"' in page.text
    assert f'href="/inspections/{check["id"]}"' in page.text


# ---------------------------------------------------------------- who


def test_the_next_county_finds_nothing(app, cast, director):
    manifest = imported(director, listed(3))
    stranger = company.client_for(app, cast, "nextcounty")
    for path in (
        f"/manifests?unit={CITY}",
        f"/manifests/{manifest}",
        f"/manifests/{manifest}/list.txt",
        f"/volumes?unit={CITY}",
    ):
        assert stranger.get(path).status_code == 404
    assert post(stranger, manifest, "seal").status_code == 404
    assert upload(stranger, listed(3)).status_code == 404
    assert one(app, manifest).sealed_at is None


@pytest.mark.parametrize("login", ["carrier", "lead"])
def test_who_could_polish_the_sample_sees_no_list(app, cast, director, login):
    manifest = imported(director, listed(3))
    client = company.client_for(app, cast, login)
    for path in (
        f"/manifests?unit={CITY}",
        "/manifests",
        f"/manifests/{manifest}",
        f"/manifests/{manifest}/list.txt",
        "/volumes",
    ):
        assert client.get(path).status_code == 403
    assert post(client, manifest, "seal").status_code == 403
    assert upload(client, listed(3)).status_code == 403


@pytest.mark.parametrize("login", ["inspector", "county", "region"])
def test_who_only_reads_sees_no_buttons_and_changes_nothing(app, cast, director, login):
    manifest = imported(director, listed(3))
    client = company.client_for(app, cast, login)
    main = [client.get(path).text.split("<main")[1].split("</main>")[0] for path in (f"/manifests?unit={CITY}", f"/manifests/{manifest}", f"/volumes?unit={CITY}")]  # fmt: skip
    assert not any('method="post"' in page or "/manifests/import" in page for page in main)
    for what in ("seal", "reveal", "void", "discard"):
        assert post(client, manifest, what, number="x", reason="y").status_code == 403
    assert upload(client, listed(3)).status_code == 403
    assert client.post(f"/volumes?unit={CITY}", data={"items-letter": "3"}).status_code == 403


def test_a_manager_of_many_turns_from_department_to_department(app, cast):
    county = company.client_for(app, cast, "county")
    assert "宝力根街道投递部" in words(county.get("/manifests"))
    assert "宝力根苏木支局" in county.get(f"/manifests?unit={COUNTY}").text
    assert county.get(f"/manifests?unit={RURAL}").status_code == 200
    assert county.get(f"/manifests?unit={NEXT_RURAL}").status_code == 404
