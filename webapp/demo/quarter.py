"""A believable past for the demo county: a good department, a sloppy, a late and a dishonest one; the rest stays idle.

The delivery bureau's city department is a steady one.

Everything goes the one way in, day by day, from invented numbers that are the same in every run.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import end_of_day, local_date
from webapp.core.ids import new_id
from webapp.demo.around import BUREAU_CITY
from webapp.demo.pictures import keep, picture, taken_again
from webapp.demo.rectified import followed_up
from webapp.ledger.operations import open_lines
from webapp.org.models import Person, Role, Unit
from webapp.org.queries import actor_of
from webapp.photos.store import PhotoStore
from webapp.recording.together import record_all_at_desk
from webapp.registers.models import RelayPoint
from webapp.rulebook.periods import period_of
from webapp.sampling.queries import numbers_on, samples

DAYS = 62  # how far back the demo's work goes
# unit: manner, director, inspector, team lead (None: those of the cast)
OFFICES = (
    ("152502002", "good", None),
    ("152502001", "sloppy", ("韩雪", "包图雅", "王强")),
    ("152502003", "late", ("郝志远", "苏日格", "李明")),
    ("152502004", "dishonest", ("白音", "田野", "马超")),
    (BUREAU_CITY, "steady", ("乌云其木格", "那日苏", "胡日查")),
)
FAILS = {"good": 0.02, "sloppy": 0.12, "late": 0.05, "dishonest": 0.0, "steady": 0.03}
KEEPS = {
    "good": 0.98,
    "sloppy": 0.6,
    "late": 0.85,
    "dishonest": 0.95,
    "steady": 0.95,
}  # how often a duty of the day is done


@dataclass
class Office:
    """A department with the people who do its duties, by role, and a source of chance of its own."""

    unit: str
    manner: str
    people: dict[str, str]
    chance: random.Random
    drawn: dict[date, dict[str, bool]]  # numbers by day
    points: list[str]
    photos: dict[tuple[date, int], dict] = field(default_factory=dict)
    since: str = ""
    listed: dict[date, dict[str, str]] = field(default_factory=dict)  # the class of each number, by day
    carried: int = 0  # registered letters that the last balance carried over
    lived: int = 0  # days that are told
    waiting: list = field(default_factory=list)  # (day, role, open, personal) still on a phone

    def does(self) -> bool:
        """Whether the duty at hand is done this time."""
        return self.chance.random() < KEEPS[self.manner]

    def judged(self, subject: str, criteria: tuple[str, ...], **more) -> dict:
        """An item with its verdict."""
        failed = self.chance.random() < FAILS[self.manner]
        answers = {self.chance.choice(criteria): "fail"} if failed else {}
        return {"subject": subject, "verdict": "fail" if failed else "pass", "answers": answers, **more}


def lived(
    session: Session, store: PhotoStore, now: datetime, cast: dict[str, str]
) -> list[tuple[datetime, Callable[[], None]]]:
    """The offices' work, to be recorded once a week as it arrived, the last of it now.

    ``cast`` gives the ids of the demo's own people; ``store`` takes the photos. Their own office has lists.
    """
    steps = []
    for unit, manner, names in OFFICES:
        people = _people(session, now, unit, names, cast)
        chance = random.Random(f"{unit} {manner}")  # noqa: S311  (a story, no draw)
        office = Office(unit, manner, people, chance, {}, _points(session, unit))
        _keep_photos(session, store, now, _days(local_date(now)), office)
        for instant in _evenings(now):
            steps.append((instant, partial(_arrives, session, store, office, instant, now)))
    return steps


def _evenings(now: datetime) -> list[datetime]:
    """When the offices' phones find signal: once a week, and now."""
    days = [day for n, day in enumerate(_days(local_date(now))) if n % 7 == 6 and day < local_date(now)]
    return [*(end_of_day(day) - timedelta(hours=3) for day in days), now]


def _arrives(session: Session, store: PhotoStore, office: Office, instant: datetime, now: datetime) -> None:
    """Record what the office did up to the instant, and what became of what was found before."""
    until, today = local_date(instant), local_date(now)
    if office.manner == "good":
        office.listed = numbers_on(session, office.unit, _days(today)[0], until)
        office.drawn = samples(session, office.unit, _days(today)[0], until)
    for day in _days(today)[office.lived :]:
        if day > until:
            break
        office.lived += 1
        for role, open, personal in _day(office, day, today):
            office.waiting.append((date.fromisoformat(open["date"]), role, open, personal))
    come = sorted((one for one in office.waiting if one[0] <= until), key=lambda one: one[0])
    office.waiting = [one for one in office.waiting if one[0] > until]
    for role in dict.fromkeys(role for _, role, _, _ in come):
        actor = actor_of(session, session.get(Person, office.people[role]), until)
        facts = [(open, personal) for _, one, open, personal in come if one == role]
        record_all_at_desk(session, actor, instant, facts)
    followed_up(session, store, office, instant)
    if instant == now:
        open_lines(session, session.get(Unit, office.unit), now)


def _days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS, -1, -1)]


def _people(session: Session, now: datetime, unit: str, names, cast: dict[str, str]) -> dict[str, str]:
    if names is None:
        return {"director": cast["director"], "inspector": cast["inspector"], "team_lead": cast["lead"]}
    found, first = {}, session.scalar(select(Role.first_day).where(Role.person_id == cast["director"]))
    for role, name in zip(("director", "inspector", "team_lead"), names, strict=True):
        found[role] = new_id()
        login = f"{role.replace('_', '-')}-{unit[-3:]}"
        session.add(Person(id=found[role], login=login, name=name, language="zh", created_at=now))
        session.flush()
        session.add(Role(id=new_id(), person_id=found[role], unit_code=unit, role=role, first_day=first))
    session.flush()
    return found


# ---------------------------------------------------------------- one day


def _day(office: Office, day: date, today: date) -> Iterator[tuple[str, dict, dict | None]]:
    """(role, open, personal) of everything that was done on a day."""
    volume = _volume(office, day)
    if (
        day in office.drawn
    ):  # its list is sealed: what is checked was drawn; the last day is still to be judged
        if day < today - timedelta(days=1):
            yield "inspector", _judged_draw(office, day), None
    else:
        if office.chance.random() < 0.95 and day < today:
            yield "director", _fact(office, "volume", day, about=day.isoformat(), volumes=volume), None
        if day < today and office.does():
            yield "inspector", _receipts(office, day, volume), None
        if day < today and office.does():
            yield "inspector", _returns(office, day, volume), None
    if day < today and office.does():
        yield "director", _balance(office, day, volume["registered"]["items"]), None
    if office.does() and day < today:
        yield from _meeting(office, day, "meeting")
    if day.day % 3 == 0 and office.does():
        yield "inspector", _shortage(office, day), None
    if day >= today - timedelta(days=21) and day < today and office.does():
        yield from _watch(office, day)
    yield from _week(office, day)


def _week(office: Office, day: date) -> Iterator[tuple[str, dict, dict | None]]:
    weekday = day.weekday()
    twice = (1, 3) if office.manner != "late" else (1,)
    if weekday in twice and office.does():
        count = office.chance.choice((8, 14, 20)) if office.manner == "sloppy" else 20
        yield "team_lead", _parcels(office, day, count), None
    if weekday in (2, 4) and office.does():
        yield "inspector", _letters(office, day), None
    if weekday in (0, 3) and office.manner != "late" and _visits(day, office) and office.does():
        yield "inspector", _calls(office, day), None
    if day == period_of("month", day).first + timedelta(days=24):
        yield from _meeting(office, day, "analysis")


def _fact(office: Office, type: str, day: date, **more) -> dict:
    return {"type": type, "unit": office.unit, "acting": office.unit, "date": day.isoformat(), **more}


def _form(office: Office, kind: str, day: date, items: list[dict], method: str = "on-site", **more) -> dict:
    return _fact(office, "inspection", day, kind=kind, method=method, items=items, **more)


def _volume(office: Office, day: date) -> dict:
    if day.day == 9 and office.manner == "sloppy":  # a day on which nothing came in
        return {name: {"items": 0, "returned": 0} for name in ("express", "registered", "parcel")}
    busy = 0.6 if day.weekday() >= 5 else 1.0
    counts = {"express": 34, "registered": 18, "parcel": 48, "letter": 90, "periodical": 120}
    return {
        name: {
            "items": int(count * busy * office.chance.uniform(0.7, 1.3)),
            "returned": office.chance.randrange(3) if name in ("express", "registered", "parcel") else None,
        }
        for name, count in counts.items()
    }


def _number(office: Office, day: date, place: int) -> str:
    return f"98{office.unit[-3:]}{day:%m%d}{place:04}"


def _receipts(office: Office, day: date, volume: dict) -> dict:
    total = sum(volume[name]["items"] for name in ("express", "registered", "parcel"))
    short = office.manner == "sloppy" and office.chance.random() < 0.3
    count = max(1, -(-total // (20 if short else 10)))
    criteria = ("relation", "time", "legible", "stamp", "system")
    items = [
        office.judged(
            _number(office, day, n), criteria, **{"class": ("express", "registered", "parcel")[n % 3]}
        )
        for n in range(count)
    ]
    done = day + timedelta(days=3 if office.manner == "late" and office.chance.random() < 0.3 else 0)
    return _form(office, "receipt", done, items, about=day.isoformat())


def _judged_draw(office: Office, day: date) -> dict:
    """Verdicts on the drawn numbers of a sealed list; its third letter tells the class."""
    classes = {"E": "express", "R": "registered", "P": "parcel"}
    criteria = ("relation", "time", "legible", "stamp", "system")
    items = [
        office.judged(number, criteria, **{"class": classes[number[0]]})
        for number in sorted(office.drawn[day])
    ]
    return _form(office, "receipt", day, items, about=day.isoformat())


# ---------------------------------------------------------------- relay points, with their photos


def _points(session: Session, unit: str) -> list[str]:
    query = select(RelayPoint.id).where(RelayPoint.unit_code == unit).order_by(RelayPoint.name)
    return list(session.scalars(query.limit(12)))


def _visits(day: date, office: Office) -> bool:
    """Whether the day lies in the last five weeks: each visit has a photo, and the demo is to be quick."""
    return day.isoformat() >= office.since


def _keep_photos(
    session: Session, store: PhotoStore, now: datetime, days: list[date], office: Office
) -> None:
    """Make the photos of the visits and keep them as if a phone had sent them."""
    office.since = days[-35].isoformat()
    visits = [day for day in days[-35:] if day.weekday() in (0, 3) and office.manner != "late"]
    for day in visits:
        for number in range(len(office.points)):
            data = picture(day, number * 31 + int(office.unit[-3:]))
            if office.manner == "sloppy" and not number and day > days[-13]:  # nobody went there again
                data = taken_again(picture(visits[0], int(office.unit[-3:])))
            office.photos[day, number] = keep(session, store, now, office.people["inspector"], data)
    session.flush()


def _calls(office: Office, day: date) -> dict:
    criteria = ("registered", "handover", "passed-on", "no-backlog")
    count = len(office.points) if office.manner != "sloppy" else min(4, len(office.points))
    items = [
        office.judged(point, criteria, photos=[office.photos[day, n]], position="no-signal")
        for n, point in enumerate(office.points[:count])
    ]
    return _form(office, "relay", day, items, method="unannounced")


def _returns(office: Office, day: date, volume: dict) -> dict:
    count = sum(volume[name]["returned"] or 0 for name in ("express", "registered", "parcel"))
    # A reason that is not true needs its photo; the demo takes none.
    items = [
        {"subject": _number(office, day, 500 + n), "class": "parcel", "verdict": "pass", "answers": {}}
        for n in range(max(1, count))
    ]
    return _form(office, "return", day, items, about=day.isoformat(), method="records")


def _balance(office: Office, day: date, received: int) -> dict:
    gap = 1 if office.chance.random() < FAILS[office.manner] else 0
    opening, returned = office.carried, min(1, received)
    office.carried = carried = min(office.chance.randrange(4), opening + received - returned)
    header = {
        "opening": opening, "received": received, "returned": returned, "forwarded": 0, "carried": carried,
        "delivered": max(0, opening + received - returned - carried - gap),
    }  # fmt: skip
    return _form(office, "balance", day, [{"subject": "-"}], about=day.isoformat(), header=header)


def _meeting(office: Office, day: date, kind: str) -> Iterator[tuple[str, dict, dict]]:
    text = (
        "通报前日抽查情况，重申代收须注明关系。"
        if kind == "meeting"
        else "本月签收质量总体平稳，代收关系漏注仍是主要问题。"
    )
    header = {
        "present": [office.people["inspector"], office.people["team_lead"]],
        "notes": len(text),
        "requirements": ["代收必须注明与收件人关系"] if kind == "analysis" else [],
    }
    personal = {"notes": {"header.notes": text}}
    yield "director", _form(office, kind, day, [{"subject": "-"}], header=header), personal


def _shortage(office: Office, day: date) -> dict:
    short = office.chance.randrange(4)
    header = {"short": short, "damaged": 0, "replaced": max(0, short - 1), "refunded": min(1, short), "refund": 150 * min(1, short)}  # fmt: skip
    return _form(office, "shortage", day, [office.judged("-", ("recorded", "told"))], header=header)


def _parcels(office: Office, day: date, count: int) -> dict:
    criteria = ("on-time", "feedback", "feedback-time", "signature", "consent")
    numbers = [_number(office, day, 900 + n) for n in range(count)]
    # Fewer than twenty came in: all of that day's.
    numbers = [number for number, name in office.listed.get(day, {}).items() if name == "parcel"] or numbers
    items = [office.judged(number, criteria, **{"class": "parcel"}) for number in numbers]
    return _form(office, "parcel", day, items)


def _letters(office: Office, day: date) -> dict:
    criteria = ("on-time", "stamp", "address", "depth")
    far = 6 if office.manner != "sloppy" else office.chance.choice((3, 6))
    items = [
        office.judged(f"外{n + 1}", criteria, stratum="nonlocal", tag=f"{n + 1}号楼") for n in range(far)
    ]
    items += [office.judged(f"本{n + 1}", criteria, stratum="local") for n in range(4)]
    return _form(office, "letter", day, items, method="unannounced")


def _watch(office: Office, day: date) -> Iterator[tuple[str, dict, None]]:
    classes = ("express", "registered", "letter", "periodical")
    chosen = [{"subject": _number(office, day, 700 + n), "class": classes[n % 4]} for n in range(20)]
    pick = _form(office, "watch-pick", day, chosen, about=day.isoformat()) | {"type": "selection"}
    yield "inspector", pick, None
    followed = chosen if office.manner != "sloppy" else chosen[:12]
    items = [
        office.judged(one["subject"], ("on-time", "depth"), **{"class": one["class"]}) for one in followed
    ]
    yield "inspector", _form(office, "watch", day, items, about=day.isoformat(), method="call"), None
