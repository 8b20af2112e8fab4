"""Every duty in every status that it can have, worked by hand, and what a manager is told of it in both languages."""

import re
from collections import defaultdict
from datetime import datetime

import pytest

from tests.document_cases import DOCUMENT_CASES
from tests.ledger_cases import CASES as BELOW, Case
from tests.ledger_tables import duty
from tests.upper_cases import UPPER_CASES
from webapp.ledger import reasons
from webapp.ledger.rules import status
from webapp.rulebook.rules import load

CASES = [*BELOW, *UPPER_CASES, *DOCUMENT_CASES]
FRAME = {"article", "day", "period", "reading"}  # said of every line
OF_ALL = {"met", "due", "missed"}
# What else a duty's line can be. Where one record is all that is asked for, nothing is half done.
ELSE = {
    "receipt-sample": {"partial", "unknown", "not-applicable"},
    "return-audit": {"partial", "unknown", "not-applicable"},
    "registered-balance": {"unknown", "not-applicable"},
    "shortage-damage": {"partial", "not-applicable"},
    "advance-watch": {"partial", "unknown", "not-applicable"},
    "parcel-check": {"partial", "unknown", "not-applicable"},
    "letter-check-city": {"partial", "not-applicable"},
    "letter-check-rural": {"partial", "not-applicable"},
    "relay-register": {"partial", "not-applicable"},
    "relay-monthly": {"partial", "not-applicable"},
    "relay-city": {"partial", "not-applicable"},
    "relay-rural": {"partial", "not-applicable"},
    "relay-coverage": {"partial", "not-applicable"},
    "pre-shift-meeting": {"not-applicable"},
    "monthly-analysis": set(),
    "quality-meeting": set(),
    "relay-league-quarter": {"partial"},  # without a plan it is owed all the same
    # A document is under way once it is issued; one on relay points is owed only where there are some.
    **{one.code: {"partial"} for one in load().duties.values() if one.document},
    "relay-county-report": {"partial", "not-applicable"},
    # What covers units below is begun with the first of them, and asks for nothing where there is none.
    **{one.code: {"partial", "not-applicable"} for one in load().duties.values() if one.coverage},
}


def told(case: Case) -> list:
    return reasons.told(case.line, duty(case.duty), case.period, load(), case.now)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_line_stands_as_worked_out_and_says_why(case):
    assert status(case.line, case.now) == case.status
    assert [code for code, _ in told(case) if code not in FRAME] == case.said.split()


def test_every_duty_is_worked_in_every_status_that_it_can_have():
    found = defaultdict(set)
    for case in CASES:
        found[case.duty].add(case.status)
    assert found == {code: OF_ALL | more for code, more in ELSE.items()}
    assert ELSE.keys() == {one.code for one in load().duties.values() if one.kept or not one.upper}


def test_every_reason_is_given_by_a_line_worked_by_hand():
    given = {code for case in CASES for code, _ in told(case)}
    given |= {one.reason for case in CASES for one in case.line.covered}  # of each unit that is covered
    # No shipped duty asks to reach all units of a second population; test_upper_visits lets an edition ask it. What a league's
    # looks leave out is worked in test_upper_reviews.
    assert reasons._SENTENCES.keys() - given == {"spread-all", "short-header"}


WORDS = re.compile("给据(邮件)?|每次|调审|投递支局")  # of the articles, which a Reading interprets
NUMBERS = re.compile(r"\S+〔\d{4}〕\d+号")  # of documents: they have one name in both languages
CODES = re.compile(r"\d{4}-W\d\d|\d{4}-\d\d-\d\d|ISO|XLSX")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_said_is_whole_sentences_of_one_language(case):
    for text in reasons.explain(case.line, duty(case.duty), case.period, load(), case.now):
        assert re.search(r"[。]$", text.zh), text.zh
        assert re.search(r"[.]$", text.en), text.en
        assert not re.search(r"[A-Za-z{}\[\]]", CODES.sub("", text.zh)), text.zh
        assert not re.search(r"[\u4e00-\u9fff{}]", WORDS.sub("", NUMBERS.sub("", text.en))), text.en
        assert not re.search(r"None|-\d(?!\d)|  ", text.zh + text.en.replace("14.", "")), text
        unsaid = "不详" in text.zh or "not known" in text.en
        assert not unsaid or "期初" in text.zh or "年的节假日" in text.zh or "等于零" in text.zh, text


MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")


def _number(month: re.Match) -> str:
    return str(datetime.strptime(month[0], "%b").month)


def test_the_same_numbers_stand_in_both_languages():
    for case in CASES:
        for code, text in zip(
            [code for code, _ in told(case)],
            reasons.explain(case.line, duty(case.duty), case.period, load(), case.now),
            strict=True,
        ):
            if code not in ("article", "reading"):
                numbers = [re.findall(r"\d+", MONTH.sub(_number, said)) for said in (text.zh, text.en)]
                assert set(numbers[0]) == set(numbers[1]), (str(case), text)
