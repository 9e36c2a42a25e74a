"""``flask spool``: requests that wait on the disk, and those that were given up."""

from pathlib import Path

import click

from ivr.app import app
from ivr.cli.group import Group
from ivr.store.sealing import Unreadable

spool = Group("spool", help="Requests that came while the database was away.")


@spool.command("list")
def show() -> None:
    """How many wait, and each that was given up: when it came, what it was about."""
    waiting, aside = app.spool.waiting()
    click.echo(f"{waiting} waiting, {aside} given up")
    for path in app.spool.aside():
        click.echo(_told(path))


@spool.command("retry")
def retry() -> None:
    """Have what was given up taken in once more; the worker does it within seconds."""
    click.echo(f"{app.spool.try_again()} will be tried again.")


def _told(path: Path) -> str:
    """One file, without a word or number of the caller's."""
    try:
        kept = app.spool.read(path)
    except Unreadable as error:
        return f"{path.name}  cannot be read: {error}"
    except (ValueError, KeyError, TypeError, OSError) as error:
        return f"{path.name}  cannot be read ({type(error).__name__})"
    about = "a message" if kept.turn is None else f"turn {kept.turn}"
    return f"{path.name}  {kept.at:%Y-%m-%d %H:%M:%SZ}  {kept.kind}, {about}"
