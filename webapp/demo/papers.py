"""The demo's documents: reports and bulletins that were sent in time, late, returned, or are only begun."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from webapp.core.clock import end_of_day, local_date
from webapp.demo.above import COUNTY, LEAGUE, REGION, Month, Past
from webapp.demo.around import BUREAU
from webapp.documents import operations
from webapp.documents.models import Document
from webapp.documents.rules import digest, plain
from webapp.org.models import Person, Unit
from webapp.org.queries import actor_of
from webapp.recording import documents
from webapp.rulebook.documents import document_types

Step = tuple[datetime, Callable[[], None]]
REPORT, BULLETIN, INSPECTION = "relay-report", "bulletin", "inspection-report"  # of documents, not of duties
# What stands in the sections that are needed.
WORDS = {
    "problems": "接转点转投记录不齐全的问题仍集中在两个投递部，已要求主任每周到点核对一次。毛登牧场支局路远，下月由县局安排补查。",
    "figures": "本月各项检查按计划进行，签收质量比上月略有提高，平常函件日戳漏盖仍是主要问题。",
    "requirements": "一、希日塔拉投递部月底前完成日戳专项整改。二、各支局接转点每周到访一次并拍照。三、报刊短缺三日内补投或退款。",
    "work": "检查组由盟市分公司投递质量检查人员组成，采取现场检查、跟段检查和系统审核的方式进行。",
    "letters": "平常函件投递深度总体到位，个别居民楼仍放门卫室；接转点检查旗县基本按要求到点，个别支局没有到访。",
    "causes": "主要原因是班组长出班前抽查不落实，新进投递员培训不到位。",
}


@dataclass
class Paper:
    """One document of the story: who writes and who checks it."""

    past: Past
    unit: str
    checker: str
    type: str
    period: str
    id: str = ""

    def actor(self, code: str, now: datetime):
        """Whoever leads the unit."""
        person = self.past.session.get(Person, self.past.desks[code].person)
        return actor_of(self.past.session, person, local_date(now))

    def begun(self, now: datetime, most: int | None = None) -> None:
        """Begin it and write the sections that are needed, or the first ``most`` of them."""
        session, me = self.past.session, self.actor(self.unit, now)
        self.id = operations.begin(session, me, now, session.get(Unit, self.unit), self.type, self.period).id
        needed = [one.code for one in document_types()[self.type].sections if one.needed]
        for section in needed[:most]:
            operations.write(session, me, now, self.id, section, WORDS[section], 0)

    def issued(self, now: datetime) -> None:
        """Write it, have it checked by the unit above, issue it."""
        self.begun(now)
        session = self.past.session
        read = digest(plain(session.get(Document, self.id).texts))
        documents.check(session, self.actor(self.checker, now), now, self.id, read)
        documents.issue(session, self.actor(self.unit, now), now, self.id)

    def moved(self, now: datetime, move: str, reason: str = "") -> None:
        """A step by whoever's it is."""
        mine = move in ("send", "void")
        documents.move(
            self.past.session,
            self.actor(self.unit if mine else self.checker, now),
            now,
            self.id,
            move,
            reason,
        )


def written(past: Past) -> list[Step]:
    """All steps that lie before now, each with its instant."""
    return [
        step
        for month in past.months
        if month.age > 0
        for step in (
            *_county(past, month, COUNTY, 12),
            *_county(past, month, BUREAU, 9),
            *_league(past, month),
        )
        if step[0] < past.now
    ]


def _at(month: Month, day: int, hour: int) -> datetime:
    """An hour of a day of the month after."""
    return end_of_day(month.period.next().first.replace(day=day)) - timedelta(hours=24 - hour)


def _county(past: Past, month: Month, unit: str, last: int) -> Iterator[Step]:
    """Reports in time, the bulletin of the last month issued on the day ``last``; of the month just over a draft."""
    report = Paper(past, unit, LEAGUE, REPORT, month.period.code)
    bulletin = Paper(past, unit, LEAGUE, BULLETIN, month.period.code)
    if _at(month, 8, 15) >= past.now:
        if month.age == 1:
            begun = past.now - timedelta(minutes=30)
            if local_date(begun) > month.period.last:
                yield begun, partial(report.begun, begun, 0)
        return
    yield _at(month, 8, 15), partial(report.issued, _at(month, 8, 15))
    yield _at(month, 8, 16), partial(report.moved, _at(month, 8, 16), "send")
    yield _at(month, 10, 9), partial(report.moved, _at(month, 10, 9), "receive")
    yield _at(month, 10, 10), partial(report.moved, _at(month, 10, 10), "accept")
    day = last if month.age == 1 else 9
    yield _at(month, day, 11), partial(bulletin.issued, _at(month, day, 11))


def _league(past: Past, month: Month) -> Iterator[Step]:
    """The inspection report: sent in the last hour, and accepted; that of the last month was returned."""
    report = Paper(past, LEAGUE, REGION, INSPECTION, month.period.code)
    day, hour = (9, 16) if month.age == 1 else (10, 23)
    yield _at(month, day, hour - 1), partial(report.issued, _at(month, day, hour - 1))
    yield _at(month, day, hour), partial(report.moved, _at(month, day, hour), "send")
    yield _at(month, 11, 9), partial(report.moved, _at(month, 11, 9), "receive")
    if month.age == 1:
        yield (
            _at(month, 12, 9),
            partial(report.moved, _at(month, 12, 9), "reject", "第五部分缺少对各旗县接转点检查的分析。"),
        )
    else:
        yield _at(month, 12, 9), partial(report.moved, _at(month, 12, 9), "accept")
