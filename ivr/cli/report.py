"""``flask report day``: how a day went, on the screen and as a workbook."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfileobj

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from ivr.app import app
from ivr.cli.group import Group
from ivr.store.access import rules
from ivr.store.figures.board import board
from ivr.store.figures.period import Period

A_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("report", cls=Group, help="Tell how the hotline's days went.")
def report() -> None:
    pass


@report.command("day")
@click.argument("day", type=A_DAY, required=False)
@click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Also write the whole report to this file."
)
@click.option("--language", help="Of the report; default: HOTLINE_LANGUAGE.")
@with_appcontext
def of_day(day: datetime | None, xlsx: Path | None, language: str | None) -> None:
    """Print the main figures of DAY (such as 2026-03-02), yesterday by default, as they stand now."""
    language = language or app.settings.hotline_language
    if language not in app.packs:
        raise click.UsageError(f"There is no language {language}; there are: {', '.join(app.packs)}.")
    now = datetime.now(UTC)
    chosen = day.date() if day else now.astimezone(app.settings.zone).date() - timedelta(days=1)
    period = Period(chosen, chosen, app.settings.zone)
    with app.sessions.read() as db, force_locale(language):
        told = app.day(board(db, app.asked(rules.hotline_itself(), period, now), period), language)
        click.echo("\n".join((str(chosen), *told.letter())))
        if xlsx:
            with told.workbook() as made, xlsx.open("wb") as file:
                copyfileobj(made, file)
