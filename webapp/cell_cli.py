"""``flask --app webapp cell …``: what the servers of one database have in common."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from webapp.core import clock
from webapp.core.problems import Problem
from webapp.photos.store import store_of
from webapp.upkeep import cell as marks

cell = AppGroup("cell", help="What all servers of one database must have in common.")


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
