"""Documents of the counties of the scope table: drafts, one that is ready and one that is checked, reports that are out, a bulletin."""

from sqlalchemy.orm import Session

from tests.scope.company import TODAY, Company, Place
from webapp.core import clock
from webapp.documents import operations
from webapp.documents.models import Document
from webapp.documents.rules import digest, plain
from webapp.org.models import Unit
from webapp.recording import documents
from webapp.rulebook.documents import document_types
from webapp.rulebook.periods import period_of

HEADS = {"152502": "county", "152501": "nextcounty"}


def write(session: Session, company: Company, place: Place, things: dict) -> None:
    """Those of the county of the department; once for a county, and for one that somebody leads."""
    if place.county not in HEADS or things["unit"] == "152502200":
        return
    office = _Office(session, company, place, things)
    months = [period_of("month", TODAY)]
    while len(months) < 6:
        months.append(months[-1].previous())
    things["paper_draft"] = office.begin("relay-report", months[1].code)
    things["paper_ready"] = office.filled("relay-report", months[2].code)
    things["paper_read"] = office.read(things["paper_ready"])
    things["paper_checked"] = office.checked("relay-report", months[3].code)
    things["paper_kept"] = office.issued("relay-report", months[4].code)
    things["paper"] = office.issued("relay-report", months[5].code)
    documents.move(session, office.me, clock.now(), things["paper"], "send")
    # Whoever works below gets it, and is told of it: its id is nobody's secret there.
    things["named_bulletin"] = office.issued("bulletin", months[0].code)
    things["paper_period"] = months[1].code


class _Office:
    def __init__(self, session: Session, company: Company, place: Place, things: dict):
        self.session, self.sign = session, place.sign
        self.me = company.actor(session, HEADS[place.county])
        self.checker = company.actor(session, "league")
        self.county = session.get(Unit, place.county)

    def begin(self, type: str, period: str) -> str:
        return operations.begin(self.session, self.me, clock.now(), self.county, type, period).id

    def filled(self, type: str, period: str) -> str:
        one = self.begin(type, period)
        text = "按要求检查。" if document_types()[type].to == "below" else f"按要求检查{self.sign}。"
        for section in document_types()[type].sections:
            if section.needed:
                operations.write(self.session, self.me, clock.now(), one, section.code, text, 0)
        return one

    def read(self, one: str) -> str:
        return digest(plain(self.session.get(Document, one).texts))

    def checked(self, type: str, period: str) -> str:
        one = self.filled(type, period)
        documents.check(self.session, self.checker, clock.now(), one, self.read(one))
        return one

    def issued(self, type: str, period: str) -> str:
        one = self.checked(type, period)
        documents.issue(self.session, self.me, clock.now(), one)
        return one
