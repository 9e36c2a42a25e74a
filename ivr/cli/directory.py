"""``flask directory``: the list of communities."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from ivr.app import app
from ivr.cli import heard, matching
from ivr.cli.group import Group
from ivr.store.directory import importing
from ivr.store.line import contacts
from routing.directory import Community
from routing.directory import contacts as lists
from routing.directory.difference import Difference
from routing.directory.sheet import SheetError
from routing.tuning.confusable import close_pairs

MAX_LINES = 20  # of one kind; a nation's list would fill the screen for an hour
MAX_COMPARED = 10_000  # communities, each with each: a few seconds

directory = Group("directory", help="The list of communities.")
for command in (matching.listen, matching.audit, matching.calibrate, heard.export_heard):
    directory.add_command(command)

T = TypeVar("T")


@directory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--replace", is_flag=True, help="Retire the communities that the file does not list.")
def import_file(file: Path, dry_run: bool, replace: bool) -> None:
    """Add and change communities, told apart by code; all rows of FILE, or none if one is wrong.

    Calls go on meanwhile, with the old list until the last row is there; an import that was interrupted is finished by
    running it again.

    FILE: CSV of any usual encoding and separator, packed with gzip or not, or an Excel workbook (.xlsx).

    Columns: code,name,street,district; optional: aliases (several: a;b;c or a、b、c), phone, keypad, dialled,
    duty_contact, duty_phone, duty_hours.
    Prints what was added (+), changed (~) and retired (-), and the names that callers may confuse (?).
    """
    try:
        listed, duty = lists.read(file, app.home())
    except SheetError as error:
        raise click.ClickException(f"{file.name}: nothing was imported.\n{error}") from None
    try:
        with app.sessions.read() as db:
            planned = importing.plan(db, listed, datetime.now(UTC), replace=replace)
            on_duty = contacts.plan(db, duty, replace=replace)
    except importing.Taken as error:
        raise click.ClickException(
            f"{file.name}: nothing was imported.\n"
            f"{error.field} {error.number} belongs to {error.owner.code} {error.owner.name}, which the file does not "
            "list; list that one too, or use --replace."
        ) from None
    if not dry_run:
        importing.carry_out(app.sessions, planned)
        contacts.carry_out(app.sessions, None, on_duty, datetime.now(UTC))
    tell(planned.difference)
    if on_duty:
        click.echo(f"{len(on_duty)} duty contacts changed.")
    if len(planned.after) <= MAX_COMPARED:
        _lines("?", close_pairs(planned.after), str)
    if dry_run:
        click.echo("Nothing was changed (--dry-run).")


def tell(difference: Difference) -> None:
    """Print how the directory changed."""
    _lines("+", difference.added, _place)
    _lines("~", difference.changed, str)
    _lines("-", difference.retired, _place)
    click.echo(
        f"{len(difference.added)} added, {len(difference.changed)} changed, "
        f"{len(difference.retired)} retired, {len(difference.unchanged)} as before."
    )


def _lines(sign: str, items: Sequence[T], text: Callable[[T], str]) -> None:
    """One line an item, ``MAX_LINES`` at most, and how many more there are."""
    for item in items[:MAX_LINES]:
        click.echo(f"{sign} {text(item)}")
    if len(items) > MAX_LINES:
        click.echo(f"{sign} … and {len(items) - MAX_LINES} more")


def _place(community: Community) -> str:
    return f"{community.code} {community.name} ({community.street})"
