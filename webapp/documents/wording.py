"""Texts with references to figures: ``{{members.total.relay-county}}`` says what the figure says, until it is frozen at issue. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping

TOKEN = re.compile(r"\{\{\s*([^{}\s]{1,120})\s*\}\}")


def figures_in(text: str) -> list[str]:
    """The codes that a text refers to, in their order, each once."""
    return list(dict.fromkeys(TOKEN.findall(text)))


def unknown(texts: Mapping[str, str], known: Collection[str]) -> dict[str, list[str]]:
    """{section: codes that no figure has}; empty where every reference holds."""
    found = {
        section: [code for code in figures_in(text) if code not in known] for section, text in texts.items()
    }
    return {section: codes for section, codes in found.items() if codes}


def segments(text: str, said: Mapping[str, object]) -> list:
    """The text in pieces: plain texts, and ``[code, what the figure says]`` for each reference that is known."""
    pieces: list = []
    end = 0
    for match in TOKEN.finditer(text):
        if match[1] in said:
            pieces += [text[end : match.start()], [match[1], said[match[1]]]]
            end = match.end()
    return [one for one in (*pieces, text[end:]) if one != ""]


def whole(pieces: Iterable) -> str:
    """The text of pieces whose figures are said as texts."""
    return "".join(one if isinstance(one, str) else one[1] for one in pieces)
