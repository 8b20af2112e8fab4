"""The field app's own words and outlines, as the browser build hands them on: each is written once, in static/js."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from webapp.sync.picture.work import Subjects

FILE = "built/first-words.json"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Words:
    """Sentences of one language by their key: a text, or ``[of one, of several]``; ``icons``: {name: path}; what work is about."""

    language: str
    texts: Mapping[str, str | list[str]]
    icons: Mapping[str, str]
    subjects: Subjects

    def say(self, key: str, **values) -> str:
        """The sentence with its ``{places}`` filled, as ``t()`` of static/js/ui/language.js does; an unknown key is itself."""
        text = self.texts.get(key, key)
        if isinstance(text, list):
            text = text[0] if values.get("n") == 1 else text[1]
        return _PLACE.sub(lambda place: str(values.get(place[1], "")), text)

    def named(self, named: Mapping | None) -> str:
        """A name that comes in both languages."""
        return (named.get(self.language) or named.get("zh") or "") if named else ""

    def icon(self, name: str) -> str:
        """The path of an outline."""
        return self.icons.get(name) or self.icons["info"]


def read_words(static: Path) -> dict[str, Words]:
    """The words of each language; ``static``: the folder that was built."""
    built = json.loads((static / FILE).read_text())
    subjects = Subjects(built["subjects"])
    return {code: Words(code, texts, built["icons"], subjects) for code, texts in built["texts"].items()}
