"""锡林浩特市 from the real divisions, with the people of the story; the day's list as the sorting centre hands it out.

Nothing of the demo is in it: every figure of the story can be worked out by hand.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.databases import dispose, settings_for
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp import create_app
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.ids import new_id
from webapp.ledger.operations import open_lines
from webapp.org import passwords
from webapp.org.models import Person, Role, Route, RouteCarrier
from webapp.recording.facts import rulings
from webapp.registers.divisions import add_county
from webapp.registers.models import RelayPoint
from webapp.sampling.rules import check_digit

COUNTY, NEXT_COUNTY, CITY = "152502", "152501", "152502002"  # 锡林浩特市, 二连浩特市, 宝力根街道
REGION, LEAGUE = "15", "1525"  # 内蒙古区公司, 锡林郭勒盟分公司
PASSWORD = "蒙古马-2026-过河"
# login: (name, role, unit)
PEOPLE = {
    "zhang": ("张巴图", "carrier", CITY),
    "wang": ("王其其格", "carrier", CITY),
    "li": ("李斯琴", "team_lead", CITY),
    "zhao": ("赵那仁", "inspector", CITY),
    "chen": ("陈高娃", "director", CITY),
    "zhou": ("周苏日娜", "county_manager", COUNTY),
    "wu": ("吴海", "county_manager", NEXT_COUNTY),
    "jiang": ("蒋文", "region_supervisor", REGION),
}
# Where the points stand, from the post office at 43.9400 N, 116.0800 E northwards, some 500 m apart.
NORTHWARDS = ("兴盛社区居委会", "额尔敦社区居委会", "回民社区居委会")
OFFICE = {"latitude": 43.94, "longitude": 116.08}
# What the inspector checked before the team lead begins.
CHECKED_BEFORE = [item["subject"] for item in parcels(3)]


@dataclass
class County:
    """Ids of what was built: people by login, routes by code, points by name."""

    people: dict[str, str] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)
    points: dict[str, str] = field(default_factory=dict)


def build(url: str, folder: Path) -> County:
    """The county in the empty database at ``url``, its ledger open, the inspector's three parcels checked."""
    app, county = create_app(settings_for(url, folder)), County()
    now = clock.now()
    first_day = (today() - timedelta(days=40)).replace(day=1)
    with app.app_context(), transaction() as session:
        departments = [
            *add_county(session, COUNTY, first_day),
            *add_county(session, NEXT_COUNTY, first_day),
        ]
        _people(session, county, first_day)
        _routes(session, county, first_day)
        _points(session, county)
        rulings.keep_public_days(session, now)
        for unit in departments:
            open_lines(session, unit, now)
    outcome = send(app, Cast(people=county.people), "zhao", envelope(inspection(parcels(3))))
    assert outcome.state == "stored"
    dispose(app)
    return county


def _people(session: Session, county: County, first_day: date) -> None:
    hashed, now = passwords.hashed(PASSWORD), clock.now()
    for login, (name, role, unit) in PEOPLE.items():
        county.people[login] = new_id()
        session.add(
            Person(id=county.people[login], login=login, name=name, password_hash=hashed, created_at=now)
        )
        session.flush()
        session.add(
            Role(id=new_id(), person_id=county.people[login], unit_code=unit, role=role, first_day=first_day)
        )
    session.flush()


def _routes(session: Session, county: County, first_day: date) -> None:
    for code, name, carrier in (("1", "一段", "zhang"), ("2", "二段", "wang")):
        county.routes[code] = new_id()
        session.add(Route(id=county.routes[code], unit_code=CITY, code=code, name=name))
        session.flush()
        walk = RouteCarrier(id=new_id(), route_id=county.routes[code], first_day=first_day)
        walk.person_id = county.people[carrier]
        session.add(walk)
    session.flush()


def _points(session: Session, county: County) -> None:
    """The real communities of the street; three of them have a place in the register."""
    for point in session.scalars(select(RelayPoint).where(RelayPoint.unit_code == CITY)):
        county.points[point.name] = point.id
        point.route_id = county.routes["1"]
        point.keeper, point.contact = "门卫 乌恩", "0479-8200000"
        if point.name in NORTHWARDS:
            point.latitude = OFFICE["latitude"] + 0.0045 * NORTHWARDS.index(point.name)
            point.longitude = OFFICE["longitude"]
    session.flush()


# ---------------------------------------------------------------- the day's list


def s10(kind: str, serial: int) -> str:
    """A number after UPU S10 with its right check digit, such as PA100000014CN."""
    return f"{kind}{serial:08}{check_digit(f'{serial:08}')}CN"


EXPRESS = [s10("EA", 20000000 + n) for n in range(12)]
LETTERS = [s10("RA", 30000000 + n) for n in range(10)]
PARCELS = [s10("PA", 10000000 + n) for n in range(25)]
LISTED = [*EXPRESS, *LETTERS, *PARCELS]  # 47 items: 4.7 is a tenth, so that 5 are drawn
OF_WANG = [EXPRESS[0], LETTERS[0], PARCELS[0]]  # on route 2; at most 3 of the 5, so Zhang has at least 2


def manifest(day: date) -> bytes:
    """The list as Excel in China writes it: GB18030, Chinese headers in an order of its own, six bad rows in it."""
    rows = ["道段名称,收件人,投递日期,邮件号码,收件人地址,邮件类别"]
    for number in LISTED:
        kind = {"EA": "特快", "RA": "挂号", "PA": "国内小包"}[number[:2]]
        route = "二段" if number in OF_WANG else "一段"
        rows.append(f"{route},张三,{day:%Y/%m/%d},{number},锡林大街128号额尔敦小区3号楼2单元501室,{kind}")
    bad = [
        f"一段,李四,{day},,,特快",  # line 49
        f"一段,李四,{day},{'9' * 41},,特快",
        f"九段,李四,{day},{s10('EA', 20000100)},,特快",
        f"一段,李四,{day},{PARCELS[3]},,国内小包",
        f"一段,李四,{day - timedelta(days=3)},{s10('EA', 20000101)},,特快",
        f"一段,李四,{day},{s10('EA', 20000102)},,飞鸽",  # line 54
    ]
    return "\r\n".join([*rows, *bad, ""]).encode("gb18030")
