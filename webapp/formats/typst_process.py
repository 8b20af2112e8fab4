"""A program of its own: one job of :mod:`webapp.formats.typeset` on stdin as JSON, its PDF on stdout.

typst keeps what it laid out for its next documents, hundreds of megabytes after ten long ones: with the process all of it goes.
It imports nothing of ours, for that would take longer than the document.
"""

import json
import resource
import sys

import typst

REFUSED = 3  # exit code: typst's own words stand on stderr
MOST_MEMORY = 4 << 30  # bytes of addresses; typst reserves far more than it uses


def main() -> int:
    """Set the job ``{source, root, fonts, at, data}``; ``at`` in seconds, ``data`` as the JSON text that the template reads."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    job = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=job["fonts"])
    try:
        pdf = typst.compile(
            job["source"], root=job["root"], font_paths=fonts, ignore_system_fonts=True, format="pdf", pdf_standards="a-2b",
            pdf_tags=False, timestamp=job["at"], sys_inputs={"data": job["data"]},
        )  # fmt: skip
    except RuntimeError as error:  # typst's own, and plain ones of a file that is not there
        sys.stderr.write(str(getattr(error, "diagnostic", error)))
        return REFUSED
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
