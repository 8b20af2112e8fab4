"""What may become of a photo, who may name one, and how a text does."""

import re
from collections.abc import Iterable

# Still on the phone, lost there, here, or deleted when its time was over.
MISSING, LOST, HERE, PURGED = "missing", "lost", "here", "purged"
# What names a photo: an inspection or capture (its voice notes apart from its photos), a change of a relay point, a move of a
# case, a second content that nobody has decided about, something refused that can be read.
RECORD, VOICE, POINT, CASE, SECOND, REFUSED = "record", "voice", "point", "case", "second", "refused"
STORED = (RECORD, VOICE, POINT, CASE)  # facts that stand in the journal as what they are
NO_ITEM = -1  # the ordinal where a photo is not of one checked item

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def named_in(texts: Iterable[str]) -> set[str]:
    """The digests that the open texts of facts speak of: what may be a photo's name, whatever the fact says of it."""
    return {digest for text in texts for digest in _DIGEST.findall(text)}
