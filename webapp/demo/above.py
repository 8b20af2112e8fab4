"""A believable quarter of what county, league and region themselves owe: good months, late, short and missing ones.

``worked`` is what was done on site, recorded at the end of each month as it went by; ``reviewed`` is what was done at the
desk about the departments' forms, once those are there. Months and weeks are counted back from today: what would lie
today or ahead is left out, so that the current ones are under way or due.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.clock import end_of_day, local_date
from webapp.demo import around, pictures
from webapp.demo.forms_above import Desk, Fact
from webapp.inspections.models import Inspection
from webapp.org.models import Person, Route, Unit
from webapp.org.queries import actor_of, within
from webapp.photos.store import PhotoStore
from webapp.recording.together import record_all_at_desk
from webapp.registers.models import RelayPoint
from webapp.rulebook.periods import DAY, Period, period_of

REGION, LEAGUE, COUNTY, NEXT = "15", "1525", "152502", "152501"
GOOD, SLOPPY, LATE, DISHONEST = "152502002", "152502001", "152502003", "152502004"
JOINT = "152502005"  # visited by county and league on one day
FORGOTTEN = "152502502"  # at whose relay points the county did not call
FAULTS = {SLOPPY: ("stamp", "audited"), LATE: ("upload",), DISHONEST: ("self-checks",), GOOD: ()}
IDLE = ("self-checks",)
ROUTES = (SLOPPY, LATE, around.BUREAU_CITY, around.AGENCY_OUTLET, around.CITY)  # the good one has its own
CALLED = 5  # relay points at which a county calls in a department


@dataclass(frozen=True)
class Month:
    """A month of the demo's past; ``age``: 0 of the current one, 1 of the last one …"""

    period: Period
    age: int
    today: date

    def day(self, number: int) -> date:
        """The so-many-th weekday of the month, Monday to Friday."""
        days = [day for day in self.period.days() if day.weekday() < 5]
        return days[number - 1]

    def next_month(self, number: int) -> date:
        """The same in the month after."""
        return Month(self.period.next(), self.age - 1, self.today).day(number)


def months_of(first_day: date, today: date) -> list[Month]:
    """The months from the first day to today, the oldest first."""
    found, period = [], period_of("month", today)
    while first_day <= period.first:
        found.append(period)
        period = period.previous()
    return [Month(one, age, today) for age, one in reversed(list(enumerate(found)))]


@dataclass
class Past:
    """What the story needs of the database: who records for whom, routes, relay points, where photos go."""

    session: Session
    now: datetime
    store: PhotoStore
    first_day: date
    desks: dict[str, Desk]  # by the code of the unit that acts

    @property
    def today(self) -> date:
        """The local day of now."""
        return local_date(self.now)

    @property
    def months(self) -> list[Month]:
        """The months of the story."""
        return months_of(self.first_day, self.today)

    def record(self, desk: Desk, facts: Iterable[Fact], now: datetime) -> None:
        """Record what lies before today, in the name of the desk's unit."""
        done = [fact for fact in facts if fact[0]["date"] < self.today.isoformat()]
        if done:
            person = self.session.get(Person, desk.person)
            record_all_at_desk(self.session, actor_of(self.session, person, local_date(now)), now, done)

    def route(self, unit: str) -> str:
        """The id of the unit's first route."""
        return self.session.scalar(select(Route.id).where(Route.unit_code == unit).order_by(Route.code))

    def departments(self, county: str) -> list[Unit]:
        """The departments below a county."""
        query = select(Unit).where(Unit.parent_code == county, Unit.level == "department")
        return list(self.session.scalars(query.order_by(Unit.code)))

    def records(self, kind: str, path: str, period: Period) -> dict[str, list[str]]:
        """The records of a kind in a period: ids by the unit that they are about, of those below the path."""
        query = select(Inspection.unit_code, Inspection.id).join(Unit, Unit.code == Inspection.unit_code)
        query = query.where(Inspection.kind == kind, Inspection.day.between(period.first, period.last))
        found: dict[str, list[str]] = {}
        for unit, one in self.session.execute(
            query.where(within([path])).order_by(Inspection.day, Inspection.id)
        ):
            found.setdefault(unit, []).append(one)
        return found


# ---------------------------------------------------------------- on site, month by month


def worked(past: Past, outlet: Desk) -> list[tuple[datetime, Callable[[], None]]]:
    """What was done on site, and the meetings, to be recorded at the end of each month, the current one's now.

    ``outlet``: whoever runs the agency outlet, whose letter checks arrive between them.
    """
    around.add_routes(past.session, list(ROUTES))
    stories = {
        COUNTY: _county, around.BUREAU: _bureau, LEAGUE: _league, around.COUNTY: _far_county,
        around.LEAGUE: _far_league, REGION: _region,
    }  # fmt: skip
    turns = list(_fortnights(past, outlet))
    for month in past.months:
        received = min(past.now, end_of_day(month.period.last) - timedelta(hours=1))
        turns += [
            (received, past.desks[code], story(past, past.desks[code], month))
            for code, story in stories.items()
        ]
    return [(received, partial(past.record, desk, facts, received)) for received, desk, facts in turns]


def _county(past: Past, desk: Desk, month: Month) -> Iterator[Fact]:
    """The demo's own county: one good month, one with a visit that lacks a group, one with too few."""
    day = month.day
    if month.age > 2:
        visits = [(SLOPPY, 6, {}), (DISHONEST, 9, {}), ("152502100", 13, {})]
        follows = [(GOOD, 8, 5)]
    elif month.age == 2:
        visits = [
            (SLOPPY, 4, {}),
            (LATE, 7, {}),
            ("152502006", 9, {}),
            ("152502100", 12, {}),
            ("152502200", 16, {}),
        ]
        follows = [(GOOD, 6, 6), (LATE, 14, 5)]
    elif month.age == 1:
        visits = [
            (SLOPPY, 3, {}), (DISHONEST, 8, {"without": "periodicals"}), (JOINT, 11, {"together": "盟市分公司"}),
            ("152502201", 13, {"none_came": "periodicals"}), ("152502203", 15, {}),
        ]  # fmt: skip
        follows = [(SLOPPY, 5, 5), (LATE, 14, 4)]
    else:
        visits = [(SLOPPY, 2, {}), ("152502007", 5, {}), ("152502400", 9, {})]
        follows = [(GOOD, 4, 5)]
    for unit, number, more in visits:
        yield desk.visit(unit, day(number), FAULTS.get(unit, IDLE), **more)
    for unit, number, letters in follows:
        yield desk.follow(unit, day(number), past.route(unit), letters, ("stamp",) if unit == SLOPPY else ())
    yield from _called(past, desk, month)
    if month.age == 1:
        yield desk.meeting(
            day(17),
            "本月未签收代收关系、日戳漏盖两类问题占全部问题的六成，集中在希日塔拉、杭盖两个投递部；楚古兰投递部自查结果连续全部合格，与抽查不符。",
            ["希日塔拉投递部每日出班前抽查日戳20件", "楚古兰投递部重做本月自查，县局派人跟段"],
        )
    elif month.age == 2:
        yield desk.meeting(
            day(18),
            "特快邮件及时上网率比上月提高，接转点转投记录仍不齐全，农村支局报刊短缺补投偏慢。",
            ["各支局接转点每周到访一次并拍照", "报刊短缺三日内补投或退款"],
        )


def _called(past: Past, desk: Desk, month: Month) -> Iterator[Fact]:
    """Relay points: everywhere but in the forgotten department last month, here and there before and since."""
    everywhere = [one.code for one in past.departments(desk.acting)]
    chosen = [code for code in everywhere if code != FORGOTTEN] if month.age == 1 else everywhere[2:7]
    for n, unit in enumerate(chosen):
        fails = ("handover",) if unit in (SLOPPY, DISHONEST) else ()
        yield from called_at(past, desk, unit, month.day(2 + n if month.age else 1 + 3 * n), fails)


def called_at(
    past: Past, desk: Desk, unit: str, day: date, fails: tuple[str, ...] = (), count: int = CALLED
) -> Iterator[Fact]:
    """One round of a department's points, none where the day is still to come: its photos would be of nothing."""
    if day >= past.today:
        return
    query = select(RelayPoint.id).where(RelayPoint.unit_code == unit, RelayPoint.closed_on.is_(None))
    points = past.session.scalars(query.order_by(RelayPoint.name).limit(count)).all()
    photos = {
        point: pictures.keep(
            past.session,
            past.store,
            past.now,
            desk.person,
            pictures.picture(day, 1000 + n + int(unit[-3:]) * 7),
        )
        for n, point in enumerate(points)
    }
    past.session.flush()
    if photos:
        yield desk.calls(unit, day, photos, fails)


def _bureau(past: Past, desk: Desk, month: Month) -> Iterator[Fact]:
    """The delivery bureau does what it owes, month by month; this month the agency outlet is still to come."""
    yield desk.visit(around.BUREAU_CITY, month.day(5), ("depth",) if month.age == 1 else ())
    yield desk.follow(around.BUREAU_CITY, month.day(6), past.route(around.BUREAU_CITY), 6)
    yield from called_at(past, desk, around.BUREAU_CITY, month.day(7))
    if month.age:
        yield desk.visit(around.AGENCY_OUTLET, month.day(10), ("audited",) if month.age == 2 else ())
        yield desk.follow(around.AGENCY_OUTLET, month.day(10), past.route(around.AGENCY_OUTLET))
        yield from called_at(past, desk, around.AGENCY_OUTLET, month.day(11))
    yield desk.meeting(
        month.day(15),
        "锡林大街投递部投递深度问题已整改；灰腾梁委代办所投递清单上交偏晚，与代办人当面约定每日十八时前上交。",
        ["委代办所清单每日十八时前上交并拍照"],
    )


def _league(past: Past, desk: Desk, month: Month) -> Iterator[Fact]:
    """The league: a good month, one with too few visits; a joint check in which it recorded the parcels."""
    day, own = month.day, around.BUREAU_CITY
    if month.age > 2:
        visits, follows, parcels = [(GOOD, 7)], [(GOOD, 7)], [(GOOD, 7, 20), (LATE, 8, 20)]
    elif month.age == 2:
        visits = [(LATE, 5), ("152502006", 6), (own, 8), ("152501200", 12), ("152502500", 14)]
        follows = [(GOOD, 9), (own, 8)]
        parcels = [(SLOPPY, 4, 20), (LATE, 5, 20), (own, 8, 20), ("152501200", 12, 20), ("152502500", 14, 20)]
    elif month.age == 1:
        visits, follows = [(SLOPPY, 6), ("152502007", 7), ("152501400", 15)], [(SLOPPY, 6)]
        parcels = [(JOINT, 11, 20), (own, 12, 20), (SLOPPY, 6, 20)]
    else:
        visits, follows, parcels = [("152502008", 5)], [(GOOD, 6)], [(DISHONEST, 7, 12)]
    for unit, number in visits:
        yield desk.visit(unit, day(number), FAULTS.get(unit, () if unit == own else ("made-good",)))
    for unit, number in follows:
        yield desk.follow(unit, day(number), past.route(unit))
    for unit, number, count in parcels:
        yield desk.parcels(unit, day(number), count, () if unit == own else ("feedback-time",))
    if month.age in (1, 2):
        yield desk.meeting(
            day(19),
            "锡林浩特市城市投递部平常函件检查表基本齐全，二连浩特市连续两月没有检查表；国内小包信息反馈迟缓是共性问题。",
            ["二连浩特市下月起按周检查、按周审核", "国内小包妥投信息当班反馈"],
        )


def _far_county(past: Past, desk: Desk, month: Month) -> Iterator[Fact]:
    """The second league's county: visits in full months, nothing else."""
    if month.age:
        yield desk.visit(around.CITY, month.day(9), ("signed",) if month.age == 1 else ())
        yield desk.visit(around.RURAL, month.day(14), none_came="express")


def _far_league(past: Past, desk: Desk, month: Month) -> Iterator[Fact]:
    """The second league began late: one visit last month."""
    if month.age == 1:
        yield desk.visit(around.CITY, month.day(16), ("stamp",))
        yield desk.follow(around.CITY, month.day(16), past.route(around.CITY))


def _region(past: Past, desk: Desk, month: Month) -> Iterator[Fact]:
    """The quarterly special check: of both leagues in the month before last, of one since."""
    places = {2: (around.CITY, LATE), 1: (SLOPPY,)}.get(month.age, ())
    for n, unit in enumerate(places):
        yield desk.visit(unit, month.day(10 + n), FAULTS.get(unit, ()))
        yield desk.parcels(unit, month.day(10 + n))


# ---------------------------------------------------------------- the agency's own letters


def _fortnights(past: Past, desk: Desk) -> Iterator[tuple[datetime, Desk, list[Fact]]]:
    """The outlet's own letter checks, sent every other Sunday: its weeks are then the bureau's to review."""
    week = period_of("week", past.first_day).next()
    while week.next().last < past.today:
        facts = [_letters(desk, one.first + 2 * DAY) for one in (week, week.next())]
        yield end_of_day(week.next().last) - timedelta(hours=4), desk, facts
        week = week.next().next()


def _letters(desk: Desk, day: date) -> Fact:
    passed = {"verdict": "pass", "answers": {}}
    items = [
        {"subject": f"外{n + 1}", "stratum": "nonlocal", "tag": f"{n + 1}组", **passed} for n in range(5)
    ]
    items += [{"subject": f"本{n + 1}", "stratum": "local", **passed} for n in range(3)]
    return desk.form("letter", desk.acting, day, items, "on-site"), None
