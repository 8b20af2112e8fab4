"""A whole region in minutes: a few departments work for real, all others are their copies, made inside the database.

Sixteen *models*, eight of cities and eight of the country, get registers, inspections and ledger lines through the
code that recording uses. Every other department of the 108 counties then receives the rows of one model under its own
code: relay points, roles, inspections, items, problems, ledger lines and clocks, which is all that the ledger's pages
read. Facts, journals and photos are not copied. ``check`` folds some copies anew and finds the same lines.
"""

import random

from flask import Flask
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    case,
    column,
    delete,
    func,
    insert,
    select,
    table,
    text,
)

from bench import history, world
from webapp.cases.models import Finding
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.inspections.models import Inspection, Item
from webapp.ledger import operations as ledger
from webapp.ledger.models import LedgerClock, LedgerLine, LedgerMonth
from webapp.org.models import Role, Unit
from webapp.registers.models import RelayPoint
from webapp.rulebook.periods import Period

MODELS = 8  # of each setting
SHARES = (0.6, 0.9, 1, 1.1, 1.4)  # of the usual work
KEPT = 27  # characters of an id that a copy keeps; the nine digits of its unit follow
CHECKED = 3
COPIED = (RelayPoint, Role, Inspection, Item, Finding, LedgerLine, LedgerMonth, LedgerClock)
PAIRS = table("pairs", column("copy"), column("model"))


def fill(app: Flask, last: Period, months: int, count: int) -> tuple[int, int]:
    """So many months up to ``last`` with ``count`` inspections of a department in each; how many items and lines."""
    spans = [last]
    while len(spans) < months:
        spans.append(spans[-1].previous())
    phones = world.build(app, world.counties(), spans[-1].first)
    models = _models(phones)
    for phone in models:
        _work(app, phone, spans, count)
    pairs = _pairs(phones, models)
    with app.app_context():
        _copy_all(db.engine, pairs)
        found = tuple(db.session.scalar(select(func.count()).select_from(one)) for one in (Item, LedgerLine))
        db.session.rollback()
    check(app, [copy for copy, _ in random.Random(1).sample(pairs, CHECKED)])
    return found


def _models(phones: list[world.Phone]) -> list[world.Phone]:
    """Eight of each setting, with registers of different sizes."""
    found = []
    for setting in ("city", "rural"):
        here = sorted(
            (one for one in phones if one.setting == setting and one.points), key=lambda one: len(one.points)
        )
        found += here[len(here) // 4 :: len(here) // (2 * MODELS)][:MODELS]
    return found


def _work(app: Flask, phone: world.Phone, spans: list[Period], count: int) -> None:
    """The model's inspections and its lines; some models do more than others."""
    share = random.Random(phone.unit).choice(SHARES)
    with app.app_context(), transaction() as session:
        for month in spans:
            history.store(session, phone, month.days(), round(count * share), month.code)
        unit = session.get(Unit, phone.unit)
        ledger.open_lines(session, unit, clock.now())
        ledger.rebuild(session, unit, clock.now())


def _pairs(phones: list[world.Phone], models: list[world.Phone]) -> list[tuple[str, str]]:
    """(department, its model), the models of a setting in turn."""
    own = {one.unit for one in models}
    by_setting = {name: [one.unit for one in models if one.setting == name] for name in ("city", "rural")}
    rest = [one for one in phones if one.unit not in own]
    return [(one.unit, by_setting[one.setting][n % MODELS]) for n, one in enumerate(rest)]


# ---------------------------------------------------------------- copying


def _copy_all(engine, pairs: list[tuple[str, str]]) -> None:
    with engine.connect() as connection:
        _unchecked(connection)
        connection.execute(text("CREATE TEMPORARY TABLE pairs (copy VARCHAR(20), model VARCHAR(20))"))
        connection.execute(
            text("INSERT INTO pairs VALUES (:copy, :model)"), [{"copy": a, "model": b} for a, b in pairs]
        )
        copied = [copy for copy, _ in pairs]
        connection.execute(delete(RelayPoint.__table__).where(RelayPoint.unit_code.in_(copied)))
        for model in COPIED:
            _copy(connection, model.__table__)
        connection.execute(text("DROP TABLE pairs"))
        connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()


def _unchecked(connection: Connection) -> None:
    """Copies have no facts behind them: foreign keys are not asked for on this connection."""
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    else:
        connection.execute(text("SET session_replication_role = replica"))


def _copy(connection: Connection, table: Table) -> None:
    """Insert the rows of every model once for each of its copies."""
    inspections = Inspection.__table__
    source, unit, kind = table, table.c.get("unit_code"), table.c.get("kind")
    if unit is None:  # an item: its inspection says whose it is
        source = table.join(inspections, inspections.c.id == table.c.inspection_id)
        unit, kind = inspections.c.unit_code, inspections.c.kind
    values = [_value(column, kind) for column in table.c]
    query = select(*values).select_from(source.join(PAIRS, PAIRS.c.model == unit))
    connection.execute(insert(table).from_select([column.name for column in table.c], query))


def _value(column: Column, kind: Column | None) -> ColumnElement:
    """What stands in the copy: its own unit, ids of its own, its own points; all else as in the model."""
    if column.name in ("unit_code", "acting_code"):
        return PAIRS.c.copy
    renamed = func.substr(column, 1, KEPT).concat(PAIRS.c.copy)
    if column.name in ("id", "inspection_id"):
        return renamed
    if column.name == "subject":
        return case((kind == "relay", renamed), else_=column)
    return column


def check(app: Flask, units: list[str]) -> None:
    """Fold the units' lines anew from their inspections; raises if one differs from the copy."""
    with app.app_context():
        for code in units:
            unit = db.session.get(Unit, code)
            if faults := ledger.differences(db.session, unit, clock.now()):
                raise RuntimeError(f"{code} is not what recording would make: {faults[:3]}")
        db.session.rollback()
