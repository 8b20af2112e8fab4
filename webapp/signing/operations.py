"""Write down what a fact about a month's signature says. Whether it may be is its guard's matter."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from webapp.signing.models import MonthConsent, MonthDispute, MonthSignature, SigningGrant
from webapp.signing.queries import Standing
from webapp.signing.rules import Capacity, list_digest


def sign(
    session: Session,
    fact_id: str,
    unit_code: str,
    month: str,
    version: int,
    capacity: Capacity,
    person_id: str,
    lines: list[str],
    now: datetime,
) -> MonthSignature:
    """The month is signed; ``lines``: ``<duty> <period> <digest>`` of each."""
    row = MonthSignature(
        fact_id=fact_id, unit_code=unit_code, month=month, version=version, signer_code=capacity.signer,
        acting_code=capacity.acting, person_id=person_id, capacity=capacity.how, signed_at=now, lines=len(lines),
        digest=list_digest(lines),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def uphold(standing: Standing, ruling_id: str) -> None:
    """A correction answers what was disputed."""
    if dispute := standing.disputed:
        dispute.ruling_id, dispute.upheld = ruling_id, True


def consent(
    session: Session,
    fact_id: str,
    unit_code: str,
    month: str,
    person_id: str,
    lines: list[str],
    now: datetime,
) -> None:
    """The head of the unit says that the month is right."""
    digest = list_digest(lines)
    session.add(
        MonthConsent(
            fact_id=fact_id,
            unit_code=unit_code,
            month=month,
            person_id=person_id,
            given_at=now,
            digest=digest,
        )
    )
    session.flush()


def dispute(
    session: Session, fact_id: str, signature: MonthSignature, person_id: str, due: date, now: datetime
) -> None:
    """Somebody of the unit disputes a version."""
    session.add(
        MonthDispute(
            fact_id=fact_id, unit_code=signature.unit_code, month=signature.month, version=signature.version,
            person_id=person_id, raised_at=now, due=due,
        )
    )  # fmt: skip
    session.flush()


def grant(session: Session, fact_id: str, unit_code: str, content: dict, given_by: str) -> None:
    """Somebody may sign in the head's place from a day to a day."""
    session.add(
        SigningGrant(
            fact_id=fact_id, unit_code=unit_code, person_id=content["to"], given_by=given_by,
            first_day=content["first_day"], last_day=content["last_day"],
        )
    )  # fmt: skip
    session.flush()


def end_grant(session: Session, grant_id: str, today: date) -> None:
    """Its last day was yesterday."""
    session.get(SigningGrant, grant_id).last_day = today - timedelta(days=1)
    session.flush()
