"""What a carrier learns of the own deliveries: the verdict about each receipt that somebody looked at, and what failed [14.1(1)].

Only what the carrier delivered, and nothing of who looked: a check may have been covert. It teaches; it ranks nobody.
"""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import select

from webapp.inspections.models import Inspection, Item
from webapp.org.rules import CARRIER
from webapp.rulebook.periods import period_of
from webapp.rulebook.purposes import judging_drawn
from webapp.sampling.deliveries import deliverers
from webapp.sync.working import Rows, Working


def learned(working: Working) -> Rows:
    """Verdicts in force of this month and the last one, the latest day first; whoever judged the own item taught nothing."""
    codes = [unit.code for unit in working.units if CARRIER in working.roles(unit)]
    rows = working.session.execute(_verdicts(working, codes)).all() if codes else []
    known = deliverers(working.session, {(unit, day, number) for unit, _, day, _, _, number, *_ in rows})
    me = working.actor.person_id
    found: dict[str, list[dict]] = {}
    for unit, kind, day, checked, author, number, verdict, answers in rows:
        if author != me and me in known.get((unit, day, number), ()):
            found.setdefault(unit, []).append(
                {
                    "kind": kind,
                    "day": day.isoformat(),
                    "checked": checked.isoformat(),
                    "number": number,
                    "verdict": verdict,
                    "criteria": _failed(answers),
                }
            )
    return found


def _verdicts(working: Working, codes: list[str]):
    here = (Inspection.unit_code.in_(codes), Inspection.in_force, Item.verdict.is_not(None))
    kinds = working.editions.serving(judging_drawn)
    return (
        select(
            Inspection.unit_code, Inspection.kind, Inspection.day, Inspection.work_date, Inspection.author_id,
            Item.subject, Item.verdict, Item.answers,
        )
        .join(Item, Item.inspection_id == Inspection.id)
        .where(*here, Inspection.kind.in_(kinds), Inspection.day >= _first(working.today))
        .order_by(Inspection.day.desc(), Item.subject, Inspection.id)
    )  # fmt: skip


def _first(today: date) -> date:
    """Of the month before: its line is still read in the first days of a new one."""
    return period_of("month", today).previous().first


def _failed(answers: Mapping[str, str]) -> list[str]:
    return sorted(code for code, answer in answers.items() if answer == "fail")


BUILDERS: dict[str, Callable[[Working], Rows]] = {"learned": learned}
