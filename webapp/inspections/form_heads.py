"""The head of a form: what each field type may hold. Pure; the fields themselves are rulebook data."""

import re
from collections.abc import Iterable, Iterator, Mapping

from webapp.core.ids import is_id
from webapp.core.text_lengths import fits, is_blank
from webapp.rulebook.rules import Field
from webapp.sampling.rules import MAX_NUMBER, read_number

MOST = 10_000_000  # of a count, or of fen
MOST_LINES, MOST_NUMBERS, MOST_REFERENCES, MOST_PEOPLE = 20, 200, 200, 200
_SIGNED = re.compile(r"[a-z0-9-]{1,32} [0-9A-Z-]{4,10} ([0-9a-f]{64}|-)")
_REFERENCE = re.compile(r"(?P<fact>[0-9a-f-]{36})/[0-9]{1,3}")


def header_faults(header: Mapping, fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """(field name, fault) for everything in ``header`` that its kind's fields do not allow."""
    known = {field.code: field for field in fields}
    for code in sorted(header.keys() - known.keys()):
        yield f"header.{code}", "unknown"
    for field in known.values():
        value = header.get(field.code)
        if field.required and value in (None, [], ""):
            yield f"header.{field.code}", "required"
        elif value is not None and (fault := _fault(field, value)):
            yield f"header.{field.code}", fault


def read_header(header: Mapping, fields: Iterable[Field]) -> dict:
    """The head with its item numbers in their one spelling, each once; phones of 0.1.0 sent them as they were typed."""
    numbers = {field.code for field in fields if field.type == "numbers"}
    return {
        code: list(dict.fromkeys(read_number(one).text for one in value))
        if code in numbers and value is not None
        else value
        for code, value in header.items()
    }


def _fault(field: Field, value: object) -> str | None:
    if field.type in ("count", "money", "text"):
        return _count_fault(value, least=1 if field.type == "text" else 0)
    if field.type == "choice":
        codes = [option.code for option in field.options]
        return None if value in codes else f"one of {', '.join(codes)}"
    if field.type == "route":
        return None if isinstance(value, str) and is_id(value) else "a route's id"
    form, most, what = _LISTS[field.type]
    return _list_fault(value, form, most, what)


def _count_fault(value: object, least: int) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return None if whole and least <= value <= MOST else f"a whole number from {least} to {MOST}"


def _list_fault(value: object, form, most: int, what: str) -> str | None:
    if not isinstance(value, list) or len(value) > most:
        return f"a list of at most {most}"
    if not all(isinstance(one, str) and form(one) for one in value):
        return f"each must be {what}"
    return "twice the same" if len(set(value)) < len(value) else None


def _is_line(text: str) -> bool:
    return not is_blank(text) and fits(text, 200)


def _is_number(text: str) -> bool:
    return 1 <= len(read_number(text).text) <= MAX_NUMBER


def _is_reference(text: str) -> bool:
    match = _REFERENCE.fullmatch(text)
    return bool(match) and is_id(match["fact"])


def _is_signature(text: str) -> bool:
    return bool(_SIGNED.fullmatch(text))


_LISTS = {
    "signature": (
        _is_signature,
        MOST_LINES,
        "a duty, a period and the digest of the line that was seen, or -",
    ),
    "people": (is_id, MOST_PEOPLE, "a person's id"),
    "list": (_is_line, MOST_LINES, "a text of at most 200 characters"),
    "numbers": (_is_number, MOST_NUMBERS, "an item number of at most 40 characters"),
    "problems": (_is_reference, MOST_REFERENCES, "a record's id, a stroke and a row"),
    "settled": (_is_reference, MOST_REFERENCES, "a record's id, a stroke and a row"),
}
