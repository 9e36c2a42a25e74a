"""``flask db``: the database."""

import click

from ivr.app import app
from ivr.cli.group import Group
from ivr.store import schema

db = Group("db", help="The database.")


@db.command("upgrade")
def upgrade() -> None:
    """Make or upgrade every table. Safe to repeat."""
    schema.upgrade(app.sessions.engine)
    click.echo("The database is up to date.")
