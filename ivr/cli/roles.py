"""``flask roles``: who may see and do what, as docs/roles.md has it."""

from collections.abc import Iterator

import click

from ivr.store.access.table import PERMISSIONS
from ivr.store.models import ROLES


@click.command("roles", help="Print the table of roles.")
def roles() -> None:
    """As a table of Markdown."""
    click.echo("\n".join(lines()))


def lines() -> Iterator[str]:
    yield f"| may | {' | '.join(ROLES)} |"
    yield "| --- " * (1 + len(ROLES)) + "|"
    for each in PERMISSIONS:
        yield f"| {each.words} | {' | '.join(each.scope(role).value for role in ROLES)} |"
