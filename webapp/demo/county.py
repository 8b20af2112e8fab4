"""The demo county: who can sign in, and with what. A server that is not in demo mode refuses these logins."""

from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core.clock import end_of_day, local_date
from webapp.core.ids import new_id
from webapp.demo import around
from webapp.demo.above import Past, worked
from webapp.demo.campaign import planned
from webapp.demo.forms_above import Desk
from webapp.demo.matters import forgotten, happened
from webapp.demo.papers import written
from webapp.demo.places import enter_places
from webapp.demo.quarter import DAYS, lived
from webapp.demo.reviews import reviewed
from webapp.ledger.operations import open_lines
from webapp.org import passwords
from webapp.org.models import Person, Role, Route, RouteCarrier, Unit
from webapp.org.queries import actor_of
from webapp.photos.store import PhotoStore
from webapp.recording.operations import record_at_desk
from webapp.registers.divisions import add_county
from webapp.registers.models import RelayPoint
from webapp.sampling.models import Manifest, ManifestItem
from webapp.sampling.operations import reveal_body, seal_body
from webapp.sampling.rules import check_digit

# Plain literals: run.py reads them without importing this module.
DEMO_PASSWORD = "toucha-demo-2026"  # noqa: S105  (published: that is why readiness.py looks for it)
DEMO_LOGINS = {
    "carrier": "投递员 carrier",
    "lead": "班组长 team lead",
    "inspector": "质检员 inspector",
    "director": "投递部主任 director",
    "county": "县局业务管理员 county manager",
    "nextcounty": "邻县业务管理员 manager of the next county",
    "bureau": "投递局业务管理员 manager of the league's delivery bureau",
    "league": "盟市检查人员 league inspector",
    "region": "区公司监督检查部门 region supervisor",
    "admin": "系统管理员 administrator",
}
COUNTY, NEXT_COUNTY, LEAGUE, REGION = "152502", "152501", "1525", "15"
CITY = "152502002"  # 宝力根街道
LISTED = 26  # days back with a sealed list: enough drawn items for a rate that may be compared
# login: (name, role, unit)
CAST = {
    "carrier": ("张巴图", "carrier", CITY),
    "lead": ("李斯琴", "team_lead", CITY),
    "inspector": ("赵那仁", "inspector", CITY),
    "director": ("陈高娃", "director", CITY),
    "county": ("周苏日娜", "county_manager", COUNTY),
    "nextcounty": ("吴海", "county_manager", NEXT_COUNTY),
    "bureau": ("萨仁", "county_manager", around.BUREAU),
    "league": ("冯格日勒", "league_inspector", LEAGUE),
    "region": ("蒋文", "region_supervisor", REGION),
    "admin": ("系统管理员", "admin", REGION),
}


def build(session: Session, now: datetime, store: PhotoStore | None = None) -> bool:
    """The demo county with its people, routes, two days' sealed lists and a past; False if people exist already.

    Without a ``store`` for its photos it has no past.
    """
    if session.scalar(select(Person.id).limit(1)):
        return False
    today = local_date(now)
    first_day = (today - timedelta(days=DAYS + 10)).replace(day=1)
    departments = [*add_county(session, COUNTY, first_day), *add_county(session, NEXT_COUNTY, first_day)]
    departments += around.add_units(session, first_day)
    _begin_above(session, first_day)
    people = _people(session, now, first_day)
    routes = _routes(session, people["carrier"], first_day)
    director = session.get(Person, people["director"])
    above, steps = _work_above(session, now, store, first_day, people) if store else (None, [])
    entered = end_of_day(first_day) - timedelta(hours=5)
    steps.append((entered, partial(enter_places, session, entered, CITY, first_day, director)))
    for days in range(LISTED if store else 1, -1, -1):
        day = today - timedelta(days=days)
        at = min(now, end_of_day(day) - timedelta(hours=6))  # when the routes are back
        acting = actor_of(session, director, day)
        steps.append((at, partial(_sealed_list, session, at, acting, routes, day, people)))
    steps += lived(session, store, now, people) if store else []
    steps += written(above) if above else []
    # As it came: the journals tell the past in its order.
    for _at, step in sorted(steps, key=lambda one: one[0]):
        step()
    if above:
        reviewed(above)
        happened(session, now, people)
    for unit in departments:
        open_lines(session, unit, now)
    for unit in _above(session):
        open_lines(session, unit, now)
    return True


def _above(session: Session) -> list[Unit]:
    """Counties, leagues and the region, those below before those above."""
    query = select(Unit).where(Unit.level != "department")
    return list(session.scalars(query.order_by(func.length(Unit.path).desc(), Unit.code)))


def _begin_above(session: Session, first_day: date) -> None:
    """The ledger of whoever is above begins with the demo's past."""
    for unit in _above(session):
        unit.ledger_from = first_day
    session.flush()


def _work_above(
    session: Session, now: datetime, store: PhotoStore, first_day: date, people: dict[str, str]
) -> tuple[Past, list]:
    """What was done above departments on site, to be recorded as the months went by."""
    forgotten(session, local_date(now))
    staff = around.add_staff(session, now, first_day)
    who = {
        COUNTY: people["county"], around.BUREAU: people["bureau"], LEAGUE: people["league"], REGION: people["region"],
        around.LEAGUE: staff["league-1529"], around.COUNTY: staff["county-152923"],
    }  # fmt: skip
    past = Past(session, now, store, first_day, {code: Desk(code, person) for code, person in who.items()})
    around.enter_points(session, first_day, {one: who[one] for one in (around.BUREAU, around.COUNTY)})
    steps = worked(past, Desk(around.AGENCY_OUTLET, staff["director-590200"]))
    return past, [*steps, *planned(past, people)]


def _people(session: Session, now: datetime, first_day: date) -> dict[str, str]:
    ids = {}
    for login, (name, role, unit) in CAST.items():
        ids[login] = new_id()
        hashed = passwords.hashed(DEMO_PASSWORD)
        session.add(
            Person(id=ids[login], login=login, name=name, password_hash=hashed, language="zh", created_at=now)
        )
        session.flush()
        session.add(Role(id=new_id(), person_id=ids[login], unit_code=unit, role=role, first_day=first_day))
    session.flush()
    return ids


def _routes(session: Session, carrier: str, first_day: date) -> list[Route]:
    routes = []
    for code, name, person in (("1", "一段", carrier), ("2", "二段", None)):
        route = Route(id=new_id(), unit_code=CITY, code=code, name=name)
        session.add(route)
        session.flush()
        if person:
            session.add(RouteCarrier(id=new_id(), route_id=route.id, person_id=person, first_day=first_day))
        routes.append(route)
    for number, point in enumerate(session.scalars(select(RelayPoint).where(RelayPoint.unit_code == CITY))):
        point.route_id = routes[number % 2].id
    session.flush()
    return routes


def _sealed_list(
    session: Session, now: datetime, actor, routes: list[Route], day: date, people: dict
) -> None:
    """A day's list of 30 items, sealed and its draw revealed."""
    manifest = Manifest(
        id=new_id(), unit_code=CITY, day=day, number=1, created_by=people["director"], created_at=now
    )
    session.add(manifest)
    session.flush()
    for number in range(30):
        serial = f"{day:%m%d}{number:04d}"
        mail_class, prefix = (("express", "EA"), ("registered", "RA"), ("parcel", "PA"))[number % 3]
        session.add(
            ManifestItem(
                manifest_id=manifest.id, number=f"{prefix}{serial}{check_digit(serial)}CN", mail_class=mail_class,
                route_id=routes[0].id, delivered_by=people["carrier"], masked_name="张*", address_tag=f"{number % 7 + 1}号楼",
                returned=False,
            )
        )  # fmt: skip
    session.flush()
    today = local_date(now)
    record_at_desk(session, actor, now, seal_body(session, manifest.id, today))
    record_at_desk(session, actor, now, reveal_body(session, manifest.id, today))
