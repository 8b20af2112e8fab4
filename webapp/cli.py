"""``flask --app webapp …``: init, demo, tick, measures, ledger rebuild and verify, check."""

import hashlib
from datetime import timedelta

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from webapp import demo, settings
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.core.problems import Problem
from webapp.formats.files import DigestStore
from webapp.inspections.models import Photo
from webapp.ledger import operations as ledger_operations
from webapp.org import passwords
from webapp.org.divisions import add_county
from webapp.org.models import Person, Role, Unit
from webapp.recording import journal
from webapp.recording.photos import purge_personal
from webapp.rulebook.rules import load

ledger = AppGroup("ledger", help="The stored ledger against its facts.")


def init_commands(app: Flask) -> None:
    """Register the commands."""
    for command in (init, make_demo, tick, measures, check):
        app.cli.add_command(command)
    app.cli.add_command(ledger)


def _departments(session) -> list[Unit]:
    return list(session.scalars(select(Unit).where(Unit.level == "department").order_by(Unit.code)))


def _prepare() -> None:
    current_app.config["DATA_DIRECTORY"].mkdir(parents=True, exist_ok=True)
    flask_migrate.upgrade(directory=settings.folder("migrations"))


@click.command("init")
@click.option("--county", required=True, help="Division code of the county, such as 152502.")
@click.option("--login", default="admin", show_default=True, help="Login name of the first administrator.")
@click.password_option(help="The administrator's password; asked for if not given.")
@with_appcontext
def init(county: str, login: str, password: str) -> None:
    """Make the database, a county with its departments and relay points, and the first administrator."""
    _prepare()
    now = clock.now()
    try:
        with transaction() as session:
            if session.scalar(select(Person.id).limit(1)):
                raise click.ClickException("this database has people already")
            first_day = clock.local_date(now)
            add_county(session, county, first_day)
            hashed = passwords.hashed(password, login)
            person = Person(
                id=new_id(), login=login.lower(), name=login, password_hash=hashed, created_at=now
            )
            session.add(person)
            session.flush()
            session.add(
                Role(id=new_id(), person_id=person.id, unit_code=county, role="admin", first_day=first_day)
            )
    except Problem as problem:
        raise click.ClickException(problem.message("en")) from problem
    click.echo(f"County {county} is ready; sign in as {login}.")


@click.command("demo")
@with_appcontext
def make_demo() -> None:
    """Make the demo county; run again, it only brings the schema up to date."""
    _prepare()
    with transaction() as session:
        made = demo.build(session, clock.now())
    click.echo("The demo county is ready." if made else "The demo county was there already.")


@click.command("tick")
@with_appcontext
def tick() -> None:
    """Open the lines of new periods and delete what is personal and old. Idempotent."""
    now, opened = clock.now(), 0
    for unit in _departments(db.session):
        with transaction() as session:
            opened += ledger_operations.open_lines(session, session.get(Unit, unit.code), now)
    with transaction() as session:
        purged = _purge(session, now - timedelta(days=current_app.config["PERSONAL_DAYS"]), now)
    click.echo(f"{opened} lines looked at, {purged} personal parts deleted.")


def _purge(session, before, now) -> int:
    store = DigestStore(current_app.config["PHOTO_DIRECTORY"])
    for photo in session.scalars(select(Photo).where(Photo.received_at < before, Photo.purged_at.is_(None))):
        store.delete(photo.digest)
        store.delete(photo.digest, ".thumbnail")
        photo.purged_at = now
    return purge_personal(session, before)


@click.command("measures")
@click.option("--unit", "code", help="Only the duties of this unit.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day asked about; today if not given."
)
@with_appcontext
def measures(code: str | None, day) -> None:
    """Print the duties in force, each with its code and article."""
    book = load()
    day = day.date() if day else clock.local_date(clock.now())
    if day < book.first_day:
        raise click.ClickException(f"no edition was in force on {day}: the first begins on {book.first_day}")
    duties = list(book.duties.values())
    if code:
        unit = db.session.get(Unit, code)
        if unit is None:
            raise click.ClickException(f"there is no unit {code}")
        duties = book.duties_of(unit.level, unit.setting)
    click.echo(f"edition {book.edition}, {day}")
    for duty in duties:
        kept = "ledger" if duty.kept else "paper"
        click.echo(f"{duty.code}\t{duty.article}\t{duty.period}\t{kept}\t{duty.title.zh}\t{duty.title.en}")


@ledger.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Compute every line anew from the facts."""
    now = clock.now()
    for unit in _departments(db.session):
        with transaction() as session:
            count = ledger_operations.rebuild(session, session.get(Unit, unit.code), now)
        click.echo(f"{unit.code}: {count} lines")


def _differences() -> list[str]:
    now = clock.now()
    return [
        fault
        for unit in _departments(db.session)
        for fault in ledger_operations.differences(db.session, unit, now)
    ]


@ledger.command("verify")
@with_appcontext
def verify() -> None:
    """Show every line that differs from its facts; exit code 1 if there is any."""
    _report(_differences())


@click.command("check")
@with_appcontext
def check() -> None:
    """Journal chains, photos against their digests, and the ledger; exit code 1 if anything is wrong."""
    store = DigestStore(current_app.config["PHOTO_DIRECTORY"])
    faults = journal.broken_rows(db.session)
    for digest in db.session.scalars(select(Photo.digest).where(Photo.purged_at.is_(None))):
        data = store.read(digest)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            faults.append(f"photo {digest}: {'missing' if data is None else 'damaged'}")
    _report(faults + _differences())


def _report(faults: list[str]) -> None:
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.ClickException(f"{len(faults)} faults")
    click.echo("No fault found.")
