"""What was found covertly: the inspected department is told who found it neither by name nor by voice. Pure."""

from webapp.org.rules import Actor

COVERT = "covert"  # the method of such a check


def is_inspected(me: Actor, path: str) -> bool:
    """Whether somebody sees the unit as one of its own people, not from above."""
    return not any(grant.reaches(path) and grant.path != path for grant in me.current)


def hides_author(me: Actor, author_id: str, method: str, from_above: bool, path: str) -> bool:
    """Whether who made a record of the unit is not told to the reader. ``from_above``: another unit acted."""
    return method == COVERT and from_above and author_id != me.person_id and is_inspected(me, path)
