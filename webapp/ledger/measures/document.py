"""A document about the period, issued or sent by the closing [15.4-15.6, 16.2]. Pure."""

from webapp.core.clock import local_date
from webapp.documents.rules import Written
from webapp.ledger.counting import closing, not_applicable
from webapp.ledger.lines import Inputs, Line
from webapp.ledger.measures.measure import Measure
from webapp.ledger.points import as_of
from webapp.ledger.populations import Moment, members_of
from webapp.rulebook.documents import document_types
from webapp.rulebook.periods import Period
from webapp.rulebook.rules import Duty


class Document(Measure):
    """Issued, or sent where it goes to the unit above, after the period's end and in time [Reading: upper-document].

    What became of it afterwards changes nothing: one that was returned stays in time. One declared void counts nowhere.
    """

    code = "document"

    def fold(self, duty: Duty, period: Period, inputs: Inputs) -> Line:
        """One is enough; owed by nobody below whom there is none of the population that the duty names."""
        closes_at = closing(duty, period, inputs)
        if duty.over and not _anybody(duty, period, inputs, Moment(period, as_of(period, inputs), closes_at)):
            return not_applicable(duty, period, inputs, "nobody-to-cover")
        sent = document_types()[duty.document].is_sent
        told = [(_outcome(one, period, closes_at, sent), one) for one in inputs.documents]
        done = [one for outcome, one in told if outcome in ("document-sent", "document-issued")]
        return Line(
            closes_at,
            required=1,
            done=min(1, len(done)),
            met=bool(done),
            started=any(not one.void for one in inputs.documents),
            why=tuple((outcome, _said(one, outcome, sent)) for outcome, one in told),
        )


def _anybody(duty: Duty, period: Period, inputs: Inputs, moment: Moment) -> bool:
    population = inputs.below.populations[duty.over]
    return bool(members_of(population, inputs.below, moment))


def _outcome(one: Written, period: Period, closes_at, sent: bool) -> str:
    """The reason that is told of one document: it counts, or why it does not."""
    if one.void:
        return "document-void"
    if local_date(one.issued_at) <= period.last:
        return "document-early"
    at = one.done_at(sent)
    if at is None:
        return "document-waits"
    if at >= closes_at:
        return "document-late"
    return "document-sent" if sent else "document-issued"


def _said(one: Written, outcome: str, sent: bool) -> dict:
    at = one.issued_at if outcome == "document-early" else one.done_at(sent) or one.issued_at
    return {"number": one.number, "day": local_date(at).isoformat()}
