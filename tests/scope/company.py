"""The company of the scope table: four departments alike, in three counties and two leagues, and everybody in them.

A department's names, notes and reasons all bear its own sign, a character that stands nowhere else, and its numbers
begin alike: what shows a sign or a number shows something of that department.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.ids import new_id
from webapp.org.dated_attributes import begin
from webapp.org.models import Person, Role, Route, RouteCarrier, SecondFactor, Unit
from webapp.org.queries import actor_of
from webapp.org.rules import Actor
from webapp.registers.models import RelayPoint

PASSWORD = "prairie-post-1"
SALT = "c0" * 16  # of second factors
TODAY = clock.local_date(clock.now())
FIRST_DAY = TODAY - timedelta(days=200)
ENDED = TODAY - timedelta(days=60)  # longer ago than any grace

REGION, LEAGUE, BESIDE_LEAGUE = "15", "1525", "1505"
COUNTY, NEXT_COUNTY, BESIDE_COUNTY = "152502", "152501", "150502"


@dataclass(frozen=True)
class Place:
    """A department: its code, what bears its sign, and how its people's logins begin."""

    code: str
    county: str
    sign: str
    digits: str
    prefix: str


HERE = Place("152502002", COUNTY, "骉", "98811", "")
SIBLING = Place("152502200", COUNTY, "羴", "98822", "s")
THERE = Place("152501200", NEXT_COUNTY, "猋", "98833", "n")
BESIDE = Place("150502200", BESIDE_COUNTY, "麤", "98844", "b")
PLACES = {"here": HERE, "sibling": SIBLING, "there": THERE, "beside": BESIDE}

# code, parent, level, name
UNITS = (
    (REGION, None, "region", "内蒙古区公司"),
    (LEAGUE, REGION, "league", "锡林郭勒盟分公司"),
    (BESIDE_LEAGUE, REGION, "league", f"通辽市分公司{BESIDE.sign}"),
    (COUNTY, LEAGUE, "county", "锡林浩特市"),
    (NEXT_COUNTY, LEAGUE, "county", f"二连浩特市{THERE.sign}"),
    (BESIDE_COUNTY, BESIDE_LEAGUE, "county", f"科尔沁区{BESIDE.sign}"),
    *((one.code, one.county, "department", f"投递部{one.sign}") for one in PLACES.values()),
)
STAFF = ("carrier", "carrier2", "lead", "inspector", "director")
ROLE_OF = {"carrier2": "carrier", "lead": "team_lead"}
# login, name, roles: (role, unit, last day)
OTHERS = (
    ("county", "周苏日娜", (("county_manager", COUNTY, None),)),
    ("nextcounty", f"吴海{THERE.sign}", (("county_manager", NEXT_COUNTY, None),)),
    ("league", "冯格日勒", (("league_inspector", LEAGUE, None),)),
    ("beside", f"郭毕力格{BESIDE.sign}", (("league_inspector", BESIDE_LEAGUE, None),)),
    ("region", "蒋文", (("region_supervisor", REGION, None),)),
    ("admin", "系统管理员", (("admin", REGION, None),)),
    # Held once and ended: nothing since, or a role in another county.
    ("past", "孙萨仁", (("director", HERE.code, ENDED), ("county_manager", COUNTY, ENDED))),
    ("moved", "刘洋", (("director", HERE.code, ENDED), ("inspector", THERE.code, None))),
    # Whom records of other counties name.
    ("named", f"额尔敦{THERE.sign}", (("carrier", THERE.code, None),)),
    # Whose password a superior knows; whose session was ended; who was deactivated.
    ("temporary", "白音", (("director", HERE.code, None),)),
    ("revoked", "何永强", (("director", HERE.code, None),)),
    ("inactive", "娜仁", (("director", HERE.code, None),)),
)


@dataclass
class Company:
    """Ids of what was built: people by login, things of a department by name."""

    people: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, str]] = field(default_factory=dict)  # by name of the place

    def actor(self, session: Session, login: str) -> Actor:
        """The person with ``login`` as an actor of today."""
        return actor_of(session, session.get(Person, self.people[login]), TODAY)


def build(session: Session) -> Company:
    """Units, people with dated roles, routes and relay points, flushed into an empty database."""
    company = Company()
    _units(session)
    _people(session, company)
    for name, place in PLACES.items():
        company.things[name] = _department(session, company, place)
    return company


def _units(session: Session) -> None:
    paths: dict[str | None, str] = {None: "/"}
    for code, parent, level, name in UNITS:
        paths[code] = f"{paths[parent]}{code}/"
        setting = "city" if level == "department" else None
        unit = Unit(
            code=code, parent_code=parent, path=paths[code], level=level, setting=setting, name=name,
            opened_on=FIRST_DAY,
        )  # fmt: skip
        session.add(unit)
        session.flush()
        begin(session, unit)


def _people(session: Session, company: Company) -> None:
    staff = [
        (f"{place.prefix}{who}", f"{who}{place.sign}", ((ROLE_OF.get(who, who), place.code, None),))
        for place in PLACES.values()
        for who in STAFF
    ]
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    for login, name, _roles in (*staff, *OTHERS):
        # Two carriers have never signed in: the sheet of codes is for them.
        person = Person(id=new_id(), login=login, name=name, created_at=clock.now())
        person.password_hash = None if login.endswith("carrier2") else hashed
        person.temporary, person.active = login == "temporary", login != "inactive"
        company.people[login] = person.id
        session.add(person)
    session.flush()
    for login in ("league", "beside"):
        factor = {"salt": SALT, "last_step": 0, "set_up_at": clock.now()}
        session.add(SecondFactor(person_id=company.people[login], **factor))
    for login, _name, roles in (*staff, *OTHERS):
        for role, unit, last in roles:
            grant = Role(id=new_id(), person_id=company.people[login], unit_code=unit, role=role)
            grant.first_day, grant.last_day, grant.granted_by = FIRST_DAY, last, company.people["admin"]
            session.add(grant)
    session.flush()


def _department(session: Session, company: Company, place: Place) -> dict[str, str]:
    people = {who: company.people[f"{place.prefix}{who}"] for who in STAFF}
    things = {
        "unit": place.code,
        "county": place.county,
        "sign": place.sign,
        "digits": place.digits,
        **people,
    }
    things |= {f"{who}_login": f"{place.prefix}{who}" for who in STAFF}
    things["role"] = session.query(Role).filter_by(person_id=people["carrier"]).one().id
    for number, carrier in (("1", "carrier"), ("2", "carrier2")):
        route = Route(id=new_id(), unit_code=place.code, code=number, name=f"{number}段{place.sign}")
        session.add(route)
        session.flush()
        session.add(
            RouteCarrier(id=new_id(), route_id=route.id, person_id=people[carrier], first_day=FIRST_DAY)
        )
        point = _point(place, number, route.id)
        session.add(point)
        session.flush()
        things |= {f"route{number}": route.id, f"point{number}": point.id}
    spare = Route(id=new_id(), unit_code=place.code, code="9", name=f"旧段{place.sign}", closed_on=TODAY)
    shut = _point(place, "9", None)
    shut.closed_on = TODAY - timedelta(days=3)
    named = _point(place, "8", None)
    session.add_all((spare, shut, named))
    session.flush()
    return things | {"shut_route": spare.id, "shut_point": shut.id, "named_point": named.id}


def _point(place: Place, number: str, route: str | None) -> RelayPoint:
    """A relay point; what is said of the second route's bears a mark that its other carrier must not see."""
    mark = f"{place.sign}{number}"
    point = RelayPoint(id=new_id(), unit_code=place.code, name=f"接转点{mark}", initials=f"jzd{number}")
    point.kind, point.opened_on, point.route_id = "property", FIRST_DAY, route
    point.address, point.keeper, point.contact = f"团结街{mark}", f"门卫{mark}", f"内线{mark}"
    point.note = f"东门{mark}"
    return point


def first_days() -> tuple[date, date]:
    """Yesterday and today: the days of the lists."""
    return TODAY - timedelta(days=1), TODAY
