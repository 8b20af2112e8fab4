"""What a PDF says, whoever made it: read by a process of its own (``pdf_process.py``), never by the one that serves."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from webapp.core.problems import Problem

PROCESS = str(Path(__file__).with_name("pdf_process.py"))
SECONDS = 40
_AT_ONCE = threading.BoundedSemaphore(1)  # of this process: one may take a gigabyte


@dataclass(frozen=True)
class PdfTexts:
    """The keywords and the language (``zh``, ``en``, as the file says it) of a PDF, and the text of each page."""

    keywords: str
    language: str
    pages: list[str]

    @property
    def whole(self) -> str:
        """The text of all pages without a blank: numbers that were broken into lines are whole again."""
        return "".join("".join(self.pages).split())


def read_pdf(data: bytes) -> PdfTexts:
    """The texts of a PDF; raises ``bad-file`` (``no-pdf``) for what is none, is damaged, or takes too much to read."""
    try:
        with _AT_ONCE:
            done = subprocess.run(  # noqa: S603 - a program of ours; what comes from outside is on its stdin
                [sys.executable, "-I", PROCESS], input=data, capture_output=True, timeout=SECONDS
            )
        if done.returncode:
            raise Problem("bad-file", {"file": "no-pdf"})
        return PdfTexts(**json.loads(done.stdout))
    except (subprocess.TimeoutExpired, ValueError, TypeError) as error:
        raise Problem("bad-file", {"file": "no-pdf"}) from error
