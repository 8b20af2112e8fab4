"""Scope as a condition of a query: at or below one of the paths, and of no path never."""

from sqlalchemy import create_engine, select

from webapp.org.models import Unit
from webapp.org.queries import within

PATHS = {"1": "/1/", "2": "/1/2/", "22": "/1/22/", "3": "/1/2/3/", "4": "/4/"}


def found(*paths: str) -> list[str]:
    """The codes of the units within the paths."""
    engine = create_engine("sqlite://")
    columns = [Unit.__table__.c.code, Unit.__table__.c.path]
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE units (code TEXT, path TEXT)")
        connection.exec_driver_sql("INSERT INTO units VALUES (?, ?)", list(PATHS.items()))
        codes = connection.execute(select(*columns).where(within(paths))).all()
    engine.dispose()
    return sorted(code for code, _ in codes)


def test_a_path_holds_the_unit_and_all_below_it_and_nobody_whose_code_begins_alike():
    assert found("/1/2/") == ["2", "3"]


def test_several_paths_are_any_of_them():
    assert found("/1/22/", "/4/") == ["22", "4"]


def test_no_path_holds_nothing():
    assert found() == []


def test_a_path_is_no_pattern():
    assert found("/_/", "%") == []
