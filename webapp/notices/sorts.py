"""The sorts of notices: data, each with its sentence in both languages. Pure.

A domain above registers its own beside its other texts::

    from webapp.notices.sorts import Sort, register

    register(Sort("problem-due", ("unit", "day"), "{unit}的问题 {day} 到期", "A problem at {unit} is due on {day}"))

A value is a text, a whole number, a day (or its ISO text), or both languages of one word: ``{"zh": …, "en": …}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter

from webapp.core.dates import closed_up, written
from webapp.core.text_lengths import fits

LONGEST = 200  # characters of one value


@dataclass(frozen=True)
class Sort:
    """One sort of notice: the names of its values, and the sentence with a ``{place}`` for each.

    ``title``: in one word or two what it is, for filters and calendars; ``inbox_only``: no channel ever sends it.
    """

    code: str
    values: tuple[str, ...]
    zh: str
    en: str
    inbox_only: bool = False

    def sentence(self, values: Mapping, language: str) -> str:
        """What the person reads."""
        said = {name: written(_in(values.get(name, "?"), language), language) for name in self.values}
        return closed_up(self.zh.format_map(said)) if language == "zh" else self.en.format_map(said)


SORTS: dict[str, Sort] = {}


def register(sort: Sort) -> Sort:
    """Make the sort known; the same once more changes nothing. Raises ``ValueError`` for a code that says something else."""
    for text in (sort.zh, sort.en):
        places = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if places != set(sort.values):
            raise ValueError(
                f"{sort.code}: its sentence holds {sorted(places)}, its values are {sort.values}"
            )
    if SORTS.setdefault(sort.code, sort) != sort:
        raise ValueError(f"{sort.code} is another sort already")
    return sort


def sentence(code: str, values: Mapping, language: str) -> str:
    """The sentence of a notice; of a sort that a release no longer knows its code."""
    sort = SORTS.get(code)
    return sort.sentence(values, language) if sort else code


def checked(code: str, values: Mapping) -> dict:
    """The values as they are stored; raises ``ValueError`` for one too many, too few, too long or of no such form."""
    if set(values) != set(SORTS[code].values):
        raise ValueError(f"{code} wants {SORTS[code].values}, not {tuple(values)}")
    return {name: _stored(name, value) for name, value in values.items()}


def _stored(name: str, value):
    if isinstance(value, date):
        return value.isoformat()
    both = isinstance(value, Mapping) and set(value) == {"zh", "en"}
    words = value.values() if both else (value,)
    if not all(type(word) is int or isinstance(word, str) for word in words):
        raise ValueError(f"{name} is no text, number or day")
    if any(isinstance(word, str) and not fits(word, LONGEST) for word in words):
        raise ValueError(f"{name} is longer than {LONGEST} characters")
    return dict(value) if both else value


def _in(value, language: str):
    return value[language] if isinstance(value, Mapping) else value


# What this domain itself has to tell.
MAIL_GIVEN_UP = register(
    Sort(
        "mail-given-up",
        ("day",),
        "{day}给您的通知邮件没有发出，请在通知设置里核对邮箱地址。",
        "The mail of {day} with your notices could not be sent. Please check the address under your choices.",
        inbox_only=True,
    )
)
GROUP_GIVEN_UP = register(
    Sort(
        "group-given-up",
        ("group", "unit", "day"),
        "{unit}群机器人“{group}”{day}的消息没有发出，请检查机器人是否还在群里。",
        "The robot “{group}” of {unit} could not tell its group on {day}. Is it still in the group?",
        inbox_only=True,
    )
)
SERVER_GIVEN_UP = register(
    Sort(
        "server-given-up",
        ("day",),
        "{day}邮件服务器一整天不能发信，请检查邮件设置。",
        "The mail server took no mail for a whole day ({day}). Please check the settings.",
        inbox_only=True,
    )
)
