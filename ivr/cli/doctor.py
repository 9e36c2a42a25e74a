"""``flask doctor``: is everything set up as it should be? Looks, changes nothing, and calls nothing ok that it has not
tried."""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import click
import requests
from flask.cli import with_appcontext
from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError

from ivr import health
from ivr.app import app
from ivr.cli import certificate
from ivr.cli.findings import Finding, Level, bad, note, ok
from ivr.cli.numbers import check
from ivr.settings import LOOPBACK, SOUND_SQLITE, Settings
from ivr.store import condition, golive, hotline, readiness, whole
from ivr.store.calls import reconciling, recordings, turns
from ivr.store.sealing import Unreadable
from ivr.words.troubles import said

ANSWERS_WITHIN_S = 5
LOOKED_WITHIN_S = 48 * 3600  # a night's look may have been missed while the machine was off
WELL = {  # what is said of what is not lacking
    "worker": "worker: one gives a sign",
    "helpers": "staff: somebody can log in who sees tickets",
    "supervisor": "staff: there is a supervisor",
    "directory": "directory: communities are known",
    "sample": "directory: its telephone numbers are not the sample's",
    "answers": "people: somebody can be rung",
    "told": "notices: a rule notifies somebody",
}
NOT_YET = frozenset({"directory", "sample", "hours", "answers"})  # lacking, a hotline helps all the same
INSTALLING = {  # what else is missing is told where it is tried
    "address": "PUBLIC_BASE_URL: a real telephone needs an address that begins with https://",
    "simulator": "HOTLINE_SIMULATOR: the browser phone is on at /phone/",
}
MISSED = {"carrier", "store", "keys"}  # not lacking, that says no more than that nothing failed yet: see ``lately``


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check configuration, database, data folder, worker, people and, given credentials, the Twilio numbers.

    Changes nothing. Exits with 1 when something is BAD.
    """
    found = []
    for finding in (
        *configuration(app.settings),
        *address(app.settings),
        *certificate.check(app.settings.base_url),
        *database(),
        *data_folder(),
        *sealing(),
        *helping(),
        *lately(),
        *check(app.settings),
    ):
        click.echo(finding)
        found.append(finding)
    if any(finding.level is Level.BAD for finding in found):
        sys.exit(1)


def configuration(settings: Settings) -> Iterator[Finding]:
    """What the environment says; what is wrong with it alone has stopped the process before this."""
    yield from (note(INSTALLING[each]) for each in golive.installing(settings) if each in INSTALLING)


def address(settings: Settings) -> Iterator[Finding]:
    """Whether a hotline answers at the address that carriers are given."""
    base = settings.base_url
    local = urlsplit(base).hostname in LOOPBACK  # no proxy of the operator's knows the way to this machine
    try:
        answer = requests.get(
            f"{base}/healthz",
            timeout=ANSWERS_WITHIN_S,
            allow_redirects=False,
            proxies={"no_proxy": ",".join(LOOPBACK)} if local else None,
        )
        alive = answer.status_code == HTTPStatus.OK and answer.json() == {"alive": True}
    except requests.RequestException:  # a body that is no JSON, too
        alive = False
    if alive:
        yield ok(f"PUBLIC_BASE_URL: the hotline answers at {base}")
    else:
        yield bad(
            f"PUBLIC_BASE_URL: no hotline answers at {base}/healthz; start it, and see proxy, DNS and certificate"
        )


def database() -> Iterator[Finding]:
    """Whether it answers, is up to date, takes writes and, for SQLite, can be trusted."""
    engine = app.sessions.engine
    troubles = [*said((*readiness.database(engine), *readiness.ahead(engine)))]
    yield from (bad(f"DATABASE_URL: {trouble}") for trouble in troubles)
    if not troubles:
        yield ok(f"DATABASE_URL: {engine.dialect.name} answers, is up to date and takes writes")
    if not app.settings.sqlite:
        return
    version = sys.modules["sqlite3"].sqlite_version_info
    told = ok if version >= SOUND_SQLITE else bad
    yield told(f"SQLite {'.'.join(map(str, version))}: sound from {'.'.join(map(str, SOUND_SQLITE))} on")
    if any(trouble.kind == "database_gone" for trouble in readiness.database(engine)):
        return
    verdict = whole.check(engine)
    yield ok("SQLite: the file is whole") if verdict == whole.WHOLE else bad(f"SQLite: the file is damaged ({verdict})")
    yield _looked_at(whole.last(app.settings.data_dir))


def _looked_at(last: whole.Look | None) -> Finding:
    """Whether the worker looks at night, as it should."""
    if last is None:
        return note(
            "SQLite: nobody has looked yet whether the file is whole; the worker does, at its start and at night"
        )
    at = datetime.fromtimestamp(last.at_s, UTC)
    if time.time() - last.at_s > LOOKED_WITHIN_S:
        return bad(f"SQLite: no worker has looked whether the file is whole since {at:%Y-%m-%d %H:%M} UTC")
    found = "found it whole" if last.is_whole else f"found it damaged ({last.verdict})"
    return (ok if last.is_whole else bad)(f"SQLite: the last look, at {at:%Y-%m-%d %H:%M} UTC, {found}")


def data_folder() -> Iterator[Finding]:
    """Whether it can be written to and has room."""
    folder = app.settings.data_dir
    troubles = [*said(readiness.disk(folder))]
    yield from (bad(f"HOTLINE_DATA_DIR: {trouble}") for trouble in troubles)
    if not troubles:
        yield ok(f"HOTLINE_DATA_DIR: {folder} can be written to and has room")


def sealing() -> Iterator[Finding]:
    """Whether what is written is sealed, and what was opens: the first message that there is and the last are tried."""
    if app.keys.newest is None:
        yield note("HOTLINE_KEYS: not set, so recordings, numbers and words lie in the clear; see docs/sealing.md")
    try:
        with app.sessions.read() as db:
            paths, locked = recordings.first_and_last(db), turns.locked(db)
    except SQLAlchemyError:
        yield note("HOTLINE_KEYS: not tried, the database cannot be asked")
        return
    wrong = 0
    if locked is not None:
        wrong += 1
        yield bad(f"HOTLINE_KEYS: the last turn of a call cannot be read, its key is lost: {locked}")
    for path in paths:
        try:
            app.audio.open(path)
        except Unreadable as error:
            wrong += 1
            yield bad(f"HOTLINE_KEYS: the message {path} cannot be opened: {error}")
        except (OSError, BaseError) as error:
            wrong += 1
            yield bad(f"recordings: {path} cannot be read ({type(error).__name__})")
    if app.keys.newest and not wrong:
        yield ok(f"HOTLINE_KEYS: {app.keys.newest} seals what is written; {len(paths)} messages and the last turn open")


def helping() -> Iterator[Finding]:
    """Whether callers are helped once their call is kept; nothing is said of it when the database cannot be asked."""
    try:
        with app.sessions.read() as db:
            lacking = set(condition.lacking(db, datetime.now(UTC)))
            hours = hotline.settings(db).hours
    except SQLAlchemyError:
        yield note("worker, staff, notices, hours: not tried, the database cannot be asked")
        return
    for each in condition.LACKS:
        if each in MISSED and each not in lacking:
            continue
        if each in lacking:
            yield (note if each in NOT_YET else bad)(health.LACKS[each])
        elif each == "hours":
            yield ok(f"hours: somebody calls back {hotline.spoken(hours, app.settings.hotline_time_zone)}")
        else:
            yield ok(WELL[each])


def lately() -> Iterator[Finding]:
    """What the worker and the backup have done, as far as they left a mark."""
    now_s = time.time()
    left = [*readiness.left_lying(app.spool, now_s)]
    yield from (bad(f"spool: {trouble}") for trouble in said(left))
    if not left:
        yield ok(f"spool: {app.spool.waiting()[0]} requests wait, none was given up")
    if readiness.backup_made_s(app.settings.data_dir) is None:
        yield note(f"backup: not told, no backup leaves a mark ({readiness.BACKUP_MARK} in the data folder)")
    elif old := [*readiness.backup(app.settings.data_dir, now_s)]:
        yield from (bad(f"backup: {trouble}") for trouble in said(old))
    else:
        yield ok("backup: one was made within a day")
    try:
        with app.sessions.read() as db:
            checks = reconciling.checks(db)
    except SQLAlchemyError:
        return
    if not checks:
        yield note("carrier's lists: not compared with ours yet; the worker does, or: flask reconcile")
    for each in checks:
        if each.trouble is None:
            yield ok(f"carrier's lists: compared with ours at {each.asked_at:%Y-%m-%d %H:%M} UTC")
