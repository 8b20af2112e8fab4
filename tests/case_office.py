"""The city department whose relay points are looked at, and what is found there put right: cases with dates of their own."""

from datetime import UTC, datetime, timedelta

from tests.cases import answer, cases_in, move, photo, send_at
from tests.cast import CITY
from tests.desk_records import envelope, inspection

# Points of the city department.
FIRST, SECOND, THIRD, FOURTH = "额尔敦社区居委会", "回民社区居委会", "拉布仁社区居委会", "宝力根社区居委会"


def at(month: int, day: int, hour: int = 10) -> datetime:
    """An instant of 2026 in local time."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


class Office:
    """What its people do, each thing at an instant."""

    def __init__(self, app, cast):
        self.app, self.cast = app, cast
        self.records: list[str] = []

    def finds(self, when: datetime, *points: str, login="inspector", acting=CITY, unit=CITY, fault="sign"):
        """Somebody finds a fault at each of the points; the cases that this opened, in the order of the points."""
        items = [
            {"subject": self.cast.points[point], "verdict": "fail", "answers": {fault: "fail"}, "photos": [photo()],
             "position": "given"}
            for point in points
        ]  # fmt: skip
        day = (when + timedelta(hours=8)).date().isoformat()
        sent = envelope(inspection(items, kind="relay", date=day, unit=unit, acting=acting))
        before = {one.id for one in cases_in(self.app)}
        self.does(login, sent, when)
        self.records.append(sent["id"])
        opened = {one.place: one.id for one in cases_in(self.app) if one.id not in before}
        return [opened[self.cast.points[point]] for point in points if self.cast.points[point] in opened]

    def does(self, login: str, sent: dict, when: datetime) -> None:
        """What is sent is taken."""
        outcome = send_at(self.app, self.cast, login, sent, when)
        assert outcome.state == "stored", outcome

    def answers(self, case: str, when: datetime) -> None:
        """Whoever has to put it right says what was done."""
        found = next(one for one in cases_in(self.app) if one.id == case)
        logins = {person: login for login, person in self.cast.people.items()}
        login, unit = logins.get(found.owner_id, "director"), found.unit_code
        self.does(login, answer(case, when, unit=unit, acting=unit), when)

    def closes(self, case: str, when: datetime) -> None:
        """The inspector has looked again and found it put right."""
        self.does("inspector", move(case, "close", when), when)

    def returns(self, case: str, when: datetime) -> None:
        """The inspector has looked again and found it not put right."""
        self.does("inspector", move(case, "return", when, "照片看不清"), when)

    def withdraws(self, record: str, when: datetime) -> None:
        """The inspector takes the record back."""
        said = {"v": 1, "type": "withdrawal", "unit": CITY, "acting": CITY, "date": when.date().isoformat(),
                "target": record, "reason": "记错"}  # fmt: skip
        self.does("inspector", envelope(said), when)
