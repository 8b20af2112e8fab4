"""Nothing that a phone accepted is ever lost: simulations of phones, people, a server and faults, each from its seed.

Tens of thousands: ``python3 run.py faults --runs N``. What they found is kept in test_found.py, free of seeds,
which mean something else with every new kind of fault.
"""

from collections import Counter

import pytest
from sqlalchemy import func, select

from tests.faults.phones import Phones
from tests.faults.server import Server
from tests.faults.simulation import Simulation
from webapp.cases.models import CaseMove
from webapp.journal.models import Fact, Refusal
from webapp.photos.models import PhotoRef
from webapp.photos.rules import CASE

RUNS, BLOCKS = 120, 4
ROUGH = ("lost-after", "twice", "late", "cut-answer", "crash-commit", "crash-file", "dies", "race")
LOST = Refusal.text.contains('"case-move"')
OF_TWO = (
    select(PhotoRef.fact_id)
    .where(PhotoRef.source == CASE)
    .group_by(PhotoRef.fact_id)
    .having(func.count() == 2)
)
BROUGHT = select(Fact.id).where(Fact.brought_by.is_not(None))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A server and phones that serve one run after the other."""
    server, phones = Server(tmp_path_factory.mktemp("faults")), Phones()
    yield server, phones
    phones.close()
    server.close()


@pytest.mark.parametrize("block", range(BLOCKS))
def test_whatever_happens_nothing_that_was_saved_is_lost(world, block):
    for seed in range(1 + block * RUNS // BLOCKS, 1 + (block + 1) * RUNS // BLOCKS):
        Simulation(*world, seed).run()


def test_good_days_bring_everything_in(world):
    """Hardly a fault: so that the others do not pass because nothing was ever saved."""
    arrived = []
    for seed in range(1, 6):
        run = Simulation(*world, seed, ())
        run.run()
        arrived += [claim for claim in run.oracle.claims.values() if run.oracle.arrived(claim)]
    assert len(arrived) >= 10
    assert sum(len(claim.photos) for claim in arrived) >= 5


def test_queues_that_come_as_files_in_between_are_taken_once(world):
    """Files of every second act: so that the others do not pass because no file ever held anything."""
    brought = 0
    for seed in range(1, 6):
        Simulation(*world, seed, often=("rescue",)).run()
        brought += world[0].read(lambda session: len(session.scalars(BROUGHT).all()))
    assert brought >= 3


def test_a_server_put_back_to_a_copy_gets_again_what_came_since(world):
    """Copies in every other act: so that the others do not pass because nothing was ever put back."""
    runs = [Simulation(*world, seed, often=("restore",)) for seed in range(1, 16)]
    for run in runs:
        run.run()
    assert sum("put back" in line for run in runs for line in run.log) >= 5


def test_of_two_moves_at_once_one_wins_and_the_other_is_kept_with_its_reason(world):
    """Races in every other act: so that the others do not pass because nobody ever did anything with a case."""
    won, lost = Counter(), Counter()
    for seed in range(1, 13):
        Simulation(*world, seed, (), ("case_race", "case_answer", "case_check")).run()
        won += world[0].read(lambda session: Counter(session.scalars(select(CaseMove.move))))
        lost += world[0].read(lambda session: Counter(session.scalars(select(Refusal.code).where(LOST))))
    assert won["answer"] >= 8 and won["close"] + won["return"] >= 4
    assert lost["case-moved"] >= 5


def test_an_answer_with_two_photos_comes_once_whatever_happens_to_it(world):
    """Over the worst lines; that each photo of it is there, and it alone, is what the oracle looks at."""
    answers = 0
    for seed in range(1, 9):
        Simulation(*world, seed, ROUGH, ("case_answer", "case_in_work")).run()
        answers += world[0].read(lambda session: len(session.scalars(OF_TWO).all()))
    assert answers >= 4


def test_the_same_seed_is_the_same_run(world):
    first, again = Simulation(*world, 11), Simulation(*world, 11)
    first.run()
    again.run()
    assert first.log == again.log
    assert first.trace.digest() == again.trace.digest()
