"""A line's status is said in the same words on the desk, over the interface, and on the phone."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from webapp.ledger.reasons import WORDS
from webapp.ledger.rules import STATUSES
from webapp.web.labels import STATUS

ROOT = Path(__file__).parents[3]
MESSAGES = ROOT / "static" / "js" / "messages"


@pytest.fixture(scope="module")
def chinese() -> dict:
    with open(ROOT / "webapp" / "translations" / "zh" / "LC_MESSAGES" / "messages.po", "rb") as file:
        return {message.id: message.string for message in read_po(file)}


def phone(language: str) -> dict:
    text = (MESSAGES / f"{language}.js").read_text(encoding="utf-8")
    return dict(re.findall(r"^  '(duty\.[^']+)': '([^']*)',$", text, re.MULTILINE))


def test_every_status_has_a_word_everywhere():
    assert set(STATUS) == set(WORDS) == set(STATUSES)


@pytest.mark.parametrize("code", STATUSES)
def test_the_desk_says_a_status_as_the_interface_does(code, chinese):
    english = STATUS[code]._args[0]  # the message's id: the English words
    assert english.lower() == WORDS[code].en
    assert chinese[english] == WORDS[code].zh


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["met", "not-applicable"])
def test_the_phone_says_a_status_as_the_desk_does(code, language):
    said = WORDS[code].in_(language)
    assert said in phone(language)[f"duty.{code}"].lower()
