"""Documents as the desk makes them, for tests: written, checked by the league, issued, sent, received … at given instants."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.cast import COUNTY, Cast
from webapp.core.clock import LOCAL, local_date
from webapp.core.database import db, transaction
from webapp.documents import operations
from webapp.documents.models import Document
from webapp.documents.queries import body_of
from webapp.documents.rules import digest, plain
from webapp.org.models import Person, Unit
from webapp.org.queries import actor_of
from webapp.recording import documents
from webapp.rulebook.documents import document_types


@dataclass
class Papers:
    """The documents of the cast's units."""

    app: Any
    cast: Cast

    def do(self, login: str, now: datetime, work):
        """``work(session, actor)`` by this person at that instant, in a transaction of its own."""
        with self.app.app_context(), transaction() as session:
            person = session.get(Person, self.cast.people[login])
            return work(session, actor_of(session, person, local_date(now)))

    def begin(self, login: str, now: datetime, unit: str, type: str, period: str, addressed: str | None = None) -> str:  # fmt: skip
        """Begin one; its id."""
        return self.do(
            login, now,
            lambda session, me: operations.begin(session, me, now, session.get(Unit, unit), type, period, addressed).id,
        )  # fmt: skip

    def write(self, login: str, now: datetime, one: str, section: str, text: str, revision: int = 0) -> None:
        """Write a section."""
        self.do(
            login, now, lambda session, me: operations.write(session, me, now, one, section, text, revision)
        )

    def fill(self, login: str, now: datetime, one: str, text: str = "已按要求检查。") -> None:
        """Write each section that is needed and empty."""
        kind, texts = document_types()[self.row(one).type], self.row(one).texts
        for section in kind.sections:
            if section.needed and section.code not in texts:
                self.write(login, now, one, section.code, text)

    def check(self, login: str, now: datetime, one: str) -> None:
        """Check it as it stands."""
        read = digest(plain(self.row(one).texts))
        self.do(login, now, lambda session, me: documents.check(session, me, now, one, read))

    def issue(self, login: str, now: datetime, one: str) -> None:
        """Issue it."""
        self.do(login, now, lambda session, me: documents.issue(session, me, now, one))

    def move(self, login: str, now: datetime, one: str, code: str, reason: str = "") -> None:
        """Make a step with it."""
        self.do(login, now, lambda session, me: documents.move(session, me, now, one, code, reason))

    def correct(self, login: str, now: datetime, one: str) -> str:
        """Begin a corrected version; its id."""
        return self.do(login, now, lambda session, me: operations.correct(session, me, now, one).id)

    def issued(
        self, now: datetime, login: str = "county", unit: str = COUNTY, type: str = "relay-report",
        period: str = "2026-11", checker: str = "league",
    ) -> str:  # fmt: skip
        """One written, checked and issued; its id."""
        one = self.begin(login, now, unit, type, period)
        self.fill(login, now, one)
        self.check(checker, now, one)
        self.issue(login, now, one)
        return one

    def row(self, one: str) -> Document:
        """The document as it stands."""
        with self.app.app_context():
            found = db.session.get(Document, one)
            db.session.refresh(found)
            db.session.expunge(found)
            return found

    def body(self, one: str) -> dict:
        """What was frozen."""
        with self.app.app_context():
            return body_of(db.session, db.session.get(Document, one))

    def numbers(self) -> list[str]:
        """The numbers in the order of their issue."""
        with self.app.app_context():
            query = (
                db.select(Document.number)
                .where(Document.number.is_not(None))
                .order_by(Document.issued_at, Document.n)
            )
            return list(db.session.scalars(query))


def tenth(hour: int, minute: int = 0, day: int = 10) -> datetime:
    """An instant of December 2026 in Inner Mongolia."""
    return datetime.combine(date(2026, 12, day), datetime.min.time(), LOCAL).replace(hour=hour, minute=minute)
