"""Columns by choice and the order of the rows: both stand in the address of the matrix, and go along with it."""

import re
from html import unescape

import pytest

from tests.cast import CITY, COUNTY, LEAGUE, RURAL, build_in, client_for
from tests.desk_records import envelope, inspection, parcels, send, today
from webapp.core import clock
from webapp.core.database import transaction
from webapp.ledger.operations import open_lines
from webapp.org.models import Unit
from webapp.rulebook.periods import period_of


@pytest.fixture
def cast(app):
    """Both departments of the county with their lines of the last days open, as the tick opens them."""
    made = build_in(app)
    with app.app_context(), transaction() as session:
        for code in (CITY, RURAL):
            open_lines(session, session.get(Unit, code), clock.now())
    return made


def page(app, cast, address: str, who: str = "county"):
    answer = client_for(app, cast, who).get(address)
    assert answer.status_code == 200
    return unescape(answer.text)


def heads(text: str) -> list[str]:
    """The duties of the matrix."""
    return re.findall(r'class="matrix-duty"[^>]*><a [^>]*>([^<]+)', text)


def units(text: str) -> list[str]:
    """The codes of its rows, in order."""
    body = text.partition("<tbody")[2].partition("</tbody")[0]
    return re.findall(r'class="matrix-unit">\s*<a href="/ledger\?unit=(\d+)', body)


def test_only_the_chosen_duties_are_shown_and_of_none_all(app, cast):
    everything = heads(page(app, cast, f"/ledger?unit={COUNTY}"))
    assert len(everything) > 5
    two = page(app, cast, f"/ledger?unit={COUNTY}&col=parcel-check&col=receipt-sample")
    assert heads(two) == ["签收质量抽查", "国内小包检查"]
    assert f"2/{len(everything)}" in re.sub(r"<[^>]+>", "", two)
    for strange in ("col=", "col=nothing", "col=%00", "sort=nothing"):
        assert heads(page(app, cast, f"/ledger?unit={COUNTY}&{strange}")) == everything


def test_the_choice_goes_along_to_other_periods_units_and_orders(app, cast):
    text = page(app, cast, f"/ledger?unit={COUNTY}&col=parcel-check&sort=parcel-check")
    kept = [link for link in re.findall(r'href="(/ledger\?[^"]+)"', text) if "col=parcel-check" in link]
    assert any(f"unit={CITY}" in link and "sort=parcel-check" in link for link in kept)  # a row
    assert any("period=2026-" in link or f"period={today():%Y}" in link for link in kept)  # another period
    assert any("sort=unit" in link for link in kept)  # another order
    above = page(app, cast, f"/ledger?unit={COUNTY}&col=parcel-check", "league")
    assert f"/ledger?unit={LEAGUE}&period={period_of('week', today()).code}&col=parcel-check" in above


def test_a_duty_of_months_comes_back_after_a_look_at_a_day(app, cast):
    text = page(app, cast, f"/ledger?unit={COUNTY}&period={today()}&col=relay-monthly")
    assert len(heads(text)) > 1  # it is no duty of a day: all are shown
    assert f"period={today():%Y-%m}&col=relay-monthly" in text
    assert heads(page(app, cast, f"/ledger?unit={COUNTY}&period={today():%Y-%m}&col=relay-monthly")) == [
        "接转点月度检查"
    ]


def test_rows_are_sorted_by_what_is_worst_in_a_duty_or_by_unit(app, cast):
    assert send(app, cast, "lead", envelope(inspection(parcels(20)))).state == "stored"
    week = period_of("week", today()).code
    address = f"/ledger?unit={COUNTY}&period={week}"
    assert units(page(app, cast, f"{address}&sort=unit")) == sorted((CITY, RURAL))
    # Only the city department checks parcels, and only the rural one letters of villages.
    for duty, first in (("parcel-check", CITY), ("letter-check-rural", RURAL)):
        text = page(app, cast, f"{address}&sort={duty}")
        assert units(text)[0] == first, duty
        assert len(re.findall(r"aria-sort", text)) == 1


def test_an_order_by_a_column_that_is_not_shown_is_none(app, cast):
    text = page(app, cast, f"/ledger?unit={COUNTY}&col=parcel-check&sort=receipt-sample")
    assert 'aria-sort="descending">' in text.partition("matrix-duty")[0]
