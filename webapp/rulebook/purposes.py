"""Which kinds of record serve which purpose, whatever an edition calls them: no other code names one. Pure.

Asked of several editions: the records of last year's kinds are found too, and where there are several all of them count.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from webapp.rulebook.rules import RETURNED, Duty, Kind, Rulebook

Books = Sequence[Rulebook]
Codes = frozenset[str]


def capturing(books: Books) -> Codes:
    """Evidence: what a carrier photographs of what was drawn."""
    return _kinds(books, lambda kind: kind.type == "capture")


def visiting(books: Books) -> Codes:
    """Visits at relay points [14.4]."""
    return _kinds(books, lambda kind: kind.subject == "point")


def about_units(books: Books) -> Codes:
    """What is about a whole unit: a department visited."""
    return _kinds(books, lambda kind: kind.subject == "unit")


def listing_problems(books: Books) -> Codes:
    """Where what was found wrong is spoken of [14.5]."""
    return _kinds(books, lambda kind: kind.fields_of("problems"))


def settling(books: Books) -> Codes:
    """What settles requirements: what one of these requires comes back at the next until it is settled [14.5]."""
    return _kinds(books, lambda kind: kind.fields_of("settled"))


def judging_drawn(books: Books) -> Codes:
    """Verdicts about the items of a day's list, of which a share is drawn [14.1(1)]."""
    return frozenset(
        kind
        for book in books
        for duty in book.duties.values()
        if of_numbered(duty, book.numbered)
        for kind in duty.kinds
        if book.kinds[kind].about
    )


def of_numbered(duty: Duty, numbered: Iterable[str]) -> bool:
    """Whether the duty asks for a share of the numbered items of a day: they stand on lists and can be drawn."""
    return duty.way.drawn and set(duty.of) <= set(numbered)


def judging_returned(books: Books) -> Codes:
    """Verdicts about the returned items of a day [14.1(2)]."""
    return _of_duties(books, lambda duty: duty.of == (RETURNED,))


def balancing(books: Books) -> Codes:
    """What tells what was carried over to the next delivery day [14.1(3)]."""
    return _of_duties(books, lambda duty: duty.way.balances)


def choosing(books: Books) -> Codes:
    """Choices of items made in advance [14.1(5)]."""
    chosen = (duty.chosen_by for book in books for duty in book.duties.values())
    return frozenset(code for code in chosen if code)


def following(books: Books) -> Codes:
    """What became of items that were chosen in advance [14.1(5)]."""
    return _of_duties(books, lambda duty: duty.chosen_by)


def worklist(book: Rulebook, kind: str) -> str | None:
    """Which section of a phone's working set names the items that the kind judges; None: whoever checks chooses them."""
    sections = {"draws": judging_drawn, "returns": judging_returned, "watch": following}
    return next((name for name, serves in sections.items() if kind in serves([book])), None)


def sole_class(book: Rulebook, kind: str) -> str | None:
    """The class of an item that says none: the only one that the kind's duties ask for."""
    asked = {name for duty in book.duties.values() if kind in duty.kinds for name in duty.of}
    return asked.pop() if len(asked) == 1 and asked <= book.classes.keys() else None


def _kinds(books: Books, serves: Callable[[Kind], object]) -> Codes:
    return frozenset(kind.code for book in books for kind in book.kinds.values() if serves(kind))


def _of_duties(books: Books, serves: Callable[[Duty], object]) -> Codes:
    return frozenset(
        kind for book in books for duty in book.duties.values() if serves(duty) for kind in duty.kinds
    )


def requirements(kind: Kind, header: Mapping) -> list[str]:
    """What the record requires, in the order in which it is referred to; of several lists the last: before it stands what was
    looked at."""
    codes = kind.fields_of("list")
    return (header.get(codes[-1]) or []) if codes else []


def settled(kind: Kind, header: Mapping) -> set[str]:
    """Which requirements the record says are settled: ``<record>/<row>``."""
    return {one for code in kind.fields_of("settled") for one in header.get(code) or ()}
