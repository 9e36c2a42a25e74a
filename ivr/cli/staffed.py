"""A played shift at the hotline's side: volunteers on the roster, and what its worker would do meanwhile."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import click
from sqlalchemy import select

from ivr.app import App
from ivr.phone.shift import Telephone
from ivr.store.answering import people, presence, roster
from ivr.store.answering.presence import Presence
from ivr.store.models import LinePerson, Outgoing, Staff
from ivr.store.outgoing import kept
from ivr.store.people import staff
from routing.roster.selection import WRAP_UP
from routing.roster.shift import Span

LASTS = timedelta(days=1)  # however slowly it is played


@contextmanager
def on_shift(app: App, telephones: Sequence[Telephone]) -> Iterator[list[int]]:
    """Volunteers who are on the line with these telephones, by their ids; after the block they are gone again.

    Raises ``ClickException`` when somebody else is on: real people are not to be rung for a game.
    """
    now, name = datetime.now(UTC), f"shift {secrets.token_hex(4)}"
    with app.sessions.begin() as db:
        if others := roster.on(db, now):
            who = db.get_one(Staff, others[0].person).name
            raise click.ClickException(f"{who} is on the line now. Play a shift on a database of its own.")
        ids = []
        for n, each in enumerate(telephones):
            person = staff.add(db, name=f"{name} {n:02}", role="volunteer", password=None, now=now)
            people.set_phone(db, person, each.number, now, proved=True)
            roster.change(db, person, Span(now, now + LASTS), on=True, by=None, now=now)
            ids.append(person.id)
    try:
        yield ids
    finally:
        with app.sessions.begin() as db:
            now = datetime.now(UTC)
            for person in db.scalars(select(Staff).where(Staff.id.in_(ids))):
                roster.leave(db, person, now)
                staff.disable(db, person, now)


@dataclass(frozen=True, slots=True)
class Rounds:
    """What is done again and again while a shift is played *speed* times as fast as it is."""

    app: App
    volunteers: Sequence[int]
    speed: float

    def __call__(self) -> bool:
        """Kept places are called, as the worker would; whoever has written down what a call came to says so.

        True: somebody whose place was kept is still to be called.
        """
        from ivr.jobs.call_kept import call_kept  # the jobs are loaded by whoever does them
        from ivr.jobs.place_call import place_call

        now = datetime.now(UTC)
        self._ready(now)
        call_kept(self.app)
        with self.app.sessions.read() as db:
            going_on = db.scalars(select(Outgoing).where(Outgoing.ended_at.is_(None))).all()
            left = bool(going_on) or kept.any_places(db, now)
        for each in going_on:
            if each.state == "waiting":
                place_call(self.app, each.id)
        return left

    def _ready(self, now: datetime) -> None:
        """Wrap-up is as short as the shift is fast. Who missed too many has a pause as long as ever."""
        written = now - WRAP_UP / self.speed
        over = (LinePerson.wrap_until > now, LinePerson.idle_since < written, LinePerson.staff_id.in_(self.volunteers))
        with self.app.sessions.read() as db:
            ids = list(db.scalars(select(LinePerson.staff_id).where(*over)))
        for each in ids:  # one transaction each, as each of them would say it
            with self.app.sessions.begin() as db:
                presence.say(db, db.get_one(Staff, each), Presence.READY, now)
