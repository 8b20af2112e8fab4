"""The rulebook's forms as the wire carries them: a new kind of record needs no code on the phone."""

from collections.abc import Iterable

from webapp.rulebook.purposes import sole_class, worklist
from webapp.rulebook.rules import Criterion, Kind, Rulebook
from webapp.sync.cases import rules_on_the_wire


def rules_of_forms(rulebook: Rulebook, roles: Iterable[str]) -> dict:
    """``kinds``, ``classes``, ``case_rules`` and ``articles`` of a complete pull, these of the duties that ask the roles for something."""
    asked = set(roles)
    return {
        "kinds": [_kind(kind, rulebook) for kind in rulebook.kinds.values()],
        "classes": [
            {"code": code, "numbered": code in rulebook.numbered, **text.as_dict()}
            for code, text in rulebook.classes.items()
        ],
        "case_rules": rules_on_the_wire(rulebook.cases),
        "articles": [
            {"code": duty.code, "article": duty.article, **duty.text.as_dict()}
            for duty in rulebook.duties.values()
            if duty.kept and asked & duty.roles
        ],
    }


def _kind(kind: Kind, rulebook: Rulebook) -> dict:
    return {
        "code": kind.code,
        "type": kind.type,
        "subject": kind.subject,
        "list": worklist(rulebook, kind.code),
        "class": sole_class(rulebook, kind.code),
        "about": kind.about,
        "period": kind.period,
        "levels": list(kind.levels),
        "photo": kind.photo,
        "position": kind.position,
        "batch": kind.batch,
        "roles": sorted(kind.roles),
        **kind.title.as_dict(),
        "criteria": [_criterion(one) for one in kind.criteria],
        "methods": list(kind.methods),
        "classes": list(kind.classes),
        "tag": kind.tag,
        "strata": [
            {"code": one.code, "distinct": one.distinct, **one.title.as_dict()} for one in kind.strata
        ],
        "fields": [_field(field) for field in kind.fields],
        "groups": [{"code": one.code, "class": one.mail_class, **one.title.as_dict()} for one in kind.groups],
        "sums": None if kind.sums is None else {"came": list(kind.sums[0]), "went": list(kind.sums[1])},
    }


def _criterion(one: Criterion) -> dict:
    return {
        "code": one.code,
        **one.title.as_dict(),
        "fail_zh": one.failed.zh,
        "fail_en": one.failed.en,
        "group": one.group,
        "severity": one.severity,
    }


def _field(field) -> dict:
    options = {"options": [{"code": one.code, **one.title.as_dict()} for one in field.options]}
    return {
        "code": field.code,
        "type": field.type,
        "required": field.required,
        **field.title.as_dict(),
        **(options if field.options else {}),
    }
