"""``flask directory export-heard``: what callers said, masked, to be labelled."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from ivr.app import app
from ivr.store.directory import utterances


@click.command("export-heard")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_heard(file: Path) -> None:
    """Write what callers said when asked for their community into FILE (JSONL), for `flask directory calibrate`.

    Numbers are masked; older lines than HOTLINE_KEEP_HEARD_DAYS are left out, and nothing is written while it is 0.
    Put the right codes into each line's "truth", [] when no community was named; delete the file when you are done.
    """
    days = app.settings.hotline_keep_heard_days
    if not days:
        raise click.ClickException("HOTLINE_KEEP_HEARD_DAYS is 0: callers' words are not exported. Set how many days.")
    with app.sessions.read() as db:
        lines = [
            json.dumps(line, ensure_ascii=False) + "\n"
            for line in utterances.lines(db, datetime.now(UTC) - timedelta(days))
        ]
    try:
        with open(file, "x", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.writelines(lines)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written ({error.strerror}).") from None
    click.echo(f"{len(lines)} lines of the last {days} days.")
