"""The phone accepts only what its server accepts: the phone's own code and the server's answer the same questions.

The cases are generated, always the same ones; every kind of the shipped rulebook is among them.
"""

import json
import random
from datetime import date, timedelta

import pytest

from tests.ledger_tables import MON, WEEK, check, duty
from tests.twin import phone
from webapp.core.ids import new_id
from webapp.core.text_lengths import is_blank, length_of
from webapp.inspections.form_heads import header_faults, read_header
from webapp.journal.rules import fact_digest, personal_hash
from webapp.ledger.rules import Checked, Inputs, fold
from webapp.recording.schemas import read
from webapp.rulebook.rules import METHODS, load, period_of
from webapp.sampling.rules import read_number
from webapp.sync.forms import rules_of_forms

TODAY = date(2026, 11, 20)
BOOK = load()
KINDS = {kind["code"]: kind for kind in rules_of_forms(BOOK, ())["kinds"]}
PIECES = [
    "𠮷", "👍", "👍🏽", "👨‍👩‍👧", "ᠮᠣᠩ", "ᠭ᠌", "é", "e\u0301", "a", "Z", "7", "号", "楼", " ", "\u3000", "\u200b", "\ufeff", "\u00a0",
    "\x1c", "\x85", "\n", "\r\n", "\t", "-", "—", "·", "ｒ", "\u180e", "🇨🇳", "\u202e", "﷽", "ﬃ", "Ω", "ß", "ŉ", "\x00", "\ud83d", "①", "㍿",
    ",", "，", "；",
]  # fmt: skip


def text(dice: random.Random, most: int = 12) -> str:
    return "".join(dice.choice(PIECES) for _ in range(dice.randrange(most)))


def exactly(dice: random.Random, count: int) -> str:
    """So many characters as a person sees them, at the limit or one beyond."""
    return dice.choice(["𠮷", "👨‍👩‍👧", "楼", "👍🏽"]) * count


def photo(dice: random.Random) -> dict:
    return {"sha256": dice.randbytes(32).hex(), "size": dice.randrange(1, 300_000), "type": "image/jpeg"}


def an_item(dice: random.Random, kind: dict, number: int) -> dict:
    """Mostly answered, sometimes half, never by a rule of the phone."""
    criteria = [one["code"] for one in kind["criteria"]]
    told = dice.random() < 0.85
    answers = {code: dice.choice(["pass", "na", "fail"]) for code in criteria if dice.random() < 0.3}
    answers |= {"of-an-older-edition": "fail"} if dice.random() < 0.03 else {}
    position = {"latitude": 43.9, "longitude": 116.1, "accuracy": 12}
    photos = [photo(dice) for _ in range(dice.choice([0, 1, 1, 2, 13]))]
    groups = [one["code"] for one in kind["groups"]]
    subject = {
        "none": "-", "point": new_id(), "record": new_id(), "letter": f"local-{number}",
        "unit": "D2" if number == 0 and kind["subject"] == "unit" and dice.random() < 0.2 else "D1",
    }.get(kind["subject"])  # fmt: skip
    classes = kind["classes"] or ["parcel"]
    return {
        "subject": subject or f"98765432{number:05}",
        "class": dice.choice([*classes, *classes, None]),
        "verdict": dice.choice(["pass", "fail", None]) if not told else "fail" if answers else "pass",
        "answers": answers if dice.random() < 0.4 else {},
        "none": [one for one in [*groups, "of-an-older-edition"] if groups and dice.random() < 0.2],
        "photos": photos,
        "note": dice.choice(["", text(dice), exactly(dice, 500), exactly(dice, 501)]),
        "position": dice.choice([position, position, {"reason": "no-signal"}, None]),
        "warning": dice.choice([None, None, "strange", "check-digit", "repeat"]),
        "captures": [new_id()] if dice.random() < 0.1 else [],
        "stratum": dice.choice([*[one["code"] for one in kind["strata"]], None]),
        "tag": dice.choice([None, "3号楼", text(dice), exactly(dice, 40), exactly(dice, 41)]),
        "route": dice.choice([None, new_id()]),
    }  # fmt: skip


def value_of(dice: random.Random, field: dict) -> object:
    counts = [0, 1, 7, 10_000_000, 10_000_001, None]
    fill = {
        "count": lambda: dice.choice(counts),
        "money": lambda: dice.choice(counts),
        "choice": lambda: dice.choice([*[one["code"] for one in field.get("options", [])], "gone"]),
        "people": lambda: [new_id() for _ in range(dice.randrange(3))],
        "list": list,
        "numbers": list,
        "problems": lambda: [f"{new_id()}/0"],
        "settled": lambda: [f"{new_id()}/{dice.randrange(200)}"],
        "text": lambda: dice.choice([text(dice), "补盖日戳", exactly(dice, 500), exactly(dice, 501)]),
        "route": lambda: dice.choice([new_id(), new_id(), "一段", ""]),
        "signature": lambda: [
            f"{duty} {period} {digest}"
            for duty, period, digest in [
                ("letter-review", "2026-W46", "ab" * 32),
                ("relay-county", "2026-10", "-"),
                ("relay-county", "2026-10", "ab"),
                ("月报", "2026-10", "-"),
            ]
            if dice.random() < 0.4
        ],
    }
    return fill[field["type"]]()


def a_header(dice: random.Random, kind: dict, typed: dict) -> dict:
    found = {}
    for field in kind["fields"]:
        if dice.random() < 0.9:
            value = typed[field["type"]]() if field["type"] in typed else value_of(dice, field)
            found |= {} if value is None else {field["code"]: value}
    return found


def a_draft(dice: random.Random, kind: dict, typed: dict) -> dict:
    count = 1 if kind["subject"] in ("none", "unit") else dice.choice([1, 1, 2, 3, 0])
    about = TODAY + timedelta(days=dice.choice([0, 0, 0, -1, 1]))
    if kind["period"] and dice.random() < 0.9:
        about = period_of(kind["period"], about).first
    return {
        "id": new_id(), "kind": kind["code"], "unit": "D1", "acting": "D1",
        "about": about.isoformat() if dice.random() < 0.95 else None,
        "method": dice.choice(kind["methods"] * 4 + list(METHODS)),
        "started": f"{TODAY}T09:00:00.000+08:00", "header": a_header(dice, kind, typed),
        "items": [an_item(dice, kind, number) for number in range(count)],
    }  # fmt: skip


def typed_lists(dice: random.Random, count: int) -> dict[str, list]:
    """What the phone reads out of ``count`` pasted texts each: its own reading stands between keys and draft."""
    texts = ["\n".join(dice.choice([text(dice), exactly(dice, 200), exactly(dice, 201), f"RR 47312{n} 829-CN"]) for n in range(dice.randrange(4))) for _ in range(count)]  # fmt: skip
    return {
        "list": phone([{"ask": "lines", "text": one} for one in texts]),
        "numbers": phone([{"ask": "numbers", "text": one} for one in texts]),
    }


def envelope(content: dict) -> dict:
    said = [
        json.dumps(part, ensure_ascii=False) if part else ""
        for part in (content["open"], content["personal"])
    ]
    salt = "ab" * 16
    return {
        "id": new_id(), "open": said[0], "personal": said[1], "salt": salt,
        "digest": fact_digest(said[0], personal_hash(salt, said[1])),
    }  # fmt: skip


@pytest.mark.parametrize("code", KINDS)
def test_what_the_phone_calls_complete_is_never_refused_for_its_form(code):
    dice, kind = random.Random(f"drafts {code}"), KINDS[code]
    lists = typed_lists(dice, 60)
    typed = {name: (lambda rows=rows: dice.choice(rows)) for name, rows in lists.items()}
    drafts = [a_draft(dice, kind, typed) for _ in range(700)]
    asked = [{"ask": "fact", "draft": draft, "kind": kind, "today": TODAY.isoformat()} for draft in drafts]
    complete = 0
    for answer in phone(asked):
        if answer["content"] is None:
            assert answer["lacks"]
            continue
        complete += 1
        entry = read(envelope(answer["content"]), BOOK, 100_000)
        assert entry.draft.kind == code
    assert complete >= 8, "nearly no draft was complete: the test proves nothing"


@pytest.mark.parametrize("code", [code for code, kind in KINDS.items() if kind["fields"]])
def test_the_phone_finds_in_a_head_what_the_server_would_refuse(code):
    """The other way round: a head that the phone does not let through is one that the server refuses, texts apart."""
    dice, kind = random.Random(f"heads {code}"), KINDS[code]
    fields = [one for one in kind["fields"] if one["type"] != "text"]
    heads = [
        {one["code"]: value for one in fields if (value := value_of(dice, one)) is not None}
        for _ in range(200)
    ]
    asked = [{"ask": "head", "header": head, "kind": {**kind, "fields": fields}} for head in heads]
    plain = [one for one in BOOK.kinds[code].fields if one.type != "text"]
    for head, answer in zip(heads, phone(asked), strict=True):
        refused = {name.removeprefix("header.") for name, _ in header_faults(head, plain)}
        assert set(answer["lacks"]) == refused, head


def test_both_add_up_a_balance_alike():
    dice, kind = random.Random("sums"), KINDS["balance"]
    codes = [*kind["sums"]["came"], *kind["sums"]["went"]]
    heads = [
        {code: dice.choice([0, 1, 5, 40, None]) for code in codes if dice.random() < 0.95} for _ in range(300)
    ]
    answers = phone([{"ask": "sum", "header": head, "sums": kind["sums"]} for head in heads])
    assert answers == [BOOK.kinds["balance"].difference(head) for head in heads]


def test_a_number_has_one_spelling_on_both_sides_whatever_was_typed():
    dice = random.Random("numbers")
    texts = [text(dice, 60) for _ in range(1500)] + [
        f"{text(dice, 3)}RR473124829CN{text(dice, 3)}" for _ in range(300)
    ]
    texts = [one for one in texts if "\ud83d" not in one]  # half a character is no text that arrives
    for one, answer in zip(texts, phone([{"ask": "number", "text": text} for text in texts]), strict=True):
        found = read_number(one)
        assert (found.text, found.form, found.warning) == (
            answer["number"],
            answer["form"],
            answer["warning"],
        ), one


def test_numbers_pasted_into_a_list_are_read_once_each_and_none_is_cut():
    pasted = "RR 473 124 829 CN\r\nｒｒ473124829ｃｎ,RR-473124829-CN\n\n" + "9" * 44 + "\n" + "9" * 45
    [found] = phone([{"ask": "numbers", "text": pasted}])
    assert found == ["RR473124829CN", "9" * 44, "9" * 45]
    kind = BOOK.kinds["balance"]
    fields = [one for one in kind.fields if one.type == "numbers"]
    as_typed = {fields[0].code: ["RR 473 124 829 CN", "ｒｒ473124829ｃｎ"]}
    assert not list(header_faults(as_typed, fields))  # of a phone of 0.1.0
    assert read_header(as_typed, fields) == {fields[0].code: ["RR473124829CN"]}
    assert list(header_faults({fields[0].code: ["9" * 41]}, fields))


def test_a_text_has_as_many_characters_on_both_sides_whatever_was_typed():
    dice = random.Random("texts")
    texts = [text(dice, 40) for _ in range(2000)]
    for one, answer in zip(texts, phone([{"ask": "text", "text": text} for text in texts]), strict=True):
        if "\ud83d" not in one:
            assert (length_of(one), is_blank(one)) == (answer["length"], answer["blank"]), repr(one)
        assert "\x00" not in answer["tidy"] and "\ud83d" not in answer["tidy"]


def a_week(dice: random.Random, code: str) -> list[tuple[date, list[dict]]]:
    """Checks of two or three days of a week, some short of a session, some sharing numbers or addresses."""
    found = []
    for _ in range(dice.randrange(1, 5)):
        day = MON + timedelta(days=dice.randrange(3))
        if code == "parcel-check":
            first = dice.choice([0, 5, 10, 20])
            items = [
                {"subject": f"P{n}", "class": "parcel"}
                for n in range(first, first + dice.choice([9, 20, 20, 31]))
            ]
        else:
            strata = [dice.choice(["nonlocal", "nonlocal", "local"]) for _ in range(dice.choice([4, 12, 16]))]
            items = [
                {"subject": f"{new_id()}", "stratum": one, "tag": dice.choice(["", *"abcdefghijkl"])}
                for one in strata
            ]
        found.append((day, items))
    return found


@pytest.mark.parametrize("code", ["parcel-check", "letter-check-city"])
def test_both_count_the_sessions_of_a_week_alike(code):
    dice, rule = random.Random(f"sessions {code}"), duty(code)
    kind = BOOK.kinds[rule.kinds[0]]
    weeks = [a_week(dice, code) for _ in range(250)]
    wire = {
        "kind": kind.code, "batch": rule.size, "strata": dict(rule.strata) or None, "pairs": rule.distinct_pair,
        "distinct": [one.code for one in kind.strata if one.distinct == "tag"],
    }  # fmt: skip
    asked = [
        {
            "ask": "sessions",
            "rule": wire,
            "records": [
                {"day": day.isoformat(), "kind": kind.code, "open": json.dumps({"items": items})}
                for day, items in week
            ],
        }
        for week in weeks
    ]
    for week, said in zip(weeks, phone(asked), strict=True):
        checks = tuple(
            check(day, tuple(Checked(i["subject"], i.get("class"), "pass", i.get("stratum"), i.get("tag") or None) for i in items))
            for day, items in week
        )  # fmt: skip
        line = fold(rule, WEEK, Inputs(checks=checks, kinds=(kind,)))
        assert min(said, rule.sessions) == line.done, week
