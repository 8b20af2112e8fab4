"""A world brought to a real server: lists and seals at the desk, records as phones push them, the clock in our hand."""

import hashlib
import io
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from tests.cast import Cast, client_for
from tests.databases import dispose, settings_for
from tests.independent.world import (
    DAY,
    Closing,
    Discarded,
    Excepted,
    HandedOver,
    Listed,
    PointChange,
    Record,
    RoleEnded,
    RoleGiven,
    Sealed,
    Thing,
    Turned,
    Volumes,
    Withdrawal,
    World,
    at,
)
from webapp import create_app
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.journal.rules import fact_digest, personal_hash
from webapp.org.dated_attributes import begin
from webapp.org.models import Person, Role, Route, RouteCarrier, Unit
from webapp.recording.changes import roles, units
from webapp.recording.facts import rulings
from webapp.recording.facts.registry import FACT_TYPES
from webapp.recording.operations import record_at_desk
from webapp.registers.models import RelayChange, RelayPoint
from webapp.rulebook.models import DayException, DeliveryDays
from webapp.sampling import rules as sampling_rules

REGION, LEAGUE, COUNTY, DEPARTMENT = "15", "1525", "152502", "152502009"
PLACES = {"department": DEPARTMENT, "county": COUNTY}
HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}
FAILS = {
    "receipt": "signed", "return": "true", "watch": "address", "parcel": "intact", "letter": "address",
    "relay": "stored",
}  # fmt: skip


def powers() -> frozenset[str]:
    """What this server can be told of what a world may hold."""
    known = {
        "hand-over": "handover" in FACT_TYPES,
        "ledger-day": hasattr(Unit, "ledger_from"),
        "together": hasattr(sampling_rules, "RETURNED"),
        "ahead": hasattr(RelayChange, "made_on"),
    }
    return frozenset(name for name, here in known.items() if here)


class Undelivered(Exception):
    """The server answered a delivery in a way that the world did not expect."""


@contextmanager
def clock_of_our_own() -> Iterator[None]:
    """The server's clock may be set while this lasts."""
    real = clock.now
    try:
        yield
    finally:
        clock.now = real


def set_clock(now: datetime) -> None:
    """It is ``now``."""
    clock.now = lambda: now


class Server:
    """A real app with one department; :meth:`until` lets time pass, :meth:`ledger` asks."""

    def __init__(self, world: World, template, folder: Path):
        self.world, self.template = world, template
        folder.mkdir(parents=True, exist_ok=True)
        self.url = template.fresh(folder)
        # Months go by in it, and nobody signs in anew.
        years = {"OFFICE_IDLE_HOURS": 10**5, "OFFICE_DAYS": 10**4, "FIELD_DAYS": 10**4}
        self.app = create_app({**settings_for(self.url, folder), **years})
        self.cast = Cast()
        self.ids: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.lists: dict[date, str] = {}
        self.rest = list(world.arrivals)
        self.clients: dict = {}
        set_clock(at(min(world.opened, world.first) - DAY, 12))
        with self.app.app_context(), transaction() as session:
            self._build(session)

    def close(self) -> None:
        """Give the database back."""
        dispose(self.app)
        self.template.discard(self.url)

    # ------------------------------------------------------------ what is there from the beginning

    def _build(self, session) -> None:
        world, path, long_ago = self.world, "/", date(2020, 1, 1)
        chain = ((REGION, None, "region"), (LEAGUE, REGION, "league"), (COUNTY, LEAGUE, "county"))
        for code, parent, level in (*chain, (DEPARTMENT, COUNTY, "department")):
            path = f"{path}{code}/"
            unit = Unit(
                code=code, parent_code=parent, level=level, name=f"单位{code}", opened_on=long_ago, path=path
            )
            if level == "department":
                unit.setting, unit.opened_on = world.setting, world.opened
                if world.ledger_first > world.opened:
                    unit.ledger_from = world.ledger_first
                unit.closed_on = None if world.closing_told else world.closed
            session.add(unit)
            session.flush()
            begin(session, unit)
        for login in sorted({grant.login for grant in world.grants}):
            self.cast.people[login] = new_id()
            person = Person(
                id=self.cast.people[login],
                login=login,
                name=f"姓{login}",
                created_at=clock.now(),
                language="en",
            )
            session.add(person)
        session.flush()
        for grant in world.grants:
            role = Role(id=new_id(), person_id=self.cast.people[grant.login], role=grant.role)
            role.unit_code, role.first_day, role.last_day = PLACES[grant.place], grant.first, grant.last
            session.add(role)
        self._calendar(session)
        for code, walker in world.routes.items():
            route = Route(id=self.id_of(f"route {code}"), unit_code=DEPARTMENT, code=code, name=f"{code}段")
            session.add(route)
            session.flush()
            walked = RouteCarrier(id=new_id(), route_id=route.id, first_day=long_ago)
            walked.person_id = self.cast.people[walker]
            session.add(walked)
        for name, opened in world.points.items():
            self.ids[name] = new_id()
            session.add(
                RelayPoint(
                    id=self.ids[name],
                    unit_code=DEPARTMENT,
                    name=name,
                    initials="d",
                    kind="village",
                    opened_on=opened,
                )
            )

    def _calendar(self, session) -> None:
        for first, mask in self.world.masks:
            session.add(DeliveryDays(unit_code=DEPARTMENT, first_day=first, mask=mask))
        for day, delivers in self.world.exceptions.items():
            session.add(DayException(unit_code=DEPARTMENT, day=day, delivers=delivers, name="例外"))

    # ------------------------------------------------------------ time passes

    def client(self, login: str):
        """The person's phone or browser, signed in."""
        if login not in self.clients:
            self.clients[login] = client_for(self.app, self.cast, login)
        return self.clients[login]

    def tick(self) -> None:
        """What cron does."""
        done = self.app.test_cli_runner().invoke(args=["tick"])
        if done.exit_code:
            raise Undelivered(f"tick: {done.output} {done.exception!r}")

    def verify(self) -> str:
        """What ``flask ledger verify`` finds at fault; empty where the stored lines are what the facts say."""
        done = self.app.test_cli_runner().invoke(args=["ledger", "verify"])
        return done.output if done.exit_code else ""

    def until(self, moment: datetime) -> None:
        """Everything that arrives until the moment, in order; then it is that moment."""
        due = [arrival for arrival in self.rest if arrival.at <= moment]
        self.rest = self.rest[len(due) :]
        for (when, who), batch in groupby(due, key=lambda a: (a.at, getattr(a.what, "author", None))):
            set_clock(when)
            if who is None:
                for arrival in batch:
                    self._at_the_desk(arrival.what)
            else:
                self._push(who, [arrival.what for arrival in batch])
        set_clock(moment)

    def _director(self) -> str:
        today = clock.local_date(clock.now())
        return self.world.with_role("director", today)[0]

    def _at_the_desk(self, what) -> None:
        if isinstance(what, HandedOver):
            with self.app.app_context(), transaction() as session:
                self._hand_over(session, what)
            return
        if not isinstance(what, Listed | Sealed | Discarded):
            with self.app.app_context(), transaction() as session:
                self._by_the_county(session, what)
            return
        client = self.client(self._director())
        match what:
            case Listed():
                self.lists[what.about] = self._import(client, what) or self.lists.get(what.about)
            case Sealed() | Discarded():
                verb = "seal" if isinstance(what, Sealed) else "discard"
                answer = client.post(f"/manifests/{self.lists[what.about]}/{verb}")
                if answer.status_code != 302:
                    raise Undelivered(f"{what}: {answer.status_code} {_words(answer)[:300]}")

    def _hand_over(self, session, handed: HandedOver) -> None:
        now = clock.now()
        today = clock.local_date(now)
        body = {
            "type": "handover", "unit": DEPARTMENT, "acting": DEPARTMENT, "date": today.isoformat(),
            "about": handed.about.isoformat(), "to": self.cast.people[handed.to], "reason": "替班",
            **({"route": self.id_of(f"route {handed.route}")} if handed.route else {"numbers": list(handed.numbers)}),
        }  # fmt: skip
        record_at_desk(session, self.cast.actor(session, self._director(), today), now, body)

    def _by_the_county(self, session, what) -> None:
        now = clock.now()
        me = self.cast.actor(session, "county", clock.local_date(now))
        match what:
            case Closing():
                units.close(session, me, now, DEPARTMENT, what.closed - DAY)
            case Turned():
                units.set_setting(
                    session, me, now, DEPARTMENT, {"first_day": what.first, "setting": what.setting}
                )
            case Excepted():
                more = {
                    "day": what.day.isoformat(),
                    "delivers": what.delivers,
                    "name": "例外",
                    "reason": "补记",
                }
                unit = session.get(Unit, DEPARTMENT)
                record_at_desk(session, me, now, rulings.body(me, unit, now, "calendar", "exception", **more))
            case RoleGiven(grant):
                form = {
                    "role": grant.role,
                    "unit": DEPARTMENT,
                    "first_day": grant.first,
                    "last_day": grant.last,
                }
                roles.give_role(session, me, now, self.cast.people[grant.login], form)
            case RoleEnded():
                held = select(Role.id).where(
                    Role.person_id == self.cast.people[what.login], Role.role == what.role
                )
                role_id = session.scalar(held.where(Role.last_day.is_(None)))
                roles.end_role(session, me, now, self.cast.people[what.login], role_id, what.last)

    def _import(self, client, listed: Listed) -> str | None:
        lines = ["number,class,route,carrier,returned"]
        lines += [
            f"{r.number},{r.mail_class},{r.route or ''},{r.carrier or ''},{int(r.returned)}"
            for r in listed.rows
        ]
        form = {"day": listed.about.isoformat(), "file": (io.BytesIO("\n".join(lines).encode()), "list.csv")}
        seen = client.post(
            f"/manifests/import?unit={DEPARTMENT}", data=form, content_type="multipart/form-data"
        )
        waiting = re.search(r'name="rows" value="([^"]+)"', seen.text)
        if not waiting:
            raise Undelivered(f"{listed.about}: {seen.status_code} {_words(seen)[:600]}")
        done = client.post(f"/manifests/import/confirm?unit={DEPARTMENT}", data={"rows": waiting[1]})
        if done.status_code != 302:
            raise Undelivered(f"{listed.about}: {done.status_code} {_words(done)[:600]}")
        return done.location.rpartition("/")[2].partition("?")[0]

    # ------------------------------------------------------------ as phones push

    def _push(self, login: str, batch: list) -> None:
        facts = [self._envelope(what) for what in batch]
        body = {"device_time": clock.now().isoformat(), "facts": facts}
        answer = self.client(login).post("/api/sync/push", json=body, headers=HEADERS)
        if answer.status_code != 200:
            raise Undelivered(f"push of {login}: {answer.status_code} {answer.text[:300]}")
        for what, result in zip(batch, answer.json["results"], strict=True):
            if result["state"] == "refused":
                self.refused[what.key] = f"{result['problem']['code']} {result['problem']['fields']}"
            elif result["held"]:
                raise Undelivered(f"{what}: held for {result['held']}")

    def id_of(self, key: str) -> str:
        """The id of a fact or point; made when it is first spoken of."""
        return self.ids.setdefault(key, new_id())

    def _envelope(self, what) -> dict:
        opened, personal = self._texts(what)
        texts = json.dumps(opened, ensure_ascii=False), json.dumps(personal) if personal else ""
        salt = secrets.token_hex(16)
        digest = fact_digest(texts[0], personal_hash(salt, texts[1]))
        return {
            "id": self.id_of(what.key),
            "open": texts[0],
            "personal": texts[1],
            "salt": salt,
            "digest": digest,
        }

    def _texts(self, what) -> tuple[dict, dict]:
        acting = COUNTY if what.author == "county" else DEPARTMENT
        head = {"v": 1, "unit": DEPARTMENT, "acting": acting, "date": what.day.isoformat()}
        match what:
            case Withdrawal():
                return {
                    **head,
                    "type": "withdrawal",
                    "target": self.id_of(what.target),
                    "reason": "写错了",
                }, {}
            case Volumes():
                said = {name: {"items": n, "returned": back} for name, (n, back) in what.said.items()}
                more = {} if what.together is None else {"returned": what.together}
                return {
                    **head,
                    "type": "volume",
                    "about": what.about.isoformat(),
                    "volumes": said,
                    **more,
                }, {}
            case PointChange():
                more = {"values": {"name": what.point, "kind": "village"}} if what.op == "open" else {}
                point = {"point": self.id_of(what.point), "op": what.op, "day": what.holds.isoformat()}
                return {**head, "type": "point", **point, **more}, {}
        return self._record(what, head)

    def _record(self, record: Record, head: dict) -> tuple[dict, dict]:
        opened = {
            **head,
            "acting": PLACES[record.acting],
            "type": "selection" if record.kind == "watch-pick" else "inspection",
            "kind": record.kind,
            "method": "call" if record.kind == "watch" else "on-site",
            "ended": record.made.isoformat(),
            "items": [self._thing(record.kind, thing) for thing in record.things] or [{"subject": "-"}],
        }
        header = dict(record.header)
        if record.about:
            opened["about"] = record.about.isoformat()
        if record.amends:
            opened["amends"] = self.id_of(record.amends)
        if "present" in header:
            header["present"] = [self.cast.people[record.author]]
        if header:
            opened["header"] = header
        return opened, {"notes": {"header.notes": "记录"}} if header.get("notes") else {}

    def _thing(self, kind: str, thing: Thing) -> dict:
        subject = self.id_of(thing.subject) if kind == "relay" else thing.subject
        item = {"subject": subject, "verdict": thing.verdict, "answers": {}, "photos": []}
        if thing.verdict == "fail":
            item["answers"] = {FAILS.get(kind, "recorded"): "fail"}
        if kind == "relay" or (kind == "return" and thing.verdict == "fail"):
            digest = hashlib.sha256(secrets.token_bytes(8)).hexdigest()
            item["photos"] = [{"sha256": digest, "size": 1000, "type": "image/webp"}]
        if kind == "relay":
            item["position"] = "no-device"
        more = {"class": thing.mail_class, "stratum": thing.stratum, "tag": thing.tag}
        return {**item, **{name: value for name, value in more.items() if value}}

    # ------------------------------------------------------------ what the server says

    def ledger(self, period: str) -> dict[str, dict]:
        """{duty: row} of ``/api/ledger``."""
        answer = self.client("county").get(
            f"/api/ledger?unit={DEPARTMENT}&period={period}", headers={"Accept-Language": "en"}
        )
        if answer.status_code != 200:
            raise Undelivered(f"ledger of {period}: {answer.status_code} {answer.text[:300]}")
        return {row["duty"]: row for row in answer.json["ledger"]}


def _words(answer) -> str:
    text = re.sub(r"(?s)<(script|style|svg|head|header|nav).*?</\1>", " ", answer.text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
