"""May this server serve? Asked once, before it takes a port or forks a worker."""

from collections.abc import Mapping

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.database import db
from webapp.core.schema_range import OLDEST_SCHEMA, newest_schema, schema_of, serves
from webapp.demo.county import DEMO_LOGINS, DEMO_PASSWORD
from webapp.org.models import Person
from webapp.photos.chosen_store import store_of
from webapp.upkeep import cell, naming
from webapp.web import limits


class NotReady(Exception):
    """Why the server must not start; the text tells what to do. ``code``: with which exit code it ends."""

    # What gunicorn calls "could not boot": a server that loads the application in its workers ends at this code, where it
    # would try another worker for any other. Whoever watches over it does not start it again: somebody has to do something.
    code = 3


class NotYet(NotReady):
    """What it needs does not answer: after a power failure it may only come up later, so that it is worth another start."""

    code = 1


def check(app: Flask) -> None:
    """Raise :class:`NotReady` unless the database is there, up to date, free of demo people outside the demo, and this server is
    one of those that serve it: with their secret key and their photo store.
    """
    if app.config["DEMO"] and app.config["PROXIES"]:
        raise NotReady(
            "a demo, whose passwords are published, is never served through a proxy: unset TOUCHA_DEMO (docs/operating.md), "
            "or TOUCHA_PROXIES for a demo on this machine."
        )
    with app.app_context():
        try:
            _check_schema(db.session)
            if not app.config["DEMO"] and (logins := demo_people(db.session)):
                raise NotReady(
                    f"these people have the published demo password: {', '.join(logins)}. "
                    "A real county never runs on demo data: point TOUCHA_DATA or DATABASE_URL at its own database "
                    "(docs/operating.md), or set TOUCHA_DEMO=1 for a demo on this machine."
                )
            _check_cell(app.config, db.session)
            _check_limits(app)
        finally:
            db.session.remove()
            db.engine.dispose()


def _check_limits(app: Flask) -> None:
    if not limits.counted(app):
        raise NotReady(
            "the store of RATELIMIT_STORAGE_URI does not answer: start it, or unset the variable (knocks are then counted in the"
            " database, or on SQLite in each process)"
        )


def _check_schema(session: Session) -> None:
    newest = newest_schema()
    try:
        present = schema_of(session)
    except OperationalError as error:
        raise NotReady(f"the database cannot be opened: {error.orig}") from error
    if not serves(session.connection(), present, newest):
        raise NotReady(
            f"the database has schema {present or 'none'}, this release needs {_span(newest)}: run `flask --app webapp db upgrade`"
            " (a new installation: `flask --app webapp init`)"
        )


def _check_cell(config: Mapping, session: Session) -> None:
    """The first server of a database writes its fingerprints, all others are held against them."""
    before = cell.noted(session)
    mine = {cell.SECRET_KEY: cell.key_fingerprint(config)}
    name = _name_of_store(config, new=cell.PHOTO_STORE not in before)
    mine[cell.PHOTO_STORE] = cell.store_fingerprint(name or "")
    if mine.keys() - before.keys():
        cell.note(mine, clock.now())
        before = cell.noted(session)
    others = [what for what in cell.WHAT if before[what] != mine[what]]
    if others:
        raise NotReady(
            f"the servers of this database have another {' and another '.join(others)} (docs/operating.md, Several servers). "
            "Give this one theirs; or, where it was changed deliberately, "
            f"run {' and '.join(f'`flask --app webapp cell accept {what}`' for what in others)}."
        )


def _name_of_store(config: Mapping, new: bool) -> str | None:
    try:
        if bucket := config["PHOTO_BUCKET"]:
            return naming.name_of(bucket, new)
        return cell.named(store_of(config), new)
    except (naming.Unasked, OSError) as error:
        raise NotYet(f"the photo store does not answer: {error}") from error


def _span(newest: str) -> str:
    return newest if newest == OLDEST_SCHEMA else f"{OLDEST_SCHEMA} to {newest}"


def demo_people(session: Session) -> list[str]:
    """Demo logins that still open with the demo password, sorted."""
    query = select(Person.login, Person.password_hash).where(Person.login.in_(DEMO_LOGINS), Person.active)
    return sorted(login for login, hashed in session.execute(query) if hashed and _opens(hashed))


def _opens(hashed: str) -> bool:
    try:
        return PasswordHasher().verify(hashed, DEMO_PASSWORD)
    except (Argon2Error, InvalidHashError):
        return False
