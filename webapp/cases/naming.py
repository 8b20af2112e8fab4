"""What a case is called, in both languages: what failed, its number, or what it is."""

from webapp.cases.models import Case
from webapp.cases.standing import rules_for
from webapp.rulebook.queries import Editions
from webapp.rulebook.texts import Text


def title_of(editions: Editions, case: Case) -> Text:
    """``Parcel spot check: feedback code wrong``; of an order its number; of a case about another, or a signal, what it is."""
    what = rules_for(editions, case).types[case.type].title
    if case.number:
        return Text(f"{what.zh} {case.number}", f"{what.en} {case.number}")
    failed = _failed(editions, case)
    if failed is None:
        return what
    return Text(f"{what.zh}：{failed.zh}", f"{what.en}: {failed.en}") if case.parent else failed


def _failed(editions: Editions, case: Case) -> Text | None:
    kind = editions.kinds().get(case.kind) if case.kind else None
    if kind is None:
        return None
    fault = kind.fault(case.criterion)
    return Text(f"{kind.title.zh}：{fault.zh}", f"{kind.title.en}: {fault.en}")
