"""The one scope in which journals and ledger are written: what must always happen together stands here once.

It locks the heads of the journals in code order, asks anew which roles the actor holds, lets the change run, chains its
notes and counts the lines that it moved. A change outside of it can forget one of these; inside nobody has to think of it.
Everything runs in the caller's one transaction: nothing is committed here.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.journal import chain
from webapp.journal.chain import Note
from webapp.ledger import operations as ledger
from webapp.ledger.operations import Key
from webapp.org.queries import actor_as_of
from webapp.org.rules import Actor


@dataclass
class Work:
    """What a change asks to be journalled and counted anew when it is done.

    ``notes`` keep their order within a unit. ``dirty``: the lines that it can have moved.
    """

    session: Session
    now: datetime
    actor: Actor | None = None  # with the roles that are held under the lock
    notes: list[Note] = field(default_factory=list)
    dirty: set[Key] = field(default_factory=set)
    locked: frozenset[str] = frozenset()

    def lock(self, units: Iterable[str]) -> None:
        """Lock more journals: of a unit that was made just now, or that came to lie below since the work began. Those that
        are locked already cost nothing.

        Whatever is known before belongs to :func:`writing`: only there all are locked in one order.
        """
        codes = frozenset(units) - self.locked
        chain.lock(self.session, codes)
        self.locked |= codes

    def as_of_now(self, actor: Actor) -> Actor:
        """The actor with the roles that are held under the lock."""
        return actor_as_of(self.session, actor)

    def note(self, units: Iterable[str], entry: str, fact_id: str | None, digest: str) -> None:
        """Journal one thing for each of the units; those that nobody expected are locked now."""
        codes = list(units)
        self.lock(codes)
        self.notes += [Note(code, entry, fact_id, digest) for code in codes]

    def part(self) -> "Work":
        """Work of one fact among others, which :meth:`take` adds only when the fact's savepoint held."""
        return Work(self.session, self.now, self.actor, locked=self.locked)

    def take(self, part: "Work") -> None:
        """Add the work of a fact that is stored."""
        self.notes += part.notes
        self.dirty |= part.dirty
        self.locked |= part.locked


@contextmanager
def writing(
    session: Session, now: datetime, units: Iterable[str], actor: Actor | None = None
) -> Iterator[Work]:
    """Lock, let the change run with the :class:`Work` that it fills, journal its notes, count its lines anew.

    ``units``: codes of the units whose journals are written or whose lines are counted. ``actor``: whose roles allow it; a
    role may be given or ended while the request waits for the lock, so the change asks ``work.actor``. None where no
    role is asked: the timer, the command line, and what an operation of the rulebook has allowed.

    Where the change raises, nothing is journalled and its transaction (or savepoint) ends. Scopes nest: each row of a file is
    written in one of its own, whose units the outer one has locked.
    """
    work = Work(session, now)
    work.lock(units)
    work.actor = work.as_of_now(actor) if actor else None
    yield work
    chain.append(session, work.notes, now)
    if work.dirty:
        ledger.recompute(session, work.dirty, now)
