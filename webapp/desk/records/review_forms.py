"""What is typed on the page of a review or meeting, read into a record; what is wrong is said beside its field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from webapp.core.problems import Problem
from webapp.core.text_lengths import fits, is_blank, length_of
from webapp.inspections.drafts import ANSWERS, NO_SUBJECT
from webapp.inspections.form_heads import MOST, MOST_LINES
from webapp.rulebook.rules import Duty, Field, Kind
from webapp.web.bodies import FIELDS

MOST_FORMS = 40
OTHER_FIELDS = 40  # of a page's form: its head, the lines that are signed, the token
MOST_TEXT, MOST_NOTE, MOST_LINE = 4000, 500, 200
# Types of fields that a page here can ask for; another one is filled in on the phone.
ASKED = ("choice", "text", "list", "people", "signature", "count")


@dataclass
class Typed:
    """The parts of a record as they were read."""

    header: dict = field(default_factory=dict)
    items: list[dict] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def check(self) -> "Typed":
        """Itself; raises ``invalid`` naming every field at fault."""
        if self.errors:
            raise Problem("invalid", self.errors)
        return self


def forms_on_a_page(kind: Kind) -> int:
    """How many records can be judged on one page: each has a field for every criterion and a note, beside those of the head."""
    return max(1, min(MOST_FORMS, (FIELDS - OTHER_FIELDS) // (len(kind.criteria) + 1)))


def methods_of(kind: Kind, duties: Iterable[Duty]) -> tuple[str, ...]:
    """The ways in which it may be made, so that it counts for the duties; people meet where they are."""
    if kind.subject == "none":
        return kind.methods[:1]
    asked = {
        method
        for duty in duties
        if duty.coverage
        for each in duty.coverage.eaches()
        if kind.code in each.kinds
        for method in each.methods
    }
    return tuple(method for method in kind.methods if not asked or method in asked) or kind.methods


def read(form: MultiDict, kind: Kind, opened: Sequence[str], signed: Sequence[str]) -> Typed:
    """The head and, of the records ``opened`` that were judged, the answers; ``signed``: what is signed of the lines."""
    typed = Typed()
    for one in kind.fields:
        _head(typed, one, form, signed)
    if kind.subject == "record":
        for subject in opened:
            _judged(typed, kind, form, subject)
    else:
        typed.items = [{"subject": NO_SUBJECT}]
    return typed


def _head(typed: Typed, one: Field, form: MultiDict, signed: Sequence[str]) -> None:
    name = f"head-{one.code}"
    value = _READERS[one.type](typed, name, one, form) if one.type in _READERS else list(signed)
    if one.required and value in (None, "", []):
        typed.errors.setdefault(name, "choice" if one.type == "choice" else "empty")
    elif value not in (None, "", []):
        typed.header[one.code] = value


def _choice(typed: Typed, name: str, one: Field, form: MultiDict) -> str | None:
    value = form.get(name) or None
    if value is not None and value not in {option.code for option in one.options}:
        typed.errors[name] = "choice"
    return value


def _text(typed: Typed, name: str, one: Field, form: MultiDict) -> int | None:
    """The text stands in the personal part, its length in the head."""
    text = form.get(name, "").strip()
    if is_blank(text):
        return None
    if not fits(text, MOST_TEXT):
        typed.errors[name] = "long"
    typed.notes[f"header.{one.code}"] = text
    return length_of(text)


def _list(typed: Typed, name: str, one: Field, form: MultiDict) -> list[str]:
    """A line each."""
    lines = [line.strip() for line in form.get(name, "").splitlines() if not is_blank(line)]
    if len(lines) > MOST_LINES or not all(fits(line, MOST_LINE) for line in lines):
        typed.errors[name] = _("At most %(lines)s lines of %(characters)s characters.", lines=MOST_LINES, characters=MOST_LINE)  # fmt: skip
    return list(dict.fromkeys(lines))


def _people(typed: Typed, name: str, one: Field, form: MultiDict) -> list[str]:
    return list(dict.fromkeys(form.getlist(name)))


def _count(typed: Typed, name: str, one: Field, form: MultiDict) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:9]) > MOST or len(text) > 8:
        typed.errors[name] = "number"
        return None
    return int(text)


_READERS = {"choice": _choice, "text": _text, "list": _list, "people": _people, "count": _count}


def answer_name(subject: str, criterion: str) -> str:
    """The name of the field in which a criterion of a record is answered."""
    return f"answer-{subject}-{criterion}"


def _judged(typed: Typed, kind: Kind, form: MultiDict, subject: str) -> None:
    """A record counts as opened when every criterion is answered: nothing is judged by half, nothing is filled in before."""
    answers = {one.code: form.get(answer_name(subject, one.code)) for one in kind.criteria}
    note = form.get(f"note-{subject}", "").strip()
    given = {code: answer for code, answer in answers.items() if answer in ANSWERS}
    if not given and is_blank(note):
        return
    if len(given) < len(answers):
        typed.errors[f"item-{subject}"] = _("Judge each point, or none of them.")
    if not fits(note, MOST_NOTE):
        typed.errors[f"note-{subject}"] = "long"
    if not is_blank(note):
        typed.notes[str(len(typed.items))] = note
    verdict = "fail" if "fail" in given.values() else "pass"
    typed.items.append({"subject": subject, "verdict": verdict, "answers": given, "photos": []})


def as_typed(kind: Kind, inspection, items: Iterable, notes: Mapping[str, str]) -> MultiDict:
    """What stands in a record that is to be corrected, as if it were typed anew."""
    form = MultiDict({"method": inspection.method, "day": inspection.work_date.isoformat()})
    for one in kind.fields:
        value, name = (inspection.header or {}).get(one.code), f"head-{one.code}"
        if one.type == "text":
            form[name] = notes.get(f"header.{one.code}", "")
        elif one.type == "list":
            form[name] = "\n".join(value or [])
        elif one.type == "people":
            form.setlist(name, value or [])
        elif one.type != "signature" and value is not None:
            form[name] = str(value)
    for item in items:
        for code, answer in item.answers.items():
            form[answer_name(item.subject, code)] = answer
        form[f"note-{item.subject}"] = notes.get(str(item.ordinal), "")
    return form


def body(
    kind: Kind,
    unit: str,
    acting: str,
    day: date,
    about: date | None,
    method: str,
    typed: Typed,
    amends: str | None,
) -> tuple[dict, dict]:
    """The open and the personal part of the record."""
    said = {
        "type": kind.type,
        "kind": kind.code,
        "unit": unit,
        "acting": acting,
        "date": day.isoformat(),
        "method": method,
        "items": typed.items,
        "header": typed.header,
    }
    if about:
        said["about"] = about.isoformat()
    if amends:
        said["amends"] = amends
    return said, {"notes": typed.notes} if typed.notes else {}
