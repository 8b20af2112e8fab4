"""Statements that are put together once a process, and asked again and again.

To put one together takes SQLAlchemy 50 to 150 µs and its session's own way of asking another 30 to 100; what a push asks on its way into
the database was more than half of its processor time. So what stands on that way is a constant of its module, with a ``bindparam`` for
each value, and goes to the connection by :func:`ask`: 13 µs, 35 where it has a list of values. Everything else is asked of the session.

What comes back are rows and never objects, of the types that the columns have. Many rows at once go in by :func:`put`.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from sqlalchemy import BindParameter, CursorResult, Executable, Insert, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session


def several(name: str) -> BindParameter:
    """The place of a list of values, as ``column.in_(several("codes"))``; it may be empty."""
    return bindparam(name, expanding=True)


def ask(session: Session, statement: Executable, **values) -> CursorResult:
    """Run the statement in the session's transaction; what the session holds and has not written yet is written before."""
    session.flush()
    return session.connection().execute(statement, values)


def put(session: Session, statement: Insert, rows: Sequence[dict]) -> None:
    """Insert the rows of one table, all of the same names, in the form in which the driver takes them.

    SQLAlchemy's own way prepares each row anew, which took as long as writing it. Nothing is added to a row: it has a value for
    every column that Python would else give one. ``statement``: a constant of its module, without values of its own.
    """
    if not rows:
        return
    session.flush()
    text, taken = _form(session.get_bind().dialect, statement, tuple(rows[0]))
    session.connection().exec_driver_sql(text, [taken(row) for row in rows])


@lru_cache(maxsize=256)  # a process has one dialect; the tests have many
def _form(
    dialect: Dialect, statement: Insert, names: tuple[str, ...]
) -> tuple[str, Callable[[dict], tuple | dict]]:
    """The statement as the driver reads it, and what makes of a row the values that it takes, by place or by name."""
    columns = statement.table.columns
    if lacking := [one.name for one in columns if one.default is not None and one.name not in names]:
        raise ValueError(f"{statement.table.name}: rows without {', '.join(lacking)}")
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    binds = [(name, columns[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
    if not compiled.positional:
        return str(compiled), lambda row: {
            name: bind(row[name]) if bind else row[name] for name, bind in binds
        }
    by_name = dict(binds)
    placed = [(name, by_name[name]) for name in compiled.positiontup]
    return str(compiled), lambda row: tuple([bind(row[name]) if bind else row[name] for name, bind in placed])
