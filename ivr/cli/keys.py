"""``flask keys``: the keys that recordings, waiting requests and callers' words are sealed with."""

import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from ivr.app import app
from ivr.cli.group import Group
from ivr.store.keeping import sealed
from ivr.store.keeping.sealed import File
from ivr.store.sealing import key_id, key_of, new_key

keys = Group(
    "keys", help="Keys that recordings, waiting requests and callers' words are sealed with: see docs/sealing.md."
)

MOST_TROUBLES = 20  # more say nothing new


@keys.command("new")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Write it there; a file that exists is refused.")
def new(path: Path | None) -> None:
    """Make a key. Nothing uses it before HOTLINE_KEYS names it."""
    text = new_key()
    if path is None:
        click.echo(text)
        return
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(f"{text}\n")
    except OSError as error:
        raise click.ClickException(f"{path} was not written ({error.strerror}).") from None
    click.echo(
        f"Key {key_id(key_of(text))} is in {path}. Keep a copy apart from the backups, then name it in HOTLINE_KEYS."
    )


@keys.command("check")
def check() -> None:
    """Open every recording, request that waits here, and row; say what each lies under. Exits with 1 for trouble."""
    click.echo(f"Keys: {', '.join(app.keys.ids) or 'none, what is written lies in the clear'}")
    recordings, requests = sealed.check_recordings(app.sessions, app.audio), sealed.check_spool(app.spool)
    rows = sealed.check_rows(app.sessions, app.keys)
    _finish(_told("recordings", recordings) + _told("requests", requests) + _told("rows", rows))


@keys.command("seal")
def seal() -> None:
    """Seal with the newest key what lies in the clear or under an older one. Safe to stop and to repeat."""
    if app.keys.newest is None:
        raise click.ClickException("HOTLINE_KEYS is not set: make a key with flask keys new, and name it there.")
    recordings, requests = sealed.seal_recordings(app.sessions, app.audio), sealed.seal_spool(app.spool)
    rows = sealed.seal_rows(app.sessions, app.keys)
    troubles = _told("recordings", recordings) + _told("requests", requests) + _told("rows", rows)
    sealed.hash_words(app.sessions)
    click.echo("words to search by: hashed")
    _finish(troubles)


def _told(kind: str, files: Iterable[File]) -> int:
    """Say how many of each outcome there are, and what is wrong; how many are."""
    counts: Counter[str] = Counter()
    troubles = 0
    for file in files:
        if not file.trouble:
            counts[file.outcome] += 1
            continue
        troubles += 1
        if troubles <= MOST_TROUBLES:
            click.echo(f"BAD  {kind}: {file.name}: {file.trouble}")
    listed = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
    click.echo(f"{kind}: {listed or 'none'}" + (f"; {troubles} in trouble" if troubles else ""))
    return troubles


def _finish(troubles: int) -> None:
    if troubles:
        sys.exit(1)
