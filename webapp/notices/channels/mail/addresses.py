"""Which mail addresses are taken. Pure."""

import re

LONGEST = 254  # RFC 5321, 4.5.3.1.3
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_LOCAL}@{_LABEL}(?:\.{_LABEL})+")


def is_address(text: str) -> bool:
    """Whether it is one plain address of ASCII letters: no name, no list, nothing that could end a header's line."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
