"""Whatever happens to a signed month, in whatever order: what is signed stands, and beside it stands what its facts give.

Every run plays the same histories. ``TOUCHA_EXAMPLES=500 pytest tests/integration/ledger/test_signed_histories.py`` plays as
many new ones.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given
from sqlalchemy import select

from tests.cast import CITY, RURAL
from tests.integration.ledger.test_rebuilt import EVENING, fresh, histories, lines
from tests.ledger_histories import STEPS, History
from tests.ledger_stories import noon
from webapp.core.database import db, transaction
from webapp.ledger import frozen
from webapp.ledger.models import LedgerLine, LineSupplement
from webapp.ledger.operations import rebuild
from webapp.org.models import Unit
from webapp.recording import month_signing

MONTH = "2026-11"
SIGNING = noon(date(2026, 12, 7))


@dataclass
class Late(History):
    """The same people, whose phones come out of a drawer: what is dated in November arrives in December."""

    hours: float = field(default=0)

    @property
    def now(self):
        """After the signature, and later with each step."""
        return SIGNING + timedelta(hours=self.hours)


def sign(office, unit: str, now, login: str = "county", version: int = 1) -> None:
    """The county signs what it sees; the league corrects."""

    def deed(session, me):
        seen = frozen.signed_texts(frozen.corrected(session, unit, MONTH))
        about = session.get(Unit, unit)
        month_signing.sign(session, me, now, about, MONTH, version, seen, {"reason": "迟到的记录"})

    office.desk(login, now, deed)


def signed_lines(app) -> dict:
    """The stored lines of both departments' November."""
    return {
        key: line for key, line in lines(app).items() if line["month"] == MONTH and key[0] in (CITY, RURAL)
    }


def beside(app) -> dict:
    """All supplements by unit, duty and period."""
    with app.app_context():
        rows = db.session.scalars(select(LineSupplement))
        return {(one.unit_code, one.duty, one.period): one.line for one in rows}


@histories(6)
@given(before=STEPS, after=STEPS)
def test_what_is_signed_stands_whatever_comes(app, before, after):
    office = fresh(app)
    history = History(office)
    office.advance(history.now)
    for step in before:
        history.play(step)
    office.advance(SIGNING)
    for unit in (CITY, RURAL):
        sign(office, unit, SIGNING)
    stands = signed_lines(app)
    late = Late(office, history.today, history.sent, history.later, made=history.made)
    for step in after:
        late.hours += 0.1
        late.play(step)
        assert signed_lines(app) == stands, step
        assert office.faults(late.now) == [], (step, late.outcomes)
    kept = beside(app)
    with app.app_context(), transaction() as session:
        for code in (CITY, RURAL):
            rebuild(session, session.get(Unit, code), late.now)
    assert (signed_lines(app), beside(app)) == (stands, kept)
    _correct(app, office, late, stands, kept)


def _correct(app, office, late, stands: dict, kept: dict) -> None:
    """The next version is what the supplements said, the first one can still be shown whole."""
    for unit in sorted({key[0] for key in kept if key[0] in (CITY, RURAL)}):
        late.hours += 0.1
        sign(office, unit, late.now, "league", 2)
    assert not [key for key in beside(app) if key[0] in (CITY, RURAL)]
    assert office.faults(late.now) == []
    there = signed_lines(app)
    for key in stands.keys() | there.keys() | kept.keys():
        if key in kept:
            assert (key in there) == (kept[key] is not None)
        else:
            assert there[key] == stands[key]


def test_the_stories_do_move_signed_months(app):
    # Else the test above would prove nothing: a check that arrives late stands beside what is signed.
    office = fresh(app)
    office.advance(EVENING)
    office.advance(SIGNING)
    sign(office, CITY, SIGNING)
    late = Late(office, date(2026, 11, 16))
    for step in (("check", 1, 0, 6, 1), ("volume", 1, 1, 6), ("check", 0, 1, 5, 2)):
        late.hours += 1
        late.play(step)
    assert beside(app)
    with app.app_context():
        assert db.session.scalar(select(LedgerLine.period).where(LedgerLine.month == MONTH).limit(1))
