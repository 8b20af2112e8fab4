"""One spelling of what people write: names, logins, codes. Pure.

Keyboards, phones and office files write one name in many forms: full-width letters, ideographic spaces, a dozen hyphens
and middle dots, characters that nobody sees. Whatever enters is spelt once here and stored so; what is looked for is
spelt alike, and therefore found in any form. Spelling changes no letter: two different names stay two.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import wraps

# Whitespace but for line breaks and tabs, which a form refuses, and the blank of Braille.
_SPACE = "(?:[^\\S\x00-\x1f\x7f-\x9f]|\u2800)"
_INVISIBLE = re.compile(  # default-ignorable characters (UAX 44), control characters excepted: those are refused
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
# Traditional Mongolian spells with its own variation selectors and vowel separator: there they are no noise.
_MONGOLIAN = re.compile("(?<=[\u1820-\u18aa\u180b-\u180f])[\u180b-\u180f]")
_HYPHENS = re.compile(
    "[\u02d7\u058a\u05be\u2010-\u2015\u2043\u2212\u2796\u2e3a\u2e3b\ufe58\ufe63\uff0d\u2e17\u30a0]"
)
_DOTS = re.compile(
    f"{_SPACE}*[\u00b7\u0387\u16eb\u1427\u2022\u2024\u2027\u2219\u22c5\u25cf\u25e6\u2981\u2e30\u2e31\u2e33\u30fb\ua78f\uff65\U00010101]{_SPACE}*"
)
_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PADDING = re.compile(f"(?<=[{_HAN}]){_SPACE}+(?=[{_HAN}])")  # 王　芳: a space that only widens the name
_STOP = re.compile(f"(?<=[{_HAN}])[.\u3002](?=[{_HAN}])")  # 孟和.巴图: a full stop for want of the middle dot
_CHINESE_MARKS = re.compile(
    "([\uff08\uff09\uff0c\uff1a\uff1b\uff01\uff1f\u3001\u3002]+)"
)  # NFKC would make them Western
_BRACKETS = re.compile(f"{_SPACE}*([（）()]){_SPACE}*")
_SPACES = re.compile(f"{_SPACE}+")
_SEPARATORS = re.compile("[\\s.\u3002·_-]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def _settled(spell: Callable[[str], str]) -> Callable[[str], str]:
    """Spell until nothing changes: what stood apart before may compose, and what is spelt once has to stay so."""

    @wraps(spell)
    def settle(text: str) -> str:
        while (plain := spell(text)) != text:
            text = plain
        return plain

    return settle


@_settled
def spelt(text: str) -> str:
    """A text of one line: half-width letters, one hyphen and one middle dot, one space, nothing invisible.

    Chinese punctuation stays Chinese. Control characters stay as well: a form refuses them.
    """
    kept = _visible(text)
    parts = _CHINESE_MARKS.split(kept)
    plain = "".join(part if i % 2 else unicodedata.normalize("NFKC", part) for i, part in enumerate(parts))
    plain = _HYPHENS.sub("-", _visible(plain))
    plain = _DOTS.sub("·", plain)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", plain).strip())


@_settled
def spelt_name(text: str) -> str:
    """The name of a person, unit, route or place: ``王　芳`` is 王芳, ``孟和・巴图`` is 孟和·巴图, ``Anna  Berg`` keeps a space."""
    plain = _STOP.sub("·", _PADDING.sub("", spelt(text)))
    if not re.search(f"[{_HAN}]", plain):
        return plain
    return _BRACKETS.sub(lambda found: "（" if found[1] in "(（" else "）", plain)


@_settled
def spelt_login(text: str) -> str:
    """A login name as it is stored and compared: spelt, lower case, without any space or control character."""
    return spelt(_CONTROL.sub("", text)).lower()


@_settled
def spelt_code(text: str) -> str:
    """A typed enrolment code as it was issued: capitals, without what separates its groups."""
    return _SEPARATORS.sub("", spelt(_CONTROL.sub("", text)).upper())


@_settled
def sought(text: str) -> str:
    """A name or a part of one to search by: spelt, lower case, and without spaces, hyphens and dots.

    Only for searching, where everything that is found is shown; nothing is decided by it.
    """
    return bare(spelt_name(_CONTROL.sub("", text)).lower())


def bare(text: str) -> str:
    """A spelt text without spaces, hyphens and dots."""
    return _SEPARATORS.sub("", text)


def _visible(text: str) -> str:
    """Without invisible characters, those excepted that spell Mongolian."""
    marks = {match.start() for match in _MONGOLIAN.finditer(text)}
    if not marks:
        return _INVISIBLE.sub("", text)
    return "".join(char for i, char in enumerate(text) if i in marks or not _INVISIBLE.match(char))
