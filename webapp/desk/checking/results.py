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
HEAD = 128  # bytes: a ZIP file's first header with the name of its entry


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
        head = file.read(HEAD)
    pdf = head.startswith(PDF)
    if not pdf and not (head.startswith(ZIP) and not archive_checking.NAMES.fullmatch(_first_name(head))):
        return _month(session, path, me)
    if path.stat().st_size > MOST_PAPER:
        raise Problem("bad-file", {"file": "large"})
    return _paper(session, path.read_bytes(), pdf, me)


def _first_name(head: bytes) -> str:
    """What the first entry of a ZIP file is called. By what stands inside of entries nothing is told: people wrote it."""
    length = int.from_bytes(head[26:28], "little")
    return head[30 : 30 + length].decode("ascii", "replace")


def _paper(session: Session, data: bytes, pdf: bool, me: Actor | None) -> Result:
    found = (issued.check_pdf if pdf else issued.check_book)(session, data, me)
    one = found.paper
    return Result(
        f"{one.title} {one.number}",
        one.endpoint,
        one.args,
        found.exact,
        found.differs,
        one.notes,
        one.moved() if one.moved else None,
    )


def _month(session: Session, path: Path, me: Actor | None) -> Result:
    def sees(unit) -> bool:
        return me is None or me.can("see-inspections", unit.path)

    found = archive_checking.check(session, path, sees, current_app.config["SECRET_KEY"])
    month = period_title(parse_period(found.month))
    title = f"{found.unit.name} · {month} · {_('Version %(n)s', n=found.version)}"
    args = {"unit": found.unit.code, "month": found.month}
    return Result(title, "signing.show", args, not found.differs, found.differs, [], found.since)
