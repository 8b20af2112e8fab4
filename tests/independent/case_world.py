"""A random world of cases: many people, records, corrections, withdrawals and moves tried by anybody, in any order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, POINTS, REGION, RURAL
from tests.independent.case_office import BY_HAND, HANDED_OVER, LISTED, ON_ROUTE_1, ON_ROUTE_2, Office, at
from tests.independent.case_telling import Told
from tests.independent.cases import (
    DAY,
    OVER,
    Failure,
    Followed,
    Found,
    Left,
    Moved,
    Ordered,
    Undone,
    same_day,
)
from webapp.core.ids import new_id

FIRST = (date(2026, 2, 9), date(2026, 4, 27), date(2026, 9, 14), date(2026, 11, 16), date(2026, 12, 18))
FINDERS = (
    ("inspector", CITY), ("inspector2", CITY), ("lead", CITY), ("head", RURAL), ("county", COUNTY), ("county2", COUNTY),
    ("nextcounty", NEXT_COUNTY), ("league", LEAGUE), ("region", REGION),
)  # fmt: skip
WHERE = {
    CITY: (CITY,), RURAL: (RURAL,), COUNTY: (CITY, CITY, RURAL), NEXT_COUNTY: (NEXT_RURAL,),
    LEAGUE: (CITY, RURAL, NEXT_RURAL), REGION: (CITY, NEXT_RURAL),
}  # fmt: skip
SEVERITY = {
    ("parcel", "feedback"): "ordinary", ("parcel", "signature"): "grave", ("relay", "sign"): "ordinary",
    ("relay", "no-backlog"): "grave", ("dept-visit", "upload"): "serious", ("dept-visit", "audited"): "ordinary",
    ("dept-visit", "backlog"): "grave",
}  # fmt: skip
MOVES = {
    "problem": ("assign", "shorten", "answer", "answer", "answer", "close", "close", "return", "ask", "grant", "deny", "dispute", "press", "reopen", "take-back", "take-back"),
    "dispute": ("uphold", "annul"),
    "work-order": ("receive", "refuse", "insist", "release", "report", "accept", "send-back", "ask", "grant", "deny"),
}  # fmt: skip
CARRIERS = {CITY: "carrier", RURAL: "head", NEXT_RURAL: "nextcarrier"}
ACTS = {
    "pass_time": 6,
    "find": 4,
    "move": 34,
    "correct": 2,
    "withdraw": 1,
    "order": 2,
    "leave": 0.6,
    "twice": 1,
}


def first_day(seed: int) -> date:
    """On which the world of the seed begins."""
    return FIRST[seed % len(FIRST)]


class World:
    """Brings what happens to the server and to the second computation alike; ``faults`` is where they differ."""

    def __init__(self, office: Office, seed: int, first: date):
        self.office, self.chance = office, Random(seed)
        self.begun, self.now = first, at(first, 9)
        self.told = Told(office.offices())
        self.people = office.cast.people
        self.records: dict[str, tuple[Found, dict]] = {}  # in force, with what was sent
        self.sent: dict[str, tuple[Found, dict]] = {}
        self.photos: list[str] = []
        self.refused: list[str] = []
        self.moved: dict[str, str] = {}  # what each stored one was
        self.faults: list[str] = []

    def steps(self, count: int) -> Iterator[str]:
        """So many things happen, one after the other; each is named."""
        for _ in range(count):
            name = self.chance.choices(list(ACTS), list(ACTS.values()))[0]
            yield f"{name}: {getattr(self, '_' + name)()}"

    def _pass_time(self) -> datetime:
        hours = self.chance.choice((1, 5, 20, 24, 30, 48, 70, 200))
        self.now += timedelta(hours=hours, minutes=self.chance.randrange(60))
        return self.now

    # ------------------------------------------------------------ records

    def _find(self) -> str:
        login, acting = self.chance.choice(FINDERS)
        unit = self.chance.choice(WHERE[acting])
        kinds = (
            ["relay"]
            if login == "lead"
            else ["parcel", "relay"]
            if acting == unit
            else ["parcel", "relay", "dept-visit"]
        )
        kind = "parcel" if login == "lead" else self.chance.choice(kinds)
        event = Found(new_id(), self._later(), self.now, self.people[login], acting, unit, ())
        return self._bring(event, kind)

    def _bring(self, event: Found, kind: str) -> str:
        behind = self.chance.choice((0, 0, 0, 1, 3))
        event = replace(event, ended=event.at - behind * DAY - timedelta(minutes=20))
        items, failures = self._items(kind, event.unit, same_day(event.ended))
        open = {
            "v": 1, "type": "inspection", "unit": event.unit, "acting": event.acting, "kind": kind, "method": "on-site",
            "date": same_day(event.ended).isoformat(), "ended": event.ended.isoformat(), "items": items,
        }  # fmt: skip
        personal = {}
        if kind == "dept-visit":
            open["header"], personal = {"findings": 4}, {"notes": {"header.findings": "检查情况"}}
        if event.instead:
            open["amends"] = event.instead
        shown = frozenset(photo["sha256"] for item in items for photo in item["photos"])
        event = replace(event, failures=tuple(failures), photos=shown)
        said = self.office.push(event, open, personal)
        if said.state == "refused":
            return f"refused: {said.code}"  # a role that ended: nothing to tell of it
        self.records.pop(event.instead, None)
        self.records[event.key] = self.sent[event.key] = (event, open)
        self.told.add(event)
        return f"{event.key} {kind} of {event.unit}: {len(failures)}"

    def _items(self, kind: str, unit: str, day: date) -> tuple[list[dict], list[Failure]]:
        """Some items, of which about half fail; what a failure is about follows from the lists, points and people of the unit."""
        items, failures = [], []
        for subject in self._subjects(kind, unit):
            wrong = [code for of, code in SEVERITY if of == kind and self.chance.random() < 0.4]
            item = {
                "subject": subject,
                "verdict": "fail" if wrong else "pass",
                "answers": dict.fromkeys(wrong, "fail"),
                "photos": [],
            }
            if kind == "relay":
                self.photos.append(self.office.made_up_photo())
                item |= {"photos": [{"sha256": self.photos[-1], "size": 900}], "position": "no-device"}
            if kind == "parcel":
                item["class"] = "parcel"
            place, carrier = self._place(kind, unit, subject, day)
            failures += [
                Failure(kind, code, SEVERITY[kind, code], place, subject, carrier) for code in sorted(wrong)
            ]
            items.append(item)
        return items, failures

    def _subjects(self, kind: str, unit: str) -> list[str]:
        if kind == "dept-visit":
            return [unit]
        if kind == "parcel":
            listed = self.chance.sample(LISTED, self.chance.choice((0, 1, 2))) if unit == CITY else []
            return [
                *listed,
                *(f"98801{self.chance.randrange(10**8):08}" for _ in range(self.chance.choice((1, 2)))),
            ]
        names = [name for of, _, several in POINTS if of == unit for name in several][:3]
        return self.chance.sample(
            [self.office.cast.points[name] for name in names], self.chance.choice((1, 2))
        )

    def _place(self, kind: str, unit: str, subject: str, day: date) -> tuple[tuple[str, str], str | None]:
        """C.1: relay point, else route or deliverer, else unit; who delivered, else the route's carrier, else nobody named."""
        people, routes = self.people, self.office.cast.routes
        if kind == "relay":
            return ("point", subject), people[CARRIERS[unit]]
        if day < self.begun:  # no list says yet who delivers what
            return ("unit", unit), None
        return {
            ON_ROUTE_1: (("route", routes[CITY, "1"]), people["carrier"]),
            ON_ROUTE_2: (("route", routes[CITY, "2"]), people["carrier2"]),
            BY_HAND: (("person", people["carrier2"]), people["carrier2"]),
            HANDED_OVER: (("route", routes[CITY, "1"]), people["carrier2"]),
        }.get(subject, (("unit", unit), None))

    def _correct(self) -> str:
        if not self.records:
            return "nothing"
        key, (event, open) = self.chance.choice(list(self.records.items()))
        fresh = replace(event, key=new_id(), at=self._later(), instead=key)
        return self._bring(fresh, open["kind"])

    def _withdraw(self) -> str:
        if not self.records:
            return "nothing"
        key, (event, _) = self.chance.choice(list(self.records.items()))
        gone = Undone(key, self._later(), event.finder)
        open = {
            "v": 1, "type": "withdrawal", "unit": event.unit, "acting": event.acting, "target": key, "reason": "记错了",
            "date": same_day(self.now).isoformat(),
        }  # fmt: skip
        if self.office.push(gone, open, {}).state == "refused":
            return "refused"
        del self.records[key]
        self.told.add(gone)
        if restored := self.told.restored(key):
            self.records[restored] = self.sent[restored]
        return key

    # ------------------------------------------------------------ moves

    def _later(self) -> datetime:
        self.now += timedelta(minutes=1 + self.chance.randrange(30))
        return self.now

    def _move(self) -> str:
        """Anybody tries anything; mostly something that has a meaning here."""
        live = [one for one in self.told.all if one.now not in OVER]
        followed = live if live and self.chance.random() < 0.85 else self.told.all
        if not followed:
            return "nothing"
        one = self.chance.choice(followed)
        now, sensible = self._later(), self.chance.random() < 0.8
        for _ in range(4 if sensible else 1):
            code = self._code(one)
            for _ in range(60 if sensible else 1):
                move, skew = self._tried(one, now, code)
                if self.told.would(move):
                    return self._make(one, move, skew)
        return self._make(one, move, skew)

    def _code(self, one: Followed) -> str:
        """What is tried; who was asked for more time mostly says something to it."""
        if getattr(one, "asked", None) and self.chance.random() < 0.5:
            return self.chance.choice(("grant", "grant", "deny"))
        return self.chance.choice(MOVES[one.type])

    def _tried(self, one: Followed, now: datetime, code: str) -> tuple[Moved, timedelta]:
        chance, acting = self.chance, self.chance.choice
        posts = [
            post
            for post in self.told.offices.posts
            if one.unit.startswith(post.unit[:4]) or chance.random() < 0.1
        ]
        post = acting(posts)
        made = now - acting((0, 0, 0, 0, 1, 2, 5, 33)) * DAY + acting((0, 0, 0, 0, 0, 0, 1)) * DAY
        skew = acting((timedelta(),) * 8 + (timedelta(hours=26), timedelta(hours=-26), timedelta(seconds=40)))
        believed = abs(skew) < timedelta(seconds=60) or same_day(made + skew) == same_day(made)
        near = same_day(now) if one.now in OVER or not hasattr(one, "due") else one.due
        move = Moved(
            new_id(), now, same_day(made), post.who, post.unit, getattr(one, "opening", None) or one.key, code,
            cause=acting(("method", "person", "volume", "method", "", "mood")), text=acting(("已整改", "请核实", "情况说明", "", " ")),
            photos=tuple(self._shot(made) for _ in range(acting((0, 1, 1, 2)))),
            owner=acting((None, acting(posts).who)), until=acting((None, near + acting(range(-6, 11)) * DAY)), believed=believed,
        )  # fmt: skip
        return move, skew

    def _shot(self, made: datetime) -> tuple[str, datetime]:
        """Mostly a new one of now; now and then one that is known, or of before."""
        old = self.photos and self.chance.random() < 0.1
        name = self.chance.choice(self.photos) if old else self.office.made_up_photo()
        return name, made - self.chance.choice((0, 0, 0, 0, 0, 3, 30)) * DAY - timedelta(minutes=1)

    def _make(self, one: Followed, move: Moved, skew: timedelta) -> str:
        made = datetime.combine(move.day, move.at.timetz())
        open = {
            "v": 1, "type": "case-move", "unit": one.unit, "acting": move.acting, "date": move.day.isoformat(),
            "made": made.isoformat(), "case": self.id_of(one), "move": move.code,
        }  # fmt: skip
        open |= {"cause": move.cause} if move.cause else {}
        open |= {"owner": move.owner} if move.owner else {}
        open |= {"day": move.until.isoformat()} if move.until else {}
        personal = {"notes": {"text": move.text}} if move.text else {}
        if move.photos:
            open["photos"] = [{"sha256": name, "size": 800} for name, _ in move.photos]
            personal["photos"] = {name: {"taken": taken.isoformat()} for name, taken in move.photos}
        ours, said = self.told.add(move), self.office.push(move, open, personal, skew)
        self.photos += [name for name, _ in move.photos]
        if said.state != ("stored" if ours else "refused") or said.code == "server-error":
            self.faults.append(
                f"{move}: the domain {'admits' if ours else 'refuses'} it, the server says {said}"
            )
        if said.state == "stored":
            self.moved[move.key] = f"{one.type} {move.code}"
        else:
            self.refused.append(move.key)
        return f"{move.code} of {one.type} by {self.office.logins[move.who]} for {move.acting} counting for {move.day}: {said}"

    def id_of(self, one: Followed) -> str:
        """Under which id the server follows it: found by what it is about."""
        return self.ids_of([one])[0]

    def ids_of(self, several: list[Followed]) -> list[str]:
        """The same of several; of one that the server does not know nothing."""
        known = self.office.case_ids()
        return [
            one.key
            if hasattr(one, "key")
            else known.get((one.opening[1:], one.unit, frozenset(one.records)), "")
            for one in several
        ]

    def _twice(self) -> str:
        """Something arrives once more: nothing comes of it."""
        names = [*self.records, *self.moved]
        if not names:
            return "nothing"
        name = self.chance.choice(names)
        who = self.office.author_of(name)
        said = self.office.again(name, who, self._later())
        if said.state != "known":
            self.faults.append(f"{name} came twice: {said}")
        return name

    # ------------------------------------------------------------ what else happens

    def _order(self) -> str:
        login, acting = self.chance.choice(
            (("county", COUNTY), ("county2", COUNTY), ("league", LEAGUE), ("nextcounty", NEXT_COUNTY))
        )
        unit = self.chance.choice(WHERE[acting])
        live = [one for one in self.told.cases if one.now not in OVER or self.chance.random() < 0.1]
        some = self.chance.sample(live, min(len(live), self.chance.choice((0, 1, 2))))
        event = Ordered(
            "", self._later(), self.people[login], acting, unit, same_day(self.now) + self.chance.choice((-1, 2, 5, 9)) * DAY,
            tuple(one.opening for one in some), self.chance.choice(("请限期整改", "请限期整改", " ")),
        )  # fmt: skip
        key = self.office.order(event, self.ids_of(some))
        ours = self.told.add(replace(event, key=key or "none"))
        if ours is not (key is not None):
            self.faults.append(f"{event}: the domain {'admits' if ours else 'refuses'} it, the server not")
        return f"{event.acting} to {event.unit}: {key}"

    def _leave(self) -> str:
        login, role, unit = self.chance.choice(
            (
                ("director", "director", CITY), ("carrier", "carrier", CITY), ("carrier2", "carrier", CITY),
                ("inspector", "inspector", CITY), ("inspector2", "inspector", CITY), ("nextcarrier", "carrier", NEXT_RURAL),
            )
        )  # fmt: skip
        event = Left(
            self.people[login],
            role,
            unit,
            same_day(self.now) - self.chance.choice((0, 0, 2)) * DAY,
            self._later(),
        )
        if self.office.leave(event):
            self.told.add(event)
            return f"{login} {event.last}"
        return "nothing"
