"""``flask phone``: ring the hotline without a telephone."""

import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console

from ivr.app import app
from ivr.carrier.account import SIMULATOR, named
from ivr.cli.group import Group
from ivr.cli.staffed import Rounds, on_shift
from ivr.phone import load, shift, terminal
from ivr.phone.clock import Clock
from ivr.phone.ledger import Api, ApiError
from ivr.phone.line import Line
from ivr.phone.rung import ringing
from ivr.phone.staffed import play
from ivr.phone.staffed import report as report_shift
from ivr.phone.transport import NoAnswer, over_http
from ivr.store.directory import communities
from ivr.store.people import tokens
from routing.phone_numbers import caller_id

CALLER = "+8613800000001"
WITHHELD = "withheld"
LOOK_EVERY_S = 1.0

phone = Group("phone", help="Ring the hotline without a telephone. It must be running, with HOTLINE_SIMULATOR=1.")


@phone.command("call")
@click.option("--from", "caller", default=CALLER, show_default=True, help=f"Your number, or {WITHHELD}.")
@click.option("--to", "called", help="The number you dial, when a community has one of its own.")
@click.option("--twiml", is_flag=True, help="Show every document the hotline answers with.")
def call(caller: str, called: str | None, twiml: bool) -> None:
    """Ring from this terminal: what is said is shown; type keys, or words to say."""
    terminal.run(
        line(),
        Console(),
        caller=None if caller == WITHHELD else _number(caller, "--from"),
        called=_number(called, "--to") if called else None,
        show_twiml=twiml,
    )


@phone.command("answer")
@click.option("--twiml", is_flag=True, help="Show every document the hotline answers with.")
def answer(twiml: bool) -> None:
    """Wait for the calls that the hotline places, and pick up. Ctrl-C ends it."""
    ours, console = line(), Console()
    console.print("Waiting for a call … (Ctrl-C ends it)", style="dim")
    known: set[str] = set()
    with suppress(KeyboardInterrupt):
        while True:
            for placed in ringing(ours):
                if placed.sid not in known:
                    known.add(placed.sid)
                    terminal.answer(ours, placed, console, show_twiml=twiml)
            time.sleep(LOOK_EVERY_S)


@phone.command("day")
@click.option("--calls", type=click.IntRange(1), default=120, show_default=True)
@click.option("--hours", type=click.FloatRange(0, min_open=True), default=3, show_default=True)
@click.option("--workers", type=click.IntRange(1, 200), default=16, show_default=True, help="Calls at the same time.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed plays the same day.")
@click.option(
    "--staffed", is_flag=True, help="A shift of volunteers answers, in its own time; --workers means nothing."
)
@click.option("--volunteers", type=click.IntRange(1, 500), default=20, show_default=True, help="With --staffed.")
@click.option("--speed", type=click.FloatRange(1), default=60, show_default=True, help="With --staffed: times as fast.")
def day(calls: int, hours: float, workers: int, seed: int, staffed: bool, volunteers: int, speed: float) -> None:
    """Play a busy day at the hotline and count what it lost; exit status 1 when that is anything."""
    ours, names = line(), _names()
    if staffed:
        _staffed(ours, names, calls, hours, seed, volunteers, speed)
        return
    with temporary_token() as token:
        try:
            played = load.day(
                ours,
                f"{ours.base_url}/api/v1",
                token,
                names,
                Console(stderr=True),
                calls=calls,
                hours=hours,
                workers=workers,
                seed=seed,
            )
        except ApiError as error:
            raise click.ClickException(str(error)) from None
    load.report(played, Console())
    if played.lost:
        sys.exit(1)


def _staffed(ours: Line, names: list[str], calls: int, hours: float, seed: int, volunteers: int, speed: float) -> None:
    """The shift: the hotline's side is made, played and taken away again."""
    if app.settings.is_public:
        raise click.ClickException("Calls of the simulated number ring nobody on a public address.")
    telephones = shift.volunteers(volunteers, seed)
    with temporary_token() as token, on_shift(app, telephones) as ids:
        try:
            played = play(
                ours,
                Api(f"{ours.base_url}/api/v1", token, ours.transport),
                telephones,
                shift.callers(calls, hours, seed, names),
                lambda: Clock(speed),
                Rounds(app, ids, speed),
                Console(stderr=True),
                hours=hours,
            )
        except ApiError as error:
            raise click.ClickException(str(error)) from None
    report_shift(played, Console())
    if not played.sound:
        sys.exit(1)


def _names() -> list[str]:
    """The communities that callers may speak of. Raises ``ClickException`` when there are none."""
    with app.sessions.read() as db:
        names = [community.name for community in communities.load(db)]
    if not names:
        raise click.ClickException("There is no community to speak of. Run: flask directory import FILE.csv")
    return names


def line() -> Line:
    """The simulated number. Raises ``ClickException`` when it cannot be rung."""
    carrier = named(SIMULATOR, app.carriers)
    if carrier is None:
        raise click.ClickException("The simulated number is off. Set HOTLINE_SIMULATOR=1, for the hotline too.")
    base_url = app.settings.base_url
    transport = over_http()
    try:
        transport("GET", f"{base_url}/healthz", b"", {})
    except NoAnswer:
        raise click.ClickException(
            f"Nobody answers at {base_url}. Start the hotline (make run), or set PUBLIC_BASE_URL to where it is."
        ) from None
    return Line(base_url, carrier.account_sid, carrier.tokens[0], transport, recordings_url=carrier.api_base_url)


@contextmanager
def temporary_token() -> Iterator[str]:
    """An API token that is worth nothing after the block."""
    name = f"phone day {secrets.token_hex(8)}"
    with app.sessions.begin() as db:
        token = tokens.add(db, name, datetime.now(UTC), lasts=timedelta(days=1), per_minute=100_000)
    try:
        yield token
    finally:
        with app.sessions.begin() as db:
            tokens.revoke(db, name, datetime.now(UTC))


def _number(typed: str, option: str) -> str:
    if e164 := caller_id(typed, app.home()):
        return e164
    raise click.BadParameter(f"{typed} is no telephone number; write it like {CALLER}", param_hint=option)
