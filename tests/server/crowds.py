"""Several phones at once, each sending record after record and photo after photo until it is told to stop."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.server.phones import BROKEN, PATIENCE, Phone, check_of, shot

PAUSE = (
    0.03  # seconds between two requests of a phone: leaves the machine some time for whoever kills and copies
)
_number = itertools.count(1)


class Crowd:
    """Phones that push checks of two photos each, and send what is not acknowledged again and again."""

    def __init__(self, phones: list[Phone]):
        self.phones = phones
        self.answers: Counter = (
            Counter()
        )  # (status, code) of what was not acknowledged; "broken" without an answer
        self._stop = threading.Event()
        self._surprises: list[BaseException] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """They work as long as the block runs, and end what they were at."""
        threads = [threading.Thread(target=self._work, args=(phone,), daemon=True) for phone in self.phones]
        self._stop.clear()
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(120)
            self.look()

    def look(self) -> None:
        """Raise what went wrong with a phone itself: a refused record, say."""
        if self._surprises:
            raise self._surprises[0]

    def _work(self, phone: Phone) -> None:
        try:
            while not self._stop.is_set():
                self._one_record(phone)
        except BaseException as error:
            self._surprises.append(error)

    def _one_record(self, phone: Phone) -> None:
        number = next(_number)
        photos = (shot(f"{number} front", 48), shot(f"{number} back", 48))
        fact = check_of(number, photos)
        sending = [(phone.push, fact), *((phone.put, photo) for photo in photos)]
        while sending and not self._stop.is_set():
            send, what = sending[0]
            if self._sent(send, what):
                sending.pop(0)
                self._stop.wait(PAUSE)

    def _sent(self, send, what) -> bool:
        try:
            answer = send(what)
        except BROKEN:
            self.answers["broken"] += 1
            return self._stop.wait(0.1)
        if answer.status in (200, 201):
            return True
        self.answers[answer.status, (answer.json or {}).get("code")] += 1
        return self._stop.wait(0.1)

    def gets_in(self, more: int) -> None:
        """Wait until so many more records and photos are in."""
        before, deadline = self.acknowledged, time.monotonic() + PATIENCE
        while self.acknowledged < before + more:
            self.look()
            assert time.monotonic() < deadline, f"nothing came in: {self.answers}"
            time.sleep(0.01)

    @property
    def acknowledged(self) -> int:
        """Records and photos that are in."""
        return sum(len(phone.facts) + len(phone.photos) for phone in self.phones)
