"""ZIP files from outside: whatever was done to one, it is read as it was packed or refused as a bad file."""

import io
import re
import zipfile

import pytest
from hypothesis import given, settings, strategies as st

from webapp.core.problems import Problem
from webapp.formats.archives import Archive

NAMES = re.compile(r"list\.txt|part-\d+")
PARTS = {"list.txt": b"one\r\ntwo\n" + b"x" * 50 + b"\nlast", "part-1": bytes(range(256)), "part-2": b""}


def packed(parts: dict[str, bytes], **options) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("archives")


def opened(folder, data: bytes, most: int = 100) -> Archive:
    path = folder / "file.zip"
    path.write_bytes(data)
    return Archive(path, NAMES, most)


def reason(folder, data: bytes, **more) -> str:
    with pytest.raises(Problem) as caught, opened(folder, data, **more) as archive:
        for name in archive.names:
            archive.digest(name)
    assert caught.value.code == "bad-file"
    return caught.value.fields["file"]


def test_parts_come_out_as_they_were_packed(folder):
    with opened(folder, packed(PARTS)) as archive:
        assert {name: archive.read(name, 1000) for name in archive.names} == PARTS


def test_lines_come_without_their_ends_and_a_long_one_is_cut_alone(folder):
    with opened(folder, packed(PARTS)) as archive:
        assert list(archive.lines("list.txt", 10)) == [b"one", b"two", b"x" * 10, b"last"]
        assert list(archive.lines("list.txt", 50)) == [b"one", b"two", b"x" * 50, b"last"]


def test_a_part_that_is_larger_than_asked_for_is_not_read(folder):
    with opened(folder, packed(PARTS)) as archive, pytest.raises(Problem) as caught:
        archive.read("part-1", 255)
    assert caught.value.fields == {"file": "large-part"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not-zip"), (b"PK", "cut"), (b"%PDF-1.7" * 10, "not-zip"), (packed(PARTS)[:-1], "cut"),
        (packed(PARTS) + b"more", "cut"), (packed({"../list.txt": b""}), "strange-name"),
        (packed({"part-1/": b""}), "strange-name"), (packed(PARTS, compression=zipfile.ZIP_DEFLATED), "packed"),
        (packed({f"part-{n}": b"" for n in range(101)}), "many"),
    ],
)  # fmt: skip
def test_what_is_no_plain_file_of_ours_is_refused(folder, data, said):
    assert reason(folder, data) == said


def test_a_list_of_the_wide_format_is_not_followed(folder):
    data = packed(PARTS)
    wide = b"PK\x06\x07" + bytes(16)
    assert reason(folder, data[:-22] + wide + data[-22:]) == "many"


def test_an_encrypted_part_is_refused(folder):
    data = bytearray(packed(PARTS))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert reason(folder, bytes(data)) == "packed"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_file_it_is_whole_or_refused(folder, data):
    """Bytes overwritten, cut out or put in anywhere: never another error, never other bytes under a known name."""
    file = bytearray(packed(PARTS))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(file) - 1))
        length = data.draw(st.integers(0, 8))
        file[place : place + length] = data.draw(st.binary(max_size=8))
    try:
        with opened(folder, bytes(file)) as archive:
            found = {name: archive.read(name, 1000) for name in archive.names}
    except Problem as problem:
        assert problem.code == "bad-file"
    else:
        assert set(found.values()) <= set(PARTS.values())
