"""``flask keeping``: how long what we know of people is kept, holds, and one person's data shown or erased."""

import json
from datetime import UTC, datetime

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.cli.group import Group
from ivr.jobs import forget
from ivr.store.access import chain
from ivr.store.keeping import holds, periods, person
from ivr.store.keeping.periods import Periods
from ivr.store.models import Ticket
from ivr.store.models.ticket import ids_of
from routing.phone_numbers import caller_id

keeping = Group("keeping", help="How long what we know of people is kept; one person's data, shown or erased.")
KINDS = {"audio": "messages", "words": "words", "numbers": "numbers", "cards": "cards", "log": "lines of the audit"}


@keeping.command("due")
def due() -> None:
    """What would go now, and how long each kind is kept. Nothing is changed."""
    kept = Periods(**app.settings.keep_days)
    with app.sessions.read() as db:
        counts = periods.counted(db, kept, datetime.now(UTC))
    for kind, what in KINDS.items():
        days = getattr(kept, kind)
        click.echo(f"{what}: {f'kept {days} days, {counts[kind]} over' if days else 'kept for ever'}")


@keeping.command("forget")
def forget_now() -> None:
    """Do tonight's work now: erase what is over, here and at the carrier, and print the certificate."""
    now = datetime.now(UTC)
    gone = forget.forget_now(app, now)
    click.echo(json.dumps({"at": now.isoformat(), "erased": gone} | _proof(), indent=2))


@keeping.command("hold")
@click.argument("ticket")
@click.option("--why", required=True, help="Who asked for it, and where that is written.")
def hold(ticket: str, why: str) -> None:
    """Keep everything of ticket number TICKET until it is released."""
    with app.sessions.begin() as db:
        holds.hold(db, _ticket(db, ticket), why, datetime.now(UTC))
    click.echo(f"Ticket {ticket} is held.")


@keeping.command("release")
@click.argument("ticket")
def release(ticket: str) -> None:
    """Let ticket number TICKET go its way again."""
    with app.sessions.begin() as db:
        holds.release(db, _ticket(db, ticket), datetime.now(UTC))
    click.echo(f"Ticket {ticket} is not held.")


@keeping.command("show")
@click.argument("number")
def show(number: str) -> None:
    """Everything we hold about NUMBER, as JSON."""
    try:
        with app.sessions.begin() as db:
            found = person.show(db, _e164(number), None, datetime.now(UTC))
    except person.Unknown:
        raise click.ClickException("Nothing is held about this number.") from None
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@keeping.command("erase")
@click.argument("number")
def erase(number: str) -> None:
    """Erase everything we hold about NUMBER, here and at the carrier, and print the certificate."""
    now = datetime.now(UTC)
    try:
        with app.sessions.begin() as db:
            erased = person.erase(db, app.audio, _e164(number), None, now)
    except person.Unknown:
        raise click.ClickException("Nothing is held about this number.") from None
    except person.Kept as kept:
        raise click.ClickException(f"Open or held, so nothing was erased: ticket {', '.join(kept.numbers)}.") from None
    gone = forget.ask_the_carrier(app, now)
    told = {"at": now.isoformat(), "erased": erased._asdict() | {"at_the_carrier": gone}}
    click.echo(json.dumps(told | _proof(), indent=2))


def _proof() -> dict[str, object]:
    """The audit's last line, which has it, and what proves that line: see ``flask audit verify``."""
    with app.sessions.read() as db:
        verdict = chain.verify(db)
    return {"audit": {"line": verdict.last, "hash": verdict.hash}}


def _e164(typed: str) -> str:
    if e164 := caller_id(typed, app.home()):
        return e164
    raise click.BadParameter("this is no telephone number; write it like +8613800000001")


def _ticket(db: Session, number: str) -> Ticket:
    last = db.scalar(select(func.max(Ticket.id))) or 0
    ticket = db.get(Ticket, max(ids_of(number, last), default=0))
    if ticket is None:
        raise click.ClickException(f"There is no ticket {number}.")
    return ticket
