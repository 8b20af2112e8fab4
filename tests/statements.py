"""How many statements an answer takes: for pages whose cost must not grow with what they show."""

from sqlalchemy import event

from webapp.core.database import db


def queries_of(app, ask) -> int:
    """How many statements ``ask()`` takes."""
    said = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(said)
