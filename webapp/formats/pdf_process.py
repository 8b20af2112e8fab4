"""A program of its own: the texts of a PDF on stdin, as JSON. What a hostile file costs is bounded here, and goes with the process."""

import json
import resource
import sys
from io import BytesIO

from pypdf import PdfReader

MEMORY, SECONDS = 1024 * 1024 * 1024, 20  # bytes, of the processor
MOST_WORDS = 1000  # characters of what the file says of itself
MOST_PAGES, MOST_TEXT = 1000, 1_000_000  # characters of all pages: what is issued has a hundredth


def main() -> int:
    """Keywords, language and the text of each page."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    if len(reader.pages) > MOST_PAGES:
        return 2
    root = reader.trailer["/Root"].get_object()
    told = {
        "keywords": str((reader.metadata or {}).get("/Keywords") or "")[:MOST_WORDS],
        "language": str(root.get("/Lang") or "")[:MOST_WORDS],
        "pages": [],
    }
    for page in reader.pages:
        told["pages"].append(page.extract_text())
        if sum(map(len, told["pages"])) > MOST_TEXT:
            return 2
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
