"""The promise broken on purpose, one safeguard at a time: each time the simulation must find it.

Nothing of this is a switch in the product: modules are changed as they are loaded, functions while a test runs.
"""

import inspect
import re
import sqlite3
from contextlib import ExitStack, contextmanager
from unittest import mock

import pytest
from sqlalchemy import event

import webapp
from tests.faults.phones import Phones
from tests.faults.server import Server
from tests.faults.simulation import Failure, Simulation
from webapp.cases import moving, parties
from webapp.core.database import watch_engine
from webapp.photos import keeping
from webapp.recording import entries, operations
from webapp.recording.facts import case_move
from webapp.rulebook.case_rules import CaseType

SEEDS = 60  # within so many runs each broken safeguard must show


@contextmanager
def without(function, before: str, after: str):
    """The function with one text of its source replaced, for everybody who holds it."""
    source, honest, made = inspect.getsource(function), function.__code__, {}
    assert before in source, f"{function.__name__} does not say: {before}"
    exec(compile(source.replace(before, after), honest.co_filename, "exec"), dict(function.__globals__), made)
    function.__code__ = made[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = honest


def notice(
    tmp_path, what: str, fates: tuple[str, ...], mutation: dict | None = None, often=(), prepare=None
) -> None:
    """Run until one fails and says ``what`` (a pattern); the test fails if none does."""
    with ExitStack() as stack:
        server = Server(tmp_path)
        stack.callback(server.close)
        phones = Phones(mutation)
        stack.callback(phones.close)
        if prepare:
            prepare(server)
        for seed in range(1, SEEDS + 1):
            try:
                Simulation(server, phones, seed, fates, often).run()
            except Failure as failure:
                if re.search(what, str(failure).partition("The plan:")[0]):
                    print(f"noticed by seed {seed}")
                    return
    pytest.fail(f"nobody noticed in {SEEDS} runs")


def test_saved_is_said_before_the_transaction_is_done(tmp_path):
    change = {"file": "store/schema.js", "before": "    await tx.done;\n", "after": ""}
    notice(tmp_path, "neither on the server nor|lost the|forgot an answer", (), change)


def test_two_tabs_drain_at_once(tmp_path):
    before = "if (!this.locks) return"
    change = {"file": "sync/engine.js", "before": before, "after": "if (this.store) return"}
    notice(tmp_path, "two tabs of p. send at once", ("late", "silence-after"), change, ("two_tabs",))


def test_a_photo_is_taken_without_comparing_its_digest(tmp_path):
    with without(keeping.read, " or hashlib.sha256(data).hexdigest() != digest", ""):
        notice(tmp_path, "photo .* is damaged", ("flip",), often=("visit",))


def test_a_record_is_taken_without_comparing_its_digest(tmp_path):
    with without(
        entries.texts, "if fact_digest(open_text, personal_hash(salt, personal)) != digest", "if False"
    ):
        notice(tmp_path, "not what its digest says", ("flip",))


def test_a_refused_record_leaves_half_of_itself(tmp_path):
    with (
        mock.patch.object(operations, "nullcontext", ExitStack, create=True),
        without(operations.record, "session.begin_nested()", "nullcontext()"),
    ):
        notice(tmp_path, "stands in the journals of \\[\\]", (), often=("register", "volume"))


def test_the_database_lets_the_same_record_in_twice(tmp_path):
    def lax(engine):
        watch_engine(engine)
        event.listen(
            engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF").close()
        )

    with mock.patch.object(webapp, "watch_engine", lax):
        notice(
            tmp_path,
            "on the server 2 times",
            ("race",),
            prepare=lambda server: without_keys(server.template),
        )


MOVES = ("case_race", "case_answer", "case_check")


def test_two_moves_win_where_the_state_is_not_looked_at(tmp_path):
    anything = mock.patch.object(CaseType, "moves_from", lambda self, state: tuple(self.moves.values()))
    looked = "if here.standing.state not in move.start or not here.open_to(move):"
    with anything, without(moving.allowed, looked, "if False:"):
        notice(tmp_path, "won from", (), often=MOVES)


def test_who_answered_looks_again(tmp_path):
    with without(parties.may, "and not not_as & set(move.never)", ""):
        notice(tmp_path, "looked again at the own answer", (), often=MOVES)


def test_a_move_forgets_its_photos(tmp_path):
    with without(case_move.apply, "photos.items()", "()"):
        notice(tmp_path, "is unfolded wrongly", (), often=MOVES)


# More of what the promise stands on, each a line of the phone's code.
LINES = {
    "a photo that is gone is passed over in silence": (
        "sync/photos.js",
        "if (!photo) return settle(store, name, {code: 'photo-lost'});",
        "if (!photo) return confirm(store, name, {sha256: name, state: 'stored'});",
        "says all is in, but|neither on the server nor reported",
        ("lost-before", "silence-before"),
        ("spoil", "visit"),
    ),
    "nobody tells the server that a photo is gone": (
        "sync/push.js",
        "...(lost.length ? {lost} : {}),",
        "",
        "the server never heard that photo",
        ("lost-before", "silence-before"),
        ("spoil", "visit"),
    ),
    "the phone does not say whose queue it sends": (
        "sync/wire.js",
        "{...request.headers, 'X-Toucha-Person': this.personId}",
        "{...request.headers}",
        "is on the server 1 times, by|two tabs",
        ("silence-after",),
        ("swap", "two_tabs"),
    ),
    "all is said to be in while photos wait": (
        "domain/status.js",
        "records.filter(waits);",
        "records.filter((record) => record.due === 'fact');",
        "says all is in, but",
        ("lost-before", "gateway-before"),
        (),
    ),
    "a proxy's refusal is taken for the server's": (
        "sync/photos.js",
        "code?.startsWith('photo-')",
        "!code ? {code: 'server-error'} : code",
        "neither on the server nor reported",
        ("turned-away",),
        (),
    ),
    "a record damaged on the way is called refused": (
        "sync/push.js",
        "if (await wasDamaged(result, batch)) continue;",
        "",
        "refused, and the server has it",
        ("flip", "cut-answer"),
        (),
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_phone_is_changed(tmp_path, line):
    file, before, after, what, fates, often = LINES[line]
    notice(tmp_path, what, fates, {"file": file, "before": before, "after": after}, often)


def without_keys(file) -> None:
    """The tables that hold a fact under its id, without the constraint that there is one of it."""
    connection = sqlite3.connect(file)
    for table in ("facts", "inspections", "items", "photo_refs", "problems"):
        connection.executescript(
            f"CREATE TABLE lax AS SELECT * FROM {table}; DROP TABLE {table}; ALTER TABLE lax RENAME TO {table};"
        )
    connection.close()


def test_a_phone_does_not_hear_that_the_server_is_an_older_copy(tmp_path):
    before = "const units = rewound.filter((unit) => typeof unit === 'string');"
    change = {"file": "sync/push.js", "before": before, "after": "const units = [];"}
    notice(tmp_path, "saved and is neither on the server nor", (), change, ("restore",))


def test_a_phone_forgets_below_which_row_its_records_stood(tmp_path):
    """Then a page that pulls from the restored server before it sends notices nothing."""
    change = {"file": "sync/push.js", "before": "    confirmed: await store.confirmed(),\n", "after": ""}
    notice(tmp_path, "saved and is neither on the server nor", (), change, ("restore",))
