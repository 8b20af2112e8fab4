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
from tests.desk_lists import words
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
def issued(app, tmp_path):
    """The cast, and the bytes of a month's archive that was signed, and corrected once."""
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
    return office.cast, answer.data


@pytest.fixture
def archived(issued) -> bytes:
    return issued[1]


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


def checked(app, path: Path):
    return app.test_cli_runner().invoke(args=["verify", str(path)])


def asked(client, data: bytes):
    return client.post("/verify", data={"file": (io.BytesIO(data), "month.zip")})


def test_the_server_says_that_it_is_what_it_issued_and_which_figure_is_another_today(app, archived, tmp_path):
    done = checked(app, tmp_path / "month.zip")
    assert done.exit_code == 0, done.output
    assert "No fault found." in done.output and "Today: parcel-check" in done.output
    assert "items 40 → 60" in done.output


@pytest.mark.parametrize(
    ("name", "before", "after", "named"),
    [
        ("lines-1.jsonl", '"done":1,', '"done":7,', "done is 7, signed was 1"),
        ("facts.jsonl", "98801234", "98801235", "says something else"),
        ("journal.jsonl", '"entry":"inspection"', '"entry":"withdrawal"', "says something else"),
        ("manifest.json", '"made":"20', '"made":"19', "manifest.json: is not as this server wrote it"),
        ("manifest.json", '"versions":2', '"versions":3', "version 3 was never signed"),
    ],
)  # fmt: skip
def test_the_server_names_what_was_changed(app, archived, tmp_path, name, before, after, named):
    (tmp_path / "forged.zip").write_bytes(changed(archived, name, before, after))
    done = checked(app, tmp_path / "forged.zip")
    assert done.exit_code == 1 and named in done.output, done.output


def test_what_people_wrote_in_it_makes_it_no_other_kind_of_file(app, archived, tmp_path):
    (tmp_path / "forged.zip").write_bytes(changed(archived, "facts.jsonl", "98801234", "xl/workbook.xml"))
    done = checked(app, tmp_path / "forged.zip")
    assert done.exit_code == 1 and "says something else" in done.output, done.output


def test_the_page_says_the_same_to_who_may_see_the_unit(app, issued):
    cast, archived = issued
    county, stranger = client_for(app, cast, "county"), client_for(app, cast, "nextcounty")
    assert "这份文件与签发的完全一致" in words(asked(county, archived))
    forged = changed(archived, "lines-1.jsonl", '"done":1,', '"done":7,')
    assert "done is 7, signed was 1" in words(asked(county, forged))
    refused = asked(stranger, archived)
    assert refused.status_code == 404 and "宝力根街道投递部" not in words(refused)


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"PK" + b"0" * 4000])
def test_what_is_no_archive_is_said_in_words(app, data):
    answer = asked(client_for(app, company.build_in(app), "county"), data)
    assert answer.status_code == 422 and "文件" in words(answer)
