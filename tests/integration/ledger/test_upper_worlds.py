"""Whatever counties, leagues and the region did, and whatever became of the units below: stored equals rebuilt.

``TOUCHA_EXAMPLES=500 pytest tests/integration/ledger/test_upper_worlds.py`` plays as many new histories.
"""

import os

from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import delete

from tests.cast import build_in
from tests.upper_histories import REVIEWS, STEPS, Region, UpperHistory
from webapp.campaigns.rules import OPS
from webapp.core.database import db, transaction

MORE = int(os.environ.get("TOUCHA_EXAMPLES", "0"))


def histories(count: int):
    """The same ``count`` examples each time, or as many new ones as were asked for."""
    return settings(
        max_examples=MORE or count,
        derandomize=not MORE,
        database=None,
        deadline=None,
        phases=(
            Phase.explicit,
            Phase.generate,
        ),  # each step asks for ten ledgers: making one smaller takes too long
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def fresh(app) -> Region:
    """The cast's region without any past, in the app's one database."""
    with app.app_context(), transaction() as session:
        for table in reversed(db.metadata.sorted_tables):
            session.execute(delete(table))
    return Region(app, build_in(app))


@histories(4)
@given(steps=STEPS)
def test_after_every_step_the_lines_above_are_what_the_facts_give(app, steps):
    history = UpperHistory(fresh(app))
    for step in steps:
        history.play(step)
        assert history.office.above_faults(history.now) == [], (step, history.outcomes)
    history.play(("days", 6))
    assert history.office.faults(history.now) == [], history.outcomes


def test_histories_hold_more_than_refusals(sqlite_app):
    """The generator is worth something: of each kind of record and of change some are taken."""
    history = UpperHistory(fresh(sqlite_app))
    story = [
        ("letter", 0, 3, 0), ("letter", 1, 3, 1), *(("record", kind, who, where, 4, 0) for kind in range(6) for who, where in ((0, 0), (2, 2), (3, 3))),
        ("days", 6), *(("record", kind, who, where, 3, 1) for kind, who, where in ((6, 0, 0), (6, 2, 0), (7, 0, 0), (7, 2, 0), (7, 3, 0), (8, 3, 0), (9, 3, 0))),
        ("days", 1), *(("record", kind, who, where, 3, 1) for kind, who, where in ((6, 0, 0), (6, 2, 0), (7, 0, 0), (7, 2, 0), (7, 3, 0), (8, 3, 0), (9, 3, 0))),
        ("amend", 2, 0, 2, 0), ("withdraw", 1), ("setting", 0, 1, 1), ("service", 1, 1, 1), ("close", 2, 5), ("reopen", 2, 0),
        ("open", 0, 2, 1), ("bureau", 1, 0), ("point", 0, 0, 1), ("point", 1, 1, 0), ("holiday", 0, 1, 0), ("edition", 0, 1), ("role", 0, 1),
        ("plan", 2, 1, 2), ("called", 1, 2, 2), ("called", 2, 0, 2), ("plan", 2, 3, 1), ("called", 1, 2, 3), ("plan", 3, 1, 0), ("plan", 4, 0, 4), ("plan", 6, 0, 0), ("plan", 5, 1, 0),
        ("close", 0, 3), ("days", 3), ("close_county", 1, 2),
    ]  # fmt: skip
    for step in story:
        history.play(step)
        assert history.office.above_faults(history.now) == [], (step, history.outcomes)
    taken = {one.open["kind"] for one in history.sent}
    assert taken >= {"dept-visit", "parcel", "letter-follow", "relay", "letter", "unit-analysis", *REVIEWS}, (
        history.outcomes
    )
    planned = {said for said in history.outcomes if said.startswith("plan ")}
    assert {f"plan {op}" for op in OPS} <= planned, history.outcomes
    refused = [said for said in history.outcomes if said not in ("stored", "done", *planned)]
    assert len(refused) < len(history.outcomes) // 3, refused
