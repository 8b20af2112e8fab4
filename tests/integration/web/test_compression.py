"""Answers leave packed, for whoever takes them so, and tell little by their length."""

import gzip

import pytest

from tests import cast as company
from webapp.web.compression import packed


@pytest.fixture
def county(sqlite_app):
    return company.client_for(sqlite_app, company.build_in(sqlite_app), "county")


@pytest.mark.parametrize("path", ["/people", "/api/sync/pull", "/app/", "/api/openapi.json"])
def test_pages_and_answers_are_packed_for_who_takes_them(county, path):
    plain = county.get(path)
    answer = county.get(path, headers={"Accept-Encoding": "br;q=1.0, gzip;q=0.8"})
    assert plain.content_encoding is None
    assert answer.content_encoding == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    text = gzip.decompress(answer.data)
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(text) / 2


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_nobody_gets_it_who_cannot_read_it(county, accepted):
    assert county.get("/people", headers={"Accept-Encoding": accepted}).content_encoding is None


def test_what_is_small_is_left(county):
    assert county.get("/api/ping", headers={"Accept-Encoding": "gzip"}).content_encoding is None


def test_the_same_page_has_many_lengths():
    page = b"<p>a page that says who asked</p>" * 100
    assert len({len(packed(page)) for _ in range(200)}) > 50
    assert all(gzip.decompress(packed(page)) == page for _ in range(20))


def test_what_a_browser_keeps_is_known_again_packed(sqlite_app):
    cast = company.build_in(sqlite_app)
    league = company.client_for(sqlite_app, cast, "league")
    first = league.get("/ledger", headers={"Accept-Encoding": "gzip"}, follow_redirects=True)
    tag = first.headers["ETag"]
    assert tag.startswith("W/")
    again = league.get(first.request.path, query_string=first.request.args, headers={"If-None-Match": tag})
    assert again.status_code == 304
