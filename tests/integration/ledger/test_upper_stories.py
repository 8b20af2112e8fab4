"""Stories above departments on a real database: what counts of a visit, whose form waits for review, rules that change,
and a duty that an edition brings by its text alone. 2026-11-16 is a Monday."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update

from tests.cast import CITY, COUNTY, LEAGUE, NEXT_COUNTY, NEXT_RURAL, REGION, RURAL, build_in
from tests.ledger_stories import form, noon
from tests.ledger_tables import MON
from tests.upper_histories import START, Region, upper_sealed
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.ledger import operations as ledger
from webapp.org.models import Unit
from webapp.org.queries import actor_of, unit_for
from webapp.recording.changes import units
from webapp.recording.facts import rulings
from webapp.recording.guards import Context
from webapp.recording.operations import record, record_at_desk
from webapp.recording.schemas import read
from webapp.rulebook.operations import add_edition
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import load, shipped_source

DAY = timedelta(days=1)
WEEK, MONTH = "2026-W47", "2026-11"


@pytest.fixture
def region(app):
    made = Region(app, build_in(app))
    yield made
    assert made.faults(noon(made.day, 23)) == []


def send(region: Region, login: str, day: date, open: dict) -> str:
    """One fact that is taken; its id."""
    envelope = upper_sealed(open, new_id())
    (outcome,) = region.push(login, noon(day, 18), envelope)
    assert outcome.problem is None, outcome.problem.fields
    return envelope["id"]


def visit(unit: str, day: date, answers: dict, none_came=(), acting: str = COUNTY) -> dict:
    verdict = "fail" if "fail" in answers.values() else "pass"
    item = {
        "subject": unit,
        "verdict": verdict,
        "answers": answers,
        "none_came": list(none_came),
        "photos": [],
    }
    return form("dept-visit", day, [item], unit, acting, header={"findings": 5})


def letter(unit: str, day: date) -> dict:
    common = {"stratum": "nonlocal", "verdict": "pass", "answers": {}, "photos": []}
    return form(
        "letter", day, [{"subject": f"N{n}", "tag": f"{n}号楼", **common} for n in range(5)], unit, unit
    )


def review(unit: str, day: date, of: date, acting: str = COUNTY, kind: str = "form-review") -> dict:
    header = {"verified": "system", "signed": ["letter-check-rural 2026-11 -"]}
    return form(kind, day, [], unit, acting, about=of.isoformat(), header=header, method="system")


def figures(region: Region, duty: str, period: str, unit: str = COUNTY) -> tuple:
    line = region.line(duty, period, unit)
    return line.done, line.required, line.met


@pytest.mark.parametrize(
    ("answers", "none_came", "counts"),
    [
        ({}, [], True),  # passed as a whole
        ({"upload": "pass", "stamp": "pass", "made-good": "fail"}, [], True),
        ({"upload": "pass", "stamp": "pass"}, [], False),  # nothing of periodicals
        ({"upload": "pass", "stamp": "pass"}, ["periodicals"], True),  # none came
        ({"upload": "pass", "stamp": "pass", "made-good": "na"}, [], False),  # n/a answers no group
        ({"upload": "pass", "stamp": "pass", "made-good": "na", "backlog-p": "pass"}, [], True),
        ({}, ["periodicals"], True),  # the rest passed as a whole
        ({"forced": "fail"}, ["express", "letters", "periodicals"], True),
        ({"forced": "pass"}, [], False),
    ],
)
def test_what_of_a_visit_counts(sqlite_app, answers, none_came, counts):
    region = Region(sqlite_app, build_in(sqlite_app))
    send(region, "county", MON, visit(CITY, MON, answers, none_came))
    assert figures(region, "onsite-depts", MONTH) == (int(counts), 2, False)  # a city one, and no rural one
    assert figures(region, "onsite-depts", MONTH, LEAGUE) == (0, 2, False)  # nobody borrows


def test_a_rural_form_asks_for_its_review_and_its_withdrawal_for_none(region):
    assert figures(region, "letter-review", WEEK)[1] == 1  # the city department's
    sent = send(region, "head", MON, letter(RURAL, MON))
    assert figures(region, "letter-review", WEEK) == (0, 2, False)
    for unit in (CITY, RURAL):
        send(region, "county", MON + 7 * DAY, review(unit, MON + 7 * DAY, MON))
    assert figures(region, "letter-review", WEEK) == (2, 2, True)
    own = {"v": 1, "type": "withdrawal", "unit": RURAL, "acting": RURAL, "date": (MON + 8 * DAY).isoformat()}
    send(region, "head", MON + 8 * DAY, {**own, "target": sent, "reason": "记错了"})
    assert figures(region, "letter-review", WEEK) == (1, 1, True)


def test_a_form_that_comes_when_the_line_has_closed_adds_nobody_and_its_correction_takes_nobody(region):
    first = send(region, "head", MON, letter(RURAL, MON))
    send(region, "county", MON + 7 * DAY, review(CITY, MON + 7 * DAY, MON))
    assert figures(region, "letter-review", WEEK) == (1, 2, False)
    late = MON + 14 * DAY  # the line closed on Sunday night
    send(region, "head", late, letter(RURAL, MON) | {"amends": first})
    assert figures(region, "letter-review", WEEK) == (1, 2, False)
    # The next county's rural office had no form of that week until now.
    assert region.line("letter-review", WEEK, NEXT_COUNTY).applicable is False
    send(region, "nextcounty", late, letter(NEXT_RURAL, MON) | {"acting": NEXT_COUNTY})
    assert region.line("letter-review", WEEK, NEXT_COUNTY).applicable is False


def test_a_closing_that_is_put_off_brings_the_weeks_between_back(region):
    """Closed as of the 8th, then as of the 29th: in the week of the 9th the office is reviewed after all."""
    assert figures(region, "letter-review", "2026-W46")[1] == 1
    for last, members in ((date(2026, 11, 8), None), (date(2026, 11, 29), 1)):
        region.desk(
            "admin", noon(START, 20), lambda s, me, last=last: units.close(s, me, noon(START, 20), CITY, last)
        )
        assert region.line("letter-review", "2026-W46", COUNTY).required == members


def test_a_stricter_rule_of_the_first_day_moves_the_line_of_the_month(region):
    """Entered on the morning of 1 December, when the timer has opened the month: all city departments from then on."""
    day = date(2026, 12, 1)
    now = noon(day, 9)
    region.advance(now)
    send(region, "county", day, visit(RURAL, day, {}))
    for count, percent in enumerate((100, 60), 1):

        def act(session, me, name=("rural", "city")[count - 1], percent=percent):
            body = rulings.body(
                me, unit_for(session, me, COUNTY, "keep-rules"), now, rulings.OVERRIDE, "enter", duty="onsite-depts",
                changes={f"need.{name}.percent": percent}, first_day=day.isoformat(), last_day=None, reason="旺季",
            )  # fmt: skip
            record_at_desk(session, me, now, body)

        region.desk("county", now, act)
    line = region.line("onsite-depts", "2026-12", COUNTY)
    assert [values["percent"] for code, values in line.why if code == "cover-percent"] == [60, 100]
    assert [
        values["percent"]
        for code, values in region.line("onsite-depts", MONTH, COUNTY).why
        if code == "cover-percent"
    ] == [30, 15]


# ---------------------------------------------------------------- by its text alone

NEW = """
[[kind]]
code = "safety-round"
type = "inspection"
subject = "unit"
about = false
photo = "none"
position = false
roles = ["county_manager"]
methods = ["on-site"]
zh = "安全巡查"
en = "Safety round"
criteria = [{ code = "locked", zh = "门窗上锁", en = "Locked", fail_zh = "未上锁", fail_en = "Not locked" }]
fields = [{ code = "seen", type = "count", required = true, zh = "查看处数", en = "Places seen" }]

[[population]]
code = "rural-with-letters"
level = "department"
settings = ["rural"]
records = { kinds = ["letter"], by = ["department"] }
zh = "有平常函件检查的农村投递部"
en = "rural departments with letter checks"

[[duty]]
code = "safety-rounds"
article = "3"
level = "county"
roles = ["county_manager"]
period = "week"
closes = "next-period"
measure = "coverage"
over = "rural-with-letters"
each = { kinds = ["safety-round"], methods = ["on-site"], header = ["seen"] }
need = { percent = 50 }
counts = "departments"
kept = true
readings = ["upper-own"]
zh = "每周安全巡查"
en = "Weekly safety rounds"
text_zh = "每周巡查。"
text_en = "Rounds every week."
"""


def test_a_duty_over_a_new_population_with_a_new_kind_is_toml_and_nothing_else(region):
    first = MON + 7 * DAY
    source = (
        shipped_source()
        .replace('code = "2014"', 'code = "2026"', 1)
        .replace("2014-01-01", first.isoformat(), 1)
        + NEW
    )
    region.desk(
        "region", noon(START, 20), lambda s, me: add_edition(s, source, me.person_id, noon(START, 20))
    )
    region.advance(noon(first, 1))
    line = region.line("safety-rounds", "2026-W48", COUNTY)
    assert line.applicable is False
    assert region.line("safety-rounds", WEEK, COUNTY) is None
    send(region, "head", first, letter(RURAL, first))
    assert figures(region, "safety-rounds", "2026-W48") == (0, 1, False)
    item = {"subject": RURAL, "verdict": "pass", "answers": {}, "photos": []}
    made = form("safety-round", first + DAY, [item], RURAL, COUNTY, header={"seen": 3})
    send(region, "county", first + DAY, made)
    assert figures(region, "safety-rounds", "2026-W48") == (1, 1, True)
    assert region.status("safety-rounds", "2026-W48", noon(first + DAY, 20), COUNTY) == "met"
    assert region.line("safety-rounds", "2026-W48", COUNTY).edition == "2026"
    assert "safety-rounds" not in load().duties


# ---------------------------------------------------------------- at once


def test_two_departments_forms_at_once_leave_the_countys_line_right(make_app):
    """Each in a transaction of its own that has written and not yet committed when the other begins."""
    app = make_app("postgresql")
    region = Region(app, build_in(app))
    opened = noon(START, 2)
    values = {
        "code": f"{COUNTY}777",
        "name": "新支局",
        "parent": COUNTY,
        "setting": "rural",
        "opened_on": START,
    }
    region.desk("admin", opened, lambda s, me: units.add(s, me, opened, values))
    region.units = tuple(region.all_units())
    region.tick(opened, f"{COUNTY}777")
    both, failed = threading.Barrier(2, timeout=30), []

    def push(login: str, unit: str, acting: str) -> None:
        try:
            with app.app_context(), transaction() as session:
                actor = actor_of(session, region.cast.person(session, login), START)
                rulebook = editions_of(session)
                open = letter(unit, START) | {"acting": acting}
                entries = [read(upper_sealed(open, new_id()), rulebook, 65536)]
                both.wait()
                (outcome,) = record(Context(session, actor, noon(START, 18), rulebook), entries)
                assert outcome.problem is None, outcome.problem.fields
        except Exception as error:  # told by the test, in its own thread
            failed.append(error)

    threads = [
        threading.Thread(target=push, args=one)
        for one in (("head", RURAL, RURAL), ("county", f"{COUNTY}777", COUNTY))
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert failed == []
    assert figures(region, "letter-review", WEEK) == (0, 3, False)
    assert region.faults(noon(START, 23)) == []


def test_a_department_does_not_wait_for_who_keeps_the_county_above_it(make_app):
    """Whoever changes a county waits for the lines above it: if records waited for the county too, each would wait for the other."""
    app = make_app("postgresql")
    region = Region(app, build_in(app))
    with app.app_context(), transaction() as session, db.engine.connect() as other:
        other.execute(
            update(Unit).where(Unit.code == COUNTY).values(name="锡林浩特市局")
        )  # not committed yet
        session.execute(text("SET LOCAL lock_timeout = '3s'"))
        actor = actor_of(session, region.cast.person(session, "head"), START)
        entries = [read(upper_sealed(letter(RURAL, START), new_id()), editions_of(session), 65536)]
        (outcome,) = record(Context(session, actor, noon(START, 18), editions_of(session)), entries)
        assert outcome.state == "stored"
        other.rollback()


# ---------------------------------------------------------------- what moves nothing


def test_a_second_letter_form_of_the_week_folds_no_line_above_anew(region, monkeypatch):
    """A region has thousands a month: once a department is a member and its league has a form, another one changes nothing."""
    folded: list[set[str]] = []
    honest = ledger.fold_all

    def watched(session, wanted, *more):
        folded.append({key.unit for key in wanted})
        return honest(session, wanted, *more)

    monkeypatch.setattr(ledger, "fold_all", watched)
    for _ in range(2):
        send(region, "head", START, letter(RURAL, START))
    assert folded == [{RURAL, COUNTY, LEAGUE, REGION}, {RURAL}]
    send(region, "head", START + DAY, letter(RURAL, START + DAY))
    assert folded[-1] == {RURAL}
    # The next week has none yet, the month has: only who asks about the week counts anew.
    send(region, "head", START + 7 * DAY, letter(RURAL, START + 7 * DAY))
    assert folded[-1] == {RURAL, COUNTY, LEAGUE}
