"""What people do with their phones: work, mend, restart, swap phones, jump clocks. Each act drawn from the seed."""

import random
from datetime import timedelta

from tests.cast import CITY, POINTS
from tests.faults.network import SECOND
from tests.faults.photos import jpeg
from webapp.core.clock import local_date

MINUTE, DAY = 60 * SECOND, 86_400 * SECOND
HOMES = {"p0": "lead", "p1": "director", "p2": "lead"}  # two phones of one person, and the director's
GUESTS = {"p0": "inspector", "p1": "inspector", "p2": "director"}  # who borrows the phone
WORK = {
    "parcels": ("lead", "inspector"),
    "visit": ("director", "inspector"),
    "register": ("director",),
    "volume": ("director",),
}
OFFICES = {"lead": "team_lead", "director": "director"}
SETTLED = 40 * MINUTE

# What may happen, and how often for each other.
ACTS = {
    "parcels": 8,
    "visit": 8,
    "pull_down": 2,
    "kill_all": 3,
    "kill_in_work": 4,
    "two_tabs": 2,
    "finish_lying": 3,
    "withdraw": 3,
    "correct": 4,
    "confirm": 1,
    "strange": 1,
    "register": 2,
    "volume": 1,
    "mend": 2,
    "wake": 1,
    "clock": 1,
    "swap": 2,
    "sign_out": 1,
    "full": 1,
    "spoil": 1,
    "role": 0.5,
    "tunnel": 1,
    "night": 0.5,
}


class Users:
    """Everybody with a phone."""

    def __init__(self, simulation, chance: random.Random):
        self.run, self.chance = simulation, chance
        self.cookies: dict[str, str | None] = {}
        self.holder: dict[str, str] = {}
        self.done = False
        self._photos = 0
        self._numbers = chance.randrange(10**6)
        self._tabs: dict[str, set[str]] = {phone: set() for phone in HOMES}
        self._opened: dict[tuple[str, str], str] = {}
        self._tokens = 0

    # ---------------------------------------------------------------- people and sessions

    def cookie(self, phone: str) -> str | None:
        """What the phone's browser would send."""
        return self.cookies.get(phone)

    def id(self, login: str) -> str:
        """The person's id."""
        return self.run.server.cast.people[login]

    def _sign_in(self, phone: str, login: str) -> None:
        self.cookies[phone], self.holder[phone] = self.run.server.sign_in(login), login
        self.run.note(f"{phone}: {login} signs in")

    # ---------------------------------------------------------------- a run

    def begin(self) -> None:
        """Everybody signs in and opens the app; then the acts follow."""
        for phone, login in HOMES.items():
            locked = self.chance.random() < 0.9
            if not locked:
                self.run.oracle.lockless.add(phone)
            self.run.tell("set", phone=phone, locked=locked, skew=self._skew(0.2))
            self._sign_in(phone, login)
            self._load(phone, "a")
        self._left = self.chance.randrange(6, 18)
        self._next()

    def _next(self) -> None:
        if not self._left:
            self.run.at(self.chance.randrange(60) * SECOND, "quiet", self._finish)
            return
        self._left -= 1
        self.run.at(self.chance.randrange(200, 40 * SECOND), "act", self._act)

    @staticmethod
    def _may(login: str, act: str) -> bool:
        """Whether it is that person's work: what is not is refused, so it is tried now and then only."""
        return act not in WORK or login in WORK[act]

    def _finish(self) -> None:
        self.done = True

    def _act(self) -> None:
        phone = self.chance.choice(sorted(HOMES))
        mine = self.holder[phone]
        likely = {name: share if self._may(mine, name) else share / 10 for name, share in ACTS.items()}
        name = self.chance.choices(list(likely), list(likely.values()))[0]
        self.run.note(f"{phone}: {name}")
        getattr(self, f"_{name}")(phone)
        self._next()

    def dies(self, phone: str) -> None:
        """The phone ends in the middle of what it is doing, and is opened again."""
        self._kill(phone)
        self._load(phone, "a")

    def hear(self, event: dict) -> None:
        """What pages tell of themselves."""
        page = (event["phone"], event["page"])
        if event["event"] == "opened":
            self._opened[page] = event["person"]
        elif event["event"] == "gate" and not self.done:
            self.run.at(30 * SECOND, "reload", lambda: self._reload(*page))

    def _reload(self, phone: str, page: str) -> None:
        if page in self._tabs[phone] and (phone, page) not in self._opened and not self.done:
            self._kill(phone, page)
            self._load(phone, page)

    def _load(self, phone: str, page: str) -> None:
        self._tabs[phone].add(page)
        self.run.tell("load", phone=phone, page=page)

    def _kill(self, phone: str, page: str | None = None) -> None:
        gone = self._tabs[phone] if page is None else {page}
        self._tabs[phone] = self._tabs[phone] - gone
        for one in gone:
            self._opened.pop((phone, one), None)
        self.run.tell("kill", phone=phone, page=page)
        self.run.oracle.killed(phone, page)
        if not self._tabs[phone]:
            self.run.oracle.drafts(phone, self.looks(phone))

    def looks(self, phone: str | None = None) -> dict:
        """``{(phone, person): what lies there}``."""
        names = sorted(HOMES) if phone is None else [phone]
        self.run.tell("idle")  # no transaction may be under way
        return {(one, found["person"]): found for one in names for found in self.run.tell("look", phone=one)}

    def _page(self, phone: str) -> str:
        """A tab of the phone; opened if there is none."""
        if not self._tabs[phone]:
            self._load(phone, "a")
        return self.chance.choice(sorted(self._tabs[phone]))

    def _do(self, phone: str, act: str, page: str | None = None, **how):
        self.run.tell("act", phone=phone, page=page or self._page(phone), act=act, **how)

    def _here(self, phone: str) -> tuple[str, str | None]:
        """A page of the phone, and whose it is (None: not open)."""
        page = self._page(phone)
        return page, self._opened.get((phone, page))

    # ---------------------------------------------------------------- work

    def _photo(self) -> str:
        self._photos += 1
        # Now and then the same picture again: two records then share its bytes.
        return jpeg(self.chance.randrange(self._photos) if self.chance.random() < 0.2 else self._photos)

    def _work(self, kind: str) -> dict:
        count = self.chance.choice((1, 1, 2, 4))
        items = [self._call() if kind == "relay" else self._parcel() for _ in range(count)]
        return {
            "kind": kind,
            "unit": CITY,
            "about": None,
            "taps": self.chance.choice((1, 1, 1, 2)),
            "items": items,
        }

    def _parcel(self) -> dict:
        self._numbers += 1
        bad = self.chance.random() < 0.3
        photos = [self._photo() for _ in range(self.chance.choice((0, 0, 1, 2)))]
        subject = f"9880{self._numbers:09}"
        return {
            "subject": subject,
            "criterion": "feedback" if bad else None,
            "photos": photos,
            "position": None,
        }

    def _call(self) -> dict:
        points = [name for unit, _, names in POINTS if unit == CITY for name in names]
        place = {"latitude": 43.9, "longitude": 116.0, "accuracy": 12}
        photos = [self._photo() for _ in range(self.chance.choice((1, 1, 2)))]
        return {
            "subject": self.run.server.cast.points[self.chance.choice(points)],
            "criterion": None,
            "photos": photos,
            "position": place,
        }

    def _parcels(self, phone: str) -> None:
        self._do(phone, "check", **self._work("parcel"))

    def _visit(self, phone: str) -> None:
        self._do(phone, "check", **self._work("relay"))

    def _pull_down(self, phone: str) -> None:
        self._do(phone, "sync")

    def _found(self, phone: str, page: str) -> dict | None:
        return self.looks(phone).get((phone, self._opened.get((phone, page))))

    def _finish_lying(self, phone: str) -> None:
        page = self._page(phone)
        found = self._found(phone, page)
        if found and found["drafts"]:
            self._do(phone, "finish", page, draft=self.chance.choice(found["drafts"])["id"])

    def _one(self, phone: str, fits) -> tuple[str, dict | None]:
        """A page, and a record on it that fits."""
        page = self._page(phone)
        found = self._found(phone, page)
        records = [record for record in found["records"] if fits(record)] if found else []
        return page, self.chance.choice(records) if records else None

    def _withdraw(self, phone: str) -> None:
        """A record of this phone, or of the same person's other one, is taken back."""
        page, person = self._here(phone)
        claims = [claim for claim in self.run.oracle.claims.values() if claim.person == person]
        found = [claim for claim in claims if claim.type == "inspection"]
        if found:
            self._do(phone, "withdraw", page, id=self.chance.choice(found).id, unit=CITY, reason="重复录入")

    def _correct(self, phone: str) -> None:
        page, record = self._one(phone, lambda record: record["type"] == "inspection")
        if record:
            item = self._call() if record["kind"] == "relay" else self._parcel()
            self._do(phone, "correct", page, id=record["id"], item=item)

    def _confirm(self, phone: str) -> None:
        page, record = self._one(phone, lambda record: record["held"])
        if record:
            self._do(phone, "confirm", page, id=record["id"], unit=record["unit"])

    def _strange(self, phone: str) -> None:
        """Content that this server does not know, or will not have."""
        day = local_date(self.run.server.time.now()).isoformat()
        body = {"v": 1, "type": "inspection", "unit": CITY, "acting": CITY, "date": day, "kind": "parcel"}
        wrong = self.chance.choice(({"v": 2}, {"unit": "150102001"}, {"items": []}, {"type": "poem"}))
        self._do(phone, "other", open={**body, "method": "on-site", "items": [], **wrong})

    def _register(self, phone: str) -> None:
        """A change of the relay register that may be impossible: refused after its guards have passed."""
        day = local_date(self.run.server.time.now()).isoformat()
        names = [name for unit, _, names in POINTS if unit == CITY for name in names]
        wrong = [name for unit, _, names in POINTS if unit != CITY for name in names]
        point = self.run.server.cast.points[
            self.chance.choice(names if self.chance.random() < 0.7 else wrong)
        ]
        op = self.chance.choice(("confirm", "close", "reopen", "close"))
        body = {"v": 1, "type": "point", "unit": CITY, "acting": CITY, "date": day, "point": point, "op": op}
        self._do(phone, "other", open={**body, "day": day, "values": {}, "reason": "搬迁"})

    def _volume(self, phone: str) -> None:
        """A day's volume, perhaps of a day that has none yet."""
        today = local_date(self.run.server.time.now())
        about = today + timedelta(days=self.chance.choice((0, 0, 3)))
        volumes = {"parcel": {"items": self.chance.randrange(40), "returned": None}}
        body = {"v": 1, "type": "volume", "unit": CITY, "acting": CITY, "date": today.isoformat()}
        self._do(phone, "other", open={**body, "about": about.isoformat(), "volumes": volumes})

    def _mend(self, phone: str) -> None:
        """A refused record is sent again, mended or given up."""
        page, record = self._one(phone, _is_stuck)
        if not record:
            return
        way = self.chance.choice(("retry", "dismiss", "correct"))
        if way == "correct" and record["type"] == "inspection" and record["kind"] in ("relay", "parcel"):
            item = self._call() if record["kind"] == "relay" else self._parcel()
            self._do(phone, "correct", page, id=record["id"], item=item)
        else:
            self._do(phone, "retry" if way == "correct" else way, page, id=record["id"])

    # ---------------------------------------------------------------- what happens to phones

    def _kill_all(self, phone: str) -> None:
        self._kill(phone)
        self._load(phone, "a")

    def _kill_in_work(self, phone: str) -> None:
        """The battery is pulled in the middle of a check."""
        kind = "relay" if self.holder[phone] == "director" else "parcel"
        self._do(phone, "check", **self._work(kind), tasks=self.chance.randrange(120))
        self._kill(phone)
        self._load(phone, "a")

    def _two_tabs(self, phone: str) -> None:
        if len(self._tabs[phone]) > 1:
            self._kill(phone, self.chance.choice(sorted(self._tabs[phone])))
            return
        self._page(phone)
        self._load(phone, "b" if "a" in self._tabs[phone] else "a")
        kind = "relay" if self.holder[phone] == "director" else "parcel"
        for page in sorted(self._tabs[phone]):
            self._do(phone, "check", page, **self._work(kind), tasks=self.chance.randrange(60))

    def _wake(self, phone: str) -> None:
        reason = self.chance.choice(("visible", "online", "background"))
        self.run.tell("wake", phone=phone, page=self._page(phone), reason=reason)

    def _skew(self, likely: float) -> int:
        if self.chance.random() > likely:
            return 0
        return self.chance.choice(
            (-400 * DAY, -DAY, -20 * MINUTE, -3, 15 * SECOND, 20 * MINUTE, DAY, 40 * DAY)
        )

    def _clock(self, phone: str) -> None:
        self.run.tell("set", phone=phone, skew=self._skew(0.8))

    def _swap(self, phone: str) -> None:
        """Another person signs in; the app is opened for that person, or stays as it was in another tab."""
        login = GUESTS[phone] if self.holder[phone] == HOMES[phone] else HOMES[phone]
        self._sign_in(phone, login)
        if self.chance.random() < 0.7:
            self._greet(phone, login)

    def _greet(self, phone: str, login: str) -> None:
        """The phone learns who holds it now, and a tab opens for that person."""
        self.run.tell("greet", phone=phone, person=self.run.server.person(login))
        self.run.tell("kill", phone=phone, page="door")
        page = self.chance.choice(sorted(self._tabs[phone]) or ["a"])
        self._kill(phone, page)
        self._load(phone, page)

    def _sign_out(self, phone: str) -> None:
        if self.cookies[phone] and self.chance.random() < 0.5:
            self.run.server.revoke(self.cookies[phone])
        self.cookies[phone] = None
        login = self.holder[phone]
        self.run.at(self.chance.randrange(120) * SECOND, "sign in again", lambda: self._again(phone, login))

    def _again(self, phone: str, login: str) -> None:
        if self.cookies[phone] is None:
            self._sign_in(phone, login)
            self.run.tell("wake", phone=phone, page=self._page(phone), reason="visible")

    def _full(self, phone: str) -> None:
        self.run.tell("set", phone=phone, full=True)
        wait = self.chance.randrange(10, 120) * SECOND
        self.run.at(wait, "room again", lambda: self.run.tell("set", phone=phone, full=False))

    def _spoil(self, phone: str) -> None:
        """The bytes of a photo that nobody has yet decay on the phone, or are gone."""
        for (_, person), found in self.looks(phone).items():
            if found["photos"]:
                name, gone = self.chance.choice(found["photos"]), self.chance.random() < 0.5
                self.run.note(f"{phone}: photo {name[:8]} {'gone' if gone else 'spoiled'}")
                self.run.oracle.spoiled.add((phone, person, name))
                self.run.tell("spoil", phone=phone, person=person, sha256=name, gone=gone)
                return

    def _role(self, phone: str) -> None:
        login = HOMES[phone]
        self.run.server.end_role(login, OFFICES[login], self.chance.choice((0, 1, 5)))

    def _tunnel(self, phone: str) -> None:
        down = self.run.network.down
        down.add(phone)
        wait = self.chance.randrange(30, 400) * SECOND
        self.run.at(wait, "signal again", lambda: down.discard(phone))

    def _night(self, phone: str) -> None:
        """Half a day later, all timers at once."""
        self.run.server.time.ms += self.chance.choice((6, 14, 26)) * 60 * MINUTE

    # ---------------------------------------------------------------- quiet

    def settle(self) -> None:
        """No fault any more: whoever has a store on a phone signs in, and the app gets the time that it needs."""
        logins = {person: login for login, person in self.run.server.cast.people.items()}
        for phone in sorted(HOMES):
            self.run.tell("set", phone=phone, full=False)
            self._kill(phone)
        self.run.server.tick()
        for phone in sorted(HOMES):
            for _, person in sorted(self.looks(phone)):
                self._open_for(phone, logins[person])

    def _open_for(self, phone: str, login: str) -> None:
        self._sign_in(phone, login)
        self._greet(phone, login)
        if not self.run.until(lambda: self.run.oracle.is_settled(phone, "a"), SETTLED):
            state = self.run.oracle.status.get((phone, "a"))
            self.run.oracle.fault(f"{phone} of {login} does not come to rest: {state}")
        self._kill(phone)


def _is_stuck(record: dict) -> bool:
    """Whether a record or a photo of it was refused."""
    return "refused" in (record["state"], *(photo["state"] for photo in record["photos"]))
