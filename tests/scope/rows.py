"""A row of the table: one question, and for everybody the exact answer.

Values are filled in from the things of the department asked about: ``{point1}``; ``{other[point1]}`` is that of the
department in the other county, ``{sibling[point1]}`` that of the one next door. ``{new}`` is an id that nobody has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.scope.actors import SIGNED_OUT

# Groups of those who may have to do with the department.
STAFF = "carrier lead inspector director"
ABOVE = "county league region"
JUDGES = f"lead inspector director {ABOVE}"  # who see its inspections, its register, its ledger
READERS = f"inspector director {ABOVE}"  # who see its lists
STRANGERS = "ndirector sdirector beside past moved nextcounty"
SIGNED_IN = f"{STRANGERS} {STAFF} {ABOVE} admin"
ALL = f"{SIGNED_IN} nobody revoked inactive temporary"
MANAGERS = "county nextcounty league beside admin"  # who keep some units and their people
NO_MANAGERS = f"{STAFF} ndirector sdirector past moved region"

# Who ask a question that only varies what everybody has asked: of each sort of actors one.
SOME = "ndirector sdirector beside past nextcounty nobody director county admin"
MIXING = "ndirector sdirector moved nextcounty inspector director county league"

# Tables that hold events or counters: what a refused question may leave there, and why.
EVENTS = {
    "devices": "a push is a phone's heartbeat: when it was heard, and what it says it holds",
    "refusals": "a readable fact that is refused is kept, uncounted",
    "photo_refs": "and the photos that it names are not swept: its author may send it again",
    "login_failures": "wrong passwords are counted",
    "notice_choices": "wrong codes for a mail address are counted",
}
EVENTS_OF = {
    "POST /api/sync/push": ("devices", "refusals", "photo_refs"),
    "POST /login": ("login_failures",),
    "POST /account": ("login_failures",),
    "POST /account/again": ("login_failures",),
    "POST /login/code": ("login_failures",),
    "POST /account/notices/mail/proof": ("notice_choices",),
    "POST /rescue/import": ("refusals", "photo_refs"),
}
# What was done to the database before a question: every session's password was entered long ago.
LONG_AGO = ("UPDATE devices SET proved_at = NULL",)


@dataclass(frozen=True)
class Row:
    """A question and its answers: ``who`` gives those of the actors it names, ``rest`` that of all others.

    Who is not signed in is sent to do so, and who has a temporary password to change it, unless they are named.
    """

    who: Mapping[str, str]  # {answer: actors}
    rest: str = "404"
    args: Mapping[str, str] = field(default_factory=dict)  # the places of the route's address
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    json: object = None
    fact: Mapping | None = None  # what a push brings, its open part; ``id``, ``personal`` beside it
    id: str | None = None  # of the fact; else a new one
    file: str | None = None  # the text of a file that the form brings
    waits: tuple | None = None  # a preview that waits: (what, whose, unit, header, rows)
    photo: str | None = None  # what the photo shows that a PUT brings
    rescue: tuple | None = None  # whose queue the form brings as a file, and its facts: (author, fact, …)
    sought: str = ""  # what was searched for under the key in the address, kept in the browser's cookie
    searcher: str = "me"  # by whom
    session: Callable | None = None  # of the world: what more stands in the cookie of the session
    given: tuple[str, ...] = ()  # SQL: what is otherwise than in the world as it was built
    headers: Mapping[str, str] = field(default_factory=dict)
    shows: str = ""  # what each page that is shown holds
    tells: str = ""  # the department that the answer may tell of, though the actor has no part in it
    never: str = ""  # what stands in no row that is new in a table
    quiet: bool = False  # an accepted one that changes nothing: a look at what would be
    tables: Mapping[str, str] = field(default_factory=dict)  # {actors: exactly the tables that change}
    own: bool = False  # of nobody's department: not asked about another one
    name: str = ""  # what a planted hole calls the row
    by: str = ""  # who ask: all, unless it is a variation of a question that all ask

    def expected(self, who: str, method: str, path: str, query: Mapping[str, str]) -> str:
        """The exact answer to ``who`` at the address."""
        for said, actors in self.who.items():
            if who in actors.split():
                return said
        if who in SIGNED_OUT:
            return sign_in(method, path, query)
        if who == "temporary":
            return "403" if path.startswith("/api/") else "302 /account"
        return self.rest


def sign_in(method: str, path: str, query: Mapping[str, str]) -> str:
    """What is said to whoever is not signed in: a page is come back to, a form is not."""
    if path.startswith("/api/"):
        return "401"
    if method != "GET":
        return "302 /login"
    full = f"{path}?{urlencode(query)}" if query else path
    return f"302 /login?{urlencode({'next': full})}"


def filled(value, things: Mapping):
    """The value with its places filled in, in whatever it holds."""
    if isinstance(value, str):
        return value.format_map(things)
    if isinstance(value, Mapping):
        return {filled(key, things): filled(one, things) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [filled(one, things) for one in value]
    return value


def everyone(said: str = "200", **more) -> Row:
    """Anybody, signed in or not."""
    return Row({said: ALL}, own=True, **more)


def signed_in(said: str = "200", **more) -> Row:
    """Anybody who is signed in with an own password."""
    return Row({said: SIGNED_IN}, own=True, **more)


def unproved(by: str = SOME, **more) -> Row:
    """Where the password is asked for again, before anything is said of what the address names."""
    return signed_in("403 again", given=LONG_AGO, name="unproved", by=by, **more)
