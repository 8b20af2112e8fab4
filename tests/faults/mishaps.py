"""What happens to phones and their owners: batteries, clocks, disks, borrowers, tunnels."""

from tests.faults.network import SECOND

MINUTE, DAY = 60 * SECOND, 86_400 * SECOND
HOMES = {"p0": "lead", "p1": "director", "p2": "lead"}  # two phones of one person, and the director's
GUESTS = {"p0": "inspector", "p1": "inspector", "p2": "director"}  # who borrows the phone
OFFICES = {"lead": "team_lead", "director": "director"}


class Mishaps:
    """Acts of :class:`tests.faults.users.Users`, which offers ``_do``, ``_kill``, ``_load``, ``looks`` and ``chance``."""

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
        """The bytes of a photo that nobody else has decay on the phone, are gone, or cannot be read any more."""
        for (_, person), found in self.looks(phone).items():
            due = [
                photo
                for record in found["records"]
                for photo in record["photos"]
                if photo["state"] != "arrived"
            ]
            lying = [
                photo for draft in found["drafts"] for item in draft["items"] for photo in item["photos"]
            ]
            names = sorted({photo["sha256"] for photo in (*due, *lying)} & set(found["photos"]))
            if names:
                name, how = self.chance.choice(names), self.chance.choice(("gone", "decayed", "unreadable"))
                self.run.note(f"{phone}: photo {name[:8]} {how}")
                self.run.oracle.spoiled.add((phone, person, name))
                self.run.tell("spoil", phone=phone, person=person, sha256=name, how=how)

    def _role(self, phone: str) -> None:
        """A role ends, or another one is given: then the phone drops all but its own unsent work."""
        login = HOMES[phone]
        if self.chance.random() < 0.5:
            self.run.server.end_role(login, OFFICES[login], self.chance.choice((0, 1, 5)))
        else:
            self.run.server.give_role(login, self.chance.choice(("carrier", "inspector")))

    def _restore(self, phone: str) -> None:
        """The server is copied, and some time later the copy takes its place."""
        if self._copied:
            return
        self._copied = True
        self.run.server.copy()
        wait = self.chance.randrange(20, 400) * SECOND
        self.run.at(wait, "put back", self._put_back)

    def _put_back(self) -> None:
        self._copied = False
        if self.done:
            return  # now all is quiet
        self.run.note("the server is put back to its copy")
        held = self.looks()
        self.run.server.put_back()
        self.run.oracle.put_back(held)

    def _tunnel(self, phone: str) -> None:
        down = self.run.network.down
        down.add(phone)
        wait = self.chance.randrange(30, 400) * SECOND
        self.run.at(wait, "signal again", lambda: down.discard(phone))

    def _night(self, phone: str) -> None:
        """Half a day later, all timers at once."""
        self.run.server.time.ms += self.chance.choice((6, 14, 26)) * 60 * MINUTE
