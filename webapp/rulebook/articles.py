"""The Measures as a text: by article and paragraph, each duty with the number that one looks for. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
_PARTS = re.compile(r"(\d+)(?:\.(\d+))?")
# A number with what it counts: 10%, 20件, 每3天; at least 20 items.
_NUMBER = re.compile(r"\d+(?:\s?%|[件个次天]|\s(?:items?|sessions?|points?|days?|departments?|units?)\b)?")


@dataclass
class Paragraph(Generic[T]):
    """Paragraph ``14.4`` and what stands under it."""

    number: str
    duties: list[T] = field(default_factory=list)


@dataclass
class Article(Generic[T]):
    """Article ``14`` and its paragraphs; an article without any is its own only one."""

    number: str
    paragraphs: list[Paragraph[T]] = field(default_factory=list)


def by_article(duties: Iterable[T], article_of: Callable[[T], str]) -> list[Article[T]]:
    """The duties by article and paragraph, in the order of their numbers; those of one paragraph as they came."""
    found: dict[tuple[int, int], Paragraph[T]] = {}
    for duty in duties:
        match = _PARTS.match(article_of(duty))
        place = (int(match[1]), int(match[2] or 0)) if match else (0, 0)
        number = match[0] if match else article_of(duty)
        found.setdefault(place, Paragraph(number)).duties.append(duty)
    articles: dict[int, Article[T]] = {}
    for (first, _second), paragraph in sorted(found.items(), key=lambda one: one[0]):
        name = str(first) if first else paragraph.number
        articles.setdefault(first, Article(name)).paragraphs.append(paragraph)
    return list(articles.values())


def number_in(phrase: str) -> str:
    """The number that a phrase is about, with what it counts: 每次不少于20件 → 20件; empty where there is none."""
    match = _NUMBER.search(phrase)
    return match[0] if match else ""
