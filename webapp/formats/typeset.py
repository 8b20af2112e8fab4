"""Documents as PDF/A-2b by typst: a template of ours, and data that are only ever data.

Text from outside reaches typst as JSON and is drawn as it stands, whatever markup it looks like. The fonts are ours and no
others, so that a document looks alike on every server, and the same data give the same bytes.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from webapp.core.problems import Problem
from webapp.formats import qr
from webapp.formats.glyphs import characters_of
from webapp.settings import ROOT, folder

TEMPLATES = Path(folder("templates")) / "paper"
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
PROCESS = str(Path(__file__).with_name("typst_process.py"))
SECONDS = 120  # for one document: more than a hundred of the longest sheets take
_AT_ONCE = threading.BoundedSemaphore(2)  # documents of this process
WEIGHTS = ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf")
# They only turn the direction of what stands between them, and no writing that runs from right to left can be drawn here.
_TURNING = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
# What is never drawn: ends of lines, and what only says how to join, break or vary the character before it.
_UNSEEN = {*map(ord, "\t\n\r\x85\u2028\u2029\xad\u200b\u200c\u200d\u2060\ufeff"), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}  # fmt: skip


class FontError(RuntimeError):
    """The server has no font to write with."""


class TemplateError(RuntimeError):
    """A template of ours is wrong; the text is typst's."""


class MissingGlyph(Problem):
    """A character that the font cannot draw: ``character``, and ``place`` in the data, as in ``sheets[0].rows[3][1]``."""

    def __init__(self, character: str, place: str):
        self.character, self.place = character, place
        shown = character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        super().__init__("missing-glyph", character=shown, point=f"U+{ord(character):04X}", place=place)


def typeset(template: str, data: Mapping[str, object]) -> bytes:
    """The PDF of ``templates/paper/<template>.typ`` with ``data`` (what JSON can hold).

    ``data`` has at least ``title``, ``language`` (``zh`` or ``en``) and ``made_at`` (ISO, with its offset), which become the
    document's own; of a ``digest`` the template finds the QR code under ``qr``. It is set in a process of its own, which takes
    a third of a second more. Raises :class:`MissingGlyph`, :class:`FontError`, :class:`TemplateError`, and ``busy`` of one that
    took longer than ``SECONDS``.
    """
    made_at = datetime.fromisoformat(str(data["made_at"]))
    told = _printable(data, _drawn())
    if told.get("digest"):
        told["qr"] = qr.picture(told["digest"])
    job = {
        "source": str(TEMPLATES / f"{template}.typ"),
        "root": str(TEMPLATES),
        "fonts": [str(file.parent) for file in _files()],
        "at": int(made_at.timestamp()),
        "data": json.dumps(told),
    }
    try:
        with _AT_ONCE:
            done = subprocess.run(  # noqa: S603 - a program of ours; what comes from outside is on its stdin
                [sys.executable, "-I", PROCESS], input=json.dumps(job).encode(), capture_output=True, timeout=SECONDS
            )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Problem("busy") from error
    if done.returncode:
        raise TemplateError(f"{template}: {done.stderr.decode(errors='replace') or f'exit code {done.returncode}'}")  # fmt: skip
    return done.stdout


def _files() -> list[Path]:
    files = [FONTS / name for name in WEIGHTS]
    if missing := [str(file) for file in files if not file.is_file()]:
        raise FontError(f"No font to write PDF with: {', '.join(missing)}. Run: python3 run.py prepare")
    return files


@cache
def _drawn() -> frozenset[int]:
    """The code points that all weights can draw, and those that are never drawn."""
    return frozenset.intersection(*(characters_of(file.read_bytes()) for file in _files())) | _UNSEEN


def _printable(value: object, drawn: frozenset[int], place: str = "") -> object:
    """``value`` with its texts as they can be drawn."""
    if isinstance(value, str):
        text = value.translate(_TURNING)
        for character in text:
            if ord(character) not in drawn:
                raise MissingGlyph(character, place)
        return text
    if isinstance(value, Mapping):
        return {key: _printable(one, drawn, f"{place}.{key}".lstrip(".")) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one, drawn, f"{place}[{n}]") for n, one in enumerate(value)]
    return value
