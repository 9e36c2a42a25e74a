"""``flask reconcile``: what does the carrier have that we have not?"""

import re
from datetime import UTC, datetime, timedelta

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ivr.app import app
from ivr.carrier.account import SIMULATOR
from ivr.cli.group import trouble
from ivr.store.calls import reconciling

AGO = re.compile(r"(\d{1,4})([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Since(click.ParamType[datetime]):
    """A moment in the hotline's zone, or a time ago."""

    name = "WHEN"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if ago := AGO.fullmatch(value):
            return datetime.now(UTC) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail("write it like 2026-11-28, 2026-11-28T08:00, 90m, 24h or 3d.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=app.settings.zone)


@click.command("reconcile")
@click.option("--since", type=Since(), help="2026-11-28, 2026-11-28T08:00, 24h or 3d. Default: since it was last done.")
@with_appcontext
def reconcile(since: datetime | None) -> None:
    """Make tickets of what the carrier has and we never heard of. The worker does it every ten minutes.

    Safe to repeat: each call and recording is kept once. Exits with 1 when the carrier does not tell all.
    """
    from ivr.jobs.reconcile import reconcile as compare  # only who works loads the jobs

    names = [carrier.name for carrier in app.carriers.values() if carrier.name != SIMULATOR]
    if not names:
        raise click.ClickException("TWILIO_ACCOUNT_SID: not set, so there is no carrier to ask.")
    try:
        found = compare(app, since=since)
        with app.sessions.read() as db:
            checks = [check for name in names if (check := reconciling.check(db, name))]
    except SQLAlchemyError as error:
        raise click.ClickException(trouble(error)) from None
    click.echo(f"The carrier has {found.calls} calls and {found.recordings} recordings of that time.")
    click.echo(
        f"New here: {found.new_calls} calls, {found.new_recordings} recordings; "
        f"{found.completed_calls} calls were completed; {found.failed} could not be taken in."
    )
    if not all(check.trouble is None for check in checks) or found.failed:
        said = ", ".join(check.trouble for check in checks if check.trouble) or "see the log"
        raise click.ClickException(f"Not all of it could be compared ({said}); it is tried again every ten minutes.")
