"""``flask audit``: is the audit as it was written?"""

import click

from ivr.app import app
from ivr.cli.group import Group
from ivr.store.access import chain

audit = Group("audit", help="Is the audit as it was written?")


@audit.command("verify")
@click.option("--last", type=int, help="A line that was noted earlier ...")
@click.option("--hash", "noted", help="... and its hash: is it still there, and the same?")
def verify(last: int | None, noted: str | None) -> None:
    """Go through every line, and print the last one with its hash: note them elsewhere, they prove all before them."""
    if (last is None) != (noted is None):
        raise click.UsageError("Give --last and --hash together.")
    with app.sessions.read() as db:
        verdict = chain.verify(db)
        same = last is None or chain.is_still(db, last, noted or "")
    if verdict.broken is not None:
        raise click.ClickException(f"Line {verdict.broken} was changed, or one before it is missing.")
    if not same:
        raise click.ClickException(f"Line {last} is not what was noted: it was written anew from there or before.")
    older = f" ({verdict.older} of them from before the chain)" if verdict.older else ""
    click.echo(f"{verdict.lines} lines hold together{older}. The last: {verdict.last} {verdict.hash}")
