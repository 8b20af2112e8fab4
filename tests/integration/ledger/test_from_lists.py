"""Lines of days whose lists are only partly sealed, letters that came back, and balances that hang on the day before,
from the store: what an independent computation of the ledger found wrong. 2026-11-16 is a Monday."""

import pytest
from sqlalchemy import select

from tests.cast import CITY, build_in
from tests.integration.ledger.test_newer_duties import balance, volume
from tests.ledger_stories import Office, about_fact, failed, form, noon, passed
from tests.ledger_tables import MON, TUE
from webapp.cases.models import Finding
from webapp.core.database import db, transaction
from webapp.ledger.models import LedgerClock, LedgerLine
from webapp.org.models import Unit
from webapp.recording.changes.lists import change_list
from webapp.recording.operations import record_at_desk
from webapp.sampling import operations as sampling
from webapp.sampling.imports import import_rows
from webapp.sampling.schemas import Row


@pytest.fixture
def office(app):
    made = Office(app, build_in(app))
    yield made
    assert made.faults(noon(made.day, 23)) == []


def listed(office: Office, day, numbers, seal: bool, **more) -> None:
    """Import these parcels into the day's list; ``seal`` it at once."""

    def act(session, actor):
        unit, now = session.get(Unit, CITY), noon(day, 8)
        values = {"route_id": None, "delivered_by": None, "masked_name": None, "address_tag": None}
        rows = [
            Row(
                line=n,
                number=one,
                mail_class="parcel",
                return_reason=None,
                **{**values, "returned": False, **more},
            )
            for n, one in enumerate(numbers)
        ]
        manifest = change_list(
            session, actor, now, unit, day, lambda keeper: import_rows(session, keeper, now, unit, day, rows)
        )
        if seal:
            record_at_desk(session, actor, now, sampling.seal_body(session, manifest.id, day))

    office.desk("director", noon(day, 8), act)


def figures(line) -> tuple:
    return line.met, line.done, line.required


def test_returned_items_that_were_typed_are_audited_by_a_list_that_is_not_sealed_yet(office):
    office.send("director", noon(TUE), volume(TUE, express=(0, 0), registered=(0, 0), parcel=(9, 2)))
    listed(office, TUE, ["R0", "R1"], seal=False, returned=True)
    office.send("director", noon(TUE, 13), form("return", TUE, passed(["R0", "R1"]), about=TUE.isoformat()))
    assert figures(office.line("return-audit", TUE.isoformat())) == (True, 2, 2)


def test_the_parcels_of_a_partly_sealed_day_are_those_of_all_its_lists(office):
    office.send("director", noon(TUE), volume(TUE, parcel=(10, 0)))
    numbers = [f"P{n}" for n in range(10)]
    listed(office, TUE, numbers[:4], seal=True)
    listed(office, TUE, numbers[4:], seal=False)
    office.send("inspector", noon(TUE, 13), form("parcel", TUE, passed(numbers)))
    line = office.line("parcel-check", "2026-W47")
    assert (line.done, line.items) == (1, 10)


def test_parcels_that_are_on_no_list_of_a_small_day_are_not_counted(office):
    listed(office, TUE, [f"P{n}" for n in range(10)], seal=True)
    office.send("inspector", noon(TUE, 13), form("parcel", TUE, passed([f"X{n}" for n in range(20)])))
    line = office.line("parcel-check", "2026-W47")
    assert (line.done, line.items, line.started) == (0, 0, False)


def test_a_returned_letter_is_audited_by_its_label(office):
    office.send(
        "director", noon(TUE), volume(TUE, express=(5, 0), registered=(9, 1), parcel=(3, 0), letter=(40, 2))
    )
    assert office.line("return-audit", TUE.isoformat()).required == 3
    letters = passed(["信1", "信2"], "letter")
    sent = form("return", TUE, [*passed(["R0"], "registered"), *letters], about=TUE.isoformat())
    office.send("director", noon(TUE, 13), sent)
    assert figures(office.line("return-audit", TUE.isoformat())) == (True, 3, 3)


def test_two_letters_of_one_label_in_two_records_are_two(office):
    office.send(
        "director", noon(TUE), volume(TUE, express=(5, 0), registered=(9, 0), parcel=(3, 0), letter=(40, 2))
    )
    for hour in (13, 14):
        photo = [{"sha256": f"{hour:064}", "size": 9, "type": "image/jpeg"}]
        bad = [one | {"photos": photo} for one in failed(["无号"], "stamp", "letter")]
        office.send("director", noon(TUE, hour), form("return", TUE, bad, about=TUE.isoformat()))
    line = office.line("return-audit", TUE.isoformat())
    assert (line.met, line.done, line.failed) == (True, 2, 2)


def problems(office: Office) -> list:
    """The days whose balance is a problem."""
    with office.app.app_context():
        query = select(Finding.day).where(Finding.kind == "balance", Finding.in_force)
        return sorted(db.session.scalars(query))


def test_an_opening_of_nought_does_not_hide_what_was_carried_over(office):
    office.send("director", noon(MON), balance(MON, 0, 5, 0, 0, 0, 5, about=MON))
    office.send("director", noon(TUE), balance(TUE, 0, 0, 0, 0, 0, 0))
    line = office.line("registered-balance", TUE.isoformat())
    assert (line.applicable, line.met) == (True, True)
    assert ["balance-differs", {"difference": 5}] in line.why
    assert problems(office) == [TUE]


def test_whether_an_opening_is_a_problem_follows_the_day_before_whenever_that_comes(office):
    office.send("director", noon(TUE), balance(TUE, 3, 2, 5, 0, 0, 0))
    assert problems(office) == []
    monday = office.send("director", noon(TUE, 13), balance(MON, 0, 4, 0, 0, 0, 4, about=MON))
    assert problems(office) == [TUE]
    again = office.send("director", noon(TUE, 14), balance(MON, 0, 3, 0, 0, 0, 3, about=MON, amends=monday))
    assert problems(office) == []
    office.send("director", noon(TUE, 15), about_fact("withdrawal", again, TUE, reason="改错了"))
    assert problems(office) == [TUE]
    office.send("director", noon(TUE, 16), about_fact("withdrawal", monday, TUE, reason="记错了"))
    assert problems(office) == []


def test_a_balance_with_nothing_to_balance_whose_opening_differs_is_a_problem_all_the_same(office):
    office.send("director", noon(MON), balance(MON, 0, 5, 5, 0, 0, 0, about=MON))
    office.send("director", noon(TUE), balance(TUE, 5, 0, 5, 0, 0, 0))
    assert not office.line("registered-balance", TUE.isoformat()).applicable
    assert problems(office) == [TUE]


def test_the_first_tick_of_a_release_that_counts_otherwise_computes_every_line_anew(office):
    office.send("director", noon(MON), balance(MON, 0, 5, 5, 0, 0, 0, about=MON))
    office.advance(noon(TUE))
    with office.app.app_context(), transaction() as session:
        session.get(LedgerLine, (CITY, "registered-balance", MON.isoformat())).done = 7
        session.get(LedgerClock, CITY).fold = 1
    office.tick(noon(TUE, 13))
    assert office.line("registered-balance", MON.isoformat()).done == 1
