"""``flask --app webapp …``: init, import, demo, reset, tick, measures, ledger rebuild and verify, check, verify FILE, notices deliver, cell accept, photos move, database move."""

import os
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from webapp import cell_cli, settings
from webapp.core import clock, private_log
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.core.outages import told
from webapp.core.problems import Problem
from webapp.core.spelling import spelt_login, spelt_name
from webapp.core.turns import NoTurn
from webapp.demo import county as demo
from webapp.desk.checking.results import check_file
from webapp.formats.tables import Table, read_table
from webapp.journal.models import JournalCheck
from webapp.ledger import operations as ledger_operations
from webapp.org import passwords
from webapp.org.models import Person, Role, Unit
from webapp.org.operations import set_temporary_password
from webapp.org.queries import actor_of, by_login
from webapp.photos.chosen_store import store_of
from webapp.recording.changes.unit_imports import SORTS, known, run
from webapp.recording.facts import rulings
from webapp.recording.writing import writing
from webapp.registers.divisions import add_county, county_name
from webapp.rulebook import operations as rulebook_operations
from webapp.rulebook.overrides import differences
from webapp.rulebook.queries import duties_below, editions_of, rules_of
from webapp.upkeep import sending, tick as ticking
from webapp.upkeep.check import faults
from webapp.upkeep.tick import units_upwards

ledger = AppGroup("ledger", help="The stored ledger against its facts.")
notices = AppGroup("notices", help="Notices that leave the inbox: mails, texts into groups.")
edition = AppGroup("edition", help="Editions of the Measures, each from its first day on.")


def init_commands(app: Flask) -> None:
    """Register the commands."""
    if os.environ.get("FLASK_RUN_FROM_CLI"):  # set by flask: this process is a command
        private_log.guard_stderr()
    for command in (init, import_file, make_demo, tick, measures, check, verify_file, reset):
        app.cli.add_command(command)
    app.cli.add_command(ledger)
    app.cli.add_command(edition)
    app.cli.add_command(notices)
    app.cli.add_command(cell_cli.cell)
    app.cli.add_command(cell_cli.photos)
    app.cli.add_command(cell_cli.database)


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
            if not county_name(county):
                raise click.ClickException(
                    f"{county} is no county in webapp/registers/divisions.csv: six digits, such as 152502"
                )
            first_day = clock.local_date(now)
            add_county(session, county, first_day)
            rulings.keep_public_days(session, now)
            hashed = passwords.hashed(password, login)
            person = Person(
                id=new_id(),
                login=spelt_login(login),
                name=spelt_name(login),
                password_hash=hashed,
                created_at=now,
            )
            session.add(person)
            session.flush()
            session.add(
                Role(id=new_id(), person_id=person.id, unit_code=county, role="admin", first_day=first_day)
            )
    except Problem as problem:
        raise click.ClickException(problem.message("en")) from problem
    click.echo(f"County {county} {county_name(county)} is ready; sign in as {login}.")


@click.command("import")
@click.argument("sort", type=click.Choice(SORTS))
@click.argument("file", type=click.File("rb"))
@click.option("--login", default="admin", show_default=True, help="In whose name: as far as that person may.")
@click.option("--hidden", type=click.Choice(["leave", "take"]), help="Rows and columns that Excel hides.")
@with_appcontext
def import_file(sort: str, file, login: str, hidden: str | None) -> None:
    """Enter units, routes or staff from an XLSX or CSV FILE: all rows, or none if one is wrong."""
    now = clock.now()
    try:
        table = _shown(sort, read_table(file.read(), file.name), hidden)
        with transaction() as session:
            person = by_login(session, login)
            if person is None or not person.active:
                raise click.ClickException(f"there is no person {login}")
            me = actor_of(session, person, clock.local_date(now))
            found = run(session, me, now, sort, table)
            for fault in found.faults:
                click.echo(f"line {fault.line}: {fault.field or 'row'}: {fault.reason}")
            if found.faults:
                raise click.ClickException(f"{found.bad_lines} rows are wrong; nothing was imported")
    except Problem as problem:
        raise click.ClickException(problem.message("en")) from problem
    counts = ", ".join(f"{len(found.lines(became))} {became}" for became in ("new", "changed", "same"))
    click.echo(f"{sort}: {counts}")


def _shown(sort: str, table: Table, hidden: str | None) -> Table:
    """The table, if it hides nothing that is read, or as ``hidden`` says."""
    narrow = known(sort, table) if table.hides else table
    if not narrow.hides:
        return table
    if hidden is None:
        what = f"{len(narrow.hidden_rows)} rows and {len(narrow.hidden_columns)} columns"
        raise click.ClickException(f"{what} are hidden in Excel; say --hidden leave or --hidden take")
    return narrow.visible() if hidden == "leave" else narrow.whole()


@click.command("demo")
@click.option("--thin", is_flag=True, help="Only people, routes and two lists: no past.")
@with_appcontext
def make_demo(thin: bool) -> None:
    """Make the demo county; run again, it only brings the schema up to date."""
    _prepare()
    with transaction() as session:
        made = demo.build(session, clock.now(), None if thin else store_of(current_app.config))
        rulings.keep_public_days(session, clock.now())
    click.echo("The demo county is ready." if made else "The demo county was there already.")


@click.command("reset")
@click.argument("login")
@with_appcontext
def reset(login: str) -> None:
    """Print a temporary password for LOGIN, whom nobody else can reset; a second factor is removed."""
    days, word = current_app.config["TEMPORARY_DAYS"], passwords.temporary()
    hashed = passwords.hashed(word)
    with transaction() as session:
        person = by_login(session, login)
        if person is None or not person.active:
            raise click.ClickException(f"there is no person {login} who may sign in")
        set_temporary_password(session, clock.now(), person, hashed, days)
    click.echo(f"{person.login}: {word} (good for {days} days)")


@click.command("tick")
@with_appcontext
def tick() -> None:
    """Open the lines of new periods, enter newly known holidays, delete what is personal and old. Idempotent."""
    done = ticking.run(current_app.config, store_of(current_app.config), clock.now())
    if not done.emptied:
        click.echo(
            "The database's log is being read and was not emptied: the next tick tries again.", err=True
        )
    click.echo(
        f"{done.lines} lines looked at, {done.personal} personal parts and {done.files} photo files deleted."
    )


@notices.command("deliver")
@with_appcontext
def deliver_notices() -> None:
    """Queue the digests that are due and send what waits; what fails is tried again by a later run."""
    done = sending.run(current_app.config)
    click.echo(f"{done.sent} sent, {done.failed} to be tried again, {done.given_up} given up.")


@click.command("measures")
@click.option("--unit", "code", help="Only the duties of this unit.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day asked about; today if not given."
)
@with_appcontext
def measures(code: str | None, day) -> None:
    """Print the duties in force, each with its code and article."""
    day = day.date() if day else clock.local_date(clock.now())
    unit = db.session.get(Unit, code) if code else None
    if code and unit is None:
        raise click.ClickException(f"there is no unit {code}")
    rules = rules_of(db.session, [unit] if unit else [])
    book = rules.at(unit, day) if unit else rules.editions.on(day)
    if day < book.first_day:
        raise click.ClickException(f"no edition was in force on {day}: the first begins on {book.first_day}")
    click.echo(f"edition {book.edition}, {day}")
    for duty in duties_below(book, unit) if unit else book.duties.values():
        kept = "ledger" if duty.kept else "paper"
        click.echo(f"{duty.code}\t{duty.article}\t{duty.period}\t{kept}\t{duty.title.zh}\t{duty.title.en}")
        for one in differences(rules.editions.on(day).duties[duty.code], duty):
            click.echo(f"\t{one.field}: {one.value} instead of {one.edition}")


@edition.command("list")
@with_appcontext
def list_editions() -> None:
    """Print the editions with their first days."""
    for book in editions_of(db.session).books:
        click.echo(f"{book.edition}\t{book.first_day}\t{len(book.duties)} duties\t{book.title.zh}")


@edition.command("add")
@click.argument("file", type=click.File(encoding="utf-8"))
@with_appcontext
def add_edition(file) -> None:
    """Enter the edition in a TOML FILE; it begins on its first day, after today and after all others."""
    now = clock.now()
    try:
        with transaction() as session:
            row = rulebook_operations.add_edition(session, file.read(), None, now)
            rulings.recount_edition(session, row.first_day, now)
            click.echo(f"Edition {row.code} begins on {row.first_day}; SHA-256 {row.sha256}")
    except UnicodeDecodeError as error:
        raise click.ClickException("the file is not UTF-8") from error
    except Problem as problem:
        raise click.ClickException(problem.message("en").replace("; ", "\n  ")) from problem


@edition.command("take-back")
@click.argument("code")
@with_appcontext
def take_back_edition(code: str) -> None:
    """Take back the edition CODE, which has not begun."""
    now = clock.now()
    try:
        with transaction() as session:
            first = rulebook_operations.take_back_edition(session, code, now)
            rulings.recount_edition(session, first, now)
    except Problem as problem:
        raise click.ClickException(problem.message("en")) from problem
    click.echo(f"Edition {code} is taken back.")


@ledger.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Compute every line anew from the facts."""
    now = clock.now()
    for unit in units_upwards(db.session):
        with transaction() as session, writing(session, now, [unit.code]):
            count = ledger_operations.rebuild(session, session.get(Unit, unit.code), now)
        click.echo(f"{unit.code}: {count} lines")


def _differences() -> list[str]:
    now = clock.now()
    return [
        fault
        for unit in units_upwards(db.session)
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
    """Journal chains, facts and photos against their digests, and the ledger; exit code 1 if anything is wrong."""
    try:
        found = faults(db.session, store_of(current_app.config)) + _differences()
    except Problem as problem:  # the store is away: that says nothing of the photos
        raise click.ClickException(problem.message("en")) from problem
    try:
        with transaction() as session:
            session.add(JournalCheck(id=new_id(), ended_at=clock.now(), faults=len(found)))
    except (DBAPIError, NoTurn) as error:  # a copy that cannot be written is checked all the same
        click.echo(f"not noted in the database: {told(error)}", err=True)
    _report(found)


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def verify_file(file: Path) -> None:
    """Is FILE what this server issued? Names what differs, and which figures are others today; exit code 1 if it is not."""
    try:
        with force_locale("en"):
            found = check_file(db.session, file, None)
    except Problem as problem:
        raise click.ClickException(problem.message("en")) from problem
    click.echo(found.title)
    for one in found.notes:
        click.echo(one)
    for one in found.since or ():
        click.echo(f"Today: {one}")
    if not found.exact and not found.differs:
        click.echo("Every word in it is what was issued, but some program saved it anew.")
    _report(found.differs)


def _report(faults: list[str]) -> None:
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.ClickException(f"{len(faults)} faults")
    click.echo("No fault found.")
