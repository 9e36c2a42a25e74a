"""``flask demo``: everything a newcomer needs to ring the hotline and to answer at the desk. Safe to repeat."""

import secrets
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.store import schema
from ivr.store.directory import communities, importing
from ivr.store.models import ROLES, CommunityRow, Staff
from ivr.store.people import staff as people
from routing.directory import listing

# Names of places are facts; every telephone number is made up.
SAMPLE = Path(__file__).parents[2] / "deploy" / "sample" / "communities.csv"


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Migrate, load the sample directory, make one account per role; print where to open what. Keeps what is there."""
    settings = app.settings
    refuse_taken(settings.port)
    schema.upgrade(app.sessions.engine)
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        loaded = load_sample(db, now)
        passwords = dict(add_accounts(db, now))
    if loaded:
        click.echo(f"Loaded a sample directory of {loaded} communities.")
    for name, password in passwords.items():
        click.echo(f"Log in as  {name:<10}  password  {password}")
    if passwords:
        click.echo("The passwords are shown only now.")
    click.echo(f"Telephone  {settings.base_url}/phone/")
    click.echo(f"Desk       {settings.base_url}/desk/")


def refuse_taken(port: int) -> None:
    """Raise ``ClickException`` when another program listens where ours should."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise click.ClickException(
                f"Port {port} is in use, perhaps by this hotline already. Another one: make run PORT={port + 1}"
            ) from None


def load_sample(db: Session, now: datetime) -> int:
    """Fill an empty directory; how many communities were loaded."""
    if db.scalars(select(CommunityRow.code).limit(1)).first():
        return 0
    sample = listing.read(SAMPLE)
    importing.put(db, sample, now, replace=False)
    return len(sample)


def add_accounts(db: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """One person a role, named like it, when there is nobody yet; their passwords. The officer gets one street."""
    if db.scalars(select(Staff.id).limit(1)).first():
        return
    first = next(iter(communities.load(db)))
    street = [community.code for community in communities.load(db) if community.street == first.street]
    for role in ROLES:
        password = secrets.token_urlsafe(12)
        people.add(
            db,
            name=role,
            role=role,
            password=password,
            communities=street if role == "officer" else (),
            now=now,
            printed=True,
        )
        yield role, password
