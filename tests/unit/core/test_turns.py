"""Who may write next: first come first served, no process shut out, nobody keeps the turn."""

import threading
import time

import pytest
from sqlalchemy import create_engine

from webapp.core.turns import STALL, Gate, NoTurn, Turn, limit_writers, turn_of

LONG = 30  # seconds


@pytest.fixture
def database(tmp_path):
    return tmp_path / "toucha.sqlite"


class Writer(threading.Thread):
    """Takes the turn once; ``done`` gets its name when it has it."""

    def __init__(self, turn: Turn, name: str, done: list[str], seconds: float = LONG):
        super().__init__(daemon=True)
        self.turn, self.label, self.done, self.seconds, self.error = turn, name, done, seconds, None
        self.start()

    def run(self) -> None:
        """One turn."""
        try:
            with self.turn.held(self.seconds):
                self.done.append(self.label)
        except NoTurn as error:
            self.error = error


def waiting(turn: Turn, count: int) -> None:
    """Until so many threads queue."""
    deadline = time.monotonic() + LONG
    while turn._gate.waiting < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_threads_come_in_the_order_in_which_they_asked(database):
    turn, done, writers = Turn(database), [], []
    with turn.held(LONG):
        for number in range(12):
            writers.append(Writer(turn, str(number), done))
            waiting(turn, number + 1)
        assert done == []
    for writer in writers:
        writer.join(LONG)
    assert done == [str(number) for number in range(12)]


def test_one_at_a_time(database):
    turns, inside, most = (Turn(database), Turn(database)), [], []

    def write(turn):
        for _ in range(30):
            with turn.held(LONG):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.0005)
                inside.pop()

    threads = [threading.Thread(target=write, args=(turns[n % 2],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(most) == 180 and set(most) == {1}


def test_who_waits_too_long_is_turned_away_and_holds_up_nobody(database):
    turn, done = Turn(database), []
    with turn.held(LONG):
        impatient = Writer(turn, "impatient", done, 0.05)
        waiting(turn, 1)
        patient = Writer(turn, "patient", done)
        impatient.join(LONG)
        assert isinstance(impatient.error, NoTurn) and not done
    patient.join(LONG)
    assert done == ["patient"]
    with turn.held(0):
        done.append("after")
    assert done[-1] == "after"


def test_another_process_is_waited_for_just_as_long(database):
    other, mine = Turn(database), Turn(database)
    with other.held(LONG):
        begin = time.monotonic()
        with pytest.raises(NoTurn), mine.held(0.1):
            pass
        assert 0.1 <= time.monotonic() - begin < LONG / 2
    with mine.held(0):
        pass


def test_an_error_gives_the_turn_back(database):
    turn, other = Turn(database), Turn(database)
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), turn.held(0):
            raise error
        with other.held(0), pytest.raises(NoTurn), turn.held(0):
            pass
    with turn.held(0):
        pass


def test_a_process_with_a_long_queue_does_not_shut_out_one_with_a_short_one(database):
    crowd, lone, taken, stop = Turn(database), Turn(database), [], threading.Event()

    def write():
        while not stop.is_set():
            with crowd.held(LONG):
                taken.append("crowd")
                time.sleep(0.005)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        with lone.held(LONG):
            taken.append("lone")
            time.sleep(0.005)
    stop.set()
    for thread in threads:
        thread.join(LONG)
    until = taken[: len(taken) - taken[::-1].index("lone")]
    assert until.count("lone") == 20 and until.count("crowd") < 80, until


def test_where_files_cannot_be_locked_the_process_queues_alone(tmp_path):
    turn, done = Turn(tmp_path / "nowhere" / "toucha.sqlite"), []
    with turn.held(LONG):
        writer = Writer(turn, "next", done)
        waiting(turn, 1)
        assert done == []
    writer.join(LONG)
    assert done == ["next"]


def test_in_memory_nobody_queues(tmp_path):
    engine = create_engine("sqlite://")
    with turn_of(engine, 0), turn_of(engine, 0):
        pass
    file = create_engine(f"sqlite:///{tmp_path / 'toucha.sqlite'}")
    with turn_of(file, 0), pytest.raises(NoTurn), turn_of(file, 0):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["toucha.sqlite-next", "toucha.sqlite-turn"]


def test_as_many_as_there_are_places_are_inside_together():
    gate, inside, most = Gate(3), [], []

    def write():
        for _ in range(20):
            with gate.held(LONG):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(most) == 160 and max(most) == 3


def test_while_nobody_comes_out_whoever_asks_is_turned_away_soon_and_then_at_once():
    gate = Gate(2, stall=0.3)
    with gate.held(0), gate.held(0):
        for expected in (0.3, 0):
            begin = time.monotonic()
            with pytest.raises(NoTurn), gate.held(LONG):
                pass
            assert expected - 0.05 <= time.monotonic() - begin < LONG / 2
    with gate.held(0), gate.held(0):
        pass


def test_whoever_waits_while_others_come_and_go_is_not_turned_away():
    gate, stop, done = Gate(1, stall=0.2), threading.Event(), []

    def write():
        while not stop.is_set():
            with gate.held(LONG):
                time.sleep(0.02)

    threads = [threading.Thread(target=write) for _ in range(12)]
    for thread in threads:
        thread.start()
    with gate.held(LONG):
        done.append("in")
    stop.set()
    for thread in threads:
        thread.join(LONG)
    assert done == ["in"]


def test_a_server_of_postgresql_has_as_many_places_as_its_settings_say():
    engine = create_engine("postgresql+psycopg:///nowhere")
    limit_writers(engine, 1)
    with turn_of(engine, 0):
        begin = time.monotonic()
        with pytest.raises(NoTurn), turn_of(engine, LONG):
            pass
        assert time.monotonic() - begin < STALL + LONG / 2
    with turn_of(engine, 0):
        pass
