"""A complete pull asks the database so often and no oftener, whatever the number of departments (see test_query_counts.py)."""

from datetime import timedelta

import pytest

from bench import history, world
from tests.statements import queries_of
from webapp.core import clock
from webapp.core.database import transaction
from webapp.ledger import operations as ledger
from webapp.org.models import Unit
from webapp.registers import divisions

MANAGER, INSPECTOR = 60, 30


@pytest.fixture
def cookies(sqlite_app):
    """Of a county's manager and an inspector: three departments with lists, records and what failed; the tick has run."""
    today = clock.local_date(clock.now())
    days = [today - timedelta(days=n) for n in range(1, 8)]
    parents = [row["parent"] for row in divisions.rows()]
    county = next(code for code in world.counties() if parents.count(code) == 3)
    phones = world.build(sqlite_app, [county], days[-1])
    with sqlite_app.app_context(), transaction() as session:
        *_ids, manager = world.sign_in(sqlite_app, session, county, "county_manager", days[-1])
        for phone in phones:
            history.store(session, phone, days, 24)
    world.seal_lists(sqlite_app, phones, [today, *days])
    with sqlite_app.app_context(), transaction() as session:
        for code in (*(phone.unit for phone in phones), county):
            ledger.open_lines(session, session.get(Unit, code), clock.now())
    return manager, phones[0].cookie


@pytest.mark.parametrize(("who", "most"), [(0, MANAGER), (1, INSPECTOR)], ids=["manager", "inspector"])
def test_a_phone_is_given_everything_in_few_queries(sqlite_app, cookies, who, most):
    answers, client = [], sqlite_app.test_client(use_cookies=False)
    headers = {"Cookie": cookies[who]}
    count = queries_of(sqlite_app, lambda: answers.append(client.get("/api/sync/pull", headers=headers)))
    rows = {one["name"] for one in answers[0].json["sections"] if one["rows"]}
    assert rows >= {"points", "draws", "duties", "problems", "listed"}
    assert count <= most
