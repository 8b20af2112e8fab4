"""Whether a file is what this server issued, whatever it is: the archive of a month, a document as PDF or as workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.desk.checking import issued
from webapp.desk.unit_and_period import period_title
from webapp.inquiries import archive_checking
from webapp.org.rules import Actor
from webapp.rulebook.periods import parse_period

PDF, ZIP = b"%PDF-", b"PK"
MOST_PAPER = 16 * 1024 * 1024  # bytes of a PDF or a workbook
WORKBOOK = b"xl/workbook.xml"


@dataclass(frozen=True)
class Result:
    """What a file is about (``title``, and the page of it), and how it stands to what was issued.

    ``differs``: what is not as it was issued; ``exact``: equal to the last byte; ``notes``: what became of it since; ``since``:
    figures that would be others today, None where the reader may not be told.
    """

    title: str
    endpoint: str
    args: Mapping[str, str]
    exact: bool
    differs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    since: list[str] | None = None


def check_file(session: Session, path: Path, me: Actor | None) -> Result:
    """Compare the file; ``me`` None: whoever runs the server. Raises ``bad-file``, and ``not-found`` for what is not in sight."""
    with path.open("rb") as file:
        head = file.read(len(PDF))
        if head == PDF or (head.startswith(ZIP) and WORKBOOK in head + file.read(MOST_PAPER)):
            if path.stat().st_size > MOST_PAPER:
                raise Problem("bad-file", {"file": "large"})
            return _paper(session, path.read_bytes(), head == PDF, me)
    return _month(session, path, me)


def _paper(session: Session, data: bytes, pdf: bool, me: Actor | None) -> Result:
    found = (issued.check_pdf if pdf else issued.check_book)(session, data, me)
    one = found.shown.document
    return Result(
        f"{found.title} {one.number}", "document_pages.show", {"document_id": one.id}, found.exact, found.differs, found.notes, found.since
    )  # fmt: skip


def _month(session: Session, path: Path, me: Actor | None) -> Result:
    def sees(unit) -> bool:
        return me is None or me.can("see-inspections", unit.path)

    found = archive_checking.check(session, path, sees, current_app.config["SECRET_KEY"])
    month = period_title(parse_period(found.month))
    title = f"{found.unit.name} · {month} · {_('Version %(n)s', n=found.version)}"
    args = {"unit": found.unit.code, "month": found.month}
    return Result(title, "signing.show", args, not found.differs, found.differs, [], found.since)
