"""The desk behind a real address, with something on each of its pages, and a page in which somebody is signed in."""

import threading
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select
from werkzeug.serving import make_server as serve

from tests import cast as company
from tests.cases import cases_in
from tests.cast import CITY, COUNTY, RURAL
from tests.desk_lists import drawn_by_hand, imported, items, listed, one, post
from tests.desk_records import envelope, inspection, parcels, send, today
from tests.integration.ledger.test_duty_book import form
from webapp.core.database import transaction
from webapp.org.models import Route, Unit
from webapp.rulebook.periods import period_of


class Served:
    """The app of a test behind a real address."""

    def __init__(self, app, cast):
        self.app, self.cast, self.ids = app, cast, {}
        self.lists: list[str] = []
        self.cases: list[str] = []
        self._server = serve("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def cookie(self, login: str) -> dict:
        """The session cookie of ``login``, as a browser keeps it."""
        client = company.client_for(self.app, self.cast, login)
        found = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return {"name": found.key, "value": found.value, "url": self.url}

    def pages(self) -> list[str]:
        """One address of each page, with something on it."""
        week = period_of("week", today()).code
        return [
            "/morning",
            f"/manifests?unit={COUNTY}",
            f"/points?unit={COUNTY}",
            f"/ledger/charts?unit={COUNTY}&duty=parcel-check&period={period_of('month', today()).code}",
            f"/ledger?unit={COUNTY}&period={week}",
            f"/ledger?unit={CITY}&period={today().isoformat()}",
            f"/ledger/{CITY}/parcel-check/{week}",
            f"/inspections/{self.ids['failed']}",
            f"/inspections/{self.ids['corrected']}",
            f"/ledger/{COUNTY}/onsite-depts/{today():%Y-%m}",
            f"/records/reviews?unit={COUNTY}",
            f"/records/reviews/relay-review/{CITY}/{period_of('month', today()).previous().code}",
            f"/records/reviews/unit-analysis/{COUNTY}/{today():%Y-%m}",
            f"/records/visits?unit={CITY}",
            f"/cases?unit={COUNTY}",
            f"/cases?unit={COUNTY}&found=2001",
            f"/cases?unit={COUNTY}&view=board",
            f"/cases?unit={COUNTY}&state=all&kind=parcel&sort=newest",
            *self.cases,
            f"/attention?unit={COUNTY}",
            "/rescue",
            f"/rules?unit={COUNTY}",
            f"/rules/override?unit={COUNTY}&duty=letter-check-city",
            "/rules/editions",
            "/rules/editions/compare?all=1",
            f"/calendar?unit={CITY}&month=2026-10",
            f"/calendar?unit={COUNTY}",
            f"/points?unit={CITY}",
            f"/points?unit={CITY}&state=unconfirmed&search=nothing",
            f"/points/{self.cast.points['额尔敦社区居委会']}",
            f"/points/{self.cast.points['额尔敦社区居委会']}/edit",
            f"/points/new?unit={CITY}",
            f"/points/import?unit={CITY}",
            f"/units?unit={COUNTY}",
            f"/units/{CITY}",
            f"/units/{RURAL}",
            "/units/import",
            f"/inspections/{self.ids['meeting']}",
            f"/inspections/{self.ids['balance']}",
            "/find?q=hmsq",
            "/find?q=98",
            f"/watch?unit={CITY}",
            "/devices",
            "/events",
            f"/people?unit={CITY}",
            f"/people/{self.cast.people['carrier']}",
            f"/people/new?unit={CITY}",
            f"/rules?unit={CITY}",
            f"/ledger/charts?unit={CITY}",
            *self.lists,
            "/no-such-page",
        ]


@contextmanager
def serving(make_app, work):
    """A company on SQLite with the ``work`` done, and its server."""
    app = make_app("sqlite")
    served = Served(app, company.build_in(app))
    try:
        work(served)
        yield served
    finally:
        served.stop()


@contextmanager
def browsing(context, served, login="county", strict=True):
    """A page in which ``login`` is signed in; nothing may be reported to the console, CSP violations least of all.

    Not ``strict`` where axe runs: it tries inline styles of its own, which the policy rightly blocks.
    """
    context.add_cookies([served.cookie(login)])
    page, said = context.new_page(), []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert not strict or said == []
    page.close()


def everything(served: Served) -> None:
    """Something of everything: failed, corrected, held, contested, refused, with a photo still on the phone."""
    items = parcels(20, failed=9)
    items[-1]["photos"] = [{"sha256": "ab" * 32, "size": 1000, "type": "image/jpeg"}]
    first = envelope(inspection(items), {"notes": {"19": "放在超市，收件人不知情"}})
    second = envelope(inspection(parcels(20, first=40)))
    correction = envelope(inspection(parcels(20, failed=1, first=40), amends=second["id"]))
    other = envelope(inspection(parcels(19, failed=1)), id=first["id"])
    ahead = envelope(inspection(parcels(20), date=(today() + timedelta(days=1)).isoformat()))
    refused = envelope(inspection(parcels(20), kind="receipt", about=today().isoformat()))
    states = [
        send(served.app, served.cast, "lead", each).state
        for each in (first, second, correction, other, ahead, refused)
    ]
    assert states == ["stored", "stored", "stored", "conflict", "stored", "refused"]
    served.ids = {"failed": first["id"], "corrected": second["id"], **_books(served)}
    served.lists = _lists(served)
    served.cases = _cases(served)


def _books(served: Served) -> dict[str, str]:
    """A balance with a gap, the meeting that speaks of it, a change of the register with two contents, and what is closed."""
    cast, day = served.cast, today().isoformat()
    gap = {"opening": 3, "received": 9, "delivered": 8, "returned": 1, "forwarded": 0, "carried": 2}
    balance = envelope(form("balance", header=gap, about=day))
    head = {
        "present": [cast.people["lead"]],
        "problems": [f"{balance['id']}/0"],
        "requirements": ["补盖日戳"],
        "notes": 2,
    }
    meeting = envelope(form("meeting", header=head), {"notes": {"header.notes": "通报"}})
    own = {"v": 1, "type": "point", "unit": CITY, "acting": CITY, "date": day}
    change = own | {"point": cast.points["额尔敦社区居委会"], "op": "change"}
    first = envelope({**change, "values": {"address": "团结大街 5 号"}})
    other = envelope({**change, "values": {"address": "团结大街 7 号"}}, id=first["id"])
    shut = envelope(own | {"point": cast.points["甘珠尔社区居委会"], "op": "close", "reason": "拆迁"})
    sent = [send(served.app, cast, "director", each).state for each in (balance, meeting, first, other, shut)]
    assert sent == ["stored", "stored", "stored", "conflict", "stored"]
    with served.app.app_context(), transaction() as session:
        unit = session.get(Unit, RURAL)
        unit.closings = [[(today() - timedelta(days=n)).isoformat() for n in (9, 3)]]
        unit.closed_on = today()
        session.scalar(select(Route).where(Route.unit_code == RURAL)).closed_on = today()
    return {"meeting": meeting["id"], "balance": balance["id"]}


def _cases(served: Served) -> list[str]:
    """Pages of a case that was assigned, of an order about it and its sheet, and of their forms."""
    county = company.client_for(served.app, served.cast, "county")
    case = next(one.id for one in cases_in(served.app) if one.criterion == "feedback")
    county.post(f"/cases/{case}/assign", data={"owner": served.cast.people["carrier"]})
    asked = {"acting": COUNTY, "case": case, "text": "限期整改", "deadline": f"{today() + timedelta(days=9)}"}
    order = county.post("/cases/orders", data=asked).location
    county.post("/cases/views", data={"unit": COUNTY, "due": "overdue", "name": "超期"})
    return [
        f"/cases/{case}",
        f"/cases/{case}?on={today()}",
        order,
        f"{order}/sheet",
        f"/cases/assign?case={case}",
        f"/cases/orders/new?case={case}",
        f"/cases/orders/new?unit={COUNTY}",
    ]


def _lists(served: Served) -> list[str]:
    """A draft, a sealed list and a revealed draw with a void, and volumes with a history; the addresses of their pages."""
    director = company.client_for(served.app, served.cast, "director")
    days = [today() - timedelta(days=n) for n in range(4)]
    made = [imported(director, listed(31), day=day) for day in days[:3]]
    for manifest in made[1:]:
        post(director, manifest, "seal")
    post(director, made[2], "reveal")
    drawn = drawn_by_hand(one(served.app, made[2]).seed, items(served.app, made[2]))[0]
    post(director, made[2], "void", number=drawn, reason="邮件改退")
    for typed in ("35", "0"):
        director.post(f"/volumes?unit={CITY}&day={days[3]}", data={"items-parcel": typed})
    return [
        f"/manifests?unit={CITY}",
        f"/manifests?unit={CITY}&month={today():%Y-%m}",
        *(f"/manifests/{manifest}" for manifest in made),
        f"/volumes?unit={CITY}&day={days[1]}",
        f"/volumes?unit={CITY}&day={days[3]}",
    ]
