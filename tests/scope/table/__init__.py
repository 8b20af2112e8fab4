"""The table: every route with who gets what. A new route's row goes into the file of its noun.

``{"METHOD /route": (row, …)}``; a HEAD is asked wherever a GET is.
"""

from tests.scope.rows import Row
from tests.scope.table import (
    cases,
    documents,
    entrance,
    forms,
    ledger,
    lists,
    mornings,
    notices,
    people,
    phones,
    plans,
    points,
    pushes,
    reviews,
    rulings,
    signing,
    units,
    waiting,
)

AREAS = {
    "entrance": entrance.ROWS,
    "phones": phones.ROWS,
    "pushes": pushes.ROWS,
    "people": people.ROWS,
    "units": units.ROWS,
    "ledger": ledger.ROWS,
    "cases": cases.ROWS,
    "forms": forms.ROWS,
    "documents": documents.ROWS,
    "lists": lists.ROWS,
    "mornings": mornings.ROWS,
    "notices": notices.ROWS,
    "plans": plans.ROWS,
    "points": points.ROWS,
    "reviews": reviews.ROWS,
    "rulings": rulings.ROWS,
    "signing": signing.ROWS,
    "waiting": waiting.ROWS,
}
TABLE: dict[str, tuple[Row, ...]] = {route: rows for area in AREAS.values() for route, rows in area.items()}
