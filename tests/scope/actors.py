"""Who asks: everybody who may have to do with the department ``here``, and everybody who must not."""

from tests.scope.company import BESIDE, HERE, SIBLING, THERE

# By the logins of company.py. Strangers first: what lets one in is found at once.
STRANGERS = ("ndirector", "sdirector", "beside", "past", "moved", "nextcounty")
STAFF = ("carrier", "lead", "inspector", "director")
ABOVE = ("county", "league", "region", "admin")
SIGNED_OUT = ("nobody", "revoked", "inactive")  # no session, an ended one, one of a deactivated person
ACTORS = (*STRANGERS, *SIGNED_OUT, "temporary", *STAFF, *ABOVE)

# Who asks the same about the department ``there``, and who stands to ``here`` as they stand to it.
MIRROR = {"director": "ndirector", "county": "nextcounty", "ndirector": "director", "nextcounty": "county"}
HEADS = ("ndirector", "director")  # who ask with HEAD what all ask with GET

# What no answer to them may hold: a department's signs, numbers and ids, or a part of them (marks_of).
_ALL = ("here", "sibling", "there", "beside")
FOREIGN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("inspector", "director", "temporary"), ("sibling", "there", "beside")),
    "carrier": ("sibling", "there", "beside", "here.others", "here.lists"),
    "lead": ("sibling", "there", "beside", "here.lists"),
    "sdirector": ("here", "there", "beside"),
    "county": ("there", "beside"),
    "nextcounty": ("here", "sibling", "beside"),
    "ndirector": ("here", "sibling", "beside"),
    "moved": ("here", "sibling", "beside"),
    "league": ("beside",),
    "beside": ("here", "sibling", "there"),
    "region": (),
    "admin": tuple(f"{place}.lists" for place in _ALL),
    **dict.fromkeys((*SIGNED_OUT, "past"), _ALL),
}


def marks_of(things: dict[str, dict[str, str]]) -> dict[str, tuple[str, ...]]:
    """What tells that something is a department's, by its name; and of those parts that some of its people do not see."""
    found = {}
    for name, place in (("here", HERE), ("sibling", SIBLING), ("there", THERE), ("beside", BESIDE)):
        own = things[name]
        # Ids, digests, the secret of an enrolment; but for what others name by its id in their records.
        long = {value for what, value in own.items() if len(value) >= 32 and not what.startswith("named")}
        found[name] = (place.sign, place.code, f"{place.digits}00000", *sorted(long))
        # What is on another carrier's route, and what others have recorded.
        others = (own[what] for what in ("point2", "visit", "receipt", "parcel", "selection", "case2"))
        found[f"{name}.others"] = (f"{place.sign}2", *others)
        found[f"{name}.lists"] = tuple(f"{place.digits}{tail:08}" for tail in (11, 12, 21, 22))
    return found
