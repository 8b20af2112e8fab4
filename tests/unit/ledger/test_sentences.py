"""Every reason of a line can be said in both languages; that each is given by some line: ``test_told.py``."""

import re
from string import Formatter

import pytest

from webapp.ledger import reasons
from webapp.rulebook.rules import load

VALUES = {
    "classes": ["parcel"], "known": {"express": 3}, "source": "typed", "stratum": "local", "what": "points"
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(reasons._SENTENCES))
def test_a_reason_is_said_in_both_languages_with_the_same_values(code):
    zh, en = reasons._SENTENCES[code]
    names = {name for _, name, _, _ in Formatter().parse(zh) if name}
    assert names >= {name for _, name, _, _ in Formatter().parse(en) if name} - {"sessions"}
    said = reasons.sentence([code, {name: VALUES.get(name, 7) for name in names | {"sessions"}}], load())
    for text in (said.zh, said.en):
        assert text and not re.search(r"[{}]|不详|not known", text.replace("期初不详", "").replace("opening is not known", "").replace("are not known yet", ""))  # fmt: skip
