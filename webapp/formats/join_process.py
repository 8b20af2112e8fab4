"""A program of its own: PDFs into one. The paths stand on stdin, a line each, the last one that of the result.

pypdf holds all pages in memory until they are written: with the process they go. It imports nothing of ours.
"""

import sys
from pathlib import Path

from pypdf import PdfWriter


def main() -> int:
    """The first file gives the document's own properties (PDF/A, title, language); bookmarks follow their pages."""
    first, *others, out = (Path(line) for line in sys.stdin.read().splitlines())
    writer = PdfWriter(clone_from=first)
    for path in others:
        writer.append(str(path), import_outline=True)
    draft = out.with_suffix(".draft")
    writer.write(draft)
    draft.replace(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
