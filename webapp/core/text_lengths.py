"""How long a text is, in characters as a person sees them: 𠮷, 👍🏽, 👨‍👩‍👧 and a Mongolian letter with its selector are one each.

The rule is our own and small, so that every browser (static/js/domain/texts.js) and the server count alike whatever
Unicode they know of; tests/vectors/texts.json holds the two together. Pure.
"""

from unicodedata import category

from marshmallow import ValidationError, validate

BIG = 16  # code points: a heap of marks upon one letter counts as several, so that a column has an end
_JOINER = "\u200d"
# Skin tones, the tags of flags, joiners, the later parts of Korean syllables; with all marks they extend a character.
_EXTENDING = (
    ("\U0001f3fb", "\U0001f3ff"),
    ("\U000e0020", "\U000e007f"),
    ("\u200c", _JOINER),
    ("\u1160", "\u11ff"),
    ("\ud7b0", "\ud7fb"),
)


def characters(text: str) -> list[str]:
    """The characters as a person sees them, none torn."""
    found: list[str] = []
    for char in text:
        if found and _joins(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def length_of(text: str) -> int:
    """How many there are; never more than code points, never fewer than a sixteenth of them."""
    return sum(-(-len(one) // BIG) for one in characters(text))


def fits(text: str, most: int) -> bool:
    """Whether the text has at most ``most`` characters; most texts are short enough in any count."""
    return len(text) <= most or (len(text) <= most * BIG and length_of(text) <= most)


def is_blank(text: str) -> bool:
    """Whether nothing is to be seen of it."""
    return all(char.isspace() or category(char) in ("Zs", "Zl", "Zp", "Cc", "Cf") for char in text)


class Characters(validate.Validator):
    """marshmallow: at least ``min`` and at most ``max`` characters as a person sees them."""

    def __init__(self, max: int, min: int = 0, error: str | None = None):
        self.max, self.min, self.error = max, min, error

    def __call__(self, text: str) -> str:
        """The text itself; raises ``ValidationError``."""
        if len(text) < self.min or not fits(text, self.max):
            raise ValidationError(self.error or f"Length must be between {self.min} and {self.max}.")
        return text


def _joins(before: str, char: str) -> bool:
    last = before[-1]
    if last == "\r" and char == "\n":
        return True
    if category(last) == "Cc":
        return False
    if category(char)[0] == "M" or any(low <= char <= high for low, high in _EXTENDING):
        return True
    if _is_region(char):
        return len(before) == 1 and _is_region(last)
    return last == _JOINER and _is_symbol(before[0]) and _is_symbol(char)


def _is_symbol(char: str) -> bool:
    return category(char) in ("So", "Sm")


def _is_region(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
