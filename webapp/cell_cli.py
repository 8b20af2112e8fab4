"""``flask --app webapp cell …, photos …``: what the servers of one database have in common, and how their photos move."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from webapp.core import clock
from webapp.core.database import db
from webapp.core.problems import Problem
from webapp.formats.files import DigestStore
from webapp.photos.chosen_store import objects_in, store_of
from webapp.settings import bucket_from_environment
from webapp.upkeep import cell as marks, moving

cell = AppGroup("cell", help="What all servers of one database must have in common.")
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
