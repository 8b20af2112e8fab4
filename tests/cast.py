"""The cast: a region, a league, two neighbouring counties, their departments, and everybody with a dated role.

``build(session)`` fills an empty database and returns a :class:`Cast`; ``client_for(app, cast, "director")`` is a
browser in which that person is signed in. Names of places are those of the real divisions.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from argon2 import PasswordHasher
from pypinyin import Style, lazy_pinyin
from sqlalchemy.orm import Session

from tests.databases import dispose, settings_for
from webapp import create_app
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.org.dated_attributes import begin
from webapp.org.models import Device, Person, Role, Route, RouteCarrier, Unit
from webapp.org.queries import actor_of
from webapp.org.rules import Actor
from webapp.registers.models import RelayPoint

PASSWORD = "prairie-post-1"
FIRST_DAY = date(2026, 1, 1)  # when all units opened and all roles but the dated ones began

REGION, LEAGUE, COUNTY, NEXT_COUNTY = "15", "1525", "152502", "152501"
CITY, RURAL, NEXT_RURAL = "152502002", "152502200", "152501200"

# code, parent, level, setting, name
UNITS = (
    (REGION, None, "region", None, "内蒙古区公司"),
    (LEAGUE, REGION, "league", None, "锡林郭勒盟分公司"),
    (COUNTY, LEAGUE, "county", None, "锡林浩特市"),
    (NEXT_COUNTY, LEAGUE, "county", None, "二连浩特市"),
    (CITY, COUNTY, "department", "city", "宝力根街道投递部"),
    (RURAL, COUNTY, "department", "rural", "宝力根苏木支局"),
    (NEXT_RURAL, NEXT_COUNTY, "department", "rural", "格日勒敖都苏木支局"),
)
# unit, code, name, login of the carrier
ROUTES = (
    (CITY, "1", "一段", "carrier"),
    (CITY, "2", "二段", "carrier2"),
    (RURAL, "1", "乡邮一段", "head"),
    (NEXT_RURAL, "1", "乡邮一段", "nextcarrier"),
)
# login, name, roles: (role, unit, first day, last day)
PEOPLE = (
    ("carrier", "张巴图", (("carrier", CITY, FIRST_DAY, None),)),
    ("carrier2", "王其其格", (("carrier", CITY, FIRST_DAY, None),)),
    ("lead", "李斯琴", (("team_lead", CITY, FIRST_DAY, None),)),
    ("inspector", "赵那仁", (("inspector", CITY, FIRST_DAY, None),)),
    ("director", "陈高娃", (("director", CITY, FIRST_DAY, None),)),
    # A one-person rural office: its head is director, inspector and carrier.
    (
        "head",
        "宝音",
        (
            ("director", RURAL, FIRST_DAY, None),
            ("inspector", RURAL, FIRST_DAY, None),
            ("carrier", RURAL, FIRST_DAY, None),
        ),
    ),
    # Was an inspector in spring, carries since; another left the post altogether.
    (
        "mover",
        "刘洋",
        (("inspector", CITY, FIRST_DAY, date(2026, 5, 31)), ("carrier", CITY, date(2026, 6, 1), None)),
    ),
    ("former", "孙萨仁", (("inspector", CITY, FIRST_DAY, date(2026, 6, 30)),)),
    ("county", "周苏日娜", (("county_manager", COUNTY, FIRST_DAY, None),)),
    ("nextcounty", "吴海", (("county_manager", NEXT_COUNTY, FIRST_DAY, None),)),
    ("nextcarrier", "郑阿木尔", (("carrier", NEXT_RURAL, FIRST_DAY, None),)),
    ("league", "冯格日勒", (("league_inspector", LEAGUE, FIRST_DAY, None),)),
    ("region", "蒋文", (("region_supervisor", REGION, FIRST_DAY, None),)),
    ("admin", "系统管理员", (("admin", REGION, FIRST_DAY, None),)),
)
# unit, kind, names
POINTS = (
    (CITY, "property", ("额尔敦社区居委会", "回民社区居委会", "拉布仁社区居委会", "宝力根社区居委会")),
    (CITY, "mail-room", ("乌兰图嘎社区居委会", "兴盛社区居委会", "甘珠尔社区居委会", "伊利勒特社区居委会")),
    (
        RURAL,
        "village",
        ("锡林敖包居委会", "敖包图居委会", "伊利勒特嘎查", "哈那乌拉嘎查", "乌力吉德勒格尔嘎查"),
    ),
    (
        RURAL,
        "village",
        ("巴彦淖尔嘎查", "巴彦温都尔嘎查", "额尔敦塔拉嘎查", "希日塔拉嘎查", "萨如拉塔拉嘎查"),
    ),
    (NEXT_RURAL, "village", ("额尔敦高毕嘎查", "陶力嘎查", "苏吉嘎查")),
)
# The names that the brief of a test speaks of, each a login ("nobody" is not signed in).
ROLES = (
    "carrier",
    "lead",
    "inspector",
    "director",
    "county",
    "nextcounty",
    "league",
    "region",
    "admin",
    "nobody",
)


@dataclass
class Cast:
    """Ids of what was built: people by login, routes by (unit, code), points by name."""

    people: dict[str, str] = field(default_factory=dict)
    routes: dict[tuple[str, str], str] = field(default_factory=dict)
    points: dict[str, str] = field(default_factory=dict)

    def person(self, session: Session, login: str) -> Person:
        """The person with ``login``, loaded."""
        return session.get(Person, self.people[login])

    def actor(self, session: Session, login: str, today: date | None = None) -> Actor:
        """The person with ``login`` as an actor of ``today`` (default: the present day)."""
        return actor_of(session, self.person(session, login), today or clock.local_date(clock.now()))


def build(session: Session) -> Cast:
    """Units, routes, relay points, people and their roles, flushed into an empty database."""
    cast = Cast()
    _units(session)
    _people(session, cast)
    _routes(session, cast)
    _points(session, cast)
    return cast


def build_in(app) -> Cast:
    """The same in a transaction of its own, committed."""
    with app.app_context(), transaction() as session:
        return build(session)


def build_at(url: str, folder: Path) -> Cast:
    """The same in the database at ``url``, which has its tables; ``folder`` for the data of the application that does it."""
    app = create_app(settings_for(url, folder))
    cast = build_in(app)
    dispose(app)
    return cast


def add_points(session: Session, cast: Cast, unit: str, count: int, first_day: date = FIRST_DAY) -> list[str]:
    """``count`` more relay points of ``unit``, open since ``first_day``; their ids."""
    rows = [_point(unit, "property", f"新增接转点{number:03d}", first_day) for number in range(1, count + 1)]
    session.add_all(rows)
    session.flush()
    cast.points.update({f"{unit} {row.name}": row.id for row in rows})
    return [row.id for row in rows]


def add_departments(session: Session, county: str, count: int) -> list[str]:
    """``count`` more rural departments of a county, open since the first day; their codes."""
    path = session.get(Unit, county).path
    codes = [f"{county}8{number:02d}" for number in range(count)]
    for number, code in enumerate(codes):
        unit = Unit(code=code, parent_code=county, path=f"{path}{code}/", level="department", setting="rural")
        unit.name, unit.opened_on = f"新设第{number}支局", FIRST_DAY
        session.add(unit)
        session.flush()
        begin(session, unit)
    return codes


def device_for(session: Session, person_id: str, name: str = "Android · Chrome") -> tuple[str, str]:
    """A phone on which the person is signed in: (device id, token)."""
    token, now = secrets.token_urlsafe(32), clock.now()
    digest = hashlib.sha256(token.encode()).hexdigest()
    device = Device(
        id=new_id(),
        person_id=person_id,
        token_hash=digest,
        name=name,
        created_at=now,
        seen_at=now,
        proved_at=now,
    )
    session.add(device)
    session.flush()
    return device.id, token


def client_for(app, cast: Cast, login: str):
    """A test client in which ``login`` is signed in; ``nobody`` is a client without a session."""
    client = app.test_client()
    if login == "nobody":
        return client
    with app.app_context(), transaction() as session:
        device, token = device_for(session, cast.people[login])
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{device}.{token}"
        cookie["_fresh"] = True
        cookie.permanent = True
    client.device_id = device
    return client


def read(app, question):
    """The answer of ``question(session)`` in a fresh read-only session."""
    with app.app_context():
        return question(db.session)


def bare(answer) -> str:
    """The text of an answer without its CSRF tokens, to compare two answers."""
    return re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", answer.text)


def _units(session: Session) -> None:
    paths: dict[str | None, str] = {None: "/"}
    for code, parent, level, setting, name in UNITS:
        paths[code] = f"{paths[parent]}{code}/"
        row = Unit(
            code=code, parent_code=parent, level=level, setting=setting, name=name, opened_on=FIRST_DAY
        )
        row.path = paths[code]
        session.add(row)
        session.flush()
        begin(session, row)


def _people(session: Session, cast: Cast) -> None:
    # One hash for all: what is slow on purpose need not be slow fourteen times.
    hashed, now = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD), clock.now()
    for login, name, _ in PEOPLE:
        cast.people[login] = new_id()
        session.add(
            Person(id=cast.people[login], login=login, name=name, password_hash=hashed, created_at=now)
        )
    session.flush()
    for login, _, roles in PEOPLE:
        for role, unit, first, last in roles:
            grant = Role(
                id=new_id(), person_id=cast.people[login], unit_code=unit, role=role, first_day=first
            )
            grant.last_day, grant.granted_by = last, cast.people["admin"]
            session.add(grant)
    session.flush()


def _routes(session: Session, cast: Cast) -> None:
    for unit, code, name, _ in ROUTES:
        cast.routes[unit, code] = new_id()
        session.add(Route(id=cast.routes[unit, code], unit_code=unit, code=code, name=name))
    session.flush()
    for unit, code, _, carrier in ROUTES:
        walk = RouteCarrier(id=new_id(), route_id=cast.routes[unit, code], first_day=FIRST_DAY)
        walk.person_id = cast.people[carrier]
        session.add(walk)
    session.flush()


def _points(session: Session, cast: Cast) -> None:
    for unit, kind, names in POINTS:
        for name in names:
            row = _point(unit, kind, name, FIRST_DAY)
            row.route_id = cast.routes[unit, "1"]
            session.add(row)
            cast.points[name] = row.id
    session.flush()


def _point(unit: str, kind: str, name: str, first_day: date) -> RelayPoint:
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return RelayPoint(
        id=new_id(), unit_code=unit, name=name, initials=initials, kind=kind, opened_on=first_day
    )
