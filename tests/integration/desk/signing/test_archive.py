"""The archive of a signed month: a program that shares no code with the server checks it, and names whatever was changed."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests import cast as company
from tests.cast import client_for
from tests.integration.desk.signing.test_months import FIRST, MONTH, TUESDAY, address, late_check, signed
from tests.ledger_stories import Office, form, noon, parcels
from webapp.core import clock
from webapp.core.database import transaction
from webapp.org.models import Unit

CHECKER = Path(__file__).resolve().parents[4] / "docs" / "verify_month.py"


def verified(path: Path) -> tuple[int, list[str]]:
    """The exit code and lines of the checker, in a bare interpreter."""
    done = subprocess.run([sys.executable, "-I", CHECKER, path], capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines()


def changed(data: bytes, name: str, before: str, after: str) -> bytes:
    """The archive with something else in one of its files, and a manifest that says nothing of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for one in old.namelist():
            content = old.read(one)
            if one == name:
                assert before.encode() in content, (name, before)
                content = content.replace(before.encode(), after.encode(), 1)
            new.writestr(one, content)
    return target.getvalue()


@pytest.fixture
def archived(app, tmp_path):
    """The bytes of a month's archive that was signed, and corrected once."""
    office = Office(app, company.build_in(app), FIRST)
    with app.app_context(), transaction() as session:
        for code in office.units:
            session.get(Unit, code).opened_on = FIRST
    office.send("lead", noon(TUESDAY), form("parcel", TUESDAY, parcels(1, 20)))
    office.advance(clock.now())
    county, league = (client_for(app, office.cast, login) for login in ("county", "league"))
    assert county.get(address(more="/archive")).status_code == 409
    signed(county)
    late_check(office)
    signed(league, reason="手机迟到")
    day = TUESDAY + timedelta(days=2)
    office.send("lead", clock.now(), form("parcel", day, parcels(41, 60)))
    answer = county.get(address(more="/archive"))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/zip"
    (tmp_path / "month.zip").write_bytes(answer.data)
    return answer.data


def test_an_archive_is_whole_and_holds_both_versions_with_what_stands_beside(app, archived, tmp_path):
    code, said = verified(tmp_path / "month.zip")
    assert (code, said) == (0, [f"宝力根街道投递部 {MONTH.code}: no fault found"])
    with zipfile.ZipFile(io.BytesIO(archived)) as file:
        lines = [
            {
                (one["duty"], one["period"]): one
                for one in map(json.loads, file.read(f"lines-{n}.jsonl").splitlines())
            }
            for n in (1, 2)
        ]
        assert lines[0].keys() == lines[1].keys() and lines[0] != lines[1]
        assert file.read("supplements.jsonl").count(b"\n") == 1
        assert b'personal":' not in file.read("facts.jsonl")


@pytest.mark.parametrize(
    ("name", "before", "after", "named"),
    [
        ("lines-1.jsonl", '"done":1,', '"done":2,', "lines-1.jsonl: is not what the manifest names"),
        ("lines-2.jsonl", '"met":true', '"met":false', "is not the line that was signed"),
        ("facts.jsonl", "98801234", "98801235", "its content differs from its digest"),
        ("journal.jsonl", '"entry":"inspection"', '"entry":"withdrawal"', "its hash differs"),
        ("supplements.jsonl", '"done":', '"dune":', "supplements.jsonl: is not what the manifest names"),
        ("manifest.json", '"versions":2', '"versions":3', "version 3: nobody signed it"),
        ("manifest.json", f'"month":"{MONTH.code}"', '"month":"2001-01"', "nobody signed it"),
    ],
)  # fmt: skip
def test_whatever_is_changed_is_named(app, archived, tmp_path, name, before, after, named):
    (tmp_path / "forged.zip").write_bytes(changed(archived, name, before, after))
    code, said = verified(tmp_path / "forged.zip")
    assert code == 1 and any(named in line for line in said), said


def test_any_single_byte_that_is_changed_is_noticed(app, archived, tmp_path):
    step = len(archived) // 25
    for place in range(7, len(archived), step):
        forged = bytearray(archived)
        forged[place] ^= 1
        (tmp_path / "forged.zip").write_bytes(forged)
        code, said = verified(tmp_path / "forged.zip")
        # What ZIP itself does not read (a time, a name in the list at the end) changes no content.
        with zipfile.ZipFile(io.BytesIO(archived)) as whole:
            assert code == 1 or _same(whole, bytes(forged)), (place, said)


def _same(whole: zipfile.ZipFile, data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as other:
        return {name: other.read(name) for name in other.namelist()} == {
            name: whole.read(name) for name in whole.namelist()
        }


def test_a_file_that_is_no_archive_is_said_in_a_line(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    code, said = verified(tmp_path / "x.zip")
    assert code == 1 and "cannot be read" in said[0]
