"""What a case is called, in both languages: what failed, its number, or what it is."""

from collections.abc import Mapping

from webapp.cases.models import Case
from webapp.cases.standing import rules_for
from webapp.core.dates import closed_up, written
from webapp.rulebook.queries import Editions
from webapp.rulebook.texts import Text
from webapp.signals.rules import rules


def strange(case: Case) -> tuple[Text, Text] | None:
    """Of a signal the name of its rule and the sentence with its numbers; None of others, and of a rule that is gone."""
    rule = rules().get(case.content.get("rule"))
    if rule is None:
        return None
    evidence = case.content["evidence"]
    try:
        return rule.title, Text(_told(rule.says.zh, evidence, "zh"), _told(rule.says.en, evidence, "en"))
    except KeyError:  # a release whose sentence had other places
        return rule.title, rule.title


def _told(says: str, evidence: Mapping[str, object], language: str) -> str:
    """The sentence with its numbers and days, as people write them."""
    sentence = says.format_map({name: _written(value, language) for name, value in evidence.items()})
    return closed_up(sentence) if language == "zh" else sentence


def _written(value: object, language: str) -> object:
    if isinstance(value, float):
        return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
    return written(value, language)


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
