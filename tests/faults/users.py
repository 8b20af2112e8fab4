"""What people do with their phones: work, mend, restart, swap phones, jump clocks. Each act drawn from the seed."""

import random

from tests.faults.files import Files
from tests.faults.followed import Followed
from tests.faults.mishaps import HOMES, MINUTE, Mishaps
from tests.faults.network import SECOND
from tests.faults.work import WORK, Work

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
    "case_answer": 4,
    "case_check": 3,
    "case_other": 2,
    "case_in_work": 1,
    "case_race": 2,
    "wake": 1,
    "clock": 1,
    "swap": 2,
    "sign_out": 1,
    "full": 1,
    "spoil": 2,
    "role": 1,
    "tunnel": 1,
    "night": 0.5,
    "restore": 0,  # in every tenth run of chance, and where it is to be frequent
    "rescue": 0,  # in every tenth run of chance, and where it is to be frequent
}


class Users(Work, Followed, Mishaps, Files):
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
        self._copied = False  # a copy of the server waits to take its place

    # ---------------------------------------------------------------- people and sessions

    def cookie(self, phone: str) -> str | None:
        """What the phone's browser would send."""
        return self.cookies.get(phone)

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
        # A long day now and then: much waits at once, and much is mended.
        self._left = (
            self.chance.randrange(40, 80) if self.run.seed % 50 == 0 else self.chance.randrange(6, 18)
        )
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
        likely |= {name: 10 * likely[name] for name in self.run.often}
        for rare, digit in (("rescue", 7), ("restore", 3)):
            if rare in self.run.often or (self.run.keep is None and self.run.seed % 10 == digit):
                likely[rare] = 15 if self.run.often else 4
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
