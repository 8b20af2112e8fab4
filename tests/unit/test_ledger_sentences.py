"""Every reason of a line can be said in both languages, and every sentence is one that some line gives."""

import re
from pathlib import Path
from string import Formatter

import pytest

from webapp.ledger import reasons
from webapp.rulebook.rules import load

ROOT = Path(reasons.__file__).parent
VALUES = {"classes": ["parcel"], "known": {"express": 3}, "source": "typed", "stratum": "local"}


@pytest.mark.parametrize("code", sorted(reasons._SENTENCES))
def test_a_reason_is_said_in_both_languages_with_the_same_values(code):
    zh, en = reasons._SENTENCES[code]
    names = {name for _, name, _, _ in Formatter().parse(zh) if name}
    assert names >= {name for _, name, _, _ in Formatter().parse(en) if name} - {"sessions"}
    said = reasons.sentence([code, {name: VALUES.get(name, 7) for name in names | {"sessions"}}], load())
    for text in (said.zh, said.en):
        assert text and not re.search(r"[{}]|不详|not known", text.replace("期初不详", "").replace("opening is not known", "").replace("are not known yet", ""))  # fmt: skip


def test_every_sentence_is_given_somewhere():
    source = "".join(p.read_text(encoding="utf-8") for p in ROOT.glob("*.py") if p.name != "reasons.py")
    said = (ROOT / "reasons.py").read_text(encoding="utf-8").partition("_NOT_KNOWN")[2]
    faults = {f"not-counted-{fault}" for fault in ("early", "late", "unit", "role")}
    unused = {code for code in reasons._SENTENCES if f'"{code}"' not in source + said} - faults
    assert not unused
