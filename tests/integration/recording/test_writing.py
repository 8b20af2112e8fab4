"""Whoever waits for the journal's lock is judged by the roles that are held when it is given, at every door."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests.cast import CITY, COUNTY, RURAL, build_in, client_for, read
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.core.problems import Problem
from webapp.journal import chain
from webapp.journal.models import JournalRow
from webapp.org.models import Role, Unit
from webapp.org.queries import unit_for
from webapp.recording import conflicts, withdrawals
from webapp.recording.changes import roles, units
from webapp.recording.changes.lists import change_list
from webapp.recording.facts import point, rulings
from webapp.recording.operations import record_at_desk
from webapp.recording.writing import writing
from webapp.sampling import handovers, operations as sampling
from webapp.sampling.imports import import_rows
from webapp.sampling.schemas import Row

VOLUMES = {"parcel": {"items": 12, "returned": 0}}


@pytest.fixture
def cast(app):
    return build_in(app)


def volume(session, cast, me):
    record_at_desk(session, me, clock.now(), sampling.volume_body(CITY, today(), VOLUMES, today()))


def handover(session, cast, me):
    what = {"route": cast.routes[CITY, "1"]}
    unit = unit_for(session, me, CITY)
    body = handovers.handover_body(unit, today(), today(), cast.people["carrier2"], "病假", **what)
    record_at_desk(session, me, clock.now(), body)


def closing(session, cast, me):
    unit, one = unit_for(session, me, CITY), cast.points["额尔敦社区居委会"]
    body = point.body(me, unit, today(), one, "close", day=today().isoformat(), reason="拆迁")
    record_at_desk(session, me, clock.now(), body)


def exception(session, cast, me):
    unit, day = unit_for(session, me, CITY), (today() + timedelta(days=1)).isoformat()
    more = {"day": day, "delivers": False, "name": "暴雪", "reason": "停运通知"}
    body = rulings.body(me, unit, clock.now(), rulings.CALENDAR, "exception", **more)
    record_at_desk(session, me, clock.now(), body)


def withdrawal(session, cast, me):
    withdrawals.withdraw(session, me, clock.now(), cast.theirs, "看错了号码")


def draft(session, cast, me):
    unit = unit_for(session, me, CITY)
    day, rows = today(), [Row(2, "9876543200001", mail_class="parcel", route_id=cast.routes[CITY, "1"])]
    change_list(
        session, me, clock.now(), unit, day,
        lambda keeper: import_rows(session, keeper, clock.now(), unit, day, rows),
    )  # fmt: skip


def decision(session, cast, me):
    conflicts.decide(session, me, clock.now(), cast.theirs, cast.second, "first")


def name(session, cast, me):
    units.change(session, me, clock.now(), CITY, {"name": "新名", "reveal": None})


def department(session, cast, me):
    form = {"code": "152502999", "parent": COUNTY, "name": "新支局", "setting": "rural", "opened_on": today()}
    units.add(session, me, clock.now(), form)


# Who does it, what, and with which problem it is refused when the role is held no more.
AT_THE_DESK = {
    "volume": ("director", volume, "forbidden"),
    "handover": ("director", handover, "forbidden"),
    "point": ("director", closing, "role-not-held"),
    "calendar": ("county", exception, "forbidden"),
    "withdrawal": ("county", withdrawal, "foreign-id"),
    "list": ("director", draft, "forbidden"),
    "decision": ("director", decision, "forbidden"),
    "unit": ("county", name, "not-found"),
    "new unit": ("county", department, "invalid"),
}


def recorded(app, cast) -> None:
    """A check by the team lead, and a second content under its number."""
    first, second = envelope(inspection(parcels(20))), envelope(inspection(parcels(21)))
    cast.theirs, again = first["id"], {**second, "id": first["id"]}
    cast.second = second["digest"]
    assert [send(app, cast, "lead", one).state for one in (first, again)] == ["stored", "conflict"]


def rows(app) -> int:
    return read(app, lambda session: session.scalar(select(func.count()).select_from(JournalRow)))


def role_ends(app, cast, login: str) -> None:
    """A superior ends the person's roles as of yesterday, while the request of that person waits."""
    with app.app_context(), transaction() as session:
        for role in session.scalars(select(Role).where(Role.person_id == cast.people[login])):
            role.last_day = today() - timedelta(days=1)


@pytest.mark.parametrize("who, act, code", AT_THE_DESK.values(), ids=AT_THE_DESK)
def test_whose_role_ends_while_the_request_waits_for_the_lock_is_refused_at_the_desk(
    app, cast, who, act, code
):
    recorded(app, cast)
    before = rows(app)
    with app.app_context(), transaction() as session:
        me = cast.actor(session, who)
    role_ends(app, cast, who)
    with app.app_context(), pytest.raises(Problem) as refused, transaction() as session:
        act(session, cast, me)
    assert refused.value.code == code
    assert rows(app) == before


@pytest.mark.parametrize("who, act, code", AT_THE_DESK.values(), ids=AT_THE_DESK)
def test_whose_role_holds_does_the_same(app, cast, who, act, code):
    recorded(app, cast)
    before = rows(app)
    with app.app_context(), transaction() as session:
        act(session, cast, cast.actor(session, who))
    assert rows(app) > before


def test_who_may_give_roles_no_more_gives_none(app, cast):
    form = {"unit": CITY, "role": "carrier", "first_day": today(), "last_day": None}
    with app.app_context(), transaction() as session:
        me = cast.actor(session, "county")
    role_ends(app, cast, "county")
    with app.app_context(), pytest.raises(Problem) as refused, transaction() as session:
        roles.give_role(session, me, clock.now(), cast.people["lead"], form)
    assert refused.value.code == "not-found"


@pytest.fixture
def asked(monkeypatch):
    """The sets of journals that were asked for, each in turn; asking for none asks nothing."""
    sets, lock = [], chain.lock

    def spied(session, codes):
        sets.append(set(codes))
        lock(session, sets[-1])

    monkeypatch.setattr(chain, "lock", spied)
    return sets


def test_a_ruling_asks_for_the_journals_of_all_that_it_binds_at_once(app, cast, asked):
    with app.app_context(), transaction() as session:
        me, unit = cast.actor(session, "county"), session.get(Unit, COUNTY)
        day = (today() + timedelta(days=1)).isoformat()
        more = {"day": day, "delivers": False, "name": "暴雪", "reason": "停运通知"}
        body = rulings.body(me, unit, clock.now(), rulings.CALENDAR, "exception", **more)
        record_at_desk(session, me, clock.now(), body)
    assert [one for one in asked if one] == [{COUNTY, CITY, RURAL}]


def test_a_file_of_points_asks_for_the_acting_county_with_the_department(app, cast, asked):
    county = client_for(app, cast, "county")
    file = "名称,类型,段道,地址,保管人,联系方式\n新嘎查,村邮站,1,,,\n".encode("utf-8-sig")
    previewed = county.post(
        "/points/import",
        data={"unit": RURAL, "day": today().isoformat(), "file": (BytesIO(file), "points.csv")},
    )
    rows = re.search(r'name="rows" value="([^"]+)"', previewed.text)[1]
    asked.clear()
    assert (
        county.post("/points/import/confirm", data={"rows": unescape(rows), "unit": RURAL}).status_code == 302
    )
    first, *more = [one for one in asked if one]
    assert first == {RURAL, COUNTY} and all(one <= first for one in more)


def test_a_second_content_that_names_another_unit_is_journalled_under_the_lock_of_the_first(app, cast, asked):
    of_city = inspection(parcels(20), unit=CITY, acting=COUNTY)
    first = envelope(of_city)
    again = {**envelope({**of_city, "unit": RURAL}), "id": first["id"]}
    send(app, cast, "county", first)
    asked.clear()
    assert send(app, cast, "county", again).state == "conflict"
    assert {CITY, COUNTY, RURAL} <= set().union(*asked)


def test_a_change_that_fails_journals_nothing_and_ends_with_its_problem(app, cast):
    before = rows(app)
    with (
        app.app_context(), pytest.raises(Problem), transaction() as session,
        writing(session, clock.now(), [CITY]) as work,
    ):  # fmt: skip
        work.note([CITY], "lists", None, "0" * 64)
        raise Problem("forbidden")
    assert rows(app) == before


def test_only_what_held_in_its_own_savepoint_is_journalled(app, cast):
    before = rows(app)
    with app.app_context(), transaction() as session, writing(session, clock.now(), [CITY]) as work:
        for lasts in (False, True):
            part = work.part()
            part.note([CITY], "lists", None, "0" * 64)
            if lasts:
                work.take(part)
    assert rows(app) == before + 1
