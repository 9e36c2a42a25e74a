"""``flask doctor``: is everything set up as it should be? Looks, and changes nothing."""

import sys
from collections.abc import Iterator

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ivr import health
from ivr.app import app
from ivr.cli.findings import Finding, Level, bad, note, ok
from ivr.cli.numbers import check
from ivr.settings import SOUND_SQLITE, Settings


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check configuration, database, data folder and, given credentials, the Twilio numbers. Changes nothing."""
    found = []
    for finding in (*configuration(app.settings), *database(), *data_folder(), *check(app.settings)):
        click.echo(finding)
        found.append(finding)
    if any(finding.level is Level.BAD for finding in found):
        sys.exit(1)


def configuration(settings: Settings) -> Iterator[Finding]:
    """What the environment says; what is wrong with it alone has stopped the process before this."""
    yield ok(f"PUBLIC_BASE_URL: the carrier reaches us at {settings.base_url}")
    if not settings.is_public:
        yield note("PUBLIC_BASE_URL: a real telephone needs an address that begins with https://")
    if settings.hotline_simulator:
        yield note("HOTLINE_SIMULATOR: the browser phone is on at /phone/")


def database() -> Iterator[Finding]:
    """Whether it answers, is up to date and, for SQLite, can be trusted."""
    engine = app.sessions.engine
    troubles = [*health.database_troubles(engine)]
    yield from (bad(f"DATABASE_URL: {trouble}") for trouble in troubles)
    if not troubles:
        yield ok(f"DATABASE_URL: {engine.dialect.name} answers and is up to date")
    if not app.settings.sqlite:
        return
    version = sys.modules["sqlite3"].sqlite_version_info
    said = ok if version >= SOUND_SQLITE else bad
    yield said(f"SQLite {'.'.join(map(str, version))}: sound from {'.'.join(map(str, SOUND_SQLITE))} on")
    try:
        with engine.connect() as connection:
            verdict = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    except SQLAlchemyError:
        verdict = "cannot be read"
    yield ok("SQLite: the file is whole") if verdict == "ok" else bad(f"SQLite: the file is damaged ({verdict})")


def data_folder() -> Iterator[Finding]:
    """Whether it has room."""
    folder = app.settings.data_dir
    troubles = [*health.disk_troubles(folder)]
    yield from (bad(f"HOTLINE_DATA_DIR: {trouble}") for trouble in troubles)
    if not troubles:
        yield ok(f"HOTLINE_DATA_DIR: {folder} has room")
