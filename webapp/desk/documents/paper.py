"""An issued document as the data of its template, and as the sheets of a workbook: from its frozen body alone."""

from collections.abc import Mapping

from flask_babel import gettext as _

from webapp.core.dates import day_text, moment_text
from webapp.desk.documents import words
from webapp.desk.files import exports
from webapp.formats.sheets import Sheet, write_book
from webapp.rulebook.periods import parse_period
from webapp.web.language import language


def data_of(body: Mapping, digest: str) -> dict:
    """What ``templates/paper/document.typ`` draws."""
    spoken = language()
    issued = words.instant(body["issued"]["at"])
    version = _("Correction, version %(n)s", n=body["version"]) if body["version"] > 1 else ""
    return {
        "title": f"{body['title'][spoken]} {body['number']}",
        "language": spoken,
        "made_at": body["as_of"],
        "digest": digest,
        "footer": f"{body['unit']['name']} · {body['number']}",
        "name": body["title"][spoken],
        "unit": body["unit"]["name"],
        "number": body["number"],
        "version": version,
        "period": words.period_title(parse_period(body["period"])),
        "to": names_of(body["to"]),
        "copies": names_of(body["copies"]),
        "as_of": moment_text(words.instant(body["as_of"]), spoken),
        "issued_on": day_text(issued.astimezone(exports.LOCAL).date(), spoken),
        "seal": body["seal"],
        "sections": [_section(one) for one in body["sections"]],
        "people": [
            [_("Drafted"), body["drafted"]["name"]],
            [_("Checked"), body["checked"]["name"]],
            [_("Issued by whom"), body["issued"]["name"]],
        ],
    }


def names_of(units: list[Mapping]) -> str:
    """The names of units one after the other."""
    return ("、" if language() == "zh" else ", ").join(one["name"] for one in units)


def _section(part: Mapping) -> dict:
    said = "".join(text for text, _code in words.pieces_of(part["text"]))
    return {
        "title": part["title"][language()],
        "tables": [_table(one) for one in part["tables"]],
        "text": [line for line in said.split("\n") if line.strip()],
    }


def _table(table: Mapping) -> dict:
    spoken = language()
    return {
        "title": table[spoken],
        "none": table["none"][spoken],
        "head": [""] + [one[spoken] for one in table["columns"]],
        "rows": [
            [row[spoken], *(words.cell_text(cell, column["sort"]) for column, cell in zip(table["columns"], row["cells"], strict=True))]
            for row in table["rows"]
        ],
        "figures": [n for n, one in enumerate(table["columns"], 1) if one["sort"] not in ("text", "day")],
    }  # fmt: skip


def book_of(body: Mapping, digest: str) -> bytes:
    """A workbook: what it is, its texts, and a sheet for each table."""
    data = data_of(body, digest)
    head = [
        [_("Document"), data["name"]], [_("Document number"), f"{data['number']} {data['version']}".strip()],
        [_("Unit"), data["unit"]], [_("Period"), data["period"]], [_("Main addressees"), data["to"]], [_("Copies"), data["copies"]],
        [_("Figures as of"), data["as_of"]], *data["people"], [_("SHA-256"), digest],
    ]  # fmt: skip
    texts = [[one["title"], "\n".join(one["text"])] for one in data["sections"] if one["text"]]
    sheets = [Sheet(_("Document"), [_("What"), _("Says")], [*head, *texts])]
    for part in data["sections"]:
        sheets += [
            Sheet(one["title"], [_("Row"), *one["head"][1:]], one["rows"])
            for one in part["tables"]
            if one["rows"]
        ]
    return write_book(_told_apart(sheets), exports.formats())


def _told_apart(sheets: list[Sheet]) -> list[Sheet]:
    """Sheets of one name get a number: a workbook has each name once."""
    seen: dict[str, int] = {}
    found = []
    for one in sheets:
        seen[one.name] = seen.get(one.name, 0) + 1
        found.append(
            one if seen[one.name] == 1 else Sheet(f"{one.name} {seen[one.name]}", one.header, one.rows)
        )
    return found
