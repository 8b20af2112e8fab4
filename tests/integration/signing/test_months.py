"""A month is signed, what arrives later stands beside it, and the level above corrects it as the next version."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from tests.cast import CITY, COUNTY, FIRST_DAY, LEAGUE, RURAL, build_in
from tests.ledger_stories import Office, about_fact, form, noon, parcels
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.journal.models import Fact
from webapp.ledger import frozen
from webapp.ledger.models import LedgerLine, LedgerMonth, LineSupplement
from webapp.ledger.operations import rebuild
from webapp.notices.models import Notice
from webapp.org.models import Role, Unit
from webapp.recording import month_signing
from webapp.signing.queries import standing_of

OPENED = date(2026, 10, 26)
MONTH = "2026-11"
SIGNING = noon(date(2026, 12, 7))
DAY = date(2026, 11, 3)


@pytest.fixture
def office(app) -> Office:
    """November of two departments, with a parcel check of twenty on its first Tuesday and one that lies in a drawer."""
    office = Office(app, build_in(app), OPENED)
    with app.app_context(), transaction() as session:
        for code in office.units:
            session.get(Unit, code).opened_on = OPENED
    office.send("lead", noon(DAY), form("parcel", DAY, parcels(1, 20)))
    return office


def seen(office: Office, unit: str = CITY) -> list[str]:
    """The lines as somebody looks at them."""
    with office.app.app_context():
        return frozen.signed_texts(frozen.corrected(db.session, unit, MONTH))


def sign(
    office: Office,
    login: str = "county",
    now=SIGNING,
    version: int = 1,
    unit: str = CITY,
    lines=None,
    **words,
):
    """Somebody signs the month with what they saw."""
    office.advance(now)
    lines = seen(office, unit) if lines is None else lines
    return office.desk(
        login, now,
        lambda session, me: month_signing.sign(
            session, me, now, session.get(Unit, unit), MONTH, version, lines, words
        ).id,
    )  # fmt: skip


def refused(office: Office, *args, **kwargs) -> Problem:
    with pytest.raises(Problem) as caught:
        sign(office, *args, **kwargs)
    return caught.value


def stands(office: Office, unit: str = CITY):
    with office.app.app_context():
        found = standing_of(db.session, [unit], MONTH)[unit]
        return [(one.version, one.signer_code, one.capacity) for one in found.versions]


def beside(office: Office) -> dict:
    """{(duty, period): what the line would say} of the city department."""
    with office.app.app_context():
        rows = db.session.scalars(select(LineSupplement).where(LineSupplement.unit_code == CITY))
        return {(one.duty, one.period): one.line for one in rows}


def late_check(office: Office, now=None) -> str:
    """Twenty more parcels of November's second check arrive when December has begun."""
    day = DAY + timedelta(days=2)
    return office.send("lead", now or SIGNING + timedelta(hours=2), form("parcel", day, parcels(21, 40)))


def test_what_arrives_after_the_signature_stands_beside_it_and_moves_nothing(office):
    office.advance(SIGNING)
    before = office.line("parcel-check", "2026-W45")
    assert (before.done, before.required) == (1, 2)
    sign(office)
    late_check(office)
    after = office.line("parcel-check", "2026-W45")
    assert (after.done, after.met) == (1, False)
    assert beside(office)["parcel-check", "2026-W45"]["done"] == 2
    assert office.faults(SIGNING + timedelta(hours=3)) == []


def test_the_month_sums_are_those_of_the_signed_lines(office):
    sign(office)
    late_check(office)
    with office.app.app_context():
        row = db.session.get(LedgerMonth, (MONTH, CITY, "parcel-check"))
        assert row.done == sum(
            db.session.scalars(
                select(LedgerLine.done).where(
                    LedgerLine.unit_code == CITY, LedgerLine.duty == "parcel-check", LedgerLine.month == MONTH
                )
            )
        )


def test_a_supplement_goes_when_what_arrived_is_withdrawn(office):
    sign(office)
    late = late_check(office)
    assert beside(office)
    office.send(
        "lead", SIGNING + timedelta(hours=3), about_fact("withdrawal", late, SIGNING.date(), reason="重复")
    )
    found = beside(office).get(("parcel-check", "2026-W45"))
    # What was withdrawn is counted in the line: that alone stands beside it now.
    assert found is not None and (found["done"], found["withdrawn"]) == (1, 1)
    assert office.faults(SIGNING + timedelta(hours=4)) == []


def test_what_is_withdrawn_after_the_signature_stands_beside_it_too(office):
    office.advance(SIGNING)
    with office.app.app_context():
        first = db.session.scalar(select(Fact.id).where(Fact.type == "inspection"))
    sign(office)
    office.send(
        "lead",
        SIGNING + timedelta(hours=1),
        about_fact("withdrawal", first, SIGNING.date(), reason="看错单位"),
    )
    assert office.line("parcel-check", "2026-W45").done == 1
    assert beside(office)["parcel-check", "2026-W45"]["done"] == 0
    assert office.faults(SIGNING + timedelta(hours=2)) == []


def test_a_month_is_not_signed_before_its_last_line_is_closed(office):
    problem = refused(office, now=noon(date(2026, 12, 1)))
    assert problem.code == "month-open" and problem.values["open"] > 0
    problem = refused(office, now=noon(date(2026, 11, 20)))
    assert problem.code == "month-open"


def test_a_line_that_moved_since_it_was_looked_at_is_refused(office):
    office.advance(SIGNING)
    lines = seen(office)
    late_check(office, SIGNING)
    problem = refused(office, lines=lines, now=SIGNING + timedelta(minutes=1))
    assert problem.code == "lines-moved" and problem.values["count"] == 2  # the old and the new one
    sign(office, now=SIGNING + timedelta(minutes=2))
    assert stands(office) == [(1, COUNTY, "head")]


@pytest.mark.parametrize("login", ["director", "inspector", "nextcounty", "league", "region", "admin"])
def test_only_the_county_signs_a_departments_month(office, login):
    office.advance(SIGNING)
    code = refused(office, login).code
    assert code in ("not-yours-to-sign", "unknown-unit")
    assert stands(office) == []


def test_it_is_signed_once_and_corrected_by_the_league_as_version_two(office):
    first = sign(office, note="已核")
    assert refused(office, now=SIGNING + timedelta(hours=1)).code == "month-signed"
    problem = refused(office, "league", SIGNING + timedelta(hours=1), 2, reason="补录")
    assert problem.code == "nothing-to-correct"
    late_check(office)
    assert (
        refused(office, "county", SIGNING + timedelta(hours=4), 2, reason="补录").code == "not-yours-to-sign"
    )
    assert refused(office, "league", SIGNING + timedelta(hours=4), 2, reason=" ").fields == {
        "reason": "required"
    }
    sign(office, "league", SIGNING + timedelta(hours=5), 2, reason="手机迟到的记录")
    assert stands(office) == [(1, COUNTY, "head"), (2, LEAGUE, "head")]
    assert office.line("parcel-check", "2026-W45").done == 2
    assert beside(office) == {}
    assert office.faults(SIGNING + timedelta(hours=6)) == []
    with office.app.app_context():
        one, two = standing_of(db.session, [CITY], MONTH)[CITY].versions
        assert one.fact_id == first
        old = frozen.as_signed(db.session, one, [two])
        new = frozen.as_signed(db.session, two, [])
        key = next(key for key in old if key.duty == "parcel-check" and key.period == "2026-W45")
        assert (old[key]["done"], new[key]["done"]) == (1, 2)
        # The first version is whole: its digests are those that its fact names.
        named = json.loads(db.session.get(Fact, first).open)["lines"]
        assert frozen.signed_texts(old) == [" ".join(line) for line in named]


def test_bottom_up_the_league_signs_the_countys_own_lines_after_its_departments(office):
    office.units = (CITY, RURAL, COUNTY)
    now = noon(date(2027, 1, 20))
    office.advance(now)
    problem = refused(office, "league", now, unit=COUNTY)
    assert problem.code == "below-unsigned"
    for unit in (CITY, RURAL):
        sign(office, now=now, unit=unit)
    sign(office, "league", now, unit=COUNTY)
    assert stands(office, COUNTY) == [(1, LEAGUE, "head")]
    assert office.faults(now + timedelta(hours=1)) == []


def test_while_nobody_heads_the_county_the_league_signs_for_it(office):
    office.advance(SIGNING)
    with office.app.app_context(), transaction() as session:
        session.execute(
            update(Role).where(Role.unit_code == COUNTY, Role.role == "county_manager").values(last_day=DAY)
        )
    sign(office, "league")
    assert stands(office) == [(1, COUNTY, "vacancy")]


def test_a_deputy_signs_by_the_grant_of_the_head_while_it_holds(office):
    office.advance(SIGNING)
    cast = office.cast
    with office.app.app_context(), transaction() as session:
        person = cast.person(session, "admin").id
        session.add(Role(id=new_id(), person_id=person, unit_code=COUNTY, role="admin", first_day=FIRST_DAY))
    assert refused(office, "admin").code == "not-yours-to-sign"

    def give(session, me):
        return month_signing.grant(
            session, me, SIGNING, session.get(Unit, COUNTY), person, "2026-12-07", "2026-12-08"
        ).id

    grant = office.desk("county", SIGNING, give)
    sign(office, "admin", now=SIGNING + timedelta(hours=1))
    assert stands(office) == [(1, COUNTY, "deputy")]
    later = noon(date(2026, 12, 9))
    assert refused(office, "admin", later, unit=RURAL).code == "not-yours-to-sign"
    with pytest.raises(Problem, match="not-found"):
        office.desk(
            "county",
            later,
            lambda session, me: month_signing.end_grant(session, me, later, session.get(Unit, COUNTY), grant),
        )


def test_a_dispute_is_decided_by_the_level_above_whoever_signed(office):
    sign(office)
    monday = SIGNING

    def dispute(now):
        return office.desk(
            "director", now,
            lambda session, me: month_signing.dispute(session, me, now, session.get(Unit, CITY), MONTH, 1, "有一部手机没同步").id,
        )  # fmt: skip

    with pytest.raises(Problem, match="dispute-over"):
        dispute(monday + timedelta(days=4))  # Friday, the fourth workday
    dispute(monday + timedelta(days=3))
    with pytest.raises(Problem, match="dispute-open"):
        dispute(monday + timedelta(days=3, hours=1))
    with office.app.app_context():
        row = standing_of(db.session, [CITY], MONTH)[CITY].disputed
        assert row.due == date(2026, 12, 15)  # three workdays after Thursday
        told = db.session.scalars(select(Notice).where(Notice.code == "month-disputed")).all()
        assert [one.person_id for one in told] == [office.cast.person(db.session, "league").id]
    now = monday + timedelta(days=4)

    def rule(login):
        return office.desk(
            login, now,
            lambda session, me: month_signing.rule(session, me, now, session.get(Unit, CITY), MONTH, 1, "手机里没有该月记录"),
        )  # fmt: skip

    with pytest.raises(Problem, match="not-yours-to-sign"):
        rule("county")
    rule("league")
    with office.app.app_context():
        found = standing_of(db.session, [CITY], MONTH)[CITY]
        assert found.disputed is None and found.disputes[0].upheld is False


def test_a_correction_answers_the_dispute(office):
    sign(office)
    office.desk(
        "director", SIGNING + timedelta(hours=1),
        lambda session, me: month_signing.dispute(
            session, me, SIGNING + timedelta(hours=1), session.get(Unit, CITY), MONTH, 1, "迟到的记录"
        ).id,
    )  # fmt: skip
    late_check(office)
    sign(office, "league", SIGNING + timedelta(hours=5), 2, reason="迟到的记录")
    with office.app.app_context():
        assert standing_of(db.session, [CITY], MONTH)[CITY].disputes[0].upheld is True


def test_the_director_may_confirm_and_it_is_seen_whether_the_lines_are_still_those(office):
    office.advance(SIGNING)
    lines = seen(office)

    def confirm(login):
        return office.desk(
            login, SIGNING, lambda session, me: month_signing.consent(session, me, SIGNING, session.get(Unit, CITY), MONTH, lines).id
        )  # fmt: skip

    with pytest.raises(Problem, match="forbidden"):
        confirm("county")
    with pytest.raises(Problem, match="forbidden"):
        confirm("inspector")
    confirm("director")
    sign(office)
    with office.app.app_context():
        found = standing_of(db.session, [CITY], MONTH)[CITY]
        assert found.consent.digest == found.signature.digest


def test_rebuilding_leaves_signed_lines_and_mends_what_somebody_changed_in_the_database(office):
    sign(office)
    late_check(office)
    now = SIGNING + timedelta(hours=3)
    kept = beside(office)
    for change in (
        update(LedgerLine)
        .where(LedgerLine.duty == "parcel-check", LedgerLine.period == "2026-W47")
        .values(done=99),
        delete(LedgerLine).where(LedgerLine.duty == "parcel-check", LedgerLine.period == "2026-W47"),
    ):
        with office.app.app_context(), transaction() as session:
            session.execute(change.where(LedgerLine.unit_code == CITY))
        assert any("differs from what was signed" in one for one in office.faults(now))
        with office.app.app_context(), transaction() as session:
            rebuild(session, session.get(Unit, CITY), now)
        assert office.faults(now) == []
    assert beside(office) == kept
    assert office.line("parcel-check", "2026-W45").done == 1


def test_a_signed_line_that_was_forged_beyond_its_facts_is_named(office):
    sign(office)
    late_check(office)
    with office.app.app_context(), transaction() as session:
        session.execute(
            update(LedgerLine)
            .where(
                LedgerLine.unit_code == CITY,
                LedgerLine.duty == "parcel-check",
                LedgerLine.period == "2026-W45",
            )
            .values(done=2)
        )
    assert f"{CITY}/parcel-check/2026-W45: differs from what was signed" in office.faults(
        SIGNING + timedelta(hours=3)
    )


def test_a_unit_closed_back_to_a_signed_month_leaves_its_lines_and_says_what_would_go(office):
    sign(office, unit=RURAL)
    now = SIGNING + timedelta(hours=1)
    with office.app.app_context(), transaction() as session:
        unit = session.get(Unit, RURAL)
        unit.closed_on = date(2026, 11, 20)
        rebuild(session, unit, now)
    with office.app.app_context():
        gone = db.session.scalars(
            select(LineSupplement.period).where(
                LineSupplement.unit_code == RURAL, LineSupplement.line.is_(None)
            )
        ).all()
        assert "2026-11-25" in gone
        assert db.session.scalar(
            select(LedgerLine.period).where(LedgerLine.unit_code == RURAL, LedgerLine.period == "2026-11-25")
        )
    assert office.faults(now) == []
