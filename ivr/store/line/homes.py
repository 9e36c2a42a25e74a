"""Where each kind of setting lives, when it has a place besides its changes, and who may change it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.access import rules
from ivr.store.directory import importing
from ivr.store.facts import line
from ivr.store.facts.line import Setting
from ivr.store.models import CommunityRow, Phone, Staff
from ivr.store.people import staff as people
from routing.directory import Community


def _runs_line(staff: Staff, _key: str, *_settings: Setting | None) -> str | None:
    return None if rules.may(staff, "run_line") else "run_line"


@dataclass(frozen=True, slots=True)
class Home:
    """``read`` and ``write`` take the key; what is written to None becomes as the hotline comes.

    ``refused`` takes who wants to change it, the key, what it is and what it shall be: which permission they lack.
    """

    read: Callable[[Session, str], Setting | None]
    write: Callable[[Session, str, Setting | None, datetime], None]
    refused: Callable[[Staff, str, Setting | None, Setting | None], str | None] = _runs_line


def refused(staff: Staff, kind: type[Setting], key: str, before: Setting | None, after: Setting | None) -> str | None:
    """The permission that *staff* lacks to change it so; None: they may."""
    home = HOMES.get(kind)
    return home.refused(staff, key, before, after) if home else _runs_line(staff, key)


def _hours(db: Session, _key: str) -> Setting:
    return line.Hours(dict(hotline.settings(db).hours))


def _set_hours(db: Session, _key: str, hours: Setting | None, _now: datetime) -> None:
    hotline.settings(db).hours = hours.kept if isinstance(hours, line.Hours) else {}


def _duty(db: Session, _key: str) -> Setting | None:
    row = hotline.settings(db)
    return line.Duty(row.duty_phone.id, row.duty_phone.tail, dict(row.duty_hours)) if row.duty_phone else None


def _set_duty(db: Session, _key: str, duty: Setting | None, _now: datetime) -> None:
    """A number that was erased meanwhile rings nobody."""
    row = hotline.settings(db)
    row.duty_phone = db.get(Phone, duty.phone) if isinstance(duty, line.Duty) else None
    row.duty_hours = duty.kept if isinstance(duty, line.Duty) else {}


def _person(db: Session, key: str) -> Setting | None:
    person = db.get(Staff, int(key))
    if person is None:
        return None
    return line.Person(person.name, person.role, person.community_codes, person.disabled_at is not None)


def _set_person(db: Session, key: str, wanted: Setting | None, now: datetime) -> None:
    person = db.get_one(Staff, int(key))
    if not isinstance(wanted, line.Person) or wanted.stopped:
        people.disable(db, person, now)
        return
    person.disabled_at = None
    people.set_role(db, person, wanted.role, wanted.communities)


def _manages(staff: Staff, key: str, *settings: Setting | None) -> str | None:
    """Nobody changes what they may do themselves: so somebody is always left who can."""
    roles = {setting.role for setting in settings if isinstance(setting, line.Person)}
    if key == str(staff.id) or not all(rules.may_manage(staff, role) for role in roles):
        return "manage_everybody"
    return None


def _place(db: Session, key: str) -> Setting | None:
    row = db.get(CommunityRow, key)
    if row is None:
        return None
    aliases = sorted(alias.name for alias in row.aliases)
    numbers = (row.phone, row.keypad, row.dialled)
    return line.Place(row.name, row.street, row.district, aliases, *numbers, row.retired_at is not None)


def _set_place(db: Session, key: str, wanted: Setting | None, now: datetime) -> None:
    """What was not there before is retired: old tickets may speak of it."""
    place = wanted if isinstance(wanted, line.Place) else _place(db, key)
    if isinstance(place, line.Place):
        numbers = (place.phone, place.keypad, place.dialled)
        one = Community(key, place.name, place.street, place.district, "", "", tuple(place.aliases), *numbers)
        importing.rewrite(db, one, now, retired=wanted is None or place.retired)


HOMES: dict[type[Setting], Home] = {
    line.Hours: Home(_hours, _set_hours),
    line.Duty: Home(_duty, _set_duty),
    line.Place: Home(_place, _set_place),
    line.Person: Home(_person, _set_person, _manages),
}
