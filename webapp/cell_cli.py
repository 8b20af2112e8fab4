"""``flask --app webapp cell …, photos …, database …``: what the servers of one database have in common, how photos and database move."""

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from webapp import settings
from webapp.core import clock, postgresql
from webapp.core.database import db
from webapp.core.outages import told
from webapp.core.problems import Problem
from webapp.core.schema_range import newest_schema, schema_of
from webapp.formats.files import DigestStore
from webapp.photos.chosen_store import objects_in, store_of
from webapp.settings import bucket_from_environment
from webapp.upkeep import cell as marks, database_move, moving

cell = AppGroup("cell", help="What all servers of one database must have in common.")
database = AppGroup("database", help="Where everything else lies.")
photos = AppGroup("photos", help="Where photos and voice notes lie.")


@cell.command("accept")
@click.argument("what", type=click.Choice(marks.WHAT))
@with_appcontext
def accept(what: str) -> None:
    """Believe WHAT this server has from now on: after it was changed deliberately, or a backup came back without it."""
    config = current_app.config
    if what == marks.SECRET_KEY:
        mine = marks.key_fingerprint(config)
    else:
        try:
            mine = marks.store_fingerprint(marks.named(store_of(config), new=True))
        except Problem as problem:
            raise click.ClickException(problem.message("en")) from problem
    marks.accept({what: mine}, clock.now())
    click.echo(f"The {what} of this server is the cell's; servers with another one will not start.")


@photos.command("move")
@click.option(
    "--to", "address", required=True, help="s3://bucket or s3://bucket/prefix; keys as for TOUCHA_PHOTOS."
)
@with_appcontext
def move(address: str) -> None:
    """Copy photos from files to a bucket, and delete the files once the server keeps its photos there. Goes on where it ended."""
    config = current_app.config
    try:
        bucket = bucket_from_environment(address)
        last = config["PHOTO_BUCKET"] == bucket
        files = DigestStore(config["PHOTO_DIRECTORY"])
        done = moving.move(db.session, files, objects_in(bucket), delete=last)
    except OSError as error:
        raise click.ClickException(f"{error.strerror}: is another server still using the folder?") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except Problem as problem:
        raise click.ClickException(
            f"{problem.message('en')} Run it again: it goes on where it ended."
        ) from problem
    click.echo(f"{done.copied} copied, {done.there} were there, {done.aged} past their time.")
    for digest in done.damaged:
        click.echo(f"photo {digest}: damaged, stays where it is")
    if done.damaged:
        raise click.ClickException(f"{len(done.damaged)} photos did not move")
    click.echo(
        "All photos are in the bucket, and no file is left."
        if last
        else f"Now set TOUCHA_PHOTOS={address}, accept the photo store, start the servers anew, and run this once more."
    )


@database.command("move")
@click.option("--to", "address", required=True, help="postgresql://… of an empty database.")
@with_appcontext
def move_database(address: str) -> None:
    """Copy the whole database into an empty one, and prove that it says the same. Stop the servers and the timers first."""
    if schema_of(db.session) != newest_schema():
        raise click.ClickException(
            "The database has the schema of another release: run `flask --app webapp db upgrade` first."
        )
    db.session.rollback()
    app, source = current_app, db.engine
    other = Flask("elsewhere", root_path=app.root_path)
    other.config.update(app.config, SQLALCHEMY_DATABASE_URI=postgresql.address(address))
    db.init_app(other)
    flask_migrate.Migrate(other, db, directory=settings.folder("migrations"), render_as_batch=True)
    with other.app_context():
        try:
            flask_migrate.upgrade()
            found = database_move.move(source, db.engine, db.metadata)
        except database_move.NotMoved as reason:
            raise click.ClickException(f"Nothing was moved. {reason}") from reason
        except SQLAlchemyError as error:
            raise click.ClickException(f"Nothing was moved. {told(error)}") from error
        finally:
            db.engine.dispose()
    click.echo(f"{sum(found.values())} rows in {len(found)} tables, read back and the same.")
    click.echo(
        "Now name the new database in DATABASE_URL, run `flask --app webapp check`, and start the servers anew."
    )
