"""The harness itself: a fresh database for each test, on both dialects."""

import socket

import pytest
from sqlalchemy import func, select

from tests.cast import PEOPLE, build_in, read
from webapp.org.models import Person


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_begins_with_an_empty_database(app, turn):
    def count(session):
        return session.scalar(select(func.count()).select_from(Person))

    assert read(app, count) == 0
    build_in(app)
    assert read(app, count) == len(PEOPLE)


def test_no_test_can_call_the_outside_world():
    with socket.socket() as outside, pytest.raises(RuntimeError, match="only loopback"):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(RuntimeError, match="only this machine"):
        socket.getaddrinfo("example.org", 80)
