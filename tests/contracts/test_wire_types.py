"""The browser's types of the wire are those that the server describes now (static/js/wire.d.ts)."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.databases import dispose, settings_for
from tests.twin import node
from webapp import create_app

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "static" / "js" / "wire.d.ts"


@pytest.fixture
def document(tmp_path):
    # Nothing is read from the database: the document is made of the routes and their schemas alone.
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path))
    yield app.test_client().get("/api/openapi.json").json
    dispose(app)


def types_of(document: dict) -> str:
    """The file as it would be made of this document."""
    command = [node(), "wire-types.mjs", "--print"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(document), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_browser_knows_each_field_that_the_server_describes(document):
    again = ".venv/bin/flask --app webapp openapi print | .venv/bin/npm run wire"
    assert types_of(document) == FILE.read_text(encoding="utf-8"), f"make it anew: {again}"


def test_a_field_that_the_document_gains_changes_the_types(document):
    document["components"]["schemas"]["Ping"]["properties"]["news"] = {"type": "integer"}
    assert types_of(document) != FILE.read_text(encoding="utf-8")
