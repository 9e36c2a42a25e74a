"""The ``flask`` commands: parse, call one function, say what changed. Answers on stdout, all else on stderr."""

import click
from flask import Flask
from flask.cli import AppGroup

from ivr.app import app
from ivr.store import schema

db = AppGroup("db", help="The database.")


@db.command("upgrade")
def upgrade() -> None:
    """Make or upgrade every table. Safe to repeat."""
    schema.upgrade(app.sessions.engine)
    click.echo("The database is up to date.")


def register(flask: Flask) -> None:
    """Give the application its commands."""
    flask.cli.add_command(db)
