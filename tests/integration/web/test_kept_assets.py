"""Two releases that serve together have each other's files, where their servers share a folder."""

import os
import time

import pytest

from webapp.web.kept_assets import DAYS, share

NAME = "app-ABCD1234.js"


@pytest.fixture
def releases(make_app, tmp_path):
    """An old and a new server that share a folder; the new one's files are not among the old one's."""
    folder = tmp_path / "shared"
    old, new = (make_app("sqlite", ASSETS_DIRECTORY=folder) for _ in range(2))
    built = tmp_path / "new" / "built"
    built.mkdir(parents=True)
    (built / NAME).write_text("new")
    (built / "assets.json").write_text("{}")
    (built / "service-worker.js").write_text("new")
    new.extensions["toucha_static"] = built.parent
    return old, new, folder


def test_the_old_server_has_the_new_ones_files_for_a_year_in_caches(releases):
    old, new, folder = releases
    client = old.test_client()
    assert client.get(f"/static/built/{NAME}").status_code == 404
    assert share(new) == 1
    answer = client.get(f"/static/built/{NAME}")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "new", "text/javascript")
    assert (
        "immutable" in answer.headers["Cache-Control"]
        and "max-age=31536000" in answer.headers["Cache-Control"]
    )
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    answer.close()
    assert [file.name for file in folder.iterdir()] == [NAME]


@pytest.mark.parametrize(
    "name", ["service-worker.js", "assets.json", "..%2Fsecret-key", ".app-ABCD1234.js", "app.js"]
)
def test_only_files_named_by_their_content_are_given(releases, name):
    old, _new, folder = releases
    folder.mkdir()
    (folder / "app.js").write_text("none")
    (folder.parent / "secret-key").write_text("none")
    answer = old.test_client().get(f"/static/built/{name}", buffered=True)
    assert "none" not in answer.text.splitlines() and (
        answer.status_code == 404 or answer.headers.get("ETag")
    )


def test_what_no_server_had_for_long_goes_and_what_one_has_stays(releases):
    _old, new, folder = releases
    share(new)
    aged = time.time() - (DAYS + 1) * 24 * 3600
    (folder / "gone-ABCD1234.js").write_text("long ago")
    for file in folder.iterdir():
        os.utime(file, (aged, aged))
    assert share(new) == 1
    assert [file.name for file in folder.iterdir()] == [NAME]
