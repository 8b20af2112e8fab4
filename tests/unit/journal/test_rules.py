"""Which fact of a chain is in force, when one is held back, and how the journal is chained: values in, values out."""

import hashlib
from datetime import date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings, strategies as st

from tests.desk_records import envelope, inspection, parcels
from webapp.core.clock import LOCAL
from webapp.journal.rules import (
    GENESIS,
    Link,
    clock_hold,
    fact_digest,
    personal_hash,
    role_hold,
    row_hash,
    states,
)
from webapp.org.rules import ROLE_GRACE
from webapp.recording.schemas import read
from webapp.rulebook.rules import load

# the chain, as (id, amends, flags: h held, w withdrawn); the state of each, in the same order
CHAINS = [
    ("alone", [("1", None, "")], ["in-force"]),
    ("alone and withdrawn", [("1", None, "w")], ["withdrawn"]),
    ("alone and held", [("1", None, "h")], ["held"]),
    ("held and withdrawn", [("1", None, "hw")], ["withdrawn"]),
    ("amended", [("1", None, ""), ("2", "1", "")], ["superseded", "in-force"]),
    ("the amendment is withdrawn", [("1", None, ""), ("2", "1", "w")], ["in-force", "withdrawn"]),
    ("the amended one is withdrawn", [("1", None, "w"), ("2", "1", "")], ["withdrawn", "in-force"]),
    ("both are withdrawn", [("1", None, "w"), ("2", "1", "w")], ["withdrawn", "withdrawn"]),
    ("the amendment is held", [("1", None, ""), ("2", "1", "h")], ["in-force", "held"]),
    ("the amended one is held", [("1", None, "h"), ("2", "1", "")], ["held", "in-force"]),
    ("two amendments of one", [("1", None, ""), ("2", "1", ""), ("3", "1", "")], ["superseded", "superseded", "in-force"]),
    ("the greater is withdrawn", [("1", None, ""), ("2", "1", ""), ("3", "1", "w")], ["superseded", "in-force", "withdrawn"]),
    ("the greater is held", [("1", None, ""), ("2", "1", ""), ("3", "1", "h")], ["superseded", "in-force", "held"]),
    ("an amendment of an amendment", [("1", None, ""), ("2", "1", ""), ("3", "2", "")], ["superseded", "superseded", "in-force"]),
    ("its last is withdrawn", [("1", None, ""), ("2", "1", ""), ("3", "2", "w")], ["superseded", "in-force", "withdrawn"]),
    ("its middle is withdrawn", [("1", None, ""), ("2", "1", "w"), ("3", "2", "")], ["superseded", "withdrawn", "in-force"]),
    ("the older branch goes deeper", [("1", None, ""), ("2", "1", ""), ("9", "2", ""), ("3", "1", "")], ["superseded"] * 3 + ["in-force"]),
    ("an amendment may have the smaller number", [("5", None, ""), ("2", "5", "")], ["superseded", "in-force"]),
]  # fmt: skip


def links(chain) -> list[Link]:
    return [Link(one, amends, "h" in flags, "w" in flags) for one, amends, flags in chain]


@pytest.mark.parametrize(("name", "chain", "expected"), CHAINS)
def test_which_of_a_chain_is_in_force(name, chain, expected):
    for order in permutations(links(chain)):
        found = states(order)
        assert [found[one] for one, _, _ in chain] == expected, name


@settings(max_examples=200, derandomize=True, database=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.booleans(), st.booleans()), min_size=1, max_size=8))
def test_at_most_one_is_in_force_and_one_is_unless_all_are_out(rows):
    chain = [
        Link(f"{n}", f"{parent % n}" if n else None, held, withdrawn)
        for n, (parent, held, withdrawn) in enumerate(rows)
    ]
    found = list(states(chain).values())
    standing = [link for link in chain if not link.held and not link.withdrawn]
    assert found.count("in-force") == (1 if standing else 0)
    assert found.count("withdrawn") == sum(link.withdrawn for link in chain)
    assert states(reversed(chain)) == states(chain)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


NOON = at("2026-11-20T12:00")
# the day that the phone says; begun at, by the phone; the server's time minus the phone's; held?
CLOCKS = [
    ("2026-11-20", "2026-11-20T11:00", 0, None),
    ("2026-11-19", "2026-11-19T11:00", 0, None),  # late is not wrong
    ("2026-11-21", None, 0, "clock"),  # tomorrow
    ("2026-11-21", None, None, "clock"),
    ("2026-11-20", None, 9 * 3600, None),  # nothing says when it was begun
    ("2026-11-20", "2026-11-20T11:00", None, None),
    ("2026-11-20", "2026-11-20T11:00", 3600, None),  # an hour slow, the same day
    ("2026-11-19", "2026-11-19T23:30", 3600, "clock"),  # an hour slow: it was the 20th
    ("2026-11-20", "2026-11-20T00:30", -3600, "clock"),  # an hour fast: it was the 19th
    ("2026-11-19", "2026-11-19T23:59:30", 59, None),  # a minute is the network's
    ("2026-11-19", "2026-11-19T23:59:30", 60, "clock"),
    ("2026-11-19", "2026-11-19T12:00", 86400, "clock"),  # a day slow
    ("2026-11-19", "2026-11-19T12:00", -86400, "clock"),
]


@pytest.mark.parametrize(("day", "started", "skew", "held"), CLOCKS)
def test_a_wrong_clock_holds_a_fact_back_only_where_it_would_change_the_date(day, started, skew, held):
    found = clock_hold(
        date.fromisoformat(day),
        at(started) if started else None,
        NOON,
        None if skew is None else timedelta(seconds=skew),
    )
    assert found == held


def test_the_moment_that_gave_the_date_is_judged_not_the_beginning():
    """A phone a quarter of an hour slow, begun at 23:40 and saved at 23:50: it was the next day already."""
    night = {"date": "2026-11-19", "started": "2026-11-19T23:40:00+08:00"}
    slow = timedelta(minutes=15)
    for more, made, held in (
        ({"ended": "2026-11-19T23:50:00+08:00"}, "2026-11-19T23:50", "clock"),
        ({}, "2026-11-19T23:40", None),
    ):
        fact = read(envelope(inspection(parcels(2), **night, **more)), load(), 64 * 1024)
        assert fact.made == at(made)
        assert clock_hold(fact.date, fact.made, NOON, slow) == held


def test_the_date_is_that_of_inner_mongolia_wherever_the_server_stands():
    late_evening = datetime.fromisoformat("2026-11-19T17:00:00+00:00")  # 01:00 on the 20th
    assert clock_hold(date(2026, 11, 20), None, late_evening, None) is None
    assert clock_hold(date(2026, 11, 21), None, late_evening, None) == "clock"


@pytest.mark.parametrize(
    ("last_day", "held"),
    [(None, None), (date(2026, 12, 31), None), (date(2026, 10, 21), None), (date(2026, 10, 20), "role")],
)
def test_work_of_a_role_is_taken_up_to_thirty_days_after_it_ended(last_day, held):
    assert role_hold(last_day, NOON, ROLE_GRACE) == held


def test_a_digest_is_worked_out_as_the_contract_says():
    inner = hashlib.sha256(b"00ff" + "备注".encode()).digest()
    assert personal_hash("00ff", "备注") == inner.hex()
    assert fact_digest("{}", inner.hex()) == hashlib.sha256(b"{}" + inner).hexdigest()


def test_every_part_of_a_journal_row_enters_its_hash():
    row = (GENESIS, "152502002", 1, "inspection", "d" * 64)
    others = ("1" * 64, "152502003", 2, "capture", "e" * 64)
    hashes = {row_hash(*row[:n], other, *row[n + 1 :]) for n, other in enumerate(others)}
    assert len(hashes | {row_hash(*row)}) == 6
