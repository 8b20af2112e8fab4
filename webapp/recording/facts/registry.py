"""The one list of the types of facts, and with it of all that a journal can hold."""

from webapp.recording.facts import (
    case_move,
    case_order,
    confirmation,
    document,
    handover,
    inspection,
    lists,
    month_consent,
    month_dispute,
    month_signature,
    plan,
    point,
    rulings,
    signing_grant,
    volume,
    withdrawal,
)
from webapp.recording.facts.fact_type import FactType
from webapp.recording.journal_entries import BESIDE_FACTS, JournalEntry

FACT_TYPES: dict[str, FactType] = {
    fact_type.name: fact_type
    for fact_type in (
        *inspection.TYPES,
        withdrawal.TYPE,
        confirmation.TYPE,
        point.TYPE,
        volume.TYPE,
        lists.SEAL,
        lists.REVEAL,
        lists.VOID,
        handover.TYPE,
        rulings.OVERRIDES,
        rulings.CALENDARS,
        case_move.TYPE,
        case_order.TYPE,
        month_consent.TYPE,
        month_signature.TYPE,
        month_dispute.DISPUTE,
        month_dispute.RULING,
        signing_grant.TYPE,
        plan.TYPE,
        document.ISSUE,
        document.MOVE,
    )
}
JOURNAL_ENTRIES: tuple[FactType | JournalEntry, ...] = (*FACT_TYPES.values(), *BESIDE_FACTS)
