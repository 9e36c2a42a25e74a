"""``flask staff``: the people who help."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.cli.group import Group
from ivr.store.access import audit
from ivr.store.facts.audit import StaffChanged
from ivr.store.models import ROLES, Staff
from ivr.store.people import links, second_factor
from ivr.store.people import staff as people
from ivr.store.people.names import normal

staff = Group("staff", help="The people who help.")


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--community", "communities", multiple=True, metavar="CODE", help="May be repeated.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--link", is_flag=True, help="Print a one-time link by which they set a password themselves.")
def add(name: str, role: str, communities: tuple[str, ...], password_stdin: bool, link: bool) -> None:
    """Add a member of staff, who can log in at once."""
    if password_stdin == link:
        raise click.UsageError("Give one of --password-stdin and --link.")
    now = datetime.now(UTC)
    try:
        password = None if link else _password()
        with app.sessions.begin() as db:
            person = people.add(
                db,
                name=name,
                role=role,
                password=password,
                communities=communities,
                now=now,
                own_words=app.settings.own_words,
            )
            code = links.make(db, person, now) if link else ""
            audit.append(db, None, StaffChanged(person.id, "added"), now)
    except ValueError as error:
        raise click.ClickException(f"{name} was not added: {error}.") from None
    click.echo(_link(code) if link else f"{person.name} can log in.")


@staff.command("list")
def list_all() -> None:
    """Who can log in, with their role and communities."""
    with app.sessions.read() as db:
        for person in people.everybody(db):
            click.echo("  ".join((person.name, person.role, *person.community_codes)))


@staff.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def change_password(name: str, password_stdin: bool) -> None:
    """Give somebody a new password; they are logged out everywhere."""
    _change(name, lambda db, person: people.set_password(db, person, _password(), app.settings.own_words), "password")
    click.echo(f"{normal(name)} has a new password.")


@staff.command("link")
@click.argument("name")
def make_link(name: str) -> None:
    """Print a link by which somebody sets a new password, once, within three days: nobody else reads it."""
    codes: list[str] = []
    _change(name, lambda db, person: codes.append(links.make(db, person, datetime.now(UTC))), "link")
    click.echo(_link(*codes))


@staff.command("forget-factor")
@click.argument("name")
def forget_factor(name: str) -> None:
    """Somebody has lost their telephone and their recovery codes: the password alone lets them in, to begin anew."""
    _change(name, second_factor.remove, "factor")
    click.echo(f"{normal(name)} has no second factor.")


@staff.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--community", "communities", multiple=True, metavar="CODE", help="May be repeated.")
def change_role(name: str, role: str, communities: tuple[str, ...]) -> None:
    """Change what somebody may do, and for which communities; they are logged out everywhere."""
    _change(name, lambda db, person: people.set_role(db, person, role, communities), "role")
    click.echo(f"{normal(name)} is {role} now.")


@staff.command("stop")
@click.argument("name")
def stop(name: str) -> None:
    """Somebody helps no longer: they are logged out, and what they have in hand is offered to the others."""
    _change(name, lambda db, person: people.disable(db, person, datetime.now(UTC)), "stopped")
    click.echo(f"{normal(name)} cannot log in any more.")


def _change(name: str, change: Callable[[Session, Staff], None], what: str) -> None:
    try:
        with app.sessions.begin() as db:
            person = people.named(db, name)
            change(db, person)
            audit.append(db, None, StaffChanged(person.id, what), datetime.now(UTC))
    except ValueError as error:
        raise click.ClickException(f"{name} was not changed: {error}.") from None


def _link(code: str) -> str:
    """Behind the #, which browsers send to nobody: it stands in no log."""
    return f"{app.settings.base_url}/desk/new-password#{code}"


def _password() -> str:
    """The first line of standard input. Raises ``ValueError`` when it is not UTF-8 text."""
    return sys.stdin.buffer.readline().decode().removesuffix("\n").removesuffix("\r")
