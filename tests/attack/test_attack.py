"""A short attack on both databases, and the harness held against answers that are broken; more by ``python3 run.py attack``."""

import json
import random
import re
import time
from contextlib import suppress

import pytest

from tests.attack import odd, pictures
from tests.attack.facts import Facts, enveloped
from tests.attack.siege import Siege, Tally
from tests.attack.wire import PATIENCE, Answer, Blow, fault
from tests.serving import flask
from webapp.core.problems import Problem
from webapp.recording.schemas import read
from webapp.rulebook.rules import load

REQUESTS, MOST_SECONDS, MOST_MEMORY = 300, 120, 400


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_whatever_is_sent_a_server_answers_in_few_words_and_stays_whole(dialect, request, tmp_path):
    more = {}
    data = tmp_path / "data"
    if dialect == "sqlite":
        data = request.getfixturevalue("demo_template").copy(tmp_path)
    else:
        server, data = request.getfixturevalue("postgres_server"), tmp_path / "data"
        server.create("attack")
        more["DATABASE_URL"] = server.url("attack").replace("postgresql+psycopg://", "postgresql://")
        data.mkdir()
        flask(data, "demo", "--thin", **more)
    tally = Tally()
    Siege(data, 1, tally, tmp_path, **more).run(REQUESTS, time.monotonic() + MOST_SECONDS)
    assert tally.broken == []
    assert tally.requests > REQUESTS / 3 and 0 < tally.memory < MOST_MEMORY
    assert re.fullmatch(
        r"attack: \d+ requests, 0 broken, worst \d+\.\d s, \d+ MB, answer \d+ kB", tally.line()
    ), tally.line()


def api(status: int, body: object, **headers: str) -> Answer:
    return Answer(status, {"Content-Type": "application/json", **headers}, json.dumps(body).encode(), 0.1)


@pytest.mark.parametrize(
    "answer",
    [
        api(500, {}), api(503, {}), api(422, {"errors": []}), Answer(0, {}, b"", 0.1), Answer(200, {}, b"", PATIENCE),
        Answer(200, {}, b"<pre>Traceback (most recent call last):", 0.1),
    ],
)  # fmt: skip
def test_a_broken_answer_is_seen(answer):
    assert fault(Blow("push", "POST", "/api/sync/push", b"{}"), answer)


def test_an_answer_as_promised_is_none():
    whole = {"code": "x", "message": "x", "fields": {}}
    for answer in (api(200, []), api(413, whole), api(503, whole, **{"Retry-After": "5"})):
        assert fault(Blow("push", "POST", "/api/sync/push", b"{}"), answer) is None
    assert fault(Blow("push", "POST", "/api/sync/push", b"x" * 200_000), Answer(0, {}, b"", 0.1)) is None


def test_what_is_sent_is_often_right_so_that_it_comes_far():
    """An attack of nothing but noise would be stopped at the first look."""
    facts, good = Facts(random.Random(1), "2026-11-20"), 0
    for _ in range(100):
        with suppress(Problem):  # some kinds ask for more in their head than is made up here
            read(enveloped(*facts.record()), load(), 64 * 1024)
            good += 1
    assert good > 60
    chance = random.Random(2)
    assert sum(odd.changed({"a": [1, {"b": "c"}]}, chance) != {"a": [1, {"b": "c"}]} for _ in range(100)) > 80
    assert len({pictures.put(random.Random(n)).body for n in range(60)}) > 50
