"""What lies around the demo county: the league's own delivery bureau, and a second league with one county.

The bureau has a city department that also has a counter, and a rural one that an agency runs. Both counties are small:
their relay points, the carriers' routes and the few people are written down here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from webapp.core.clock import end_of_day
from webapp.core.ids import new_id
from webapp.org.dated_attributes import begin
from webapp.org.models import Person, Role, Route, Unit
from webapp.org.queries import actor_of
from webapp.org.services import AGENCY, COUNTER, DELIVERY, OWN
from webapp.recording.together import record_all_at_desk

BUREAU, BUREAU_CITY, AGENCY_OUTLET = "152590", "152590011", "152590200"
LEAGUE, COUNTY, CITY, RURAL = "1529", "152923", "152923001", "152923200"


@dataclass(frozen=True)
class Sketch:
    """A unit as it is entered; ``points``: the names of its relay points."""

    code: str
    name: str
    path: str
    level: str
    setting: str | None = None
    services: tuple[str, ...] = (DELIVERY,)
    operator: str = OWN
    bureau: str | None = None
    points: tuple[str, ...] = ()


UNITS = (
    Sketch(BUREAU, "锡林郭勒盟投递局", "/15/1525/", "county", bureau="delivery"),
    Sketch(
        BUREAU_CITY, "锡林大街投递部", "/15/1525/152590/", "department", "city", (DELIVERY, COUNTER),
        points=("盟行政中心收发室", "蒙医医院门卫室", "察哈尔小区物业", "第二中学收发室", "团结路驿站", "锡林广场报刊亭"),
    ),
    Sketch(
        AGENCY_OUTLET, "灰腾梁委代办所", "/15/1525/152590/", "department", "rural", operator=AGENCY,
        points=("灰腾梁嘎查村委会", "风电场门卫室", "希热图牧民服务点", "巴彦淖尔小卖部", "哈达音高勒卫生室"),
    ),
    Sketch(LEAGUE, "阿拉善盟分公司", "/15/", "league"),
    Sketch(COUNTY, "额济纳旗", "/15/1529/", "county"),
    Sketch(
        CITY, "航空街道投递部", "/15/1529/152923/", "department", "city",
        points=("航空社区居委会", "胡杨小区物业", "居延路驿站"),
    ),
    Sketch(
        RURAL, "赛汉陶来苏木支局", "/15/1529/152923/", "department", "rural",
        points=("赛汉陶来嘎查村委会", "孟格图嘎查村委会", "宝日乌拉牧民服务点"),
    ),
)  # fmt: skip
# login: (name, role, unit). Nobody of them signs in: they have no password. The bureau's city department: see quarter.py.
STAFF = {
    "director-590200": ("孟根", "director", AGENCY_OUTLET),  # an agency of one person
    "league-1529": ("苏和", "league_inspector", LEAGUE),
    "county-152923": ("额尔登", "county_manager", COUNTY),
}


def add_units(session: Session, first_day: date) -> list[Unit]:
    """The units, open since ``first_day``; those that have departments' duties."""
    for one in UNITS:
        parent = one.path.strip("/").split("/")[-1]
        unit = Unit(
            code=one.code, parent_code=parent, path=f"{one.path}{one.code}/", level=one.level, setting=one.setting,
            name=one.name, bureau=one.bureau, opened_on=first_day,
        )  # fmt: skip
        session.add(unit)
        session.flush()
        begin(session, unit, one.services, one.operator)
    return [session.get(Unit, one.code) for one in UNITS if one.level == "department"]


def add_staff(session: Session, now: datetime, first_day: date) -> dict[str, str]:
    """The people who work there: their ids by login."""
    ids = {login: new_id() for login in STAFF}
    session.add_all(
        Person(id=ids[login], login=login, name=name, language="zh", created_at=now)
        for login, (name, _, _) in STAFF.items()
    )
    session.flush()
    session.add_all(
        Role(id=new_id(), person_id=ids[login], unit_code=unit, role=role, first_day=first_day)
        for login, (_, role, unit) in STAFF.items()
    )
    session.flush()
    return ids


def add_routes(session: Session, units: list[str]) -> None:
    """One route in each of the units: whoever follows letters names it."""
    session.add_all(Route(id=new_id(), unit_code=unit, code="1", name="一段") for unit in units)
    session.flush()


def enter_points(session: Session, first_day: date, keepers: dict[str, str]) -> None:
    """The relay points, entered on the first day by the county's manager: ``keepers`` is the person by county."""
    now = end_of_day(first_day) - timedelta(hours=6)
    for county, person in keepers.items():
        own = {
            "type": "point", "acting": county, "date": first_day.isoformat(), "day": first_day.isoformat(), "op": "open"
        }  # fmt: skip
        facts = [
            (
                {**own, "unit": one.code, "point": new_id(), "values": {"name": name, "kind": _kind(name)}},
                None,
            )
            for one in UNITS
            if one.path.endswith(f"/{county}/")
            for name in one.points
        ]
        record_all_at_desk(session, actor_of(session, session.get(Person, person), first_day), now, facts)


def _kind(name: str) -> str:
    if name.endswith(("收发室", "门卫室")):
        return "mail-room"
    return "village" if "嘎查" in name else "property"
