"""Who may import whom, and what a file may be called (docs/architecture.md)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(path for path in (ROOT / "webapp").rglob("*.py") if "versions" not in path.parts)
# What only a door may hold: what belongs to one request.
OF_A_REQUEST = {"request", "session", "g", "flash", "redirect", "render_template", "url_for", "make_response"}
DOORS = ("webapp/desk/", "webapp/sync/", "webapp/web/", "webapp/__init__.py", "webapp/cli.py")


def test_no_floor_of_the_house_knows_the_floors_above_it(tmp_path):
    # In a process of its own: the linter imports and configures far too much to share one with tests.
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ".importlinter"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={"XDG_RUNTIME_DIR": str(tmp_path)}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def imports_of(source: str) -> list[tuple[str, str]]:
    """(module, name) of every import; name is ``*`` where the module itself is imported."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(alias.name, "*") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.module or "", alias.name) for alias in node.names]
    return found


def touches_a_request(source: str) -> list[str]:
    """The imports that hold a request, a session or the signed-in person."""
    return [
        f"{module}.{name}"
        for module, name in imports_of(source)
        if module.startswith("flask_login") or (module == "flask" and name in OF_A_REQUEST | {"*"})
    ]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_a_door_touches_the_request(path):
    name = path.relative_to(ROOT).as_posix()
    if not name.startswith(DOORS):
        assert not touches_a_request(path.read_text())


def test_the_door_check_sees_each_way_to_hold_a_request():
    assert touches_a_request("from flask import Flask, request") == ["flask.request"]
    assert touches_a_request("def late():\n    from flask_login import current_user")
    assert touches_a_request("import flask")
    assert not touches_a_request("from flask import Flask, current_app")


def test_every_file_is_named_for_what_it_speaks_of():
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base"}
    folders = ("webapp", "static/js", "tests", "bench")
    found = [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".js", ".mjs")
    ]
    assert found
    assert not [str(path) for path in found if path.stem.lower().split(".")[0] in vague]


def test_tests_stand_in_the_folders_of_the_code_they_test():
    folders = [ROOT / "tests" / kind for kind in ("unit", "integration")]
    found = [path.relative_to(folder) for folder in folders for path in folder.rglob("test_*.py")]
    # At the top: the harness, the process, and what asks every route.
    top = {str(path) for path in found if len(path.parts) == 1}
    assert top == {
        "test_harness.py",
        "test_query_counts.py",
        "test_readiness.py",
        "test_scope.py",
        "test_serving.py",
    }
    assert not [str(path) for path in found if not (ROOT / "webapp" / path.parent).is_dir()]


def test_no_file_is_a_giant():
    script = [path for path in (ROOT / "static" / "js").rglob("*.js") if path.parent.name != "messages"]
    measured = [*CODE, ROOT / "run.py", *script]  # a list of sentences is data, however long
    assert not {str(path.relative_to(ROOT)) for path in measured if len(path.read_text().splitlines()) > 400}
