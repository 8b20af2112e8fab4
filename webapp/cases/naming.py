"""What a case is called, in both languages: what failed, its number, or what it is."""

from webapp.cases.models import Case
from webapp.cases.standing import rules_for
from webapp.rulebook.queries import Editions
from webapp.rulebook.texts import Text
from webapp.signals.rules import rules


def strange(case: Case) -> tuple[Text, Text] | None:
    """Of a signal the name of its rule and the sentence with its numbers; None of others, and of a rule that is gone."""
    rule = rules().get(case.content.get("rule"))
    if rule is None:
        return None
    said = {name: _written(value) for name, value in case.content["evidence"].items()}
    try:
        return rule.title, Text(rule.says.zh.format_map(said), rule.says.en.format_map(said))
    except KeyError:  # a release whose sentence had other places
        return rule.title, rule.title


def _written(value: object) -> object:
    return f"{value:.0f}" if isinstance(value, float) and value >= 10 else f"{value:.1f}" if isinstance(value, float) else value  # fmt: skip


def title_of(editions: Editions, case: Case) -> Text:
    """``Parcel spot check: feedback code wrong``; of an order its number; of a case about another, or a signal, what it is."""
    what = rules_for(editions, case).types[case.type].title
    if case.number:
        return Text(f"{what.zh} {case.number}", f"{what.en} {case.number}")
    failed = _failed(editions, case)
    if failed is None:
        seen = strange(case)
        return Text(f"{what.zh}：{seen[0].zh}", f"{what.en}: {seen[0].en}") if seen else what
    return Text(f"{what.zh}：{failed.zh}", f"{what.en}: {failed.en}") if case.parent else failed


def _failed(editions: Editions, case: Case) -> Text | None:
    kind = editions.kinds().get(case.kind) if case.kind else None
    if kind is None:
        return None
    fault = kind.fault(case.criterion)
    return Text(f"{kind.title.zh}：{fault.zh}", f"{kind.title.en}: {fault.en}")
