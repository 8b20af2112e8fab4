"""The ways of counting, a file each: how a duty's line is folded, and what follows from it elsewhere."""

from collections.abc import Mapping
from types import MappingProxyType

from webapp.ledger.measures.balance import Balance
from webapp.ledger.measures.coverage import Coverage
from webapp.ledger.measures.distinct import Distinct
from webapp.ledger.measures.document import Document
from webapp.ledger.measures.measure import Measure
from webapp.ledger.measures.once import Once
from webapp.ledger.measures.plan import Planned
from webapp.ledger.measures.register import Register
from webapp.ledger.measures.sessions import Sessions
from webapp.ledger.measures.share import Share
from webapp.ledger.measures.spaced import Spaced
from webapp.ledger.measures.watch import Watch
from webapp.rulebook.rules import Duty

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        one.code: one
        for one in (
            Share(),
            Watch(),
            Sessions(),
            Distinct(),
            Register(),
            Once(),
            Balance(),
            Spaced(),
            Coverage(),
            Planned(),
            Document(),
        )
    }
)


def measure_of(duty: Duty) -> Measure:
    """How the duty is counted."""
    return MEASURES[duty.measure]
