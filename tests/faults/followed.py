"""What people do with cases on their phones: answer, look again, ask for more time — and two of them at once."""

from sqlalchemy import select

from tests.cast import CITY
from tests.faults.network import SECOND
from webapp.cases.models import Case

# Of each move what it needs, and who mostly makes it: what others try is refused.
NEEDS = {
    "answer": ("cause", "text", "photo"),
    "close": (),
    "return": ("text",),
    "ask": ("day", "text"),
    "assign": ("owner",),
    "shorten": ("day",),
    "dispute": ("text",),
}
# Of two at once only one may win, where both are of one state.
RACES = {
    "open": (("answer", "answer"), ("answer", "withdraw"), ("assign", "answer"), ("shorten", "answer")),
    "answered": (("close", "return"), ("close", "close"), ("return", "return"), ("close", "withdraw")),
}
MAKERS = {
    "answer": "director",
    "assign": "director",
    "shorten": "director",
    "close": "inspector",
    "return": "inspector",
}


class Followed:
    """Acts of :class:`tests.faults.users.Users`, which offers ``_do``, ``_page``, ``_sign_in``, ``_greet`` and ``chance``."""

    def _cases(self, *states: str) -> list[dict]:
        """What a phone could know of the problems in these states, in a fixed order."""

        def ask(session) -> list[dict]:
            query = select(Case).where(Case.type == "problem", Case.state.in_(states), Case.unit_code == CITY)
            return [
                {"id": row.id, "state": row.state, "deadline": row.deadline}
                for row in session.scalars(query.order_by(Case.id))
            ]

        return self.run.server.read(ask)

    def _said(self, case: dict, code: str) -> dict:
        """A move as a person writes it: mostly with all that it needs."""
        needs = [one for one in NEEDS[code] if self.chance.random() < 0.95]
        people = self.run.server.cast.people
        day = case["deadline"].isoformat() if case["deadline"] else None
        return {
            "case": case["id"], "code": code, "unit": CITY,
            "text": "已重新核对并补签" if "text" in needs else "",
            "cause": "method" if "cause" in needs else None,
            "owner": people[self.chance.choice(("lead", "inspector", "director", "carrier"))] if "owner" in needs else None,
            "day": day if "day" in needs else None,
            "photos": [self._photo() for _ in range(2)] if "photo" in needs else [],
            "taps": self.chance.choice((1, 1, 1, 2)),
        }  # fmt: skip

    def _case_answer(self, phone: str) -> None:
        if found := self._cases("open", "answered"):
            case = self.chance.choice(found)
            if self.chance.random() < 0.4:
                self._be(phone, MAKERS["answer"])
            self._do(phone, "move", **self._said(case, "answer"))

    def _case_check(self, phone: str) -> None:
        if found := self._cases("answered", "open"):
            code, case = self.chance.choice(("close", "close", "return")), self.chance.choice(found)
            if self.chance.random() < 0.6:
                self._be(phone, MAKERS[code])
            self._do(phone, "move", **self._said(case, code))

    def _case_other(self, phone: str) -> None:
        if found := self._cases("open", "answered", "closed", "withdrawn"):
            code = self.chance.choice(("ask", "assign", "shorten", "dispute"))
            self._do(phone, "move", **self._said(self.chance.choice(found), code))

    def _case_in_work(self, phone: str) -> None:
        """The battery is pulled while a move is written or saved."""
        if found := self._cases("open", "answered"):
            code = self.chance.choice(sorted(NEEDS))
            self._do(
                phone, "move", **self._said(self.chance.choice(found), code), tasks=self.chance.randrange(90)
            )
            self._kill(phone)
            self._load(phone, "a")

    def _case_race(self, phone: str) -> None:
        """Two phones at once: two answers, two re-checks, an answer against the withdrawal of its verdict, or against its owner."""
        found = self._cases("open", "answered")
        if not found:
            return
        case = self.chance.choice(found)
        codes = self.chance.choice(RACES[case["state"]])
        phones = [phone, self.chance.choice([one for one in sorted(self.holder) if one != phone])]
        for one, code in zip(phones, codes, strict=True):
            if code == "withdraw":
                self._withdraw_ground(one, case)
            else:
                self._be(one, MAKERS[code])
                self._do(one, "move", **self._said(case, code))

    def _be(self, phone: str, login: str) -> None:
        """The phone passes to who may do it, mostly."""
        if self.holder[phone] != login and self.chance.random() < 0.9:
            self._sign_in(phone, login)
            self._greet(phone, login)
            self.run.until(lambda: False, 5 * SECOND)

    def _withdraw_ground(self, phone: str, case: dict) -> None:
        """Whoever found it takes it back."""
        found = self.run.oracle.grounds(case["id"])
        logins = {person: login for login, person in self.run.server.cast.people.items()}
        if found:
            record, person = self.chance.choice(found)
            self._be(phone, logins[person])
            self._do(phone, "withdraw", id=record, unit=CITY, reason="记错了")
