"""Where each kind of setting lives, when it has a place besides its changes: how it is read there, and written."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.facts.line import Setting


@dataclass(frozen=True, slots=True)
class Home:
    """``read`` and ``write`` take the key; what is written to None becomes as the hotline comes."""

    read: Callable[[Session, str], Setting | None]
    write: Callable[[Session, str, Setting | None], None]


def _hours(db: Session, _key: str) -> Setting:
    return line.Hours(dict(hotline.settings(db).hours))


def _set_hours(db: Session, _key: str, hours: Setting | None) -> None:
    hotline.settings(db).hours = hours.kept if isinstance(hours, line.Hours) else {}


HOMES: dict[type[Setting], Home] = {line.Hours: Home(_hours, _set_hours)}
