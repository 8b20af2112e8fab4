"""Lists of cases against what a plain loop finds among the same cases: every filter, both orders, page by page."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from tests import cast as company
from tests.cases import answer, cases_in, send_at
from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, REGION, RURAL
from tests.integration.cases.test_moves import FRIDAY, found
from webapp.cases import listing
from webapp.cases.clocks import Workdays, reached
from webapp.cases.filters import ALL, LEADS, LIVE, MINE, Filters, Reader
from webapp.cases.models import Case
from webapp.cases.urgency import recency, urgency
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.org.models import Unit
from webapp.org.rules import LEVELS
from webapp.recording.case_moves import ways
from webapp.rulebook.case_rules import shipped
from webapp.rulebook.queries import editions_of

TODAY = date(2026, 11, 25)
RULES, WORKDAYS = shipped(), Workdays()
ABOVE = {
    CITY: COUNTY,
    RURAL: COUNTY,
    NEXT_RURAL: NEXT_COUNTY,
    COUNTY: COUNTY,
}  # the county of each responsible unit
CRITERIA = (("parcel", "feedback"), ("receipt", "signed"), ("relay", "sign"))
DAY = timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgres"])
def app(request, make_app):
    return make_app(request.param)


@pytest.fixture
def cast(app):
    return company.build_in(app)


def drawn(rng: random.Random, people: list[str]) -> Case:
    """Any case in any state, with what the fold would have stored for lists."""
    case_type = rng.choice(list(RULES.types.values()))
    state = rng.choice(list(case_type.states.values()))
    unit, opened = rng.choice(list(ABOVE)), TODAY - rng.randrange(90) * DAY
    due = None if state.ends or state.span is None else TODAY + rng.randrange(-20, 20) * DAY
    kind, criterion = rng.choice(CRITERIA)
    first = opened - rng.randrange(40) * DAY
    owner = rng.choice([None, *people])
    return Case(
        id=new_id(rng.randrange(10**12)), type=case_type.code, unit_code=unit, found_by=rng.choice((unit, ABOVE[unit], LEAGUE)),
        kind=kind, criterion=criterion, place_kind="unit", place=unit, severity=rng.choice(list(RULES.severities)),
        previous=new_id() if rng.random() < 0.2 else None, content={}, opened_at=datetime(2026, 11, 1, tzinfo=UTC),
        opened_on=opened, found_on=first, state=state.code, ended=state.ends, owner_id=owner, entered_on=opened, deadline=due,
        due_on=due, climbs=isinstance(state.span, str) and not state.ends, returns=0, moves=0, asked=rng.random() < 0.2,
        league_code=LEAGUE, county_code=ABOVE[unit], urgency=urgency(due, state.ends, opened), recency=recency(opened),
        first_found=first, last_found=opened, first_month=f"{first:%Y-%m}", last_month=f"{opened:%Y-%m}",
    )  # fmt: skip


@pytest.fixture
def cases(app, cast):
    rng = random.Random(7)
    people = [cast.people[name] for name in ("carrier", "carrier2", "head")]
    with app.app_context(), transaction() as session:
        made = [drawn(rng, people) for _ in range(240)]
        session.add_all(made)
        session.flush()
        session.expunge_all()
    return made


def fits(case: Case, asked: Filters, reader: Reader) -> bool:
    """The sentence of each filter, said once more in plain words."""
    state = RULES.types[case.type].states[case.state]
    unit = asked.unit.code
    inside = unit in (REGION, case.league_code, case.county_code, case.unit_code)
    led = case.owner_id is None and case.unit_code in reader.led
    owner = {
        None: True,
        LEADS: case.owner_id is None,
        MINE: led or case.owner_id == reader.actor.person_id,
    }.get(asked.owner, case.owner_id == asked.owner)
    moves = RULES.types[case.type].moves_from(case.state)
    checks = (
        inside,
        owner,
        {LIVE: not case.ended, ALL: True}.get(asked.state, case.state == asked.state),
        asked.type in (None, case.type),
        asked.severity in (None, case.severity),
        not asked.overdue or (case.due_on is not None and case.due_on < TODAY),
        asked.due is None or (case.due_on is not None and 0 <= (case.due_on - TODAY).days <= asked.due),
        not asked.recurs or case.previous is not None,
        asked.kind in (None, case.kind),
        asked.criterion in (None, case.criterion),
        not asked.asked or case.asked,
        asked.turn in (None, state.late),
        asked.by in (None, case.found_by),
        asked.sole is None or {party for move in moves for party in move.by} == {asked.sole},
        asked.level is None or climbed_to(case, asked.level),
        asked.found is None or (case.first_found <= asked.found[1] and case.last_found >= asked.found[0]),
        asked.ids is None or case.id in asked.ids,
    )
    live = asked.only_live and asked.state != LIVE
    return all(checks) and (not live or not case.ended)


def climbed_to(case: Case, level: str) -> bool:
    """Whether the rung on which it stands leads to the level, or above it."""
    if not case.climbs or case.deadline is None:
        return False
    rung = reached(RULES.ladders[case.severity], case.entered_on, case.deadline, TODAY, WORKDAYS)
    return rung is not None and LEVELS.index(rung.to) <= LEVELS.index(level)


def asked_in_turn(units: dict[str, Unit], person: str, ids: list[str]) -> list[Filters]:
    """Each filter by itself with every state and order, and many drawn together."""
    states = (LIVE, ALL, "closed", "answered", "withdrawn")
    single = [
        {}, {"type": "dispute"}, {"type": RULES.of_orders.code}, {"severity": RULES.gravest}, {"owner": LEADS}, {"owner": MINE},
        {"owner": person}, {"overdue": True}, {"due": 3}, {"recurs": True}, {"kind": "parcel"},
        {"kind": "parcel", "criterion": "feedback"}, {"asked": True}, {"level": "county"}, {"level": "region"},
        {"turn": "checker"}, {"turn": "owner"}, {"by": COUNTY}, {"sole": "issuer"},
        {"found": (date(2026, 10, 5), date(2026, 10, 20))}, {"found": (date(2026, 9, 1), date(2026, 11, 30))},
        {"ids": frozenset(ids)},
    ]  # fmt: skip
    found = [
        Filters(units[unit], **{"state": state, "newest": newest, **one})
        for one, state, newest, unit in product(single, states, (False, True), (REGION, COUNTY))
    ]
    rng = random.Random(3)
    for _ in range(150):
        several = {name: value for one in rng.sample(single, 3) for name, value in one.items()}
        where = {"state": rng.choice(states), "newest": rng.random() < 0.5}
        found.append(Filters(units[rng.choice(list(units))], **{**where, **several}))
    return found


def test_every_filter_finds_what_its_sentence_says_in_its_order_page_by_page(app, cast, cases):
    with app.app_context():
        session, editions = db.session, editions_of(db.session)
        units = {code: session.get(Unit, code) for code in (REGION, LEAGUE, COUNTY, NEXT_COUNTY, CITY)}
        reader = Reader(cast.actor(session, "county", TODAY), TODAY, WORKDAYS, RULES)
        some = [case.id for case in cases[:60]]
        for filters in asked_in_turn(units, cast.people["carrier"], some):
            wanted = [case for case in cases if fits(case, filters, reader)]
            wanted.sort(key=lambda case: (case.recency if filters.newest else case.urgency, case.id))
            page, got = None, []
            for _ in range(len(cases)):
                found = listing.find(session, editions, filters, reader, page, size=37)
                assert page is not None or found.count == len(wanted), filters
                got, page = [*got, *found.ids], found.next
                if page is None:
                    break
            assert got == [case.id for case in wanted], filters


def test_a_count_stops_where_nobody_counts_any_further(app, cast, cases, monkeypatch):
    monkeypatch.setattr(listing, "MOST", 100)
    with app.app_context():
        session = db.session
        reader = Reader(cast.actor(session, "region", TODAY), TODAY, WORKDAYS, RULES)
        every = Filters(session.get(Unit, REGION), state=ALL)
        assert listing.find(session, editions_of(session), every, reader).count == 101


def test_what_waits_for_a_re_check_is_what_the_parties_of_the_cases_say(app, cast):
    """Answered cases that the department, the county and the league found, against the rights of everybody."""
    for n, (login, acting) in enumerate((("inspector", CITY), ("county", COUNTY), ("league", LEAGUE))):
        found(app, cast, login=login, acting=acting, first=100 * n)
        for case in cases_in(app):
            send_at(app, cast, "director", answer(case.id, FRIDAY), FRIDAY)
    assert {case.state for case in cases_in(app)} == {"answered"}
    with app.app_context():
        session, editions = db.session, editions_of(db.session)
        stored = list(session.scalars(select(Case)))
        for login in ("director", "inspector", "lead", "county", "nextcounty", "league", "region"):
            actor = cast.actor(session, login, TODAY)
            unit = session.get(Unit, actor.current[0].unit_code)
            reader = Reader(actor, TODAY, WORKDAYS, RULES)
            listed = set(listing.find(session, editions, Filters(unit, recheck=True), reader).ids)
            may = {
                id
                for id, (_, open) in ways(session, editions, actor, stored).items()
                if any(way.move.to for way in open)
            }
            assert listed == may, login


def test_a_new_case_stands_in_the_lists_of_its_unit_and_of_those_above(app, cast):
    [case] = found(app, cast)
    assert (case.league_code, case.county_code, case.urgency) == (LEAGUE, COUNTY, case.due_on.toordinal())
    assert (case.first_found, case.last_found, case.last_month) == (FRIDAY.date(), FRIDAY.date(), "2026-11")
    later = FRIDAY + 11 * DAY
    assert len(found(app, cast, at=later, first=100)) == 1  # it joins, in another month
    [case] = cases_in(app)
    assert (case.first_found, case.last_found) == (FRIDAY.date(), later.date())
    assert (case.first_month, case.last_month) == ("2026-11", "2026-12")
