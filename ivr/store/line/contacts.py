"""Who is rung for a community's callers: read, and changed by a list."""

import time
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.callers import phones
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Phone, Staff
from ivr.store.session import Sessions
from routing.directory.contacts import Contact, Contacts

PORTION = 20  # contacts written at once: some 50 ms in which a call waits
PAUSE_S = 0.01


class OnDuty(NamedTuple):
    """A community's contact with the row of their number."""

    contact: Contact
    phone: Phone


def of(db: Session, code: str | None) -> OnDuty | None:
    """Who is rung for the callers of this community; None: nobody of its own."""
    decided = changes.now_in_force(db, About(line.PlaceDuty, code)) if code else None
    if not isinstance(decided, line.PlaceDuty) or (phone := db.get(Phone, decided.phone)) is None:
        return None
    return OnDuty(Contact(decided.name, phone.e164, decided.kept), phone)


def in_force(db: Session) -> Mapping[str, Contact]:
    """The contacts of all communities, by code."""
    decided = changes.decided(db).of(line.PlaceDuty)
    rows = select(Phone).where(Phone.id.in_({each.phone for each in decided.values()}))
    numbers = {row.id: row.e164 for row in db.scalars(rows)}
    return {
        code: Contact(each.name, numbers[each.phone], each.kept)
        for code, each in decided.items()
        if each.phone in numbers
    }


def plan(db: Session, listed: Contacts, *, replace: bool) -> dict[str, Contact | None]:
    """The contacts that the list changes. Where it names nobody, they stay; with *replace*, they go."""
    known = in_force(db)
    return {
        code: contact
        for code, contact in listed.items()
        if contact != known.get(code) and (contact is not None or replace)
    }


def carry_out(sessions: Sessions, staff: Staff | None, planned: Contacts, now: datetime) -> None:
    """Write them in portions, each change one that can be put back; ``staff`` None: a command of the machine's."""
    left = iter(planned.items())
    while portion := list(islice(left, PORTION)):
        with sessions.begin() as db:
            for code, contact in portion:
                changes.make(db, staff, About(line.PlaceDuty, code), _setting(db, contact), now)
        time.sleep(PAUSE_S)


def _setting(db: Session, contact: Contact | None) -> line.PlaceDuty | None:
    if contact is None:
        return None
    phone = phones.keep(db, contact.number)
    return line.PlaceDuty(contact.name, phone.id, phone.tail, dict(contact.hours))
