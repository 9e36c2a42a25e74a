"""``flask duty``, ``flask hours``, ``flask claims``: who answers, when somebody calls back, how long a claim lasts."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.cli.group import Group
from ivr.store import hotline
from ivr.store.callers import phones
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Hotline
from routing.phone_numbers import dictated, refusal

CLOCK = click.DateTime(["%H:%M"])

MINUTES = click.IntRange(1, 7 * 24 * 60)


@click.group("duty", cls=Group, invoke_without_command=True)
@with_appcontext
def duty() -> None:
    """The number that is rung when a caller asks for a person; alone: which one that is."""
    if click.get_current_context().invoked_subcommand:
        return
    with app.sessions.read() as db:
        row = hotline.settings(db)
        kept, number = row.duty_hours, row.duty_phone
    click.echo(f"{number.e164} is rung {_spoken(kept)}." if number else "Nobody is rung.")


@click.group("hours", cls=Group, invoke_without_command=True)
@with_appcontext
def hours() -> None:
    """When callers are promised a call back; alone: when that is."""
    if click.get_current_context().invoked_subcommand:
        return
    with app.sessions.read() as db:
        kept = hotline.settings(db).hours
    first = " These are the first hours, nobody has set them: flask hours set OPENS CLOSES."
    click.echo(f"Somebody calls back {_spoken(kept)}.{first if hotline.DEFAULT in kept else ''}")


@click.group("claims", cls=Group, invoke_without_command=True)
@with_appcontext
def claims() -> None:
    """How long a ticket stays with somebody who does not get on with it; alone: how long that is."""
    if click.get_current_context().invoked_subcommand:
        return
    with app.sessions.read() as db:
        row = hotline.settings(db)
        click.echo(_lapses(row))


@duty.command("set")
@click.argument("number")
@click.option("--from", "opens", type=CLOCK, metavar="HH:MM", help="Ring it from this time of day on …")
@click.option("--to", "closes", type=CLOCK, metavar="HH:MM", help="… until this one. Default: always.")
def set_duty(number: str, opens: datetime | None, closes: datetime | None) -> None:
    """Ring NUMBER when a caller asks for a person."""
    e164 = dictated(number, app.home())
    if e164 is None:
        raise click.BadParameter(_refused(number), param_hint="NUMBER")
    kept = _kept(opens, closes)
    with app.sessions.begin() as db:
        phone = phones.keep(db, e164)
        changes.make(db, None, About(line.Duty), line.Duty(phone.id, phone.tail, dict(kept)), datetime.now(UTC))
    click.echo(f"{e164} is rung {_spoken(kept)}.")


@duty.command("off")
def duty_off() -> None:
    """Ring nobody: a caller who asks for a person leaves a message and is called back."""
    with app.sessions.begin() as db:
        changes.make(db, None, About(line.Duty), None, datetime.now(UTC))
    click.echo("Nobody is rung.")


@hours.command("set")
@click.argument("opens", type=CLOCK, metavar="OPENS")
@click.argument("closes", type=CLOCK, metavar="CLOSES")
def set_hours(opens: datetime, closes: datetime) -> None:
    """Promise call backs between OPENS and CLOSES, in the hotline's time zone; 22:00 06:00 is a night."""
    kept = _kept(opens, closes)
    with app.sessions.begin() as db:
        _decide(db, kept)
    click.echo(f"Somebody calls back {_spoken(kept)}.")


@hours.command("always")
def always() -> None:
    """Promise call backs day and night."""
    with app.sessions.begin() as db:
        _decide(db, {})
    click.echo(f"Somebody calls back {_spoken({})}.")


@claims.command("lapse")
@click.argument("minutes", type=MINUTES)
@click.option("--urgent", type=MINUTES, metavar="MINUTES", help="For urgent tickets. Default: as it was, or sooner.")
def lapse_after(minutes: int, urgent: int | None) -> None:
    """Offer a claimed ticket to everybody again after MINUTES in which nothing happened."""
    with app.sessions.begin() as db:
        row = hotline.settings(db)
        row.claim_lapses_min = minutes
        row.claim_lapses_urgent_min = urgent or min(minutes, row.claim_lapses_urgent_min)
        told = _lapses(row)
    click.echo(told)


def _decide(db: Session, kept: dict[str, str]) -> None:
    changes.make(db, None, About(line.Hours), line.Hours(kept), datetime.now(UTC))


def _lapses(row: Hotline) -> str:
    normal, urgent = row.claim_lapses_min, row.claim_lapses_urgent_min
    return f"A claim lapses after {normal} minutes without progress, an urgent one after {urgent}."


def _refused(number: str) -> str:
    """Why it cannot be rung, and how to write it."""
    why = refusal(number, app.home())
    digits = f"{why.digits} digit(s)" if why and why.digits else "digits"
    reasons = {
        "service": "this is a public service's number, which cannot be rung from here",
        "short": f"{digits} are missing",
        "long": f"{digits} too many",
        "area": "the area code is missing (HOTLINE_AREA_CODE says which, if it is always the same)",
        "unknown": "there is no such number",
    }
    return f"{reasons.get(why.kind if why else '', 'this is no telephone number')}; write it like +8657455500100"


def _kept(opens: datetime | None, closes: datetime | None) -> dict[str, str]:
    if opens is None and closes is None:
        return {}
    if opens is None or closes is None:
        raise click.UsageError("--from and --to belong together.")
    if opens == closes:
        raise click.UsageError("These times are the same: nobody would ever be there.")
    return {"from": f"{opens:%H:%M}", "to": f"{closes:%H:%M}"}


def _spoken(kept: dict[str, str]) -> str:
    return hotline.spoken(kept, app.settings.hotline_time_zone)
