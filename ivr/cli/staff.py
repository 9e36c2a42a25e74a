"""``flask staff``: the people who help."""

import sys
from datetime import UTC, datetime

import click

from ivr.app import app
from ivr.cli.group import Group
from ivr.store import staff as people
from ivr.store.models import ROLES

staff = Group("staff", help="The people who help.")


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--community", "communities", multiple=True, metavar="CODE", help="May be repeated.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def add(name: str, role: str, communities: tuple[str, ...], password_stdin: bool) -> None:
    """Add a member of staff, who can log in at once."""
    try:
        password = _password()
        with app.sessions.begin() as db:
            person = people.add(
                db, name=name, role=role, password=password, communities=communities, now=datetime.now(UTC)
            )
    except ValueError as error:
        raise click.ClickException(f"{name} was not added: {error}.") from None
    click.echo(f"{person.name} can log in.")


def _password() -> str:
    """The first line of standard input. Raises ``ValueError`` when it is not UTF-8 text."""
    return sys.stdin.buffer.readline().decode().removesuffix("\n").removesuffix("\r")
