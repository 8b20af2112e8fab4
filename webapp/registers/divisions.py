"""Build a county's units from the administrative divisions of Inner Mongolia (webapp/registers/divisions.csv).

The file lists code, parent, level and name of every region, league, county, township or street and village, as
published by the National Bureau of Statistics (统计用区划代码). Streets (街道) become city departments, other townships
rural ones, villages and residents' communities relay points.
"""

import csv
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.core.clock import end_of_day
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.org.dated_attributes import begin
from webapp.org.models import Unit
from webapp.registers.models import RelayChange, RelayPoint

SUFFIX = {"region": "区公司", "league": "分公司", "county": ""}
AUTONOMOUS = "自治区"  # 内蒙古自治区 has its 内蒙古区公司


def rows() -> list[dict]:
    """All divisions as dicts of code, parent, level, name."""
    with (Path(__file__).parent / "divisions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def initials(name: str) -> str:
    """Pinyin initials for searching: 都兰敖包 → dlab."""
    # Most processes spell no name, and are spared the library.
    return import_module("webapp.registers.syllables").first_letters(name)[:80]


def county_name(code: str) -> str | None:
    """The county's name, None if no county has the code."""
    return next((row["name"] for row in rows() if row["code"] == code and row["level"] == "county"), None)


def add_county(session: Session, code: str, first_day: date) -> list[Unit]:
    """The county with its region, league, departments and relay points; those that exist stay. Returns departments."""
    by_code = {row["code"]: row for row in rows()}
    if code not in by_code or by_code[code]["level"] != "county":
        raise Problem("not-found", {"county": code})
    league = by_code[code]["parent"]
    region = by_code[league]["parent"]
    path = "/"
    for above in (region, league, code):
        path += f"{above}/"
        row = by_code[above]
        _unit(session, row, path, row["level"], None, _company(row), first_day)
    departments = []
    for row in by_code.values():
        if row["parent"] == code:
            departments.append(_department(session, row, path, first_day))
            _points(
                session,
                [one for one in by_code.values() if one["parent"] == row["code"]],
                row["code"],
                first_day,
            )
    return departments


def _company(row: dict) -> str:
    name = row["name"].removesuffix(AUTONOMOUS) if row["level"] == "region" else row["name"]
    return name + SUFFIX[row["level"]]


def _department(session: Session, row: dict, path: str, first_day: date) -> Unit:
    city = row["name"].endswith("街道")
    name = row["name"] + ("投递部" if city else "支局")
    return _unit(
        session, row, f"{path}{row['code']}/", "department", "city" if city else "rural", name, first_day
    )


def _unit(
    session: Session, row: dict, path: str, level: str, setting: str | None, name: str, first_day: date
) -> Unit:
    unit = session.get(Unit, row["code"])
    if unit is None:
        unit = Unit(
            code=row["code"], parent_code=row["parent"] or None, path=path, level=level, setting=setting, name=name,
            reveal="after", opened_on=first_day,
        )  # fmt: skip
        session.add(unit)
        session.flush()
        begin(session, unit)
    return unit


def _points(session: Session, villages: list[dict], unit_code: str, first_day: date) -> None:
    points = [
        RelayPoint(
            id=new_id(), unit_code=unit_code, name=row["name"], initials=initials(row["name"]),
            kind="property" if row["name"].endswith(("社区", "居委会")) else "village", agreement="none",
            opened_on=first_day,
        )
        for row in villages
    ]  # fmt: skip
    session.add_all(points)
    session.flush()
    session.add_all(map(_entered, points))
    session.flush()


def _entered(point: RelayPoint) -> RelayChange:
    """The opening of a point that was made with its unit: by nobody, on the unit's first day."""
    return RelayChange(
        fact_id=new_id(), point_id=point.id, unit_code=point.unit_code, day=point.opened_on, op="open",
        values={"name": point.name, "kind": point.kind, "agreement": point.agreement},
        received_at=end_of_day(point.opened_on - timedelta(days=1)),
    )  # fmt: skip
