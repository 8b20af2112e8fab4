"""How many wrong passwords and codes are borne: counted by login name *and* by where they come from [ASVS 5.0, 6.3.1].

A device on which the person has signed in before has a counter of its own, so no stranger locks it out. Strangers are
counted by network, and more slowly all together, for those who guess from many networks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import Insert, Integer, bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.core.database import UtcDateTime, insert_missing
from webapp.core.prepared import ask
from webapp.core.problems import Problem
from webapp.org.models import Knock, LoginFailure, Person
from webapp.org.queries import sha256

FORGET_FAILURES = timedelta(days=1)
ANYWHERE = "anywhere"  # all unknown sources together
IPV6_PREFIX = 64  # what one subscriber is given: the rest of the address is free to choose


@dataclass(frozen=True)
class LoginLimit:
    """Failures in a row that pause a login name at one source, and for how many minutes; the same for all unknown
    sources together, where each further failure pauses again."""

    failures: int
    minutes: int
    anywhere: int
    anywhere_minutes: int


@dataclass(frozen=True)
class Source:
    """Where a password comes from: ``known`` if it is a device of the person whose name it is."""

    name: str
    known: bool = False


def network(address: str | None) -> Source:
    """The unknown source at an IP address: the IPv4 address itself, of IPv6 the /64."""
    try:
        ip = ip_address((address or "").partition("%")[0])
    except ValueError:
        return Source("network ?")
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return Source(f"network {ip if ip.version == 4 else ip_network((ip, IPV6_PREFIX), strict=False)}")


def known_device(name: str) -> Source:
    """The source that is a device of the person: ``name`` is its id or its browser's hash."""
    return Source(name, known=True)


class Tally:
    """The counters of one login name at one source, locked until the transaction ends: who guesses in parallel waits."""

    def __init__(self, session: Session, now: datetime, login: str, source: Source):
        session.execute(delete(LoginFailure).where(LoginFailure.last_at < now - FORGET_FAILURES))
        self.session, self.now, self.name = session, now, sha256(login)
        # The one that all share first, as in `forget`: two that wait for each other would both fail.
        self.anywhere = None if source.known else self._row(ANYWHERE)
        self.here = self._row(source.name)

    def paused(self) -> Problem | None:
        """``locked-out`` while the name is paused here."""
        ends = [row.paused_until for row in (self.here, self.anywhere) if row and row.paused_until]
        left = max(ends, default=self.now) - self.now
        return _locked(left) if left > timedelta(0) else None

    def right(self) -> None:
        """Forget the failures of this source; of the others it says nothing."""
        self.here.failures, self.here.paused_until, self.here.last_at = 0, None, self.now
        self.session.flush()

    def wrong(self, limit: LoginLimit, code: str = "bad-login") -> Problem:
        """Count a failure: the problem ``code``, or ``locked-out`` if it was one too many."""
        self.here.failures += 1
        if self.here.failures >= limit.failures:
            self.here.failures, self.here.paused_until = 0, self.now + timedelta(minutes=limit.minutes)
        self.here.last_at = self.now
        if self.anywhere:
            self.anywhere.failures, self.anywhere.last_at = self.anywhere.failures + 1, self.now
            if self.anywhere.failures >= limit.anywhere:
                self.anywhere.paused_until = self.now + timedelta(minutes=limit.anywhere_minutes)
        self.session.flush()
        return self.paused() or Problem(code)

    def _row(self, source: str) -> LoginFailure:
        values = {"name_hash": self.name, "source": source, "failures": 0, "last_at": self.now}
        insert_missing(self.session, LoginFailure, [values])
        return self.session.get(
            LoginFailure, (self.name, source), with_for_update=True, populate_existing=True
        )


def forget(session: Session, person: Person) -> None:
    """Lift every pause of the person."""
    mine = LoginFailure.name_hash == sha256(person.login)
    session.execute(delete(LoginFailure).where(mine, LoginFailure.source == ANYWHERE))
    session.execute(delete(LoginFailure).where(mine))


def knock(session: Session, now: datetime, key: str, seconds: int, amount: int = 1) -> int:
    """Count ``amount`` at ``key``, forgotten ``seconds`` after the first; how many there are now."""
    values = {"key": sha256(key), "now": now, "ends": now + timedelta(seconds=seconds), "amount": amount}
    return ask(session, _KNOCK[session.get_bind().dialect.name], **values).scalar_one()


def knocks(session: Session, now: datetime, key: str) -> tuple[int, datetime | None]:
    """How many there are at ``key``, and when they are forgotten."""
    found = session.execute(_KNOCKS, {"key": sha256(key), "now": now}).one_or_none()
    return tuple(found) if found else (0, None)


def forget_knocks(session: Session, key: str | None = None, before: datetime | None = None) -> int:
    """Forget those at ``key``, those that ended ``before``, or all; how many keys there were."""
    query = delete(Knock)
    if key is not None:
        query = query.where(Knock.key_hash == sha256(key))
    if before is not None:
        query = query.where(Knock.ends_at < before)
    return session.execute(query).rowcount


def _knock(dialect) -> Insert:
    """In one statement, so that of many at once each is counted."""
    now, ends, amount = (
        bindparam("now", type_=UtcDateTime),
        bindparam("ends", type_=UtcDateTime),
        bindparam("amount", type_=Integer),
    )
    query = dialect.insert(Knock).values(key_hash=bindparam("key"), count=amount, ends_at=ends)
    over = Knock.ends_at <= now
    changes = {
        "count": case((over, amount), else_=Knock.count + amount),
        "ends_at": case((over, ends), else_=Knock.ends_at),
    }
    return query.on_conflict_do_update(index_elements=["key_hash"], set_=changes).returning(Knock.count)


_KNOCK = {"sqlite": _knock(sqlite), "postgresql": _knock(postgresql)}
_KNOCKS = select(Knock.count, Knock.ends_at).where(
    Knock.key_hash == bindparam("key"), Knock.ends_at > bindparam("now", type_=UtcDateTime)
)


def _locked(left: timedelta) -> Problem:
    return Problem("locked-out", minutes=max(1, -(-int(left.total_seconds()) // 60)))
