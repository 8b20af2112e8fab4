"""Every figure of every document opens: a page of its own, and from there each line, sum or list that it stands on."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.cast import CITY, COUNTY, LEAGUE, build_in, client_for
from tests.document_office import Papers, tenth
from tests.ledger_stories import called, form, noon, parcels
from tests.ledger_tables import MON
from tests.upper_histories import Region, upper_sealed
from webapp.core.ids import new_id
from webapp.reports.tables import figures_in

NOVEMBER = "2026-11"
WRITTEN = tenth(9, day=2)
NUMBERS = ("count", "of", "rate", "interval")


@pytest.fixture
def papers(app):
    """The region with calls, and twenty parcels of which two failed."""
    region = Region(app, build_in(app))
    region.advance(noon(MON, 1))
    points = list(region.cast.points.values())
    region.send("lead", noon(MON, 2), form("parcel", MON, parcels(1, 20)))
    failed = form("parcel", MON + timedelta(days=2), failing(parcels(21, 40)))
    region.send("lead", noon(MON + timedelta(days=2), 2), failed)
    sent = upper_sealed(form("relay", MON, called(points[:1]), CITY, COUNTY), new_id())
    (outcome,) = region.push("county", WRITTEN, sent)
    assert outcome.problem is None, outcome.problem.fields
    region.advance(WRITTEN + timedelta(minutes=1))
    return Papers(region.app, region.cast)


def failing(items: list[dict]) -> list[dict]:
    """The first two of them failed."""
    photo = {"sha256": "ab" * 32, "size": 9, "type": "image/jpeg"}
    bad = [
        {**one, "verdict": "fail", "answers": {"feedback": "fail"}, "photos": [photo]} for one in items[:2]
    ]
    return [*bad, *items[2:]]


@pytest.mark.parametrize(
    ("login", "unit", "type", "period", "checker", "addressed"),
    [
        ("county", COUNTY, "relay-report", NOVEMBER, "league", None),
        ("county", COUNTY, "bulletin", NOVEMBER, "league", None),
        ("league", LEAGUE, "bulletin", NOVEMBER, "region", None),
        ("league", LEAGUE, "inspection-report", NOVEMBER, "region", None),
        ("county", COUNTY, "rectification", NOVEMBER, "league", CITY),
    ],
)
def test_every_figure_opens_what_it_stands_on(papers, login, unit, type, period, checker, addressed):
    now = WRITTEN + timedelta(hours=1)
    one = papers.begin(login, now, unit, type, period, addressed)
    papers.fill(login, now, one)
    papers.check(checker, now, one)
    papers.issue(login, now, one)
    body = papers.body(one)
    client = client_for(papers.app, papers.cast, login)
    opened: set[str] = set()
    figures = [figure for part in body["sections"] for figure in figures_in(part["tables"])]
    assert figures
    for figure in figures:
        cell = figure.cell
        if figure.column["sort"] in NUMBERS and cell.get("v") is not None:
            assert cell.get("lines") or cell.get("at"), figure.code
        answer = client.get(f"/documents/{one}/figures/{figure.code}")
        assert answer.status_code == 200, figure.code
        opened |= links(answer.text)
    assert opened
    for url in sorted(opened):
        assert client.get(url, follow_redirects=True).status_code == 200, url


def links(page: str) -> set[str]:
    """Where the page's own part leads: not its frame."""
    main = page[page.index("<main") : page.index("</main>")]
    found = {unescape(url) for url in re.findall(r'href="(/[^"]*)"', main)}
    return {url for url in found if not url.startswith("/documents")}
