"""Every page that the roles of today open: the navigation, the menu of the account and the box that finds ask these tables alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _

from webapp.desk.cases.asked import reader_of
from webapp.desk.cases.issuing import issuers
from webapp.org.rules import Actor


@dataclass(frozen=True)
class Way:
    """A page, and whom it is open to: an action that the actor may do somewhere, a question, or None for everybody."""

    opens: str | Callable[[Actor], bool] | None
    url: str
    icon: str
    label: object

    def open_to(self, me: Actor) -> bool:
        """Whether the page is one of the actor's."""
        if self.opens is None:
            return True
        return bool(me.reach(self.opens)) if isinstance(self.opens, str) else self.opens(me)


@dataclass(frozen=True)
class Entry:
    """A place in the navigation."""

    url: str
    icon: str
    label: object
    here: bool


# Where an action leads. The first that the person may do is the start page.
PLACES = (
    Way("oversee", "/morning", "sun", _("Morning")),
    Way("see-ledger", "/ledger", "ledger", _("Ledger")),
    Way("see-lists", "/manifests", "list", _("Lists")),
    Way("see-inspections", "/cases", "flag", _("Problems")),
    Way("see-documents", "/documents", "file", _("Documents")),
    Way("keep-register", "/points", "pin", _("Points")),
    Way("see-people", "/people", "people", _("People")),
    Way("work", "/app/", "field", _("Field app")),
)
# Of the account, and of what holds for everybody.
MENU = (
    Way("see-rules", "/rules", "book", _("Duties in force")),
    Way("see-rules", "/calendar", "calendar", _("Delivery calendar")),
    Way(None, "/devices", "phone", _("My phones")),
    Way(None, "/account/notices", "inbox", _("How I am told")),
    Way(None, "/account", "key", _("My account")),
)


def _may_order(me: Actor) -> bool:
    return bool(issuers(reader_of(me)))


# Pages that belong to a place or to the menu, one step behind it.
BEHIND = (
    Way("see-inspections", "/attention", "watch", _("To decide")),
    Way("work", "/cases?owner=mine", "flag", _("My problems")),
    Way("see-inspections", "/cases/figures", "chart", _("Figures of problems")),
    Way("see-ledger", "/ledger/charts", "chart", _("Charts of the ledger")),
    Way("see-ledger", "/ledger/print", "print", _("The ledger, to print")),
    Way("see-ledger", "/signing", "seal", _("Signature of the month")),
    Way("see-ledger", "/verify", "shield", _("Check a file")),
    Way("see-inspections", "/records/reviews", "check", _("Reviews and meetings")),
    Way("see-inspections", "/forms", "print", _("Forms")),
    Way("see-inspections", "/records/visits", "flag", _("Visits from above")),
    Way("see-plans", "/plans", "route", _("Special checks")),
    Way("see-lists", "/volumes", "list", _("Daily volumes")),
    Way("see-inspections", "/watch", "watch", _("Advance watch")),
    Way("see-register", "/points", "pin", _("Relay points")),
    Way("keep-units", "/units", "unit", _("Units")),
    Way("see-events", "/events", "clock", _("Events")),
    Way("keep-robots", "/notices/queue", "inbox", _("What is sent")),
    Way(None, "/notices", "inbox", _("Notices")),
    Way("see-rules", "/rules/editions", "book", _("Editions of the Measures")),
)
# What can be begun.
DEEDS = (
    Way(_may_order, "/cases/orders/new", "add", _("New work order")),
    Way("keep-plans", "/plans/new", "add", _("Plan a special check")),
    Way("keep-lists", "/manifests/import", "upload", _("Import a list")),
    Way("keep-register", "/points/new", "add", _("New point")),
    Way("keep-register", "/points/import", "upload", _("Import the register")),
    Way("keep-people", "/people/new", "add", _("New person")),
    Way("keep-units", "/units/import", "upload", _("Import units, routes and staff")),
    Way("keep-rules", "/rules/override", "edit", _("Ask for more")),
    Way(None, "/rescue", "file", _("Bring in a phone's queue")),
)

# Pages that belong to a place without standing below it.
BESIDE = {"/manifests": ("/manifests", "/volumes"), "/people": ("/people", "/events")}


def open_to(me: Actor, ways: Iterable[Way]) -> list[Way]:
    """Those of the ways that the actor's roles of today open; each address once."""
    found: dict[str, Way] = {}
    for way in ways:
        if way.url not in found and way.open_to(me):
            found[way.url] = way
    return list(found.values())


def entries(me: Actor) -> list[Entry]:
    """The places of the desk that the roles of today open."""
    return [Entry(way.url, way.icon, way.label, is_here(way.url)) for way in open_to(me, PLACES)]


def is_here(url: str) -> bool:
    """Whether the page that is asked for belongs to the place."""
    return request.path.startswith(BESIDE.get(url, url.rstrip("/")))


def named(me: Actor, text: str) -> list[Way]:
    """Pages and deeds of the actor whose label or address holds the text; of no text all of them, the navigation's first."""
    sought = text.casefold()
    known = open_to(me, (*PLACES, *DEEDS, *BEHIND, *MENU))
    return [
        way for way in known if sought in str(way.label).casefold() or sought in way.url and sought.isascii()
    ]
