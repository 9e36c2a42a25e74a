"""``flask shifts``: who is on the line, at which telephone, and whose rings first."""

from datetime import UTC, date, datetime
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.cli.group import Group
from ivr.store import hotline
from ivr.store.answering import people, roster
from ivr.store.models import LinePerson, RotationPerson, RotationRow, Staff
from ivr.store.people import staff
from routing.phone_numbers import dictated
from routing.roster.selection import Order
from routing.roster.shift import Span

CLOCK = click.DateTime(["%H:%M"])
MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("shifts", cls=Group, invoke_without_command=True)
@with_appcontext
def shifts() -> None:
    """Who answers; alone: who is on the line now, and whether their telephones can ring."""
    if click.get_current_context().invoked_subcommand:
        return
    with app.sessions.read() as db:
        on = {shift.person for shift in roster.on(db, datetime.now(UTC))}
        for row in people.on_the_line(db):
            click.echo(f"{row.staff.name}: {'on' if row.staff_id in on else 'off'}, {_telephone(row)}")
    if not on:
        click.echo("Nobody is on: the duty number is rung, if there is one (flask duty).")


@shifts.command("phone")
@click.argument("name")
@click.argument("number")
@click.option("--proved", is_flag=True, help="You rang it, and they answered: without that it is not rung.")
def phone(name: str, number: str, proved: bool) -> None:
    """Ring NUMBER for NAME."""
    e164 = dictated(number, app.home())
    if e164 is None:
        raise click.BadParameter(f"{number} is no telephone number; write it like +8613900000001", param_hint="NUMBER")
    with app.sessions.begin() as db:
        row = people.set_phone(db, _named(db, name), e164, datetime.now(UTC), proved=proved)
        told = f"{row.staff.name}: {_telephone(row)}"
    click.echo(told)


@shifts.command("counsels")
@click.argument("name")
@click.option("--no", "off", is_flag=True, help="Not any more.")
def counsels(name: str, off: bool) -> None:
    """NAME is trained in counselling: rung first for callers in despair."""
    with app.sessions.begin() as db:
        people.set_counsels(db, _named(db, name), not off, datetime.now(UTC))
    click.echo(f"{name} is rung {'like everybody else' if off else 'first for callers in despair'}.")


@shifts.command("add")
@click.argument("name")
@click.argument("starts", type=MOMENT)
@click.argument("ends", type=MOMENT)
def add(name: str, starts: datetime, ends: datetime) -> None:
    """Put NAME on the line from STARTS to ENDS ('2026-03-02 08:00'), whatever the rotations say."""
    _change(name, starts, ends, on=True)


@shifts.command("off")
@click.argument("name")
@click.argument("starts", type=MOMENT)
@click.argument("ends", type=MOMENT)
def off(name: str, starts: datetime, ends: datetime) -> None:
    """Take NAME off the line from STARTS to ENDS ('2026-03-02 08:00'), whatever the rotations say."""
    _change(name, starts, ends, on=False)


def _change(name: str, starts: datetime, ends: datetime, *, on: bool) -> None:
    zone = app.settings.zone
    span = Span(starts.replace(tzinfo=zone).astimezone(UTC), ends.replace(tzinfo=zone).astimezone(UTC))
    with app.sessions.begin() as db:
        try:
            roster.change(db, _named(db, name), span, on=on, by=None, now=datetime.now(UTC))
        except ValueError as error:
            raise click.ClickException(f"{error}.") from None
    click.echo(f"{name} is {'on' if on else 'off'} from {starts:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}.")


@shifts.command("rotation")
@click.argument("title")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--from", "opens", type=CLOCK, required=True, metavar="HH:MM")
@click.option("--to", "closes", type=CLOCK, required=True, metavar="HH:MM", help="The same time: a whole day.")
@click.option("--first", type=DAY, metavar="YYYY-MM-DD", help="The first NAME is on that day. Default: today.")
@click.option("--turn-days", type=click.IntRange(1, 366), default=1, show_default=True, help="Days a NAME is on.")
@click.option("--weekdays", default="", metavar="1234567", help="On these days of the week, Monday is 1. Default: all.")
def rotation(
    title: str,
    names: tuple[str, ...],
    opens: datetime,
    closes: datetime,
    first: datetime | None,
    turn_days: int,
    weekdays: str,
) -> None:
    """Add a rotation: the NAMEs take turns."""
    if set(weekdays) - set("1234567"):
        raise click.BadParameter("write the days like 12345", param_hint="--weekdays")
    now = datetime.now(UTC)
    row: dict[str, Any] = {
        "name": title,
        "opens": f"{opens:%H:%M}",
        "closes": f"{closes:%H:%M}",
        "first": first.date() if first else _today(),
        "zone": app.settings.hotline_time_zone,
        "weekdays": sorted(int(day) - 1 for day in weekdays),
        "turn_days": turn_days,
        "languages": [],
        "needs": [],
        "areas": [],
    }
    with app.sessions.begin() as db:
        people_in_turn = [RotationPerson(place=n, staff_id=_named(db, name).id) for n, name in enumerate(names)]
        db.add(RotationRow(**row, made_at=now, people=people_in_turn))
    click.echo(f"{title}: {', '.join(names)}, {opens:%H:%M} to {closes:%H:%M}.")


@shifts.command("ring")
@click.option("--order", type=click.Choice([order.value for order in Order]), help="Whose telephone rings first.")
@click.option(
    "--all-callers/--who-asks",
    default=None,
    help="Ring for every caller before the beep, or for who asks for a person.",
)
def ring(order: str | None, all_callers: bool | None) -> None:
    """Whose telephone rings first, and for whom; alone: how it is."""
    with app.sessions.begin() as db:
        row = hotline.settings(db)
        row.ring_order = order or row.ring_order
        row.ring_all_callers = row.ring_all_callers if all_callers is None else all_callers
        told = row.ring_order.replace("_", " "), "every caller" if row.ring_all_callers else "who asks for a person"
    click.echo(f"Rings {told[0]}, for {told[1]}.")


def _named(db: Session, name: str) -> Staff:
    try:
        return staff.named(db, name)
    except ValueError as error:
        raise click.BadParameter(f"{error}", param_hint="NAME") from None


def _telephone(row: LinePerson) -> str:
    if row.phone is None:
        return "without a telephone"
    return f"{row.phone.e164}{'' if row.proved_at else ', not proved to ring: flask shifts phone NAME NUMBER --proved'}"


def _today() -> date:
    return datetime.now(app.settings.zone).date()
