"""``flask token``: which other systems may use the API."""

from datetime import UTC, datetime, timedelta

import click

from ivr.app import app
from ivr.cli.group import Group
from ivr.store.access import audit
from ivr.store.facts.audit import TokenMade, TokenRevoked
from ivr.store.models import SCOPES
from ivr.store.models.access import PER_MINUTE
from ivr.store.people import tokens
from ivr.store.people.tokens import NameTaken, Unfit, UnknownToken

token = Group("token", help="Which other systems may use the API.")


@token.command("add")
@click.argument("name")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, default=SCOPES, help="May be repeated.")
@click.option("--community", "communities", multiple=True, metavar="CODE", help="Nothing else; may be repeated.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How long it is good.")
@click.option("--per-minute", type=click.IntRange(1), default=PER_MINUTE, show_default=True, help="Requests.")
def add(name: str, scopes: tuple[str, ...], communities: tuple[str, ...], days: int, per_minute: int) -> None:
    """Make a token for the system called NAME. It is printed once and cannot be read again."""
    try:
        with app.sessions.begin() as db:
            text = tokens.add(
                db,
                name,
                datetime.now(UTC),
                scopes=scopes,
                communities=communities,
                lasts=timedelta(days=days),
                per_minute=per_minute,
            )
            if made := tokens.find(db, text, datetime.now(UTC)):
                audit.append(db, None, TokenMade(made.id), datetime.now(UTC))
    except NameTaken:
        raise click.ClickException(f"There is, or was, a token called {name}: choose another name.") from None
    except Unfit as error:
        raise click.ClickException(f"No token was made: {error}.") from None
    click.echo(text)


@token.command("list")
def list_all() -> None:
    """Which tokens there are: what they may read, until when, and when they were last used."""
    now = datetime.now(UTC)
    with app.sessions.read() as db:
        for row in tokens.everyone(db):
            over = row.revoked_at or (row.expires_at and row.expires_at <= now)
            until = "ended" if over else f"until {row.expires_at:%Y-%m-%d}" if row.expires_at else "without end"
            used = f"used {row.used_at:%Y-%m-%d %H:%M} UTC" if row.used_at else "never used"
            where = ",".join(row.communities) or "every community"
            click.echo("  ".join((row.name, ",".join(row.scopes), where, f"{row.per_minute}/min", until, used)))


@token.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Accept the token of the system called NAME no longer."""
    try:
        with app.sessions.begin() as db:
            row = tokens.revoke(db, name, datetime.now(UTC))
            audit.append(db, None, TokenRevoked(row.id), datetime.now(UTC))
    except UnknownToken:
        raise click.ClickException(f"There is no token called {name}.") from None
    click.echo(f"The token of {name} opens nothing any more.")
