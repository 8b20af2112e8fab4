"""The server with faults that quote what they were given, as libraries do; only test_logs.py starts it."""

from flask import request
from sqlalchemy import event

from webapp.buffering import BufferingWorker
from webapp.core.database import db
from webapp.wsgi import app

turn = BufferingWorker._turn
broken: list[str] = []


def everything() -> str:
    return f"{request.url} {request.get_data(as_text=True)} {dict(request.headers)} {dict(request.form)}"


def _a_page_fails():
    try:
        int(everything())
    except ValueError as error:
        raise LookupError(everything()) from error


def _a_statement_fails():
    values = {"text": everything(), "login": request.args["login"]}
    db.session.execute(db.text("INSERT INTO people (id, name, login) VALUES (:text, :text, :login)"), values)


def _a_worker_fails():
    broken.append(everything())
    return "next turn"


def _turn(worker) -> None:
    if broken:
        raise RuntimeError(broken.pop())
    turn(worker)


def _around(inner):
    """What fails outside of the application is told by the worker's own library."""

    def answer(environ, start_response):
        if environ["PATH_INFO"].startswith("/enrol/"):
            raise ValueError(str(environ))
        return inner(environ, start_response)

    return answer


def _no_fact(_connection, _cursor, statement, parameters, _context, _many) -> None:
    if statement.startswith("INSERT INTO facts") and "9880123400001" in str(parameters):
        raise ValueError(str(parameters))


for address, view in (
    ("/page", _a_page_fails),
    ("/statement", _a_statement_fails),
    ("/worker", _a_worker_fails),
):
    app.add_url_rule(f"/fails{address}", view_func=view)
app.wsgi_app = _around(app.wsgi_app)
BufferingWorker._turn = _turn
with app.app_context():
    event.listen(db.engine, "before_cursor_execute", _no_fact)
