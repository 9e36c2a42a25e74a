"""``flask token``: which other systems may use the API."""

from datetime import UTC, datetime

import click

from ivr.app import app
from ivr.cli.group import Group
from ivr.store.people import tokens
from ivr.store.people.tokens import NameTaken, UnknownToken

token = Group("token", help="Which other systems may use the API.")


@token.command("add")
@click.argument("name")
def add(name: str) -> None:
    """Make a token for the system called NAME. It is printed once and cannot be read again."""
    try:
        with app.sessions.begin() as db:
            text = tokens.add(db, name, datetime.now(UTC))
    except NameTaken:
        raise click.ClickException(f"There is, or was, a token called {name}: choose another name.") from None
    click.echo(text)


@token.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Accept the token of the system called NAME no longer."""
    try:
        with app.sessions.begin() as db:
            tokens.revoke(db, name, datetime.now(UTC))
    except UnknownToken:
        raise click.ClickException(f"There is no token called {name}.") from None
    click.echo(f"The token of {name} opens nothing any more.")
