"""What docs/operating.md and deploy/ say is so."""

import ast
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = [ROOT / "webapp" / "settings.py", ROOT / "webapp" / "serving.py", ROOT / "run.py"]
# Of the system, not ours.
NOT_OURS = {"PATH", "DEBIAN_FRONTEND"}


def variables_read(source: str) -> set[str]:
    """Names given to ``os.environ.get(…)``, ``os.environ[…]``, ``os.environ.pop(…)`` or ``_flag(…)``."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called.startswith("os.environ.") or called == "_flag":
                found.add(node.args[0].value)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            found.add(ast.literal_eval(node.slice))
    return found


def test_every_environment_variable_stands_in_the_settings_table():
    page = (ROOT / "docs" / "operating.md").read_text()
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    for_tests = set(re.findall(r"`([A-Z_]+)`", page.partition("Only for tests:")[2]))
    read = set().union(*(variables_read(path.read_text()) for path in READERS)) - NOT_OURS
    assert read - for_tests == table
    assert {"TEST_DATABASE_URL", "TOUCHA_CHROMIUM", "TOUCHA_WEED", "CI"} == for_tests


def test_the_check_sees_each_way_to_read_a_variable():
    assert variables_read("import os\nos.environ['A']; os.environ.get('B', 1); _flag('C', True)") == {
        "A",
        "B",
        "C",
    }


def test_every_file_that_the_page_names_is_there():
    page = (ROOT / "docs" / "operating.md").read_text()
    named = set(re.findall(r"deploy/[\w.-]+\w", page))
    assert named == {f"deploy/{path.name}" for path in (ROOT / "deploy").iterdir() if path.is_file()}


def run_backup(data: Path, target: Path) -> Path:
    command = [sys.executable, ROOT / "deploy" / "backup.py", data, target]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


def test_a_backup_of_a_busy_database_opens_and_forgets_what_was_deleted(tmp_path):
    data, target = tmp_path / "data", tmp_path / "copies"
    (data / "photos" / "ab").mkdir(parents=True)
    (data / "secret-key").write_text("secret")
    (data / "photos" / "store-id").write_text("this one")
    (data / "photos" / "aside").mkdir()
    (data / "photos" / "aside" / "somebody.queue").write_text("waits")
    kept, aged = data / "photos" / "ab" / "kept.jpg", data / "photos" / "ab" / "aged.jpg"
    kept.write_bytes(b"kept")
    aged.write_bytes(b"aged")
    busy = sqlite3.connect(data / "toucha.sqlite", isolation_level=None)
    try:
        busy.execute("PRAGMA journal_mode=WAL")
        busy.execute("CREATE TABLE facts (id)")
        busy.execute("INSERT INTO facts VALUES ('committed')")
        busy.execute("BEGIN IMMEDIATE")
        busy.execute("INSERT INTO facts VALUES ('not yet')")
        first = run_backup(data, target)
        first = first.rename(target / "20260101-000000")
        aged.unlink()
        second = run_backup(data, target)
    finally:
        busy.close()
    copy = sqlite3.connect(second / "toucha.sqlite")
    try:
        assert copy.execute("SELECT id FROM facts").fetchall() == [("committed",)]
    finally:
        copy.close()
    assert (second / "secret-key").read_text() == "secret"
    assert (first / "photos/ab/aged.jpg").exists() and not (second / "photos/ab/aged.jpg").exists()
    assert (second / "photos/ab/kept.jpg").samefile(first / "photos/ab/kept.jpg")
    assert (second / "photos/store-id").read_text() == "this one"
    assert not (second / "photos/aside").exists()
    assert not list(target.glob("*.part"))
    shutil.rmtree(target)
