"""UUIDv7 (RFC 9562): ids that whoever creates a thing can make alone, and that sort by creation time."""

import re
import secrets
import time

# For schemas: a validator that only answers False, as `is_id` does, refuses nothing there.
FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


def new_id(milliseconds: int | None = None) -> str:
    """A fresh lower-case UUIDv7; ``milliseconds`` since 1970 replaces the clock where order must be set."""
    if milliseconds is None:
        milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_id(text: object) -> bool:
    """Whether ``text`` is a lower-case UUIDv7."""
    return isinstance(text, str) and FORM.match(text) is not None
