"""A program of its own: the texts of a PDF on stdin, as JSON. What a hostile file costs is bounded here, and goes with the process."""

import json
import resource
import sys
from io import BytesIO

from pypdf import PdfReader

MEMORY, SECONDS = 1024 * 1024 * 1024, 20  # bytes, of the processor
MOST_PAGES = 1000


def main() -> int:
    """Keywords, language and the text of each page."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    if len(reader.pages) > MOST_PAGES:
        return 2
    root = reader.trailer["/Root"].get_object()
    told = {
        "keywords": str((reader.metadata or {}).get("/Keywords") or ""),
        "language": str(root.get("/Lang") or ""),
        "pages": [page.extract_text() for page in reader.pages],
    }
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
