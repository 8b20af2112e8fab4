"""Every sentence for a person is there in Chinese. The English sentence is the key, so English is always there."""

import re
from collections import defaultdict
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "webapp" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def sentences() -> dict[str, str]:
    """Each msgid in code and templates, and where it first stands."""
    with open(ROOT / "babel.cfg") as mapping:
        methods, options = parse_mapping_cfg(mapping, "babel.cfg")
    found = {}
    # Not silent: a template that cannot be parsed must not lose its sentences.
    options = {**options, "templates/**.html": {**options.get("templates/**.html", {}), "silent": "false"}}
    for folder in ("webapp", "templates"):
        for name, line, message, *_ in extract_from_dir(
            ROOT / folder, rooted(methods, folder), options, KEYWORDS, directory_filter=lambda path: True
        ):
            first = message[0] if isinstance(message, tuple) else message
            found.setdefault(first, f"{folder}/{name}:{line}")
    return found


def rooted(methods: list, folder: str) -> list:
    """The mapping as seen from inside ``folder``."""
    return [
        (pattern.removeprefix(f"{folder}/"), method)
        for pattern, method in methods
        if pattern.startswith(folder)
    ]


@pytest.fixture(scope="module")
def catalogue():
    with open(CATALOGUE, "rb") as file:
        return read_po(file, locale="zh", abort_invalid=True)


def test_every_sentence_has_its_chinese(catalogue):
    found = sentences()
    assert len(found) > 50, "the extraction found almost nothing: is babel.cfg right?"
    missing = {
        text: place
        for text, place in found.items()
        if not (catalogue.get(text) and catalogue.get(text).string)
    }
    assert not missing


def test_the_catalogue_holds_no_sentence_that_nobody_says(catalogue):
    said = set(sentences())
    ids = {one.id if isinstance(one.id, str) else one.id[0] for one in catalogue if one.id}
    assert not ids - said  # a merge by union brings back what a branch reworded


def test_a_translation_keeps_the_places_of_its_sentence(catalogue):
    wrong = defaultdict(list)
    for message in catalogue:
        if message.id and isinstance(message.id, str) and message.string:
            kept, wanted = (sorted(PLACE.findall(text)) for text in (message.string, message.id))
            if set(kept) != set(wanted):
                wrong[message.id].append(message.string)
    assert not wrong


def test_the_catalogue_is_not_fuzzy(catalogue):
    assert not catalogue.fuzzy  # pybabel compile would leave it out
    assert not [message.id for message in catalogue if message.id and message.fuzzy]


def test_a_sentence_in_a_template_is_found():
    page = BytesIO(b'<p>{{ _("Seal the list") }}</p>{% trans %}Two {{ n }}{% endtrans %}')
    assert [row[1] for row in extract("jinja2", page, KEYWORDS)] == ["Seal the list", "Two %(n)s"]
