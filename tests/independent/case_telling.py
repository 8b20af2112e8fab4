"""What happens to problems until their end, told event by event in the order of arrival [C.1–C.5]; code of its own."""

from collections.abc import Iterable, Sequence
from datetime import date

from tests.independent.cases import (
    FIRST_SPAN,
    HIGHER,
    OVER,
    Case,
    Dispute,
    Failure,
    Followed,
    Found,
    Left,
    Moved,
    Offices,
    Order,
    Ordered,
    Undone,
    after_span,
    recheckers,
    same_day,
    turn,
    workdays_between,
    workdays_on,
)

RECURS, REOPENS, ADMITTED = 90, 30, 2
TO_DISPUTE, TO_REFUSE = 3, 1  # workdays
LONGEST_OFFLINE, FARTHEST = 30, 366
CAUSES = {
    "person", "method", "training", "staffing", "equipment", "volume", "address", "partner", "upstream", "rule", "other",
}  # fmt: skip
WEIGHT = list(FIRST_SPAN)


class Told:
    """Cases after the events; ``add`` says of each whether it came about."""

    def __init__(self, offices: Offices, events: Iterable = ()):
        self.offices = offices
        self.cases: list[Case] = []
        self.disputes: dict[str, Dispute] = {}
        self.orders: dict[str, Order] = {}
        self._records: dict[str, Found] = {}
        self._in_force: set[str] = set()
        self._withdrawn: set[str] = set()
        self._root: dict[str, str] = {}
        self._photos: set[str] = set()  # that anything stored has named
        self._numbers: dict[tuple[str, int], int] = {}
        for event in events:
            self.add(event)

    def add(self, event) -> bool:
        """Take in what arrives next."""
        match event:
            case Found():
                return self._found(event)
            case Undone():
                return self._undone(event)
            case Ordered():
                return self._ordered(event)
            case Left():
                return self._left_post(event)
        one = self.one(event.case)
        return one is not None and self._moved(one, event)

    def would(self, move: Moved) -> bool:
        """Whether the move would come about; nothing comes of the question."""
        one = self.one(move.case)
        touched = [one, one.about] if isinstance(one, Dispute) else [one]
        before, disputes, photos = [dict(vars(each)) for each in touched], dict(self.disputes), self._photos
        answer = self.add(move)
        for each, kept in zip(touched, before, strict=True):
            vars(each).update(kept)
        self.disputes, self._photos = disputes, photos
        return answer

    def one(self, name: tuple | str) -> Followed | None:
        """The case of an opening; the dispute or order of the key that opened it."""
        if isinstance(name, str):
            return self.disputes.get(name) or self.orders.get(name)
        return next((case for case in self.cases if case.opening == name), None)

    @property
    def all(self) -> list[Followed]:
        """Everything that is followed."""
        return [*self.cases, *self.disputes.values(), *self.orders.values()]

    def _left_post(self, left: Left) -> bool:
        for post in self.offices.posts:
            if (post.who, post.role, post.unit, post.last) == (left.who, left.role, left.unit, None):
                post.last = left.last
        return True

    # ------------------------------------------------------------ what was found [C.1]

    def _found(self, record: Found) -> bool:
        self._records[record.key] = record
        self._photos = self._photos | record.photos
        self._root[record.key] = self._root.get(record.instead, record.instead) or record.key
        self._in_force = self._in_force - {record.instead} | {record.key}
        groups: dict[tuple, list[Failure]] = {}
        for failure in record.failures:
            groups.setdefault((failure.kind, failure.criterion, failure.place), []).append(failure)
        for key, failures in groups.items():
            self._occur(record, key, failures)
        return self._settle()

    def _undone(self, gone: Undone) -> bool:
        """As if never made; what a withdrawn correction corrected is in force again."""
        self._in_force.discard(gone.key)
        self._withdrawn.add(gone.key)
        self._in_force |= {self.restored(gone.key)} - {None}
        return self._settle()

    def restored(self, withdrawn: str) -> str | None:
        """What the withdrawn record corrected, and is in force again."""
        before = self._records[withdrawn].instead
        while before in self._withdrawn:
            before = self._records[before].instead
        return before

    def _settle(self) -> bool:
        for one in self.cases:
            mine = [self._records[key] for key in sorted(one.records & self._in_force)]
            one.live, one.finders = bool(mine), {record.finder for record in mine}
            found_by = {record.acting for record in mine} or {one.acting}
            one.highest = [unit for unit in self.offices.upwards(one.unit) if unit in found_by][-1]
        return True

    def _occur(self, record: Found, key: tuple, failures: list[Failure]) -> None:
        alike = [one for one in self.cases if (one.unit, one.opening[1:]) == (record.unit, key)]
        alike.sort(key=lambda one: one.opened, reverse=True)
        mine = [one for one in alike if any(self._root[r] == self._root[record.key] for r in one.records)]
        # "New ones join until it is answered": an answer that was returned is an answer all the same.
        open_ones = [one for one in alike if one.now == "open" and one.answered is None]
        one = next(iter(mine or open_ones), None) or self._open(record, key, failures, alike)
        one.records.add(record.key)

    def _open(self, record: Found, key: tuple, failures: list[Failure], alike: Sequence[Case]) -> Case:
        today = same_day(record.at)
        again = any(one.now == "closed" and (today - one.closed).days <= RECURS for one in alike)
        severity = HIGHER[failures[0].severity] if again else failures[0].severity
        owner = next((failure.carrier for failure in failures if failure.carrier), None)
        one = Case(
            (record.key, *key), record.unit, record.acting, severity, record.at, owner,
            after_span(FIRST_SPAN[severity], today), again, entered=today, owners={owner} - {None},
        )  # fmt: skip
        self.cases.append(one)
        return one

    # ------------------------------------------------------------ orders [C.5]

    def _ordered(self, order: Ordered) -> bool:
        today, found = same_day(order.at), [self.one(name) for name in order.cases]
        if order.acting not in list(self.offices.upwards(order.unit))[1:]:
            return False
        if order.who not in self.offices.leads(order.acting, today) or not order.text.strip():
            return False
        if not 0 < (order.until - today).days <= FARTHEST:
            return False
        if any(
            one is None or one.now in OVER or order.unit not in self.offices.upwards(one.unit)
            for one in found
        ):
            return False
        count = self._numbers[order.acting, today.year] = self._numbers.get((order.acting, today.year), 0) + 1
        self.orders[order.key] = Order(
            order.key, order.acting, order.unit, max((one.severity for one in found), key=WEIGHT.index, default="ordinary"),
            order.at, order.until, f"督〔{today.year}〕{count}号", ((order.until - today).days, "days"), entered=today,
        )  # fmt: skip
        return True

    # ------------------------------------------------------------ moves

    def _moved(self, one: Followed, move: Moved) -> bool:
        day = self._counts_for(one, move)
        if not self.offices.roles(move.who, move.acting, day):
            return False
        if move.acting not in self.offices.upwards(one.unit) or (move.cause and move.cause not in CAUSES):
            return False
        named = {"problem": "_", "dispute": "_dispute_", "work-order": "_order_"}[one.type]
        act = getattr(self, named + move.code.replace("-", "_"), None)
        if act is None or not act(one, move, day):
            return False
        if move.code != "assign":
            one.given = None
        self._photos = self._photos | {name for name, _ in move.photos}
        return True

    @staticmethod
    def _counts_for(one: Followed, move: Moved) -> date:
        """The day of the work where the phone's clock can be believed, else of arrival: nobody moves what was not there yet."""
        today = same_day(move.at)
        far = not same_day(one.opened) <= move.day <= today or (today - move.day).days > LONGEST_OFFLINE
        return today if far or not move.believed else move.day

    def _heads(self, one: Followed, move: Moved, day: date) -> bool:
        """Whether the person leads the unit for which the move is made."""
        return move.who in self.offices.leads(move.acting, day)

    def _county(self, one: Followed, move: Moved, day: date) -> bool:
        """County or higher: leads a unit above the responsible one."""
        return move.acting != one.unit and self._heads(one, move, day)

    def _issuer(self, one: Followed, move: Moved, day: date) -> bool:
        return move.acting == getattr(one, "highest", one.acting) and self._heads(one, move, day)

    def _inspected(self, one: Followed, move: Moved, day: date) -> bool:
        mine = move.acting == one.unit and self._heads(one, move, day)
        return mine or move.who in turn(self.offices, one, day)

    def _assign(self, one: Case, move: Moved, day: date) -> bool:
        works = move.owner and self.offices.roles(move.owner, one.unit, day)
        if one.now != "open" or not self._heads(one, move, day) or not works:
            return False
        if move.until and not same_day(move.at) <= move.until < one.due:
            return False
        one.given = (move.who, one.owner, one.owners, one.due)
        one.owner, one.due = move.owner, move.until or one.due
        one.owners = one.owners | {move.owner}
        return True

    def _take_back(self, one: Case, move: Moved, day: date) -> bool:
        """By who gave it, as long as nothing came after: as if never given."""
        if one.now != "open" or not self._heads(one, move, day) or not one.given or one.given[0] != move.who:
            return False
        _, one.owner, one.owners, one.due = one.given
        return True

    def _shorten(self, one: Case, move: Moved, day: date) -> bool:
        if one.now != "open" or not self._heads(one, move, day):
            return False
        if not move.until or not same_day(move.at) <= move.until < one.due:
            return False
        one.due = move.until
        return True

    def _answer(self, one: Case, move: Moved, day: date) -> bool:
        if one.now != "open" or move.who not in turn(self.offices, one, day):
            return False
        newest = max(self._records[key].ended for key in one.records & self._in_force)
        newer = all(name not in self._photos and taken >= newest for name, taken in move.photos)
        if not (move.cause and move.text.strip() and move.photos and newer):
            return False
        self._answered(one, move, day)
        return True

    @staticmethod
    def _answered(one: Case | Order, move: Moved, day: date) -> None:
        one.state, one.entered = "answered", same_day(move.at)
        one.answerer, one.answered, one.in_time = move.who, day, day <= one.due

    def _close(self, one: Case, move: Moved, day: date) -> bool:
        if one.now != "answered" or (move.who, move.acting) not in recheckers(self.offices, one, day):
            return False
        one.state, one.closed, one.entered = "closed", same_day(move.at), same_day(move.at)
        return True

    def _return(self, one: Case, move: Moved, day: date) -> bool:
        if one.now != "answered" or not move.text.strip():
            return False
        if (move.who, move.acting) not in recheckers(self.offices, one, day):
            return False
        self._rejected(one, move, "open")
        return True

    @staticmethod
    def _rejected(one: Case | Order, move: Moved, state: str) -> None:
        """What was left when the answer came is left again, one day at least; a late answer stays late."""
        today = same_day(move.at)
        if one.answered <= one.due:
            days = one.first_span[1] == "days"
            left = (one.due - one.answered).days if days else workdays_between(one.answered, one.due)
            one.due = max(one.due, after_span((max(left, 1), one.first_span[1]), today))
        one.state, one.entered, one.in_time, one.returns = state, today, None, one.returns + 1

    # ------------------------------------------------------------ more time [C.4]

    def _ask(self, one: Case, move: Moved, day: date) -> bool:
        return one.now == "open" and self._inspected(one, move, day) and self._asked(one, move, day)

    def _asked(self, one: Case | Order, move: Moved, day: date) -> bool:
        if one.asked or one.extended >= ADMITTED or day > one.due or not move.text.strip():
            return False
        if not self._admitted(one, move):
            return False
        one.asked, one.asked_by = move.key, move.who
        return True

    @staticmethod
    def _admitted(one: Case | Order, move: Moved) -> bool:
        """Each time by the first span at most."""
        return move.until is not None and one.due < move.until <= after_span(one.first_span, one.due)

    def _grant(self, one: Case, move: Moved, day: date) -> bool:
        mine = self._county(one, move, day) or self._issuer(one, move, day)
        return one.now in ("open", "answered", "closed") and mine and self._granted(one, move)

    def _granted(self, one: Case | Order, move: Moved) -> bool:
        """A late grant works back."""
        if not one.asked or move.who == one.asked_by or not self._admitted(one, move):
            return False
        one.due, one.extended, one.asked = move.until, one.extended + 1, None
        one.in_time = None if one.in_time is None else one.answered <= one.due
        return True

    def _deny(self, one: Case, move: Moved, day: date) -> bool:
        mine = self._county(one, move, day) or self._issuer(one, move, day)
        return one.now in ("open", "answered", "closed") and mine and self._denied(one, move)

    @staticmethod
    def _denied(one: Case | Order, move: Moved) -> bool:
        if not one.asked or move.who == one.asked_by or not move.text.strip():
            return False
        one.asked = None
        return True

    # ------------------------------------------------------------ dispute, press, reopen [C.2]

    def _dispute(self, one: Case, move: Moved, day: date) -> bool:
        if one.now not in ("open", "answered") or not self._inspected(one, move, day):
            return False
        if one.disputed or not move.text.strip() or day > workdays_on(same_day(one.opened), TO_DISPUTE):
            return False
        one.disputed = True
        self.disputes[move.key] = Dispute(move.key, one, move.who, move.at)
        return True

    def _press(self, one: Case, move: Moved, day: date) -> bool:
        return one.now in ("open", "answered") and self._county(one, move, day)

    def _reopen(self, one: Case, move: Moved, day: date) -> bool:
        today = same_day(move.at)
        if one.now != "closed" or not self._county(one, move, day) or not move.text.strip():
            return False
        if (today - one.closed).days > REOPENS:
            return False
        one.state, one.entered, one.due = "open", today, after_span(one.first_span, today)
        one.closed = one.answerer = one.answered = one.in_time = one.asked = None
        one.owners, one.extended = {one.owner} - {None}, 0
        return True

    def _dispute_uphold(self, one: Dispute, move: Moved, day: date) -> bool:
        return self._decided(one, move, day, "upheld")

    def _dispute_annul(self, one: Dispute, move: Moved, day: date) -> bool:
        done = self._decided(one, move, day, "annulled")
        one.about.annulled = one.about.annulled or done
        return done

    def _decided(self, one: Dispute, move: Moved, day: date, how: str) -> bool:
        barred = one.about.finders | {one.asked_by} | turn(self.offices, one, day)
        if (
            one.now != "raised"
            or not self._county(one, move, day)
            or move.who in barred
            or not move.text.strip()
        ):
            return False
        one.decided = how
        return True

    # ------------------------------------------------------------ moves of an order

    def _to(self, one: Order, move: Moved, state: str) -> bool:
        one.state, one.entered = state, same_day(move.at)
        if state in OVER:
            one.closed = same_day(move.at)
        return True

    def _mine(self, one: Order, move: Moved, day: date) -> bool:
        return move.who in turn(self.offices, one, day)

    def _order_receive(self, one: Order, move: Moved, day: date) -> bool:
        return one.now == "issued" and self._mine(one, move, day) and self._to(one, move, "received")

    def _order_refuse(self, one: Order, move: Moved, day: date) -> bool:
        if one.now not in ("issued", "received") or not self._mine(one, move, day) or one.refused_once:
            return False
        if not move.text.strip() or day > workdays_on(same_day(one.opened), TO_REFUSE):
            return False
        one.refused_once, one.asked_by = True, move.who
        return self._to(one, move, "refused")

    def _order_insist(self, one: Order, move: Moved, day: date) -> bool:
        fit = one.now == "refused" and self._issuer(one, move, day) and move.who != one.asked_by
        return fit and bool(move.text.strip()) and self._to(one, move, "received")

    def _order_release(self, one: Order, move: Moved, day: date) -> bool:
        fit = one.now in ("issued", "received", "refused") and self._issuer(one, move, day)
        return (
            fit and move.who != one.asked_by and bool(move.text.strip()) and self._to(one, move, "released")
        )

    def _order_report(self, one: Order, move: Moved, day: date) -> bool:
        if one.now not in ("issued", "received") or not self._mine(one, move, day) or not move.text.strip():
            return False
        self._answered(one, move, day)
        return True

    def _judges(self, one: Order, move: Moved, day: date) -> bool:
        barred = turn(self.offices, one, day) | {one.answerer}
        return one.now == "answered" and self._issuer(one, move, day) and move.who not in barred

    def _order_accept(self, one: Order, move: Moved, day: date) -> bool:
        return self._judges(one, move, day) and self._to(one, move, "accepted")

    def _order_send_back(self, one: Order, move: Moved, day: date) -> bool:
        if not self._judges(one, move, day) or not move.text.strip():
            return False
        self._rejected(one, move, "received")
        return True

    def _order_ask(self, one: Order, move: Moved, day: date) -> bool:
        return (
            one.now in ("issued", "received") and self._mine(one, move, day) and self._asked(one, move, day)
        )

    def _order_grant(self, one: Order, move: Moved, day: date) -> bool:
        open_ = one.now in ("issued", "received", "answered")
        return open_ and self._issuer(one, move, day) and self._granted(one, move)

    def _order_deny(self, one: Order, move: Moved, day: date) -> bool:
        open_ = one.now in ("issued", "received", "answered")
        return open_ and self._issuer(one, move, day) and self._denied(one, move)
