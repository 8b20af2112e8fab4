"""A real server in which cases happen: the cast with a few more people, lists, points; facts pushed as phones push them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from tests import cast as company
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, REGION, RURAL, client_for
from tests.databases import dispose, settings_for
from tests.independent.cases import BEIJING, Found, Left, Moved, Offices, Ordered, Post, Undone
from tests.independent.delivery import HEADERS, Undelivered, set_clock
from webapp import create_app
from webapp.cases.models import Case, Occurrence
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.journal.rules import fact_digest, personal_hash
from webapp.org.models import Person, Role
from webapp.org.queries import unit_for
from webapp.recording.changes import roles
from webapp.recording.changes.lists import change_list
from webapp.recording.facts import rulings
from webapp.recording.operations import record_at_desk
from webapp.sampling import handovers, imports
from webapp.sampling.schemas import Row

# What the cast lacks: a second one where only one may look again, so that there are two who could.
MORE = (
    ("inspector2", "inspector", CITY),
    ("county2", "county_manager", COUNTY),
    ("league2", "league_inspector", LEAGUE),
)
ABOVE = {
    REGION: None,
    LEAGUE: REGION,
    COUNTY: LEAGUE,
    NEXT_COUNTY: LEAGUE,
    CITY: COUNTY,
    RURAL: COUNTY,
    NEXT_RURAL: NEXT_COUNTY,
}
HEAD = {
    REGION: "region_supervisor", LEAGUE: "league_inspector", COUNTY: "county_manager", NEXT_COUNTY: "county_manager",
    CITY: "director", RURAL: "director", NEXT_RURAL: "director",
}  # fmt: skip
ON_ROUTE_1, ON_ROUTE_2, BY_HAND, HANDED_OVER = (f"988012340000{n}" for n in range(1, 5))
LISTED = (ON_ROUTE_1, ON_ROUTE_2, BY_HAND, HANDED_OVER)


@dataclass(frozen=True)
class Outcome:
    """What the server said of one fact."""

    state: str
    code: str | None = None


class Office:
    """The server; every event of a world is brought to it under the key that names it."""

    def __init__(self, template, folder: Path, begun: datetime, chance: Random):
        self.template, self.chance = template, chance
        folder.mkdir(parents=True, exist_ok=True)
        self.url = template.fresh(folder)
        years = {"OFFICE_IDLE_HOURS": 10**5, "OFFICE_DAYS": 10**4, "FIELD_DAYS": 10**4}
        self.app = create_app({**settings_for(self.url, folder), **years})
        self.clients: dict = {}
        self.sent: dict[str, dict] = {}
        set_clock(begun)
        self.cast = company.build_in(self.app)
        self.logins = {person: login for login, person in self.cast.people.items()}
        with self.app.app_context(), transaction() as session:
            rulings.keep_public_days(session, begun)
            for login, role, unit in MORE:
                person = Person(id=new_id(), login=login, name=f"姓{login}", created_at=begun)
                session.add(person)
                session.flush()
                self.cast.people[login], self.logins[person.id] = person.id, login
                grant = Role(
                    id=new_id(), person_id=person.id, unit_code=unit, role=role, first_day=date(2026, 1, 1)
                )
                session.add(grant)
        self._list(begun)

    def close(self) -> None:
        """Give the database back."""
        dispose(self.app)
        self.template.discard(self.url)

    def offices(self) -> Offices:
        """The same people for the second computation."""
        posts = [
            Post(self.cast.people[login], role, unit, first, last)
            for login, _, held in company.PEOPLE
            for role, unit, first, last in held
            if role != "admin"
        ]
        posts += [Post(self.cast.people[login], role, unit) for login, role, unit in MORE]
        return Offices(ABOVE, HEAD, posts)

    def _list(self, begun: datetime) -> None:
        """Items on yesterday's list: by route, by a named person alone, and one that changed hands."""
        people, first, second = self.cast.people, self.cast.routes[CITY, "1"], self.cast.routes[CITY, "2"]
        rows = [
            Row(2, ON_ROUTE_1, "parcel", first), Row(3, ON_ROUTE_2, "parcel", second),
            Row(4, BY_HAND, "parcel", None, people["carrier2"]), Row(5, HANDED_OVER, "parcel", first),
        ]  # fmt: skip
        day, at = clock.local_date(begun), begun
        with self.app.app_context(), transaction() as session:
            me = self.cast.actor(session, "director", day)
            where = unit_for(session, me, CITY)
            change_list(
                session,
                me,
                at,
                where,
                day,
                lambda keeper: imports.import_rows(session, keeper, at, where, day, rows),
            )
            record_at_desk(
                session,
                me,
                at,
                handovers.handover_body(where, day, day, people["carrier2"], "替班", numbers=[HANDED_OVER]),
            )

    # ------------------------------------------------------------ what is sent

    def push(
        self, event: Found | Undone | Moved, open: dict, personal: dict, skew: timedelta = timedelta()
    ) -> Outcome:
        """As the person's phone sends it, whose clock is ``skew`` behind."""
        set_clock(event.at)
        texts = (
            json.dumps(open, ensure_ascii=False),
            json.dumps(personal, ensure_ascii=False) if personal else "",
        )
        salt = f"{self.chance.getrandbits(128):032x}"
        name = event.key if not isinstance(event, Undone) else new_id()
        self.sent[name] = {
            "id": name, "open": texts[0], "personal": texts[1], "salt": salt,
            "digest": fact_digest(texts[0], personal_hash(salt, texts[1])),
        }  # fmt: skip
        return self._push(self._who(event), name, event.at - skew)

    def again(self, name: str, who: str, at: datetime) -> Outcome:
        """The same bytes once more: the answer was lost on the way."""
        set_clock(at)
        return self._push(who, name, at)

    def _push(self, who: str, name: str, device: datetime) -> Outcome:
        body = {"device_time": device.isoformat(), "facts": [self.sent[name]]}
        answer = self.client(who).post("/api/sync/push", json=body, headers=HEADERS)
        if answer.status_code != 200:
            raise Undelivered(f"push: {answer.status_code} {answer.text[:300]}")
        [result] = answer.json["results"]
        if result["held"]:
            raise Undelivered(f"held for {result['held']}: {self.sent[name]['open']}")
        return Outcome(result["state"], result["problem"] and result["problem"]["code"])

    @staticmethod
    def _who(event) -> str:
        return event.finder if isinstance(event, Found) else event.who

    def client(self, who: str):
        """The person's phone, signed in."""
        if who not in self.clients:
            self.clients[who] = client_for(self.app, self.cast, self.logins[who])
        return self.clients[who]

    def order(self, event: Ordered, case_ids: list[str]) -> str | None:
        """At the desk; the id under which it was opened, None where it was refused."""
        set_clock(event.at)
        day = clock.local_date(event.at)
        open = {
            "type": "case-order", "unit": event.unit, "acting": event.acting, "date": day.isoformat(),
            "cases": case_ids, "deadline": event.until.isoformat(),
        }  # fmt: skip
        try:
            with self.app.app_context(), transaction() as session:
                me = self.cast.actor(session, self.logins[event.who], day)
                return record_at_desk(session, me, event.at, open, {"notes": {"text": event.text}}).id
        except Problem:
            return None

    def leave(self, event: Left) -> bool:
        """The county ends a role; False where the server would not have it."""
        set_clock(event.at)
        held = select(Role.id).where(
            Role.person_id == event.who, Role.role == event.role, Role.unit_code == event.unit
        )
        keeper = "nextcounty" if event.unit == NEXT_RURAL else "county"
        try:
            with self.app.app_context(), transaction() as session:
                me = self.cast.actor(session, keeper, clock.local_date(event.at))
                role = session.scalar(held.where(Role.last_day.is_(None)))
                if role is None:
                    return False
                roles.end_role(session, me, event.at, event.who, role, event.last)
        except Problem:
            return False
        return True

    def read(self, question):
        """The answer of ``question(session)`` in a fresh session that writes nothing."""
        with self.app.app_context():
            found = question(db.session)
            db.session.rollback()
        return found

    def case_ids(self) -> dict[tuple, str]:
        """{(kind, criterion, place), unit, records: id} of the problems: the server's, by what they are about."""

        def ask(session) -> dict:
            records: dict[str, set[str]] = {}
            for case, record in session.execute(select(Occurrence.case_id, Occurrence.inspection_id)):
                records.setdefault(case, set()).add(record)
            return {
                (
                    (one.kind, one.criterion, (one.place_kind, one.place)),
                    one.unit_code,
                    frozenset(records[one.id]),
                ): one.id
                for one in session.scalars(select(Case))
                if one.id in records
            }

        return self.read(ask)

    def author_of(self, name: str) -> str:
        """Who made the fact."""
        return self.read(lambda session: session.get(Fact, name).author_id)

    def made_up_photo(self) -> str:
        """The digest of a photo that nothing has named before."""
        return hashlib.sha256(self.chance.randbytes(8)).hexdigest()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of the place."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING)
